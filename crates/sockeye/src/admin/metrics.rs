//! Metrics in Prometheus' text format (version 0.0.4). Labels are names of files, never what peers send.

use std::fmt::Write as _;
use std::time::Duration;

use sockeye_mock::operate::{
    ClusterCounts, DURATION_BOUNDS, Durations, Figures, LATENCY_BOUNDS, Operator, StatsView,
};
use sockeye_mock::sink::SinkView;
use sockeye_net::{Counts, Totals};

/// The media type of the format.
pub(crate) const TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Writes all series.
pub(crate) fn write(operator: &Operator, counts: &Counts) -> String {
    let (totals, mock, figures) = (counts.totals(), operator.stats(), operator.figures());
    let cluster = operator.cluster();
    let mut page = Page(String::new());
    page.traffic(totals);
    page.errors(totals, &mock, &figures, cluster.as_ref());
    let unmatched = "Messages that no rule answered";
    page.counter("ws_messages_unmatched_total", unmatched, mock.unanswered);
    page.gauge("ws_rooms_active", "Rooms with members", mock.rooms as u64);
    let reloads = "How often the files were loaded anew";
    page.gauge("ws_plan_generation", reloads, mock.generation);
    let (going_on, given_up) = ("Connections that are recorded", "Recordings that failed");
    page.gauge("ws_recordings_active", going_on, mock.recordings);
    page.counter(
        "ws_recordings_failed_total",
        given_up,
        mock.failed_recordings,
    );
    if let Some(cluster) = cluster {
        let lost = "Broadcasts that other nodes did not get";
        page.gauge(
            "ws_cluster_nodes",
            "Other nodes on the same Redis",
            cluster.nodes as u64,
        );
        page.counter(
            "ws_cluster_lost_broadcasts_total",
            lost,
            cluster.lost_broadcasts,
        );
    }
    page.chaos(&operator.chaos_counts());
    page.dropped(totals, &mock, &operator.chaos_counts());
    page.paths(&figures);
    page.durations(&figures);
    page.handlers(operator);
    page.sinks(&operator.sinks(None, 0));
    page.0
}

/// A page of series.
struct Page(String);

impl Page {
    /// The guide's own series (contract 2), which have no labels.
    fn traffic(&mut self, totals: Totals) {
        let active = totals.opened.saturating_sub(totals.ended);
        self.gauge("ws_connections_active", "Open connections", active);
        self.counter("ws_connections_total", "Successful upgrades", totals.opened);
        self.counter(
            "ws_connections_rejected",
            "Refused upgrades",
            totals.rejected,
        );
        let (received, sent) = ("Data messages received", "Data messages sent");
        self.counter("ws_messages_received_total", received, totals.received);
        self.counter("ws_messages_sent_total", sent, totals.sent);
        let (received, sent) = ("Bytes of messages received", "Bytes of messages sent");
        self.counter(
            "ws_messages_bytes_received",
            received,
            totals.bytes_received,
        );
        self.counter("ws_messages_bytes_sent", sent, totals.bytes_sent);
    }

    fn errors(
        &mut self,
        totals: Totals,
        mock: &StatsView,
        figures: &Figures,
        cluster: Option<&ClusterCounts>,
    ) {
        self.head("ws_errors_total", "counter", "Errors by type");
        for (kind, count) in [
            ("parse", mock.parse),
            ("timeout", mock.timeout + figures.timeout),
            ("script", mock.script),
            ("template", mock.template),
            ("too_big", figures.too_big),
            ("protocol", figures.protocol),
            ("slow", figures.slow),
            ("io", figures.io),
            ("internal", figures.internal),
            ("tls", totals.tls_failed),
            ("upstream", mock.upstream + figures.upstream),
            (
                "shared_state",
                cluster.map_or(0, |cluster| cluster.shared_state_errors),
            ),
        ] {
            self.line(&format!("ws_errors_total{{type=\"{kind}\"}} {count}"));
        }
    }

