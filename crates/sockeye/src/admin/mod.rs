//! The admin listener: what an operator may see and do, over HTTP, a stream of events and one of
//! what is recorded.
//!
//! A request meets `guard` first: whose page sent it, and does it bring the token? Then `table` finds its
//! route, and a file under `routes` answers. Every answer but the pages, the metrics and the
//! streams is JSON; every error has one form, [`answer::Problem`].

mod answer;
mod app;
mod events;
mod guard;
mod listener;
mod metrics;
mod openapi;
mod query;
mod routes;
mod stream;
mod table;
mod tape;

pub(crate) use app::Served;
pub(crate) use listener::{Admin, Wanted, start};
pub(crate) use routes::reload::{ReloadRequest, Reloaded};
pub(crate) use tape::{Line, TAPE};
