//! A record as it travels: msgpack bytes `[[time, metadata], body]`, back to back, read in place and appended in place.
//!
//! [`Events`] takes records off bytes, [`RecordWriter`] appends one to a `Vec<u8>`, [`Reader`] and
//! [`pack`] are the plain msgpack underneath. Nothing here allocates but what the caller's vector grows.

mod entries;
mod event;
mod fault;
pub mod pack;
mod reader;
mod time;
mod writer;

pub use entries::{Entries, Entry};
pub use event::{Event, Events, Kind, Layout};
pub use fault::Fault;
pub use reader::{Reader, Token};
pub use time::Time;
pub use writer::{NO_METADATA, RecordWriter, WIDE_NO_METADATA, append_record};

/// How many maps and arrays that are not empty may lie in each other in a record's body, the body itself
/// counted; the reference's reader gives up at the same depth.
pub const MOST_DEPTH: usize = 62;
