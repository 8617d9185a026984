//! Read this first: one request, from its text to its answers.

use crate::commands::{self, Fault, Scene};
use crate::conversation::{Conversation, Next};
use crate::failure;
use crate::reply::Replies;
use crate::request::{Key, Request};

/// Answers one request. The same stages for all generations of the protocol, wherever the machine lives.
pub(crate) fn answer(conversation: &mut Conversation, text: &str, replies: &mut Replies) -> Next {
    // Read leniently: the reference's own clients send what is no JSON.
    let request = match Request::read(text) {
        Ok(request) => request,
        Err(reason) => return failure::unreadable(conversation, &reason, replies),
    };
    // The key tells the family, before anything can be answered in its shape.
    let head = request.head();
    let Some((key, name)) = head.filter(|(key, _)| conversation.dialect.hears(*key)) else {
        return failure::nameless(conversation, replies);
    };
    conversation.key = key;
    conversation.dialect.learn(key, &name, &request);
    let protocol = conversation.dialect.of(key);
    // A forced generation knows its own commands only.
    let Some(command) = commands::find(&name, conversation.dialect.forced) else {
        return failure::unknown(protocol, key, &name, replies);
    };
    let mut scene = Scene {
        conversation,
        request: &request,
        replies,
        key,
        protocol,
        name: command.name,
    };
    // Events go out inside of the command, so that they stand before its reply.
    match (command.run)(&mut scene) {
        Ok(()) => Next::Done,
        Err(Fault::Elsewhere) => Next::Elsewhere,
        Err(Fault::Held(until)) => Next::Held(until),
        Err(Fault::Failed(reason)) => failure::failed(&mut scene, &reason, None),
        Err(Fault::Script { reason, explained }) => {
            failure::failed(&mut scene, &reason, Some(&explained))
        }
    }
}

/// Whether a request is answered although a step before it is held back: one that steers.
pub(crate) fn passes(text: &str) -> bool {
    let request = Request::read(text).ok();
    let head = request.as_ref().and_then(Request::head);
    head.is_some_and(|(_, name)| commands::find(&name, None).is_some_and(|command| command.passes))
}

/// Refuses a request without looking into it.
pub(crate) fn refuse(conversation: &Conversation, reason: &str, replies: &mut Replies) {
    let key: Key = conversation.key;
    failure::refused(key, reason, replies);
}
