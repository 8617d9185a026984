//! Metrics in Prometheus' text format (version 0.0.4). Labels are names of files, never what peers send.

use std::fmt::Write as _;

use sockeye_mock::operate::{DURATION_BOUNDS, Operator};
use sockeye_net::Counts;

/// The media type of the format.
pub(crate) const TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Writes all series.
pub(crate) fn write(operator: &Operator, counts: &Counts) -> String {
    let (totals, mock, figures) = (counts.totals(), operator.stats(), operator.figures());
    let cluster = operator.cluster();
    let shared_state = cluster
        .as_ref()
        .map_or(0, |cluster| cluster.shared_state_errors);
    let mut page = Page(String::new());
    let active = totals.opened.saturating_sub(totals.ended);
    page.one("ws_connections_active", "gauge", "Open connections", active);
    page.one(
        "ws_connections_total",
        "counter",
        "Successful upgrades",
        totals.opened,
    );
    page.one(
        "ws_connections_rejected",
        "counter",
        "Refused upgrades",
        totals.rejected,
    );
    page.one(
        "ws_messages_received_total",
        "counter",
        "Data messages received",
        totals.received,
    );
    page.one(
        "ws_messages_sent_total",
        "counter",
        "Data messages sent",
        totals.sent,
    );
    page.one(
        "ws_messages_bytes_received",
        "counter",
        "Bytes of messages received",
        totals.bytes_received,
    );
    page.one(
        "ws_messages_bytes_sent",
        "counter",
        "Bytes of messages sent",
        totals.bytes_sent,
    );
    page.head("ws_errors_total", "counter", "Errors by type");
    for (kind, count) in [
        ("parse", mock.parse),
        ("timeout", mock.timeout + figures.timeout),
        ("script", mock.script),
        ("template", mock.template),
        ("too_big", figures.too_big),
        ("protocol", figures.protocol),
        ("slow", figures.slow),
        ("io", figures.io),
        ("upstream", 0),
        ("tls", 0),
        ("shared_state", shared_state),
    ] {
        page.line(&format!("ws_errors_total{{type=\"{kind}\"}} {count}"));
    }
    page.one(
        "ws_messages_unmatched_total",
        "counter",
        "Messages that no rule answered",
        mock.unanswered,
    );
    page.one(
        "ws_rooms_active",
        "gauge",
        "Rooms with members",
        mock.rooms as u64,
    );
    page.one(
        "ws_plan_generation",
        "gauge",
        "How often the files were loaded anew",
        mock.generation,
    );
    if let Some(cluster) = cluster {
        page.one(
            "ws_cluster_nodes",
            "gauge",
            "Other nodes on the same Redis",
            cluster.nodes as u64,
        );
        page.one(
            "ws_cluster_lost_broadcasts_total",
            "counter",
            "Broadcasts that other nodes did not get",
            cluster.lost_broadcasts,
        );
    }
    page.head(
        "ws_path_messages_total",
        "counter",
        "Data messages by handler and direction",
    );
    for (route, carried) in &figures.routes {
        let path = escaped(route);
        for (direction, count) in [("in", carried.received), ("out", carried.sent)] {
            page.line(&format!(
                "ws_path_messages_total{{path=\"{path}\",direction=\"{direction}\"}} {count}"
            ));
        }
    }
    let name = "ws_connection_duration_seconds";
    page.head(name, "histogram", "How long connections have lasted");
    let bounds = DURATION_BOUNDS.iter().map(ToString::to_string);
    let bounds = bounds.chain(["+Inf".to_owned()]);
    for (bound, count) in bounds.zip(&figures.durations) {
        page.line(&format!("{name}_bucket{{le=\"{bound}\"}} {count}"));
    }
    let ended = figures.durations.last().copied().unwrap_or(0);
    page.line(&format!("{name}_sum {}", figures.seconds));
    page.line(&format!("{name}_count {ended}"));
    page.0
}

/// A page of series.
struct Page(String);

impl Page {
    /// A series without labels.
    fn one(&mut self, name: &str, kind: &str, help: &str, value: u64) {
        self.head(name, kind, help);
        self.line(&format!("{name} {value}"));
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.line(&format!("# HELP {name} {help}"));
        self.line(&format!("# TYPE {name} {kind}"));
    }

    fn line(&mut self, line: &str) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.0, "{line}");
    }
}

/// A label's value as the format wants it.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
