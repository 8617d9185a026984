//! Steps pass through here and become lines, written soon, counted, and ended by the limits of the command line.

use std::io::Write;
use std::time::{Duration, Instant};

use sockeye_model::line::{self, Details};
use sockeye_model::machine::{Machine, Step, WalkError};

use crate::gw::failure::Failure;
use crate::gw::words::Values;

/// How long a line may wait for others before it is written.
const LINE_WAITS: Duration = Duration::from_millis(20);

/// Prints the lines of one command, also those of several walks.
pub(super) struct Printer<W> {
    out: W,
    text: String,
    details: Details,
    /// Whether lines stand after the actions of their element.
    after: bool,
    begun: Instant,
    written: Duration,
    steps: u64,
    most_steps: u64,
    most_time: Duration,
}

impl<W: Write> Printer<W> {
    pub(super) fn new(out: W, values: &Values, begun: Instant) -> Self {
        let number = |name| {
            let number = values
                .number(name)
                .and_then(|number| number.try_into().ok());
            number.filter(|number| *number != 0)
        };
        Self {
            out,
            text: String::new(),
            details: Details {
                verbose: values.flag("--verbose"),
                unvisited: values.flag("--unvisited"),
                ..Details::default()
            },
            // With generators of its own, a model's lines tell the state after the actions.
            after: values.texts("--model").is_empty(),
            begun,
            written: Duration::ZERO,
            steps: 0,
            most_steps: number("--steps").unwrap_or(u64::MAX),
            most_time: number("--time").map_or(Duration::MAX, Duration::from_secs),
        }
    }

    /// Another path begins; its number is in its lines.
    pub(super) fn begin_path(&mut self) {
        self.details.path = Some(self.details.path.map_or(1, |path| path + 1));
    }

    /// Whether no limit is reached. Tells the machine what time it is, and writes what has waited: a step may take long.
    pub(super) fn goes_on(&mut self, machine: &mut Machine) -> Result<bool, Failure> {
        let elapsed = self.begun.elapsed();
        machine.set_elapsed(elapsed);
        if elapsed.saturating_sub(self.written) > LINE_WAITS {
            self.out.flush()?;
            self.written = elapsed;
        }
        Ok(self.steps < self.most_steps && elapsed < self.most_time)
    }

    /// Prints a step that was chosen, and has it performed before or after that. A line that stands before its actions stays
    /// when they fail.
    pub(super) fn print<M>(
        &mut self,
        walk: &mut M,
        step: Step,
        machine: impl Fn(&mut M) -> &mut Machine,
        perform: impl FnOnce(&mut M) -> Result<(), WalkError>,
    ) -> Result<Result<(), WalkError>, Failure> {
        self.steps += 1;
        self.text.clear();
        let said = if self.after {
            perform(walk).and_then(|()| self.line(machine(walk), step))
        } else {
            self.line(machine(walk), step).and_then(|()| perform(walk))
        };
        self.out.write_all(self.text.as_bytes())?;
        Ok(said)
    }

    fn line(&mut self, machine: &mut Machine, step: Step) -> Result<(), WalkError> {
        line::write(&mut self.text, machine, step, self.details)?;
        self.text.push('\n');
        Ok(())
    }

    /// Writes what is left.
    pub(super) fn end(mut self) -> Result<(), Failure> {
        Ok(self.out.flush()?)
    }
}
