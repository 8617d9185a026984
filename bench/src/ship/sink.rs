//! A shipper's connection passes through here: the upgrade, the frames, the answers to its pings. Nothing is kept.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

use super::frame::{self, Frame, Kind};
use super::tally::{Layout, Tally};

/// Longest head of a request, bytes.
const HEAD_BYTES: usize = 16 * 1024;
/// What is read at once, bytes.
const READ_BYTES: usize = 1 << 20;
/// The text behind the key (RFC 6455 section 1.3).
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A server that counts records, with a thread for each connection. Dropping it closes its port.
pub(super) struct Sink {
    address: SocketAddr,
    tally: Arc<Mutex<Tally>>,
    ended: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

impl Sink {
    /// Listens on this port of loopback; 0 lets the system choose.
    pub(super) fn start(port: u16, layout: Layout) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let address = listener.local_addr()?;
        let (tally, ended) = (Arc::default(), Arc::new(AtomicBool::new(false)));
        let acceptor = {
            let (tally, ended) = (Arc::clone(&tally), Arc::clone(&ended));
            std::thread::spawn(move || accept(&listener, layout, &tally, &ended))
        };
        Ok(Self {
            address,
            tally,
            ended,
            acceptor: Some(acceptor),
        })
    }

    /// The port it listens on.
    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// What it has counted so far.
    pub(super) fn tally(&self) -> MutexGuard<'_, Tally> {
        locked(&self.tally)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // A connection of our own ends the wait for the next one.
        let woken = TcpStream::connect(self.address);
        if let (Ok(_stream), Some(acceptor)) = (woken, self.acceptor.take()) {
            let _joined = acceptor.join();
        }
    }
}

/// A port that nobody had a moment ago.
pub(super) fn free_port() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.local_addr().map(|address| address.port())
}

fn locked(tally: &Mutex<Tally>) -> MutexGuard<'_, Tally> {
    tally.lock().unwrap_or_else(PoisonError::into_inner)
}

fn accept(listener: &TcpListener, layout: Layout, tally: &Arc<Mutex<Tally>>, ended: &AtomicBool) {
    for stream in listener.incoming() {
        if ended.load(Ordering::Relaxed) {
            return;
        }
        let Ok(mut stream) = stream else {
            continue;
        };
        let tally = Arc::clone(tally);
        std::thread::spawn(move || {
            // The connection is closed behind the note, so that whoever sees its end finds it.
            if let Err(error) = serve(&mut stream, layout, &tally) {
                locked(&tally).note(|| format!("a connection: {error}"));
            }
        });
    }
}

/// One connection, to its end.
fn serve(stream: &mut TcpStream, layout: Layout, tally: &Mutex<Tally>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::new();
    let head = read_head(stream, &mut buffer)?;
    stream.write_all(upgrade(&head)?.as_bytes())?;
    let mut message = Vec::new();
    while let Some(frame) = whole(stream, &mut buffer)? {
        let payload = frame.unmask(&mut buffer);
        match frame.kind {
            Kind::Data(true) if message.is_empty() => {
                locked(tally).message(layout, payload);
            }
            Kind::Data(last) => {
                message.extend_from_slice(payload);
                if last {
                    locked(tally).message(layout, &message);
                    message.clear();
                }
            }
            Kind::Ping => stream.write_all(&frame::answer(Kind::Pong, payload))?,
            Kind::Pong => {}
            Kind::Close => return stream.write_all(&frame::answer(Kind::Close, payload)),
        }
        buffer.drain(..frame.end);
    }
    Err(invalid("ended without a Close"))
}

/// Reads until a whole frame is at the front; `None` at the end of the connection.
fn whole(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<Option<Frame>> {
    loop {
        let found = Frame::at(buffer).map_err(invalid)?;
        if let Some(frame) = found
            && frame.end <= buffer.len()
        {
            return Ok(Some(frame));
        }
        if read_more(stream, buffer)? == 0 {
            return Ok(None);
        }
    }
}

fn read_more(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<usize> {
    let had = buffer.len();
    buffer.resize(had + READ_BYTES, 0);
    let read = stream.read(&mut buffer[had..]);
    buffer.truncate(had + read.as_ref().map_or(0, |read| *read));
    read
}

/// The head of the request, taken off the buffer.
fn read_head(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> io::Result<String> {
    while buffer.len() < HEAD_BYTES {
        if read_more(stream, buffer)? == 0 {
            break;
        }
        let end = buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n");
        if let Some(end) = end {
            let head: Vec<u8> = buffer.drain(..end + 4).collect();
            return Ok(String::from_utf8_lossy(&head).into_owned());
        }
    }
    Err(invalid("no whole request"))
}

/// The answer to a request for an upgrade.
fn upgrade(head: &str) -> io::Result<String> {
    let key = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("sec-websocket-key")
            .then(|| value.trim())
    });
    let key = key.ok_or_else(|| invalid("a request without Sec-WebSocket-Key"))?;
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    Ok(format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        STANDARD.encode(digest)
    ))
}

fn invalid(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::super::frame::tests::masked;
    use super::*;

    const REQUEST: &str =
        "GET / HTTP/1.1\r\nHost: x\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    fn opened(sink: &Sink) -> TcpStream {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, sink.port())).unwrap();
        stream.write_all(REQUEST.as_bytes()).unwrap();
        let mut head = vec![0; upgrade(REQUEST).unwrap().len()];
        stream.read_exact(&mut head).unwrap();
        let head = String::from_utf8(head).unwrap();
        assert!(head.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), "{head}");
        stream
    }

    #[test]
    fn messages_are_counted_in_parts_and_whole_and_pings_are_answered_behind_them() {
        let sink = Sink::start(0, Layout::Lines).unwrap();
        let mut stream = opened(&sink);
        let mut frames = masked(0x81, b"1000000\n1000001\n");
        frames.extend(masked(0x01, b"10000"));
        frames.extend(masked(0x89, b"now"));
        frames.extend(masked(0x80, b"02\n"));
        frames.extend(masked(0x88, &[3, 232]));
        for byte in frames {
            stream.write_all(&[byte]).unwrap();
        }
        let mut answers = Vec::new();
        stream.read_to_end(&mut answers).unwrap();
        assert_eq!(answers, b"\x8a\x03now\x88\x02\x03\xe8");
        let tally = sink.tally();
        assert_eq!((tally.records, tally.fault.as_deref()), (3, None));
    }

    #[test]
    fn a_connection_that_just_ends_is_a_fault() {
        let sink = Sink::start(0, Layout::Lines).unwrap();
        let mut stream = opened(&sink);
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
        let fault = sink.tally().fault.take();
        assert_eq!(
            fault.as_deref(),
            Some("a connection: ended without a Close")
        );
    }

    #[test]
    fn the_port_is_closed_with_the_sink() {
        let sink = Sink::start(free_port().unwrap(), Layout::Packed).unwrap();
        let port = sink.port();
        drop(sink);
        assert!(TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok());
    }
}
