//! What an operator sees of a running mock and does to it: connections, messages, rooms, rules, a message tried out.
//!
//! Nothing here is on the path of a message but a flag that is looked at: whether somebody watches.
//!
//! | file | what it holds |
//! |---|---|
//! | `register` | a card for each open connection |
//! | `orders` | what an operator wants of a connection, carried out by its session |
//! | `journal` | the last events, for those who watch |
//! | `view` | all of this in the words of the admin listener |
//! | `tally` | what connections that have ended leave behind |
//! | `tryout` | which rule would answer a message, and why the others would not |

mod journal;
mod operator;
mod orders;
mod register;
mod tally;
mod tryout;
mod view;

pub use sockeye_cluster::ClusterCounts;

pub use crate::times::{Durations, LATENCY_BOUNDS, RouteDurations};
pub use journal::{Event, Journal, Page, SeenMessage, Watch};
pub use operator::{Operator, OperatorError, Sorting, Wanted};
pub(crate) use orders::Report;
pub(crate) use register::{Card, Place, Register};
pub(crate) use tally::Tally;
pub use tally::{DURATION_BOUNDS, Figures};
pub use tryout::{TriedRule, Tryout};
pub use view::{
    ConnectionDetail, ConnectionView, HandlerView, LatencyView, PercentilesView, RecordingState,
    RecordingView, RoomView, RuleView, StatsView, TimerView, stamp,
};
