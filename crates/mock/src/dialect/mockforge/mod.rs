//! MockForge files (contract 2): one map with a `websocket:` section.

mod admin;
mod auth;
mod builtin;
mod chaos;
mod handler;
mod include;
mod jsonrpc;
mod lifecycle;
mod matching;
mod oversize;
mod proxy;
mod record;
mod replay;
mod rule;
mod schema;
mod shared;
mod sink;
mod slow;
mod steps;
#[cfg(test)]
mod tests;
mod timer;
mod tls;
mod unserved;

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use sockeye_core::document::{Fields, Key, Node, NodeValue};
use sockeye_core::{Mistake, nearest, quoted};
use sockeye_net::LinkSettings;
use sockeye_wire::FrameLimits;

use super::{Part, Reading};
use crate::chaos::Chaos;
use crate::load::Overrides;
use crate::message_log::MessageLog;
use crate::path::{Notation, PathPattern};
use crate::plan::{AdminSettings, Route, Settings, SocketRoute, seconds_or_never};

pub(crate) use builtin::default_part;
pub(crate) use chaos::read as read_chaos;

/// Where the manual explains these files.
pub(crate) const PAGE: &str = "docs/mockforge.md";

/// The path of the default endpoint, contract 2.
pub(crate) const DEFAULT_PATH: &str = "/ws";

/// The largest message in bytes, contract 2.
const MESSAGE_BYTES: u64 = 65_536;

/// Seconds between pings, contract 2.
const PING_SECONDS: f64 = 30.0;

/// The longest interval or timeout, in seconds: a day.
const LONGEST_SECONDS: f64 = 86_400.0;

/// The longest time that a call of a script may take, in milliseconds: a minute.
const LONGEST_SCRIPT: u64 = 60_000;

/// The memory that the scripts of a thread may have, in MiB.
const SCRIPT_MEMORY: RangeInclusive<u64> = 4..=4096;

/// What paths without a handler get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fallback {
    /// The default handler, if the file has no handlers; nothing otherwise.
    Auto,
    /// An echo.
    Echo,
    /// Nothing.
    Reject,
}

/// Fallbacks by their names in files.
const FALLBACKS: [(&str, Fallback); 3] = [
    ("auto", Fallback::Auto),
    ("echo", Fallback::Echo),
    ("reject", Fallback::Reject),
];

/// How much of the messages is logged, by its names in files.
const LOG_MESSAGES: [(&str, MessageLog); 3] = [
    ("off", MessageLog::Off),
    ("meta", MessageLog::Meta),
    ("full", MessageLog::Full),
];

/// Reads a file.
pub(crate) fn read(root: &Node, reading: &mut Reading<'_>) -> Part {
    let NodeValue::Map(entries) = &root.value else {
        return Part::default();
    };
    let mut is_misspelt = false;
    let mut admin = None;
    let mut http_port = None;
    for (key, node) in entries {
        match key.name.as_str() {
            "websocket" => {}
            "include" => include::read(node, reading),
            "admin" if node.is_null() => {}
            "admin" => admin = admin::read(node, reading),
            "http" if node.get("port").is_some() => http_port = admin::alias(key, node, reading),
            name => {
                is_misspelt |= nearest(name, ["websocket"]).is_some();
                other_section(key, reading);
            }
        }
    }
    let mut part = match root.get("websocket") {
        Some(section) if section.is_null() => default_part(reading),
        Some(section) => read_section(section, reading).unwrap_or_default(),
        // A file may do nothing but name others.
        None if is_misspelt || root.get("include").is_some() => Part::default(),
        None => {
            let mistake = Mistake::at(&root.place, "the file has no `websocket` section");
            reading.mistake(mistake.remedy("put the mock under `websocket:`"));
            Part::default()
        }
    };
    let admin = admin.unwrap_or_default();
    part.settings.admin = AdminSettings {
        port: admin.port.or(http_port),
        ..admin
    };
    part
}

