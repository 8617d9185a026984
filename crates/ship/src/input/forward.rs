//! Records of Fluentd's and Fluent Bit's forward protocol: all four modes, acknowledged.

mod greeting;
pub(super) mod message;

use std::sync::Arc;

use sockeye_core::{Clock, Mistake, Mistakes, Random, quoted};
use tokio::io::AsyncWriteExt as _;

use super::address::{LISTEN, Listen, no_tls};
use super::listener::{Caller, Door, READ_BYTES, Wire, read};
use super::socket_file::SocketFile;
use super::{Context, Input, Known, Running};
use crate::collector::Collector;
use crate::properties::{Key, Kind, Properties};
use crate::record::{Fault, Reader};
use crate::report::Log;
use crate::tls;
use greeting::{Secrets, User};
use message::Message;

const KEYS: &[Key] = &[
    LISTEN,
    Key::new(
        "port",
        Kind::Port,
        Some("24224"),
        "port to listen on, 0 for any",
    ),
    Key::new(
        "unix_path",
        Kind::Text,
        None,
        "file of a socket to listen on instead",
    ),
    Key::new("unix_perm", Kind::Text, None, "its rights, such as 0644"),
    Key::new(
        "tag_prefix",
        Kind::Text,
        None,
        "put in front of the sender's tag",
    ),
    Key::new("shared_key", Kind::Text, None, "what senders must know"),
    Key::new(
        "empty_shared_key",
        Kind::Bool,
        Some("off"),
        "whether they greet with an empty one",
    ),
    Key::new(
        "self_hostname",
        Kind::Text,
        Some("localhost"),
        "our name in the greeting",
    ),
    Key::new(
        "security.users",
        Kind::Texts,
        None,
        "a user and a password, of which a sender must know one",
    ),
    Key::new(
        "buffer_max_size",
        Kind::Size,
        Some("6M"),
        "bytes that one message may have, unpacked ten times as many",
    ),
    Key::new(
        "buffer_chunk_size",
        Kind::Unused("buffers grow as needed"),
        None,
        "accepted",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "forward",
    about: "the forward protocol of Fluentd and Fluent Bit",
    tables: &[KEYS, tls::KEYS, tls::SERVER_KEYS, crate::engine::INPUT_KEYS],
    build,
};

#[derive(Debug)]
struct Forward {
    way: Option<Way>,
    settings: Arc<Settings>,
    door: Door,
}

#[derive(Debug)]
enum Way {
    Tcp(Listen),
    File(SocketFile),
}

#[derive(Debug)]
struct Settings {
    clock: Clock,
    /// Whether the configuration names the tag, whatever senders say.
    has_tag: bool,
    prefix: Option<String>,
    secrets: Option<Secrets>,
    limit: usize,
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    let way = if properties.has("unix_path") {
        no_tls(properties, "a socket that is a file")?;
        Way::File(SocketFile::of(properties, "unix_path")?)
    } else {
        Way::Tcp(Listen::with_tls(properties)?)
    };
    let limit = properties.size("buffer_max_size").unwrap_or_default();
    let settings = Settings {
        clock: context.clock.clone(),
        has_tag: properties.has("tag"),
        prefix: properties.text("tag_prefix").map(str::to_owned),
        secrets: secrets(properties)?,
        limit: usize::try_from(limit).unwrap_or(usize::MAX).max(1024),
    };
    Ok(Box::new(Forward {
        way: Some(way),
        settings: Arc::new(settings),
        door: Door::default(),
    }))
}

fn secrets(properties: &Properties<'_>) -> Result<Option<Secrets>, Mistake> {
    let mut users = Vec::new();
    for property in properties.texts("security.users") {
        let Some((name, password)) = property.value.split_once(char::is_whitespace) else {
            let message = format!("{} is no user with a password", quoted("security.users"));
            return Err(Mistake::at(&property.place, message)
                .label("expected two words")
                .remedy("write the user, a blank and the password"));
        };
        users.push(User {
            name: name.to_owned(),
            password: password.trim().to_owned(),
        });
    }
    let key = properties.text("shared_key");
    let is_wanted = key.is_some() || properties.flag("empty_shared_key") || !users.is_empty();
    Ok(is_wanted.then(|| Secrets {
        key: key.unwrap_or_default().to_owned(),
        host: properties
            .text("self_hostname")
            .unwrap_or("localhost")
            .to_owned(),
        users,
    }))
}

impl Input for Forward {
    fn open(&mut self, name: &str, log: &Log) -> Result<(), String> {
        self.door = match self.way.take() {
            Some(Way::Tcp(listen)) => Door::open(&listen, "forward", name, log)?,
            Some(Way::File(file)) => Door::open_file(file, "forward", name, log)?,
            None => return Err("it was opened before".to_owned()),
        };
        Ok(())
    }

    fn run(self: Box<Self>, collector: Collector) -> Running {
        let Self { door, settings, .. } = *self;
        Box::pin(door.serve(collector, move |caller, collector| {
            let settings = Arc::clone(&settings);
            async move {
                let source = caller.source();
                if let Err(problem) = connection(caller, &settings, &collector).await {
                    let name = collector.name();
                    collector
                        .log()
                        .warn(format_args!("[input:forward:{name}] {source}: {problem}"));
                }
            }
        }))
    }
}

/// Reads messages until the peer ends; an error is why it was cut off.
async fn connection(
    caller: Caller,
    settings: &Settings,
    collector: &Collector,
) -> Result<(), String> {
    let mut peer = Peer {
        stream: caller.stream,
        buffer: vec![0; READ_BYTES],
        waiting: Vec::new(),
        limit: settings.limit,
    };
    if let Some(secrets) = &settings.secrets {
        let mut random = Random::from_os();
        greet(&mut peer, secrets, &mut random, collector).await?;
    }
    let mut records = Vec::new();
    while let Some(bytes) = peer.value(collector).await? {
        records.clear();
        let message = message::read(&bytes, settings.limit, &settings.clock, &mut records)?;
        let Some(message) = message else {
            continue;
        };
        take(&mut peer, settings, collector, &message, &records).await?;
    }
    Ok(())
}

/// Gives the records to the engine, then tells the sender if it wants to know.
async fn take(
    peer: &mut Peer,
    settings: &Settings,
    collector: &Collector,
    message: &Message<'_>,
    records: &[u8],
) -> Result<(), String> {
    let prefixed;
    let tag = match (&settings.prefix, settings.has_tag) {
        (_, true) => None,
        (Some(prefix), false) => {
            prefixed = format!("{prefix}{}", message.tag);
            Some(prefixed.as_str())
        }
        (None, false) => Some(message.tag.as_ref()),
    };
    let ended = |_| "the records are not taken any more".to_owned();
    collector
        .append(tag, records, message.records)
        .await
        .map_err(ended)?;
    match &message.ack {
        Some(ack) => peer.write(ack).await,
        None => Ok(()),
    }
}

async fn greet(
    peer: &mut Peer,
    secrets: &Secrets,
    random: &mut Random,
    collector: &Collector,
) -> Result<(), String> {
    let hello = secrets.hello(random);
    peer.write(&hello.bytes).await?;
    let ping = peer
        .value(collector)
        .await?
        .ok_or("it left without a greeting")?;
    let answer = secrets.answer(&hello, &ping);
    peer.write(&answer.bytes).await?;
    match answer.refusal {
        Some(why) => Err(format!("refused: {why}")),
        None => Ok(()),
    }
}

/// The other side of a connection.
struct Peer {
    stream: Box<dyn Wire>,
    buffer: Vec<u8>,
    waiting: Vec<u8>,
    limit: usize,
}

impl Peer {
    /// The bytes of the next value; none when the peer has ended.
    async fn value(&mut self, collector: &Collector) -> Result<Option<Vec<u8>>, String> {
        let mut looked_at = 0;
        loop {
            // A large value that comes in small pieces is not looked through with each of them.
            let is_due = self.waiting.len() >= looked_at + looked_at / 4;
            if is_due && !self.waiting.is_empty() {
                looked_at = self.waiting.len();
                let mut reader = Reader::new(&self.waiting);
                match reader.skip() {
                    Ok(()) => {
                        let rest = self.waiting.split_off(reader.at());
                        return Ok(Some(std::mem::replace(&mut self.waiting, rest)));
                    }
                    Err(Fault::Incomplete) => {}
                    Err(fault) => return Err(format!("cut off: no msgpack: {fault}")),
                }
                if self.waiting.len() > self.limit {
                    let limit = self.limit;
                    return Err(format!(
                        "cut off: a message of more than {limit} bytes (`buffer_max_size`)"
                    ));
                }
            }
            let Some(length) = read(&mut self.stream, &mut self.buffer, collector).await else {
                return self.end();
            };
            self.waiting
                .extend_from_slice(self.buffer.get(..length).unwrap_or_default());
            // Nothing more has come yet, so this may be all of it.
            if length < self.buffer.len() {
                looked_at = 0;
            }
        }
    }

    fn end(&self) -> Result<Option<Vec<u8>>, String> {
        if self.waiting.is_empty() {
            return Ok(None);
        }
        let left = self.waiting.len();
        Err(format!(
            "{left} bytes were left out: the message is not whole"
        ))
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), String> {
        let written = self.stream.write_all(bytes).await;
        // Over TLS what was written may still wait.
        let sent = match written {
            Ok(()) => self.stream.flush().await,
            failed => failed,
        };
        sent.map_err(|error| format!("cannot answer: {error}"))
    }
}
