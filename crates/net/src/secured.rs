//! Bytes of a client over TLS, for those who speak something else than WebSocket with it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::stream::Stream;
use crate::tls::{Rejected, ServerTls, in_words};

/// A connection that has shaken hands. What was written may wait until it is flushed.
#[derive(Debug)]
pub struct SecureStream(Stream);

/// Shakes hands with the client at the other end of `socket`, within `within`. The error says why that
/// came to nothing, in words for a log; the connection is closed then.
pub async fn secure(
    tls: &ServerTls,
    socket: TcpStream,
    within: Duration,
) -> Result<SecureStream, String> {
    match timeout(within, tls.accept(socket)).await {
        Ok(Ok(stream)) => Ok(SecureStream(stream)),
        Ok(Err(Rejected::NotTls(_))) => Err("it does not speak TLS".to_owned()),
        Ok(Err(Rejected::Broken(_, error))) => {
            Err(format!("the handshake of TLS failed: {}", in_words(&error)))
        }
        Err(_) => Err(format!(
            "it did not finish the handshake of TLS in {within:?}"
        )),
    }
}

impl SecureStream {
    fn poll_unsent(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.0.is_behind() {
            ready!(self.0.poll_write(cx, &[]))?;
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for SecureStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = ready!(self.0.poll_read(cx, buffer.initialize_unfilled()))?;
        buffer.advance(read.count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for SecureStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_unsent(cx))?;
        self.0.poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_unsent(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_unsent(cx))?;
        Poll::Ready(self.0.shut_down_writes())
    }
}
