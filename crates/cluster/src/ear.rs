//! What comes through the channel passes through here, to the local node or into the picture of the others.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use crate::Target;
use crate::event::{self, Word};
use crate::hub::Hub;

/// Takes one event. Called where the bytes are read, so it waits for nothing and nothing waits for it.
pub(crate) fn hear(hub: &Hub, event: &[u8]) {
    if let Err(why) = understand(hub, event) {
        hub.tally.ignored(why);
    }
}

fn understand(hub: &Hub, event: &[u8]) -> Result<(), &'static str> {
    let (from, word, body) = event::decode(event)?;
    if from == hub.id {
        return Ok(());
    }
    let now = Instant::now();
    match word {
        Word::Broadcast { to, binary } => {
            hub.nodes().heard(&from, now);
            deliver(hub, &to, binary, body)
        }
        Word::Presence(told) => hub.nodes().told(from, told, now),
        Word::Alive { number } => {
            let is_known = hub.nodes().alive(&from, number, now);
            if !is_known {
                hub.wishes.say_hello();
            }
            Ok(())
        }
        Word::Hello => {
            hub.nodes().heard(&from, now);
            hub.wishes.tell_presence();
            Ok(())
        }
        Word::Bye => {
            hub.nodes().gone(&from);
            Ok(())
        }
    }
}

fn deliver(hub: &Hub, to: &Target, binary: bool, body: &[u8]) -> Result<(), &'static str> {
    let message = event::message(binary, body)?;
    // A fault of the local node must not end the connection to Redis.
    let delivered = catch_unwind(AssertUnwindSafe(|| hub.local.deliver(to, &message)));
    if delivered.is_err() {
        tracing::error!("delivering a broadcast of another node panicked");
    }
    Ok(())
}
