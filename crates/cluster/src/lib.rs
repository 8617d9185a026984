//! What several sockeye processes on one Redis share passes through here: state, broadcasts, rooms, counts.
//!
//! ```text
//! script ── Operation ──> store ──> operations ──┐
//!                                                ├── two connections ──> Redis
//! session ── broadcast ─> voice ──> events ──────┘                         │
//! local node <── deliver ── ear <── subscription of `<prefix>events` <─────┘
//! ```
//!
//! # Rules
//!
//! - Nothing here waits for the network on a caller's thread. One thread of the cluster's own does all of it.
//! - Values live in Redis. Broadcasts and presence travel over pub/sub only and reach other nodes **at most once**.
//! - Redis away costs the shared part and nothing else: operations fail at once, broadcasts are counted as lost.
//! - What other nodes send is bounded, and ignored and counted when it is not understood.
//! - Every bound is in `limits.rs`.

mod cluster;
mod counts;
mod ear;
mod error;
mod event;
mod glob;
mod hub;
mod limits;
mod local;
mod nodes;
mod operation;
mod redis_url;
mod session;

mod store;
mod supervisor;
mod voice;

pub use cluster::{Cluster, ClusterSettings, DEFAULT_KEY_PREFIX};
pub use counts::ClusterCounts;
pub use error::ClusterError;
pub use local::{LocalNode, Presence, Target};
pub use redis_url::RedisUrl;
