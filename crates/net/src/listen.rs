//! Addresses to listening sockets.

use std::io;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

use crate::limits::BACKLOG;

/// Binds `address` and starts to listen. Port 0 lets the system choose.
///
/// `SO_REUSEADDR` is set, so that a restarted server gets its port back at once. The caller owns
/// the socket and passes it to [`crate::Server::start`].
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    socket.set_reuse_address(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    socket.set_nonblocking(true)?;
    Ok(socket.into())
}
