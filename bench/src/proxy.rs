//! What a server in the middle costs passes through here: `sockeye` as a proxy against a raw TCP relay.
//!
//! Both stand before the same server, `sockeye`'s own echo, which is measured without anybody in between too: what
//! the middle adds is the difference.

use crate::cases::{Rounds, summary_of};
use crate::client::{self, Plan, Sample};
use crate::error::BenchError;
use crate::frames::{Exchange, json_text};
use crate::mocks::Mock;
use crate::server::{Program, Programs, Server};
use crate::table::{Bar, Row, Unit};

/// Added latency is at most so many times that of the relay.
const LATENCY_BAR: Bar = Bar::RatioAtMost(1.5);
/// Long messages pass at least at this share of the relay's rate.
const RATE_BAR: Bar = Bar::RatioAtLeast(0.7);
/// Bytes of a long message: as long as the guide's default allows.
const LONG: usize = 64 * 1024;

/// Three ways to the same echo.
struct Ways {
    direct: Server,
    relay: Server,
    proxy: Server,
}

/// One round on all three ways.
struct Round {
    direct: Sample,
    relay: Sample,
    proxy: Sample,
}

/// Measures the added latency of short messages and the rate of long ones.
pub(crate) fn measure(programs: &Programs, rounds: Rounds) -> Result<Vec<Row>, BenchError> {
    let direct = programs.start(Program::Sockeye(Mock::Basic))?;
    let upstream = direct.address();
    let ways = Ways {
        relay: programs.start(Program::RawRelay(upstream))?,
        proxy: programs.start(Program::Proxy(upstream))?,
        direct,
    };
    let mut rows = Vec::new();
    for (length, size) in [(32, "32 B"), (1024, "1 KiB")] {
        let measured = ways.rounds(1, 1, length, rounds)?;
        rows.push(Row {
            case: format!("proxy / raw TCP relay, added latency, one connection, {size}"),
            unit: Unit::Milliseconds,
            reference: summary_of(&measured, |round| added(&round.relay, &round.direct)),
            sockeye: summary_of(&measured, |round| added(&round.proxy, &round.direct)),
            bar: Some(LATENCY_BAR),
            pace: None,
        });
    }
    let measured = ways.rounds(4, 4, LONG, rounds)?;
    rows.push(Row {
        case: "proxy / raw TCP relay, throughput, pipelined 4x4, 64 KiB".to_owned(),
        unit: Unit::MessagesPerSecond,
        reference: summary_of(&measured, |round| round.relay.rate),
        sockeye: summary_of(&measured, |round| round.proxy.rate),
        bar: Some(RATE_BAR),
        pace: None,
    });
    Ok(rows)
}

/// What the middle adds to the median, ms.
fn added(through: &Sample, direct: &Sample) -> f64 {
    (through.p50_us - direct.p50_us) / 1e3
}

impl Ways {
    fn rounds(
        &self,
        connections: usize,
        window: u32,
        length: usize,
        rounds: Rounds,
    ) -> Result<Vec<Round>, BenchError> {
        let text = json_text(length);
        let exchange = Exchange::web_socket(&text, &text);
        let run = |way: &str, server: &Server, path| {
            let plan = Plan {
                address: server.address(),
                path: Some(path),
                offer: "",
                connections,
                window,
                exchange: &exchange,
            };
            let sample = client::measure(plan, server.pid(), rounds.warm_up, rounds.measured);
            sample.map_err(|source| BenchError::Load {
                case: format!("a server in the middle, {way}, {length} B"),
                source,
            })
        };
        let round = |_| {
            Ok(Round {
                direct: run("nobody", &self.direct, "/echo")?,
                relay: run("the relay", &self.relay, "/echo")?,
                proxy: run("sockeye", &self.proxy, "/proxy")?,
            })
        };
        (0..rounds.count).map(round).collect()
    }
}
