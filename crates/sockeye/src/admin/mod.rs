//! The admin listener: what an operator may see and do, over HTTP and a stream of events.
//!
//! A request meets `guard` first: whose page sent it, and does it bring the token? Then `table` finds its
//! route, and a file under `routes` answers. Every answer but the pages, the metrics and the event
//! stream is JSON; every error has one form, [`answer::Problem`].

mod answer;
mod app;
mod events;
mod guard;
mod listener;
mod metrics;
mod openapi;
mod query;
mod routes;
mod table;

pub(crate) use app::Served;
pub(crate) use listener::{Admin, Wanted, start};
pub(crate) use routes::reload::{ReloadRequest, Reloaded};
