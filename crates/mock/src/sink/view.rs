//! Sinks in the words of the admin listener.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;
use sockeye_ship::decode::{Format, Manner};
use sockeye_ship::format::Objects;
use sockeye_ship::record::{NO_METADATA, Time};

use super::ledger::{Entries, Kept};
use super::settings::Sink;
use crate::mock::Mock;
use crate::operate::stamp;
use crate::plan::Responder;

/// A sink and what it has had since the start, or since it was told to forget.
#[derive(Clone, Debug, Serialize)]
pub struct SinkView {
    /// The path of its route.
    pub path: String,
    /// `lenient` or `strict`.
    pub mode: &'static str,
    /// The only format it takes; none if it takes all.
    pub format: Option<&'static str>,
    /// Attempts to connect that were refused on purpose.
    pub refused: u64,
    /// Connections.
    pub connections: u64,
    /// Connections that were ended on purpose.
    pub dropped: u64,
    /// Messages.
    pub messages: u64,
    /// Bytes of their payloads.
    pub bytes: u64,
    /// Records in them.
    pub records: u64,
    /// Messages by the format that they had.
    pub formats: BTreeMap<&'static str, u64>,
    /// What was odd and was taken all the same.
    pub oddities: Vec<String>,
    /// Messages with a fault.
    pub faults: u64,
    /// The last one.
    pub last_fault: Option<String>,
    /// Acknowledgements that were sent.
    pub acknowledged: u64,
    /// Records that could not be written to the file.
    pub unwritten: u64,
    /// The last records, the newest first.
    pub last: Vec<SinkRecord>,
}

/// A record that a sink has kept.
#[derive(Clone, Debug, Serialize)]
pub struct SinkRecord {
    /// `conn-7`.
    pub connection: String,
    /// When it came.
    pub received: String,
    /// Its own time; none if it has none, or as text under a key of its body.
    pub time: Option<String>,
    /// What is said about it.
    pub metadata: Option<Box<RawValue>>,
    /// Its body; none if it is too long to be kept.
    pub record: Option<Box<RawValue>>,
    /// Its length as msgpack in bytes, if it is too long to be kept.
    pub cut_from: Option<usize>,
}

impl SinkRecord {
    fn of(kept: &Kept, objects: &Objects) -> Self {
        let object = |map: &[u8]| {
            let mut json = Vec::new();
            objects.append(&mut json, None, NO_METADATA, map).ok()?;
            RawValue::from_string(String::from_utf8(json).ok()?).ok()
        };
        Self {
            connection: format!("conn-{}", kept.connection),
            received: stamp(kept.received),
            time: kept.time.and_then(time),
            metadata: object(&kept.metadata),
            record: object(&kept.body),
            cut_from: kept.cut_from,
        }
    }
}

/// With nanoseconds; none beyond the years that a calendar has.
fn time(time: Time) -> Option<String> {
    let nanos = i32::try_from(time.nanos).ok()?;
    let stamp = jiff::Timestamp::new(time.seconds, nanos).ok()?;
    Some(format!("{stamp:.9}"))
}

impl SinkView {
    fn of(path: &str, sink: &Sink, entries: &Entries, most: usize) -> Self {
        let objects = Objects::default();
        let last = entries.kept.iter().rev().take(most);
        Self {
            path: path.to_owned(),
            mode: match sink.manner {
                Manner::Lenient => "lenient",
                Manner::Strict => "strict",
            },
            format: sink.format.map(Format::name),
            refused: entries.refused,
            connections: entries.connections,
            dropped: entries.dropped,
            messages: entries.messages,
            bytes: entries.bytes,
            records: entries.records,
            formats: entries
                .formats
                .iter()
                .map(|(format, count)| (format.name(), *count))
                .collect(),
            oddities: entries
                .oddities
                .iter()
                .map(|oddity| oddity.to_string())
                .collect(),
            faults: entries.faults,
            last_fault: entries.last_fault.clone(),
            acknowledged: entries.acknowledged,
            unwritten: entries.unwritten,
            last: last.map(|kept| SinkRecord::of(kept, &objects)).collect(),
        }
    }
}

impl Mock {
    /// The sinks of the plan, or the one on `path`, in the order of the files; `most` records of each.
    pub(crate) fn sinks(&self, path: Option<&str>, most: usize) -> Vec<SinkView> {
        let mut views = Vec::new();
        self.each_sink(path, |number, path, sink| {
            let ledger = self.world.sinks.of(path);
            views.push((number, SinkView::of(path, sink, &ledger.entries(), most)));
        });
        views.sort_by_key(|(number, _)| *number);
        views.into_iter().map(|(_, view)| view).collect()
    }

    /// Has sinks forget what they have had; gives how many.
    pub(crate) fn forget_sinks(&self, path: Option<&str>) -> usize {
        let mut count = 0;
        self.each_sink(path, |_, path, _| {
            self.world.sinks.of(path).clear();
            count += 1;
        });
        count
    }

    fn each_sink(&self, path: Option<&str>, mut act: impl FnMut(usize, &str, &Sink)) {
        let plan = self.plans.current();
        for route in plan.routes() {
            if let Some(socket) = &route.socket
                && let Responder::Sink(sink) = &socket.responder
                && path.is_none_or(|path| *path == *socket.name)
            {
                act(route.number, &socket.name, sink);
            }
        }
    }
}
