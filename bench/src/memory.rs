//! Idle connections pass through here: thousands are opened, and the server's resident memory is weighed.

use std::time::{Duration, Instant};

use crate::client::{Load, Plan};
use crate::error::{BenchError, LoadError};
use crate::frames::{Exchange, json_text};
use crate::mocks::Mock;
use crate::proc::{open_files_limit, resident_kib};
use crate::server::{Program, Programs, Server};
use crate::statistics::Summary;
use crate::table::{Bar, Row, Unit};

/// Connections held open when the limits allow it.
pub(crate) const WANTED_CONNECTIONS: usize = 5_000;
/// Fewer say nothing: the server's fixed cost would count.
const LEAST_CONNECTIONS: usize = 500;
/// Files that a process needs besides its connections.
const OTHER_FILES: usize = 64;
/// Bytes of the message that is sent once on each connection.
const MESSAGE_BYTES: usize = 1024;
/// KiB of resident memory to each idle connection.
const BAR: Bar = Bar::AtMost(8.0);
/// KiB of resident memory that a scripted connection may have above a plain one.
const SCRIPTED_BAR: Bar = Bar::AboveByAtMost(12.0);
/// Memory has settled when it has not changed over this many looks, and is taken as it is at the limit.
const STILL_LOOKS: u32 = 4;
const LOOK_INTERVAL: Duration = Duration::from_millis(100);
const SETTLE_LIMIT: Duration = Duration::from_secs(5);

/// KiB of resident memory to each connection.
struct Weight {
    idle: f64,
    used: f64,
}

/// How many connections the limit on open files leaves room for, at most [`WANTED_CONNECTIONS`].
pub(crate) fn possible_connections() -> Result<usize, BenchError> {
    fitting(open_files_limit()?, LEAST_CONNECTIONS).map(|room| room.min(WANTED_CONNECTIONS))
}

/// Fails unless the limit on open files leaves room for `least` connections; how many it does leave room for.
pub(crate) fn fitting(limit: usize, least: usize) -> Result<usize, BenchError> {
    let room = limit.saturating_sub(OTHER_FILES);
    if room < least {
        let wanted = least + OTHER_FILES;
        return Err(BenchError::FewFiles { limit, wanted });
    }
    Ok(room)
}

/// Weighs both servers, each freshly started: once idle, once after a message on every connection.
///
/// A third server is weighed with connections that have a script with state, against plain ones.
pub(crate) fn measure(programs: &Programs, connections: usize) -> Result<[Row; 3], BenchError> {
    let text = json_text(MESSAGE_BYTES);
    let (raw, echo) = (Exchange::raw(&text), Exchange::web_socket(&text, &text));
    let reference = weigh(&programs.start(Program::RawEcho)?, None, &raw, connections)?;
    let sockeye = weigh(
        &programs.start(Program::Sockeye(Mock::Basic))?,
        Some("/echo"),
        &echo,
        connections,
    )?;
    let scripts = programs.start(Program::Sockeye(Mock::Scripts))?;
    let scripted = weigh(&scripts, Some("/state"), &echo, connections)?;
    let idle = format!("memory, {connections} idle connections");
    let used = "memory, after one 1 KiB message on each".to_owned();
    let state = "memory, scripted with state / plain, after one message".to_owned();
    Ok([
        row(idle, reference.idle, sockeye.idle, BAR),
        row(used, reference.used, sockeye.used, BAR),
        row(state, sockeye.used, scripted.used, SCRIPTED_BAR),
    ])
}

fn row(case: String, reference: f64, sockeye: f64, bar: Bar) -> Row {
    let (reference, sockeye) = (Summary::once(reference), Summary::once(sockeye));
    Row {
        case,
        unit: Unit::Kibibytes,
        reference,
        sockeye,
        bar: Some(bar),
        pace: None,
    }
}

/// KiB of resident memory to each idle connection.
pub(crate) fn idle(
    server: &Server,
    path: Option<&str>,
    exchange: &Exchange,
    connections: usize,
) -> Result<f64, BenchError> {
    let failed = |source| BenchError::Load {
        case: format!("memory ({})", path.unwrap_or("raw echo")),
        source,
    };
    let before = resident_kib(server.pid())?;
    let plan = plan(server, path, exchange, connections);
    let mut load = Load::open(plan).map_err(failed)?;
    let idle = settled(&mut load, server.pid()).map_err(failed)?;
    Ok((f64::from(idle) - f64::from(before)) / as_f64(connections))
}

fn plan<'a>(
    server: &Server,
    path: Option<&'a str>,
    exchange: &'a Exchange,
    connections: usize,
) -> Plan<'a> {
    Plan {
        address: server.address(),
        path,
        offer: "",
        connections,
        window: 1,
        exchange,
    }
}

fn weigh(
    server: &Server,
    path: Option<&str>,
    exchange: &Exchange,
    connections: usize,
) -> Result<Weight, BenchError> {
    let plan = plan(server, path, exchange, connections);
    let failed = |source| BenchError::Load {
        case: format!("memory ({})", path.unwrap_or("raw echo")),
        source,
    };
    let before = resident_kib(server.pid())?;
    let mut load = Load::open(plan).map_err(failed)?;
    let idle = settled(&mut load, server.pid()).map_err(failed)?;
    load.send_everywhere(1).map_err(failed)?;
    load.drain().map_err(failed)?;
    let used = settled(&mut load, server.pid()).map_err(failed)?;
    let each = |kib: u32| (f64::from(kib) - f64::from(before)) / as_f64(connections);
    Ok(Weight {
        idle: each(idle),
        used: each(used),
    })
}

/// Resident memory when it no longer changes; the connections are watched meanwhile.
pub(crate) fn settled(load: &mut Load<'_>, pid: u32) -> Result<u32, LoadError> {
    let limit = Instant::now() + SETTLE_LIMIT;
    let mut last = resident_kib(pid)?;
    let mut still = 0;
    while still < STILL_LOOKS && Instant::now() < limit {
        load.rest(LOOK_INTERVAL)?;
        let now = resident_kib(pid)?;
        still = if now == last { still + 1 } else { 0 };
        last = now;
    }
    Ok(last)
}

fn as_f64(connections: usize) -> f64 {
    f64::from(u32::try_from(connections).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_fit_into_the_limit_on_open_files() {
        assert_eq!(fitting(1_024, LEAST_CONNECTIONS).unwrap(), 960);
        assert_eq!(
            fitting(256, LEAST_CONNECTIONS).unwrap_err().to_string(),
            "at most 256 files may be open: 564 are needed, raise `ulimit -n`"
        );
    }
}
