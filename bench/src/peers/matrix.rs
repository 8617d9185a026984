//! Every server passes through here in every column: the same messages, its CPU time to each, beside raw TCP.

use std::fmt::Write;

use serde::Serialize;

use super::contestants::{COLUMNS, Column, Contestant, Kind, contestants, exchange, ping};
use crate::cases::{Rounds, cpu, pace};
use crate::client::{self, Plan, Sample};
use crate::error::BenchError;
use crate::memory;
use crate::room;
use crate::server::{Programs, Server};
use crate::statistics::Summary;
use crate::table::{Pace, Unit, rounded};

/// Rounds of the room.
const ROOM_ROUNDS: usize = 3;

/// All servers beside each other; the first one is what the others are divided by.
#[derive(Debug, Serialize)]
pub(crate) struct Matrix {
    columns: Vec<String>,
    servers: Vec<Line>,
}

/// What one server came to.
#[derive(Debug, Serialize)]
struct Line {
    server: String,
    /// In the order of the columns; a server that only answers one kind of message has none for the others.
    cells: Vec<Option<Cell>>,
    /// KiB of resident memory to each idle connection.
    idle_kib: f64,
}

#[derive(Clone, Debug, Serialize)]
struct Cell {
    /// Server CPU time to each message, µs.
    cpu_us: Summary,
    /// The same as a multiple of the first server's.
    ratio: f64,
    pace: Pace,
}

/// The last column: a message to a thousand members.
const COPIES: &str = "each of 1000 copies";

/// Weighs each server, then exchanges messages with all of them, column after column and round after round.
pub(super) fn measure(
    programs: &Programs,
    connections: usize,
    rounds: Rounds,
    mut report: impl FnMut(&str),
) -> Result<Matrix, BenchError> {
    let contestants = contestants();
    report("peers, memory of idle connections");
    let weight = |one: &Contestant| weigh(one, programs, connections);
    let weights = contestants
        .iter()
        .map(weight)
        .collect::<Result<Vec<_>, _>>()?;
    let start = |one: &Contestant| programs.start(one.program);
    let running = contestants
        .iter()
        .map(start)
        .collect::<Result<Vec<_>, _>>()?;
    let mut figures: Vec<Vec<Option<Figure>>> = vec![Vec::new(); contestants.len()];
    for column in &COLUMNS {
        report(&format!("peers, {}", column.title));
        let runs = exchanged(column, &contestants, &running, rounds)?;
        for (figures, runs) in figures.iter_mut().zip(runs) {
            figures.push((!runs.is_empty()).then(|| (cpu(&runs), pace(&runs))));
        }
    }
    report("peers, a room");
    let copies = copies(programs, connections, rounds)?;
    for (one, figures) in contestants.iter().zip(&mut figures) {
        figures.push(match one.kind {
            Kind::Raw => Some(copies[0]),
            Kind::Room => Some(copies[1]),
            _ => None,
        });
    }
    let gathered = contestants.into_iter().zip(figures).zip(weights);
    let gathered = gathered.map(|((one, figures), idle_kib)| Gathered {
        server: one.name,
        figures,
        idle_kib,
    });
    Ok(Matrix::of(gathered.collect()))
}

type Figure = (Summary, Pace);

/// What was measured of a server, before it is divided.
struct Gathered {
    server: String,
    /// In the order of the columns.
    figures: Vec<Option<Figure>>,
    idle_kib: f64,
}

fn weigh(one: &Contestant, programs: &Programs, connections: usize) -> Result<f64, BenchError> {
    let server = programs.start(one.program)?;
    memory::idle(&server, one.path, &ping(), connections)
}

/// The runs of each server, none of those that do not answer such messages.
fn exchanged(
    column: &Column,
    contestants: &[Contestant],
    running: &[Server],
    rounds: Rounds,
) -> Result<Vec<Vec<Sample>>, BenchError> {
    let mut runs = vec![Vec::new(); contestants.len()];
    for _round in 0..rounds.count {
        for ((one, server), runs) in contestants.iter().zip(running).zip(&mut runs) {
            let Some(exchange) = exchange(one.kind, column.bytes) else {
                continue;
            };
            let plan = Plan {
                address: server.address(),
                path: one.path,
                offer: "",
                connections: column.connections,
                window: column.window,
                exchange: &exchange,
            };
            let sample = client::measure(plan, server.pid(), rounds.warm_up, rounds.measured);
            runs.push(sample.map_err(|source| BenchError::Load {
                case: format!("{}, {}", one.name, column.title),
                source,
            })?);
        }
    }
    Ok(runs)
}

