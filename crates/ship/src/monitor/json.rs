//! Counters become JSON here, with the names that the reference gives them, and ours behind.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::health::Health;
use super::{ByCode, Count, Counters, OutputCounters, View};

/// What and which version this is.
pub(super) fn about() -> String {
    json!({"fluent-bit": {
        "version": env!("CARGO_PKG_VERSION"),
        "edition": "sockeye",
        "flags": []
    }})
    .to_string()
}

pub(super) fn uptime(view: &View) -> String {
    let seconds = view.started.elapsed().as_secs();
    json!({
        "uptime_sec": seconds,
        "uptime_hr": format!("Fluent Bit has been running: {}", in_words(seconds)),
    })
    .to_string()
}

fn in_words(seconds: u64) -> String {
    let parts = [
        (seconds / 86_400, "day"),
        (seconds / 3600 % 24, "hour"),
        (seconds / 60 % 60, "minute"),
        (seconds % 60, "second"),
    ];
    let first = parts.iter().position(|(count, _)| *count > 0).unwrap_or(3);
    let words: Vec<String> = parts
        .iter()
        .skip(first)
        .map(|(count, unit)| format!(" {count} {unit}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    words.join(",").trim_start().to_owned()
}

pub(super) fn metrics(counters: &Counters) -> String {
    let mut inputs = Map::new();
    for input in &counters.inputs {
        let value = json!({"records": input.records.get(), "bytes": input.bytes.get()});
        inputs.insert(input.name.to_string(), value);
    }
    let mut filters = Map::new();
    for filter in &counters.filters {
        let value = json!({
            "drop_records": filter.dropped.get(),
            "add_records": filter.added.get(),
        });
        filters.insert(filter.name.to_string(), value);
    }
    let mut outputs = Map::new();
    for output in &counters.outputs {
        outputs.insert(output.name.to_string(), Value::Object(one_output(output)));
    }
    json!({"input": inputs, "filter": filters, "output": outputs}).to_string()
}

/// The numbers of an output by name: the reference's own, then ours.
pub(super) fn numbers(output: &OutputCounters) -> [(&'static str, &Count); 23] {
    [
        ("proc_records", &output.records),
        ("proc_bytes", &output.bytes),
        ("errors", &output.errors),
        ("retries", &output.retries),
        ("retries_failed", &output.retries_failed),
        ("dropped_records", &output.dropped_records),
        ("retried_records", &output.retried_records),
        ("handshakes", &output.handshakes),
        ("reconnects", &output.reconnects),
        ("connect_failures", &output.connect_failures),
        ("pings", &output.pings),
        ("pongs", &output.pongs),
        ("acknowledgements", &output.acknowledgements),
        ("messages", &output.messages),
        ("wire_bytes", &output.wire_bytes),
        ("records_in_flight", &output.in_flight),
        ("resent_records", &output.resent_records),
        ("dead_letters", &output.dead_letters),
        ("rejected_kept", &output.rejected_kept),
        ("queued_chunks", &output.queued_chunks),
        ("queued_records", &output.queued_records),
        ("queued_bytes", &output.queued_bytes),
        ("connections", &output.open),
    ]
}

fn one_output(output: &OutputCounters) -> Map<String, Value> {
    let mut map = Map::new();
    for (name, count) in numbers(output) {
        map.insert(name.to_owned(), count.get().into());
    }
    map.insert("refused".to_owned(), by_code(&output.refused));
    map.insert("closes".to_owned(), by_code(&output.closes));
    map
}

fn by_code(counts: &ByCode) -> Value {
    let all = counts.all().into_iter();
    Value::Object(
        all.map(|(code, count)| (code.to_string(), count.into()))
            .collect(),
    )
}

pub(super) fn storage(view: &View) -> String {
    let outputs = view.counters.outputs.iter();
    let queued: u64 = outputs.map(|output| output.queued_chunks.get()).sum();
    let (bytes, stored) = view
        .pipeline
        .store
        .as_ref()
        .map_or((0, 0), |store| store.size());
    let up = view.pipeline.up.load(Ordering::Relaxed);
    let mut inputs = Map::new();
    for input in &view.counters.inputs {
        let held = input.held.load(Ordering::Relaxed);
        let value = json!({"status": {
            "overlimit": false,
            "mem_size": held,
            "pauses": input.pauses.get(),
        }});
        inputs.insert(input.name.to_string(), value);
    }
    json!({
        "storage_layer": {"chunks": {
            "total_chunks": queued,
            "mem_chunks": queued.saturating_sub(stored as u64),
            "fs_chunks": stored,
            "fs_chunks_up": up,
            "fs_chunks_down": stored.saturating_sub(up),
            "fs_bytes": bytes,
        }},
        "input_chunks": inputs,
    })
    .to_string()
}

pub(super) fn plugins() -> String {
    let names = |names: Vec<&'static str>| names;
    json!({
        "inputs": names(crate::input::ALL.iter().map(|known| known.name).collect()),
        "filters": names(crate::filter::ALL.iter().map(|known| known.name).collect()),
        "outputs": names(crate::output::ALL.iter().map(|known| known.name).collect()),
    })
    .to_string()
}

pub(super) fn health(view: &View) -> String {
    let (errors, failures) = view.health.as_ref().map_or((0, 0), Health::recent);
    let limits = view.health.as_ref().map(|health| health.limits);
    let is_good = view.health.as_ref().is_none_or(Health::is_good);
    let period = limits.map_or(Duration::ZERO, |limits| limits.period);
    json!({
        "status": if is_good { "ok" } else { "error" },
        "errors": errors,
        "retries_failed": failures,
        "error_limit": limits.map_or(0, |limits| limits.errors),
        "retry_failure_limit": limits.map_or(0, |limits| limits.retry_failures),
        "period_sec": period.as_secs(),
    })
    .to_string()
}
