//! `type: sink`: what shippers send is decoded, counted, kept for a look, acknowledged, and refused when that is to be tested.
//!
//! | file | what it holds |
//! |---|---|
//! | `settings` | what a file wants of a sink |
//! | `ledger` | what a sink has had, by the path of its route: it outlives a reload |
//! | `intake` | a message on its way from the link to the ledger |
//! | `receipts` | which messages of a connection are written, and may be acknowledged |
//! | `writer` | the thread that appends records to files |
//! | `view` | all of this in the words of the admin listener |

mod intake;
mod ledger;
mod receipts;
mod settings;
mod view;
mod writer;

pub(crate) use intake::Intake;
pub(crate) use ledger::Ledgers;
pub use settings::Sink;
pub(crate) use settings::{Drop, Refusals};
pub use view::{SinkRecord, SinkView};
