//! What the routes of the admin listener do, one file for each thing that can be asked.

pub(super) mod body;
pub(super) mod chaos;
pub(super) mod connections;
pub(super) mod messages;
pub(super) mod pages;
pub(super) mod recordings;
pub(crate) mod reload;
pub(super) mod sinks;
pub(super) mod steer;
pub(super) mod tryout;
