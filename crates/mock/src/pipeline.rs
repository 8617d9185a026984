//! JOURNEY 1: a message arrives, a rule is found, its answer goes out.
//!
//! Before this stands `net`: the socket was read, the frame checked and unmasked, fragments joined.
//! After it stands `net` again: all that is said here is one system call. At a script the journey stops, and goes on there later.

use sockeye_net::{Message, Outbox};

use crate::incoming::Incoming;
use crate::js::{Ask, At, Cursor, Stage};
use crate::jsonrpc::Progress;
use crate::matcher::Captures;
use crate::occasion::Occasion;
use crate::plan::Responder;
use crate::rules::Rules;
use crate::session::Parts;
use crate::{conduct, unanswered};

/// Lets the session's route answer `message`, or says which script is to be run for that.
pub(crate) fn answer(
    session: Parts<'_>,
    message: Message<'_>,
    out: &mut Outbox<'_>,
) -> Option<Ask> {
    match &session.route.responder {
        Responder::Rules(rules) if rules.echo(session.voice.conduct, message, out) => None,
        Responder::Rules(rules) => by_rules(rules, session, message, At::default(), out),
        Responder::JsonRpc(calls) => calls.answer(session, message, Progress::default(), None, out),
        Responder::Script(handler) => Some(Ask::new(handler, Cursor::End)),
        Responder::Replay(_) => session.perform(message, out),
        Responder::Sink(sink) => session.take_in(sink, message, out),
    }
}

/// Lets the first matching rule answer, from `at` on.
pub(crate) fn by_rules(
    rules: &Rules,
    mut session: Parts<'_>,
    message: Message<'_>,
    mut at: At,
    out: &mut Outbox<'_>,
) -> Option<Ask> {
    // Parsed only if a rule or a template asks for it, and then once.
    let incoming = &Incoming::new(message);
    let mut captures = Captures::default();
    // The index leaves out rules that cannot match; order in the file decides among the others.
    for (number, rule) in rules.candidates(incoming, at.rule) {
        captures.clear();
        if !rule.matcher.matches(incoming, &mut captures) {
            continue;
        }
        at = at.moved_to(number);
        if at.stage == Stage::Try && !session.uses.are_left(number, rule.times) {
            continue;
        }
        if let Some(when) = rule.when.as_ref().filter(|_| at.stage == Stage::Try) {
            return Some(Ask::new(when, Cursor::When(at)));
        }
        let (is_first, from) = (!at.answered, at.begin());
        if from == 0 {
            rules.hit(number);
            session.uses.count(number, rule.times);
        }
        let about = Occasion::of(incoming, &captures);
        let asked = conduct::answer(&rule.acts, from, about, is_first, &mut session, out);
        if let Some((act, handler)) = asked {
            return Some(Ask::new(handler, Cursor::Rule(at.behind(act))));
        }
        // What follows later does not hold up the next message.
        session.agenda.begin(&rule.then, Some(incoming), out);
        if !rule.go_on {
            break;
        }
    }
    match &session.route.proxy {
        _ if at.answered => {}
        Some(proxy) => return proxy.forward(message, out),
        None => unanswered::note(session.voice.world, rules, incoming),
    }
    None
}
