//! Plain bytes to a socket's bytes and back: records that are not whole, answers that found no room,
//! and what the peer's window had no room for are kept here, and nothing else.

use std::cell::RefCell;
use std::io;

use tokio::net::TcpStream;

use super::session::Session;
use crate::limits::{TLS_BUFFER, TLS_READ, TLS_SEAL};
use crate::stream::Helping;

/// The state of TLS on a socket. Its methods are given the way to read or write that socket; both say
/// [`io::ErrorKind::WouldBlock`] when it is not ready.
#[derive(Debug)]
pub(crate) struct Channel {
    session: Session,
    /// The start of a record or of a message of the handshake.
    records: Vec<u8>,
    /// Plain bytes that found no room, and how many of them are taken.
    plain: Vec<u8>,
    taken: usize,
    /// Records that are not written yet, and how many of their bytes are.
    unsent: Vec<u8>,
    written: usize,
    /// The peer says no more.
    has_ended: bool,
    /// A record was wrong: nothing can be said any more.
    is_broken: bool,
}

thread_local! {
    /// Where records are between socket and plain bytes, of one connection at a time.
    static BUFFER: RefCell<Box<[u8]>> = RefCell::new(vec![0; TLS_BUFFER].into_boxed_slice());
}

impl Channel {
    pub(super) fn new(session: Session) -> Self {
        Self {
            session,
            records: Vec::new(),
            plain: Vec::new(),
            taken: 0,
            unsent: Vec::new(),
            written: 0,
            has_ended: false,
            is_broken: false,
        }
    }

    /// Whether plain bytes can be had without the socket.
    pub(crate) fn has_plain(&self) -> bool {
        !self.plain.is_empty() || self.has_ended
    }

    /// Whether records wait to be written.
    pub(crate) fn is_behind(&self) -> bool {
        !self.unsent.is_empty()
    }

