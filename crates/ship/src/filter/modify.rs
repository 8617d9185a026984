//! `modify` adds, sets, renames, copies, moves and removes keys, one rule after the other, where conditions hold.

mod rule;
mod test;

use sockeye_core::Mistakes;

use super::{COMMON_KEYS, Fate, Filter, Filtered, Known, each, entries};
use crate::parser::Parsers;
use crate::properties::{Key, Kind, Properties};
use rule::Rule;
use test::Test;

const KEYS: &[Key] = &[
    Key::new(
        "set",
        Kind::Texts,
        None,
        "`set KEY VALUE`: the key has this value, at the end",
    ),
    Key::new(
        "add",
        Kind::Texts,
        None,
        "`add KEY VALUE`: the same if there is no such key",
    ),
    Key::new("add_if_not_present", Kind::Texts, None, "the same as `add`"),
    Key::new("remove", Kind::Texts, None, "`remove KEY`"),
    Key::new(
        "remove_wildcard",
        Kind::Texts,
        None,
        "`remove_wildcard FRONT`: keys that begin so",
    ),
    Key::new(
        "remove_regex",
        Kind::Texts,
        None,
        "`remove_regex PATTERN`: keys that match",
    ),
    Key::new(
        "rename",
        Kind::Texts,
        None,
        "`rename KEY NEW`, if there is no NEW",
    ),
    Key::new(
        "hard_rename",
        Kind::Texts,
        None,
        "`hard_rename KEY NEW`; a NEW that was there goes away",
    ),
    Key::new(
        "copy",
        Kind::Texts,
        None,
        "`copy KEY NEW`, if there is no NEW",
    ),
    Key::new(
        "hard_copy",
        Kind::Texts,
        None,
        "`hard_copy KEY NEW`; a NEW that was there goes away",
    ),
    Key::new(
        "move_to_start",
        Kind::Texts,
        None,
        "`move_to_start FRONT`: keys that begin so go first",
    ),
    Key::new(
        "move_to_end",
        Kind::Texts,
        None,
        "`move_to_end FRONT`: keys that begin so go last",
    ),
    Key::new(
        "condition",
        Kind::Texts,
        None,
        "`condition TEST KEY [VALUE]`: the rules are for records that pass",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "modify",
    about: "adds, sets, renames, copies, moves and removes keys",
    tables: &[KEYS, COMMON_KEYS],
    build,
};

#[derive(Debug)]
struct Modify {
    tests: Vec<Test>,
    rules: Vec<Rule>,
}

fn build(properties: &Properties<'_>, _: &Parsers) -> Result<Box<dyn Filter>, Mistakes> {
    let mut mistakes = Mistakes::new();
    let (mut tests, mut rules) = (Vec::new(), Vec::new());
    let is_common = |name: &str| COMMON_KEYS.iter().any(|key| key.name == name);
    for property in &properties.section().properties {
        let read = match property.key.as_str() {
            key if is_common(key) => continue,
            "condition" => Test::of(property).map(|test| tests.push(test)),
            _ => Rule::of(property).map(|rule| rules.push(rule)),
        };
        if let Err(mistake) = read {
            mistakes.push(mistake);
        }
    }
    mistakes.into_result(Box::new(Modify { tests, rules }))
}

impl Filter for Modify {
    fn apply(&mut self, _: &str, records: &[u8], out: &mut Vec<u8>) -> Filtered {
        each(records, out, |event| {
            if !self.tests.iter().all(|test| test.holds(event.body)) {
                return Fate::Same;
            }
            let mut body = entries(event);
            let mut is_changed = false;
            for rule in &self.rules {
                is_changed |= rule.apply(&mut body);
            }
            if is_changed {
                Fate::Body(body)
            } else {
                Fate::Same
            }
        })
    }
}
