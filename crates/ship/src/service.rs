//! What files and command line say about the whole process passes through here and becomes settings.

mod keys;

use std::path::{Path, PathBuf};
use std::time::Duration;

use sockeye_core::{Mistake, Mistakes, Place, Source, nearest, quoted};

use crate::plan::{Property, Section};
use crate::properties::{Kind, Properties, boolean};
use crate::rejected::Keeping;
pub use keys::KEYS;

/// How much is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Nothing.
    Off,
    /// Faults.
    Error,
    /// Also what a user should know.
    Warn,
    /// Also what happens.
    #[default]
    Info,
    /// Also connections.
    Debug,
    /// Everything.
    Trace,
}

/// What concerns the whole process.
#[derive(Clone, Debug)]
pub struct Service {
    /// How often open chunks are handed to the outputs.
    pub flush: Duration,
    /// How long what is pending may take at the end; none for as long as it needs.
    pub grace: Option<Duration>,
    /// How much is logged; none where nothing was said.
    pub log_level: Option<LogLevel>,
    /// Where the log goes instead of standard error.
    pub log_file: Option<PathBuf>,
    /// The monitoring listener, if there is to be one.
    pub http: Option<HttpServer>,
    /// Whether the health endpoint judges.
    pub health: Option<Health>,
    /// Whether SIGHUP and the reload endpoint read the files again.
    pub hot_reload: bool,
    /// Where chunks are kept on disk.
    pub storage: Storage,
    /// The shortest wait before a retry.
    pub retry_base: Duration,
    /// The longest wait before a retry.
    pub retry_cap: Duration,
    /// Whether JSON is pure ASCII; none leaves it to the format.
    pub escape_unicode: Option<bool>,
    /// Whether NaN becomes null where the reference's bytes are asked for.
    pub nan_to_null: bool,
    /// The exit status when records were lost at the end; 0 as the reference does.
    pub loss_exit_code: u8,
}

/// Where the monitoring listener is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpServer {
    /// Its address.
    pub listen: String,
    /// Its port, 0 for any.
    pub port: u16,
    /// Where its address was said, for mistakes.
    pub place: Place,
}

/// When the health endpoint says `error`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// More errors than this within the period.
    pub errors: u64,
    /// More chunks than this that could not be retried within the period.
    pub retry_failures: u64,
    /// The period.
    pub period: Duration,
}

/// How chunks are kept on disk.
#[derive(Clone, Debug)]
pub struct Storage {
    /// The folder; none while nothing is kept on disk.
    pub path: Option<PathBuf>,
    /// Whether every write is followed by a sync.
    pub full_sync: bool,
    /// Whether the storage endpoint is served.
    pub metrics: bool,
    /// How many chunks may be in memory at once.
    pub max_chunks_up: u64,
    /// How much of what an earlier run left may be in memory, in bytes.
    pub backlog_mem_limit: u64,
    /// Where records are kept that will never be delivered; none: they are gone.
    pub rejected: Option<Keeping>,
}

impl Service {
    /// The settings. Unknown keys are warnings, as existing files have some; what is not of its kind
    /// is an error.
    pub fn read(properties: &[Property], mistakes: &mut Mistakes) -> Option<Self> {
        let mut section = Section::new("the service", Place::new(&Source::new("", ""), 0..0));
        for property in properties {
            take(&mut section, property, mistakes);
        }
        let settings = Properties::read(&section, &[KEYS])
            .and_then(|properties| Self::of(&properties).map_err(Into::into));
        if let Some(daemon) = section.get("daemon")
            && boolean(&daemon.value) == Some(true)
        {
            mistakes.push(
                Mistake::at(&daemon.place, "it stays in the foreground")
                    .label("has no effect")
                    .remedy("leave the background to the service manager")
                    .warning(),
            );
        }
        match settings {
            Ok(settings) => Some(settings),
            Err(more) => {
                mistakes.extend(more);
                None
            }
        }
    }

    fn of(properties: &Properties<'_>) -> Result<Self, Mistake> {
        Ok(Self {
            flush: flush(properties)?,
            grace: grace(properties),
            log_level: level(properties),
            log_file: properties.text("log_file").map(PathBuf::from),
            http: properties.flag("http_server").then(|| http(properties)),
            health: properties.flag("health_check").then(|| health(properties)),
            hot_reload: properties.flag("hot_reload"),
            storage: storage(properties)?,
            retry_base: seconds(properties, "scheduler.base")?,
            retry_cap: seconds(properties, "scheduler.cap")?,
            escape_unicode: properties
                .has("json.escape_unicode")
                .then(|| properties.flag("json.escape_unicode")),
            nan_to_null: properties.flag("json.convert_nan_to_null"),
            loss_exit_code: loss_exit_code(properties)?,
        })
    }
}

