//! The client's side of a replay: one connection for each part, all by one clock.

use std::sync::Arc;
use std::time::Duration;

use sockeye_net::{ConversationReader, ConversationWriter, Received, dial};
use sockeye_tape::Content;
use sockeye_tape::play::{GRAIN, Next, Part, Player, Score, Verify};
use sockeye_wire::CloseCode;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout};

use super::args::{As, ReplayArgs};
use super::server::PATH;
use super::tally::Tally;
use crate::exit::Exit;
use crate::report;
use crate::ws::connect::{Goal, Signals, explain};

/// How long the peer may take to answer a Close, and to end the connection after its own.
const GRACE: Duration = Duration::from_secs(2);

/// What stands for a Close without a code, and for none (RFC 6455, section 7.1.5).
const NO_CODE: u16 = 1005;
const LOST: u16 = 1006;

/// How long before its first message a later connection is opened.
const EARLY: Duration = Duration::from_millis(200);

/// Plays all parts and tells how it went.
pub(super) async fn play(args: &ReplayArgs, scores: Vec<Arc<Score>>, tally: Arc<Tally>) -> Exit {
    let Ok(mut signals) = Signals::listen() else {
        report::sentence("cannot listen for signals");
        return Exit::Internal;
    };
    let mut roles = Vec::new();
    for (number, score) in (1..).zip(scores) {
        let goal = match Goal::new(&url(args, &score), &args.dial) {
            Ok(goal) => goal,
            Err(sentence) => {
                report::sentence(&sentence);
                return Exit::Usage;
            }
        };
        let player = Player::new(Arc::clone(&score), args.manner(As::Client));
        let verify = Verify::new(Arc::clone(&score), false);
        let begins = args.speed.scaled(score.begins);
        let tally = Arc::clone(&tally);
        let (wait, keep_open) = (args.wait, args.keep_open);
        roles.push(Role {
            number,
            goal,
            player,
            verify,
            begins,
            tally,
            wait,
            keep_open,
        });
    }
    let start = Instant::now();
    let mut playing: JoinSet<Exit> = roles.into_iter().map(|role| role.play(start)).collect();
    let mut exit = Exit::Done;
    loop {
        tokio::select! {
            ended = playing.join_next() => match ended {
                Some(Ok(Exit::Done)) => {}
                // The worst tells: no connection at all before one that ended early.
                Some(Ok(one)) => exit = if exit == Exit::Io { exit } else { one },
                Some(Err(_)) => exit = Exit::Internal,
                None => break,
            },
            () = signals.next() => playing.shutdown().await,
        }
    }
    tally.end(exit)
}

/// Where a part is played.
fn url(args: &ReplayArgs, score: &Score) -> String {
    let path = args
        .path
        .as_deref()
        .or(score.path.as_deref())
        .unwrap_or(PATH);
    let Some(url) = &args.url else {
        return format!("ws://{}:{}{path}", args.host, args.port);
    };
    let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    if args.path.is_none() && rest.contains(['/', '?']) {
        return url.clone();
    }
    let end = rest
        .find(['/', '?'])
        .map_or(url.len(), |at| url.len() - rest.len() + at);
    format!("{}{path}", url.get(..end).unwrap_or(url))
}

/// One connection and its part.
struct Role {
    number: u64,
    goal: Goal,
    player: Player,
    verify: Verify,
    begins: Duration,
    tally: Arc<Tally>,
    wait: Duration,
    keep_open: bool,
}

/// How our side ended.
enum Spoken {
    /// Everything is said.
    All(ConversationWriter),
    /// The last that was said was a Close.
    Closed,
    /// The connection did not take any more.
    Broken,
}

impl Role {
    async fn play(self, start: Instant) -> Exit {
        sleep_until(start + self.begins.saturating_sub(EARLY)).await;
        let goal = &self.goal;
        let conversation = dial(&goal.target, &goal.request, goal.limits, goal.within).await;
        let conversation = match conversation {
            Ok(conversation) => conversation,
            Err(error) => {
                report::sentence(&explain(&error, &goal.shown));
                return Exit::Io;
            }
        };
        let (reader, writer) = conversation.split();
        // A single connection begins when it is open, a later one when it did.
        let begun = Instant::now().max(start + self.begins);
        let tally = Arc::clone(&self.tally);
        let speaker = tokio::spawn(speak(self.player, writer, begun, tally));
        let mut listener = Listener {
            reader,
            verify: self.verify,
            number: self.number,
            tally: self.tally,
            closed: None,
        };
        let exit = listener.listen(speaker, self.wait, self.keep_open).await;
        if listener.tally.verifies() {
            for flaw in listener.verify.missing() {
                listener.tally.flaw(self.number, &flaw);
            }
        }
        exit
    }
}

