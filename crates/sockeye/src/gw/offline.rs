//! `gw offline`: models and a seed in, one line of JSON for each step out.

use std::io::{BufWriter, Write as _, stdout};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sockeye_core::Random;
use sockeye_model::Suite;
use sockeye_model::graph::Named;
use sockeye_model::line::{self, Details};
use sockeye_model::machine::{Machine, WalkError};
use tracing::info;

use super::failure::Failure;
use super::models::{self, Format};
use super::words::Values;

/// How long a line may wait for others before it is written.
const LINE_WAITS: Duration = Duration::from_millis(20);

/// Bytes of lines that wait at most.
const WAITING: usize = 64 * 1024;

/// Walks to the end.
pub(super) fn run(values: &Values) -> Result<(), Failure> {
    let begun = Instant::now();
    let pairs = values.texts("--model");
    let suite = if let Some(file) = values.text("--gw").filter(|_| pairs.is_empty()) {
        models::read_as(file, Format::Json)?
    } else if pairs.is_empty() {
        return Ok(());
    } else {
        models::with_generators(pairs, values.text("--start-element"))?
    };
    let seed = values.number("--seed").filter(|seed| *seed != 0);
    let seed = seed.or(suite.seed);
    let seed = seed.unwrap_or_else(|| Random::from_os().bits().cast_signed());
    info!("Seed: {seed}");
    let suite = models::filtered(suite, values.is_blocked())?;
    let suite = Arc::new(suite);
    let machine = Machine::new(Arc::clone(&suite), seed);
    let machine = machine.map_err(|error| failure(&error, &suite, None))?;
    Walk {
        machine,
        begun,
        // With generators of its own, a model's lines are those of the state after the actions.
        after: pairs.is_empty(),
        limits: Limits::new(values),
        details: Details {
            result: false,
            verbose: values.flag("--verbose"),
            unvisited: values.flag("--unvisited"),
        },
    }
    .print()
}

/// When a walk ends at the latest.
struct Limits {
    steps: u64,
    time: Duration,
}

impl Limits {
    fn new(values: &Values) -> Self {
        let number = |name| {
            let number = values
                .number(name)
                .and_then(|number| number.try_into().ok());
            number.filter(|number| *number != 0)
        };
        Self {
            steps: number("--steps").unwrap_or(u64::MAX),
            time: number("--time").map_or(Duration::MAX, Duration::from_secs),
        }
    }
}

struct Walk {
    machine: Machine,
    begun: Instant,
    after: bool,
    limits: Limits,
    details: Details,
}

impl Walk {
    /// Prints line by line. What was printed before a failure stays printed.
    fn print(mut self) -> Result<(), Failure> {
        let mut out = BufWriter::with_capacity(WAITING, stdout().lock());
        let walked = self.walk(&mut out);
        out.flush()?;
        walked
    }

    fn walk(&mut self, out: &mut impl std::io::Write) -> Result<(), Failure> {
        let mut text = String::new();
        let mut written = Duration::ZERO;
        let mut steps = 0;
        while steps < self.limits.steps {
            let elapsed = self.begun.elapsed();
            if elapsed >= self.limits.time {
                break;
            }
            self.machine.set_elapsed(elapsed);
            // A step may take long, so that what was said before must not wait for it.
            if elapsed.saturating_sub(written) > LINE_WAITS {
                out.flush()?;
                written = elapsed;
            }
            text.clear();
            let said = self.step(&mut text);
            out.write_all(text.as_bytes())?;
            if !said.map_err(|error| self.failure(&error))? {
                break;
            }
            steps += 1;
        }
        Ok(())
    }

    /// Makes a step, if there is one, and appends its line. A line that stands before its actions stays when they fail.
    fn step(&mut self, text: &mut String) -> Result<bool, WalkError> {
        if !self.machine.has_next()? {
            return Ok(false);
        }
        let step = self.machine.choose()?;
        if self.after {
            self.machine.perform()?;
        }
        line::write(text, &mut self.machine, step, self.details)?;
        text.push('\n');
        if !self.after {
            self.machine.perform()?;
        }
        Ok(true)
    }

    fn failure(&self, error: &WalkError) -> Failure {
        let suite = self.machine.suite();
        let model = &suite.models[self.machine.model()];
        let at = self.machine.current().map(|element| model.named(element));
        failure(error, suite, at)
    }
}

/// What keeps a walk from going on, where it stands, and what can be done about it.
fn failure(error: &WalkError, suite: &Suite, at: Option<Named>) -> Failure {
    let failure = Failure::run(error.to_string());
    match error {
        WalkError::NoStartModel => failure.remedy(
            "no model has a start element: give one a `startElementId`, a vertex named Start, or use --start-element",
        ),
        WalkError::NoGenerator => failure.remedy(
            "every model needs a generator; --model gives one to the first model of its file only, so that the others \
             have theirs in the file",
        ),
        WalkError::NoVertex(name) | WalkError::NoEdge(name) => unknown(failure, name, suite),
        WalkError::NoSharedState(name) => {
            failure.remedy(format!("no vertex has the shared state `{name}`"))
        }
        WalkError::NoPath(element) => failure.remedy(format!(
            "no edge leads on from {element}, or all their guards are closed: add an edge, or stop before it"
        )),
        WalkError::NotEulerian => failure.remedy(
            "use directed_chinese_postman, which goes over edges again where it must; `gw check` says which vertices \
             are in the way",
        ),
        WalkError::Weights(_) => failure.remedy("make the weights of its open edges at most 1"),
        WalkError::NoWeight(_) => {
            failure.remedy("make the weights of its open edges 1, or leave out one of them")
        }
        WalkError::Guard(_, element) => failure.remedy(format!("it is the guard of {element}")),
        WalkError::Action(_) => failure.remedy(match at {
            Some(element) => format!("it is an action of {element}"),
            None => "it is an action of a model itself".to_owned(),
        }),
        _ => failure,
    }
}

/// A name that no element has.
fn unknown(failure: Failure, name: &str, suite: &Suite) -> Failure {
    let names = suite.models.iter().flat_map(|model| {
        let elements = model.elements();
        elements.filter_map(|element| model.name_of(element))
    });
    failure.remedy(match sockeye_core::nearest(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`gw methods` prints the names of a model".to_owned(),
    })
}
