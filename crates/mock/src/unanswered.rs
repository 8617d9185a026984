//! Messages that nobody answers: normal for a world, and puzzling for its user.

use sockeye_core::quoted;
use sockeye_core::secrets;
use tracing::{Level, debug, enabled};

use crate::incoming::Incoming;
use crate::rules::Rules;
use crate::world::World;

/// Characters of a message that the log shows.
const SHOWN: usize = 80;

/// Counts the message, and says in the log which rule came nearest and why it did not match.
pub(crate) fn note(world: &World, rules: &Rules, incoming: &Incoming<'_>) {
    world.count_unanswered();
    if rules.want_json() && incoming.json().is_none() {
        world.count_parse_error();
    }
    if !enabled!(Level::DEBUG) {
        return;
    }
    let start = excerpt(incoming);
    if let Some((number, rule, miss)) = rules.nearest(incoming) {
        let place = rule
            .place
            .as_ref()
            .map_or_else(|| "built in".to_owned(), ToString::to_string);
        let (pattern, reason) = (quoted(&rule.pattern), miss.reason);
        debug!("{start}: no rule answered; nearest is rule {number} {pattern} ({place}): {reason}");
    } else {
        debug!("{start}: no rule answered; the route has none");
    }
}

/// The start of a message, control characters escaped, members with the names of secrets left out.
fn excerpt(incoming: &Incoming<'_>) -> String {
    match incoming.text() {
        Some(text) => secrets::in_text(text)
            .chars()
            .take(SHOWN)
            .collect::<String>()
            .escape_debug()
            .to_string(),
        None => format!("{} bytes, binary", incoming.message().bytes().len()),
    }
}