/// Says each message at its time.
async fn speak(
    mut player: Player,
    mut writer: ConversationWriter,
    begun: Instant,
    tally: Arc<Tally>,
) -> Spoken {
    let score = Arc::clone(player.score());
    loop {
        let step = match player.next(begun.elapsed() + GRAIN) {
            Next::Say(step) => step,
            Next::At(due) => {
                sleep_until(begun + due.saturating_sub(GRAIN)).await;
                continue;
            }
            Next::Wait | Next::End => return Spoken::All(writer),
        };
        let Some(Part::Say(line)) = score.steps.get(step).map(|step| &step.part) else {
            continue;
        };
        let sent = match &line.content {
            Content::Text(text) => writer.send_text(text).await,
            Content::Binary(bytes) => writer.send_binary(bytes).await,
            Content::Close { code, reason } => {
                let code = code.and_then(CloseCode::new).unwrap_or(CloseCode::NORMAL);
                let _ = writer.close(code, reason).await;
                return Spoken::Closed;
            }
            Content::Ping(_) | Content::Pong(_) => Ok(()),
        };
        if sent.is_err() {
            return Spoken::Broken;
        }
        tally.said(1);
        // A part without any pause must not keep what comes from being heard.
        tokio::task::yield_now().await;
    }
}

struct Listener {
    reader: ConversationReader,
    verify: Verify,
    number: u64,
    tally: Arc<Tally>,
    /// The code with which the peer has closed, or what stands for none.
    closed: Option<u16>,
}

impl Listener {
    /// Hears until everything is said and has come, then closes.
    async fn listen(
        &mut self,
        mut speaker: tokio::task::JoinHandle<Spoken>,
        wait: Duration,
        keep_open: bool,
    ) -> Exit {
        let spoken = loop {
            tokio::select! {
                received = self.reader.receive() => self.hear(received),
                spoken = &mut speaker => break spoken.unwrap_or(Spoken::Broken),
            }
            if self.closed.is_some() {
                let left = speaker.is_finished();
                speaker.abort();
                return if left {
                    self.ending()
                } else {
                    self.ended_early()
                };
            }
        };
        let mut writer = match spoken {
            Spoken::All(writer) => Some(writer),
            Spoken::Closed => None,
            Spoken::Broken => return self.ended_early(),
        };
        let until = Instant::now() + wait;
        while self.closed.is_none() && (keep_open || self.verify.outstanding() > 0) {
            tokio::select! {
                received = self.reader.receive() => self.hear(received),
                () = sleep_until(until), if !keep_open => break,
            }
        }
        if self.closed.is_some() {
            return self.ending();
        }
        if let Some(writer) = &mut writer {
            let _ = writer.close(CloseCode::NORMAL, "").await;
        }
        let end = async {
            while self.closed.is_none() {
                let received = self.reader.receive().await;
                self.hear(received);
            }
        };
        // A peer that does not answer our Close is left alone.
        let _ = timeout(GRACE, end).await;
        Exit::Done
    }

    fn hear(&mut self, received: std::io::Result<Received>) {
        let content = match received {
            Ok(Received::Text(text)) => Content::Text(text),
            Ok(Received::Binary(bytes)) => Content::Binary(bytes),
            Ok(Received::Ping(_) | Received::Pong(_)) => return,
            Ok(Received::Close(close)) => {
                let code = close.map(|(code, _)| code.get());
                if let Some(flaw) = self.verify.closed(code) {
                    self.tally.flaw(self.number, &flaw);
                }
                self.closed = Some(code.unwrap_or(NO_CODE));
                return;
            }
            Ok(Received::Broken(_) | Received::End) | Err(_) => {
                self.closed.get_or_insert(LOST);
                return;
            }
        };
        self.tally.came();
        if let Some(flaw) = self.verify.came(&content) {
            self.tally.flaw(self.number, &flaw);
        }
    }

    /// The connection has ended after everything was said.
    fn ending(&self) -> Exit {
        match self.closed {
            Some(1000 | 1001 | NO_CODE) => Exit::Done,
            // A bad end may be what was recorded.
            _ if self.tally.verifies() && self.verify.outstanding() == 0 => Exit::Done,
            _ => self.complain(&self.how()),
        }
    }

    fn ended_early(&self) -> Exit {
        self.complain(&format!("{} before everything was said", self.how()))
    }

    fn how(&self) -> String {
        match self.closed {
            Some(LOST) | None => "the peer is gone without a Close".to_owned(),
            Some(code) => format!("the peer closed with {code}"),
        }
    }

    fn complain(&self, what: &str) -> Exit {
        report::sentence(&format!("connection {}: {what}", self.number));
        Exit::NotAsAsked
    }
}
