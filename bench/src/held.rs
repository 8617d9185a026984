//! Ten thousand connections that say nothing pass through here: what the whole process weighs with them, and how long its
//! metrics take meanwhile.

use std::time::Duration;

use crate::client::{Load, Plan};
use crate::error::{BenchError, LoadError};
use crate::frames::{Exchange, json_text};
use crate::handshake::open_secure;
use crate::memory::{fitting, settled};
use crate::mocks::Mock;
use crate::operator::get;
use crate::proc::{open_files_limit, resident_kib};
use crate::secure::{SecureClient, expect_open};
use crate::server::{Program, Programs, Server};
use crate::statistics::Summary;
use crate::table::{Bar, Row, Unit};

/// Connections: as many as the guide's default lets in.
const CONNECTIONS: usize = 10_000;
/// MiB of resident memory of the whole process.
const PLAIN_BAR: Bar = Bar::AtMost(40.0);
const TLS_BAR: Bar = Bar::AtMost(200.0);
/// Milliseconds of one answer.
const METRICS_BAR: Bar = Bar::Below(20.0);
/// How often the metrics are asked for.
const ASKED: usize = 50;

/// Weighs the reference and `sockeye`, plain and over TLS; asks for metrics while the plain one holds its connections.
pub(crate) fn measure(programs: &Programs) -> Result<Vec<Row>, BenchError> {
    fitting(open_files_limit()?, CONNECTIONS)?;
    let text = json_text(32);
    let (raw, echo) = (Exchange::raw(&text), Exchange::web_socket(&text, &text));
    let reference = programs.start(Program::RawEcho)?;
    let reference = hold(&reference, None, &raw, |_| Ok(()))?.0;
    let server = programs.start(Program::Operated(Mock::Basic))?;
    let admin = server.admin()?;
    let ask = |path: &str| {
        let times = (0..ASKED).map(|_| get(admin, path).map(|time| time.as_secs_f64() * 1e3));
        times.collect::<Result<Vec<f64>, _>>()
    };
    let (plain, times) = hold(&server, Some("/echo"), &echo, |_| {
        Ok([ask("/healthz")?, ask("/metrics")?])
    })?;
    drop(server);
    let [health, metrics] = times.map(summary);
    let secured = hold_secure(&programs.start(Program::Secured(Mock::Basic))?)?;
    let row = |case: &str, unit, reference, sockeye, bar| Row {
        case: format!("{CONNECTIONS} idle connections, {case}"),
        unit,
        reference,
        sockeye,
        bar: Some(bar),
        pace: None,
    };
    let weight = |case, reference, sockeye, bar| {
        let (reference, sockeye) = (Summary::once(reference), Summary::once(sockeye));
        row(case, Unit::Mebibytes, reference, sockeye, bar)
    };
    Ok(vec![
        weight("the whole process / raw TCP", reference, plain, PLAIN_BAR),
        weight("TLS / plain", plain, secured, TLS_BAR),
        row(
            "`/metrics` / `/healthz`",
            Unit::Milliseconds,
            health,
            metrics,
            METRICS_BAR,
        ),
    ])
}

fn summary(times: Vec<f64>) -> Summary {
    Summary::of(times).unwrap_or(Summary::once(f64::NAN))
}

/// MiB of a server with all connections open, and what is found out meanwhile.
fn hold<T>(
    server: &Server,
    path: Option<&str>,
    exchange: &Exchange,
    meanwhile: impl FnOnce(&Server) -> Result<T, LoadError>,
) -> Result<(f64, T), BenchError> {
    let plan = Plan {
        address: server.address(),
        path,
        offer: "",
        connections: CONNECTIONS,
        window: 1,
        exchange,
    };
    let failed = |source| failed(path.unwrap_or("raw echo"), source);
    let mut load = Load::open(plan).map_err(failed)?;
    let kib = settled(&mut load, server.pid()).map_err(failed)?;
    let found = meanwhile(server).map_err(failed)?;
    load.rest(Duration::ZERO).map_err(failed)?;
    Ok((mebibytes(kib), found))
}

/// MiB of a server with all connections open over TLS.
fn hold_secure(server: &Server) -> Result<f64, BenchError> {
    let client =
        SecureClient::new().map_err(|error| failed("TLS", std::io::Error::other(error).into()))?;
    let mut open = Vec::with_capacity(CONNECTIONS);
    while open.len() < CONNECTIONS {
        open.push(open_secure(server.address(), "/echo", &client)?);
    }
    let kib = resident_kib(server.pid())?;
    for secure in &mut open {
        expect_open(secure).map_err(|error| failed("TLS", error.into()))?;
    }
    Ok(mebibytes(kib))
}

fn failed(case: &str, source: LoadError) -> BenchError {
    BenchError::Load {
        case: format!("{CONNECTIONS} idle connections ({case})"),
        source,
    }
}

fn mebibytes(kib: u32) -> f64 {
    f64::from(kib) / 1024.0
}
