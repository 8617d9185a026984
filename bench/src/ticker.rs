//! Scheduled messages pass through here: what they cost, and how far each is behind its own connection's grid.

use std::time::{Duration, Instant};

use crate::cases::{Rounds, summary_of};
use crate::crowd::Crowd;
use crate::error::{BenchError, LoadError};
use crate::histogram::Histogram;
use crate::mocks::{Mock, TICK_MS};
use crate::proc::CpuTimes;
use crate::server::{Program, Programs, Server};
use crate::statistics::Summary;
use crate::table::{Bar, Pace, Row, Unit};

/// Connections, if so many files may be open.
const CONNECTIONS: usize = 1_000;
const INTERVAL: Duration = Duration::from_millis(TICK_MS);
/// How long one wait for messages takes at most.
const WAIT: Duration = Duration::from_millis(100);
/// Percent of one core.
const CPU_BAR: Bar = Bar::Below(5.0);
/// Milliseconds behind the grid.
const LATENESS_BAR: Bar = Bar::Below(5.0);

/// What one server came to.
struct Run {
    percent: f64,
    pace: Pace,
    /// 99th percentile of each second.
    p99_ms: Summary,
}

/// Measures both tickers, one after the other.
pub(crate) fn measure(
    programs: &Programs,
    connections: usize,
    rounds: Rounds,
) -> Result<Vec<Row>, BenchError> {
    let connections = connections.min(CONNECTIONS);
    let run = |program, path| -> Result<Run, BenchError> {
        let server = programs.start(program)?;
        let ran = run(&server, path, connections, rounds.long);
        ran.map_err(|source| BenchError::Load {
            case: format!("{connections} scheduled messages"),
            source,
        })
    };
    let reference = run(Program::RawTicker, None)?;
    let sockeye = run(Program::Sockeye(Mock::Ticker), Some("/ticker"))?;
    let row = |case: &str, unit, bar, figure: fn(&Run) -> Summary| Row {
        case: format!("{connections} connections, a message each second / raw TCP, {case}"),
        unit,
        reference: figure(&reference),
        sockeye: figure(&sockeye),
        bar: Some(bar),
        pace: None,
    };
    let mut cpu = row("CPU of one core", Unit::Percent, CPU_BAR, |run| {
        Summary::once(run.percent)
    });
    cpu.pace = Some([reference.pace, sockeye.pace]);
    let late = row(
        "p99 behind its grid",
        Unit::Milliseconds,
        LATENESS_BAR,
        |run| run.p99_ms,
    );
    Ok(vec![cpu, late])
}

fn run(
    server: &Server,
    path: Option<&str>,
    connections: usize,
    time: Duration,
) -> Result<Run, LoadError> {
    let mut crowd = Crowd::new()?;
    crowd.join(server.address(), path, connections)?;
    let mut arrivals = vec![Vec::new(); connections];
    // The first messages come meanwhile.
    listen(&mut crowd, INTERVAL, &mut arrivals)?;
    arrivals.iter_mut().for_each(Vec::clear);
    let before = (Instant::now(), CpuTimes::of(server.pid())?);
    listen(&mut crowd, time, &mut arrivals)?;
    let elapsed = before.0.elapsed();
    let cpu = CpuTimes::of(server.pid())?.spent_since(&before.1);
    let mut all = Histogram::new();
    let mut seconds: Vec<Histogram> = Vec::new();
    for (connection, arrivals) in arrivals.iter().enumerate() {
        if !is_complete(arrivals.len(), elapsed) {
            let (got, seconds) = (arrivals.len(), elapsed.as_secs_f64());
            return Err(LoadError::Missing {
                connection,
                got,
                seconds,
            });
        }
        for (second, lateness) in lateness(arrivals, INTERVAL).into_iter().enumerate() {
            all.record(lateness, 1);
            seconds.resize_with(seconds.len().max(second + 1), Histogram::new);
            seconds[second].record(lateness, 1);
        }
    }
    // An eleventh message has come to those few that had their first one at once.
    seconds.truncate(usize::try_from(time.as_secs()).unwrap_or(1));
    let micros = |behind: &Histogram, percent| behind.percentile(percent).as_secs_f64() * 1e6;
    let messages: usize = arrivals.iter().map(Vec::len).sum();
    Ok(Run {
        percent: cpu.div_duration_f64(elapsed) * 100.0,
        pace: Pace {
            rate: f64::from(u32::try_from(messages).unwrap_or(u32::MAX)) / elapsed.as_secs_f64(),
            p50_us: micros(&all, 50),
            p99_us: micros(&all, 99),
        },
        p99_ms: summary_of(&seconds, |behind| micros(behind, 99) / 1e3),
    })
}

fn listen(
    crowd: &mut Crowd,
    time: Duration,
    arrivals: &mut [Vec<Instant>],
) -> Result<(), LoadError> {
    let end = Instant::now() + time;
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        crowd.listen(left.min(WAIT), |heard| {
            arrivals[heard.member].push(heard.at);
        })?;
    }
}

/// Whether so many messages are all of a stretch of time: one may lie just before it and one just behind.
fn is_complete(messages: usize, elapsed: Duration) -> bool {
    let beats = elapsed.div_duration_f64(INTERVAL);
    f64::from(u32::try_from(messages).unwrap_or(u32::MAX)) >= (beats - 1.0).floor()
}

/// How far each arrival lies behind a grid of `interval` that begins so that the most punctual arrival is on it.
///
/// A beat that was left out shifts nothing: the arrivals after it are on later lines of the same grid.
fn lateness(arrivals: &[Instant], interval: Duration) -> Vec<Duration> {
    let Some(first) = arrivals.first() else {
        return Vec::new();
    };
    // The first line is half an interval before the first arrival, so that no remainder is negative.
    let half = interval / 2;
    let offset = |at: &Instant| {
        let since = (at.saturating_duration_since(*first) + half).as_nanos();
        since % interval.as_nanos()
    };
    let offsets: Vec<u128> = arrivals.iter().map(offset).collect();
    let best = offsets.iter().min().copied().unwrap_or_default();
    let behind = |offset: u128| u64::try_from(offset - best).unwrap_or(u64::MAX);
    offsets
        .into_iter()
        .map(|offset| Duration::from_nanos(behind(offset)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lateness_counts_from_the_most_punctual_arrival_over_beats_that_were_left_out() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let found = lateness(
            &[at(103), at(201), at(300), at(504), at(600)],
            Duration::from_millis(100),
        );
        let milliseconds: Vec<u128> = found.iter().map(Duration::as_millis).collect();
        assert_eq!(milliseconds, [3, 1, 0, 4, 0]);
        assert!(lateness(&[], INTERVAL).is_empty());
    }

    #[test]
    fn a_stretch_has_a_message_for_each_interval_but_perhaps_one() {
        let elapsed = Duration::from_millis(10_040);
        assert!(is_complete(9, elapsed));
        assert!(!is_complete(8, elapsed));
    }
}
