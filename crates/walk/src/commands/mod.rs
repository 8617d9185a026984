//! A request's command finds its file here: one for each, and a line in this table.

mod check;
mod convert;
mod editor;
mod elements;
mod get_data;
mod get_model;
mod get_next;
mod get_session;
mod get_statistics;
mod has_next;
mod load_model;
mod mode;
mod restart;
mod sessions;
mod set_data;
mod start;
mod steer;
mod subscribe;
mod suite;
mod visited;
mod visits;

use std::time::Instant;

use sockeye_model::machine::WalkError;
use sockeye_model::{Edge, FormatError, Vertex};

use crate::conversation::Conversation;
use crate::failure::NOT_STARTED;
use crate::profile::Protocol;
use crate::registry::SteerError;
use crate::reply::{Object, Replies};
use crate::request::{Key, Request};
use crate::walk::Walk;

pub(crate) use suite::read as read_suite;
pub(crate) use visited::{Shape, publish, write as write_visited};

/// One command.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Command {
    /// As replies spell it; requests may spell it otherwise.
    pub(crate) name: &'static str,
    /// The generations that have it. Additions of ours are in none.
    known: &'static [Protocol],
    /// Whether it is answered while a step is held back.
    pub(crate) passes: bool,
    pub(crate) run: fn(&mut Scene<'_, '_>) -> Result<(), Fault>,
}

/// Everything a command sees.
#[derive(Debug)]
pub(crate) struct Scene<'s, 'r> {
    pub(crate) conversation: &'s mut Conversation,
    pub(crate) request: &'s Request<'r>,
    pub(crate) replies: &'s mut Replies,
    pub(crate) key: Key,
    pub(crate) protocol: Protocol,
    pub(crate) name: &'static str,
}

/// Why a command has no reply of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It cannot be done, for this reason.
    Failed(String),
    /// A step is held back, until then or until somebody says otherwise.
    Held(Option<Instant>),
    /// It may take long: not on an I/O thread. Nothing has changed.
    Elsewhere,
}

use Protocol::{Editor, Rs, V32, V33, V34, V42, V43};

const EVERY: &[Protocol] = &[V32, V33, Editor, V34, V42, V43, Rs];
const FROM_4_0: &[Protocol] = &[V42, V43, Rs];
const FROM_4_3: &[Protocol] = &[V43, Rs];
const LOADING: &[Protocol] = &[V32, V33, Editor];
const EDITING: &[Protocol] = &[Editor];
const REWRITE: &[Protocol] = &[Rs];
const OURS: &[Protocol] = &[];

const fn command(
    name: &'static str,
    known: &'static [Protocol],
    run: fn(&mut Scene<'_, '_>) -> Result<(), Fault>,
) -> Command {
    Command {
        name,
        known,
        passes: false,
        run,
    }
}

/// One that is answered while a step is held back.
const fn steering(
    name: &'static str,
    known: &'static [Protocol],
    run: fn(&mut Scene<'_, '_>) -> Result<(), Fault>,
) -> Command {
    Command {
        passes: true,
        ..command(name, known, run)
    }
}

