//! Shared state without a server passes through here: a map in this process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Operation, Reply, SharedStore};

/// A [`SharedStore`] that lives and dies with the process. Every operation is atomic.
#[derive(Debug, Default)]
pub struct MemoryStore {
    entries: Mutex<HashMap<String, Entry>>,
}

#[derive(Debug)]
struct Entry {
    value: Value,
    until: Option<Instant>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        // No operation leaves the map half changed.
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, operation: Operation) -> Result<Value, String> {
        let now = Instant::now();
        let mut entries = self.entries();
        forget_expired(&mut entries, &operation, now);
        Ok(match operation {
            Operation::Get { key } => entries
                .get(&key)
                .map_or(Value::Null, |entry| entry.value.clone()),
            Operation::Set { key, value, ttl } => {
                // A time that no clock can reach is for ever.
                let until = ttl.and_then(|ttl: Duration| now.checked_add(ttl));
                entries.insert(key, Entry { value, until });
                Value::Bool(true)
            }
            Operation::Incr { key, by } => return incr(&mut entries, key, by),
            Operation::Del { key } => Value::Bool(entries.remove(&key).is_some()),
            Operation::Exists { key } => Value::Bool(entries.contains_key(&key)),
            Operation::Keys { glob } => {
                let mut keys: Vec<&String> = entries.keys().collect();
                keys.retain(|key| matches(glob.as_bytes(), key.as_bytes()));
                keys.sort_unstable();
                keys.into_iter().cloned().collect()
            }
        })
    }
}

impl SharedStore for MemoryStore {
    fn run(&self, operation: Operation, reply: Reply) {
        reply(self.answer(operation));
    }
}

/// Removes what the operation could see although its time is over. All keys are looked at only for a list of
/// them and before the map has to grow.
fn forget_expired(entries: &mut HashMap<String, Entry>, operation: &Operation, now: Instant) {
    let alive = |entry: &Entry| entry.until.is_none_or(|until| until > now);
    let full = entries.len() == entries.capacity();
    match operation {
        Operation::Keys { .. } => entries.retain(|_, entry| alive(entry)),
        Operation::Set { .. } if full => entries.retain(|_, entry| alive(entry)),
        Operation::Get { key }
        | Operation::Set { key, .. }
        | Operation::Incr { key, .. }
        | Operation::Del { key }
        | Operation::Exists { key } => {
            if entries.get(key).is_some_and(|entry| !alive(entry)) {
                entries.remove(key);
            }
        }
    }
}

fn incr(entries: &mut HashMap<String, Entry>, key: String, by: i64) -> Result<Value, String> {
    let entry = entries.entry(key);
    let name = entry.key().clone();
    let entry = entry.or_insert(Entry {
        value: Value::from(0),
        until: None,
    });
    let Some(old) = entry.value.as_i64() else {
        return Err(format!("the value of `{name}` is not an integer"));
    };
    let new = old
        .checked_add(by)
        .ok_or_else(|| format!("the value of `{name}` would leave the range of 64-bit integers"))?;
    entry.value = Value::from(new);
    Ok(entry.value.clone())
}

/// Whether `text` matches a glob of `*` and `?`. Linear apart from the last star, so no glob can hang it.
fn matches(glob: &[u8], text: &[u8]) -> bool {
    let (mut at, mut from) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(&byte) = text.get(from) {
        match glob.get(at) {
            Some(b'*') => {
                star = Some((at + 1, from));
                at += 1;
            }
            Some(&wanted) if wanted == b'?' || wanted == byte => {
                at += 1;
                from += 1;
            }
            _ => match star {
                Some((after, start)) => {
                    star = Some((after, start + 1));
                    (at, from) = (after, start + 1);
                }
                None => return false,
            },
        }
    }
    glob.iter().skip(at).all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(store: &MemoryStore, operation: Operation) -> Result<Value, String> {
        store.answer(operation)
    }

    #[test]
    fn a_missing_key_counts_as_zero() {
        let store = MemoryStore::new();
        let key = || "n".to_owned();
        assert_eq!(ask(&store, Operation::Get { key: key() }), Ok(Value::Null));
        assert_eq!(
            ask(&store, Operation::Incr { key: key(), by: 2 }),
            Ok(2.into())
        );
        assert_eq!(
            ask(&store, Operation::Incr { key: key(), by: -3 }),
            Ok((-1).into())
        );
        assert_eq!(ask(&store, Operation::Del { key: key() }), Ok(true.into()));
        assert_eq!(
            ask(&store, Operation::Exists { key: key() }),
            Ok(false.into())
        );
    }

    #[test]
    fn incr_of_a_text_is_an_error_and_changes_nothing() {
        let store = MemoryStore::new();
        let key = || "n".to_owned();
        let set = Operation::Set {
            key: key(),
            value: "x".into(),
            ttl: None,
        };
        assert_eq!(ask(&store, set), Ok(true.into()));
        let error = ask(&store, Operation::Incr { key: key(), by: 1 });
        assert_eq!(error, Err("the value of `n` is not an integer".to_owned()));
        assert_eq!(ask(&store, Operation::Get { key: key() }), Ok("x".into()));
    }

    #[test]
    fn incr_does_not_wrap_around() {
        let store = MemoryStore::new();
        let key = || "n".to_owned();
        assert_eq!(
            ask(
                &store,
                Operation::Incr {
                    key: key(),
                    by: i64::MAX
                }
            ),
            Ok(i64::MAX.into())
        );
        let error = ask(&store, Operation::Incr { key: key(), by: 1 });
        let text = "the value of `n` would leave the range of 64-bit integers";
        assert_eq!(error, Err(text.to_owned()));
    }

    #[test]
    fn a_value_whose_time_is_over_is_gone() {
        let store = MemoryStore::new();
        for (ttl, there) in [(Some(Duration::ZERO), false), (Some(Duration::MAX), true)] {
            let set = Operation::Set {
                key: "k".to_owned(),
                value: 1.into(),
                ttl,
            };
            assert_eq!(ask(&store, set), Ok(true.into()));
            let exists = Operation::Exists {
                key: "k".to_owned(),
            };
            assert_eq!(ask(&store, exists), Ok(there.into()));
        }
    }

    #[test]
    fn keys_are_found_by_glob() {
        let store = MemoryStore::new();
        for key in ["user:2", "user:10", "order:1"] {
            let set = Operation::Set {
                key: key.to_owned(),
                value: 1.into(),
                ttl: None,
            };
            assert_eq!(ask(&store, set), Ok(true.into()));
        }
        for (glob, keys) in [
            ("user:*", serde_json::json!(["user:10", "user:2"])),
            ("*:?", serde_json::json!(["order:1", "user:2"])),
            ("*r*:*1*", serde_json::json!(["order:1", "user:10"])),
            ("x", serde_json::json!([])),
        ] {
            let found = ask(
                &store,
                Operation::Keys {
                    glob: glob.to_owned(),
                },
            );
            assert_eq!(found, Ok(keys), "{glob}");
        }
    }
}
