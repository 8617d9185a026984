//! A dashboard passes through here: 10,000 messages a second are echoed while it shows each, and while it is away.

use std::time::{Duration, Instant};

use crate::cases::Rounds;
use crate::crowd::Crowd;
use crate::error::{BenchError, LoadError};
use crate::frames::{client_frame, json_text};
use crate::mocks::Mock;
use crate::operator::Watcher;
use crate::proc::CpuTimes;
use crate::server::{Program, Programs, Server};
use crate::statistics::Summary;
use crate::table::{Bar, Row, Unit};

/// Connections that send.
const CONNECTIONS: usize = 64;
/// Messages that are sent each millisecond, by one connection after the other.
const EACH_TICK: u32 = 10;
const TICK: Duration = Duration::from_millis(1);
/// Bytes of a message.
const MESSAGE_BYTES: usize = 64;
/// With the dashboard open, 95 % of the messages that come back without it come back.
const RATE_BAR: Bar = Bar::RatioAtLeast(0.95);

/// One side of a round.
struct Run {
    messages: u64,
    rate: f64,
    percent: f64,
}

/// Measures in turns: closed, open, closed, open.
pub(crate) fn measure(programs: &Programs, rounds: Rounds) -> Result<Vec<Row>, BenchError> {
    let server = programs.start(Program::Operated(Mock::Basic))?;
    let admin = server.admin()?;
    let failed = |source: LoadError| BenchError::Load {
        case: "a dashboard that watches".to_owned(),
        source,
    };
    let mut crowd = Crowd::new().map_err(failed)?;
    crowd
        .join(server.address(), Some("/echo"), CONNECTIONS)
        .map_err(failed)?;
    let (mut closed, mut open) = (Vec::new(), Vec::new());
    for _ in 0..rounds.count {
        closed.push(run(&mut crowd, &server, rounds).map_err(failed)?);
        let watcher = Watcher::start(admin).map_err(|error| failed(error.into()))?;
        let run = run(&mut crowd, &server, rounds).map_err(failed)?;
        let bytes = watcher.stop().map_err(|error| failed(error.into()))?;
        // Each message comes and goes; of those told at most half may be left out, and each takes more than its own length.
        if bytes < run.messages * MESSAGE_BYTES as u64 {
            let text = format!("the dashboard was told {bytes} bytes only");
            return Err(failed(std::io::Error::other(text).into()));
        }
        open.push(run);
    }
    let of = |runs: &[Run], figure: fn(&Run) -> f64| {
        Summary::of(runs.iter().map(figure)).unwrap_or(Summary::once(f64::NAN))
    };
    let row = |case: &str, unit, bar, figure: fn(&Run) -> f64| Row {
        case: format!("echo of 10000 messages a second, dashboard open / closed, {case}"),
        unit,
        reference: of(&closed, figure),
        sockeye: of(&open, figure),
        bar,
        pace: None,
    };
    Ok(vec![
        row("answered", Unit::MessagesPerSecond, Some(RATE_BAR), |run| {
            run.rate
        }),
        row("CPU of one core", Unit::Percent, None, |run| run.percent),
    ])
}

/// Sends at the pace; what came back in that time counts, and then the rest is waited for.
fn run(crowd: &mut Crowd, server: &Server, rounds: Rounds) -> Result<Run, LoadError> {
    let frame = client_frame(json_text(MESSAGE_BYTES).as_bytes());
    let (before, cpu) = (Instant::now(), CpuTimes::of(server.pid())?);
    let (mut sent, mut heard, mut next) = (0_u32, 0_u32, before);
    while before.elapsed() < rounds.measured {
        for _ in 0..EACH_TICK {
            crowd.send(sent as usize % CONNECTIONS, &frame)?;
            sent += 1;
        }
        next += TICK;
        loop {
            let wait = next.saturating_duration_since(Instant::now());
            crowd.listen(wait, |_| heard += 1)?;
            if wait.is_zero() {
                break;
            }
        }
    }
    let elapsed = before.elapsed();
    let cpu = CpuTimes::of(server.pid())?.spent_since(&cpu);
    let rate = f64::from(heard) / elapsed.as_secs_f64();
    let limit = Instant::now() + Duration::from_secs(5);
    while heard < sent && Instant::now() < limit {
        crowd.listen(TICK, |_| heard += 1)?;
    }
    if heard != sent {
        return Err(LoadError::Stalled {
            outstanding: sent.abs_diff(heard),
        });
    }
    Ok(Run {
        messages: heard.into(),
        rate,
        percent: cpu.div_duration_f64(elapsed) * 100.0,
    })
}
