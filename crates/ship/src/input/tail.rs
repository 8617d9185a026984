//! Lines of files that grow: found by patterns, followed through rotation, their offsets kept.

mod follow;
mod offsets;
mod reader;
mod scan;
mod tracker;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sockeye_core::{Clock, Mistakes};
use tokio::sync::mpsc;

use super::line::parser;
use super::{Context, Input, Known, LastWork, Running};
use crate::collector::Collector;
use crate::parser::Parser;
use crate::properties::{Key, Kind, Properties};
use crate::report::Log;
use offsets::Offsets;
use reader::{Batch, Reader};
use scan::Patterns;
use tracker::Tracker;

const KEYS: &[Key] = &[
    Key::new(
        "path",
        Kind::Text,
        None,
        "files, patterns with `*`, several with commas between them",
    ),
    Key::new(
        "exclude_path",
        Kind::Text,
        None,
        "those of them to leave out",
    ),
    Key::new(
        "read_from_head",
        Kind::Bool,
        Some("off"),
        "whether files that are there at the start are read from their beginning",
    ),
    Key::new(
        "refresh_interval",
        Kind::Time,
        Some("60"),
        "how often patterns are looked at again",
    ),
    Key::new("key", Kind::Text, Some("log"), "key of the line"),
    Key::new("path_key", Kind::Text, None, "key for the path of the file"),
    Key::new(
        "offset_key",
        Kind::Text,
        None,
        "key for the offset of the line",
    ),
    Key::new("parser", Kind::Text, None, "parser for the lines"),
    Key::new(
        "db",
        Kind::Text,
        None,
        "file in which offsets are kept, so that the next run goes on from there",
    ),
    Key::new(
        "db.sync",
        Kind::Choice(&["normal", "full", "extra", "off"]),
        Some("normal"),
        "off: leave the disk its time",
    ),
    Key::new(
        "db.locking",
        Kind::Unused("the file is never half written"),
        None,
        "accepted",
    ),
    Key::new(
        "db.journal_mode",
        Kind::Unused("the file is never half written"),
        None,
        "accepted",
    ),
    Key::new(
        "db.compare_filename",
        Kind::Unused("files are known by their first bytes"),
        None,
        "accepted",
    ),
    Key::new(
        "rotate_wait",
        Kind::Time,
        Some("5"),
        "how long a file that was moved away is followed",
    ),
    Key::new(
        "last_line_wait",
        Kind::Time,
        Some("3"),
        "after how long a last line without newline is a record; 0 for never",
    ),
    Key::new(
        "buffer_max_size",
        Kind::Size,
        Some("4M"),
        "bytes that one line may have",
    ),
    Key::new(
        "buffer_chunk_size",
        Kind::Unused("buffers grow as needed"),
        None,
        "accepted",
    ),
    Key::new(
        "skip_long_lines",
        Kind::Unused("longer lines are always left out, and told"),
        None,
        "accepted",
    ),
    Key::new(
        "truncate_long_lines",
        Kind::Bool,
        Some("off"),
        "whether longer lines are cut instead of left out",
    ),
    Key::new(
        "skip_empty_lines",
        Kind::Bool,
        Some("off"),
        "whether empty lines are left out",
    ),
    Key::new(
        "ignore_older",
        Kind::Time,
        Some("0"),
        "leave out files that have not changed for so long",
    ),
    Key::new(
        "exit_on_eof",
        Kind::Bool,
        Some("off"),
        "whether to end when all files are read",
    ),
    Key::new(
        "inotify_watcher",
        Kind::Unused("files are looked at five times a second"),
        None,
        "accepted",
    ),
    Key::new(
        "static_batch_size",
        Kind::Unused("every file gets its turn"),
        None,
        "accepted",
    ),
    Key::new(
        "event_batch_size",
        Kind::Unused("every file gets its turn"),
        None,
        "accepted",
    ),
    Key::new(
        "file_cache_advise",
        Kind::Unused("the system decides"),
        None,
        "accepted",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "tail",
    about: "lines of files that grow",
    tables: &[KEYS, crate::engine::INPUT_KEYS],
    build,
};

/// Batches of lines that wait to be taken by the engine.
const BATCHES: usize = 4;

/// What the reader needs to know.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of the section"
)]
struct Settings {
    patterns: Patterns,
    key: String,
    path_key: Option<String>,
    offset_key: Option<String>,
    parser: Option<Arc<Parser>>,
    from_head: bool,
    refresh: Duration,
    rotate_wait: Duration,
    last_line_wait: Option<Duration>,
    limit: usize,
    cuts_long_lines: bool,
    skips_empty_lines: bool,
    ignore_older: Option<Duration>,
    exit_on_eof: bool,
    clock: Clock,
}

