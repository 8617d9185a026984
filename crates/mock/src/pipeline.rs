//! JOURNEY 1: a message arrives, a rule is found, its answer goes out.
//!
//! Before this stands `net`: the socket was read, the frame checked and unmasked, fragments joined.
//! After it stands `net` again: everything said here is written in one system call.

use sockeye_net::{Message, Outbox};

use crate::agenda::Agenda;
use crate::conduct;
use crate::incoming::Incoming;
use crate::matcher::Captures;
use crate::occasion::Occasion;
use crate::plan::Responder;
use crate::rules::Rules;
use crate::session::Parts;
use crate::unanswered;
use crate::voice::Voice;

/// Lets the session's route answer `message`.
pub(crate) fn answer(session: Parts<'_>, message: Message<'_>, out: &mut Outbox<'_>) {
    let Parts {
        route,
        mut voice,
        agenda,
    } = session;
    // Parsed only if a rule or a template asks for it, and then once.
    let incoming = Incoming::new(message);
    match &route.responder {
        Responder::Rules(rules) => by_rules(rules, &mut voice, agenda, &incoming, out),
        Responder::JsonRpc(methods) => {
            if !methods.answer(&mut voice, message, out) {
                voice.world.count_parse_error();
            }
        }
    }
}

/// Lets the first matching rule answer.
fn by_rules(
    rules: &Rules,
    voice: &mut Voice<'_>,
    agenda: &mut Agenda,
    incoming: &Incoming<'_>,
    out: &mut Outbox<'_>,
) {
    let mut captures = Captures::default();
    let mut answered = false;
    // The index leaves out rules that cannot match; order in the file decides among the others.
    for rule in rules.candidates(incoming) {
        captures.clear();
        if !rule.matcher.matches(incoming, &mut captures) {
            continue;
        }
        let (incoming, captures) = (Some(incoming), Some(&captures));
        let about = Occasion {
            incoming,
            captures,
            ..Occasion::default()
        };
        // A webhook is called once for a message, however many rules answer it.
        conduct::answer(&rule.answers, about, !answered, voice, agenda, out);
        answered = true;
        // What follows later does not hold up the next message.
        agenda.begin(&rule.then, incoming, out);
        if !rule.go_on {
            break;
        }
    }
    if !answered {
        unanswered::note(voice.world, rules, incoming);
    }
}
