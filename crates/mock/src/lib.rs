//! The mock server: files become a plan, and the plan answers requests and messages.
//!
//! # The journey of a message
//!
//! Read `pipeline.rs` first: it calls the stages in order. Around it stand
//!
//! | part | what it does |
//! |---|---|
//! | [`dialect`] | a file in one of the known notations becomes routes and settings |
//! | [`Plan`] | routes and settings of all files together, checked and immutable |
//! | [`Mock`] | picks the route of a request, opens sessions, swaps plans |
//! | [`matcher`] | the ways a rule can look at a message |
//! | [`Answer`] | what a rule says |
//! | [`http`] | plain HTTP endpoints that live beside the WebSockets |
//! | [`record`] | what is written down of connections |
//! | [`sink`] | what shippers send, decoded and kept for a look |
//! | [`Recital`] | a recorded conversation that is played to a connection |
//! | [`chaos`] | faults on purpose |
//! | [`deliver`] | webhooks: the calls that follow an answer |
//!
//! Everything behind the dialects knows the plan only.

mod act;
mod agenda;
mod announce;
mod answer;
mod auth;
mod beside;
pub mod chaos;
mod commons;
mod complaint;
mod conduct;
pub mod dialect;
mod explain;
mod facts;
mod hits;
pub mod http;
mod incoming;
mod js;
mod json;
mod jsonrpc;
mod load;
pub mod matcher;
mod message_log;
mod mock;
mod node;
mod occasion;
pub mod operate;
mod outgoing;
mod pairs;
mod path;
mod pipeline;
mod plan;
mod plans;
mod proxy;
pub mod record;
mod replay;
mod rooms;
mod rules;
mod schema;
mod session;
pub mod sink;
mod times;
mod tls;
mod unanswered;
mod uses;
mod vars;
mod voice;
mod webhook;
mod world;

pub use sockeye_cluster::ClusterError;

pub use act::{Act, Announcement, Closing};
pub use agenda::{Later, Timer};
pub use announce::announce;
pub use answer::Answer;
pub use explain::{Explanation, explain};
pub use facts::Facts;
pub use incoming::Incoming;
pub use js::Handler;
pub use json::Tree;
pub use jsonrpc::{Failure, JsonRpc, Method, Reply};
pub use load::{LoadOptions, Loaded, Overrides, load, load_and_list};
pub use mock::Mock;
pub use path::{BadParameter, KINDS, Kind, Notation, PathMistake, PathPattern};
pub use plan::{AdminSettings, Plan, Responder, Route, Settings, SharedState, SocketRoute};
pub use replay::{Program, Recital};
pub use rules::{Rule, Rules};
pub use session::MockSession;
pub use tls::TlsSettings;
pub use webhook::deliver;
pub use world::MockCounts;
