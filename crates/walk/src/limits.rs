//! Every bound of the model service, with its unit and what happens when it is reached.

use std::time::Duration;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Bytes of one request, over WebSocket (beyond: 1009) or as the body of a REST call (beyond: 413).
pub(crate) const REQUEST_BYTES: usize = 64 * MIB;

/// Members of one request. Beyond: the request is refused.
pub(crate) const REQUEST_MEMBERS: usize = 64;

/// Depth of objects and arrays in a request that is no strict JSON. Beyond: the request is refused.
pub(crate) const REQUEST_DEPTH: usize = 128;

/// Elements of all models of one session. Beyond: `start` and `loadModel` fail.
pub(crate) const ELEMENTS: usize = 1_000_000;

/// Models of one session. Beyond: `start` and `loadModel` fail.
pub(crate) const MODELS: usize = 1_000;

/// Bytes of a request that are read on an I/O thread. Longer ones are read on a thread of the session's own, which it gives back
/// when nothing else needs it.
pub(crate) const LIGHT_BYTES: usize = 64 * KIB;

/// Elements of models that are walked on an I/O thread where each step takes the same short time. Beyond: on a thread of the
/// session's own. Commands that go over all of them, such as `getModel`, hold up the other links of the thread: with so many
/// for less than 20 ms.
pub(crate) const LIGHT_ELEMENTS: usize = 10_000;

/// Elements of models that are walked on an I/O thread where a step may look at all of them.
pub(crate) const LIGHT_SEARCHED: usize = 1_000;

/// Memory of the plain scripts of a session on an I/O thread, in bytes. Beyond: its scripts fail.
pub(crate) const LIGHT_SCRIPT_BYTES: usize = 8 * MIB;

/// Sessions with a thread of their own. Beyond: what needs one fails.
pub(crate) const THREADS: usize = 512;

/// Requests that may wait for a session's own thread, and their bytes together. Beyond: its link is not read.
pub(crate) const WAITING_REQUESTS: usize = 64;
pub(crate) const WAITING_BYTES: usize = 8 * MIB;

/// Bytes of answers from a session's own thread that its client may leave unread: a model of the longest request comes back with
/// its quotes escaped. Beyond: 1013.
pub(crate) const UNREAD_BYTES: usize = 2 * REQUEST_BYTES;

/// Requests that may wait behind a step that is held back. Beyond: they are refused.
pub(crate) const HELD_REQUESTS: usize = 256;

/// Breakpoints that one observer may set in one session. Beyond: `setBreakpoints` fails.
pub(crate) const BREAKPOINTS: usize = 1_000;

/// The longest delay of a step. Beyond: `setDelay` fails.
pub(crate) const DELAY: Duration = Duration::from_mins(1);

/// Observers whose wishes for one session are kept. Beyond: they are refused.
pub(crate) const OBSERVERS: usize = 64;

/// Bytes of a session's name. A longer one is refused.
pub(crate) const NAME_BYTES: usize = 256;

/// Time between two pings, and the time in which a pong must come: as the reference.
pub(crate) const PING: Duration = Duration::from_mins(1);
pub(crate) const PONG: Duration = Duration::from_secs(30);

/// Open WebSocket connections.
pub(crate) const CONNECTIONS: usize = 10_000;

/// Time that the body of a REST call may take.
pub(crate) const BODY_TIME: Duration = Duration::from_mins(1);
