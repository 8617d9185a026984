//! Shipped records pass through here: a file of a million lines, `sockeye ship`, a sink of our own, and what it cost.

mod frame;
mod lines;
mod process;
mod sink;
mod tally;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use thiserror::Error;

use crate::cases::Rounds;
use crate::error::BenchError;
use crate::placement::Placement;
use crate::proc::{ProcError, resident_kib};
use crate::statistics::Summary;
use crate::table::{Bar, Row, Unit};
use lines::RECORDS;
use process::{Process, Shipment};
use sink::{Sink, free_port};
use tally::Layout;

/// How long a million records may take, the start of the process and an outage included.
const LIMIT: Duration = Duration::from_mins(2);
/// How often is looked whether a process has ended. The sink is on the same core.
const LOOK_INTERVAL: Duration = Duration::from_millis(5);
/// How often the memory of a process in an outage is looked at. The kernel keeps its peak, all but that of the last moments.
const WEIGH_INTERVAL: Duration = Duration::from_millis(20);
/// An idle process has settled after this: two flushes.
const SETTLED: Duration = Duration::from_secs(2);
/// What an idle process may weigh, MB, and what the reference does.
const IDLE_BAR: Bar = Bar::Below(15.0);
const IDLE_REFERENCE: f64 = 11.2;
/// What may wait in an outage, MB, and what the process may have beside it.
const BOUND: u32 = 50;
const OUTAGE_BAR: Bar = Bar::AboveByAtMost(20.0);

/// Why records were not shipped.
#[derive(Debug, Error)]
pub(crate) enum ShipError {
    /// A file, a socket or a program could not be used.
    #[error("{0}: {1}")]
    Io(String, #[source] std::io::Error),
    /// The shipper ended otherwise than it should, or not at all.
    #[error("sockeye ship: {0}; the end of its log:\n{1}")]
    Failed(String, String),
    /// The sink did not get what was sent.
    #[error("sockeye ship: of {sent} records the sink got {got}; {found}")]
    Received {
        /// Records of the file.
        sent: u32,
        /// Records that came.
        got: u32,
        /// What was wrong first.
        found: String,
    },
    /// The kernel's figures could not be read.
    #[error(transparent)]
    Proc(#[from] ProcError),
}

/// A way of shipping whose speed is measured. The reference's figures were published, and are not of this run.
struct Way {
    name: &'static str,
    parsed: bool,
    format: &'static str,
    layout: Layout,
    /// Records per CPU second: the reference's, and what is promised.
    reference: f64,
    least: f64,
    /// The reference's wall time for a million, ms.
    reference_ms: f64,
}

const WAYS: [Way; 3] = [
    Way {
        name: "tail to json_lines",
        parsed: false,
        format: "json_lines",
        layout: Layout::Lines,
        reference: 850_000.0,
        least: 1_200_000.0,
        reference_ms: 2_900.0,
    },
    Way {
        name: "tail to msgpack",
        parsed: false,
        format: "msgpack",
        layout: Layout::Packed,
        reference: 1_800_000.0,
        least: 2_200_000.0,
        reference_ms: 1_600.0,
    },
    Way {
        name: "tail and JSON parser to json_lines",
        parsed: true,
        format: "json_lines",
        layout: Layout::Lines,
        reference: 480_000.0,
        least: 700_000.0,
        reference_ms: 4_700.0,
    },
];

/// What all runs share.
struct Dock<'a> {
    sockeye: &'a Path,
    placement: Placement,
    folder: TempDir,
    /// A million lines, and one.
    lines: PathBuf,
    line: PathBuf,
}

/// Ships a million records each way, weighs an idle shipper and one in an outage.
pub(crate) fn measure(
    sockeye: &Path,
    placement: Placement,
    rounds: Rounds,
    mut report: impl FnMut(&str),
) -> Result<Vec<Row>, BenchError> {
    let dock = Dock::new(sockeye, placement)?;
    let mut rows = Vec::new();
    for way in WAYS {
        report(&format!("records, {}", way.name));
        rows.extend(dock.speed(&way, rounds)?);
    }
    report("a shipper with nothing to do");
    rows.push(dock.idle()?);
    report("a shipper in an outage");
    rows.push(dock.outage(rounds.long)?);
    Ok(rows)
}

impl<'a> Dock<'a> {
    fn new(sockeye: &'a Path, placement: Placement) -> Result<Self, ShipError> {
        let failed = |error| ShipError::Io("the file of lines".to_owned(), error);
        let folder = TempDir::with_prefix("sockeye-bench-ship-").map_err(failed)?;
        let [lines, line] = ["lines.log", "line.log"].map(|name| folder.path().join(name));
        lines::write(&lines, RECORDS).map_err(failed)?;
        lines::write(&line, 1).map_err(failed)?;
        Ok(Self {
            sockeye,
            placement,
            folder,
            lines,
            line,
        })
    }

    fn start(&self, shipment: Shipment<'_>) -> Result<Process, ShipError> {
        Process::start(self.sockeye, self.placement, self.folder.path(), shipment)
    }

