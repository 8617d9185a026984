//! JOURNEY 1: a message arrives, a rule is found, its answer goes out.
//!
//! Before this stands `net`: the socket was read, the frame checked and unmasked, fragments joined.
//! After it stands `net` again: everything said here is written in one system call.

use sockeye_core::quoted;
use sockeye_net::{Message, Outbox};
use tracing::{Level, debug, enabled};

use crate::incoming::Incoming;
use crate::matcher::Captures;
use crate::mock::Mock;
use crate::plan::SocketRoute;
use crate::voice::Voice;

/// Lets the first matching rule of `route` answer `message`.
pub(crate) fn answer(
    route: &SocketRoute,
    mut voice: Voice<'_>,
    message: Message<'_>,
    out: &mut Outbox<'_>,
) {
    // Parsed only if a rule or a template asks for it, and then once.
    let incoming = Incoming::new(message);
    let mut captures = Captures::default();
    let mut answered = false;
    // The index leaves out rules that cannot match; order in the file decides among the others.
    for rule in route.rules.candidates(&incoming) {
        captures.clear();
        if !rule.matcher.matches(&incoming, &mut captures) {
            continue;
        }
        answered = true;
        voice.say(&rule.answers, Some(&incoming), &captures, out);
        if !rule.go_on {
            break;
        }
    }
    if !answered {
        note_unanswered(voice.mock, route, &incoming);
    }
}

/// A message that nobody answers is normal for a mock and puzzling for its user: it is counted, and
/// the log says which rule came nearest.
fn note_unanswered(mock: &Mock, route: &SocketRoute, incoming: &Incoming<'_>) {
    mock.count_unanswered();
    if route.rules.want_json() && incoming.json().is_none() {
        mock.count_parse_error();
    }
    if !enabled!(Level::DEBUG) {
        return;
    }
    let start = excerpt(incoming);
    if let Some((number, rule, miss)) = route.rules.nearest(incoming) {
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

/// The first 80 characters of a message, for the log.
fn excerpt(incoming: &Incoming<'_>) -> String {
    match incoming.text() {
        Some(text) => text
            .chars()
            .take(80)
            .collect::<String>()
            .escape_debug()
            .to_string(),
        None => format!("{} bytes, binary", incoming.message().bytes().len()),
    }
}
