//! Every bound of the network side, with its unit and what happens when it is reached.

use std::time::Duration;

use sockeye_wire::{DeflateTerms, FrameLimits, Packing};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Bounds of a listener: heads, connections, bodies, draining.
///
/// All fields may be changed before the server starts; each says what happens at the bound.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Size of a request head in bytes. Default 16 KiB; less than 8 KiB counts as 8 KiB. Beyond: 431.
    pub head_bytes: usize,
    /// Length of the request target in bytes. Default 8 KiB. Beyond: 414.
    pub target_bytes: usize,
    /// Number of header lines. Default 100. Beyond: 431.
    pub header_lines: usize,
    /// Time from the first wait for a request until its head is complete, and before it for the
    /// handshake of TLS: a connection that is late there is closed without a word. Default 5 s. Beyond: 408
    /// for the first request; a connection that waits for another one is closed without a word.
    pub head_deadline: Duration,
    /// Announced size of a request body in bytes. Default 1 MiB. Beyond: 413. A body of unknown size
    /// is the application's to bound.
    pub body_bytes: usize,
    /// Time in which a stalled HTTP answer must make progress. Default 10 s. Beyond: dropped.
    pub write_timeout: Duration,
    /// Open WebSocket connections. Default 10 000, 0 means no bound. Beyond: 503, `Retry-After: 1`.
    pub connections: usize,
    /// Open WebSocket connections of one address that is not loopback. Default 1 000, 0 means no
    /// bound. Beyond: 429.
    pub connections_per_address: usize,
    /// The same of a loopback address. Default 0, no bound: that is the developer's own machine.
    pub connections_per_loopback_address: usize,
    /// Sockets that are not (yet) WebSocket connections: handshakes and plain HTTP. Default 1 024.
    /// Beyond: not accepted until one of them ends.
    pub waiting_sockets: usize,
    /// Time that draining may take. Default 10 s. Beyond: remaining connections are dropped.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_bytes: 16 * KIB,
            target_bytes: 8 * KIB,
            header_lines: 100,
            head_deadline: Duration::from_secs(5),
            body_bytes: MIB,
            write_timeout: Duration::from_secs(10),
            connections: 10_000,
            connections_per_address: 1_000,
            connections_per_loopback_address: 0,
            waiting_sockets: 1_024,
            drain: Duration::from_secs(10),
        }
    }
}

/// Bounds of one link. Shared by all links of a route.
#[derive(Clone, Debug)]
pub struct LinkSettings {
    /// Bytes of a frame and of a message, and the number of fragments. Beyond: 1009 or 1008.
    pub frames: FrameLimits,
    /// Time between two pings of ours. Default 20 s; `None` sends none.
    pub ping_interval: Option<Duration>,
    /// Time after a ping in which anything must arrive. Default 20 s. Beyond: 1001 "ping timeout".
    pub pong_timeout: Duration,
    /// Time without a data message either way. Default `None`. Beyond: 1000 "idle".
    pub idle_timeout: Option<Duration>,
    /// Time that the peer has to answer our Close. Default 5 s. Beyond: the socket is dropped.
    pub close_timeout: Duration,
    /// Time in which a stalled write must make progress. Default 10 s. Beyond: dropped.
    pub write_timeout: Duration,
    /// How compression is agreed with a peer that offers it. `None`: never. A message may be compressed or not
    /// then; who sees messages sees them inflated.
    pub compression: Option<Compression>,
    /// Bytes of what a session says by itself that the peer may leave behind. Default 1 MiB. Beyond: 1013.
    pub backlog_bytes: usize,
    /// Messages from others that may wait for the link, beside their 1 MiB. Default 256. Beyond: as
    /// `when_behind` says.
    pub waiting_messages: usize,
    /// What becomes of a message from others that finds no room. Default: the link is closed.
    pub when_behind: WhenBehind,
}

/// What happens when more messages from others wait for a link than may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenBehind {
    /// The link is closed with 1013.
    #[default]
    Close,
    /// The message is left out for this link, and counted.
    Drop,
}

impl Default for LinkSettings {
    fn default() -> Self {
        Self {
            frames: FrameLimits::default(),
            ping_interval: Some(Duration::from_secs(20)),
            pong_timeout: Duration::from_secs(20),
            idle_timeout: None,
            close_timeout: Duration::from_secs(5),
            write_timeout: Duration::from_secs(10),
            compression: Some(Compression::default()),
            backlog_bytes: OUTBOX_BYTES,
            waiting_messages: OUTBOX_MESSAGES,
            when_behind: WhenBehind::default(),
        }
    }
}

