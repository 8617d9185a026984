//! An engine between an input that brings what a test gives it and a server that behaves as told.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sockeye_core::{Clock, Mistakes, Place, Source};
use sockeye_ship::collector::{Collector, Keeping, Receipt};
use sockeye_ship::engine::{Engine, FilterPart, InputPart, OutputPart, Parts, Summary};
use sockeye_ship::input::{Input, Running};
use sockeye_ship::matching::Matching;
use sockeye_ship::output;
use sockeye_ship::plan::{Property, Section};
use sockeye_ship::queue::Rules;
use sockeye_ship::record::{RecordWriter, Time};
use sockeye_ship::report::{Log, Said};
use sockeye_ship::retry::RetryLimit;
use sockeye_ship::service::{LogLevel, Service};
use tokio::sync::{mpsc, oneshot};

use super::server::Server;

/// How often chunks are handed on in tests.
const FLUSH: &str = "10ms";

/// How long anything may take in a test.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

pub(super) fn property(key: &str, value: &str) -> Property {
    let source = Source::new("test", format!("{key} {value}"));
    Property {
        key: key.to_owned(),
        value: value.to_owned(),
        place: Place::new(&source, key.len() + 1..source.text().len()),
        key_place: Place::new(&source, 0..key.len()),
    }
}

pub(super) fn section(plugin: &str, lines: &[(&str, &str)]) -> Section {
    let source = Source::new("test", plugin);
    let mut section = Section::new(plugin, Place::new(&source, 0..plugin.len()));
    for (key, value) in lines {
        section.properties.push(property(key, value));
    }
    section
}

pub(super) fn service(lines: &[(&str, &str)]) -> Service {
    let mut mistakes = Mistakes::new();
    let mut properties = vec![property("flush", FLUSH)];
    properties.extend(lines.iter().map(|(key, value)| property(key, value)));
    let service = Service::read(&properties, &mut mistakes);
    assert!(!mistakes.has_errors(), "{mistakes}");
    service.unwrap()
}

/// A record `{"n": number}` at a fixed time.
pub(super) fn record(number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    let time = Time {
        seconds: 1_700_000_000,
        nanos: 0,
    };
    let mut writer = RecordWriter::new(&mut bytes, time);
    writer.uint("n", number);
    writer.finish();
    bytes
}

/// The numbers of the records of a payload in JSON lines.
pub(super) fn numbers(payload: &[u8]) -> Vec<u64> {
    let text = String::from_utf8_lossy(payload);
    let number = |line: &str| {
        let (_, rest) = line.split_once("\"n\":")?;
        let end = rest.find(|letter: char| !letter.is_ascii_digit());
        rest.get(..end.unwrap_or(rest.len()))?.parse().ok()
    };
    text.lines().filter_map(number).collect()
}

type Order = (String, Vec<u8>, u32, oneshot::Sender<Receipt>);

/// An input that brings what it is given.
#[derive(Debug)]
struct Fed(mpsc::Receiver<Order>);

impl Input for Fed {
    fn run(mut self: Box<Self>, collector: Collector) -> Running {
        Box::pin(async move {
            loop {
                tokio::select! {
                    biased;
                    order = self.0.recv() => {
                        let Some((tag, records, count, reply)) = order else {
                            collector.stopping().await;
                            return Ok(());
                        };
                        let Ok(receipt) = collector.append(Some(&tag), &records, count).await else {
                            return Ok(());
                        };
                        let _ = reply.send(receipt);
                    }
                    () = collector.stopping() => return Ok(()),
                }
            }
        })
    }
}

/// What is to run.
pub(super) struct Setup {
    pub(super) service: Service,
    pub(super) outputs: Vec<OutputPart>,
    pub(super) filters: Vec<FilterPart>,
    pub(super) keeping: Keeping,
    pub(super) memory: Option<u64>,
    pub(super) clock: Clock,
    /// Beside the one that brings what it is given.
    pub(super) inputs: Vec<InputPart>,
}

impl Setup {
    /// One WebSocket output, to this server, in JSON lines.
    pub(super) fn to(server: &Server, lines: &[(&str, &str)]) -> Self {
        Self::of(&[("flush", FLUSH)], &[websocket(server, lines)])
    }

    pub(super) fn of(service_lines: &[(&str, &str)], outputs: &[Section]) -> Self {
        let service = service(service_lines);
        let outputs = outputs.iter().enumerate();
        let outputs = outputs
            .map(|(number, section)| OutputPart {
                name: format!("{}.{number}", section.plugin),
                wants: Matching::everything(),
                rules: Rules {
                    retry_limit: RetryLimit::Unlimited,
                    stored_bytes: None,
                },
                log_level: None,
                output: output::build(section, &service).unwrap(),
            })
            .collect();
        Self {
            service,
            outputs,
            filters: Vec::new(),
            keeping: Keeping::Memory,
            memory: None,
            clock: Clock::system(),
            inputs: Vec::new(),
        }
    }

