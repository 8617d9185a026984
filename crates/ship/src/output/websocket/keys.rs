//! The table of a WebSocket output: what a user may say about it.

use crate::properties::{Key, Kind};

const ONE_CONNECTION: Kind = Kind::Unused("there is one connection, and it stays");
const SYSTEM: Kind = Kind::Unused("names are resolved by the system");
const PLAIN_PROXY: Kind = Kind::Unused("proxies are spoken to in the clear");
const PINGS: Kind = Kind::Unused("pings find out what is gone");

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "host",
        Kind::Text,
        Some("127.0.0.1"),
        "name or address of the server",
    ),
    Key::new("port", Kind::Port, Some("80"), "its port"),
    Key::new("uri", Kind::Text, Some("/"), "path and query"),
    Key::new(
        "header",
        Kind::Texts,
        None,
        "a further header of the request: name, blank, value",
    ),
    Key::new(
        "frame_type",
        Kind::Choice(&["auto", "text", "binary"]),
        None,
        "text: msgpack goes out as text as well, as the reference sends it",
    ),
    Key::new(
        "ack",
        Kind::Choice(&["auto", "none", "pong", "message"]),
        Some("auto"),
        "when a record counts as delivered: taken by the system, pong behind it, or the server's {\"ack\": N}; \
         auto is pong, and none for servers that answer no ping",
    ),
    Key::new(
        "ack_pattern",
        Kind::Text,
        None,
        "regular expression of the server's acknowledgements; group 1 is N",
    ),
    Key::new(
        "ack_timeout",
        Kind::Time,
        Some("20"),
        "how long a pong or an acknowledgement may take",
    ),
    Key::new(
        "ack_window",
        Kind::Integer,
        None,
        "records that may be sent and not confirmed, which is how many may come twice; 0: 16 messages, 8 MiB",
    ),
    Key::new(
        "idle_interval",
        Kind::Time,
        Some("20"),
        "silence after which the server is pinged",
    ),
    Key::new(
        "handshake_timeout",
        Kind::Time,
        None,
        "time to connect and shake hands; net.connect_timeout otherwise",
    ),
    Key::new(
        "max_message_size",
        Kind::Size,
        None,
        "longest payload; longer chunks are cut between records",
    ),
    Key::new(
        "net.connect_timeout",
        Kind::Time,
        Some("10"),
        "time to connect and shake hands",
    ),
    Key::new(
        "net.io_timeout",
        Kind::Time,
        None,
        "the same as ack_timeout, which it replaces unless 0",
    ),
    Key::new(
        "net.keepalive",
        Kind::Bool,
        Some("on"),
        "off leaves a header out of the reference's request; the connection stays",
    ),
    Key::new("net.keepalive_idle_timeout", PINGS, None, "accepted"),
    Key::new(
        "net.keepalive_max_recycle",
        ONE_CONNECTION,
        None,
        "accepted",
    ),
    Key::new(
        "net.max_worker_connections",
        ONE_CONNECTION,
        None,
        "accepted",
    ),
    Key::new(
        "net.connect_timeout_log_error",
        Kind::Unused("it is always logged"),
        None,
        "accepted",
    ),
    Key::new(
        "net.source_address",
        Kind::Text,
        None,
        "address of this machine to connect from",
    ),
    Key::new("net.dns.mode", SYSTEM, None, "accepted"),
    Key::new("net.dns.resolver", SYSTEM, None, "accepted"),
    Key::new("net.dns.prefer_ipv4", SYSTEM, None, "accepted"),
    Key::new("net.dns.prefer_ipv6", SYSTEM, None, "accepted"),
    Key::new("net.tcp_keepalive", PINGS, None, "accepted"),
    Key::new("net.tcp_keepalive_time", PINGS, None, "accepted"),
    Key::new("net.tcp_keepalive_interval", PINGS, None, "accepted"),
    Key::new("net.tcp_keepalive_probes", PINGS, None, "accepted"),
    Key::new(
        "net.proxy_env_ignore",
        Kind::Bool,
        Some("off"),
        "whether HTTP_PROXY and NO_PROXY of the environment are left alone",
    ),
    Key::new("tls.proxy.verify", PLAIN_PROXY, None, "accepted"),
    Key::new("tls.proxy.verify_hostname", PLAIN_PROXY, None, "accepted"),
    Key::new("tls.proxy.ca_path", PLAIN_PROXY, None, "accepted"),
    Key::new("tls.proxy.ca_file", PLAIN_PROXY, None, "accepted"),
    Key::new("ipv6", SYSTEM, None, "accepted"),
];
