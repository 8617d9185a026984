//! The report of a run as text, and how it goes each second.

use std::fmt::Write as _;
use std::time::Duration;

use sockeye_drive::{Latencies, Progress, Tally};

use super::bound::PERCENTILES;
use super::report::Report;
use crate::report::counted;
use crate::ws::harmless;

/// Milliseconds with three digits behind the point.
pub(super) fn millis(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}

/// One line about a second.
pub(super) fn second(progress: &Progress<'_>) -> String {
    let Progress { seconds, tally } = progress;
    let mut line = format!("{seconds:>4} s  {} answered", tally.answered);
    if !tally.latencies.is_empty() {
        let at = |share| millis(tally.latencies.quantile(share));
        let (half, most) = (at(0.5), at(0.99));
        let _ = write!(
            line,
            ", p50 {half}, p99 {most}, max {}",
            millis(tally.latencies.max())
        );
    }
    for (count, name) in faults(tally) {
        let _ = write!(line, ", {count} {name}");
    }
    line
}

/// What went wrong with messages, and how often.
fn faults(tally: &Tally) -> impl Iterator<Item = (u64, &'static str)> {
    let all = [
        (tally.lost, "lost"),
        (tally.overdue, "after they were given up"),
        (tally.wrong, "wrong"),
        (tally.doubled, "doubled"),
        (tally.out_of_order, "out of order"),
        (tally.unsent, "never sent"),
    ];
    all.into_iter().filter(|(count, _)| *count > 0)
}

/// The whole report.
pub(super) fn text(report: &Report<'_>) -> String {
    let mut text = format!("{}\n", harmless(report.url));
    let mut line = |name: &str, value: String| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "  {name:<12} {value}");
    };
    line("connections", connections(report));
    let tally = report.total;
    line(
        "messages",
        format!(
            "{} sent, {} answered in {:.3} s, {:.1} per second",
            tally.sent,
            tally.answered,
            tally.lasted.as_secs_f64(),
            tally.rate()
        ),
    );
    line(
        "bytes",
        format!("{} out, {} in", tally.bytes_out, tally.bytes_in),
    );
    line("latency", latencies(&tally.latencies));
    if report.load.rate.is_some() {
        let behind = latencies(&tally.lateness);
        line("lateness", format!("{behind}; {} over 1 ms", tally.late));
    }
    let cpu = tally.cpu_per_message().as_secs_f64() * 1e6;
    line("own CPU", format!("{cpu:.3} µs to each message"));
    let all: Vec<String> = faults(tally)
        .map(|(count, name)| format!("{count} {name}"))
        .collect();
    let no_faults = || "none".to_owned();
    line(
        "faults",
        if all.is_empty() {
            no_faults()
        } else {
            all.join(", ")
        },
    );
    if tally.unasked > 0 {
        line("unasked", counted(tally.unasked, "message"));
    }
    if report.is_broken_off {
        let flying = counted(tally.in_flight, "message");
        line("broken off", format!("{flying} on the way"));
    }
    for bound in &report.broken_bounds {
        line("failed", bound.clone());
    }
    text
}

fn connections(report: &Report<'_>) -> String {
    let opened = report.opened;
    let mut text = format!("{} of {} open", opened.open, report.load.connections);
    if !opened.times.is_empty() {
        let _ = write!(text, ", connecting took {}", latencies(&opened.times));
    }
    for (status, count) in &opened.refusals.by_status {
        let _ = write!(text, "; {count} refused with {status}");
    }
    for (reason, count) in &opened.refusals.by_reason {
        let _ = write!(text, "; {count} failed: {}", harmless(reason));
    }
    let tally = report.total;
    for (code, count) in &tally.closed {
        let _ = write!(text, "; {count} ended with {code}");
    }
    if tally.broken > 0 {
        let _ = write!(text, "; {} broke the protocol", tally.broken);
    }
    if let Some(fault) = &tally.first_fault {
        let _ = write!(text, "; first: {}", harmless(fault));
    }
    text
}

fn latencies(latencies: &Latencies) -> String {
    if latencies.is_empty() {
        return "nothing measured".to_owned();
    }
    let mut text = String::new();
    for (name, share) in PERCENTILES {
        let _ = write!(text, "{name} {}, ", millis(latencies.quantile(share)));
    }
    let _ = write!(text, "max {}", millis(latencies.max()));
    text
}
