//! Messages of syslog, over TCP, in datagrams or on a socket that is a file; a parser makes records of them.

use std::sync::Arc;

use sockeye_core::{Clock, Mistakes};
use tokio::net::{UdpSocket, UnixDatagram};

use super::address::{LISTEN, Listen, announce, no_tls};
use super::documents::Extra;
use super::line::{Line, parser};
use super::listener::Door;
use super::socket_file::SocketFile;
use super::tcp::{Stream, connection};
use super::udp::{DATAGRAM_BYTES, bind};
use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::parser::Parser;
use crate::properties::{Key, Kind, Properties};
use crate::report::Log;
use crate::tls;

const MODES: Kind = Kind::Choice(&["unix_udp", "unix_tcp", "tcp", "udp"]);

const KEYS: &[Key] = &[
    Key::new("mode", MODES, Some("unix_udp"), "how messages come"),
    LISTEN,
    Key::new(
        "port",
        Kind::Port,
        Some("5140"),
        "port of tcp and udp, 0 for any",
    ),
    Key::new(
        "path",
        Kind::Text,
        None,
        "file of the socket of unix_udp and unix_tcp",
    ),
    Key::new("unix_perm", Kind::Text, Some("0644"), "its rights"),
    Key::new(
        "parser",
        Kind::Text,
        None,
        "parser for the messages; needed",
    ),
    Key::new(
        "source_address_key",
        Kind::Text,
        None,
        "key for the sender's address",
    ),
    Key::new(
        "buffer_max_size",
        Kind::Size,
        Some("1M"),
        "bytes that one message may have",
    ),
    Key::new(
        "buffer_chunk_size",
        Kind::Unused("buffers grow as needed"),
        None,
        "accepted",
    ),
    Key::new(
        "receive_buffer_size",
        Kind::Unused("the system's is used"),
        None,
        "accepted",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "syslog",
    about: "messages of syslog",
    tables: &[KEYS, tls::KEYS, tls::SERVER_KEYS, crate::engine::INPUT_KEYS],
    build,
};

#[derive(Debug)]
struct Syslog {
    way: Way,
    settings: Arc<Settings>,
    open: Open,
}

/// Where messages come from.
#[derive(Debug)]
enum Way {
    Tcp(Listen),
    Udp(Listen),
    FileStream(Option<SocketFile>),
    FileDatagrams(SocketFile),
}

#[derive(Debug)]
enum Open {
    Nothing,
    Door(Door),
    Datagrams(Datagrams),
}

/// A socket for messages.
#[derive(Debug)]
enum Datagrams {
    Udp(UdpSocket),
    Unix(UnixDatagram),
}

impl Datagrams {
    /// The next message: its length, and who sent it.
    async fn receive(&self, buffer: &mut [u8]) -> Option<(usize, String)> {
        match self {
            Self::Udp(socket) => {
                let (length, peer) = socket.recv_from(buffer).await.ok()?;
                Some((length, format!("udp://{peer}")))
            }
            Self::Unix(socket) => {
                let length = socket.recv(buffer).await.ok()?;
                Some((length, "unix://".to_owned()))
            }
        }
    }
}

#[derive(Debug)]
struct Settings {
    clock: Clock,
    parser: Option<Arc<Parser>>,
    source_key: Option<String>,
    limit: usize,
}

impl Settings {
    fn stream(&self, source: impl FnOnce() -> String) -> Stream {
        let mut extra = Extra::default();
        if let Some(key) = &self.source_key {
            extra.string(key, &source());
        }
        let line = Line::new("log", self.parser.clone()).strict();
        Stream::lines(b"\n", line, extra, self.limit)
    }
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    properties.need("parser")?;
    if properties.choice("mode") != Some("tcp") {
        no_tls(properties, "this `mode`")?;
    }
    let way = match properties.choice("mode") {
        Some("tcp") => Way::Tcp(Listen::with_tls(properties)?),
        Some("udp") => Way::Udp(Listen::of(properties)),
        Some("unix_tcp") => Way::FileStream(Some(SocketFile::of(properties, "path")?)),
        _ => Way::FileDatagrams(SocketFile::of(properties, "path")?),
    };
    let limit = properties.size("buffer_max_size").unwrap_or_default();
    let settings = Settings {
        clock: context.clock.clone(),
        parser: parser(properties, &context.parsers)?,
        source_key: properties.text("source_address_key").map(str::to_owned),
        limit: usize::try_from(limit).unwrap_or(usize::MAX).max(1024),
    };
    Ok(Box::new(Syslog {
        way,
        settings: Arc::new(settings),
        open: Open::Nothing,
    }))
}

impl Input for Syslog {
    fn open(&mut self, name: &str, log: &Log) -> Result<(), String> {
        self.open = match &mut self.way {
            Way::Tcp(listen) => Open::Door(Door::open(listen, "syslog", name, log)?),
            Way::Udp(listen) => {
                let socket = listen.bind(bind)?;
                let address = socket
                    .local_addr()
                    .map_err(|error| format!("cannot listen: {error}"))?;
                announce("syslog", name, address, false, log);
                Open::Datagrams(Datagrams::Udp(socket))
            }
            Way::FileStream(file) => {
                let file = file.take().ok_or("it was opened before")?;
                Open::Door(Door::open_file(file, "syslog", name, log)?)
            }
            Way::FileDatagrams(file) => {
                let shown = file.path().display();
                let socket = file.bind(|path| UnixDatagram::bind(path))?;
                log.info(format_args!("[input:syslog:{name}] listening on {shown}"));
                Open::Datagrams(Datagrams::Unix(socket))
            }
        };
        Ok(())
    }

    fn run(self: Box<Self>, collector: Collector) -> Running {
        let Self {
            way,
            settings,
            open,
        } = *self;
        Box::pin(async move {
            match open {
                Open::Nothing => Err("it was never opened".to_owned()),
                Open::Door(door) => streams(door, settings, collector).await,
                Open::Datagrams(socket) => {
                    let ended = datagrams(&socket, &settings, &collector).await;
                    // The file lives as long as its socket.
                    drop(way);
                    ended
                }
            }
        })
    }
}

async fn streams(door: Door, settings: Arc<Settings>, collector: Collector) -> Result<(), String> {
    let serve = move |caller: super::listener::Caller, collector: Collector| {
        let settings = Arc::clone(&settings);
        async move {
            let records = settings.stream(|| caller.source());
            connection(
                "syslog",
                caller.stream,
                records,
                &settings.clock,
                &collector,
            )
            .await;
        }
    };
    door.serve(collector, serve).await
}

/// A datagram is one message.
async fn datagrams(
    socket: &Datagrams,
    settings: &Settings,
    collector: &Collector,
) -> Result<(), String> {
    let mut buffer = vec![0; DATAGRAM_BYTES];
    let mut out = Vec::new();
    loop {
        let received = tokio::select! {
            biased;
            received = socket.receive(&mut buffer) => received,
            () = collector.stopping() => return Ok(()),
        };
        let Some((length, source)) = received else {
            continue;
        };
        out.clear();
        let message = buffer.get(..length).unwrap_or_default();
        let mut records = settings.stream(|| source);
        let time = now(&settings.clock);
        let mut batch = records.feed(message, time, &mut out);
        batch.add(records.end(time, &mut out));
        batch.tell("syslog", collector);
        if batch.records > 0 && collector.append(None, &out, batch.records).await.is_err() {
            return Ok(());
        }
    }
}
