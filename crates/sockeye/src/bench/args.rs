//! What `sockeye bench` takes.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use sockeye_drive::{CONNECTIONS, Expect, Load, PAYLOAD_BYTES, Payload, Span, THREADS, WINDOW};

use super::bound::Bound;
use crate::ws::{DialArgs, seconds};

/// The highest pace that a flag may ask for, in a second.
const MOST_A_SECOND: f64 = 1e8;

/// The largest message that is taken from the server, in bytes.
const LARGEST_ANSWER: u64 = 16 << 20;

/// What `bench` takes.
#[derive(Args, Debug)]
#[command(
    after_help = "With --rate each message has an instant at which it is meant to leave, whatever the server does, and its \
latency counts from there. Without, each connection sends its next message when an answer has come.

Exit status:
  0  every message was answered as it should
  1  messages were lost, wrong or never sent, connections were refused or closed, or --fail-if failed
  2  the URL or a flag is wrong
  3  no connection, or standard output cannot be written"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct BenchArgs {
    /// `ws://HOST:PORT/PATH`, or `wss://` for TLS
    pub(super) url: String,

    /// Connections
    #[arg(long, short = 'c', value_name = "N", default_value_t = 10, value_parser = within(CONNECTIONS))]
    pub(super) connections: usize,

    /// Messages per second of all connections together [default: as fast as answers come]
    #[arg(long, short = 'r', value_name = "N", value_parser = pace)]
    pub(super) rate: Option<f64>,

    /// Messages without an answer that a connection may have [default: 1, with --rate the share of a million that a
    /// connection has, 65536 at most]
    #[arg(long, value_name = "N", value_parser = within(WINDOW))]
    pub(super) pipelining: Option<usize>,

    /// How long it is measured
    #[arg(
        long,
        short = 'd',
        value_name = "SECONDS",
        default_value = "10",
        conflicts_with = "messages",
        value_parser = seconds
    )]
    pub(super) duration: Duration,

    /// How many messages are measured, of all connections together, instead of how long
    #[arg(long, short = 'n', value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) messages: Option<u64>,

    /// What is sent: a number of bytes (`64`, `4KiB`, `1MiB`), `@FILE`, or a text
    #[arg(long, value_name = "SIZE|@FILE|TEXT", default_value = "64")]
    pub(super) payload: String,

    /// Send binary messages
    #[arg(long)]
    pub(super) binary: bool,

    /// What has to come back for each message
    #[arg(long, value_enum, default_value_t)]
    pub(super) expect: Expected,

    /// How long messages flow before it is measured
    #[arg(long, value_name = "SECONDS", default_value = "0", value_parser = seconds)]
    pub(super) warmup: Duration,

    /// New connections per second [default: as fast as they can be made]
    #[arg(long, value_name = "N", value_parser = pace)]
    pub(super) ramp: Option<f64>,

    /// Threads that send and receive
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = within(THREADS))]
    pub(super) threads: usize,

    /// How long connecting may take, and a message be without an answer
    #[arg(long, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(super) timeout: Duration,

    /// Header of the requests; may be repeated
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE")]
    pub(super) headers: Vec<String>,

    /// Subprotocol on offer, the preferred one first; may be repeated
    #[arg(long = "subprotocol", value_name = "NAME")]
    pub(super) subprotocols: Vec<String>,

    /// Origin header of the requests
    #[arg(long, value_name = "URL")]
    pub(super) origin: Option<String>,

    /// PEM file with authorities to trust beside those of the system
    #[arg(long, value_name = "FILE")]
    pub(super) ca: Option<PathBuf>,

    /// Trust any certificate
    #[arg(long, conflicts_with = "ca")]
    pub(super) insecure: bool,

    /// PEM file with a certificate to show, and its chain
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(super) cert: Option<PathBuf>,

    /// PEM file with the key of that certificate
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(super) key: Option<PathBuf>,

    /// Offer to compress messages (permessage-deflate)
    #[arg(long)]
    pub(super) compression: bool,

    /// A bound that must hold, such as `p99>5ms` or `rate<1000`: p50, p90, p99, p99.9, max or mean of the latency, or the
    /// rate; may be repeated
    #[arg(long = "fail-if", value_name = "BOUND", value_parser = Bound::read)]
    pub(super) fail_if: Vec<Bound>,

    /// Say each second how it goes, also where standard error is no terminal
    #[arg(long)]
    pub(super) progress: bool,

    /// Print the report as JSON
    #[arg(long)]
    pub(super) json: bool,
}

