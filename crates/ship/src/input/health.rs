//! Whether a port can be reached, once per interval.

use std::time::Duration;

use sockeye_core::{Clock, Mistakes};
use tokio::net::TcpStream;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::poll::{INTERVAL, interval};
use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::properties::{Key, Kind, Properties};
use crate::record::{RecordWriter, Time};

/// How long the other side has to take the connection.
const PATIENCE: Duration = Duration::from_secs(10);

const KEYS: &[Key] = &[
    Key::new("host", Kind::Text, Some("127.0.0.1"), "name or address"),
    Key::new("port", Kind::Port, None, "the port that is to be reached"),
    Key::new(
        "alert",
        Kind::Bool,
        Some("off"),
        "whether there is a record only when it cannot be",
    ),
    Key::new(
        "add_host",
        Kind::Bool,
        Some("off"),
        "whether records tell the host, as `hostname`",
    ),
    Key::new(
        "add_port",
        Kind::Bool,
        Some("off"),
        "whether they tell the port",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "health",
    about: "whether a port can be reached",
    tables: &[KEYS, INTERVAL, crate::engine::INPUT_KEYS],
    build,
};

#[derive(Debug)]
struct Health {
    host: String,
    port: u16,
    is_alert: bool,
    adds_host: bool,
    adds_port: bool,
    every: Duration,
    clock: Clock,
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    properties.need("port")?;
    Ok(Box::new(Health {
        host: properties.text("host").unwrap_or("127.0.0.1").to_owned(),
        port: properties.port("port").unwrap_or_default(),
        is_alert: properties.flag("alert"),
        adds_host: properties.flag("add_host"),
        adds_port: properties.flag("add_port"),
        every: interval(properties),
        clock: context.clock.clone(),
    }))
}

impl Input for Health {
    fn run(self: Box<Self>, collector: Collector) -> Running {
        Box::pin(async move {
            let mut ticks = interval_at(Instant::now() + self.every, self.every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
            let mut record = Vec::new();
            loop {
                tokio::select! {
                    biased;
                    () = collector.stopping() => return Ok(()),
                    _ = ticks.tick() => {}
                }
                let is_alive = tokio::select! {
                    biased;
                    () = collector.stopping() => return Ok(()),
                    is_alive = self.is_alive() => is_alive,
                };
                if is_alive && self.is_alert {
                    continue;
                }
                record.clear();
                self.append(&mut record, now(&self.clock), is_alive);
                if collector.append(None, &record, 1).await.is_err() {
                    return Ok(());
                }
            }
        })
    }
}

impl Health {
    async fn is_alive(&self) -> bool {
        let connecting = TcpStream::connect((self.host.as_str(), self.port));
        matches!(timeout(PATIENCE, connecting).await, Ok(Ok(_)))
    }

    fn append(&self, out: &mut Vec<u8>, time: Time, is_alive: bool) {
        let mut record = RecordWriter::new(out, time);
        record.boolean("alive", is_alive);
        if self.adds_host {
            record.string("hostname", self.host.as_bytes());
        }
        if self.adds_port {
            record.uint("port", u64::from(self.port));
        }
        record.finish();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_that_somebody_listens_on_is_alive() {
        let listener = sockeye_net::listen(([127, 0, 0, 1], 0).into()).unwrap();
        let mut health = Health {
            host: "127.0.0.1".to_owned(),
            port: listener.local_addr().unwrap().port(),
            is_alert: false,
            adds_host: true,
            adds_port: false,
            every: Duration::from_secs(1),
            clock: Clock::system(),
        };
        assert!(health.is_alive().await);
        drop(listener);
        assert!(!health.is_alive().await);
        let mut out = Vec::new();
        health.append(&mut out, Time::new(1, 0), true);
        (health.port, health.adds_port) = (8080, true);
        health.append(&mut out, Time::new(1, 0), false);
        assert_eq!(
            crate::input::line::shown(&out),
            r#"{"alive":true,"hostname":"127.0.0.1"}{"alive":false,"hostname":"127.0.0.1","port":8080}"#
        );
    }
}
