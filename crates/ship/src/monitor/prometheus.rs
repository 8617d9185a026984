//! Counters become Prometheus' text here, with the names that the reference gives them, and ours behind.

use std::fmt::Write as _;
use std::sync::atomic::Ordering;

use super::json::numbers;
use super::{ByCode, OutputCounters, View};

/// How many of the numbers of an output the reference has as well.
const KNOWN: usize = 7;

/// What is a state and not a sum.
const GAUGES: [&str; 5] = [
    "records_in_flight",
    "queued_chunks",
    "queued_records",
    "queued_bytes",
    "connections",
];

/// A text in which each metric is told once what it is.
#[derive(Default)]
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into a text cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        self.0.push_str(name);
        for (at, (label, text)) in labels.iter().enumerate() {
            let open = if at == 0 { '{' } else { ',' };
            let _ = write!(self.0, "{open}{label}=\"{}\"", escaped(text));
        }
        if !labels.is_empty() {
            self.0.push('}');
        }
        let _ = writeln!(self.0, " {value}");
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

/// The first version of the endpoint.
pub(super) fn first(view: &View) -> String {
    let mut page = Page::default();
    inputs(&mut page, view);
    filters(&mut page, view);
    outputs(&mut page, view, KNOWN);
    process(&mut page, view);
    page.0
}

/// The second version: everything.
pub(super) fn second(view: &View) -> String {
    let mut page = Page::default();
    inputs(&mut page, view);
    more_inputs(&mut page, view);
    filters(&mut page, view);
    outputs(&mut page, view, usize::MAX);
    more_outputs(&mut page, view);
    storage(&mut page, view);
    process(&mut page, view);
    page.0
}

fn inputs(page: &mut Page, view: &View) {
    let inputs = &view.counters.inputs;
    let name = "fluentbit_input_records_total";
    page.head(name, "counter", "Records behind the filters.");
    for input in inputs {
        page.line(name, &[("name", &input.name)], input.records.get());
    }
    let name = "fluentbit_input_bytes_total";
    page.head(name, "counter", "Their bytes as msgpack.");
    for input in inputs {
        page.line(name, &[("name", &input.name)], input.bytes.get());
    }
}

fn more_inputs(page: &mut Page, view: &View) {
    let inputs = &view.counters.inputs;
    let name = "fluentbit_routing_logs_drop_records_total";
    page.head(name, "counter", "Records that no output wants.");
    for input in inputs {
        page.line(name, &[("input", &input.name)], input.unrouted.get());
    }
    let name = "fluentbit_input_ring_buffer_dropped_records_total";
    page.head(name, "counter", "Records that a ring had no room for.");
    for input in inputs {
        page.line(name, &[("name", &input.name)], input.overwritten.get());
    }
    let name = "fluentbit_input_memory_bytes";
    page.head(name, "gauge", "Bytes in memory.");
    for input in inputs {
        let held = input.held.load(Ordering::Relaxed);
        page.line(name, &[("name", &input.name)], held);
    }
    let name = "fluentbit_input_pauses_total";
    page.head(name, "counter", "Waits for room.");
    for input in inputs {
        page.line(name, &[("name", &input.name)], input.pauses.get());
    }
}

fn filters(page: &mut Page, view: &View) {
    let filters = &view.counters.filters;
    if filters.is_empty() {
        return;
    }
    let name = "fluentbit_filter_drop_records_total";
    page.head(name, "counter", "Records taken out.");
    for filter in filters {
        page.line(name, &[("name", &filter.name)], filter.dropped.get());
    }
    let name = "fluentbit_filter_add_records_total";
    page.head(name, "counter", "Records put in.");
    for filter in filters {
        page.line(name, &[("name", &filter.name)], filter.added.get());
    }
}

fn outputs(page: &mut Page, view: &View, most: usize) {
    let outputs = &view.counters.outputs;
    let Some(first) = outputs.first() else {
        return;
    };
    for (at, (number, _)) in numbers(first).iter().enumerate().take(most) {
        let is_gauge = GAUGES.contains(number);
        let (kind, end) = if is_gauge {
            ("gauge", "")
        } else {
            ("counter", "_total")
        };
        let name = format!("fluentbit_output_{number}{end}");
        page.head(&name, kind, &number.replace('_', " "));
        for output in outputs {
            let all = numbers(output);
            let value = all.get(at).map_or(0, |(_, count)| count.get());
            page.line(&name, &[("name", &output.name)], value);
        }
    }
}

fn more_outputs(page: &mut Page, view: &View) {
    let outputs = &view.counters.outputs;
    let by_code = |page: &mut Page, name: &str, help, label, of: fn(&OutputCounters) -> &ByCode| {
        page.head(name, "counter", help);
        for output in outputs {
            for (code, count) in of(output).all() {
                let labels = [("name", &*output.name), (label, &code.to_string())];
                page.line(name, &labels, count);
            }
        }
    };
    let name = "fluentbit_output_refused_total";
    by_code(page, name, "Refused handshakes.", "status", |output| {
        &output.refused
    });
    let name = "fluentbit_output_closes_total";
    by_code(page, name, "Close frames received.", "code", |output| {
        &output.closes
    });
    let name = "fluentbit_output_latency_seconds";
    page.head(
        name,
        "histogram",
        "From a chunk's first record to its delivery.",
    );
    for output in outputs {
        let (up_to, total, seconds) = output.latency.read();
        let bucket = format!("{name}_bucket");
        for (most, count) in up_to {
            let labels = [("name", &*output.name), ("le", &most.to_string())];
            page.line(&bucket, &labels, count);
        }
        page.line(&bucket, &[("name", &output.name), ("le", "+Inf")], total);
        page.line(&format!("{name}_sum"), &[("name", &output.name)], seconds);
        page.line(&format!("{name}_count"), &[("name", &output.name)], total);
    }
}

fn storage(page: &mut Page, view: &View) {
    let Some(store) = &view.pipeline.store else {
        return;
    };
    let (bytes, chunks) = store.size();
    page.head("fluentbit_storage_fs_chunks", "gauge", "Chunks on disk.");
    page.line("fluentbit_storage_fs_chunks", &[], chunks);
    page.head(
        "fluentbit_storage_fs_bytes",
        "gauge",
        "Bytes of their files.",
    );
    page.line("fluentbit_storage_fs_bytes", &[], bytes);
}

fn process(page: &mut Page, view: &View) {
    page.head("fluentbit_uptime", "counter", "Seconds since the start.");
    page.line("fluentbit_uptime", &[], view.started.elapsed().as_secs());
    let name = "fluentbit_process_start_time_seconds";
    page.head(name, "gauge", "Unix time of the start.");
    page.line(name, &[], view.start_time.as_second());
    page.head("process_start_time_seconds", "gauge", "The same.");
    page.line(
        "process_start_time_seconds",
        &[],
        view.start_time.as_second(),
    );
    let name = "fluentbit_hot_reloaded_times";
    page.head(name, "gauge", "How often the files were read again.");
    page.line(name, &[], view.counters.reloads.get());
    let name = "fluentbit_build_info";
    page.head(name, "gauge", "What this is.");
    let labels = [
        ("version", env!("CARGO_PKG_VERSION")),
        ("edition", "sockeye"),
    ];
    page.line(name, &labels, 1);
}
