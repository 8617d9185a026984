//! The messages of many connections pass through here one by one, each with the instant of its arrival.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::ops::Range;
use std::time::{Duration, Instant};

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use crate::error::LoadError;
use crate::handshake;

/// Bytes that one read takes at most.
const READ_BUFFER_BYTES: usize = 64 * 1024;
/// Ready connections that one wait reports at most.
const EVENTS: usize = 1024;
/// Opcodes of Close and of the other control frames (RFC 6455 section 5.2).
const CLOSE: u8 = 8;
/// Length code of a 16-bit length; the next one is longer than anything that is sent here.
const LENGTH_16: u8 = 126;
/// How long what is waited for may stay away.
pub(crate) const STALL_LIMIT: Duration = Duration::from_secs(10);

/// Open connections, by number.
pub(crate) struct Crowd {
    poll: Poll,
    events: Events,
    members: Vec<Member>,
    buffer: Vec<u8>,
}

struct Member {
    stream: TcpStream,
    /// Bytes of a message that has not come whole.
    pending: Vec<u8>,
}

/// One message.
pub(crate) struct Heard<'a> {
    /// Number of the connection, from 0.
    pub(crate) member: usize,
    /// When it was read.
    pub(crate) at: Instant,
    /// Its payload.
    pub(crate) text: &'a [u8],
}

impl Crowd {
    /// Nobody yet.
    pub(crate) fn new() -> Result<Self, LoadError> {
        Ok(Self {
            poll: Poll::new()?,
            events: Events::with_capacity(EVENTS),
            members: Vec::new(),
            buffer: vec![0; READ_BUFFER_BYTES],
        })
    }

    /// Opens connections, as [`handshake::open`] does; gives their numbers.
    pub(crate) fn join(
        &mut self,
        address: SocketAddr,
        path: Option<&str>,
        count: usize,
    ) -> Result<Range<usize>, LoadError> {
        let first = self.members.len();
        for stream in handshake::open(address, path, count)? {
            stream.set_nonblocking(true)?;
            let mut stream = TcpStream::from_std(stream);
            let token = Token(self.members.len());
            self.poll
                .registry()
                .register(&mut stream, token, Interest::READABLE)?;
            self.members.push(Member {
                stream,
                pending: Vec::new(),
            });
        }
        Ok(first..self.members.len())
    }

    /// Sends one frame. It is short, and few are on the way: the socket takes it whole or something is wrong.
    pub(crate) fn send(&mut self, member: usize, frame: &[u8]) -> Result<(), LoadError> {
        let written = self.members[member].stream.write_all(frame);
        written.map_err(|source| failed(member, source))
    }

    /// Waits once, at most so long, and gives every text message that has come. Control frames are passed over.
    pub(crate) fn listen(
        &mut self,
        wait: Duration,
        mut heard: impl FnMut(Heard<'_>),
    ) -> Result<(), LoadError> {
        match self.poll.poll(&mut self.events, Some(wait)) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error.into()),
            _ => {}
        }
        for event in &self.events {
            let Token(number) = event.token();
            let Some(member) = self.members.get_mut(number) else {
                continue;
            };
            let read = member.read(&mut self.buffer);
            read.map_err(|source| failed(number, source))?;
            let at = Instant::now();
            let taken = member.take(|text| {
                heard(Heard {
                    member: number,
                    at,
                    text,
                });
            });
            taken.map_err(|source| failed(number, source))?;
        }
        Ok(())
    }

    /// Listens until nothing has come for `quiet`.
    pub(crate) fn settle(&mut self, quiet: Duration) -> Result<(), LoadError> {
        let limit = Instant::now() + STALL_LIMIT;
        let mut last = Instant::now();
        while last.elapsed() < quiet && Instant::now() < limit {
            self.listen(quiet, |heard| last = heard.at)?;
        }
        Ok(())
    }
}

impl Member {
    /// Reads until the socket is empty: its readiness is edge-triggered.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        loop {
            match self.stream.read(buffer) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(read) => {
                    self.pending.extend_from_slice(&buffer[..read]);
                    if read < buffer.len() {
                        return Ok(());
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }

    fn take(&mut self, mut text: impl FnMut(&[u8])) -> io::Result<()> {
        let mut begin = 0;
        while let Some((opcode, payload)) = first_frame(&self.pending[begin..]) {
            let (from, to) = (begin + payload.start, begin + payload.end);
            match opcode {
                CLOSE => return Err(io::ErrorKind::UnexpectedEof.into()),
                control if control > CLOSE => {}
                _ => text(&self.pending[from..to]),
            }
            begin = to;
        }
        self.pending.drain(..begin);
        Ok(())
    }
}

/// Opcode and place of the payload of the first frame, if it is there whole: an unmasked frame of at most 65 535 bytes.
pub(crate) fn first_frame(bytes: &[u8]) -> Option<(u8, Range<usize>)> {
    let [first, second, rest @ ..] = bytes else {
        return None;
    };
    let (start, length) = match *second {
        short if short < LENGTH_16 => (2, usize::from(short)),
        _ => {
            let (high, low) = (*rest.first()?, *rest.get(1)?);
            (4, usize::from(u16::from_be_bytes([high, low])))
        }
    };
    let payload = start..start + length;
    (payload.end <= bytes.len()).then_some((first & 0x0f, payload))
}

fn failed(connection: usize, source: io::Error) -> LoadError {
    match source.kind() {
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::ConnectionReset => LoadError::Closed { connection },
        _ => LoadError::Socket { connection, source },
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::frames::server_frame;

    #[test]
    fn a_frame_is_found_when_it_is_whole() {
        for length in [0, 125, 126, 300] {
            let frame = server_frame(&vec![b'x'; length]);
            for cut in 0..frame.len() {
                assert_eq!(first_frame(&frame[..cut]), None, "{cut} of {length}");
            }
            let (opcode, payload) = first_frame(&frame).unwrap();
            assert_eq!((opcode, payload.len()), (1, length));
            assert_eq!(payload.end, frame.len());
        }
    }

    #[test]
    fn messages_are_heard_one_by_one_and_pings_passed_over() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut crowd = Crowd::new().unwrap();
        let address = listener.local_addr().unwrap();
        assert_eq!(crowd.join(address, None, 1).unwrap(), 0..1);
        let (mut peer, _) = listener.accept().unwrap();
        let mut sent = server_frame(b"one");
        sent.extend_from_slice(b"\x89\x01p");
        sent.extend(server_frame(b"two"));
        peer.write_all(&sent).unwrap();
        let mut texts = Vec::new();
        while texts.len() < 2 {
            let heard = |heard: Heard<'_>| texts.push(heard.text.to_vec());
            crowd.listen(Duration::from_secs(5), heard).unwrap();
        }
        assert_eq!(texts, [b"one", b"two"]);
        peer.write_all(b"\x88\x00").unwrap();
        let error = crowd.listen(Duration::from_secs(5), |_| {}).unwrap_err();
        assert_eq!(error.to_string(), "connection 0: closed by the server");
    }
}
