//! What could not be done passes through here, on its way into the envelope of its generation.

use crate::commands::Scene;
use crate::conversation::{Conversation, Next};
use crate::profile::Protocol;
use crate::reply::{Object, Replies, array, quote};
use crate::request::Key;

/// The text of a client that is too early.
pub(crate) const NOT_STARTED: &str =
    "The GraphWalker state machine is not initiated. Is a model loaded, and started?";

/// The text is no request.
pub(crate) fn unreadable(conversation: &Conversation, reason: &str, replies: &mut Replies) -> Next {
    let reason = format!("Unknown command: {reason}");
    let mut object = replies.object();
    object.truth("success", false);
    explain(
        &mut object,
        &reason,
        conversation.service.options.strict_silence,
    );
    Next::Done
}

/// The request names no command. The reference says nothing.
pub(crate) fn nameless(conversation: &Conversation, replies: &mut Replies) -> Next {
    if conversation.service.options.strict_silence {
        return Next::Done;
    }
    let reason = "Unknown command: the message names none; add \"command\" (\"type\" up to 3.3) with its name as a text";
    let mut object = replies.object();
    object.truth("success", false);
    explain(&mut object, reason, false);
    Next::Done
}

/// Nothing of this name is known to the generation.
pub(crate) fn unknown(protocol: Protocol, key: Key, name: &str, replies: &mut Replies) -> Next {
    let mut object = replies.object();
    if protocol == Protocol::Rs {
        object.text(key.name(), &name.to_lowercase());
    }
    object.truth("success", false);
    if protocol == Protocol::Rs {
        object.text(
            "message",
            &format!("Unknown command: {}", name.to_uppercase()),
        );
    } else {
        object.text("message", "Unknown command");
    }
    Next::Done
}

/// The session does not take it now.
pub(crate) fn refused(key: Key, reason: &str, replies: &mut Replies) {
    let mut object = replies.object();
    object.text(key.name(), "unknown").truth("success", false);
    explain(&mut object, reason, false);
}

/// A command failed: modern generations hear of it as an event first.
pub(crate) fn failed(scene: &mut Scene<'_, '_>, reason: &str) -> Next {
    let is_strict = scene.conversation.service.options.strict_silence;
    let is_early = reason == NOT_STARTED;
    if is_strict && !is_early && is_silent(scene, reason) {
        return Next::Done;
    }
    let is_modern = scene.key == Key::Command && scene.protocol != Protocol::Editor;
    if is_modern && !is_early {
        let mut issues = scene.replies.object();
        issues.text("command", "issues");
        issues.with("issues", |out| array(out, [reason], quote));
    }
    let spelling = match scene.protocol {
        Protocol::Rs => scene.name.to_lowercase(),
        protocol => protocol.spells(scene.name).to_owned(),
    };
    let is_bare = is_modern || matches!(scene.name, "removeVertex" | "removeEdge");
    let mut object = scene.reply(&spelling);
    object.truth("success", false);
    if !is_strict || is_early || !is_bare {
        explain(&mut object, reason, is_strict);
    }
    Next::Done
}

/// What 3.2, 3.3 and the editor leave without an answer.
fn is_silent(scene: &Scene<'_, '_>, reason: &str) -> bool {
    match scene.protocol {
        Protocol::V32 => scene.name != "loadModel",
        Protocol::V33 => !matches!(scene.name, "loadModel" | "start") && !scene.edits(),
        Protocol::Editor => match scene.name {
            "getNext" | "getModel" => true,
            "updateVertex" | "updateEdge" => !reason.starts_with("Did not find a model"),
            "addEdge" => !reason.starts_with("No models."),
            _ => false,
        },
        _ => false,
    }
}

/// Documents say `msg`, every server that was released says `message`.
fn explain(object: &mut Object<'_>, reason: &str, is_strict: bool) {
    object.text("message", reason);
    if !is_strict {
        object.text("msg", reason);
    }
}
