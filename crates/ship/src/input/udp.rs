//! Records in datagrams: JSON, or lines of text.

use std::io;
use std::net::{SocketAddr, UdpSocket as StdSocket};

use sockeye_core::Mistakes;
use tokio::net::UdpSocket;

use super::address::{LISTEN, Listen, announce};
use super::tcp::{SHAPE, Settings};
use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::properties::{Key, Kind, Properties};
use crate::report::Log;

const KEYS: &[Key] = &[
    LISTEN,
    Key::new(
        "port",
        Kind::Port,
        Some("5170"),
        "port to listen on, 0 for any",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "udp",
    about: "JSON or lines in datagrams",
    tables: &[KEYS, SHAPE, crate::engine::INPUT_KEYS],
    build,
};

/// The largest datagram.
pub(super) const DATAGRAM_BYTES: usize = 64 * 1024;

#[derive(Debug)]
struct Udp {
    listen: Listen,
    settings: Settings,
    socket: Option<UdpSocket>,
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    Ok(Box::new(Udp {
        listen: Listen::of(properties),
        settings: Settings::of(properties, context)?,
        socket: None,
    }))
}

/// A socket for datagrams within the runtime.
pub(super) fn bind(address: SocketAddr) -> io::Result<UdpSocket> {
    let socket = StdSocket::bind(address)?;
    socket.set_nonblocking(true)?;
    UdpSocket::from_std(socket)
}

impl Input for Udp {
    fn open(&mut self, name: &str, log: &Log) -> Result<(), String> {
        let socket = self.listen.bind(bind)?;
        let address = socket
            .local_addr()
            .map_err(|error| format!("cannot listen: {error}"))?;
        announce("udp", name, address, false, log);
        self.socket = Some(socket);
        Ok(())
    }

    fn run(self: Box<Self>, collector: Collector) -> Running {
        Box::pin(async move {
            let Some(socket) = &self.socket else {
                return Err("it was never opened".to_owned());
            };
            let mut buffer = vec![0; DATAGRAM_BYTES];
            let mut out = Vec::new();
            loop {
                let received = tokio::select! {
                    biased;
                    received = socket.recv_from(&mut buffer) => received,
                    () = collector.stopping() => return Ok(()),
                };
                // An error is about a datagram that was sent, and none is.
                let Ok((length, peer)) = received else {
                    continue;
                };
                out.clear();
                let datagram = buffer.get(..length).unwrap_or_default();
                let mut records = self.settings.stream(|| format!("udp://{peer}"));
                let time = now(&self.settings.clock);
                let mut batch = records.feed(datagram, time, &mut out);
                batch.add(records.end(time, &mut out));
                batch.tell("udp", &collector);
                if batch.records > 0 && collector.append(None, &out, batch.records).await.is_err() {
                    return Ok(());
                }
            }
        })
    }
}
