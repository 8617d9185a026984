//! What will be said passes through the user's script here, once, before the first word: a script costs no
//! message its time.

use std::path::Path;
use std::sync::{Arc, mpsc};

use serde_json::json;
use sockeye_core::quoted;
use sockeye_script::js::{
    ConnectionFacts, Effect, Host, Input, MemoryStore, Payload, Returned, Script, ScriptConnection,
    ScriptKind, ScriptLimits, ScriptPool, SharedStore,
};
use sockeye_tape::{Content, Direction, Entry, Session};

use super::args::As;
use crate::report;

/// The longest script.
const SCRIPT_BYTES: u64 = 1024 * 1024;

/// Bytes that a script may make of one message, and memory it may use: a recording may have large ones.
const OUTPUT_BYTES: usize = 64 * 1024 * 1024;
const MEMORY_BYTES: usize = 1024 * 1024 * 1024;

/// Changes every message that `role` sends. Errors: a sentence for the user.
pub(super) fn apply(path: &Path, session: &mut Session, role: As) -> Result<(), String> {
    let script = read(path)?;
    let limits = ScriptLimits {
        output_bytes: OUTPUT_BYTES,
        memory_bytes: MEMORY_BYTES,
        ..ScriptLimits::default()
    };
    let pool = ScriptPool::start(1, limits, Arc::new(Nowhere(Arc::new(MemoryStore::new()))));
    let pool = pool.map_err(|problem| format!("cannot start a script: {problem}"))?;
    let facts = ConnectionFacts {
        id: "conn-1".to_owned(),
        ..ConnectionFacts::default()
    };
    let connection = pool.open(facts, None);
    let ours = match role {
        As::Server => Direction::Outgoing,
        As::Client => Direction::Incoming,
    };
    for (index, entry) in session.entries.iter_mut().enumerate() {
        let is_message = entry.content.as_ref().is_some_and(Content::is_message);
        if is_message && entry.direction == ours {
            change(&connection, &script, index, entry)
                .map_err(|why| format!("{}: messages[{index}]: {why}", path.display()))?;
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<Script, String> {
    let shown = quoted(&path.display().to_string());
    let cannot = |problem| format!("cannot read {shown}: {problem}");
    let about = std::fs::metadata(path).map_err(cannot)?;
    if about.len() > SCRIPT_BYTES {
        return Err(format!("{shown} is longer than 1 MiB"));
    }
    let text = std::fs::read_to_string(path).map_err(cannot)?;
    Script::new(ScriptKind::Replay, &text).map_err(|wrong| {
        format!(
            "{}:{}:{}: not JavaScript: {}",
            path.display(),
            wrong.line,
            wrong.column,
            wrong.message
        )
    })
}

fn change(
    connection: &ScriptConnection,
    script: &Script,
    index: usize,
    entry: &mut Entry,
) -> Result<(), String> {
    let Some(content) = &entry.content else {
        return Ok(());
    };
    let time = u64::try_from(entry.at.as_millis()).unwrap_or(u64::MAX);
    let ctx = json!({
        "direction": entry.direction,
        "timestamp_ms": time,
        "index": index,
        "type": content.kind(),
    });
    let message = match content {
        Content::Text(text) => json!({ "text": text, "ctx": ctx }),
        Content::Binary(bytes) => json!({ "bytes": bytes, "ctx": ctx }),
        _ => return Ok(()),
    };
    let (done, outcome) = mpsc::channel();
    let payload = Some(Payload::Text(message.to_string()));
    connection.call(
        script,
        Input {
            payload,
            received_at: 0,
        },
        move |outcome| {
            let _ = done.send(outcome);
        },
    );
    let outcome = outcome
        .recv()
        .map_err(|_| "the script thread is gone".to_owned())?;
    for effect in &outcome.effects {
        if let Effect::Log { text, .. } = effect {
            report::sentence(&format!("script: {text}"));
        }
    }
    entry.content = match outcome.result.map_err(|error| error.to_string())? {
        Returned::Text(text) => Some(Content::Text(text)),
        Returned::Binary(bytes) => Some(Content::Binary(bytes)),
        Returned::Nothing | Returned::Truth(_) => None,
    };
    Ok(())
}

/// The world of a script that has none.
#[derive(Debug)]
struct Nowhere(Arc<MemoryStore>);

impl Host for Nowhere {
    fn recipients(&self, _: Option<&str>, _: &str) -> usize {
        0
    }

    fn rooms_of(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn members(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn env(&self, _: &str) -> Option<String> {
        None
    }

    fn template(&self, _: &str, _: &str) -> Result<String, String> {
        Err("there are no templates in a replay's script".to_owned())
    }

    fn shared(&self) -> Arc<dyn SharedStore> {
        Arc::clone(&self.0) as Arc<dyn SharedStore>
    }
}