    /// Shakes hands with the peer of `socket`. Errors: the socket's, or those of [`broken`].
    pub(super) async fn handshake(&mut self, socket: &TcpStream) -> io::Result<()> {
        // A client speaks first.
        self.open(&mut [], &mut [])?;
        loop {
            while self.is_behind() {
                match self.flush(|bytes| socket.try_write(bytes)) {
                    Err(error) if is_pending(&error) => socket.writable().await?,
                    done => drop(done?),
                }
            }
            if !self.session.is_handshaking() {
                return Ok(());
            }
            match self.fetch(&mut [], |space| socket.try_read(space)) {
                Err(error) if is_pending(&error) => socket.readable().await?,
                Err(error) => {
                    // The alert says why; nobody has to listen.
                    let _ = self.flush(|bytes| socket.try_write(bytes));
                    return Err(error);
                }
                Ok(_) if self.has_ended => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) => {}
            }
        }
    }

    /// Reads plain bytes into `room`; none at the end.
    pub(crate) fn read(
        &mut self,
        room: &mut [u8],
        mut read: impl FnMut(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<Helping> {
        loop {
            if !self.plain.is_empty() {
                return Ok(self.take_plain(room));
            }
            if self.has_ended {
                return Ok(Helping::default());
            }
            // What was found may be of interest to TLS alone.
            let helping = self.fetch(room, &mut read)?;
            if helping.count > 0 {
                return Ok(helping);
            }
        }
    }

    fn take_plain(&mut self, room: &mut [u8]) -> Helping {
        let rest = &self.plain[self.taken..];
        let count = rest.len().min(room.len());
        room[..count].copy_from_slice(&rest[..count]);
        self.taken += count;
        let is_full = self.taken < self.plain.len();
        if !is_full {
            (self.plain, self.taken) = (Vec::new(), 0);
        }
        Helping { count, is_full }
    }

    /// Reads the socket once.
    fn fetch(
        &mut self,
        room: &mut [u8],
        mut read: impl FnMut(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<Helping> {
        BUFFER.with_borrow_mut(|buffer| {
            let start = self.records.len();
            let end = start + TLS_READ;
            let got = read(&mut buffer[start..end])?;
            // Without an end that TLS knows of, too: a message that is cut short shows by itself.
            self.has_ended = got == 0;
            buffer[..start].copy_from_slice(&self.records);
            let count = self.open(&mut buffer[..start + got], room)?;
            let is_full = got == TLS_READ || !self.plain.is_empty();
            Ok(Helping { count, is_full })
        })
    }

    /// Opens `records` and keeps what is not whole; gives the number of plain bytes in `room`.
    fn open(&mut self, records: &mut [u8], room: &mut [u8]) -> io::Result<usize> {
        let (mut count, more) = (0, &mut self.plain);
        let mut plain = |bytes: &[u8]| {
            let fits = bytes.len().min(room.len() - count);
            room[count..count + fits].copy_from_slice(&bytes[..fits]);
            count += fits;
            more.extend_from_slice(&bytes[fits..]);
        };
        let opened = self.session.open(records, &mut plain, &mut self.unsent);
        self.is_broken |= opened.is_err();
        let opened = opened.map_err(broken)?;
        let rest = &records[opened.used..];
        if opened.has_ended || rest.is_empty() {
            self.has_ended |= opened.has_ended;
            self.records = Vec::new();
        } else if rest.len() > TLS_BUFFER - TLS_READ {
            return Err(broken(rustls::Error::PeerSentOversizedRecord));
        } else {
            self.records.clear();
            self.records.extend_from_slice(rest);
        }
        Ok(count)
    }

    /// Takes as many of `bytes` as one write may have, and gives their number. Their records may wait
    /// behind it ([`Self::is_behind`]); while older ones do, nothing is taken.
    pub(crate) fn write(
        &mut self,
        bytes: &[u8],
        mut write: impl FnMut(&[u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        while self.is_behind() {
            self.flush(&mut write)?;
        }
        let part = &bytes[..bytes.len().min(TLS_SEAL)];
        if !part.is_empty() {
            self.say(write, |session, records, out| {
                session.seal(records, part, out)
            })?;
        }
        Ok(part.len())
    }

    /// Says that we say no more, if there is room for it now.
    pub(crate) fn end(&mut self, write: impl FnMut(&[u8]) -> io::Result<usize>) {
        if !self.is_behind() {
            // The socket is closed next, whether the peer takes this or not.
            let _ = self.say(write, Session::seal_end);
        }
    }

    /// Writes the records that `seal` makes; keeps what finds no room.
    fn say(
        &mut self,
        mut write: impl FnMut(&[u8]) -> io::Result<usize>,
        seal: impl FnOnce(&mut Session, &mut [u8], &mut [u8]) -> Result<usize, rustls::Error>,
    ) -> io::Result<()> {
        if self.is_broken {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        BUFFER.with_borrow_mut(|buffer| {
            let count = seal(&mut self.session, &mut self.records, buffer).map_err(broken)?;
            let mut rest = &buffer[..count];
            while !rest.is_empty() {
                match write(rest) {
                    Ok(count) => rest = &rest[count..],
                    Err(error) if is_pending(&error) => break,
                    Err(error) => return Err(error),
                }
            }
            self.unsent.extend_from_slice(rest);
            Ok(())
        })
    }

    /// Writes records that wait, once; gives the number of their bytes that got on.
    pub(crate) fn flush(
        &mut self,
        mut write: impl FnMut(&[u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let count = write(&self.unsent[self.written..])?;
        self.written += count;
        if self.written >= self.unsent.len() {
            (self.unsent, self.written) = (Vec::new(), 0);
        }
        Ok(count)
    }
}

/// Whether the socket is merely not ready.
pub(crate) fn is_pending(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

/// What rustls found wrong, as an error of the socket.
fn broken(error: rustls::Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
