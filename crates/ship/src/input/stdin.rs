//! Records on standard input: JSON objects, `[time, {…}]`, or lines for a parser. Its end ends the process.

use std::io::Read as _;
use std::sync::Arc;
use std::thread;

use sockeye_core::{Clock, Mistakes};
use tokio::sync::mpsc;

use super::documents::{Arrays, Batch, Documents, Extra};
use super::line::parser;
use super::tcp::{Shape, Stream};
use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::parser::Parser;
use crate::properties::{Key, Kind, Properties};
use crate::record::Time;

const KEYS: &[Key] = &[
    Key::new(
        "parser",
        Kind::Text,
        None,
        "parser for lines; without one the text is JSON",
    ),
    Key::new(
        "buffer_size",
        Kind::Size,
        Some("4M"),
        "bytes that one record may have",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "stdin",
    about: "JSON or lines on standard input",
    tables: &[KEYS, crate::engine::INPUT_KEYS],
    build,
};

/// Bytes that are read at once.
const READ_BYTES: usize = 64 * 1024;
/// Pieces that wait to be read into records.
const PIECES: usize = 4;
/// The shortest record that must fit: an existing file may say less than the reference's default.
const LEAST_BYTES: usize = 16_000;

#[derive(Debug)]
struct Stdin {
    parser: Option<Arc<Parser>>,
    limit: usize,
    clock: Clock,
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    let limit = properties.size("buffer_size").unwrap_or_default();
    Ok(Box::new(Stdin {
        parser: parser(properties, &context.parsers)?,
        limit: usize::try_from(limit)
            .unwrap_or(usize::MAX)
            .max(LEAST_BYTES),
        clock: context.clock.clone(),
    }))
}

/// What makes records of the text.
enum Reader {
    Json(Documents),
    Lines(Stream),
}

impl Reader {
    fn read(&mut self, piece: Option<&[u8]>, time: Time, out: &mut Vec<u8>) -> Batch {
        let extra = Extra::default();
        match (self, piece) {
            (Self::Json(documents), Some(piece)) => documents.feed(piece, time, &extra, out),
            (Self::Json(documents), None) => documents.end(time, &extra, out),
            (Self::Lines(stream), Some(piece)) => stream.feed(piece, time, out),
            (Self::Lines(stream), None) => stream.end(time, out),
        }
    }
}

impl Input for Stdin {
    fn run(self: Box<Self>, collector: Collector) -> Running {
        Box::pin(async move {
            let mut pieces = pieces()?;
            let mut reader = match &self.parser {
                None => Reader::Json(Documents::new(Arrays::Timed, self.limit)),
                Some(parser) => {
                    let shape = Shape::Text(b"\n".to_vec());
                    let parser = Some(Arc::clone(parser));
                    Reader::Lines(Stream::new(&shape, parser, Extra::default(), self.limit))
                }
            };
            let mut out = Vec::new();
            loop {
                let piece = tokio::select! {
                    biased;
                    () = collector.stopping() => return Ok(()),
                    piece = pieces.recv() => piece,
                };
                out.clear();
                let batch = reader.read(piece.as_deref(), now(&self.clock), &mut out);
                batch.tell("stdin", &collector);
                let records = batch.records;
                if records > 0 && collector.append(None, &out, records).await.is_err() {
                    return Ok(());
                }
                if piece.is_none() {
                    let name = collector.name();
                    collector
                        .log()
                        .info(format_args!("[input:stdin:{name}] end of standard input"));
                    return Ok(());
                }
            }
        })
    }
}

/// Reads on a thread of its own: standard input may be a file, which no runtime can wait for, or a
/// terminal at which nobody types. The thread ends with its reader or with the process.
fn pieces() -> Result<mpsc::Receiver<Vec<u8>>, String> {
    let (sender, receiver) = mpsc::channel(PIECES);
    let read = move || {
        let mut stdin = std::io::stdin();
        let mut buffer = vec![0; READ_BYTES];
        loop {
            let length = match stdin.read(&mut buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Ok(0) | Err(_) => return,
                Ok(length) => length,
            };
            let piece = buffer.get(..length).unwrap_or_default().to_vec();
            if sender.blocking_send(piece).is_err() {
                return;
            }
        }
    };
    let started = thread::Builder::new().name("stdin".to_owned()).spawn(read);
    started.map_err(|error| format!("cannot start a thread: {error}"))?;
    Ok(receiver)
}
