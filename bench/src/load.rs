//! Loads of `sockeye bench` on `sockeye`'s own echo pass through here: which of the two a message costs more.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use thiserror::Error;

use crate::cases::Rounds;
use crate::error::BenchError;
use crate::mocks::Mock;
use crate::proc::CpuTimes;
use crate::server::{Program, Programs, Server};
use crate::statistics::Summary;
use crate::table::{Bar, Row, Unit};

/// What puts load on a server must not need more than that server.
const LOAD_BAR: Bar = Bar::RatioAtMost(1.0);
/// Connections of every case.
const CONNECTIONS: &str = "64";
/// Length of a message, in bytes.
const PAYLOAD: &str = "32";

/// A case: its name, and how messages leave.
type Case = (&'static str, &'static [&'static str]);

const CASES: [Case; 4] = [
    ("pipelined 64x16", &["--pipelining", "16"]),
    ("ping-pong 64", &["--pipelining", "1"]),
    ("20,000 a second", &["--rate", "20000"]),
    ("60,000 a second", &["--rate", "60000"]),
];

/// A run of `sockeye bench` without a result.
#[derive(Debug, Error)]
pub(crate) enum ClientError {
    /// The program could not be started.
    #[error("cannot start sockeye bench: {0}")]
    Spawn(#[from] io::Error),
    /// It ended with another status than 0.
    #[error("sockeye bench failed: {said}")]
    Failed {
        /// What it wrote.
        said: String,
    },
    /// Its report lacks something.
    #[error("the report of sockeye bench has no {0}")]
    Missing(&'static str),
}

/// CPU time to each message, µs.
struct Costs {
    server: f64,
    client: f64,
}

/// Measures each case, with the client on its core and the server on the other.
pub(crate) fn measure(
    sockeye: &Path,
    programs: &Programs,
    rounds: Rounds,
    mut report: impl FnMut(&str),
) -> Result<Vec<Row>, BenchError> {
    let server = programs.start(Program::Sockeye(Mock::Basic))?;
    let mut rows = Vec::new();
    for (way, flags) in CASES {
        let case = format!("sockeye bench / echo it measures, CPU per message, {way}, {PAYLOAD} B");
        report(&case);
        let runs = (0..rounds.count).map(|_| run(sockeye, &server, flags, rounds));
        let runs: Vec<Costs> = runs.collect::<Result<_, _>>()?;
        let summary = |side: fn(&Costs) -> f64| {
            Summary::of(runs.iter().map(side)).unwrap_or(Summary::once(f64::NAN))
        };
        rows.push(Row {
            case,
            unit: Unit::CpuMicroseconds,
            reference: summary(|costs| costs.server),
            sockeye: summary(|costs| costs.client),
            bar: Some(LOAD_BAR),
            pace: None,
        });
    }
    Ok(rows)
}

/// One load. The server's handshakes are in its time; they are a two-hundredth of it.
fn run(
    sockeye: &Path,
    server: &Server,
    flags: &[&str],
    rounds: Rounds,
) -> Result<Costs, BenchError> {
    let seconds = (rounds.warm_up + rounds.measured).as_secs_f64().to_string();
    let url = format!("ws://{}/echo", server.address());
    let mut command = Command::new(sockeye);
    command.args(["bench", &url, "--json", "--connections", CONNECTIONS]);
    command.args(["--payload", PAYLOAD, "--duration", &seconds]);
    command.args(flags).stdin(Stdio::null());
    let before = CpuTimes::of(server.pid())?;
    let output = command.output().map_err(ClientError::Spawn)?;
    let spent = CpuTimes::of(server.pid())?.spent_since(&before);
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        return Err(ClientError::Failed { said }.into());
    }
    let report: Value = serde_json::from_slice(&output.stdout)
        .map_err(|_| ClientError::Missing("beginning or end"))?;
    let (answered, client) = figures(&report)?;
    Ok(Costs {
        server: spent.as_secs_f64() * 1e6 / answered,
        client,
    })
}

/// Answers, and the client's own CPU time to each.
fn figures(report: &Value) -> Result<(f64, f64), ClientError> {
    let answered = report["messages"]["answered"].as_f64();
    let answered = answered.filter(|answered| *answered > 0.0);
    let cost = report["cpu_us_per_message"].as_f64();
    Ok((
        answered.ok_or(ClientError::Missing("answers"))?,
        cost.ok_or(ClientError::Missing("CPU time"))?,
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_report_has_its_answers_and_its_cost() {
        let report = json!({"messages": {"answered": 10}, "cpu_us_per_message": 0.5});
        let (answered, cost) = figures(&report).unwrap();
        assert!((answered - 10.0).abs() < 1e-9 && (cost - 0.5).abs() < 1e-9);
        for wrong in [
            json!({}),
            json!({"messages": {"answered": 0}, "cpu_us_per_message": 1}),
        ] {
            assert!(figures(&wrong).is_err(), "{wrong}");
        }
    }
}
