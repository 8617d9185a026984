//! What came of a run, and the same as JSON: docs/bench.md has a row for each member.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;
use sockeye_drive::{Expect, Latencies, Load, Opened, Outcome, Tally};
use sockeye_wire::Kind;

use super::bound::Bound;

/// Everything that is told at the end.
#[derive(Debug)]
pub(super) struct Report<'a> {
    /// Without what is secret in it.
    pub(super) url: &'a str,
    pub(super) load: &'a Load,
    pub(super) opened: &'a Opened,
    pub(super) total: &'a Tally,
    pub(super) threads: usize,
    pub(super) is_broken_off: bool,
    /// Bounds that do not hold, each with what was found.
    pub(super) broken_bounds: Vec<String>,
}

impl<'a> Report<'a> {
    pub(super) fn new(
        url: &'a str,
        load: &'a Load,
        outcome: &'a Outcome,
        bounds: &[Bound],
    ) -> Self {
        let total = &outcome.total;
        let broken = bounds.iter().filter_map(|bound| bound.broken_by(total));
        Self {
            url,
            load,
            opened: &outcome.opened,
            total,
            threads: outcome.threads,
            is_broken_off: outcome.is_broken_off,
            broken_bounds: broken.collect(),
        }
    }

    /// Whether everything was as it should be.
    pub(super) fn is_fine(&self) -> bool {
        let are_open = self.opened.refusals.count() == 0;
        let are_whole = self.total.closed.is_empty() && self.total.broken == 0;
        are_open && are_whole && self.total.faults() == 0 && self.broken_bounds.is_empty()
    }

    /// One document, ended by a line feed.
    pub(super) fn json(&self) -> String {
        let json = serde_json::to_string_pretty(&Document::from(self));
        json.expect("it holds only strings and numbers, keyed by names") + "\n"
    }
}

#[derive(Debug, Serialize)]
struct Document<'a> {
    url: &'a str,
    ok: bool,
    broken_off: bool,
    load: Asked,
    connections: Connections<'a>,
    messages: Messages,
    seconds: f64,
    rate: f64,
    latency_us: Option<Spread>,
    lateness_us: Option<Spread>,
    cpu_us_per_message: f64,
    failed: &'a [String],
}

#[derive(Debug, Serialize)]
struct Asked {
    connections: usize,
    rate: Option<f64>,
    pipelining: usize,
    payload_bytes: usize,
    kind: &'static str,
    expect: &'static str,
    warmup_seconds: f64,
    threads: usize,
}

#[derive(Debug, Serialize)]
struct Connections<'a> {
    open: usize,
    compressed: usize,
    at_the_end: u64,
    connect_us: Option<Spread>,
    refused: &'a BTreeMap<u16, u64>,
    failed: &'a BTreeMap<String, u64>,
    closed: &'a BTreeMap<u16, u64>,
    broken: u64,
    first_fault: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Messages {
    sent: u64,
    answered: u64,
    bytes_out: u64,
    bytes_in: u64,
    lost: u64,
    overdue: u64,
    wrong: u64,
    doubled: u64,
    out_of_order: u64,
    unasked: u64,
    unsent: u64,
    late: u64,
    in_flight: u64,
}

/// Microseconds.
#[derive(Debug, Serialize)]
struct Spread {
    mean: f64,
    p50: f64,
    p90: f64,
    p99: f64,
    #[serde(rename = "p99.9")]
    p99_9: f64,
    max: f64,
}

impl Spread {
    fn of(latencies: &Latencies) -> Option<Self> {
        let at = |share| micros(latencies.quantile(share));
        (!latencies.is_empty()).then(|| Self {
            mean: micros(latencies.mean()),
            p50: at(0.5),
            p90: at(0.9),
            p99: at(0.99),
            p99_9: at(0.999),
            max: micros(latencies.max()),
        })
    }
}

/// With three digits behind the point.
fn micros(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e9).round() / 1e3
}

impl<'a> From<&'a Report<'a>> for Document<'a> {
    fn from(report: &'a Report<'a>) -> Self {
        let tally = report.total;
        Self {
            url: report.url,
            ok: report.is_fine(),
            broken_off: report.is_broken_off,
            load: Asked::from(report),
            connections: Connections::from(report),
            messages: Messages::from(tally),
            seconds: tally.lasted.as_secs_f64(),
            rate: tally.rate(),
            latency_us: Spread::of(&tally.latencies),
            lateness_us: Spread::of(&tally.lateness),
            cpu_us_per_message: micros(tally.cpu_per_message()),
            failed: &report.broken_bounds,
        }
    }
}

impl From<&Report<'_>> for Asked {
    fn from(report: &Report<'_>) -> Self {
        let load = report.load;
        Self {
            connections: load.connections,
            rate: load.rate,
            pipelining: load.window(),
            payload_bytes: load.payload.len(),
            kind: match load.payload.kind() {
                Kind::Text => "text",
                Kind::Binary => "binary",
            },
            expect: match load.expect {
                Expect::Echo => "echo",
                Expect::Any => "any",
                Expect::Nothing => "none",
            },
            warmup_seconds: load.warm_up.as_secs_f64(),
            threads: report.threads,
        }
    }
}

impl<'a> From<&'a Report<'a>> for Connections<'a> {
    fn from(report: &'a Report<'a>) -> Self {
        let opened = report.opened;
        Self {
            open: opened.open,
            compressed: opened.compressed,
            at_the_end: report.total.open,
            connect_us: Spread::of(&opened.times),
            refused: &opened.refusals.by_status,
            failed: &opened.refusals.by_reason,
            closed: &report.total.closed,
            broken: report.total.broken,
            first_fault: report.total.first_fault.as_deref(),
        }
    }
}

impl From<&Tally> for Messages {
    fn from(tally: &Tally) -> Self {
        Self {
            sent: tally.sent,
            answered: tally.answered,
            bytes_out: tally.bytes_out,
            bytes_in: tally.bytes_in,
            lost: tally.lost,
            overdue: tally.overdue,
            wrong: tally.wrong,
            doubled: tally.doubled,
            out_of_order: tally.out_of_order,
            unasked: tally.unasked,
            unsent: tally.unsent,
            late: tally.late,
            in_flight: tally.in_flight,
        }
    }
}
