//! Walks of the WebSocket services pass through here: steps to the second, and what sessions weigh.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::Barrier;
use std::time::{Duration, Instant};

use super::graphs::{Graph, Scripts, random, small};
use super::talk::Talk;
use super::{BOTH, ModelError, Side, Sides, rest, row};
use crate::cases::Rounds;
use crate::proc::resident_kib;
use crate::server::Cores;
use crate::table::{Bar, Row, Unit};

/// Sessions of the small model that are weighed together.
const SESSIONS: usize = 1_000;
/// Edges of the model whose one session is weighed.
const LARGE: u32 = 100_000;
/// How long a service may take until it accepts connections.
const START_LIMIT: Duration = Duration::from_secs(10);
const LOOK_INTERVAL: Duration = Duration::from_millis(5);
/// Memory has settled after this.
const SETTLED: Duration = Duration::from_millis(500);

pub(super) fn measure(
    sides: &Sides,
    rounds: Rounds,
    report: &mut impl FnMut(&str),
) -> Result<Vec<Row>, ModelError> {
    let mut rows = Vec::new();
    for (clients, bar) in [(1, 1.5), (8, 2.0)] {
        for (name, graph) in [
            ("small model", small()),
            (
                "1000 edges, guard and action on each",
                random(1_000, Scripts::Both),
            ),
        ] {
            let case = format!("getNext over WebSocket, {clients} clients, {name}");
            report(&case);
            let mut rates = [Vec::new(), Vec::new()];
            for _round in 0..rounds.count {
                for (at, side) in BOTH.into_iter().enumerate() {
                    rates[at].push(rate(sides, side, &graph, clients, rounds)?);
                }
            }
            let bar = Bar::RatioAtLeast(bar);
            rows.push(row(case, Unit::StepsPerSecond, rates, Some(bar)));
        }
    }
    report("sessions that are weighed");
    let large = random(LARGE, Scripts::None);
    let one = BOTH.map(|side| weight(sides, side, &large, 1));
    let many = BOTH.map(|side| weight(sides, side, &small(), SESSIONS));
    let (one, many) = (both(one)?, both(many)?);
    let case = format!("one session of {LARGE} edges, the whole process");
    rows.push(row(
        case,
        Unit::Mebibytes,
        one,
        Some(Bar::RatioAtMost(0.25)),
    ));
    let case = format!("{SESSIONS} sessions of the small model, the whole process");
    rows.push(row(case, Unit::Mebibytes, many, Some(Bar::AtMost(100.0))));
    Ok(rows)
}

fn both(figures: [Result<f64, ModelError>; 2]) -> Result<[Vec<f64>; 2], ModelError> {
    let [reference, sockeye] = figures;
    Ok([vec![reference?], vec![sockeye?]])
}

/// Steps to the second of all clients together, each with a session of its own.
fn rate(
    sides: &Sides,
    side: Side,
    graph: &Graph,
    clients: usize,
    rounds: Rounds,
) -> Result<f64, ModelError> {
    let service = Service::start(sides, side)?;
    let model = graph.json("random(never)");
    let mut talks = Vec::new();
    for _client in 0..clients {
        let mut talk = Talk::open(side, service.address)?;
        talk.start(&model)?;
        talk.prepare_step();
        talks.push(talk);
    }
    let barrier = Barrier::new(clients);
    let steps = std::thread::scope(|scope| {
        let threads: Vec<_> = talks
            .into_iter()
            .map(|talk| scope.spawn(|| steps(talk, rounds, &barrier)))
            .collect();
        let ended = threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or(Ok(0.0)));
        ended.sum::<Result<f64, ModelError>>()
    });
    Ok(steps? / rounds.measured.as_secs_f64())
}

/// Steps of one client in the measured time.
fn steps(mut talk: Talk, rounds: Rounds, barrier: &Barrier) -> Result<f64, ModelError> {
    barrier.wait();
    let warm = Instant::now() + rounds.warm_up;
    while Instant::now() < warm {
        talk.step()?;
    }
    let end = warm + rounds.measured;
    let mut steps = 0.0;
    while Instant::now() < end {
        talk.step()?;
        steps += 1.0;
    }
    Ok(steps)
}

/// MiB of the service with so many sessions, one step made in each.
fn weight(sides: &Sides, side: Side, graph: &Graph, sessions: usize) -> Result<f64, ModelError> {
    let service = Service::start(sides, side)?;
    let model = graph.json("random(never)");
    let mut talks = Vec::new();
    for _session in 0..sessions {
        let mut talk = Talk::open(side, service.address)?;
        talk.start(&model)?;
        talk.prepare_step();
        talk.step()?;
        talks.push(talk);
    }
    rest(SETTLED);
    let kib = resident_kib(service.process.id())?;
    drop(talks);
    Ok(f64::from(kib) / 1024.0)
}

/// A running service. Dropping it ends the process.
struct Service {
    process: Child,
    address: SocketAddr,
}

impl Drop for Service {
    fn drop(&mut self) {
        // Both fail only when the process has already ended and been waited for.
        let _killed = self.process.kill();
        let _waited = self.process.wait();
    }
}

impl Service {
    fn start(sides: &Sides, side: Side) -> Result<Self, ModelError> {
        let (program, first) = sides.program(side);
        let name = program.display().to_string();
        let failed = |error| ModelError::Io(name.clone(), error);
        let port = free_port().map_err(failed)?;
        let mut command = sides
            .placement
            .server_command(Cores::Own, program.as_os_str());
        command
            .args(first)
            .args(["online", "-s", "WEBSOCKET", "-p"])
            .arg(port.to_string());
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let service = Self {
            process: command.spawn().map_err(failed)?,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        };
        let begun = Instant::now();
        while TcpStream::connect(service.address).is_err() {
            if begun.elapsed() > START_LIMIT {
                return Err(ModelError::Slow(
                    format!("the start of {name}"),
                    START_LIMIT.as_secs(),
                ));
            }
            rest(LOOK_INTERVAL);
        }
        Ok(service)
    }
}

/// A port that nobody had a moment ago: the reference cannot be told to take any.
fn free_port() -> std::io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.local_addr().map(|address| address.port())
}
