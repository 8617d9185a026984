//! Walks of one command pass through here: one, several, or as few as cover all edges.

use std::io::Write;
use std::sync::Arc;

use sockeye_model::Suite;
use sockeye_model::machine::{Machine, Options, WalkError};
use sockeye_model::paths::{CoverError, Covering, Path, seeds};

use super::printer::Printer;
use super::remedies::{failure, stopped};
use crate::gw::failure::Failure;

/// The most elements that a message names.
const NAMED: usize = 5;

/// Walks once.
pub(super) fn one<W: Write>(
    printer: &mut Printer<W>,
    suite: &Arc<Suite>,
    seed: i64,
) -> Result<(), Failure> {
    let machine = Machine::new(Arc::clone(suite), seed);
    let mut machine = machine.map_err(|error| failure(&error, suite))?;
    while printer.goes_on(&mut machine)? {
        let chosen = choose(&mut machine);
        let Some(step) = chosen.map_err(|error| stopped(&machine, &error))? else {
            break;
        };
        let said = printer.print(&mut machine, step, |machine| machine, Machine::perform)?;
        said.map_err(|error| stopped(&machine, &error))?;
    }
    Ok(())
}

fn choose(machine: &mut Machine) -> Result<Option<sockeye_model::machine::Step>, WalkError> {
    if machine.has_next()? {
        machine.choose().map(Some)
    } else {
        Ok(None)
    }
}

/// Walks so many times, each time from the start, each time by a seed of its own that comes from the one given.
pub(super) fn several<W: Write>(
    printer: &mut Printer<W>,
    suite: &Arc<Suite>,
    seed: i64,
    count: usize,
) -> Result<(), Failure> {
    for seed in seeds(seed).take(count) {
        printer.begin_path();
        one(printer, suite, seed)?;
    }
    Ok(())
}

/// Walks over all edges in as few paths as can be.
pub(super) fn few<W: Write>(
    printer: &mut Printer<W>,
    suite: &Arc<Suite>,
    seed: i64,
) -> Result<(), Failure> {
    let covering = Covering::new(Arc::clone(suite), seed, Options::default());
    let mut covering = covering.map_err(|error| match error {
        CoverError::NoStart => failure(&WalkError::NoStartModel, suite),
        other => Failure::run(other.to_string()),
    })?;
    loop {
        let path = covering.next_path();
        let path = path.map_err(|error| failure(&error, suite))?;
        let Some(mut path) = path else {
            return left_out(&covering, suite);
        };
        printer.begin_path();
        if !walked(printer, &mut path)? {
            return Ok(());
        }
    }
}

/// Walks a path to its end; whether no limit ended it.
fn walked<W: Write>(printer: &mut Printer<W>, path: &mut Path<'_>) -> Result<bool, Failure> {
    while printer.goes_on(path.machine())? {
        let chosen = path.choose();
        let Some(step) = chosen.map_err(|error| stopped(path.machine(), &error))? else {
            return Ok(true);
        };
        let said = printer.print(path, step, Path::machine, |path| path.perform(step))?;
        said.map_err(|error| stopped(path.machine(), &error))?;
    }
    Ok(false)
}

/// Fails if edges are in no path, and says which.
fn left_out(covering: &Covering, suite: &Suite) -> Result<(), Failure> {
    let named = |model: usize, element| suite.models[model].named(element).to_string();
    let unreached = covering.unreached().iter();
    let unreached: Vec<String> = unreached
        .map(|step| named(step.model, step.element))
        .collect();
    let missed = covering.missed();
    let missed: Vec<String> = missed
        .iter()
        .map(|missed| named(missed.model, missed.element))
        .collect();
    if unreached.is_empty() && missed.is_empty() {
        return Ok(());
    }
    let reasons = [
        (&unreached, "no way leads to them"),
        (&missed, "their guards, or those on the way, stayed closed"),
    ];
    let reasons = reasons.iter().filter(|(edges, _)| !edges.is_empty());
    let reasons: Vec<String> = reasons
        .map(|(edges, why)| format!("{}: {why}", list(edges)))
        .collect();
    let failure = Failure::run(format!(
        "the paths leave out {} edges: {}",
        unreached.len() + missed.len(),
        reasons.join("; ")
    ));
    Err(failure.remedy("add edges that lead there, open the guards, or take these edges out"))
}

fn list(names: &[String]) -> String {
    let shown = names.iter().take(NAMED).map(String::as_str);
    let shown = shown.collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
