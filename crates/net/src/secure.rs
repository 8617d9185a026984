//! Accepted sockets to streams over TLS, in bounded time; what is no TLS is told so.

use std::net::SocketAddr;
use std::sync::atomic::Ordering::Relaxed;

use tokio::net::TcpStream;
use tokio::time::timeout;
use tracing::debug;

use crate::App;
use crate::socket::linger;
use crate::stream::Stream;
use crate::thread::Context;
use crate::tls::{Rejected, ServerTls, in_words};

/// What a client that speaks in the clear gets.
const NOT_TLS: &[u8] = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\
content-type: text/plain\r\ncontent-length: 22\r\n\r\nthis port expects TLS\n";

/// Shakes hands with the client. None: the connection came to nothing and is closed.
pub(crate) async fn accept<A: App>(
    tls: &ServerTls,
    socket: TcpStream,
    peer: SocketAddr,
    context: &Context<A>,
) -> Option<Stream> {
    let mut orders = context.orders.clone();
    let handshake = timeout(context.limits.head_deadline, tls.accept(socket));
    let result = tokio::select! {
        biased;
        // Nobody has asked for anything yet.
        _ = orders.wait_for(|orders| orders.draining) => return None,
        result = handshake => result,
    };
    let socket = match result {
        Ok(Ok(stream)) => return Some(stream),
        Err(_) => {
            context.counts.tls_failed.fetch_add(1, Relaxed);
            debug!(%peer, "the handshake of TLS was too slow");
            return None;
        }
        Ok(Err(Rejected::NotTls(socket))) => {
            debug!(%peer, "not TLS");
            // The socket is closed next, whether the peer takes these bytes or not.
            let _ = socket.try_write(NOT_TLS);
            socket
        }
        Ok(Err(Rejected::Broken(socket, error))) => {
            debug!(%peer, error = in_words(&error), "the handshake of TLS failed");
            socket
        }
    };
    context.counts.tls_failed.fetch_add(1, Relaxed);
    linger(&mut Stream::Plain(socket)).await;
    None
}
