//! A whole comparison passes through here: everything measured, with date, machine and versions.

use std::fmt::Write;

use jiff::Timestamp;
use serde::Serialize;

use crate::cases::{Measured, Rounds};
use crate::client::Sample;
use crate::machine::{Machine, Versions};
use crate::peers::Matrix;
use crate::table::{self, Row};

/// The result of `compare`; its JSON is what `--json` writes.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// When the comparison began, UTC.
    date: String,
    machine: Machine,
    versions: Versions,
    rounds: usize,
    measured_seconds: f64,
    /// What makes this comparison weaker than it could be.
    notes: Vec<String>,
    results: Vec<Outcome>,
    /// All servers beside each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    peers: Option<Matrix>,
}

#[derive(Debug, Serialize)]
struct Outcome {
    #[serde(flatten)]
    row: Row,
    ratio: f64,
    met: Option<bool>,
    /// Every run of both sides, where messages were exchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<Runs>,
}

#[derive(Debug, Serialize)]
struct Runs {
    reference: Vec<Sample>,
    sockeye: Vec<Sample>,
}

impl Report {
    /// A report without results yet.
    pub(crate) fn new(machine: Machine, versions: Versions, rounds: Rounds) -> Self {
        Self {
            date: Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            machine,
            versions,
            rounds: rounds.count,
            measured_seconds: rounds.measured.as_secs_f64(),
            notes: Vec::new(),
            results: Vec::new(),
            peers: None,
        }
    }

    /// Adds what a reader has to know of the circumstances.
    pub(crate) fn note(&mut self, text: String) {
        self.notes.push(text);
    }

    /// Adds a case with its runs.
    pub(crate) fn add_measured(&mut self, measured: Measured) {
        let Measured {
            row,
            reference,
            sockeye,
        } = measured;
        self.push(row, Some(Runs { reference, sockeye }));
    }

    /// Adds a row that has no runs.
    pub(crate) fn add(&mut self, row: Row) {
        self.push(row, None);
    }

    /// Adds the table of all servers.
    pub(crate) fn add_peers(&mut self, matrix: Matrix) {
        self.peers = Some(matrix);
    }

    /// Whether every bar is met.
    pub(crate) fn all_met(&self) -> bool {
        self.results
            .iter()
            .all(|outcome| outcome.met != Some(false))
    }

    /// The table with the circumstances above and the notes below.
    pub(crate) fn text(&self) -> String {
        let rows: Vec<Row> = self
            .results
            .iter()
            .map(|outcome| outcome.row.clone())
            .collect();
        let mut text = format!(
            "{}\n{}, {} cores, kernel {}; {}\nsockeye: {}; {}; {} rounds of {} s\n\n{}",
            self.date,
            self.machine.cpu,
            self.machine.cores,
            self.machine.kernel,
            self.machine.placement,
            self.versions.sockeye,
            self.versions.rustc,
            self.rounds,
            self.measured_seconds,
            table::render(&rows),
        );
        if let Some(matrix) = &self.peers {
            // Writing to a string does not fail.
            let _written = write!(text, "\n{}", matrix.text());
        }
        for note in &self.notes {
            let _written = write!(text, "\nnote: {note}");
        }
        text
    }

    /// The report as JSON, ended by a line feed.
    pub(crate) fn json(&self) -> String {
        let json = serde_json::to_string_pretty(self);
        json.expect("the report holds only strings and numbers, keyed by names") + "\n"
    }

    fn push(&mut self, row: Row, runs: Option<Runs>) {
        let (ratio, met) = (row.ratio(), row.met());
        self.results.push(Outcome {
            row,
            ratio,
            met,
            runs,
        });
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::placement::Placement;
    use crate::statistics::Summary;
    use crate::table::{Bar, Unit};

    fn report(sockeye_kib: f64) -> Report {
        let versions = Versions {
            sockeye: "sockeye 0.1.0".to_owned(),
            bench: "0.1.0",
            rustc: "rustc 1".to_owned(),
        };
        let second = Duration::from_secs(1);
        let rounds = Rounds {
            count: 7,
            warm_up: second,
            measured: second,
            long: second,
        };
        let mut report = Report::new(Machine::this(Placement::Shared), versions, rounds);
        report.add(Row {
            case: "memory".to_owned(),
            unit: Unit::Kibibytes,
            reference: Summary::once(0.5),
            sockeye: Summary::once(sockeye_kib),
            bar: Some(Bar::AtMost(8.0)),
            pace: None,
        });
        report
    }

    #[test]
    fn one_missed_bar_misses_the_whole() {
        assert!(report(2.0).all_met());
        assert!(!report(9.0).all_met());
    }

    #[test]
    fn json_holds_the_circumstances_and_each_result() {
        let json: serde_json::Value = serde_json::from_str(&report(9.0).json()).unwrap();
        assert_eq!(json["versions"]["sockeye"], "sockeye 0.1.0");
        assert_eq!(json["rounds"], 7);
        assert!(json["date"].as_str().unwrap().ends_with('Z'));
        let result = &json["results"][0];
        assert_eq!(result["case"], "memory");
        assert_eq!(result["unit"], "KiB");
        assert_eq!(result["bar"]["at_most"], 8.0);
        assert_eq!(result["ratio"], 18.0);
        assert_eq!(result["met"], false);
    }

    #[test]
    fn notes_follow_the_table() {
        let mut report = report(2.0);
        report.note("only 900 connections".to_owned());
        assert!(
            report.text().ends_with("\nnote: only 900 connections"),
            "{}",
            report.text()
        );
    }
}
