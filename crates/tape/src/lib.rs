//! Recorded conversations: what was said, when, and by whom, in the files that others read, too.
//!
//! A [`Deck`] writes recordings: a [`Recorder`] takes entries without ever waiting, and a thread appends
//! them to a `.part` file, which becomes a session file at the end. No sockets are known here.

mod checksum;
mod deck;
mod entry;
mod error;
mod finish;
pub mod limits;
mod line;
mod name;
mod part;
mod recorder;
mod session_write;
mod shape;
mod spot;
mod stamp;
mod storage;
mod writer;

pub use deck::Deck;
pub use entry::{Content, Cue, Direction, Entry, Head, Session};
pub use error::RecordError;
pub use name::{Name, NameMistake, NameTemplate};
pub use part::{Damage, PartError, PartReader};
pub use recorder::{RecordEvent, RecordOptions, Recorder, Watch};
pub use session_write::write_session;
pub use spot::{IfTaken, Spot};
pub use storage::{Folder, Sheet, Storage};
