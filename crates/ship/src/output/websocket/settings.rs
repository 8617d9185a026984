//! The properties of a WebSocket output pass through here and become settings.

use std::net::IpAddr;
use std::time::Duration;

use sockeye_core::{Clock, Mistake, Mistakes, quoted};
use sockeye_net::{Proxy, Target};

use super::acknowledge::Ack;
use super::request::{Asking, header, host_header, is_sendable};
use crate::format;
use crate::properties::Properties;
use crate::retry::Growth;
use crate::service::Service;
use crate::tls;

/// What a WebSocket output is told.
#[derive(Debug)]
pub(super) struct Settings {
    /// Where the server is, and the way to it.
    pub(super) target: Target,
    pub(super) asking: Asking,
    /// Whether msgpack goes out as text, as the reference sends it.
    pub(super) is_text: bool,
    pub(super) ack: Ack,
    /// Silence after which the server is pinged.
    pub(super) idle: Duration,
    /// How long a pong or an acknowledgement may take, and a write that does not go on.
    pub(super) ack_timeout: Duration,
    /// How many records may be sent and not confirmed, where that is bounded.
    pub(super) ack_window: Option<u64>,
    /// Time from the first packet to the end of the handshake.
    pub(super) handshake_timeout: Duration,
    /// Longest payload, in bytes; a chunk that is longer is cut between records.
    pub(super) message_bytes: Option<usize>,
    pub(super) growth: Growth,
    pub(super) clock: Clock,
}

/// The longest silence in which nothing is asked.
const IDLE: Duration = Duration::from_secs(20);

impl Settings {
    pub(super) fn read(
        properties: &Properties<'_>,
        service: &Service,
        format: &format::Settings,
    ) -> Result<Self, Mistakes> {
        let host = properties.text("host").unwrap_or("127.0.0.1").to_owned();
        let port = properties.port("port").unwrap_or(80);
        let is_tls = properties.flag("tls");
        let is_reference = format.compat == format::Compat::FluentBit;
        let asking = Asking {
            host: host_header(&host, port, is_tls),
            uri: uri(properties)?,
            headers: headers(properties)?,
            is_reference,
            keepalive: properties.flag("net.keepalive"),
        };
        let mut ack = Ack::read(properties)?;
        if is_reference && !properties.has("ack") && !properties.has("ack_pattern") {
            // The reference sends no pings.
            ack = Ack::Sent;
        }
        let connect = properties.time("net.connect_timeout");
        let ack_timeout = properties
            .time("net.io_timeout")
            .filter(|time| !time.is_zero());
        let mut target = Target::new(host, port).over(tls::client(properties)?);
        target.certificate_name = properties.text("tls.vhost").map(str::to_owned);
        target.source = source(properties)?;
        target.proxy = proxy(properties, service, &target.host)?;
        Ok(Self {
            target,
            asking,
            is_text: match properties.choice("frame_type") {
                Some(kind) => kind == "text",
                None => is_reference,
            },
            ack,
            idle: properties
                .time("idle_interval")
                .filter(|time| !time.is_zero())
                .unwrap_or(IDLE),
            ack_timeout: ack_timeout
                .or(properties.time("ack_timeout"))
                .unwrap_or(IDLE),
            ack_window: Some(properties.count("ack_window")).filter(|records| *records > 0),
            handshake_timeout: properties
                .time("handshake_timeout")
                .or(connect)
                .unwrap_or(Duration::from_secs(10)),
            message_bytes: properties
                .size("max_message_size")
                .and_then(|bytes| usize::try_from(bytes).ok())
                .filter(|bytes| *bytes > 0),
            growth: growth(service),
            clock: Clock::system(),
        })
    }
}

/// The reference's waits, where the service says what they are.
pub(crate) fn growth(service: &Service) -> Growth {
    let default = (Duration::from_secs(5), Duration::from_secs(2000));
    if (service.retry_base, service.retry_cap) == default {
        return Growth::Quick;
    }
    Growth::Scheduler {
        base: service.retry_base.as_secs().max(1),
        cap: service.retry_cap.as_secs().max(1),
    }
}

/// Path and query; the slash in front may be left out.
fn uri(properties: &Properties<'_>) -> Result<String, Mistake> {
    let text = properties.text("uri").unwrap_or("/");
    let uri = if text.starts_with('/') {
        text.to_owned()
    } else {
        format!("/{text}")
    };
    let is_sendable = uri.bytes().all(|byte| byte.is_ascii_graphic()) && !uri.contains('#');
    if is_sendable {
        return Ok(uri);
    }
    let message = format!("{} is no path with an optional query", quoted(text));
    Err(properties
        .mistake("uri", message)
        .label("cannot stand in a request")
        .remedy("write blanks and letters beyond ASCII as %XX, and no `#`"))
}

fn headers(properties: &Properties<'_>) -> Result<Vec<(String, String)>, Mistakes> {
    let mut mistakes = Mistakes::new();
    let mut headers = Vec::new();
    for property in properties.texts("header") {
        let (name, value) = header(&property.value);
        if is_sendable(&name, &value) {
            headers.push((name, value));
        } else {
            let mistake = Mistake::at(&property.place, "this is no header that can be sent");
            mistakes.push(
                mistake
                    .label("name, blank, value")
                    .remedy("write letters, digits and `-`, a blank, and the value"),
            );
        }
    }
    mistakes.into_result(headers)
}

/// The address of this machine to connect from.
fn source(properties: &Properties<'_>) -> Result<Option<IpAddr>, Mistake> {
    let Some(text) = properties.text("net.source_address") else {
        return Ok(None);
    };
    let address = text.trim_matches(['[', ']']).parse();
    address.map(Some).map_err(|_| {
        let message = format!("{} is no address", quoted(text));
        let mistake = properties.mistake("net.source_address", message);
        mistake.remedy("write an address of this machine, such as 192.168.2.7")
    })
}

fn proxy(
    properties: &Properties<'_>,
    service: &Service,
    host: &str,
) -> Result<Option<Proxy>, Mistake> {
    if properties.flag("net.proxy_env_ignore") {
        return Ok(None);
    }
    service.proxies.to(host)
}
