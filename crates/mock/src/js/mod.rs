//! JavaScript of a file meets a connection: calls go to the script threads, what they cause comes back in order.
//!
//! A connection whose route has scripts has a `Desk`. It runs one call at a time; whatever needs a
//! script meanwhile waits there, and so do messages, so that answers keep the order of the messages.
//!
//! | file | what it holds |
//! |---|---|
//! | `handler` | a script of a file and where it stands |
//! | `course` | where a rule, a step or a timer goes on when its script has ended |
//! | `desk` | the call that runs, and what waits for its end |
//! | `effects` | what a call has asked for is carried out |
//! | `engines` | the script threads, started when the first file needs them |
//! | `turns` | a session begins calls and goes on when they have ended |
//! | `host` | what scripts can ask of the server |

mod course;
mod desk;
mod effects;
mod engines;
mod handler;
mod host;
mod turns;

pub(crate) use course::{Ask, At, Cursor, Stage};
pub(crate) use desk::{Desk, Waiting};
pub(crate) use effects::{payload_of, spoken};
pub(crate) use engines::Engines;
pub use handler::Handler;
