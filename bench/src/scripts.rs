//! Messages that a script answers pass through here: what they cost, and how many two cores take in a second.

use crate::cases::{Case, Measured, PING, Rounds, Side, measure_each, summary_of, ways};
use crate::client::Sample;
use crate::error::BenchError;
use crate::mocks::Mock;
use crate::server::{Cores, Programs};
use crate::table::{Bar, Row, Unit};

/// Messages per second through a script on two cores.
const SCRIPT_BAR: Bar = Bar::AtLeast(60_000.0);
/// What the script answers to the same message.
const RESPONSE: &str = r#"{"type":"response","id":7}"#;

/// Measures the scripted handler with the server on both cores: it has a script thread for each core that it may use.
pub(crate) fn measure(
    programs: &Programs,
    rounds: Rounds,
    report: impl FnMut(&str),
) -> Result<Vec<Measured>, BenchError> {
    measure_each(&script_cases(), programs, Cores::Both, rounds, report)
}

fn script_cases() -> Vec<Case> {
    let case = |(window, way)| Case {
        name: format!("script / echo, both on two cores with the client, {way}"),
        window,
        reference: Side::echo(Mock::Scripts, PING),
        subject: Side::sockeye(Mock::Scripts, "/script", PING, RESPONSE),
        bar: None,
    };
    ways().into_iter().map(case).collect()
}

/// What the pipelined scripts came to in messages per second: as observed, and as two cores would have by their CPU time.
pub(crate) fn rates(measured: &[Measured]) -> Vec<Row> {
    let Some(pipelined) = measured.last() else {
        return Vec::new();
    };
    let row = |case: &str, bar, figure: fn(&Sample) -> f64| Row {
        case: case.to_owned(),
        unit: Unit::MessagesPerSecond,
        reference: summary_of(&pipelined.reference, figure),
        sockeye: summary_of(&pipelined.sockeye, figure),
        bar,
        pace: None,
    };
    vec![
        row(
            "script / echo, rate seen, client on the same two cores",
            Some(SCRIPT_BAR),
            |sample| sample.rate,
        ),
        row(
            "script / echo, two cores by CPU time (2 s / CPU per message)",
            None,
            two_core_capacity,
        ),
    ]
}

/// Messages for which two seconds of CPU time suffice, if nothing else holds them up.
fn two_core_capacity(sample: &Sample) -> f64 {
    2e6 / sample.cpu_us
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{PIPELINE, cpu};

    #[test]
    fn both_sides_send_the_same_bytes() {
        for case in script_cases() {
            assert_eq!(
                case.reference.exchange.request,
                case.subject.exchange.request
            );
        }
    }

    #[test]
    fn the_last_script_case_is_the_pipelined_one_and_gives_the_rates() {
        assert_eq!(
            script_cases().last().map(|case| case.window),
            Some(PIPELINE)
        );
        let sample = |rate, cpu_us| Sample {
            messages: 1,
            seconds: 1.0,
            cpu_us,
            rate,
            p50_us: 1.0,
            p99_us: 1.0,
            server_busy: 1.0,
            client_busy: 1.0,
        };
        let (reference, sockeye) = (vec![sample(200_000.0, 4.0)], vec![sample(50_000.0, 25.0)]);
        let row = Row {
            case: "script".to_owned(),
            unit: Unit::CpuMicroseconds,
            reference: cpu(&reference),
            sockeye: cpu(&sockeye),
            bar: None,
            pace: None,
        };
        let rates = rates(&[Measured {
            row,
            reference,
            sockeye,
        }]);
        let figures: Vec<(f64, Option<bool>)> = rates
            .iter()
            .map(|row| (row.sockeye.median, row.met()))
            .collect();
        assert_eq!(figures, [(50_000.0, Some(false)), (80_000.0, None)]);
    }
}