#[derive(Debug)]
struct Tail {
    settings: Settings,
    db: Option<PathBuf>,
    is_synced: bool,
    offsets: Offsets,
    last_work: LastWork,
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    let limit = properties.size("buffer_max_size").unwrap_or_default();
    let some = |time: Option<Duration>| time.filter(|time| !time.is_zero());
    let text = |key| properties.text(key).map(str::to_owned);
    let settings = Settings {
        patterns: Patterns::new(properties.need("path")?, properties.text("exclude_path")),
        key: properties.text("key").unwrap_or("log").to_owned(),
        path_key: text("path_key"),
        offset_key: text("offset_key"),
        parser: parser(properties, &context.parsers)?,
        from_head: properties.flag("read_from_head"),
        refresh: properties
            .time("refresh_interval")
            .unwrap_or_default()
            .max(Duration::from_millis(100)),
        rotate_wait: properties.time("rotate_wait").unwrap_or_default(),
        last_line_wait: some(properties.time("last_line_wait")),
        limit: usize::try_from(limit).unwrap_or(usize::MAX).max(64),
        cuts_long_lines: properties.flag("truncate_long_lines"),
        skips_empty_lines: properties.flag("skip_empty_lines"),
        ignore_older: some(properties.time("ignore_older")),
        exit_on_eof: properties.flag("exit_on_eof"),
        clock: context.clock.clone(),
    };
    Ok(Box::new(Tail {
        settings,
        db: properties.text("db").map(PathBuf::from),
        is_synced: properties.choice("db.sync") != Some("off"),
        offsets: Offsets::default(),
        last_work: context.last_work.clone(),
    }))
}

impl Input for Tail {
    fn open(&mut self, _name: &str, _log: &Log) -> Result<(), String> {
        if let Some(db) = &self.db {
            self.offsets = Offsets::read(db)?;
        }
        Ok(())
    }

    fn run(self: Box<Self>, collector: Collector) -> Running {
        Box::pin(async move {
            let Self {
                settings,
                db,
                is_synced,
                offsets,
                last_work,
            } = *self;
            let tracker =
                db.map(|db| Tracker::start(db, is_synced, offsets.clone(), &collector, &last_work));
            let (stop, stopped) = std::sync::mpsc::channel::<()>();
            let (batches, mut waiting) = mpsc::channel(BATCHES);
            let reader = Reader::new(settings, offsets, &collector, batches, stopped);
            let started = std::thread::Builder::new()
                .name("tail".to_owned())
                .spawn(move || reader.run());
            started.map_err(|error| format!("cannot start a thread: {error}"))?;
            let mut stop = Some(stop);
            loop {
                let batch = tokio::select! {
                    biased;
                    // The reader ends, and what it has read until then is still taken.
                    () = collector.stopping(), if stop.is_some() => {
                        stop = None;
                        continue;
                    }
                    batch = waiting.recv() => batch,
                };
                let Some(batch) = batch else {
                    return Ok(());
                };
                if take(batch, &collector, tracker.as_ref()).await.is_err() {
                    return Ok(());
                }
            }
        })
    }
}

/// Gives lines to the engine and their end to the tracker.
async fn take(
    batch: Batch,
    collector: &Collector,
    tracker: Option<&Tracker>,
) -> Result<(), crate::collector::Stopped> {
    let receipt = if batch.count > 0 {
        let receipt = collector
            .append(batch.tag.as_deref(), &batch.records, batch.count)
            .await?;
        Some(receipt)
    } else {
        None
    };
    if let Some(tracker) = tracker {
        tracker.note(batch.mark, receipt).await;
    }
    Ok(())
}
