//! The exchanges of messages pass through here: what is measured against what, round after round.

use std::time::Duration;

use crate::client::{self, Plan, Sample};
use crate::error::{BenchError, LoadError};
use crate::frames::{Exchange, json_text};
use crate::mocks::{self, Mock};
use crate::server::{Cores, Program, Programs, Server};
use crate::statistics::Summary;
use crate::table::{Bar, Pace, Row, Unit};

/// Connections of every case.
const CONNECTIONS: usize = 64;
/// Messages outstanding on a connection in the pipelined cases.
pub(crate) const PIPELINE: u32 = 16;
/// Messages outstanding on a connection in the pipelined cases of long messages.
const LONG_PIPELINE: u32 = 4;
/// Bytes of a long message: as long as `sockeye` takes them without being told otherwise.
const LONG_BYTES: usize = 64 * 1024;
/// An echoed message costs at most so many times what a raw TCP echo costs: one on the way, several, and long ones.
const PING_PONG_BAR: Bar = Bar::RatioAtMost(1.15);
const PIPELINED_BAR: Bar = Bar::RatioAtMost(1.2);
const LONG_BAR: Bar = Bar::RatioAtMost(1.3);
/// A message that goes through a pattern rule costs at most this many times an echoed one.
const PATTERN_BAR: Bar = Bar::RatioAtMost(3.0);
/// A message that only the last of many rules matches costs at most this many times one of a single rule.
const RULES_BAR: Bar = Bar::RatioAtMost(1.3);
/// What the pattern rule matches, and what it answers with the number kept a number.
pub(crate) const PING: &str = r#"{"type":"ping","id":7}"#;
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
    /// Measured time of what is measured once.
    pub(crate) long: Duration,
}

/// One of the two things that a case compares.
pub(crate) struct Side {
    program: Program,
    path: Option<&'static str>,
    /// The message and its reply.
    pub(crate) exchange: Exchange,
}

impl Side {
    fn raw(text: &str) -> Self {
        Self {
            program: Program::RawEcho,
            path: None,
            exchange: Exchange::raw(text),
        }
    }

    /// `sockeye` with one of its files, and the answer that is expected.
    pub(crate) fn sockeye(mock: Mock, path: &'static str, sent: &str, answered: &str) -> Self {
        Self {
            program: Program::Sockeye(mock),
            path: Some(path),
            exchange: Exchange::web_socket(sent, answered),
        }
    }

    /// Its echo.
    pub(crate) fn echo(mock: Mock, text: &str) -> Self {
        Self::sockeye(mock, "/echo", text, text)
    }
}

/// Two things that are compared.
pub(crate) struct Case {
    /// What is done, against what.
    pub(crate) name: String,
    /// Messages outstanding on each connection.
    pub(crate) window: u32,
    /// What it is compared to.
    pub(crate) reference: Side,
    /// What is measured.
    pub(crate) subject: Side,
    /// The promise, if there is one.
    pub(crate) bar: Option<Bar>,
}

/// The servers of some cases stay up over all of them, as they would in use.
struct Servers<'a> {
    programs: &'a Programs,
    cores: Cores,
    running: Vec<(Program, Server)>,
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

/// Measures every case with the servers on their core; `report` hears the name of each before it begins.
pub(crate) fn measure_all(
    programs: &Programs,
    rounds: Rounds,
    report: impl FnMut(&str),
) -> Result<Vec<Measured>, BenchError> {
    measure_each(&cases(), programs, Cores::Own, rounds, report)
}

/// Measures cases one after another; their servers are on the cores given.
pub(crate) fn measure_each(
    cases: &[Case],
    programs: &Programs,
    cores: Cores,
    rounds: Rounds,
    mut report: impl FnMut(&str),
) -> Result<Vec<Measured>, BenchError> {
    let mut servers = Servers {
        programs,
        cores,
        running: Vec::new(),
    };
    let mut all = Vec::new();
    for case in cases {
        report(&case.name);
        all.push(servers.measure(case, rounds)?);
    }
    Ok(all)
}

fn cases() -> Vec<Case> {
    let mut cases = echoes();
    for (window, way) in ways() {
        cases.push(Case {
            name: format!("pattern / echo, {way}, {} B", PING.len()),
            window,
            reference: Side::echo(Mock::Basic, PING),
            subject: Side::sockeye(Mock::Basic, "/pattern", PING, PONG),
            bar: Some(PATTERN_BAR),
        });
    }
    for (window, way) in ways() {
        let rules = |path| Side::sockeye(Mock::Rules, path, mocks::LAST_KIND, mocks::LAST_ANSWER);
        cases.push(Case {
            name: format!("{} rules / 1 rule, {way}", mocks::RULES),
            window,
            reference: rules("/one"),
            subject: rules("/hundred"),
            bar: Some(RULES_BAR),
        });
    }
    cases
}

