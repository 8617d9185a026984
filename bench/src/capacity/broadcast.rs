//! One message to ten thousand connections passes through here: how long until the last of them has it.

use crate::cases::summary_of;
use crate::error::{BenchError, LoadError};
use crate::frames::{client_frame, server_frame};
use crate::memory::fitting;
use crate::mocks::Mock;
use crate::proc::open_files_limit;
use crate::room::{Room, Round, pace};
use crate::server::{Cores, Program, Programs};
use crate::table::{Bar, Row, Unit};

/// Members: as many as the guide's default lets in.
const MEMBERS: usize = 10_000;
/// Rounds of thirty messages each.
const ROUNDS: usize = 3;
/// Milliseconds from sending to the arrival at the last member.
const BAR: Bar = Bar::Below(40.0);

/// Measures both in turn. The servers are on both cores, with the client, as they are in the part `room`.
pub(super) fn measure(programs: &Programs, rounds: usize) -> Result<Vec<Row>, BenchError> {
    fitting(open_files_limit()?, MEMBERS)?;
    let failed = |source: LoadError| BenchError::Load {
        case: format!("broadcast to {MEMBERS}"),
        source,
    };
    // One after the other and opened anew each time: both at once would want twice as many files.
    let round = |program, path, frame| {
        let server = programs.start_on(Cores::Both, program)?;
        let mut room = Room::open(server, path, MEMBERS, frame).map_err(failed)?;
        room.round().map_err(failed)
    };
    let raw = |text: &str| server_frame(chat(text).as_bytes());
    let framed = |text: &str| client_frame(chat(text).as_bytes());
    let crowd = Program::Sockeye(Mock::Crowd);
    let (mut reference, mut subject) = (Vec::new(), Vec::new());
    for _round in 0..rounds.min(ROUNDS) {
        reference.push(round(Program::RawToAll, None, raw)?);
        subject.push(round(crowd, Some("/crowd"), framed)?);
    }
    Ok(rows(&reference, &subject))
}

fn chat(text: &str) -> String {
    format!(r#"{{"type":"chat","text":"{text}"}}"#)
}

fn rows(reference: &[Round], subject: &[Round]) -> Vec<Row> {
    let row = |case: &str, unit, bar, figure: fn(&Round) -> f64| Row {
        case: format!("broadcast to {MEMBERS} / raw TCP to all, two cores with the client, {case}"),
        unit,
        reference: summary_of(reference, figure),
        sockeye: summary_of(subject, figure),
        bar,
        pace: None,
    };
    let ms = Unit::Milliseconds;
    let mut cpu = row("each copy", Unit::CpuMicroseconds, None, |round| {
        round.cpu_us
    });
    cpu.pace = Some([pace(reference), pace(subject)]);
    vec![
        cpu,
        row("last member, mean of messages", ms, Some(BAR), |round| {
            round.mean_last_us / 1e3
        }),
        row("last member, p99 of messages", ms, Some(BAR), |round| {
            round.last_us / 1e3
        }),
    ]
}
