//! Compressed messages pass through here: `sockeye` against `ws` on Node, both with the same settings of the same algorithm.
//!
//! What the client sends is compressed once, each message by itself, which a client may do whatever was agreed. The messages
//! are sixteen different ones, so that a server that keeps its window finds in it what is like them and not themselves alone.

use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::TcpStream;

use flate2::{Compress, Compression as Level, Decompress, FlushCompress, FlushDecompress};

use super::{Compression, Peer, PeerError};
use crate::cases::{Rounds, summary_of};
use crate::client::{self, Plan, Sample};
use crate::crowd::first_frame;
use crate::error::BenchError;
use crate::frames::{Exchange, Reply, compressed_frame};
use crate::handshake;
use crate::mocks::Mock;
use crate::server::{Program, Programs, Server};
use crate::table::{Bar, Pace, Row, Unit};

/// Connections, and messages that are on the way on each.
const CONNECTIONS: usize = 64;
const MESSAGES: u32 = 16;
/// Messages to each second of CPU time, as a share of the other's.
const BAR: Bar = Bar::RatioAtLeast(1.0);
/// What a flush leaves at the end, and a message does not have (RFC 7692 section 7.2.1).
const TAIL: [u8; 4] = [0, 0, 0xff, 0xff];
/// Bytes of all answers to one request, at most.
const MOST_BYTES: usize = 1024 * 1024;
const OPCODE_TEXT: u8 = 1;

/// What is agreed.
struct Setting {
    compression: Compression,
    name: &'static str,
    /// Where `sockeye` has it.
    path: &'static str,
    /// What the client offers; both servers accept it as it is.
    offer: &'static str,
}

const SETTINGS: [Setting; 2] = [
    Setting {
        compression: Compression::Fresh,
        name: "level 1, each message by itself",
        path: "/fresh",
        offer: "Sec-WebSocket-Extensions: permessage-deflate; \
                server_no_context_takeover; client_no_context_takeover\r\n",
    },
    Setting {
        compression: Compression::Kept,
        name: "level 6, context takeover",
        path: "/kept",
        offer: "Sec-WebSocket-Extensions: permessage-deflate\r\n",
    },
];

/// Measures both sizes with both settings.
pub(super) fn measure(
    programs: &Programs,
    rounds: Rounds,
    mut report: impl FnMut(&str),
) -> Result<Vec<Row>, BenchError> {
    let sockeye = programs.start(Program::Sockeye(Mock::Compressed))?;
    let mut rows = Vec::new();
    for setting in &SETTINGS {
        let node = programs.start(Program::Peer(Peer::Ws(setting.compression)))?;
        for (length, size) in [(1024, "1 KiB"), (8 * 1024, "8 KiB")] {
            let case = format!(
                "compressed echo / ws on Node, {}, JSON of {size}",
                setting.name
            );
            report(&case);
            rows.push(row(case, setting, length, [&node, &sockeye], rounds)?);
        }
    }
    Ok(rows)
}

fn row(
    case: String,
    setting: &Setting,
    length: usize,
    servers: [&Server; 2],
    rounds: Rounds,
) -> Result<Row, BenchError> {
    let texts: Vec<String> = (0..MESSAGES).map(|seed| records(seed, length)).collect();
    let exchange = exchange(&texts);
    let failed = |source| BenchError::Load {
        case: case.clone(),
        source,
    };
    for server in servers {
        verify(&case, server, setting, &exchange, &texts)?;
    }
    let (mut reference, mut subject) = (Vec::new(), Vec::new());
    for _round in 0..rounds.count {
        for (server, runs) in servers.into_iter().zip([&mut reference, &mut subject]) {
            let plan = Plan {
                address: server.address(),
                path: Some(setting.path),
                offer: setting.offer,
                connections: CONNECTIONS,
                window: 1,
                exchange: &exchange,
            };
            let sample = client::measure(plan, server.pid(), rounds.warm_up, rounds.measured);
            runs.push(sample.map_err(failed)?);
        }
    }
    let to_each_cpu_second = |sample: &Sample| f64::from(MESSAGES) * 1e6 / sample.cpu_us;
    Ok(Row {
        unit: Unit::MessagesPerCpuSecond,
        reference: summary_of(&reference, to_each_cpu_second),
        sockeye: summary_of(&subject, to_each_cpu_second),
        bar: Some(BAR),
        pace: Some([pace(&reference), pace(&subject)]),
        case,
    })
}

/// Of messages, where the samples have requests of several.
fn pace(samples: &[Sample]) -> Pace {
    Pace {
        rate: summary_of(samples, |sample| sample.rate * f64::from(MESSAGES)).median,
        p50_us: summary_of(samples, |sample| sample.p50_us).median,
        p99_us: summary_of(samples, |sample| sample.p99_us).median,
    }
}

