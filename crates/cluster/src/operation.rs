//! Operations on shared values become commands of Redis here, and its answers the values that scripts see.

use std::collections::BTreeSet;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{Cmd, RedisError, Value as Answer};
use serde_json::Value;
use sockeye_script::js::Operation;

use crate::error::said;
use crate::glob;
use crate::limits::{KEYS, KEYS_STEP, VALUE_BYTES};

/// Longest time to live that Redis is asked for, in ms: 285,000 years. Longer is for ever.
const LONGEST_TTL: u128 = 1 << 53;

/// An operation, ready to be sent.
#[derive(Debug)]
pub(crate) struct Request {
    /// The key or the glob as scripts write it.
    key: String,
    /// Bytes of the value, none where there is none.
    value: usize,
    work: Work,
}

/// Bytes that an operation without a value holds, about.
const LEAST_BYTES: usize = 128;

#[derive(Debug)]
enum Work {
    One(Cmd, Read),
    Keys { pattern: String, prefix: usize },
}

/// What the answer of Redis means to whoever asked for the key.
type Read = fn(&str, Answer) -> Result<Value, Failure>;

/// Why an operation failed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// Whoever asked is mistaken.
    Mistake(String),
    /// Redis did not do it.
    Refused(String),
    /// The connection to Redis is broken.
    Lost,
}

impl Request {
    /// # Errors
    ///
    /// What cannot be asked of Redis.
    pub(crate) fn new(prefix: &str, operation: Operation) -> Result<Self, String> {
        let mut value_bytes = 0;
        let (key, command, read): (_, _, Read) = match operation {
            Operation::Get { key } => {
                let command = command("GET", prefix, &key);
                (key, command, stored)
            }
            Operation::Set { key, value, ttl } => {
                let json = value.to_string();
                value_bytes = json.len();
                let command = set(prefix, &key, json, ttl)?;
                (key, command, |_, _| Ok(Value::Bool(true)))
            }
            Operation::Incr { key, by } => {
                let mut command = command("INCRBY", prefix, &key);
                command.arg(by);
                (key, command, number)
            }
            Operation::Del { key } => {
                let command = command("DEL", prefix, &key);
                (key, command, truth)
            }
            Operation::Exists { key } => {
                let command = command("EXISTS", prefix, &key);
                (key, command, truth)
            }
            Operation::Keys { glob } => {
                let pattern = glob::pattern(prefix, &glob)?;
                let prefix = prefix.len();
                let work = Work::Keys { pattern, prefix };
                return Ok(Self {
                    key: glob,
                    value: 0,
                    work,
                });
            }
        };
        let work = Work::One(command, read);
        Ok(Self {
            key,
            value: value_bytes,
            work,
        })
    }

    /// Bytes that are held until the answer is there.
    pub(crate) fn bytes(&self) -> usize {
        LEAST_BYTES + self.key.len() + self.value
    }

    /// Asks Redis. The command is on its way when this is polled for the first time.
    pub(crate) async fn run(self, redis: &mut MultiplexedConnection) -> Result<Value, Failure> {
        let Self { key, work, .. } = self;
        match work {
            Work::One(command, read) => {
                let answer = command.query_async(redis).await;
                read(&key, answer.map_err(|error| failure(&key, &error))?)
            }
            Work::Keys { pattern, prefix } => keys(redis, &key, &pattern, prefix).await,
        }
    }
}

fn command(name: &str, prefix: &str, key: &str) -> Cmd {
    let mut command = redis::cmd(name);
    command.arg(format!("{prefix}{key}"));
    command
}

fn set(prefix: &str, key: &str, json: String, ttl: Option<Duration>) -> Result<Cmd, String> {
    if json.len() > VALUE_BYTES {
        return Err(too_long(key, json.len()));
    }
    let ttl = ttl.map(|ttl| ttl.as_nanos().div_ceil(1_000_000));
    if ttl == Some(0) {
        // Its time is over at once, and Redis does not take that.
        return Ok(command("DEL", prefix, key));
    }
    let mut set = command("SET", prefix, key);
    set.arg(json);
    if let Some(ms) = ttl.filter(|ms| *ms <= LONGEST_TTL) {
        set.arg("PX").arg(ms.to_string());
    }
    Ok(set)
}

/// A value: what is JSON is what it says, anything else is a text.
fn stored(key: &str, answer: Answer) -> Result<Value, Failure> {
    match answer {
        Answer::Nil => Ok(Value::Null),
        Answer::BulkString(bytes) if bytes.len() > VALUE_BYTES => {
            Err(Failure::Mistake(too_long(key, bytes.len())))
        }
        Answer::BulkString(bytes) => Ok(serde_json::from_slice(&bytes)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()))),
        other => Err(unexpected(&other)),
    }
}

fn number(_: &str, answer: Answer) -> Result<Value, Failure> {
    match answer {
        Answer::Int(number) => Ok(Value::from(number)),
        other => Err(unexpected(&other)),
    }
}

fn truth(_: &str, answer: Answer) -> Result<Value, Failure> {
    match answer {
        Answer::Int(number) => Ok(Value::Bool(number != 0)),
        other => Err(unexpected(&other)),
    }
}

async fn keys(
    redis: &mut MultiplexedConnection,
    glob: &str,
    pattern: &str,
    prefix: usize,
) -> Result<Value, Failure> {
    // A set: Redis may show a key twice.
    let mut found = BTreeSet::new();
    let mut cursor = 0_u64;
    loop {
        let mut scan = redis::cmd("SCAN");
        scan.arg(cursor).arg("MATCH").arg(pattern);
        scan.arg("COUNT").arg(KEYS_STEP);
        let answer = scan.query_async::<(u64, Vec<Vec<u8>>)>(redis).await;
        let (next, keys) = answer.map_err(|error| failure(glob, &error))?;
        let keys = keys
            .into_iter()
            .filter_map(|key| String::from_utf8(key).ok());
        found.extend(keys.filter_map(|key| Some(key.get(prefix..)?.to_owned())));
        if found.len() > KEYS {
            let text = format!("more than {KEYS} keys match `{glob}`");
            return Err(Failure::Mistake(text));
        }
        if next == 0 {
            return Ok(found.into_iter().collect());
        }
        cursor = next;
    }
}

/// What an error means, in the words that the store in memory has for it.
fn failure(key: &str, error: &RedisError) -> Failure {
    let detail = error.detail().unwrap_or_default();
    match error.code() {
        Some("ERR") if detail.contains("not an integer") => {
            Failure::Mistake(format!("the value of `{key}` is not an integer"))
        }
        Some("ERR") if detail.contains("would overflow") => Failure::Mistake(format!(
            "the value of `{key}` would leave the range of 64-bit integers"
        )),
        Some("WRONGTYPE") => Failure::Mistake(format!(
            "the value of `{key}` is a list or another type of Redis that scripts cannot use"
        )),
        Some(_) => Failure::Refused(format!("Redis refuses: {}", said(error))),
        None => Failure::Lost,
    }
}

fn unexpected(answer: &Answer) -> Failure {
    Failure::Refused(format!("Redis answered something else: {answer:.100?}"))
}

fn too_long(key: &str, bytes: usize) -> String {
    format!("the value of `{key}` has {bytes} bytes as JSON, {VALUE_BYTES} are allowed")
}
