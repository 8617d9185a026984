//! `shared_state:`, where the scripts of several processes share their state.

use sockeye_cluster::{ClusterSettings, RedisUrl};
use sockeye_core::Mistake;
use sockeye_core::document::{Fields, Node};

use crate::dialect::Reading;
use crate::plan::SharedState;

/// Whether a server starts without its Redis.
const ON_ERROR: [(&str, bool); 2] = [("fail", false), ("memory", true)];

/// The longest prefix of keys, in bytes.
const PREFIX_BYTES: usize = 200;

/// A Redis, if the state is to be there.
pub(super) fn read(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<SharedState> {
    let node = fields.take("shared_state").filter(|node| !node.is_null())?;
    let mut fields = reading.fields(node, "`shared_state`")?;
    let enabled = reading.bool(&mut fields, "enabled").unwrap_or(true);
    let url = fields
        .take("redis_url")
        .and_then(|url| redis_url(url, reading));
    let prefix = fields
        .take("key_prefix")
        .and_then(|prefix| key_prefix(prefix, reading));
    let may_miss = reading.choice(&mut fields, "on_error", &ON_ERROR);
    reading.finish(fields);
    let mut settings = ClusterSettings::new(url.filter(|_| enabled)?);
    if let Some(prefix) = prefix {
        settings.key_prefix = prefix;
    }
    Some(SharedState {
        settings,
        may_miss: may_miss.unwrap_or(false),
    })
}

fn redis_url(node: &Node, reading: &mut Reading<'_>) -> Option<RedisUrl> {
    let text = node.as_text("`redis_url`", reading.mistakes)?;
    match RedisUrl::parse(text) {
        Ok(url) => Some(url),
        Err(wrong) => {
            let mistake = Mistake::at(&node.place, format!("`redis_url` names no Redis: {wrong}"));
            let remedy = "write `redis://localhost:6379`, or `unix:///run/redis.sock`";
            reading.mistake(mistake.remedy(remedy).page("docs/shared-state.md"));
            None
        }
    }
}

fn key_prefix(node: &Node, reading: &mut Reading<'_>) -> Option<String> {
    let prefix = node.as_text("`key_prefix`", reading.mistakes)?;
    if prefix.len() > PREFIX_BYTES {
        let length = prefix.len();
        let text = format!("`key_prefix` has at most {PREFIX_BYTES} bytes, not {length}");
        reading.mistake(Mistake::at(&node.place, text).remedy("shorten it"));
        return None;
    }
    Some(prefix.to_owned())
}
