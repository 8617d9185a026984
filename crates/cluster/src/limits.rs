//! Every bound of the cluster, with its unit and what happens when it is reached.

use std::time::Duration;

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

/// Time to connect, say who we are and subscribe. Beyond: an error at the start, the next try later.
pub(crate) const CONNECT_TIME: Duration = Duration::from_secs(5);

/// Operations that are on their way. Beyond: they fail with "shared state is busy".
pub(crate) const OPERATIONS: usize = 1_024;

/// Bytes of the operations that are on their way. Beyond: they fail with "shared state is busy".
pub(crate) const OPERATION_BYTES: usize = 64 * MIB;

/// Bytes of one value as JSON. Beyond: the operation fails.
pub(crate) const VALUE_BYTES: usize = 16 * MIB;

/// Time from asking for an operation to its answer. Beyond: it fails, whether Redis carried it out or not.
pub(crate) const OPERATION_TIME: Duration = Duration::from_secs(2);

/// Keys that `keys` answers with. Beyond: it fails.
pub(crate) const KEYS: usize = 10_000;

/// Keys that Redis looks at in one step of `keys`.
pub(crate) const KEYS_STEP: usize = 1_000;

/// Stars in the glob of `keys`: Redis tries all ways to share the text between them. Beyond: it fails.
pub(crate) const GLOB_STARS: usize = 16;

/// Broadcasts that wait to be sent to other nodes. Beyond: they are lost and counted.
pub(crate) const OUTGOING: usize = 4_096;

/// Bytes of the broadcasts that wait. Beyond: they are lost and counted.
pub(crate) const OUTGOING_BYTES: usize = 16 * MIB;

/// Broadcasts that are sent together.
pub(crate) const BATCH: usize = 64;

/// Bytes of an event from the channel. Beyond: it is ignored and counted.
pub(crate) const EVENT_BYTES: usize = OUTGOING_BYTES;

/// Bytes of names and ids in our own presence. Beyond: members of rooms are told as a number only.
pub(crate) const PRESENCE_BYTES: usize = 2 * MIB;

/// Shortest time from one presence of ours to the next.
pub(crate) const PRESENCE_PAUSE: Duration = Duration::from_millis(50);

/// Bytes of presence that we send in a second: a large one waits longer than [`PRESENCE_PAUSE`].
pub(crate) const PRESENCE_PACE: usize = 2 * MIB;

/// Time from one sign of life to the next, and for Redis to answer it. Beyond: the connection is given up.
pub(crate) const BEAT: Duration = Duration::from_secs(2);

/// Time without a word after which another node is forgotten.
pub(crate) const SILENCE: Duration = Duration::from_secs(6);

/// Other nodes that are remembered. Beyond: the next ones are ignored and counted.
pub(crate) const NODES: usize = 256;

/// Shortest time between two questions of ours who is there.
pub(crate) const HELLO_PAUSE: Duration = Duration::from_secs(1);

/// Pauses between two tries to reconnect, each drawn from half of it to all of it; doubles up to the longest.
pub(crate) const RETRY_PAUSE: Duration = Duration::from_millis(200);

/// The longest of these pauses.
pub(crate) const RETRY_PAUSE_LONGEST: Duration = Duration::from_secs(5);

/// The shortest pause that is drawn.
pub(crate) const RETRY_PAUSE_SHORTEST: Duration = Duration::from_millis(100);

/// Time to send what waits and say goodbye when the cluster is dropped. Beyond: it ends without.
pub(crate) const GOODBYE: Duration = Duration::from_millis(500);

/// At most one log line of each kind of loss in this time.
pub(crate) const COMPLAINT: Duration = Duration::from_secs(10);
