//! Messages right behind each other pass through here: how long nothing comes while an answer is due.
//!
//! A server that leaves Nagle's algorithm on, or waits for more where there is no more, stands still for 40 ms and more: its peer
//! delays the acknowledgement it waits for (RFC 1122 section 4.2.3.2).

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::cases::summary_of;
use crate::error::{BenchError, LoadError};
use crate::frames::{client_frame, json_text, server_frame};
use crate::handshake;
use crate::mocks::{MANY, Mock, ONE_OF_MANY};
use crate::server::{Program, Programs, Server};
use crate::table::{Bar, Row, Unit};

/// Exchanges of a round; the longest silence of them counts.
const EXCHANGES: usize = 1_000;
/// Messages of an exchange.
const BURST: usize = 16;
const MESSAGE_BYTES: usize = 32;
/// Milliseconds of silence.
const BAR: Bar = Bar::AtMost(2.0);

/// One way to send, over and over on one connection.
struct Style {
    name: &'static str,
    path: &'static str,
    /// Each is a write of its own; what goes to the raw echo and what to `sockeye`.
    writes: [Vec<Vec<u8>>; 2],
    /// What comes back from each.
    answer: [Vec<u8>; 2],
}

/// Measures both servers with each style in turn.
pub(super) fn measure(programs: &Programs, rounds: usize) -> Result<Vec<Row>, BenchError> {
    let raw = programs.start(Program::RawEcho)?;
    let basic = programs.start(Program::Sockeye(Mock::Basic))?;
    let crowd = programs.start(Program::Sockeye(Mock::Crowd))?;
    let row = |style: &Style, sockeye: &Server| -> Result<Row, BenchError> {
        let (mut reference, mut subject) = (Vec::new(), Vec::new());
        for _round in 0..rounds {
            reference.push(silence(&raw, style, None)?);
            subject.push(silence(sockeye, style, Some(style.path))?);
        }
        let milliseconds = |time: &Duration| time.as_secs_f64() * 1e3;
        Ok(Row {
            case: format!("longest silence / raw TCP, one connection, {}", style.name),
            unit: Unit::Milliseconds,
            reference: summary_of(&reference, milliseconds),
            sockeye: summary_of(&subject, milliseconds),
            bar: Some(BAR),
            pace: None,
        })
    };
    let [separate, halves, many] = styles();
    Ok(vec![
        row(&separate, &basic)?,
        row(&halves, &basic)?,
        row(&many, &crowd)?,
    ])
}

fn styles() -> [Style; 3] {
    let text = json_text(MESSAGE_BYTES);
    let frame = client_frame(text.as_bytes());
    let answer = server_frame(text.as_bytes());
    let both = |writes: Vec<Vec<u8>>| [writes.clone(), writes];
    let (head, rest) = frame.split_at(2);
    let many = server_frame(ONE_OF_MANY.as_bytes()).repeat(MANY);
    [
        Style {
            name: "16 messages in 16 writes",
            path: "/echo",
            writes: both(vec![frame.clone(); BURST]),
            answer: [frame.repeat(BURST), answer.repeat(BURST)],
        },
        Style {
            name: "a message in two writes",
            path: "/echo",
            writes: both(vec![head.to_vec(), rest.to_vec()]),
            answer: [frame.clone(), answer],
        },
        Style {
            name: "16 answers to a message",
            path: "/many",
            writes: [vec![many.clone()], vec![frame]],
            answer: [many.clone(), many],
        },
    ]
}

/// The longest time without a byte while an answer is due.
fn silence(server: &Server, style: &Style, path: Option<&str>) -> Result<Duration, BenchError> {
    let side = usize::from(path.is_some());
    let mut streams = handshake::open(server.address(), path, 1)?;
    let failed = |source: io::Error| BenchError::Load {
        case: format!("{} ({})", style.name, path.unwrap_or("raw echo")),
        source: LoadError::Socket {
            connection: 0,
            source,
        },
    };
    let mut longest = Duration::ZERO;
    for stream in &mut streams {
        for _exchange in 0..EXCHANGES {
            let once = exchange(stream, &style.writes[side], &style.answer[side]);
            longest = longest.max(once.map_err(failed)?);
        }
    }
    Ok(longest)
}

/// Sends each piece and reads the answer, which must be the one that is expected.
fn exchange(stream: &mut TcpStream, writes: &[Vec<u8>], expected: &[u8]) -> io::Result<Duration> {
    for piece in writes {
        stream.write_all(piece)?;
    }
    let mut answer = vec![0; expected.len()];
    let (mut there, mut longest, mut last) = (0, Duration::ZERO, Instant::now());
    while there < expected.len() {
        match stream.read(&mut answer[there..])? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => there += read,
        }
        let now = Instant::now();
        longest = longest.max(now - last);
        last = now;
    }
    if answer == expected {
        return Ok(longest);
    }
    let text = "an answer is not the one that was expected";
    Err(io::Error::new(io::ErrorKind::InvalidData, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_in_the_answer_is_the_silence() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mut stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut peer, _) = listener.accept().unwrap();
        let pause = Duration::from_millis(30);
        let answering = std::thread::spawn(move || {
            peer.read_exact(&mut [0; 4]).unwrap();
            peer.write_all(b"ab").unwrap();
            peer.set_read_timeout(Some(pause)).unwrap();
            assert!(peer.read(&mut [0]).is_err(), "nothing more comes");
            peer.write_all(b"cd").unwrap();
        });
        let writes = [b"12".to_vec(), b"34".to_vec()];
        let longest = exchange(&mut stream, &writes, b"abcd").unwrap();
        answering.join().unwrap();
        assert!(longest >= pause, "{longest:?}");
    }

    #[test]
    fn another_answer_is_an_error() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let mut stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut peer, _) = listener.accept().unwrap();
        peer.write_all(b"abce").unwrap();
        let error = exchange(&mut stream, &[], b"abcd").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
    }
}