/// How a link compresses (`permessage-deflate`, RFC 7692).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compression {
    /// What is agreed with a peer that offers it.
    pub terms: DeflateTerms,
    /// How and which messages to it are compressed.
    pub packing: Packing,
}

/// The smallest bound of a head that hyper knows, in bytes.
pub(crate) const LEAST_HEAD: usize = 8 * KIB;

/// Size of the read buffer that all links of a thread share, in bytes.
pub(crate) const READ_BUFFER: usize = 512 * KIB;

/// What one read takes from a socket that speaks TLS, in bytes: four records of the longest kind.
pub(crate) const TLS_READ: usize = 64 * KIB;

/// Size of the buffer for records that all TLS connections of a thread share, in bytes. What is left
/// beside one read is the longest message of a TLS handshake; a longer one ends the connection.
pub(crate) const TLS_BUFFER: usize = 2 * TLS_READ;

/// Plain bytes that are made into records for one write. Their records fit into [`TLS_BUFFER`].
pub(crate) const TLS_SEAL: usize = 64 * KIB;

/// The largest file with certificates or a key, in bytes. Beyond: a mistake.
pub(crate) const PEM_BYTES: u64 = MIB as u64;

/// Bytes of replies after which a link writes before it looks at further input.
pub(crate) const OUTPUT_HIGH: usize = 256 * KIB;

/// Bytes for the server behind a link after which they are written before its peer is read again.
pub(crate) const UPSTREAM_HIGH: usize = 256 * KIB;

/// Messages from others that may wait for one link, unless its settings say otherwise.
pub(crate) const OUTBOX_MESSAGES: usize = 256;

/// Bytes of messages from others that may wait for one link, and unless its settings say otherwise of
/// answers nobody asked for. Beyond: 1013.
pub(crate) const OUTBOX_BYTES: usize = MIB;

/// Groups that one link may be in. Beyond: joining fails.
pub(crate) const GROUPS_PER_LINK: usize = 64;

/// Broadcasts that may wait for a thread. Beyond: they are lost, and the log says so.
pub(crate) const DELIVERIES: usize = 65_536;

/// How long one link may keep its thread busy before the other links get their turn.
pub(crate) const TURN_TIME: Duration = Duration::from_millis(2);

/// After how many events a link looks at the clock.
pub(crate) const TURN_STRIDE: u32 = 8;
const _: () = assert!(TURN_STRIDE.is_power_of_two());

/// A thread's buffer that grew beyond this many bytes for one large message is given back.
pub(crate) const OUTPUT_KEEP: usize = MIB;

/// Control frames that a peer may send in one [`CONTROL_WINDOW`]. Beyond: 1008.
pub(crate) const CONTROL_FRAMES: u32 = 200;

/// The window in which control frames are counted: 200 in 2 s are 100 a second with a burst of 200.
pub(crate) const CONTROL_WINDOW: Duration = Duration::from_secs(2);

/// How long the rest of a peer's bytes is read and thrown away after our last frame, so that a
/// reset does not overtake it.
pub(crate) const LINGER_TIME: Duration = Duration::from_secs(1);

/// How many bytes are thrown away in that time.
pub(crate) const LINGER_BYTES: usize = 64 * MIB;

/// How often a link that was frozen on purpose looks whether its peer has closed.
pub(crate) const FROZEN_LOOK: Duration = Duration::from_secs(1);

/// How long a server waits for its threads once it has dropped what did not drain.
pub(crate) const DROP_TIME: Duration = Duration::from_secs(1);

/// First pause after an accept error (no file descriptors left, say); doubles up to the longest.
pub(crate) const ACCEPT_PAUSE: Duration = Duration::from_millis(10);

/// Longest pause between two tries to accept.
pub(crate) const ACCEPT_PAUSE_LONGEST: Duration = Duration::from_secs(1);

/// At most one log line about accept errors in this time.
pub(crate) const ACCEPT_COMPLAINT: Duration = Duration::from_secs(10);

/// Connections that the kernel queues before they are accepted.
pub(crate) const BACKLOG: i32 = 4_096;