/// What has to come back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Expected {
    /// The message itself, and in order
    #[default]
    Echo,
    /// Any message
    Any,
    /// Nothing: the latency ends when the system has taken the message
    None,
}

impl BenchArgs {
    /// The same as `ws connect` takes it.
    pub(super) fn dial(&self) -> DialArgs {
        DialArgs {
            headers: self.headers.clone(),
            subprotocols: self.subprotocols.clone(),
            origin: self.origin.clone(),
            ca: self.ca.clone(),
            insecure: self.insecure,
            cert: self.cert.clone(),
            key: self.key.clone(),
            no_compression: !self.compression,
            timeout: self.timeout,
            max_message_size: LARGEST_ANSWER,
        }
    }

    /// The load that is asked for. Errors: a sentence for the user.
    pub(super) fn load(&self) -> Result<Load, String> {
        let payload = payload(&self.payload)?;
        let payload = if self.binary {
            payload.binary()
        } else {
            payload
        };
        if !payload.is_sendable() {
            return Err(format!(
                "--payload {} is not UTF-8, which text messages are; --binary sends it",
                self.payload
            ));
        }
        Ok(Load {
            connections: self.connections,
            ramp: self.ramp,
            threads: self.threads,
            rate: self.rate,
            window: self.pipelining,
            span: self
                .messages
                .map_or(Span::Time(self.duration), Span::Messages),
            warm_up: self.warmup,
            payload,
            expect: match self.expect {
                Expected::Echo => Expect::Echo,
                Expected::Any => Expect::Any,
                Expected::None => Expect::Nothing,
            },
            answer_within: self.timeout,
        })
    }
}

fn payload(words: &str) -> Result<Payload, String> {
    let too_long = || format!("--payload may have {PAYLOAD_BYTES} bytes at most");
    if let Some(file) = words.strip_prefix('@') {
        let cannot = |error| format!("--payload: cannot read {file}: {error}");
        let length = std::fs::metadata(file).map_err(cannot)?.len();
        if length > PAYLOAD_BYTES as u64 {
            return Err(too_long());
        }
        return Ok(Payload::fixed(std::fs::read(file).map_err(cannot)?));
    }
    let digits = words.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = words.split_at(digits);
    let unit = match unit {
        "" | "B" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        _ => return Ok(Payload::fixed(words.as_bytes().to_vec())),
    };
    if number.is_empty() {
        return Ok(Payload::fixed(words.as_bytes().to_vec()));
    }
    let length = number.parse::<usize>().ok();
    let length = length.and_then(|number| number.checked_mul(unit));
    let length = length.filter(|length| *length <= PAYLOAD_BYTES);
    length.map(Payload::generated).ok_or_else(too_long)
}

fn pace(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok();
    let number = number.filter(|number| *number > 0.0 && *number <= MOST_A_SECOND);
    number.ok_or_else(|| "write a number above 0, 100000000 at most".to_owned())
}

/// A number from one on.
fn within(most: usize) -> impl Fn(&str) -> Result<usize, String> + Clone {
    move |text| {
        let number = text.parse().ok();
        let number = number.filter(|number| (1..=most).contains(number));
        number.ok_or_else(|| format!("write a number from 1 to {most}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_is_a_size_a_file_or_a_text() {
        for (words, length) in [
            ("0", 0),
            ("64", 64),
            ("2KiB", 2048),
            ("1MiB", 1 << 20),
            ("3B", 3),
        ] {
            let payload = payload(words).unwrap();
            assert_eq!(payload, Payload::generated(length), "{words}");
        }
        for words in ["hello", "12 monkeys", "KiB", "", "5kb"] {
            let text = payload(words).unwrap();
            assert_eq!(text, Payload::fixed(words.as_bytes().to_vec()), "{words}");
        }
        for words in ["17MiB", "99999999999999999999", "18446744073709551615MiB"] {
            assert!(
                payload(words).unwrap_err().contains("16777216 bytes"),
                "{words}"
            );
        }
        assert!(payload("@/not/there").unwrap_err().contains("/not/there"));
    }
}