    pub(super) fn service(mut self, lines: &[(&str, &str)]) -> Self {
        self.service = service(lines);
        self
    }

    pub(super) fn retry_limit(mut self, limit: RetryLimit) -> Self {
        for output in &mut self.outputs {
            output.rules.retry_limit = limit;
        }
        self
    }

    /// Records wait in a folder.
    pub(super) fn on_disk(mut self, folder: &Path) -> Self {
        self.keeping = Keeping::Disk;
        self.service.storage.path = Some(folder.to_owned());
        self
    }

    pub(super) fn start(self) -> Lab {
        let (feed, orders) = mpsc::channel(16);
        let (log, said) = Said::log(LogLevel::Debug);
        let mut inputs = self.inputs;
        inputs.push(InputPart {
            name: "fed.0".to_owned(),
            tag: "fed.0".to_owned(),
            memory: self.memory,
            keeping: self.keeping,
            log_level: None,
            processors: Vec::new(),
            input: Box::new(Fed(orders)),
        });
        let parts = Parts {
            inputs,
            filters: self.filters,
            outputs: self.outputs,
        };
        let engine = Engine::start(parts, &self.service, log.clone(), self.clock).unwrap();
        Lab {
            engine,
            feed,
            said,
            log,
        }
    }
}

/// The section of a WebSocket output to this server.
pub(super) fn websocket(server: &Server, lines: &[(&str, &str)]) -> Section {
    let port = server.address.port().to_string();
    let mut all = vec![("host", "127.0.0.1"), ("port", port.as_str())];
    if !lines.iter().any(|(key, _)| *key == "format") {
        all.push(("format", "json_lines"));
    }
    all.extend_from_slice(lines);
    section("websocket", &all)
}

/// A running engine.
pub(super) struct Lab {
    pub(super) engine: Engine,
    feed: mpsc::Sender<Order>,
    said: Said,
    log: Log,
}

impl Lab {
    /// Brings the record of this number; the engine has it when this returns.
    pub(super) async fn bring(&self, number: u64) -> Receipt {
        self.bring_bytes("fed.0", record(number), 1).await
    }

    pub(super) async fn bring_bytes(&self, tag: &str, records: Vec<u8>, count: u32) -> Receipt {
        let (reply, receipt) = oneshot::channel();
        let order = (tag.to_owned(), records, count, reply);
        self.feed.send(order).await.unwrap();
        receipt.await.unwrap()
    }

    /// Brings records from the first number to the last, each a chunk of its own.
    pub(super) async fn bring_apart(&self, numbers: std::ops::RangeInclusive<u64>) -> Vec<Receipt> {
        let mut receipts = Vec::new();
        for number in numbers {
            receipts.push(self.bring(number).await);
            let before = self.queued();
            let handed_on = || self.queued() != before || self.delivered() >= number;
            eventually("the chunk is handed on", handed_on).await;
        }
        receipts
    }

    fn queued(&self) -> u64 {
        self.engine.counters().outputs[0].queued_chunks.get()
    }

    pub(super) fn delivered(&self) -> u64 {
        self.engine.counters().outputs[0].records.get()
    }

    pub(super) fn output(&self) -> Arc<sockeye_ship::monitor::OutputCounters> {
        Arc::clone(&self.engine.counters().outputs[0])
    }

    /// Waits until so many records are delivered.
    pub(super) async fn delivers(&self, records: u64) {
        let is_done = || self.delivered() >= records;
        let is_done = settles(is_done).await;
        let (delivered, log) = (self.delivered(), self.said.text());
        assert!(
            is_done,
            "{delivered} of {records} records delivered; the log:\n{log}"
        );
    }

    /// Waits until the log says this.
    pub(super) async fn says(&self, text: &str) {
        let is_said = settles(|| self.said.text().contains(text)).await;
        let log = self.said.text();
        assert!(is_said, "the log does not say {text:?}:\n{log}");
    }

    /// Ends the engine; what was lost, and the whole log.
    pub(super) async fn stop(self) -> (Summary, String) {
        let summary = self.engine.stop().await;
        self.log.finish();
        (summary, self.said.text())
    }

    /// Ends the engine as a killed process would end: nobody is told and nothing is finished.
    pub(super) async fn kill(self) {
        let gone = Arc::downgrade(&self.engine.counters().outputs[0]);
        drop(self.engine);
        drop(self.feed);
        // Tasks that are aborted go when the runtime comes to them, and with them the lock of a folder.
        eventually("everything is gone", || gone.strong_count() == 0).await;
    }
}

/// Whether something becomes so, in time.
pub(super) async fn settles(is_so: impl Fn() -> bool) -> bool {
    let end = tokio::time::Instant::now() + PATIENCE;
    while !is_so() {
        if tokio::time::Instant::now() > end {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    true
}

/// Waits until something is so.
pub(super) async fn eventually(what: &str, is_so: impl Fn() -> bool) {
    assert!(settles(is_so).await, "in vain: {what}");
}
