//! A conversation that is played to a connection passes through here, line by line and each at its time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sockeye_net::{Message, Outbox};
use sockeye_tape::Content;
use sockeye_tape::play::{GRAIN, Line, Manner, Next, Part, Player, Score, Speed};
use sockeye_wire::CloseCode;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::js::Ask;
use crate::occasion::Occasion;
use crate::plan::Responder;
use crate::session::{MockSession, Parts};
use crate::voice::Voice;

/// Bytes that a client may leave behind before we stop to talk.
const AHEAD: usize = 256 * 1024;

/// How soon we look again whether it has taken them.
const LOOK_AGAIN: Duration = Duration::from_millis(2);

/// How a mock plays: as it was recorded, and on only when the client has spoken.
const MANNER: Manner = Manner {
    speed: Speed::Times(1.0),
    waits: true,
    strict: false,
    repeats: false,
};

/// A part on its way to one connection, as its server.
#[derive(Debug)]
pub struct Recital {
    player: Player,
    begun: Instant,
    closes: bool,
    is_over: bool,
}

impl Recital {
    /// A part that begins now. With `closes`, its end is the connection's: Close 1000.
    pub fn new(score: Arc<Score>, manner: Manner, closes: bool) -> Self {
        Self {
            player: Player::new(score, manner),
            begun: Instant::now(),
            closes,
            is_over: false,
        }
    }

    /// Begins now after all: the connection is open.
    pub fn begin(&mut self) {
        self.begun = Instant::now();
    }

    /// Hears the client.
    pub fn hear(&mut self, message: Message<'_>) {
        self.player.hear(match message {
            Message::Text(text) => Content::Text(text.to_owned()),
            Message::Binary(bytes) => Content::Binary(bytes.to_vec()),
        });
    }

    /// Says what is due, and asks to be called for what comes later; gives the number of messages. `template` says a text that is
    /// one: the number of its step in the score, the text as it is written, and where to say it.
    pub fn go_on(
        &mut self,
        out: &mut Outbox<'_>,
        mut template: impl FnMut(usize, &str, &mut Outbox<'_>),
    ) -> u64 {
        let mut said = 0;
        while !self.is_over {
            if out.is_crowded() || out.unsent() > AHEAD {
                out.wake_at(Instant::now() + LOOK_AGAIN);
                break;
            }
            match self.player.next(self.begun.elapsed() + GRAIN) {
                Next::Say(step) => said += u64::from(self.say(step, out, &mut template)),
                Next::At(due) => {
                    out.wake_at(self.begun + due.saturating_sub(GRAIN));
                    break;
                }
                Next::Wait => break,
                Next::End => {
                    self.is_over = true;
                    if self.closes {
                        out.close(CloseCode::NORMAL, "");
                    }
                }
            }
        }
        said
    }

    /// Whether it was a message.
    fn say(
        &mut self,
        step: usize,
        out: &mut Outbox<'_>,
        template: &mut impl FnMut(usize, &str, &mut Outbox<'_>),
    ) -> bool {
        let score = Arc::clone(self.player.score());
        let Some(Part::Say(line)) = score.steps.get(step).map(|step| &step.part) else {
            return false;
        };
        match &line.content {
            Content::Text(text) if line.template => template(step, text, out),
            Content::Text(text) => out.text(text),
            Content::Binary(bytes) => out.binary(bytes),
            Content::Close { code, reason } => {
                self.is_over = true;
                let code = code.and_then(CloseCode::new).unwrap_or(CloseCode::NORMAL);
                out.close(code, reason);
                return false;
            }
            Content::Ping(_) | Content::Pong(_) => return false,
        }
        true
    }
}

/// What a route plays: a file, read and checked.
#[derive(Debug)]
pub struct Program {
    /// The file, as the user would write it.
    name: String,
    parts: Vec<Arc<Role>>,
    /// Whose turn it is.
    next: AtomicUsize,
}

/// The part of one connection.
#[derive(Debug)]
pub(crate) struct Role {
    score: Arc<Score>,
    /// What is said at each step that is a template.
    answers: Vec<Option<Answer>>,
}

impl Role {
    /// A part. `compile` makes answers of the texts that are templates, told the number of the entry.
    pub(crate) fn new(
        score: Score,
        mut compile: impl FnMut(usize, &str) -> Option<Answer>,
    ) -> Arc<Self> {
        let mut answer = |step: &sockeye_tape::play::Step| match &step.part {
            Part::Say(Line {
                content: Content::Text(text),
                template: true,
            }) => compile(step.index, text),
            _ => None,
        };
        let answers = score.steps.iter().map(&mut answer).collect();
        let score = Arc::new(score);
        Arc::new(Self { score, answers })
    }
}

impl Program {
    /// What is played from a file of this name, which has at least one part.
    pub(crate) fn new(name: String, parts: Vec<Arc<Role>>) -> Self {
        let next = AtomicUsize::new(0);
        Self { name, parts, next }
    }

    /// What it does, for explanations.
    pub(crate) fn note(&self) -> String {
        let lines: usize = self.parts.iter().map(|part| part.score.lines()).sum();
        let plural = if lines == 1 { "" } else { "s" };
        format!("replays {}: {lines} message{plural}", self.name)
    }

    /// The next part, for a connection.
    pub(crate) fn begin(&self) -> Option<Box<Performance>> {
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        let role = self.parts.get(turn % self.parts.len().max(1))?;
        Some(Box::new(Performance {
            recital: Recital::new(Arc::clone(&role.score), MANNER, true),
            role: Arc::clone(role),
        }))
    }
}

impl MockSession {
    /// Plays what its route plays. What was begun goes on, whatever has become of the file.
    pub(crate) fn perform(&mut self, out: &mut Outbox<'_>) {
        match &self.route.responder {
            Responder::Replay(_) if self.performance.is_some() => {}
            Responder::Replay(program) => self.performance = program.begin(),
            _ => self.performance = None,
        }
        self.parts().go_on_playing(out);
    }
}

impl Parts<'_> {
    /// Lets what is played hear the client, and go on if that was waited for.
    pub(crate) fn perform(mut self, message: Message<'_>, out: &mut Outbox<'_>) -> Option<Ask> {
        if let Some(performance) = self.performance.as_mut() {
            performance.recital.hear(message);
        }
        self.go_on_playing(out);
        None
    }

    /// Says what is due, if anything is played.
    pub(crate) fn go_on_playing(mut self, out: &mut Outbox<'_>) {
        if let Some(performance) = self.performance {
            performance.go_on(&mut self.voice, out);
        }
    }
}

/// A part that is played to a connection of a mock. It stays the same when the file changes.
#[derive(Debug)]
pub(crate) struct Performance {
    recital: Recital,
    role: Arc<Role>,
}

impl Performance {
    fn go_on(&mut self, voice: &mut Voice<'_>, out: &mut Outbox<'_>) {
        let Self { recital, role } = self;
        // By the clock of the file, whatever the client asks.
        out.unprompted(|out| {
            recital.go_on(out, |step, _, out| {
                if let Some(Some(answer)) = role.answers.get(step) {
                    voice.say(answer, Occasion::default(), out);
                }
            })
        });
    }
}
