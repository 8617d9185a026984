//! The bytes of a connection, in the clear or over TLS: what a link and HTTP read and write.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};
use tokio::net::TcpStream;

use crate::tls::{Channel, is_pending};

/// Bytes that one read takes at most where there is no buffer to read into.
const SOME: usize = 16 * 1024;

/// A connected socket and what stands between it and the plain bytes.
#[derive(Debug)]
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<Secured>),
}

/// A socket that speaks TLS.
#[derive(Debug)]
pub(crate) struct Secured {
    pub(crate) socket: TcpStream,
    pub(crate) channel: Channel,
}

/// What one read brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Helping {
    /// Bytes; none at the end.
    pub(crate) count: usize,
    /// More may be there: others of the thread should have their turn first.
    pub(crate) is_full: bool,
}

impl Stream {
    /// The socket itself.
    pub(crate) fn tcp(&self) -> &TcpStream {
        match self {
            Self::Plain(socket) => socket,
            Self::Tls(secured) => &secured.socket,
        }
    }

    /// Reads what is there into `room`.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        room: &mut [u8],
    ) -> Poll<io::Result<Helping>> {
        match self {
            Self::Plain(socket) => {
                let mut room = ReadBuf::new(room);
                ready!(Pin::new(socket).poll_read(cx, &mut room))?;
                Poll::Ready(Ok(Helping {
                    count: room.filled().len(),
                    is_full: room.remaining() == 0,
                }))
            }
            Self::Tls(secured) => secured.poll_read(cx, room),
        }
    }

    /// Writes what the peer has room for at once. Over TLS all of what was taken may wait still: see
    /// [`Self::is_behind`].
    pub(crate) fn try_write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(socket) => socket.try_write(bytes),
            Self::Tls(secured) => {
                let Secured { socket, channel } = &mut **secured;
                channel.write(bytes, |records| socket.try_write(records))
            }
        }
    }

    /// Writes some of `bytes`, or, over TLS, some of what waits before them: then none are taken, but
    /// the peer got on.
    pub(crate) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self {
            Self::Plain(socket) => Pin::new(socket).poll_write(cx, bytes),
            Self::Tls(secured) => secured.poll_write(cx, bytes),
        }
    }

    /// Whether something that was taken is not written yet.
    pub(crate) fn is_behind(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Tls(secured) => secured.channel.is_behind(),
        }
    }

    /// Sends FIN and nothing before it, over TLS either: the peer sees a connection that broke off.
    pub(crate) fn end(&self) -> io::Result<()> {
        socket2::SockRef::from(self.tcp()).shutdown(std::net::Shutdown::Write)
    }

    /// Makes the end of the socket a reset.
    pub(crate) fn reset_when_dropped(&self) -> io::Result<()> {
        socket2::SockRef::from(self.tcp()).set_linger(Some(std::time::Duration::ZERO))
    }

    /// Writes all of `bytes`.
    pub(crate) async fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut written = 0;
        while written < bytes.len() || self.is_behind() {
            let rest = bytes.get(written..).unwrap_or_default();
            written += poll_fn(|cx| self.poll_write(cx, rest)).await?;
        }
        Ok(())
    }

    /// Reads what comes next and adds it to `received`; the number is 0 at the end.
    pub(crate) async fn read_some(&mut self, received: &mut Vec<u8>) -> io::Result<usize> {
        let start = received.len();
        received.resize(start + SOME, 0);
        let result = poll_fn(|cx| self.poll_read(cx, &mut received[start..])).await;
        let count = result.as_ref().map_or(0, |helping| helping.count);
        received.truncate(start + count);
        result.map(|_| count)
    }

    /// Sends FIN, over TLS behind its own word for it: the peer sees the end of what we say and can
    /// still be read.
    pub(crate) fn shut_down_writes(&mut self) -> io::Result<()> {
        if let Self::Tls(secured) = self {
            let Secured { socket, channel } = &mut **secured;
            channel.end(|records| socket.try_write(records));
        }
        socket2::SockRef::from(self.tcp()).shutdown(std::net::Shutdown::Write)
    }
}

impl Secured {
    fn poll_read(&mut self, cx: &mut Context<'_>, room: &mut [u8]) -> Poll<io::Result<Helping>> {
        let Self { socket, channel } = self;
        let result = channel.read(room, |space| {
            let mut space = ReadBuf::new(space);
            match Pin::new(&mut *socket).poll_read(cx, &mut space) {
                Poll::Ready(result) => result.map(|()| space.filled().len()),
                Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
            }
        });
        if channel.is_behind() {
            // An alert, or new keys. What finds no room now is written later.
            let _ = channel.flush(|records| socket.try_write(records));
        }
        as_poll(result)
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let Self { socket, channel } = self;
        let write = |records: &[u8]| match Pin::new(&mut *socket).poll_write(cx, records) {
            Poll::Ready(result) => result,
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
        };
        as_poll(if channel.is_behind() {
            channel.flush(write).map(|_| 0)
        } else {
            channel.write(bytes, write)
        })
    }
}

fn as_poll<T>(result: io::Result<T>) -> Poll<io::Result<T>> {
    match result {
        Err(error) if is_pending(&error) => Poll::Pending,
        result => Poll::Ready(result),
    }
}
