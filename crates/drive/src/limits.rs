//! Every bound of a load, with its unit and what happens when it is reached.

use std::time::Duration;

/// Connections that a load may have. Beyond: not taken.
pub const CONNECTIONS: usize = 60_000;

/// Threads that a load may have. Beyond: not taken.
pub const THREADS: usize = 256;

/// Messages without an answer that one connection may have. Beyond: not taken.
pub const WINDOW: usize = 65_536;

/// Messages without an answer that all connections may have together where nothing else is asked for: 16 MiB of
/// notes. A connection has its share. Beyond: messages wait for their turn, and their instant stays what it was.
pub const OUTSTANDING: usize = 1 << 20;

/// The longest payload, in bytes. Beyond: not taken.
pub const PAYLOAD_BYTES: usize = 16 << 20;

/// Bytes of frames for one connection after which they are written before there are more.
pub(crate) const OUTPUT_HIGH: usize = 256 * 1024;

/// Bytes that one read takes at most. All connections of a thread share the buffer.
pub(crate) const READ: usize = 256 * 1024;

/// Handshakes that are under way at the same time.
pub(crate) const HANDSHAKES: usize = 128;

/// Kinds of failed connections that are told apart. Beyond: counted together.
pub(crate) const KINDS: usize = 16;

/// Numbers of lost messages that a connection remembers, to tell a late answer from a doubled one.
pub(crate) const REMEMBERED: usize = 64;

/// Ready sockets that one wait tells of.
pub(crate) const EVENTS: usize = 256;

/// How long a thread waits at most before it looks whether it should end.
pub(crate) const IDLE: Duration = Duration::from_millis(100);

/// The same while connections are made or a run comes to its end.
pub(crate) const SHORT: Duration = Duration::from_millis(5);

/// Messages that are due within this time may leave together: at a high rate a wake-up for each would cost more than
/// the message.
pub(crate) const TOGETHER: Duration = Duration::from_micros(100);

/// A message that leaves this long behind its instant is counted as late.
pub(crate) const LATE: Duration = Duration::from_millis(1);

/// How long a server may take to answer our Close.
pub(crate) const GRACE: Duration = Duration::from_secs(2);

/// Time between two words of a thread about how it goes.
pub(crate) const WORD: Duration = Duration::from_secs(1);

/// Words of threads that may wait to be heard. Beyond: a thread goes on counting and tells later.
pub(crate) const WORDS: usize = 1_024;

/// The longest latency that is told apart from longer ones.
pub(crate) const LONGEST: Duration = Duration::from_hours(1);