    fn chaos(&mut self, counts: &[(&'static str, u64)]) {
        let name = "ws_chaos_events_total";
        self.head(name, "counter", "Faults on purpose by effect");
        for (effect, count) in counts {
            self.line(&format!("{name}{{effect=\"{effect}\"}} {count}"));
        }
    }

    fn dropped(&mut self, totals: Totals, mock: &StatsView, chaos: &[(&'static str, u64)]) {
        let name = "ws_messages_dropped_total";
        let by_chaos = |effect: &str| {
            let found = chaos.iter().find(|(known, _)| *known == effect);
            found.map_or(0, |(_, count)| *count)
        };
        self.head(name, "counter", "Messages that were left out, by reason");
        for (reason, count) in [
            ("no_room", mock.left_out),
            ("slow", totals.left_out),
            ("chaos", by_chaos("drop")),
            ("chaos_slow", by_chaos("slow_drop")),
        ] {
            self.line(&format!("{name}{{reason=\"{reason}\"}} {count}"));
        }
    }

    fn paths(&mut self, figures: &Figures) {
        let name = "ws_path_messages_total";
        self.head(name, "counter", "Data messages by handler and direction");
        for (route, carried) in &figures.routes {
            let path = escaped(route);
            for (way, count) in [("in", carried.received), ("out", carried.sent)] {
                self.line(&format!(
                    "{name}{{path=\"{path}\",direction=\"{way}\"}} {count}"
                ));
            }
        }
    }

    /// Series of sinks, by the paths that the files give them; none without sinks.
    fn sinks(&mut self, sinks: &[SinkView]) {
        type Count = fn(&SinkView) -> u64;
        let series: [(&str, &str, Count); 7] = [
            ("connections", "Connections of shippers", |sink| {
                sink.connections
            }),
            ("refused", "Attempts that were refused on purpose", |sink| {
                sink.refused
            }),
            ("messages", "Messages of shippers", |sink| sink.messages),
            ("bytes", "Bytes of their messages", |sink| sink.bytes),
            ("records", "Records in them", |sink| sink.records),
            ("invalid", "Messages with a fault", |sink| sink.faults),
            ("unwritten", "Records that are not in the file", |sink| {
                sink.unwritten
            }),
        ];
        for (what, help, count) in series.into_iter().filter(|_| !sinks.is_empty()) {
            let name = format!("ws_sink_{what}_total");
            self.head(&name, "counter", help);
            for sink in sinks {
                let path = escaped(&sink.path);
                self.line(&format!("{name}{{path=\"{path}\"}} {}", count(sink)));
            }
        }
    }

    fn durations(&mut self, figures: &Figures) {
        let name = "ws_connection_duration_seconds";
        self.head(name, "histogram", "How long connections have lasted");
        let bounds = DURATION_BOUNDS.iter().map(ToString::to_string);
        let bounds = bounds.chain(["+Inf".to_owned()]);
        for (bound, count) in bounds.zip(&figures.durations) {
            self.line(&format!("{name}_bucket{{le=\"{bound}\"}} {count}"));
        }
        let ended = figures.durations.last().copied().unwrap_or(0);
        self.line(&format!("{name}_sum {}", figures.seconds));
        self.line(&format!("{name}_count {ended}"));
    }

    fn handlers(&mut self, operator: &Operator) {
        let help = "From the arrival of a message to the last of what it caused; scripts: from the call to its result";
        self.head("ws_handler_duration_seconds", "histogram", help);
        for (route, took) in &operator.durations() {
            for (kind, durations) in [("message", &took.messages), ("script", &took.scripts)] {
                self.handler(route, kind, durations);
            }
        }
    }

    /// One handler's histogram; none if there is nothing in it.
    fn handler(&mut self, route: &str, kind: &str, durations: &Durations) {
        let count = durations.count();
        if count == 0 {
            return;
        }
        let name = "ws_handler_duration_seconds";
        let labels = format!("path=\"{}\",kind=\"{kind}\"", escaped(route));
        for bound in LATENCY_BOUNDS {
            let (le, within) = (seconds(bound), durations.within(bound));
            self.line(&format!("{name}_bucket{{{labels},le=\"{le}\"}} {within}"));
        }
        self.line(&format!("{name}_bucket{{{labels},le=\"+Inf\"}} {count}"));
        self.line(&format!("{name}_sum{{{labels}}} {}", durations.seconds()));
        self.line(&format!("{name}_count{{{labels}}} {count}"));
    }

    fn gauge(&mut self, name: &str, help: &str, value: u64) {
        self.one(name, "gauge", help, value);
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.one(name, "counter", help, value);
    }

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

/// `0.00005`: microseconds as seconds.
fn seconds(microseconds: u64) -> f64 {
    Duration::from_micros(microseconds).as_secs_f64()
}

/// A label's value as the format wants it.
fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
