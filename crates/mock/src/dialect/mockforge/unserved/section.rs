//! Keys beside `handlers:`: the log.

use sockeye_core::document::Node;

use crate::dialect::Reading;

/// How much of a message is logged.
const LOG_MESSAGES: [(&str, ()); 3] = [("off", ()), ("meta", ()), ("full", ())];

pub(super) fn check_log_messages(node: &Node, reading: &mut Reading<'_>) {
    node.as_choice("`log_messages`", &LOG_MESSAGES, reading.mistakes);
}
