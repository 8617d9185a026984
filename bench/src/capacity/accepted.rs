//! New connections pass through here as fast as one core of a client makes them: how many a server accepts and upgrades.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

use crate::cases::summary_of;
use crate::error::BenchError;
use crate::handshake::{OpenError, accepts, connect, read_head, request};
use crate::mocks::Mock;
use crate::proc::CpuTimes;
use crate::server::{Program, Programs, Server};
use crate::table::{Bar, Row, Unit};

/// Handshakes that are under way while the client makes as many new ones.
const BATCH: usize = 32;
/// Handshakes of a round, if so many files may be open; each on a connection that stays open.
const CONNECTIONS: usize = 5_000;
/// Handshakes to each second.
const BAR: Bar = Bar::AtLeast(5_000.0);

struct Round {
    rate: f64,
    cpu_us: f64,
}

/// Measures both servers in turn, each started anew for each round.
pub(super) fn measure(
    programs: &Programs,
    connections: usize,
    rounds: usize,
) -> Result<Vec<Row>, BenchError> {
    let connections = connections.min(CONNECTIONS);
    let (mut reference, mut subject) = (Vec::new(), Vec::new());
    for _round in 0..rounds {
        let raw = programs.start(Program::RawEcho)?;
        reference.push(round(&raw, connections, |head| head.starts_with("GET "))?);
        let sockeye = programs.start(Program::Sockeye(Mock::Basic))?;
        subject.push(round(&sockeye, connections, accepts)?);
    }
    let row = |case: &str, unit, bar, figure: fn(&Round) -> f64| Row {
        case: format!("{connections} handshakes / as many first messages of raw TCP, {case}"),
        unit,
        reference: summary_of(&reference, figure),
        sockeye: summary_of(&subject, figure),
        bar,
        pace: None,
    };
    let rate = Unit::ConnectionsPerSecond;
    Ok(vec![
        row("accepted", rate, Some(BAR), |round| round.rate),
        row("CPU to each", Unit::CpuMicroseconds, None, |round| {
            round.cpu_us
        }),
    ])
}

/// While a batch is answered, the client makes the next one.
fn round(
    server: &Server,
    connections: usize,
    is_good: fn(&str) -> bool,
) -> Result<Round, BenchError> {
    let address = server.address();
    let failed = |source| OpenError::Io { address, source };
    let mut open = Vec::with_capacity(connections);
    let before = (Instant::now(), CpuTimes::of(server.pid())?);
    let mut asked = ask(address, BATCH).map_err(failed)?;
    while open.len() < connections {
        let next = ask(address, BATCH).map_err(failed)?;
        for mut stream in std::mem::replace(&mut asked, next) {
            let head = read_head(&mut stream).map_err(failed)?;
            if !is_good(&head) {
                return Err(OpenError::refused(address, PATH, &head).into());
            }
            open.push(stream);
        }
    }
    let elapsed = before.0.elapsed();
    let cpu = CpuTimes::of(server.pid())?.spent_since(&before.1);
    let count = f64::from(u32::try_from(open.len()).unwrap_or(u32::MAX));
    Ok(Round {
        rate: count / elapsed.as_secs_f64(),
        cpu_us: cpu.as_secs_f64() * 1e6 / count,
    })
}

const PATH: &str = "/echo";

/// Connects and sends the requests.
fn ask(address: SocketAddr, count: usize) -> io::Result<Vec<TcpStream>> {
    let request = request(address, PATH);
    let one = |_| {
        let mut stream = connect(address)?;
        stream.write_all(request.as_bytes())?;
        Ok(stream)
    };
    (0..count).map(one).collect()
}