/// All commands, those of every step first.
const COMMANDS: &[Command] = &[
    command("getNext", EVERY, get_next::run),
    command("hasNext", EVERY, has_next::run),
    command("getData", EVERY, get_data::run),
    command("setData", FROM_4_3, set_data::run),
    command("start", EVERY, start::run),
    command("loadModel", LOADING, load_model::run),
    command("loadGw3", EDITING, load_model::run_suite),
    command("restart", LOADING, restart::run),
    steering("mode", FROM_4_0, mode::run),
    command("getModel", &[Editor, V42, V43, Rs], get_model::run),
    command("getGW3", &[V34], get_model::run_texts),
    command("updateAllElements", FROM_4_0, elements::run),
    command("convertGraphml", FROM_4_0, convert::run),
    command("check", REWRITE, check::run),
    command("getStatistics", OURS, get_statistics::run),
    steering("getSession", OURS, get_session::run),
    steering("getVisits", OURS, visits::run),
    steering("listSessions", REWRITE, sessions::run),
    steering("subscribeSession", REWRITE, subscribe::run),
    steering("unsubscribeSession", REWRITE, subscribe::run_end),
    steering("pauseSession", REWRITE, steer::pause),
    steering("resumeSession", REWRITE, steer::resume),
    steering("stepSession", REWRITE, steer::step),
    steering("setDelay", REWRITE, steer::delay),
    steering("setBreakpoints", REWRITE, steer::breakpoints),
    command("addModel", EDITING, editor::models::add),
    command("newModel", EDITING, editor::models::add),
    command("removeModel", EDITING, editor::models::remove),
    command("addVertex", EDITING, editor::elements::add::<Vertex>),
    command("updateVertex", EDITING, editor::elements::update::<Vertex>),
    command("removeVertex", EDITING, editor::elements::remove::<Vertex>),
    command("deleteVertex", EDITING, editor::elements::remove::<Vertex>),
    command("addEdge", EDITING, editor::elements::add::<Edge>),
    command("updateEdge", EDITING, editor::elements::update::<Edge>),
    command("removeEdge", EDITING, editor::elements::remove::<Edge>),
    command("deleteEdge", EDITING, editor::elements::remove::<Edge>),
    command("deleteElement", EDITING, editor::elements::delete),
    command("setGenerator", EDITING, editor::models::set_generator),
    command("setNextElement", EDITING, editor::models::set_next),
];

/// The command of this name, if the generation that was forced has it.
pub(crate) fn find(name: &str, forced: Option<Protocol>) -> Option<&'static Command> {
    let found = COMMANDS
        .iter()
        .find(|command| command.name.eq_ignore_ascii_case(name))?;
    let is_known = forced.is_none_or(|forced| found.known.contains(&forced));
    is_known.then_some(found)
}

impl Scene<'_, '_> {
    /// Begins the reply of a success.
    pub(crate) fn succeed(&mut self) -> Object<'_> {
        let spelling = self.protocol.spells(self.name);
        let mut object = self.reply(spelling);
        object.truth("success", true);
        object
    }

    /// Begins a reply, with the command's name under the key of its request.
    ///
    /// The editor's first days had `type` in their requests and `command` in their replies, which have both here.
    pub(crate) fn reply(&mut self, spelling: &str) -> Object<'_> {
        let is_early = self.key == Key::Type && self.edits();
        let mut object = self.replies.object();
        object.text(self.key.name(), spelling);
        if is_early {
            object.text(Key::Command.name(), spelling);
        }
        object
    }

    /// Whether models are drawn by this command.
    pub(crate) fn edits(&self) -> bool {
        let found = COMMANDS.iter().find(|command| command.name == self.name);
        found.is_some_and(|command| command.known == EDITING) || self.name == "getModel"
    }

    /// The walk that was started.
    pub(crate) fn walk(&mut self) -> Result<&mut Walk, Fault> {
        let conversation = &mut *self.conversation;
        let reason = match conversation.playback {
            Some(_) => "this connection watches a running test, which is driven over REST",
            None => NOT_STARTED,
        };
        let early = || Fault::Failed(reason.to_owned());
        conversation.walk.as_mut().ok_or_else(early)
    }

    /// Whether replies have what only we add.
    pub(crate) fn has_extras(&self) -> bool {
        !self.conversation.service.options.strict_silence
            && self
                .conversation
                .dialect
                .forced
                .is_none_or(|forced| forced == Rs)
    }
}

impl From<String> for Fault {
    fn from(reason: String) -> Self {
        Self::Failed(reason)
    }
}

impl From<WalkError> for Fault {
    fn from(error: WalkError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<FormatError> for Fault {
    fn from(error: FormatError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<SteerError> for Fault {
    fn from(error: SteerError) -> Self {
        Self::Failed(error.0)
    }
}
