//! Recorded conversations: what was said, when, and by whom, in the files that others read, too.
//!
//! A [`Deck`] writes recordings: a [`Recorder`] takes entries without ever waiting, and a thread appends
//! them to a `.part` file, which becomes a session file at the end. No sockets are known here.

mod deck;
mod entry;
mod error;
mod finish;
mod har;
mod jsonl;
pub mod limits;
mod line;
mod millis;
mod name;
mod part;
pub mod play;
mod read_error;
mod recorder;
mod repair;
mod session_read;
mod session_write;
mod shape;
mod spot;
mod stamp;
mod storage;
mod tape;
mod writer;

pub use deck::Deck;
pub use entry::{Content, Cue, Direction, Entry, Head, Session};
pub use error::RecordError;
pub use har::write_har;
pub use name::{Name, NameMistake, NameTemplate};
pub use part::{Damage, PartError, PartReader};
pub use read_error::ReadError;
pub use recorder::{RecordEvent, RecordOptions, Recorder, Watch};
pub use repair::{RepairError, Repaired, repair};
pub use session_write::write_session;
pub use spot::{IfTaken, Spot};
pub use storage::{Folder, Sheet, Storage};
pub use tape::{Format, Tape, read_tape};