/// JSON of about `length` bytes: records as services send them, other ones for each seed.
fn records(seed: u32, length: usize) -> String {
    const NAMES: [&str; 5] = ["salmon", "trout", "herring", "char", "grayling"];
    let mut text = "[".to_owned();
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        // Numbers of a linear congruence: the same ones in every run.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    while text.len() + 100 < length {
        if text.len() > 1 {
            text.push(',');
        }
        let name = NAMES[next() as usize % NAMES.len()];
        let (id, price, active) = (next() % 100_000, next() % 10_000, next() % 2 == 0);
        let (euros, cents, tag) = (price / 100, price % 100, next());
        // Writing to a string does not fail.
        let _written = write!(
            text,
            r#"{{"id":{id},"name":"{name}","price":{euros}.{cents:02},"active":{active},"tag":"{tag:06x}"}}"#
        );
    }
    text.push(']');
    text
}

/// One request of all texts, each a compressed frame.
fn exchange(texts: &[String]) -> Exchange {
    let frames = texts.iter().map(|text| compressed_frame(&compressed(text)));
    Exchange {
        request: frames.collect::<Vec<_>>().concat(),
        reply: Reply::Compressed(MESSAGES),
    }
}

fn compressed(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len() + 64);
    let done = Compress::new(Level::default(), false).compress_vec(
        text.as_bytes(),
        &mut bytes,
        FlushCompress::Sync,
    );
    done.expect("there is room for what is compressed");
    assert!(bytes.ends_with(&TAIL), "a flush leaves its mark");
    bytes.truncate(bytes.len() - TAIL.len());
    bytes
}

/// Sends one request and reads the answers: they must be the texts.
fn verify(
    case: &str,
    server: &Server,
    setting: &Setting,
    exchange: &Exchange,
    texts: &[String],
) -> Result<(), BenchError> {
    let path = Some(setting.path);
    let streams = handshake::open_offering(server.address(), path, setting.offer, 1)?;
    let failed = |error: std::io::Error| BenchError::Load {
        case: case.to_owned(),
        source: error.into(),
    };
    let answers = answers(streams, exchange, texts.len()).map_err(failed)?;
    let mut inflate = Decompress::new(false);
    for (answer, text) in answers.iter().zip(texts) {
        if matches!(setting.compression, Compression::Fresh) {
            inflate.reset(false);
        }
        if inflated(&mut inflate, answer, text.len()).as_deref() != Some(text.as_bytes()) {
            let what = format!("an answer is not what was sent: {text}");
            return Err(PeerError::Answer(case.to_owned(), what).into());
        }
    }
    Ok(())
}

fn answers(
    streams: Vec<TcpStream>,
    exchange: &Exchange,
    count: usize,
) -> std::io::Result<Vec<Vec<u8>>> {
    let (mut bytes, mut answers) = (Vec::new(), Vec::new());
    for mut stream in streams {
        stream.write_all(&exchange.request)?;
        while answers.len() < count && bytes.len() < MOST_BYTES {
            let mut chunk = [0; 4096];
            match stream.read(&mut chunk)? {
                0 => break,
                read => bytes.extend_from_slice(&chunk[..read]),
            }
            while let Some((OPCODE_TEXT, payload)) = first_frame(&bytes) {
                let rest = bytes.split_off(payload.end);
                answers.push(bytes[payload].to_vec());
                bytes = rest;
            }
        }
    }
    if answers.len() == count {
        return Ok(answers);
    }
    Err(std::io::ErrorKind::InvalidData.into())
}

fn inflated(inflate: &mut Decompress, answer: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(length + 64);
    for part in [answer, &TAIL] {
        inflate
            .decompress_vec(part, &mut text, FlushDecompress::Sync)
            .ok()?;
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_json_of_about_the_length_and_differ() {
        for length in [1024, 8 * 1024] {
            let (one, other) = (records(1, length), records(2, length));
            assert!(
                one.len() <= length && one.len() > length - 110,
                "{}",
                one.len()
            );
            assert!(
                serde_json::from_str::<Vec<serde_json::Value>>(&one).is_ok(),
                "{one}"
            );
            assert_ne!(one, other);
        }
    }

    #[test]
    fn what_is_compressed_is_read_again_and_shorter() {
        let text = records(3, 8 * 1024);
        let bytes = compressed(&text);
        assert!(bytes.len() * 2 < text.len(), "{}", bytes.len());
        let read = inflated(&mut Decompress::new(false), &bytes, text.len());
        assert_eq!(read.as_deref(), Some(text.as_bytes()));
    }
}
