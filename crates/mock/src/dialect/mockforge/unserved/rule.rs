//! Keys of a rule: its answer, the steps that follow, how often it holds, how it ends the connection.

use sockeye_core::document::{Fields, Node};
use sockeye_core::{Mistake, quoted};
use sockeye_wire::CloseCode;

use super::{Unserved, script};
use crate::answer::Answer;
use crate::dialect::Reading;

/// The longest reason of a Close frame, in bytes (RFC 6455, section 5.5: 125 less the code).
const REASON_BYTES: usize = 123;

/// What `response` says; `handler` is checked. Both together are a mistake.
pub(in super::super) fn read_response(
    fields: &mut Fields<'_>,
    unserved: &mut Unserved,
    reading: &mut Reading<'_>,
) -> Option<Answer> {
    let mut response = None;
    for (key, node) in reading.either(fields, &["response", "handler"]) {
        if key.name == "response" {
            response = reading.answer(node);
        } else {
            script::check_named(node, "handler", reading);
            unserved.note(&key.place, "`handler`", reading);
        }
    }
    response
}

/// How many messages of a connection the rule answers.
pub(super) fn check_times(node: &Node, reading: &mut Reading<'_>) {
    node.as_u64("`times`", 1..=u64::from(u32::MAX), reading.mistakes);
}

pub(super) fn check_close(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "`close`") else {
        return;
    };
    if let Some(code) = fields.take("code") {
        close_code(code, "`code`", reading);
    }
    if let Some(reason) = fields.take("reason")
        && let Some(text) = reason.as_text("`reason`", reading.mistakes)
    {
        reading.template(reason);
        if text.len() > REASON_BYTES {
            let length = text.len();
            let message = format!("`reason` has at most {REASON_BYTES} bytes, not {length}");
            reading.mistake(Mistake::at(&reason.place, message).remedy("shorten it"));
        }
    }
    reading.finish(fields);
}

/// A code that a Close frame may carry.
pub(super) fn close_code(node: &Node, what: &str, reading: &mut Reading<'_>) -> Option<CloseCode> {
    let number = node.as_u64(what, 1000..=4999, reading.mistakes)?;
    let code = u16::try_from(number).ok().and_then(CloseCode::new);
    if code.is_none() {
        let text = format!(
            "no Close frame may carry the code {}",
            quoted(&number.to_string())
        );
        let remedy = "write 1000, 1001, 1008, 1011 or a number from 3000 to 4999";
        reading.mistake(Mistake::at(&node.place, text).remedy(remedy));
    }
    code
}

/// A message to a room.
pub(super) fn check_broadcast(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "`broadcast` of a rule") else {
        return;
    };
    if let Some(room) = fields.need("room", reading.mistakes)
        && room.as_text("`room`", reading.mistakes).is_some()
    {
        reading.template(room);
    }
    if let Some(message) = fields.need("message", reading.mistakes) {
        reading.answer(message);
    }
    reading.finish(fields);
}
