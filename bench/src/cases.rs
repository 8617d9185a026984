//! The exchanges of messages pass through here: what is measured against what, round after round.

use std::time::Duration;

use crate::client::{self, LoadError, Plan, Sample};
use crate::error::BenchError;
use crate::frames::{Exchange, json_text};
use crate::server::{Program, Programs, Server};
use crate::statistics::Summary;
use crate::table::{Bar, Pace, Row, Unit};

/// Connections of every case.
const CONNECTIONS: usize = 64;
/// Messages outstanding on a connection in the pipelined cases.
const PIPELINE: u32 = 16;
/// An echoed message costs at most this many times what a raw TCP echo costs.
const ECHO_BAR: Bar = Bar::RatioAtMost(1.5);
/// A message that goes through a pattern rule costs at most this many times an echoed one.
const PATTERN_BAR: Bar = Bar::RatioAtMost(3.0);
/// What the pattern rule matches, and what it answers with the number kept a number.
const PING: &str = r#"{"type":"ping","id":7}"#;
const PONG: &str = r#"{"type":"pong","id":7}"#;

/// How often and how long each side of a case is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rounds {
    /// Rounds, each with a run of the reference and one of the subject.
    pub(crate) count: usize,
    /// Load before the measured time of a run.
    pub(crate) warm_up: Duration,
    /// Measured time of a run.
    pub(crate) measured: Duration,
}

/// One of the two things that a case compares.
struct Side {
    program: Program,
    path: Option<&'static str>,
    exchange: Exchange,
}

impl Side {
    fn raw(text: &str) -> Self {
        Self {
            program: Program::RawEcho,
            path: None,
            exchange: Exchange::raw(text),
        }
    }

    fn echo(text: &str) -> Self {
        let exchange = Exchange::web_socket(text, text);
        Self {
            program: Program::Sockeye,
            path: Some("/echo"),
            exchange,
        }
    }

    fn pattern() -> Self {
        let exchange = Exchange::web_socket(PING, PONG);
        Self {
            program: Program::Sockeye,
            path: Some("/pattern"),
            exchange,
        }
    }
}

struct Case {
    name: String,
    window: u32,
    reference: Side,
    subject: Side,
    bar: Bar,
}

/// Both servers stay up over all cases, as they would in use.
struct Servers {
    raw_echo: Server,
    sockeye: Server,
}

/// Everything that one case gave.
pub(crate) struct Measured {
    /// The summary.
    pub(crate) row: Row,
    /// Each run of the reference, in order.
    pub(crate) reference: Vec<Sample>,
    /// Each run of the subject, in order.
    pub(crate) sockeye: Vec<Sample>,
}

/// Measures every case; `report` hears the name of each before it begins.
pub(crate) fn measure_all(
    programs: &Programs,
    rounds: Rounds,
    mut report: impl FnMut(&str),
) -> Result<Vec<Measured>, BenchError> {
    let raw_echo = programs.start(Program::RawEcho)?;
    let sockeye = programs.start(Program::Sockeye)?;
    let servers = Servers { raw_echo, sockeye };
    let mut all = Vec::new();
    for case in cases() {
        report(&case.name);
        all.push(servers.measure(&case, rounds)?);
    }
    Ok(all)
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (length, size) in [(32, "32 B"), (1024, "1 KiB")] {
        let text = json_text(length);
        for (window, way) in ways() {
            cases.push(Case {
                name: format!("echo / raw TCP, {way}, {size}"),
                window,
                reference: Side::raw(&text),
                subject: Side::echo(&text),
                bar: ECHO_BAR,
            });
        }
    }
    for (window, way) in ways() {
        cases.push(Case {
            name: format!("pattern / echo, {way}, {} B", PING.len()),
            window,
            reference: Side::echo(PING),
            subject: Side::pattern(),
            bar: PATTERN_BAR,
        });
    }
    cases
}

fn ways() -> [(u32, String); 2] {
    [
        (1, format!("ping-pong {CONNECTIONS}")),
        (PIPELINE, format!("pipelined {CONNECTIONS}x{PIPELINE}")),
    ]
}

impl Servers {
    /// Reference, subject, reference, subject: what disturbs the machine for a while disturbs both.
    fn measure(&self, case: &Case, rounds: Rounds) -> Result<Measured, BenchError> {
        let (mut reference, mut sockeye) = (Vec::new(), Vec::new());
        for _round in 0..rounds.count {
            reference.push(self.run(case, &case.reference, rounds)?);
            sockeye.push(self.run(case, &case.subject, rounds)?);
        }
        let row = Row {
            case: case.name.clone(),
            unit: Unit::CpuMicroseconds,
            reference: cpu(&reference),
            sockeye: cpu(&sockeye),
            bar: Some(case.bar),
            pace: Some([pace(&reference), pace(&sockeye)]),
        };
        Ok(Measured {
            row,
            reference,
            sockeye,
        })
    }

    fn run(&self, case: &Case, side: &Side, rounds: Rounds) -> Result<Sample, BenchError> {
        let server = match side.program {
            Program::RawEcho => &self.raw_echo,
            Program::Sockeye => &self.sockeye,
        };
        let plan = Plan {
            address: server.address(),
            path: side.path,
            connections: CONNECTIONS,
            window: case.window,
            exchange: &side.exchange,
        };
        client::measure(plan, server.pid(), rounds.warm_up, rounds.measured)
            .map_err(|source| failed(case, side, source))
    }
}

fn failed(case: &Case, side: &Side, source: LoadError) -> BenchError {
    let where_ = side.path.map_or("raw echo", |path| path);
    BenchError::Load {
        case: format!("{} ({where_})", case.name),
        source,
    }
}

fn cpu(samples: &[Sample]) -> Summary {
    summary(samples, |sample| sample.cpu_us)
}

fn pace(samples: &[Sample]) -> Pace {
    Pace {
        rate: summary(samples, |sample| sample.rate).median,
        p50_us: summary(samples, |sample| sample.p50_us).median,
        p99_us: summary(samples, |sample| sample.p99_us).median,
    }
}

fn summary(samples: &[Sample], figure: impl Fn(&Sample) -> f64) -> Summary {
    Summary::of(samples.iter().map(figure)).expect("every case has at least one round")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_are_both_sizes_both_ways_and_the_pattern_both_ways() {
        let names: Vec<String> = cases().into_iter().map(|case| case.name).collect();
        assert_eq!(
            names,
            [
                "echo / raw TCP, ping-pong 64, 32 B",
                "echo / raw TCP, pipelined 64x16, 32 B",
                "echo / raw TCP, ping-pong 64, 1 KiB",
                "echo / raw TCP, pipelined 64x16, 1 KiB",
                "pattern / echo, ping-pong 64, 22 B",
                "pattern / echo, pipelined 64x16, 22 B",
            ]
        );
    }

    #[test]
    fn both_sides_of_a_case_send_the_same_bytes() {
        for case in cases() {
            assert!(
                case.reference.exchange.request == case.subject.exchange.request,
                "{}",
                case.name
            );
        }
    }
}