    /// Records per CPU second, and the time from the start of the process to the last record.
    fn speed(&self, way: &Way, rounds: Rounds) -> Result<[Row; 2], ShipError> {
        let (mut rates, mut times) = (Vec::new(), Vec::new());
        for _round in 0..rounds.count {
            let sink = sink(0, way.layout)?;
            let process = self.start(Shipment {
                lines: &self.lines,
                port: sink.port(),
                format: way.format,
                parsed: way.parsed,
                ends: true,
                bound: None,
            })?;
            let begun = process.begun();
            let taken = process.finished(LIMIT)?;
            let last = all_received(&sink, RECORDS)?;
            rates.push(f64::from(RECORDS) / taken.cpu);
            times.push(last.duration_since(begun).as_secs_f64() * 1000.0);
        }
        let name = way.name;
        Ok([
            row(
                format!("ship, {name}, records per CPU second"),
                Unit::RecordsPerSecond,
                way.reference,
                rates,
                Some(Bar::AtLeast(way.least)),
            ),
            row(
                format!("ship, {name}, {RECORDS} records from the start"),
                Unit::Milliseconds,
                way.reference_ms,
                times,
                None,
            ),
        ])
    }

    /// Resident memory of a shipper that has a connection, has shipped one record and waits for more.
    fn idle(&self) -> Result<Row, ShipError> {
        let sink = sink(0, Layout::Lines)?;
        let process = self.start(Shipment {
            lines: &self.line,
            port: sink.port(),
            format: "json_lines",
            parsed: false,
            ends: false,
            bound: None,
        })?;
        while sink.tally().records == 0 {
            process.must_run()?;
            if process.begun().elapsed() > LIMIT {
                return Err(process.failure("its first record did not come".to_owned()));
            }
            rest(LOOK_INTERVAL);
        }
        rest(SETTLED);
        process.must_run()?;
        let megabytes = megabytes(resident_kib(process.pid())?);
        all_received(&sink, 1)?;
        Ok(row(
            "ship, idle, the whole process".to_owned(),
            Unit::Megabytes,
            IDLE_REFERENCE,
            vec![megabytes],
            Some(IDLE_BAR),
        ))
    }

    /// The peak of the resident memory when nobody listens at first; in the end all records have to be there.
    fn outage(&self, length: Duration) -> Result<Row, ShipError> {
        let port = free_port().map_err(|error| ShipError::Io("a port".to_owned(), error))?;
        let process = self.start(Shipment {
            lines: &self.lines,
            port,
            format: "json_lines",
            parsed: false,
            ends: true,
            bound: Some(BOUND),
        })?;
        rest(length);
        process.must_run()?;
        let sink = sink(port, Layout::Lines)?;
        let taken = process.finished(WEIGH_INTERVAL)?;
        all_received(&sink, RECORDS)?;
        Ok(row(
            format!("ship, outage of {} s, peak / bound", length.as_secs()),
            Unit::Megabytes,
            f64::from(BOUND),
            vec![megabytes(taken.peak_kib)],
            Some(OUTAGE_BAR),
        ))
    }
}

fn sink(port: u16, layout: Layout) -> Result<Sink, ShipError> {
    Sink::start(port, layout).map_err(|error| ShipError::Io("the sink".to_owned(), error))
}

/// When the last record came. Fails unless all have come, each once and in the order of the file.
fn all_received(sink: &Sink, sent: u32) -> Result<Instant, ShipError> {
    let tally = sink.tally();
    match (tally.last, tally.fault.as_deref()) {
        (Some(last), None) if tally.records == sent => Ok(last),
        (_, fault) => Err(ShipError::Received {
            sent,
            got: tally.records,
            found: fault.unwrap_or("each of them the next one").to_owned(),
        }),
    }
}

/// Waits for what nobody tells: that a process has ended, that an outage is over.
#[expect(
    clippy::disallowed_methods,
    reason = "there is no event to wait for, and no connection that may close meanwhile"
)]
fn rest(time: Duration) {
    std::thread::sleep(time);
}

/// KiB in MB of a million bytes.
fn megabytes(kib: u32) -> f64 {
    f64::from(kib) * 1024.0 / 1_000_000.0
}

fn row(case: String, unit: Unit, reference: f64, figures: Vec<f64>, bar: Option<Bar>) -> Row {
    Row {
        case,
        unit,
        reference: Summary::once(reference),
        sockeye: Summary::of(figures).unwrap_or(Summary::once(f64::NAN)),
        bar,
        pace: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_of_all_records_or_there_are_none() {
        let sink = sink(0, Layout::Lines).unwrap();
        let told = |sent| all_received(&sink, sent).unwrap_err().to_string();
        assert!(told(2).contains("of 2 records the sink got 0; each of them the next one"));
        sink.tally().message(Layout::Lines, b"1000000\n1000001\n");
        assert!(all_received(&sink, 2).is_ok());
        assert!(told(3).contains("of 3 records the sink got 2"));
        sink.tally().message(Layout::Lines, b"1000001\n");
        assert!(told(3).contains("got 3; record 2 is that of line 1"));
    }

    #[test]
    fn bars_are_those_that_were_promised() {
        let least = WAYS.map(|way| (way.format, way.parsed, way.least));
        assert_eq!(
            least,
            [
                ("json_lines", false, 1_200_000.0),
                ("msgpack", false, 2_200_000.0),
                ("json_lines", true, 700_000.0),
            ]
        );
        let weighed = |megabytes: f64, reference, bar| {
            row(
                String::new(),
                Unit::Megabytes,
                reference,
                vec![megabytes],
                Some(bar),
            )
            .met()
        };
        assert_eq!(weighed(14.9, IDLE_REFERENCE, IDLE_BAR), Some(true));
        assert_eq!(weighed(15.0, IDLE_REFERENCE, IDLE_BAR), Some(false));
        assert_eq!(weighed(70.0, f64::from(BOUND), OUTAGE_BAR), Some(true));
        assert_eq!(weighed(70.1, f64::from(BOUND), OUTAGE_BAR), Some(false));
        assert!((megabytes(1_000) - 1.024).abs() < 1e-9);
    }
}
