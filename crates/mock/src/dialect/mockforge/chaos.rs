//! `chaos:`, faults on purpose, of all handlers or of one: what is said, by the table of keys.

use std::sync::Arc;

use serde_json::{Value, json};
use sockeye_core::document::{Fields, Node};
use sockeye_core::{Mistake, Place, quoted};

use super::rule::close_code;
use crate::chaos::{Chaos, Form, GROUPS, Key, Said, keys};
use crate::dialect::Reading;
use crate::plan::SocketRoute;

/// Where the manual explains chaos.
const PAGE: &str = "docs/chaos.md";

/// What is said in `node`.
pub(crate) fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Said> {
    // Mistakes before this are explained elsewhere.
    reading.mistakes.explained_on(super::PAGE);
    let said = read_groups(node, reading);
    reading.mistakes.explained_on(PAGE);
    said
}

fn read_groups(node: &Node, reading: &mut Reading<'_>) -> Option<Said> {
    let mut fields = reading.fields(node, "`chaos`")?;
    let mut said = Said::default();
    read_keys("", &mut fields, &mut said, reading);
    for (group, what) in GROUPS {
        if group.is_empty() {
            continue;
        }
        let Some(node) = fields.take(group) else {
            continue;
        };
        let Some(mut fields) = reading.fields(node, what) else {
            continue;
        };
        read_keys(group, &mut fields, &mut said, reading);
        reading.finish(fields);
        if group == "delay" {
            check_bounds(&said, node, reading);
        }
    }
    reading.finish(fields);
    Some(said)
}

/// What holds for all handlers of a section.
pub(super) fn read_section(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<Said> {
    let node = fields.take("chaos")?;
    read(node, reading)
}

/// What a handler says, over what is said of all.
pub(super) fn read_handler(
    socket: &mut SocketRoute,
    all: Option<&Said>,
    fields: &mut Fields<'_>,
    reading: &mut Reading<'_>,
) {
    let own = fields.take("chaos");
    let own = own.and_then(|node| Some((node, read(node, reading)?)));
    let said = match (own, all) {
        (None, None) => return,
        (None, Some(all)) => all.clone(),
        (Some((_, own)), None) => own,
        (Some((node, own)), Some(all)) => {
            let both = own.over(all);
            // Bounds that are wrong alone are told of already.
            if !are_crossed(&own) && !are_crossed(all) {
                check_bounds(&both, node, reading);
            }
            both
        }
    };
    socket.chaos = Some(Arc::new(Chaos::new(said)));
}

fn read_keys(group: &str, fields: &mut Fields<'_>, said: &mut Said, reading: &mut Reading<'_>) {
    let is_code = |key: &Key| matches!(key.form, Form::Code | Form::Codes);
    for key in keys().filter(|key| key.group == group && !is_code(key)) {
        if let Some(value) = read_value(&key, fields, reading) {
            said.set(key.path, value);
        }
    }
    if !group.is_empty() {
        return;
    }
    for (key, node) in reading.either(fields, &["disconnect_code", "close_codes"]) {
        if key.name == "disconnect_code" {
            if let Some(code) = close_code(node, "`disconnect_code`", reading) {
                said.set("disconnect_code", code.get());
            }
        } else if let Some(codes) = close_codes(node, reading) {
            said.set("close_codes", codes);
        }
    }
}

fn read_value(key: &Key, fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> Option<Value> {
    let name = key.name;
    Some(match &key.form {
        Form::Switch => reading.bool(fields, name)?.into(),
        Form::Rate => reading.number(fields, name, 0.0..=1.0)?.into(),
        Form::Millis => reading.millis(fields, name)?.into(),
        Form::Whole(range) => reading.whole(fields, name, range.clone())?.into(),
        Form::Word(words) => {
            let choices: Vec<(&str, &str)> = words.iter().map(|word| (*word, *word)).collect();
            reading.choice(fields, name, &choices)?.into()
        }
        Form::Code | Form::Codes => return None,
    })
}

/// The codes of a list, of which one is picked at random.
fn close_codes(node: &Node, reading: &mut Reading<'_>) -> Option<Value> {
    let items = node.as_seq("`close_codes`", reading.mistakes)?;
    if items.is_empty() {
        let mistake = Mistake::at(&node.place, "`close_codes` has no code");
        reading.mistake(mistake.remedy("write one, such as `[1011]`, or remove the key"));
        return None;
    }
    let codes = items.iter();
    let codes = codes.filter_map(|code| close_code(code, "an item of `close_codes`", reading));
    let codes: Vec<u16> = codes.map(sockeye_wire::CloseCode::get).collect();
    Some(json!(codes))
}

fn bounds(said: &Said) -> Option<(u64, u64)> {
    Some((said.number("delay.min_ms")?, said.number("delay.max_ms")?))
}

fn are_crossed(said: &Said) -> bool {
    bounds(said).is_some_and(|(least, most)| least > most)
}

/// `node` is the map of delays, or a handler's chaos.
fn check_bounds(said: &Said, node: &Node, reading: &mut Reading<'_>) {
    let Some((least, most)) = bounds(said).filter(|_| are_crossed(said)) else {
        return;
    };
    let place = |key: &str| -> &Place {
        let delay = node.get("delay").unwrap_or(node);
        delay.get(key).map_or(&node.place, |node| &node.place)
    };
    let (min, max) = (place("min_ms"), place("max_ms"));
    let (one, two) = (quoted("min_ms"), quoted("max_ms"));
    let text = format!("{one} ({least}) is more than {two} ({most})");
    let mistake = if node.get("min_ms").is_some() && node.get("max_ms").is_some() {
        let mistake = Mistake::at(min, text).label("the lower bound");
        mistake.also(max, "the upper one").remedy("swap them")
    } else {
        let own = if min == &node.place { max } else { min };
        let remedy = "the other bound is the section's; write both here";
        Mistake::at(own, text).remedy(remedy)
    };
    reading.mistake(mistake.page(PAGE));
}