/// The reference's copies and the room's, as the part `room` has them.
fn copies(
    programs: &Programs,
    connections: usize,
    rounds: Rounds,
) -> Result<[Figure; 2], BenchError> {
    let count = rounds.count.min(ROOM_ROUNDS);
    let rows = room::measure(programs, connections, Rounds { count, ..rounds })?;
    let row = rows
        .into_iter()
        .find(|row| row.unit == Unit::CpuMicroseconds);
    let row = row.expect("a room has a row of CPU time");
    let [reference, sockeye] = row.pace.expect("which has its pace");
    Ok([(row.reference, reference), (row.sockeye, sockeye)])
}

impl Matrix {
    fn of(gathered: Vec<Gathered>) -> Self {
        let columns = COLUMNS.iter().map(|column| column.title);
        let columns: Vec<String> = columns.chain([COPIES]).map(str::to_owned).collect();
        let median = |figure: &Option<Figure>| figure.map_or(f64::NAN, |(cpu, _)| cpu.median);
        let first = gathered.first().map(|one| one.figures.iter().map(median));
        let first: Vec<f64> = first.into_iter().flatten().collect();
        let cell = |(figure, first): (Option<Figure>, &f64)| {
            figure.map(|(cpu_us, pace)| Cell {
                ratio: cpu_us.median / first,
                cpu_us,
                pace,
            })
        };
        let line = |one: Gathered| Line {
            server: one.server,
            cells: one.figures.into_iter().zip(&first).map(cell).collect(),
            idle_kib: one.idle_kib,
        };
        Self {
            columns,
            servers: gathered.into_iter().map(line).collect(),
        }
    }

    /// A table of Markdown: CPU time to each message with its ratio to the first line, latencies of the first column, memory.
    pub(crate) fn text(&self) -> String {
        let mut text = "| server, µs of CPU to each message (ratio) |".to_owned();
        let mut rule = "|---|".to_owned();
        let latency = format!("p50/p99 µs, {}", self.columns[0]);
        let last = [latency.as_str(), "idle connection"];
        for title in self.columns.iter().map(String::as_str).chain(last) {
            // Writing to a string does not fail.
            let _written = write!(text, " {title} |");
            rule.push_str("---:|");
        }
        let _written = writeln!(text, "\n{rule}");
        for line in &self.servers {
            let _written = writeln!(text, "| {} |", line.cells().join(" | "));
        }
        text
    }
}

impl Line {
    fn cells(&self) -> Vec<String> {
        let none = || "-".to_owned();
        let figure = |cell: &Cell| format!("{} ({:.2})", rounded(cell.cpu_us.median), cell.ratio);
        let figures = self
            .cells
            .iter()
            .map(|cell| cell.as_ref().map_or_else(none, figure));
        let latency = self.cells.first().and_then(Option::as_ref).map(|cell| {
            format!(
                "{}/{}",
                rounded(cell.pace.p50_us),
                rounded(cell.pace.p99_us)
            )
        });
        let mut cells = vec![self.server.clone()];
        cells.extend(figures);
        cells.push(latency.unwrap_or_else(none));
        cells.push(format!("{} KiB", rounded(self.idle_kib)));
        cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(server: &str, figures: [f64; 5], idle_kib: f64) -> Gathered {
        let pace = Pace {
            rate: 1e5,
            p50_us: 328.0,
            p99_us: 418.4,
        };
        let figure = |cpu: f64| (cpu > 0.0).then(|| (Summary::once(cpu), pace));
        Gathered {
            server: server.to_owned(),
            figures: figures.into_iter().map(figure).collect(),
            idle_kib,
        }
    }

    #[test]
    fn every_line_is_divided_by_the_first() {
        let raw = gathered("raw TCP", [2.0, 0.5, 1.0, 8.0, 4.0], 1.0);
        let echo = gathered("echo", [2.5, 0.5, 2.0, 0.0, 0.0], 6.1);
        let text = Matrix::of(vec![raw, echo]).text();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "|---|---:|---:|---:|---:|---:|---:|---:|");
        assert_eq!(
            lines[2..],
            [
                "| raw TCP | 2.00 (1.00) | 0.50 (1.00) | 1.00 (1.00) | 8.00 (1.00) | 4.00 (1.00) | 328/418 | 1.00 KiB |",
                "| echo | 2.50 (1.25) | 0.50 (1.00) | 2.00 (2.00) | - | - | 328/418 | 6.10 KiB |",
            ]
        );
    }
}