/// A section beside `websocket`: a misspelt one is a mistake, a foreign one a warning.
fn other_section(key: &Key, reading: &mut Reading<'_>) {
    let name = quoted(&key.name);
    let mistake = if nearest(&key.name, ["websocket"]).is_some() {
        Mistake::at(&key.place, format!("unknown section {name}"))
            .label("not known here")
            .remedy("did you mean `websocket`?")
    } else {
        Mistake::at(&key.place, format!("section {name} is ignored"))
            .remedy("only `websocket` says something about WebSockets")
            .warning()
    };
    reading.mistake(mistake);
}

fn read_section(node: &Node, reading: &mut Reading<'_>) -> Option<Part> {
    let mut fields = reading.fields(node, "the websocket section")?;
    let mut settings = read_settings(&mut fields, reading);
    let said = chaos::read_section(&mut fields, reading);
    settings.chaos = said.clone().map(|said| Arc::new(Chaos::new(said)));
    let default_path = fields.take("path").map(|path| reading.path(path));
    let link = Arc::new(read_link(&mut fields, reading));
    let fallback = reading.choice(&mut fields, "fallback", &FALLBACKS);
    let allowed = proxy::read_allowed(&mut fields, reading);
    let items = reading.items(&mut fields, "handlers");
    let mut routes: Vec<Route> = items
        .iter()
        .filter_map(|item| handler::read(item, &link, &allowed, said.as_ref(), reading))
        .collect();
    let wanted = replay::read(fields.take_entry("replay_file"), reading);
    let log = reading.choice(&mut fields, "log_messages", &LOG_MESSAGES);
    reading.finish(fields);
    let default_path = match (&reading.overrides.path, default_path) {
        (Some(path), _) => PathPattern::parse(path, Notation::Braces).ok()?,
        (None, Some(path)) => path?,
        (None, None) => PathPattern::parse(DEFAULT_PATH, Notation::Braces).ok()?,
    };
    let mut fallback = match fallback.unwrap_or(Fallback::Auto) {
        Fallback::Auto => items
            .is_empty()
            .then(|| builtin::endpoint("any path", &link, wanted.as_ref())),
        Fallback::Echo => Some(builtin::echo_route("any path", &link)),
        Fallback::Reject => None,
    };
    if let Some(fallback) = &mut fallback {
        fallback.chaos.clone_from(&settings.chaos);
        fallback.log = log.unwrap_or_default();
    }
    let is_taken = |route: &Route| route.path.same_shape(&default_path);
    if !routes.iter().any(is_taken) {
        let chaos = settings.chaos.as_ref();
        routes.push(builtin::at(default_path, &link, chaos, wanted.as_ref()));
    } else if let Some(place) = wanted.and_then(|wanted| wanted.place) {
        replay::warn_of_handler(&place, &default_path, reading);
    }
    let sockets = routes.iter_mut().filter_map(|route| route.socket.as_mut());
    for socket in sockets.filter_map(Arc::get_mut) {
        socket.log = log.unwrap_or_default();
    }
    Some(Part {
        routes,
        settings,
        fallback: fallback.map(Arc::new),
    })
}

