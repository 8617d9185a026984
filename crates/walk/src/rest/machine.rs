//! The one machine of the REST service: calls are carried out here, one after another.

use std::sync::Arc;
use std::time::Instant;

use sockeye_core::Random;
use sockeye_model::Suite;
use sockeye_model::blocked::without_blocked_as;
use sockeye_model::line::{self, Details};
use sockeye_model::machine::WalkError;

use super::routes::Call;
use super::{Playback, RestOptions};
use crate::card::{Gate, locked};
use crate::commands::{Shape, publish, read_suite, write_visited};
use crate::profile::Protocol;
use crate::registry::{Beginning, PLAYBACK, state_group};
use crate::reply::{Object, Replies};
use crate::request::Key;
use crate::service::Service;
use crate::state::{self, data_object};
use crate::summons::Summons;
use crate::walk::{Origin, Walk};

/// The text for everybody who comes before the models.
const NOT_LOADED: &str = "No model(s) are loaded.";

/// Why a call could not be carried out.
#[derive(Debug)]
struct Refusal {
    /// In the words of the reference, where it has words.
    error: String,
    /// Where the script hangs that has failed, which the reference does not tell.
    details: Option<String>,
}

/// What became of a call.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The answer's body.
    Answer(String),
    /// A step is held back, until then or until somebody says otherwise.
    Held(Option<Instant>),
}

/// The machine and what it was made of.
#[derive(Debug)]
pub(super) struct RestMachine {
    service: Arc<Service>,
    options: RestOptions,
    random: Random,
    walk: Option<Walk>,
    due: Option<Instant>,
    playback: Playback,
}

impl RestMachine {
    pub(super) fn new(
        service: Arc<Service>,
        mut options: RestOptions,
        playback: Playback,
    ) -> Result<Self, String> {
        let suite = options.suite.take();
        let mut machine = Self {
            random: service.random(),
            service,
            options,
            walk: None,
            due: None,
            playback,
        };
        if let Some(suite) = suite {
            let begun = machine.begin(suite);
            begun.map_err(|refusal| refusal.error)?;
        }
        Ok(machine)
    }

    /// A machine that cannot be made leaves the one before in its place.
    fn begin(&mut self, suite: Suite) -> Result<(), Refusal> {
        let compat = self.service.options.compat();
        let suite = if self.options.blocked {
            without_blocked_as(&suite, compat).map_err(|error| error.to_string())?
        } else {
            suite
        };
        let origin = Origin {
            seed: suite.seed.unwrap_or_else(|| self.service.seed()),
            suite: Arc::new(suite),
            globals: None,
            is_light: false,
            is_heavy: true,
            compat,
        };
        let machine = origin.machine()?;
        if let Some(walk) = self.walk.take() {
            self.service.registry.end(&walk.card);
        }
        let beginning = Beginning {
            name: None,
            seed: origin.seed,
            summons: Summons::default(),
            group: Some(PLAYBACK),
        };
        let card = self.service.registry.begin(beginning, &origin.suite);
        *locked(&self.playback) = Some(Arc::clone(&card));
        self.walk = Some(Walk::new(machine, card, origin));
        self.due = None;
        Ok(())
    }

    /// Carries a call out.
    pub(super) fn carry_out(&mut self, call: &Call) -> Outcome {
        if let (Call::GetNext, Some(walk)) = (call, &self.walk) {
            match walk.card.gate(&mut self.due) {
                Gate::Open => {}
                Gate::Until(instant) => return Outcome::Held(Some(instant)),
                Gate::Shut => return Outcome::Held(None),
            }
        }
        let mut replies = Replies::default();
        let done = self.perform(call, &mut replies);
        if let Err(refusal) = done {
            replies.clear();
            let mut object = replies.object();
            object.text("result", "nok").text("error", &refusal.error);
            let is_strict = self.service.options.strict_silence;
            object.maybe("details", refusal.details.as_deref().filter(|_| !is_strict));
        }
        self.tell_state();
        Outcome::Answer(replies.texts().next().unwrap_or_default().to_owned())
    }

    fn walk(&mut self) -> Result<&mut Walk, Refusal> {
        let early = || NOT_LOADED.to_owned().into();
        self.walk.as_mut().ok_or_else(early)
    }

    fn perform(&mut self, call: &Call, replies: &mut Replies) -> Result<(), Refusal> {
        match call {
            Call::Load(text) => {
                let suite = read_suite(text, &mut self.random)?;
                self.begin(suite)?;
                ok(replies);
            }
            Call::HasNext => {
                let has_next = self.walk()?.has_next()?;
                ok(replies).text("hasNext", if has_next { "true" } else { "false" });
            }
            Call::GetNext => self.step(replies)?,
            Call::GetData => {
                let pairs = self.walk()?.data()?;
                ok(replies).with("data", |out| data_object(out, pairs));
            }
            Call::SetData(script) => {
                let is_cut = self.service.options.bug_compatible;
                let kept = script.split(';').next().filter(|_| is_cut);
                self.walk()?.set_data(kept.unwrap_or(script))?;
                ok(replies);
            }
            Call::Restart => {
                self.walk()?.restart()?;
                self.due = None;
                ok(replies);
            }
            Call::Fail(reason) => {
                let walk = self.walk()?;
                if walk.machine.current().is_none() {
                    let early = "no step was made that could have failed: call getNext first";
                    return Err(early.to_owned().into());
                }
                walk.machine.fail();
                walk.card.failed(reason);
                walk.card.judged(walk.machine.model(), &walk.machine);
                // It has worked; the reference says so in these words.
                return Err(format!("java.lang.Throwable: {reason}").into());
            }
            Call::GetStatistics => {
                let walk = self.walk()?;
                state::statistics(&walk.machine, &mut ok(replies));
            }
        }
        Ok(())
    }

    fn step(&mut self, replies: &mut Replies) -> Result<(), Refusal> {
        let details = Details {
            result: true,
            verbose: self.options.verbose,
            unvisited: self.options.unvisited,
            ..Details::default()
        };
        let service = Arc::clone(&self.service);
        let walk = self.walk()?;
        let made = walk.step()?;
        let write = |out: &mut String| line::write(out, &mut walk.machine, made.0, details);
        replies.written(write)?;
        let mut message = Replies::default();
        let shape = Shape::of(Protocol::V43, Key::Command);
        if write_visited(walk, made, shape, None, &mut message).is_ok() {
            service.registry.send(PLAYBACK, &message);
        }
        publish(walk, made, &service.registry);
        Ok(())
    }

    fn tell_state(&mut self) {
        let Some(walk) = &mut self.walk else { return };
        if !walk.card.is_state_wanted() {
            return;
        }
        let mut message = Replies::default();
        state::write(walk, &mut message.object());
        if let Some(text) = message.texts().next() {
            walk.card.keep_state(text);
        }
        let group = state_group(&walk.card.group);
        self.service.registry.send(&group, &message);
    }
}

impl From<String> for Refusal {
    fn from(error: String) -> Self {
        Self {
            error,
            details: None,
        }
    }
}

impl From<WalkError> for Refusal {
    fn from(error: WalkError) -> Self {
        let (error, explained) = (error.to_string(), error.explained());
        Self {
            details: (explained != error).then_some(explained),
            error,
        }
    }
}

fn ok(replies: &mut Replies) -> Object<'_> {
    let mut object = replies.object();
    object.text("result", "ok");
    object
}
