//! A TCP socket lent to hyper: the requests and responses pass through here until the upgrade.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep, timeout};

use crate::buffers;
use crate::limits::{LINGER_BYTES, LINGER_TIME};

/// What one read for hyper takes at most, in bytes: most heads fit.
const READ: usize = 4 * 1024;

/// A socket that hyper reads and writes, while its owner can still reach it: to answer 408 when
/// hyper gives up, and to take it over after the upgrade.
#[derive(Debug)]
pub(crate) struct LentSocket {
    pub(crate) socket: Arc<TcpStream>,
    write_timeout: Duration,
    /// When a write that waits has waited too long.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl LentSocket {
    /// Lends `socket`; a write that makes no progress for `write_timeout` fails.
    pub(crate) fn new(socket: Arc<TcpStream>, write_timeout: Duration) -> Self {
        Self {
            socket,
            write_timeout,
            stalled: None,
        }
    }

    /// Waits for room, but not for ever: hyper itself would, and keep the socket's permit.
    fn poll_stalled(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let limit = self.write_timeout;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(limit)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl Read for LentSocket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut bytes = [0; READ];
        let most = buffer.remaining().min(READ);
        loop {
            ready!(self.socket.poll_read_ready(cx))?;
            match self.socket.try_read(&mut bytes[..most]) {
                Ok(count) => {
                    buffer.put_slice(&bytes[..count]);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl Write for LentSocket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        loop {
            match self.socket.poll_write_ready(cx)? {
                Poll::Ready(()) => {}
                Poll::Pending => return self.poll_stalled(cx),
            }
            match self.socket.try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                done => {
                    self.stalled = None;
                    return Poll::Ready(done);
                }
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(shut_down_writes(&self.socket))
    }
}

/// Sends FIN: the peer sees the end of what we say and can still be read.
pub(crate) fn shut_down_writes(socket: &TcpStream) -> io::Result<()> {
    socket2::SockRef::from(socket).shutdown(std::net::Shutdown::Write)
}

/// Sends FIN, then throws away what the peer still sends until it closes too: a reset, which answers
/// bytes that nobody reads, would overtake what was said last.
pub(crate) async fn linger(socket: &TcpStream) {
    if shut_down_writes(socket).is_err() {
        return;
    }
    // Closed, failed or out of time: each is the end.
    let _ = timeout(LINGER_TIME, discard(socket)).await;
}

async fn discard(socket: &TcpStream) -> io::Result<()> {
    let mut left = LINGER_BYTES;
    while left > 0 {
        socket.readable().await?;
        match buffers::with(|buffers| socket.try_read(&mut buffers.input)) {
            Ok(0) => return Ok(()),
            Ok(count) => left = left.saturating_sub(count),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
