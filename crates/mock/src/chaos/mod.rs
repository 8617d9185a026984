//! Faults on purpose: what a file or an operator wants to go wrong with the messages, frames, links and
//! handshakes of the mock.
//!
//! | file | what it holds |
//! |---|---|
//! | `keys` | every key, with its form, its default and what it does |
//! | `said` | what a file or an operator has said, and one thing said over another |
//! | `settings` | the same, ready for use |
//! | `effect` | the kinds of faults that are counted and logged |
//! | `fate` | what happens to the n-th message of a connection: a pure function of the seed |
//! | `queues` | messages that wait: delayed, behind a slow consumer, on a thin line |
//! | `shaper` | stands between a session and its wire and puts all of this together |
//! | `frames` | frames that are wrong, one file for each way |
//! | `handshake` | handshakes that are late, refused, or answered wrongly |
//! | `book` | counts of faults and the log of the last ones |
//! | `session` | which settings a connection goes by |
//! | `view` | what operators see and say |

mod book;
mod effect;
mod fate;
mod frames;
mod handshake;
mod keys;
mod queues;
mod said;
mod session;
mod settings;
mod shaper;
mod view;

pub(crate) use book::Book;
pub use book::{LoggedFault, Way};
pub(crate) use handshake::Opening;
pub(crate) use keys::{Form, GROUPS, Key, keys};
pub use keys::{chaos_keys, chaos_schema};
pub(crate) use said::Said;
pub(crate) use session::Course;
pub(crate) use settings::Chaos;
pub use view::{ChaosError, ChaosRouteView, ChaosView};
