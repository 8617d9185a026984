//! `gw offline`: models and a seed in, one line of JSON for each step out.

mod paths;
mod printer;
mod remedies;

use std::io::{BufWriter, stdout};
use std::sync::Arc;
use std::time::Instant;

use sockeye_core::Random;
use sockeye_model::Suite;
use tracing::info;

use super::failure::Failure;
use super::models::{self, Format};
use super::words::Values;
use printer::Printer;

/// Bytes of lines that wait at most.
const WAITING: usize = 64 * 1024;

/// Walks to the end, as often as is wanted.
pub(super) fn run(values: &Values) -> Result<(), Failure> {
    let begun = Instant::now();
    let count = values.number("--paths");
    if count.is_some() && values.flag("--suite") {
        let failure = Failure::usage("--paths and --suite both say how many paths there are.");
        return Err(failure.remedy("leave one of them out"));
    }
    if count.is_some_and(|count| count < 1) {
        let failure = Failure::usage("--paths expected how many paths there are to be.");
        return Err(failure.remedy("write a whole number from 1, such as `--paths 3`"));
    }
    let Some(suite) = suite(values)? else {
        return Ok(());
    };
    let seed = values.number("--seed").filter(|seed| *seed != 0);
    let seed = seed.or(suite.seed);
    let seed = seed.unwrap_or_else(|| Random::from_os().bits().cast_signed());
    info!("Seed: {seed}");
    let suite = Arc::new(models::filtered(suite, values.is_blocked())?);
    let out = BufWriter::with_capacity(WAITING, stdout().lock());
    let mut printer = Printer::new(out, values, begun);
    let walked = if values.flag("--suite") {
        paths::few(&mut printer, &suite, seed)
    } else if let Some(count) = count {
        let count = usize::try_from(count).unwrap_or_default();
        paths::several(&mut printer, &suite, seed, count)
    } else {
        paths::one(&mut printer, &suite, seed)
    };
    // What was printed before a failure stays printed.
    printer.end()?;
    walked
}

/// The models to walk, if any are named.
fn suite(values: &Values) -> Result<Option<Suite>, Failure> {
    let pairs = values.texts("--model");
    if !pairs.is_empty() {
        let start = values.text("--start-element");
        return models::with_generators(pairs, start).map(Some);
    }
    let file = values.text("--gw").filter(|file| !file.is_empty());
    file.map(|file| models::read_as(file, Format::Json))
        .transpose()
}