fn read_settings(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Settings {
    let enabled = reading.bool(fields, "enabled");
    let watch = reading.bool(fields, "hot_reload");
    let host = fields
        .take("host")
        .and_then(|node| reading.bind_host(node, "`host`"));
    let port = reading.whole(fields, "port", 0..=65_535);
    let most = reading.whole(fields, "max_connections", 0..=1_000_000);
    let of_one = reading.whole(fields, "max_connections_per_address", 0..=1_000_000);
    let seed = reading.whole(fields, "seed", 0..=u64::MAX);
    let tls = fields.take("tls").filter(|node| !node.is_null());
    let tls = tls.and_then(|node| tls::read(node, reading));
    let scripts = read_script_limits(fields, reading);
    let shared = shared::read(fields, reading);
    Settings {
        host: host.map(ToOwned::to_owned),
        port: port.and_then(|port| u16::try_from(port).ok()),
        max_connections: most.and_then(|most| usize::try_from(most).ok()),
        max_connections_per_address: of_one.and_then(|most| usize::try_from(most).ok()),
        enabled,
        watch,
        seed,
        shared,
        tls,
        ..scripts.unwrap_or_default()
    }
}

/// `script:`, what all scripts may use.
fn read_script_limits(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<Settings> {
    let node = fields.take("script").filter(|node| !node.is_null())?;
    let mut fields = reading.fields(node, "`script`")?;
    let time = reading.whole(&mut fields, "timeout_ms", 1..=LONGEST_SCRIPT);
    let memory = reading.whole(&mut fields, "memory_mb", SCRIPT_MEMORY);
    let names = reading.items(&mut fields, "env_allow").iter();
    let names = names.filter_map(|name| {
        let name = name.as_text("an item of `env_allow`", reading.mistakes)?;
        Some(name.to_owned())
    });
    let script_env = names.collect();
    reading.finish(fields);
    Some(Settings {
        script_time: time.map(Duration::from_millis),
        script_memory: memory.and_then(|mib| usize::try_from(mib).ok()),
        script_env,
        ..Settings::default()
    })
}

fn read_link(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> LinkSettings {
    let bytes = fields
        .take("max_message_size")
        .and_then(|node| reading.message_size(node));
    // Seconds, also fractions of them; 0 turns a timer off.
    let mut seconds = |key| reading.number(fields, key, 0.0..=LONGEST_SECONDS);
    let (ping, pong) = (seconds("ping_interval"), seconds("pong_timeout"));
    let idle = reading.either(fields, &["idle_timeout_secs", "connection_timeout_secs"]);
    let idle = idle.first().and_then(|(key, node)| {
        node.as_f64(&quoted(&key.name), 0.0..=LONGEST_SECONDS, reading.mistakes)
    });
    let mut link = link(bytes, ping, pong, idle.unwrap_or(0.0), reading.overrides);
    slow::read(&mut link, fields, reading);
    link
}

/// Link settings from what was said, by the environment first, then by the file.
fn link(
    bytes: Option<u64>,
    ping: Option<f64>,
    pong: Option<f64>,
    idle: f64,
    overrides: &Overrides,
) -> LinkSettings {
    let ping = overrides.ping_seconds.or(ping).unwrap_or(PING_SECONDS);
    let pong = pong.unwrap_or(if ping > 0.0 { ping } else { PING_SECONDS });
    LinkSettings {
        frames: frame_limits(overrides.message_bytes.or(bytes).unwrap_or(MESSAGE_BYTES)),
        ping_interval: seconds_or_never(ping),
        pong_timeout: Duration::from_secs_f64(pong),
        idle_timeout: seconds_or_never(idle),
        ..LinkSettings::default()
    }
}

/// Limits for messages of at most this many bytes, whatever their frames; 0 means no limit.
fn frame_limits(bytes: u64) -> FrameLimits {
    let bytes = if bytes == 0 { u64::MAX } else { bytes };
    FrameLimits {
        frame_bytes: bytes,
        message_bytes: bytes,
        ..FrameLimits::default()
    }
}

impl Reading<'_> {
    fn message_size(&mut self, node: &Node) -> Option<u64> {
        const MOST: u64 = 1 << 30;
        node.as_bytes("`max_message_size`", 0..=MOST, self.mistakes)
    }
}

/// A path that is served, built in or from a handler.
fn route(path: PathPattern, socket: SocketRoute, place: Option<sockeye_core::Place>) -> Route {
    let socket = Some(Arc::new(socket));
    Route {
        host: None,
        path,
        socket,
        endpoints: Vec::new(),
        place,
        number: 0,
    }
}
