//! What was said and what came passes through here: counted, compared, and told at the end.

use std::io::Write as _;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::{Value, json};
use sockeye_tape::play::{Difference, Flaw};

use crate::exit::Exit;
use crate::logging::say;
use crate::report::{self, counted};
use crate::ws::tape::print;

/// Differences that are told; of others there is only a count.
const TOLD: u64 = 100;

/// What all connections of a replay have seen.
#[derive(Debug)]
pub(super) struct Tally {
    is_json: bool,
    verifies: bool,
    said: AtomicU64,
    came: AtomicU64,
    flaws: AtomicU64,
    told: Mutex<Vec<Value>>,
}

impl Tally {
    pub(super) fn new(is_json: bool, verifies: bool) -> Self {
        Self {
            is_json,
            verifies,
            said: AtomicU64::new(0),
            came: AtomicU64::new(0),
            flaws: AtomicU64::new(0),
            told: Mutex::default(),
        }
    }

    pub(super) fn verifies(&self) -> bool {
        self.verifies
    }

    /// We said so many messages.
    pub(super) fn said(&self, messages: u64) {
        self.said.fetch_add(messages, Ordering::Relaxed);
    }

    /// Something came.
    pub(super) fn came(&self) {
        self.came.fetch_add(1, Ordering::Relaxed);
    }

    /// Something was not as recorded, on connection number `connection` of ours.
    pub(super) fn flaw(&self, connection: u64, flaw: &Flaw) {
        if !self.verifies || self.flaws.fetch_add(1, Ordering::Relaxed) >= TOLD {
            return;
        }
        if self.is_json {
            let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            told.push(as_json(connection, flaw));
            return;
        }
        // Told as it happens: somebody watches, and a server runs until it is stopped.
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "connection {connection}: {flaw}").and_then(|()| out.flush());
    }

    /// Says what there was, and with which status it ends. `ended` is that of the connections.
    pub(super) fn end(&self, ended: Exit) -> Exit {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (said, came, flaws) = (count(&self.said), count(&self.came), count(&self.flaws));
        let exit = if ended == Exit::Done && flaws > 0 {
            Exit::NotAsAsked
        } else {
            ended
        };
        if self.is_json {
            let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
            let told = Value::from(told.clone());
            let end =
                json!({ "sent": said, "received": came, "differences": flaws, "first": told });
            let printed = print(&end);
            return if printed == Exit::Done { exit } else { printed };
        }
        let (said, came) = (counted(said, "message"), counted(came, "message"));
        let mut words = format!("sent {said}, {came} came");
        match (self.verifies, flaws) {
            (false, _) => {}
            (true, 0) => words.push_str(", all as recorded"),
            (true, flaws) => {
                words.push_str(", ");
                words.push_str(&counted(flaws, "difference"));
            }
        }
        report::sentence(&words);
        exit
    }

    /// Says a sentence unless a program reads.
    pub(super) fn announce(&self, sentence: &str) {
        if self.is_json {
            say(sentence);
        } else {
            report::sentence(sentence);
        }
    }
}

fn as_json(connection: u64, flaw: &Flaw) -> Value {
    let (kind, message, differences) = match flaw {
        Flaw::Differs { index, differences } => {
            let each = |difference: &Difference| {
                json!({
                    "at": difference.at,
                    "recorded": difference.recorded,
                    "came": difference.came,
                })
            };
            (
                "different",
                Some(*index),
                differences.iter().map(each).collect(),
            )
        }
        Flaw::Missing { index, recorded } => (
            "missing",
            Some(*index),
            vec![json!({ "at": "", "recorded": recorded, "came": null })],
        ),
        Flaw::More { came } => (
            "unexpected",
            None,
            vec![json!({ "at": "", "recorded": null, "came": came })],
        ),
    };
    json!({ "connection": connection, "kind": kind, "message": message, "differences": differences })
}