/// Adds a known property; a later one takes the place of an earlier one, but for those that repeat.
fn take(section: &mut Section, property: &Property, mistakes: &mut Mistakes) {
    let Some(key) = KEYS.iter().find(|key| key.name == property.key) else {
        mistakes.push(unknown(property));
        return;
    };
    if key.kind != Kind::Texts {
        section.properties.retain(|other| other.key != property.key);
    }
    section.properties.push(property.clone());
}

fn unknown(property: &Property) -> Mistake {
    let message = format!(
        "unknown key {} in the service section",
        quoted(&property.key)
    );
    let mistake = Mistake::at(&property.key_place, message)
        .label("ignored")
        .warning();
    match nearest(&property.key, KEYS.iter().map(|key| key.name)) {
        Some(near) => mistake.remedy(format!("did you mean {}?", quoted(near))),
        None => mistake.remedy("remove it"),
    }
}

fn flush(properties: &Properties<'_>) -> Result<Duration, Mistake> {
    seconds(properties, "flush")
}

fn seconds(properties: &Properties<'_>, key: &'static str) -> Result<Duration, Mistake> {
    properties
        .time(key)
        .filter(|time| !time.is_zero())
        .ok_or_else(|| {
            properties
                .mistake(key, format!("{} must be more than 0", quoted(key)))
                .label("too short")
                .remedy("write seconds, such as `1` or `0.2`")
        })
}

/// Negative: no limit.
fn grace(properties: &Properties<'_>) -> Option<Duration> {
    let seconds = properties.integer("grace").unwrap_or(5);
    u64::try_from(seconds).ok().map(Duration::from_secs)
}

fn level(properties: &Properties<'_>) -> Option<LogLevel> {
    properties.choice("log_level").and_then(LogLevel::named)
}

impl LogLevel {
    /// The level that a word names, in any case.
    pub fn named(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "off" => Some(Self::Off),
            "error" => Some(Self::Error),
            "warn" | "warning" => Some(Self::Warn),
            "info" => Some(Self::Info),
            "debug" => Some(Self::Debug),
            "trace" => Some(Self::Trace),
            _ => None,
        }
    }
}

fn http(properties: &Properties<'_>) -> HttpServer {
    HttpServer {
        listen: properties
            .text("http_listen")
            .unwrap_or("127.0.0.1")
            .to_owned(),
        port: properties.port("http_port").unwrap_or(2020),
        place: properties.place("http_listen").clone(),
    }
}

fn health(properties: &Properties<'_>) -> Health {
    Health {
        errors: properties.count("hc_errors_count"),
        retry_failures: properties.count("hc_retry_failure_count"),
        period: properties.time("hc_period").unwrap_or_default(),
    }
}

fn storage(properties: &Properties<'_>) -> Result<Storage, Mistake> {
    let path = properties.text("storage.path").map(PathBuf::from);
    Ok(Storage {
        rejected: rejected(properties, path.as_deref())?,
        path,
        full_sync: properties.choice("storage.sync") == Some("full"),
        metrics: properties.flag("storage.metrics"),
        max_chunks_up: properties.count("storage.max_chunks_up"),
        backlog_mem_limit: properties
            .size("storage.backlog.mem_limit")
            .unwrap_or_default(),
    })
}

fn rejected(properties: &Properties<'_>, path: Option<&Path>) -> Result<Option<Keeping>, Mistake> {
    if !properties.flag("storage.keep.rejected") {
        return Ok(None);
    }
    let named = Path::new(properties.text("storage.rejected.path").unwrap_or_default());
    let folder = match path {
        Some(path) => path.join(named),
        None if named.is_absolute() => named.to_owned(),
        None => {
            let message = "`storage.keep.rejected` needs a folder";
            let mistake = properties.mistake("storage.keep.rejected", message);
            return Err(mistake
                .label("no folder is named")
                .remedy("add `storage.path`, or a `storage.rejected.path` that begins with `/`"));
        }
    };
    let limit = properties
        .size("storage.rejected.limit")
        .unwrap_or_default();
    Ok(Some(Keeping { folder, limit }))
}

fn loss_exit_code(properties: &Properties<'_>) -> Result<u8, Mistake> {
    let code = properties.integer("loss_exit_code").unwrap_or(0);
    u8::try_from(code).map_err(|_| {
        properties
            .mistake("loss_exit_code", "`loss_exit_code` must be from 0 to 255")
            .label("no exit status")
            .remedy("write a number such as `3`")
    })
}
