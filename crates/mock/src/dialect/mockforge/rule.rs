//! One entry of `rules:`: what it is for, what it does, what follows.

use std::time::Duration;

use sockeye_core::document::{Fields, Node};
use sockeye_core::{Mistake, quoted};
use sockeye_script::js::ScriptKind;
use sockeye_script::template::{Dialect, Template};
use sockeye_wire::CloseCode;

use super::{matching, steps};
use crate::act::{Act, Announcement, Closing};
use crate::agenda::Later;
use crate::dialect::{Reading, written};
use crate::rules::Rule;

/// The longest reason of a Close frame, in bytes (RFC 6455, section 5.5: 125 less the code).
const REASON_BYTES: usize = 123;

pub(super) fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Rule> {
    let mut fields = reading.fields(node, "a rule")?;
    let pattern = fields.take("match");
    let when = reading.script(&mut fields, "when", ScriptKind::When);
    let times = reading.whole(&mut fields, "times", 1..=u64::from(u32::MAX));
    let go_on = reading.bool(&mut fields, "continue");
    let delay = reading.millis(&mut fields, "delay_ms").unwrap_or(0);
    let mut acts: Vec<Act> = read_answer(&mut fields, reading).into_iter().collect();
    acts.extend(
        fields
            .take("broadcast")
            .and_then(|node| broadcast(node, reading)),
    );
    acts.extend(fields.take("close").and_then(|node| close(node, reading)));
    let mut then = Vec::new();
    if delay > 0 {
        // What is done late is the first of the steps.
        let mut delay = Duration::from_millis(delay);
        for act in acts.drain(..) {
            let act = Some(act);
            then.push(Later { delay, act });
            delay = Duration::ZERO;
        }
        if then.is_empty() {
            then.push(Later { delay, act: None });
        }
    }
    if let Some(steps) = fields.take("then").filter(|steps| !steps.is_null()) {
        steps::read(steps, &mut then, reading);
    }
    reading.finish(fields);
    let matcher = matching::read(pattern, reading);
    Some(Rule {
        matcher: matcher?,
        when,
        times: times.and_then(|times| u32::try_from(times).ok()),
        acts,
        then: then.into(),
        go_on: go_on.unwrap_or(false),
        pattern: pattern.map_or_else(|| "*".to_owned(), written),
        place: Some(pattern.unwrap_or(node).place.clone()),
    })
}

/// `response` or `handler`; both together are a mistake.
pub(super) fn read_answer(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<Act> {
    let mut found = None;
    for (key, node) in reading.either(fields, &["response", "handler"]) {
        found = if key.name == "response" {
            reading.answer(node).map(Act::Say)
        } else {
            let script = reading.as_script(node, "handler", ScriptKind::Handler);
            script.map(Act::Run)
        };
    }
    found
}

/// A message to a room.
fn broadcast(node: &Node, reading: &mut Reading<'_>) -> Option<Act> {
    let mut fields = reading.fields(node, "`broadcast` of a rule")?;
    let room = fields.need("room", reading.mistakes);
    let room = room
        .filter(|room| room.as_text("`room`", reading.mistakes).is_some())
        .and_then(|room| reading.template(room));
    let message = fields.need("message", reading.mistakes);
    let message = message.and_then(|message| reading.answer(message));
    reading.finish(fields);
    let (room, message) = (room?, message?);
    Some(Act::Tell(Box::new(Announcement { room, message })))
}

fn close(node: &Node, reading: &mut Reading<'_>) -> Option<Act> {
    let mut fields = reading.fields(node, "`close`")?;
    let code = match fields.take("code") {
        Some(code) => close_code(code, "`code`", reading),
        None => Some(CloseCode::NORMAL),
    };
    let reason = match fields.take("reason") {
        Some(reason) => close_reason(reason, reading),
        None => Template::parse("", Dialect::MockForge).ok(),
    };
    reading.finish(fields);
    let (code, reason) = (code?, reason?);
    Some(Act::Close(Box::new(Closing { code, reason })))
}

/// A code that a Close frame may carry.
pub(super) fn close_code(node: &Node, what: &str, reading: &mut Reading<'_>) -> Option<CloseCode> {
    let number = node.as_u64(what, 1000..=4999, reading.mistakes)?;
    let code = u16::try_from(number).ok().and_then(CloseCode::new);
    if code.is_none() {
        let number = quoted(&number.to_string());
        let text = format!("no Close frame may carry the code {number}");
        let remedy = "write 1000, 1001, 1008, 1011 or a number from 3000 to 4999";
        reading.mistake(Mistake::at(&node.place, text).remedy(remedy));
    }
    code
}

fn close_reason(node: &Node, reading: &mut Reading<'_>) -> Option<Template> {
    let text = node.as_text("`reason`", reading.mistakes)?;
    let template = reading.template(node);
    if text.len() > REASON_BYTES {
        let length = text.len();
        let message = format!("`reason` has at most {REASON_BYTES} bytes, not {length}");
        reading.mistake(Mistake::at(&node.place, message).remedy("shorten it"));
        return None;
    }
    template
}
