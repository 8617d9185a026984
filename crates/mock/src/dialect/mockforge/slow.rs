//! `outbound_queue:` and `on_slow:`: what becomes of messages from others to a client that does not read.

use sockeye_core::document::Fields;
use sockeye_net::{LinkSettings, WhenBehind};

use crate::dialect::Reading;

/// The most messages that may wait for a connection. Their bytes have a bound of their own.
const LONGEST_QUEUE: u64 = 1_000_000;

/// What happens when more would wait; `None` is understood and not served.
const WAYS: [(&str, Option<WhenBehind>); 3] = [
    ("close", Some(WhenBehind::Close)),
    ("drop", Some(WhenBehind::Drop)),
    ("wait", None),
];

/// Puts what the section says about slow clients into the link settings.
pub(super) fn read(link: &mut LinkSettings, fields: &mut Fields<'_>, reading: &mut Reading<'_>) {
    let most = reading.whole(fields, "outbound_queue", 1..=LONGEST_QUEUE);
    let way = fields.take_entry("on_slow");
    let way = way.filter(|(_, node)| !node.is_null());
    let mut when_behind = None;
    if let Some((key, node)) = way {
        let choice = node.as_choice("`on_slow`", &WAYS, reading.mistakes);
        when_behind = choice.flatten();
        if choice == Some(None) {
            reading.unserved(&key.place, "`on_slow: wait`");
        }
    }
    let most = most.and_then(|most| usize::try_from(most).ok());
    link.waiting_messages = most.unwrap_or(link.waiting_messages);
    link.when_behind = when_behind.unwrap_or(link.when_behind);
}
