//! Chunks wait here: in order for each output, in memory or on disk.
//!
//! | file | what happens there |
//! |---|---|
//! | `lane` | the chunks of one output, in order: what waits, what is under way, what is given up |
//! | `giving_up` | what is said when a chunk is put off or given up |
//! | `items` | what is in a lane, and its sums |
//! | `store` | entries appended to segments, segments removed once nothing in them is wanted |
//! | `segments` | which segments hold what is wanted |
//! | `syncing` | a thread that tells the disk to keep what was written |
//! | `backlog` | what an earlier run has left |
//! | `entry` | the bytes of an entry, with a checksum |
//! | `disk` | the only file that talks to the file system; tests put a worse one in its place |

mod backlog;
mod disk;
mod entry;
mod giving_up;
mod items;
mod lane;
mod segments;
mod store;
mod syncing;
#[cfg(test)]
mod tests;

pub use backlog::{Backlog, Cut, Left};
pub use disk::{Disk, Folder, Leaf, OpenError};
pub(crate) use items::Tasks;
pub use lane::{Job, Lane, Rules};
pub(crate) use store::Belongings;
pub use store::{Piece, Store, StoreSettings};
pub use syncing::Sync;
