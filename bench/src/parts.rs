//! The parts of a comparison pass through here, one after another, into the report.

use clap::ValueEnum;

use crate::error::BenchError;
use crate::machine::{Machine, Versions};
use crate::placement::Placement;
use crate::report::Report;
use crate::server::Programs;
use crate::{
    Compare, capacity, cases, cold_start, endless, held, load, memory, models, peers, progress,
    proxy, recording, replay, room, scripts, ship, ticker, watched,
};

/// What is measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    ColdStart,
    Memory,
    Messages,
    Proxy,
    Scripts,
    Room,
    Scheduled,
    Endless,
    Held,
    Watched,
    Recording,
    Replay,
    Load,
    Ship,
    Models,
    Peers,
    Capacity,
}

/// Measures what is asked for, one part after another.
pub(crate) fn measure(options: &Compare, placement: Placement) -> Result<Report, BenchError> {
    let rounds = options.rounds();
    let programs = Programs::new(&options.sockeye, placement)?;
    let mut report = Report::new(
        Machine::this(placement),
        Versions::of(&options.sockeye),
        rounds,
    );
    if placement == Placement::Shared {
        report.note(
            "no taskset, or one core only: the client takes part of the servers' time".to_owned(),
        );
    }
    let connections = memory::possible_connections()?;
    if connections < memory::WANTED_CONNECTIONS {
        report.note(format!(
            "memory with {connections} connections instead of {}: raise `ulimit -n`",
            memory::WANTED_CONNECTIONS
        ));
    }
    measure_parts(options, &programs, connections, &mut report)?;
    measure_limits(options, &programs, connections, &mut report)?;
    if options.begins(Part::Load, "the load client") {
        for row in load::measure(&options.sockeye, &programs, rounds, progress)? {
            report.add(row);
        }
    }
    if options.begins(Part::Ship, "records that are shipped") {
        let rows = ship::measure(&options.sockeye, placement, rounds, progress)?;
        for row in rows {
            report.add(row);
        }
    }
    if options.begins(Part::Models, "walks through models") {
        let rows = models::measure(&options.sockeye, placement, rounds, progress)?;
        for row in rows {
            report.add(row);
        }
    }
    Ok(report)
}

/// The short ones first: a sockeye that does not work is told at once.
fn measure_parts(
    options: &Compare,
    programs: &Programs,
    connections: usize,
    report: &mut Report,
) -> Result<(), BenchError> {
    let rounds = options.rounds();
    let mut rows = Vec::new();
    if options.begins(Part::ColdStart, "cold start") {
        rows.push(cold_start::measure(programs)?);
    }
    if options.begins(Part::Memory, "memory") {
        rows.extend(memory::measure(programs, connections)?);
    }
    if options.begins(Part::Held, "connections that are held") {
        rows.extend(held::measure(programs)?);
    }
    if options.begins(Part::Watched, "a dashboard that watches") {
        rows.extend(watched::measure(programs, rounds)?);
    }
    if options.begins(Part::Room, "a room") {
        rows.extend(room::measure(programs, connections, rounds)?);
    }
    if options.begins(Part::Scheduled, "scheduled messages") {
        rows.extend(ticker::measure(programs, connections, rounds)?);
    }
    if options.begins(Part::Replay, "a replay") {
        rows.extend(replay::measure(programs, rounds)?);
    }
    if options.begins(Part::Endless, "endless scripts") {
        rows.extend(endless::measure(programs, rounds)?);
    }
    if options.begins(Part::Proxy, "a proxy") {
        rows.extend(proxy::measure(programs, rounds)?);
    }
    if options.begins(Part::Messages, "messages") {
        for measured in cases::measure_all(programs, rounds, progress)? {
            report.add_measured(measured);
        }
    }
    if options.begins(Part::Scripts, "scripts") {
        let scripts = scripts::measure(programs, rounds, progress)?;
        let rates = scripts::rates(&scripts);
        for measured in scripts {
            report.add_measured(measured);
        }
        for row in rates {
            report.add(row);
        }
    }
    if options.begins(Part::Recording, "recording") {
        let recorded = recording::measure(programs, rounds, progress)?;
        rows.extend(recording::rates(&recorded));
        for measured in recorded {
            report.add_measured(measured);
        }
    }
    for row in rows {
        report.add(row);
    }
    Ok(())
}

/// Beside others, and at the limit of what is promised.
fn measure_limits(
    options: &Compare,
    programs: &Programs,
    connections: usize,
    report: &mut Report,
) -> Result<(), BenchError> {
    let rounds = options.rounds();
    if options.begins(Part::Capacity, "capacity") {
        for row in capacity::measure(programs, connections, rounds, progress)? {
            report.add(row);
        }
    }
    if options.begins(Part::Peers, "other libraries") {
        let (matrix, rows) = peers::measure(programs, connections, rounds, progress)?;
        report.add_peers(matrix);
        for row in rows {
            report.add(row);
        }
    }
    Ok(())
}