fn echoes() -> Vec<Case> {
    let echo = |length, size, (window, way): (u32, String), bar| {
        let text = json_text(length);
        Case {
            name: format!("echo / raw TCP, {way}, {size}"),
            window,
            reference: Side::raw(&text),
            subject: Side::echo(Mock::Basic, &text),
            bar: Some(bar),
        }
    };
    let mut cases = Vec::new();
    for (length, size) in [(32, "32 B"), (1024, "1 KiB")] {
        let [alone, pipelined] = ways();
        cases.push(echo(length, size, alone, PING_PONG_BAR));
        cases.push(echo(length, size, pipelined, PIPELINED_BAR));
    }
    let [alone, _] = ways();
    // More of them on the way would not fit into one read of the client.
    let pipelined = format!("pipelined {CONNECTIONS}x{LONG_PIPELINE}");
    for way in [alone, (LONG_PIPELINE, pipelined)] {
        cases.push(echo(LONG_BYTES, "64 KiB", way, LONG_BAR));
    }
    cases
}

/// The windows of each case, with their names.
pub(crate) fn ways() -> [(u32, String); 2] {
    [
        (1, format!("ping-pong {CONNECTIONS}")),
        (PIPELINE, format!("pipelined {CONNECTIONS}x{PIPELINE}")),
    ]
}

impl Servers<'_> {
    /// Reference, subject, reference, subject: what disturbs the machine for a while disturbs both.
    fn measure(&mut self, case: &Case, rounds: Rounds) -> Result<Measured, BenchError> {
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
            bar: case.bar,
            pace: Some([pace(&reference), pace(&sockeye)]),
        };
        Ok(Measured {
            row,
            reference,
            sockeye,
        })
    }

    fn run(&mut self, case: &Case, side: &Side, rounds: Rounds) -> Result<Sample, BenchError> {
        let server = self.running(side.program)?;
        let plan = Plan {
            address: server.address(),
            path: side.path,
            offer: "",
            connections: CONNECTIONS,
            window: case.window,
            exchange: &side.exchange,
        };
        client::measure(plan, server.pid(), rounds.warm_up, rounds.measured)
            .map_err(|source| failed(case, side, source))
    }

    /// Starts the program when it is first asked for.
    fn running(&mut self, program: Program) -> Result<&Server, BenchError> {
        let known = self.running.iter().position(|(one, _)| *one == program);
        let at = known.unwrap_or(self.running.len());
        if known.is_none() {
            let server = self.programs.start_on(self.cores, program)?;
            self.running.push((program, server));
        }
        Ok(&self.running[at].1)
    }
}

fn failed(case: &Case, side: &Side, source: LoadError) -> BenchError {
    let where_ = side.path.map_or("raw echo", |path| path);
    BenchError::Load {
        case: format!("{} ({where_})", case.name),
        source,
    }
}

/// CPU time to each message.
pub(crate) fn cpu(samples: &[Sample]) -> Summary {
    summary_of(samples, |sample| sample.cpu_us)
}

pub(crate) fn pace(samples: &[Sample]) -> Pace {
    Pace {
        rate: summary_of(samples, |sample| sample.rate).median,
        p50_us: summary_of(samples, |sample| sample.p50_us).median,
        p99_us: summary_of(samples, |sample| sample.p99_us).median,
    }
}

/// The summary of one figure over the rounds, of which there is at least one.
pub(crate) fn summary_of<T>(rounds: &[T], figure: impl Fn(&T) -> f64) -> Summary {
    Summary::of(rounds.iter().map(figure)).expect("every case has at least one round")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_are_all_sizes_the_pattern_and_the_rules_each_both_ways() {
        let names: Vec<String> = cases().into_iter().map(|case| case.name).collect();
        assert_eq!(
            names,
            [
                "echo / raw TCP, ping-pong 64, 32 B",
                "echo / raw TCP, pipelined 64x16, 32 B",
                "echo / raw TCP, ping-pong 64, 1 KiB",
                "echo / raw TCP, pipelined 64x16, 1 KiB",
                "echo / raw TCP, ping-pong 64, 64 KiB",
                "echo / raw TCP, pipelined 64x4, 64 KiB",
                "pattern / echo, ping-pong 64, 22 B",
                "pattern / echo, pipelined 64x16, 22 B",
                "100 rules / 1 rule, ping-pong 64",
                "100 rules / 1 rule, pipelined 64x16",
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
