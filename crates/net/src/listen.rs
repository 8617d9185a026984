//! Addresses to listening sockets.

use std::io;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

use crate::limits::BACKLOG;
use crate::tls::ServerTls;

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

/// A listening socket and what is spoken on its connections.
#[derive(Debug)]
pub struct Port {
    pub(crate) listener: TcpListener,
    pub(crate) tls: Option<ServerTls>,
}

impl Port {
    /// Connections over TLS only. A client that speaks in the clear gets a 400.
    pub fn secure(listener: TcpListener, tls: ServerTls) -> Self {
        let tls = Some(tls);
        Self { listener, tls }
    }
}

/// Connections in the clear.
impl From<TcpListener> for Port {
    fn from(listener: TcpListener) -> Self {
        let tls = None;
        Self { listener, tls }
    }
}
