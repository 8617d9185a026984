//! JavaScript from mock files passes through here: checked at load, run on script threads, in a box with a budget.
//!
//! ```text
//! source ──check──> Script ─┐
//!                           ├─ ScriptConnection::call ──> lane ──> worker ──> engine ──> Outcome
//! message ────────> Input ──┘                              ^                   │ await
//!                                                          └── SharedStore <───┘
//! ```
//!
//! # Rules
//!
//! - Engines live on script threads, one for each, and never on an I/O thread. A connection is bound to one of
//!   them. Neither a message nor a connection costs an engine or a context: a connection is its state object.
//! - The calls of one connection run one after another; while one waits for an answer, those of others run.
//! - A script acts only through its [`Outcome`]: effects in the order of its statements, then its return value.
//!   The caller carries them out, under the same rules as everything else that is configured.
//! - A call ends with its promise. What it started and did not await is forgotten then.
//! - Everything built in is frozen, and so is every name of the host. One call leaves nothing behind for another
//!   but the connection's state, the shared state and the rooms.
//! - Text never becomes code: no `eval`, no `Function`, no `import`. There is no file, no network, no process, no
//!   timer, and no way to block a thread.
//! - Every bound is in [`ScriptLimits`]. The engine stops itself at them; a thread that does not come back all the
//!   same is replaced.
//! - `throw null` is taken for a lack of memory: at its limit the engine cannot always make the error that says so.

mod check;
mod deadline;
mod engine;
mod error;
mod facts;
mod fault;
mod host;
mod lane;
mod limits;
mod lockdown;
mod memory;
mod message;
mod mistake;
mod names;
mod outcome;
mod pool;
mod reserve;
mod scopes;
mod script;
mod shared;
mod turn;
mod value;
mod worker;

pub use error::ScriptError;
pub use facts::ConnectionFacts;
pub use host::Host;
pub use limits::ScriptLimits;
pub use memory::MemoryStore;
pub use mistake::ScriptMistake;
pub use outcome::{Effect, Input, LogLevel, Outcome, Payload, Returned};
pub use pool::{ScriptConnection, ScriptPool};
pub use scopes::{PackedScopes, ScopeError, ScopeLimits, Scopes};
pub use script::{Script, ScriptKind};
pub use shared::{Operation, Reply, SharedStore};
