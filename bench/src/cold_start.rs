//! Freshly started servers pass through here: the time from the start of the process to its first answer.

use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

use crate::error::BenchError;
use crate::handshake;
use crate::mocks::Mock;
use crate::server::{Program, Programs, Server};
use crate::statistics::Summary;
use crate::table::{Bar, Row, Unit};

/// Starts of each program.
const STARTS: usize = 20;
/// Median of the starts, ms.
const BAR: Bar = Bar::Below(50.0);

/// Starts both programs in turn. The reference is the raw echo, up to its first echoed byte: what a
/// process costs at all on this machine.
pub(crate) fn measure(programs: &Programs) -> Result<Row, BenchError> {
    let (mut reference, mut sockeye) = (Vec::new(), Vec::new());
    for _start in 0..STARTS {
        reference.push(once(programs, Program::RawEcho)?);
        sockeye.push(once(programs, Program::Sockeye(Mock::Basic))?);
    }
    Ok(Row {
        case: format!("cold start to the first 101, {STARTS} starts"),
        unit: Unit::Milliseconds,
        reference: summary(&reference),
        sockeye: summary(&sockeye),
        bar: Some(BAR),
        pace: None,
    })
}

fn once(programs: &Programs, program: Program) -> Result<Duration, BenchError> {
    let begun = Instant::now();
    let server = programs.start(program)?;
    match program {
        Program::Sockeye(_) => drop(handshake::open(server.address(), Some("/echo"), 1)?),
        _ => first_byte(&server).map_err(BenchError::RawEcho)?,
    }
    Ok(begun.elapsed())
}

fn first_byte(server: &Server) -> io::Result<()> {
    let mut stream = std::net::TcpStream::connect(server.address())?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    stream.write_all(b"?")?;
    stream.read_exact(&mut [0])
}

fn summary(starts: &[Duration]) -> Summary {
    let milliseconds = starts.iter().map(|start| start.as_secs_f64() * 1e3);
    Summary::of(milliseconds).expect("there is at least one start")
}
