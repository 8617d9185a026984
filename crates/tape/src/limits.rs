//! The bounds of everything that is written and read here.

use std::time::Duration;

/// Entries of one recording that wait for the disk; one more stops the recording.
pub const WAITING_ENTRIES: usize = 65_536;

/// Bytes of one recording that wait for the disk; more stop the recording.
pub const WAITING_BYTES: usize = 16 * 1024 * 1024;

/// Bytes of all recordings of a deck that wait for the disk; more stop the recording that brings them.
pub const WAITING_BYTES_OF_ALL: usize = 64 * 1024 * 1024;

/// Bytes of a recording on disk before it is finished; more stop the recording.
pub const TAPE_BYTES: u64 = 1024 * 1024 * 1024;

/// How long entries are gathered before they are written, so that a flood costs one call for many.
/// What a kill can lose is this and the time of a write.
pub(crate) const GATHER: Duration = Duration::from_millis(20);

/// Bytes of lines that are gathered for one write.
pub(crate) const WRITE_BYTES: usize = 256 * 1024;

/// Orders that are carried out before everything gathered is written.
pub(crate) const ORDERS_BEFORE_FLUSH: usize = 4096;

/// Recordings that wait to be finished; beyond them the writer finishes one itself.
pub(crate) const WAITING_ENDS: usize = 256;

/// Bytes of a file that is read.
pub const FILE_BYTES: u64 = 4 * 1024 * 1024 * 1024;

/// Entries of a file that is read.
pub const ENTRIES: usize = 8_000_000;

/// Bytes of one message of a file that is read.
pub const MESSAGE_BYTES: usize = 64 * 1024 * 1024;

/// Bytes of a line: a message of which each byte is written as six, and what stands around it.
pub(crate) const LINE_BYTES: usize = 6 * MESSAGE_BYTES + 64 * 1024;

/// Numbers that are tried for a file of a name that is taken.
pub const NUMBERS: u32 = 100_000;

/// Characters of a value in a file name.
pub const NAME_VALUE: usize = 64;

/// Bytes of one part of a path that is made.
pub(crate) const NAME_PART: usize = 200;
