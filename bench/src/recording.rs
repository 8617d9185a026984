//! Echoes that are recorded pass through here: what recording leaves of the messages per second.

use crate::cases::{Case, Measured, PING, Rounds, Side, cpu, measure_each, summary_of, ways};
use crate::error::BenchError;
use crate::mocks::Mock;
use crate::server::{Cores, Programs};
use crate::table::{Bar, Row, Unit};

/// What is left of the messages per second while each one and its answer are written down.
const RECORDING_BAR: Bar = Bar::RatioAtLeast(0.9);

/// Measures with the server on both cores: recordings are written by a thread of their own. Each round has
/// new servers, because a server that has recorded still makes session files when its clients are gone.
pub(crate) fn measure(
    programs: &Programs,
    rounds: Rounds,
    mut report: impl FnMut(&str),
) -> Result<Vec<Measured>, BenchError> {
    let one = Rounds { count: 1, ..rounds };
    let mut all: Vec<Measured> = Vec::new();
    for _round in 0..rounds.count {
        let round = measure_each(&recording_cases(), programs, Cores::Both, one, &mut report)?;
        if all.is_empty() {
            all = round;
            continue;
        }
        for (sum, more) in all.iter_mut().zip(round) {
            sum.reference.extend(more.reference);
            sum.sockeye.extend(more.sockeye);
            sum.row.reference = cpu(&sum.reference);
            sum.row.sockeye = cpu(&sum.sockeye);
            // The rates have a row of their own.
            sum.row.pace = None;
        }
    }
    Ok(all)
}

fn recording_cases() -> Vec<Case> {
    let ping_pong = ways().into_iter().take(1);
    let case = |(window, way)| Case {
        name: format!("recorded echo / echo, both on two cores with the client, {way}"),
        window,
        reference: Side::echo(Mock::Basic, PING),
        subject: Side::sockeye(Mock::Recorded, "/recorded", PING, PING),
        bar: None,
    };
    ping_pong.map(case).collect()
}

/// The messages per second of both sides.
pub(crate) fn rates(measured: &[Measured]) -> Vec<Row> {
    let row = |case: &Measured| Row {
        case: "recorded echo / echo, rate seen, client on the same two cores".to_owned(),
        unit: Unit::MessagesPerSecond,
        reference: summary_of(&case.reference, |sample| sample.rate),
        sockeye: summary_of(&case.sockeye, |sample| sample.rate),
        bar: Some(RECORDING_BAR),
        pace: None,
    };
    measured.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_exchange_the_same_bytes() {
        for case in recording_cases() {
            assert_eq!(
                case.reference.exchange.request,
                case.subject.exchange.request
            );
        }
    }
}
