//! Keys beside `handlers:`: queues, the log.

use sockeye_core::document::Node;

use crate::dialect::Reading;

/// What happens when a client does not read fast enough.
const ON_SLOW: [(&str, ()); 3] = [("close", ()), ("drop", ()), ("wait", ())];
/// How much of a message is logged.
const LOG_MESSAGES: [(&str, ()); 3] = [("off", ()), ("meta", ()), ("full", ())];

pub(super) fn check_outbound_queue(node: &Node, reading: &mut Reading<'_>) {
    node.as_u64("`outbound_queue`", 1..=1_000_000, reading.mistakes);
}

pub(super) fn check_on_slow(node: &Node, reading: &mut Reading<'_>) {
    node.as_choice("`on_slow`", &ON_SLOW, reading.mistakes);
}

pub(super) fn check_log_messages(node: &Node, reading: &mut Reading<'_>) {
    node.as_choice("`log_messages`", &LOG_MESSAGES, reading.mistakes);
}
