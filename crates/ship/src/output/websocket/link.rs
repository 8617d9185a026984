//! An open connection: the only place from which a message can be sent, gone as soon as the connection is.

use std::io;
use std::time::Duration;

use sockeye_net::{Conversation, ConversationReader, ConversationWriter, Received};
use sockeye_wire::{CloseCode, Kind};
use tokio::time::{Instant, timeout_at};

use super::verdict::Fault;
use crate::monitor::OutputCounters;

/// Bytes that the system has not taken, beyond which no further message is written.
const HIGH: usize = 256 * 1024;

/// How long the server's last words are waited for when writing has failed.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// How long the server has to answer our Close.
const GOODBYE: Duration = Duration::from_secs(2);

/// What is said on one connection. It begins with the server's 101 and ends with the first fault.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) reader: ConversationReader,
    pub(super) writer: ConversationWriter,
    pub(super) timing: Timing,
    /// Number of the last message.
    pub(super) sent: u64,
    /// Whether anything was confirmed.
    pub(super) has_confirmed: bool,
}

/// When the server was last heard, and by when something has to happen.
#[derive(Debug)]
pub(super) struct Timing {
    idle: Duration,
    patience: Duration,
    /// Last time that anything was said by either side.
    spoke: Instant,
    /// Last time that something went on that we wait for.
    progress: Instant,
    unsent: usize,
    is_probing: bool,
    /// Writing has failed since then.
    broken: Option<(Instant, String)>,
}

/// What a deadline means.
#[derive(Debug)]
pub(super) enum Due {
    /// Nothing yet.
    Nothing,
    /// Nothing was said for long: ask whether the server is there.
    Ping,
    /// The server does not confirm what it has.
    Unconfirmed,
    /// It is over.
    Over(Fault),
}

impl Link {
    pub(super) fn new(conversation: Conversation, idle: Duration, patience: Duration) -> Self {
        let (reader, writer) = conversation.split();
        let now = Instant::now();
        Self {
            reader,
            writer,
            timing: Timing {
                idle,
                patience,
                spoke: now,
                progress: now,
                unsent: 0,
                is_probing: false,
                broken: None,
            },
            sent: 0,
            has_confirmed: false,
        }
    }

    /// Puts a message behind the others; its number. With it goes a ping that says the same number, if
    /// its pong is to confirm it.
    pub(super) fn put(
        &mut self,
        kind: Kind,
        payload: &[u8],
        is_pinged: bool,
        counters: &OutputCounters,
    ) -> u64 {
        self.sent += 1;
        self.writer.put(kind, payload);
        counters.messages.one();
        counters.wire_bytes.add(payload.len() as u64);
        if is_pinged {
            self.writer.put_ping(&self.sent.to_be_bytes());
            counters.pings.one();
        }
        self.timing.spoke = Instant::now();
        self.sent
    }

    /// Whether another message may be written now.
    pub(super) fn has_room(&self) -> bool {
        self.timing.broken.is_none() && self.writer.unsent().is_some_and(|bytes| bytes < HIGH)
    }

    /// Whether the system has everything.
    pub(super) fn is_flushed(&self) -> bool {
        self.writer.unsent() == Some(0)
    }

    /// Whether there is anything for [`ConversationWriter::flush`] to do.
    pub(super) fn has_unsent(&self) -> bool {
        self.timing.broken.is_none() && self.writer.unsent().is_some_and(|bytes| bytes > 0)
    }

    /// Writing has failed. The server's last words may say why.
    pub(super) fn broken(&mut self, error: &io::Error) {
        let broken = (Instant::now() + LAST_WORDS, error.to_string());
        self.timing.broken.get_or_insert(broken);
    }

    /// The pong that confirms messages says the number of the last of them.
    pub(super) fn confirmed_by(&self, payload: &[u8]) -> Option<u64> {
        let number = u64::from_be_bytes(payload.try_into().ok()?);
        (number <= self.sent).then_some(number)
    }

    /// Asks whether the server is there.
    pub(super) fn probe(&mut self, counters: &OutputCounters) {
        self.writer.put_ping(b"idle");
        counters.pings.one();
        self.timing.is_probing = true;
        self.timing.progress = Instant::now();
    }

    /// Says goodbye in order: Close 1000, and the server's answer is waited for, though not for ever.
    pub(super) async fn farewell(mut self, end: Option<Instant>) {
        let own = Instant::now() + GOODBYE;
        // Time that is up already must not keep the Close from being said.
        let end = end.map_or(own, |end| own.min(end + GOODBYE / 4));
        let goodbye = async {
            if self.writer.close(CloseCode::NORMAL, "").await.is_err() {
                return;
            }
            loop {
                let received = self.reader.receive().await;
                if matches!(received, Ok(Received::End | Received::Close(_)) | Err(_)) {
                    return;
                }
            }
        };
        // Whoever does not answer is left without another word.
        let _ = timeout_at(end, goodbye).await;
    }
}

impl Timing {
    /// The server has said something.
    pub(super) fn heard(&mut self) {
        self.spoke = Instant::now();
        self.is_probing = false;
    }

    /// Something was confirmed, or begins to be waited for.
    pub(super) fn went_on(&mut self) {
        self.progress = Instant::now();
    }

    /// When to look again.
    pub(super) fn deadline(&self, is_waiting: bool) -> Instant {
        match &self.broken {
            Some((until, _)) => *until,
            None if is_waiting || self.is_probing => self.progress + self.patience,
            None => self.spoke + self.idle,
        }
    }

    /// The deadline has come, perhaps.
    pub(super) fn due(&mut self, unsent: usize, is_waiting: bool) -> Due {
        if unsent < self.unsent {
            self.went_on();
        }
        self.unsent = unsent;
        if Instant::now() < self.deadline(is_waiting) {
            return Due::Nothing;
        }
        match &self.broken {
            Some((_, why)) => Due::Over(Fault::Gone(why.clone())),
            None if is_waiting && unsent == 0 && !self.is_probing => Due::Unconfirmed,
            None if is_waiting || self.is_probing => Due::Over(Fault::Silent(self.patience)),
            None => Due::Ping,
        }
    }
}
