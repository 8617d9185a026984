//! Requests to an admin listener pass through here: one answer at a time, or the stream of events for as long as wanted.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::frames::client_frame;
use crate::handshake::{connect, request};

/// The stream of events, and what the dashboard asks it for.
const EVENTS: &str = "/__mockforge/ws";
const FILTER: &[u8] = br#"{"type":"filter","messages":true}"#;

/// Asks once, on a connection of its own; the time from connecting to the end of the answer.
pub(crate) fn get(address: SocketAddr, path: &str) -> io::Result<Duration> {
    let begin = Instant::now();
    let mut stream = connect(address)?;
    let head = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    if !answer.starts_with(b"HTTP/1.1 200 ") {
        let start = String::from_utf8_lossy(&answer[..answer.len().min(200)]).into_owned();
        return Err(io::Error::other(start));
    }
    Ok(begin.elapsed())
}

/// A dashboard that shows messages: it reads as fast as they come.
pub(crate) struct Watcher {
    stream: TcpStream,
    reader: JoinHandle<u64>,
}

impl Watcher {
    /// Connects and asks for messages.
    pub(crate) fn start(address: SocketAddr) -> io::Result<Self> {
        let mut stream = connect(address)?;
        stream.write_all(request(address, EVENTS).as_bytes())?;
        let mut start = [0; 13];
        stream.read_exact(&mut start)?;
        if start != *b"HTTP/1.1 101 " {
            let start = String::from_utf8_lossy(&start).into_owned();
            return Err(io::Error::other(start));
        }
        stream.write_all(&client_frame(FILTER))?;
        let mut reading = stream.try_clone()?;
        let reader = std::thread::spawn(move || {
            let mut buffer = vec![0; 256 * 1024];
            let mut bytes = 0;
            while let Ok(read @ 1..) = reading.read(&mut buffer) {
                bytes += read as u64;
            }
            bytes
        });
        Ok(Self { stream, reader })
    }

    /// Goes away; the bytes that were read.
    pub(crate) fn stop(self) -> io::Result<u64> {
        self.stream.shutdown(Shutdown::Both)?;
        let panicked = |_| io::Error::other("the reader of events panicked");
        self.reader.join().map_err(panicked)
    }
}
