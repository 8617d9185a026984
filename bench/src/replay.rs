//! A recording that is played passes through here: how far each message is from its instant, and the whole from its length.

use std::fmt::Write as _;
use std::thread;
use std::time::{Duration, Instant};

use crate::cases::Rounds;
use crate::crowd::{Crowd, STALL_LIMIT};
use crate::error::{BenchError, LoadError};
use crate::server::{Program, Programs, Server};
use crate::statistics::Summary;
use crate::table::{Bar, Row, Unit};

/// How many times as fast as recorded.
const SPEEDS: [u32; 2] = [1, 2];
/// When the first message is: the client has its `101` by then.
const FIRST: Duration = Duration::from_millis(100);
/// Mean time from one message to the next.
const STEP_MS: u32 = 5;
/// Milliseconds from the instant at which a message was due, early or late.
const LATENESS_BAR: Bar = Bar::Below(2.0);
/// Percent of the recorded length.
const LENGTH_BAR: Bar = Bar::AtMost(2.0);
/// How long one wait for messages takes at most.
const WAIT: Duration = Duration::from_millis(100);

/// What one run came to.
struct Run {
    p99_ms: f64,
    length_off_percent: f64,
}

/// Measures each speed, beside a thread that sleeps until the same instants.
pub(crate) fn measure(programs: &Programs, rounds: Rounds) -> Result<Vec<Row>, BenchError> {
    let messages = u32::try_from(rounds.long.as_millis()).unwrap_or(u32::MAX) / STEP_MS;
    let mut rows = Vec::new();
    for speed in SPEEDS {
        let due: Vec<Duration> = (0..messages).map(|number| at(number) / speed).collect();
        let server = programs.start(Program::Replay { messages, speed })?;
        let case = format!("{messages} messages replayed at speed {speed}");
        let heard = listen(&server, due.len()).map_err(|source| BenchError::Load {
            case: case.clone(),
            source,
        })?;
        let (reference, sockeye) = (run(&due, &sleep(&due)), run(&due, &heard));
        let row = |what: &str, unit, bar, figure: fn(&Run) -> f64| Row {
            case: format!("{case} / a sleeping thread, {what}"),
            unit,
            reference: Summary::once(figure(&reference)),
            sockeye: Summary::once(figure(&sockeye)),
            bar: Some(bar),
            pace: None,
        };
        let late = row("p99 off", Unit::Milliseconds, LATENESS_BAR, |run| {
            run.p99_ms
        });
        let long = row("length off", Unit::Percent, LENGTH_BAR, |run| {
            run.length_off_percent
        });
        rows.extend([late, long]);
    }
    Ok(rows)
}

/// The session file: the server says a message every 4 to 6 ms.
pub(crate) fn session(messages: u32) -> String {
    let mut text =
        String::from(r#"{"metadata":{"recorded_at":"2024-01-15T10:30:00Z"},"messages":["#);
    for number in 0..messages {
        let comma = if number == 0 { "" } else { "," };
        // Writing to a string does not fail.
        let _written = write!(
            text,
            r#"{comma}{{"timestamp_ms":{},"direction":"outgoing","type":"text","data":"{number}"}}"#,
            at(number).as_millis(),
        );
    }
    text.push_str("]}");
    text
}

/// When a message was recorded.
fn at(number: u32) -> Duration {
    let beside = number.wrapping_mul(7919) % 3;
    FIRST + Duration::from_millis(u64::from(number * STEP_MS + beside))
}

/// Times since the connection was open, one for each message in order.
fn listen(server: &Server, messages: usize) -> Result<Vec<Duration>, LoadError> {
    let mut crowd = Crowd::new()?;
    crowd.join(server.address(), Some("/ws"), 1)?;
    let open = Instant::now();
    let mut heard = Vec::with_capacity(messages);
    let mut in_order = true;
    let mut last = open;
    while heard.len() < messages && last.elapsed() < STALL_LIMIT {
        crowd.listen(WAIT, |message| {
            in_order &= message.text == heard.len().to_string().as_bytes();
            heard.push(message.at - open);
            last = message.at;
        })?;
    }
    if heard.len() == messages && in_order {
        return Ok(heard);
    }
    Err(LoadError::Missing {
        connection: 0,
        got: heard.len(),
        seconds: open.elapsed().as_secs_f64(),
    })
}

/// What this machine makes of a thread that only sleeps until each instant.
#[expect(
    clippy::disallowed_methods,
    reason = "how punctual a sleep is, is measured"
)]
fn sleep(due: &[Duration]) -> Vec<Duration> {
    let start = Instant::now();
    let mut woken = Vec::with_capacity(due.len());
    for due in due {
        thread::sleep(due.saturating_sub(start.elapsed()));
        woken.push(start.elapsed());
    }
    woken
}

fn run(due: &[Duration], came: &[Duration]) -> Run {
    let mut off: Vec<Duration> = due
        .iter()
        .zip(came)
        .map(|(due, came)| due.abs_diff(*came))
        .collect();
    off.sort_unstable();
    // The last of the first 99 percent.
    let p99 = (off.len() * 99).div_ceil(100).saturating_sub(1);
    let p99 = off.get(p99).copied().unwrap_or_default();
    let length = |times: &[Duration]| match (times.first(), times.last()) {
        (Some(first), Some(last)) => last.saturating_sub(*first),
        _ => Duration::ZERO,
    };
    let recorded = length(due);
    let length_off = length(came).abs_diff(recorded).div_duration_f64(recorded);
    Run {
        p99_ms: p99.as_secs_f64() * 1e3,
        length_off_percent: length_off * 100.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(times: &[u64]) -> Vec<Duration> {
        times.iter().map(|ms| Duration::from_millis(*ms)).collect()
    }

    #[test]
    fn early_counts_as_late_does_and_the_length_is_from_first_to_last() {
        let run = run(&ms(&[100, 200, 300]), &ms(&[97, 201, 301]));
        assert!((run.p99_ms - 3.0).abs() < 1e-9, "{}", run.p99_ms);
        assert!((run.length_off_percent - 2.0).abs() < 1e-9);
    }

    #[test]
    fn one_message_of_a_hundred_may_be_anywhere() {
        let due = vec![Duration::ZERO; 100];
        let mut came = due.clone();
        came[7] = Duration::from_secs(1);
        assert!(run(&due, &came).p99_ms.abs() < 1e-9);
        came[8] = Duration::from_secs(1);
        assert!((run(&due, &came).p99_ms - 1000.0).abs() < 1e-9);
    }

    #[test]
    fn a_recording_of_ten_seconds_has_its_messages_in_order() {
        let times: Vec<Duration> = (0..2_000).map(at).collect();
        assert!(times.is_sorted());
        assert_eq!(times[1_999].as_secs(), 10);
        let text = session(2);
        assert!(text.ends_with(r#""data":"0"},{"timestamp_ms":107,"direction":"outgoing","type":"text","data":"1"}]}"#), "{text}");
    }
}
