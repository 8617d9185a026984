//! `grep` keeps records by what stands under their keys: `regex KEY PATTERN`, `exclude KEY PATTERN`.

use sockeye_core::{Mistakes, quoted};

use super::accessor::Accessor;
use super::words::words;
use super::{COMMON_KEYS, Fate, Filter, Filtered, Known, each};
use crate::parser::{Parsers, Pattern};
use crate::properties::{Key, Kind, Properties};

const KEYS: &[Key] = &[
    Key::new(
        "regex",
        Kind::Texts,
        None,
        "keeps records whose KEY matches: `regex KEY PATTERN`",
    ),
    Key::new(
        "exclude",
        Kind::Texts,
        None,
        "leaves out records whose KEY matches: `exclude KEY PATTERN`",
    ),
    Key::new(
        "logical_op",
        Kind::Choice(&["legacy", "and", "or"]),
        Some("legacy"),
        "how rules go together: `and`, `or`; legacy: the first rule that decides",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "grep",
    about: "keeps or leaves out records by what stands under their keys",
    tables: &[KEYS, COMMON_KEYS],
    build,
};

#[derive(Debug)]
struct Grep {
    rules: Vec<Rule>,
    operation: Operation,
}

#[derive(Debug)]
struct Rule {
    keeps: bool,
    place: Accessor,
    pattern: Pattern,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    /// A record stays if no rule is against it.
    Legacy,
    And,
    Or,
}

fn build(properties: &Properties<'_>, _: &Parsers) -> Result<Box<dyn Filter>, Mistakes> {
    let mut mistakes = Mistakes::new();
    let mut rules = Vec::new();
    let all = properties.section().properties.iter();
    for property in all.filter(|property| ["regex", "exclude"].contains(&property.key.as_str())) {
        match super::rule_pattern(property, words(&property.value, 2)) {
            Ok((key, pattern)) => rules.push(Rule {
                keeps: property.key == "regex",
                place: Accessor::of(&key),
                pattern,
            }),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    let operation = match properties.choice("logical_op") {
        Some("and") => Operation::And,
        Some("or") => Operation::Or,
        _ => Operation::Legacy,
    };
    let mixed = rules.iter().any(|rule| rule.keeps) && rules.iter().any(|rule| !rule.keeps);
    if operation != Operation::Legacy && mixed {
        let message = format!(
            "`regex` and `exclude` together with `logical_op` {}",
            quoted(properties.text("logical_op").unwrap_or_default())
        );
        mistakes.push(
            properties
                .mistake("logical_op", message)
                .remedy("use two filters, one after the other"),
        );
    }
    mistakes.into_result(Box::new(Grep { rules, operation }))
}

impl Grep {
    fn keeps(&self, body: &[u8]) -> bool {
        let mut matches = self.rules.iter().map(|rule| {
            let text = rule.place.text(body);
            (
                rule.keeps,
                text.is_some_and(|text| rule.pattern.matches(&text)),
            )
        });
        let first_keeps = self.rules.first().is_none_or(|rule| rule.keeps);
        match self.operation {
            Operation::Legacy => matches.all(|(keeps, is_match)| keeps == is_match),
            Operation::And => matches.all(|(_, is_match)| is_match) == first_keeps,
            Operation::Or => matches.any(|(_, is_match)| is_match) == first_keeps,
        }
    }
}

impl Filter for Grep {
    fn apply(&mut self, _: &str, records: &[u8], out: &mut Vec<u8>) -> Filtered {
        each(records, out, |event| {
            if self.keeps(event.body) {
                Fate::Same
            } else {
                Fate::Gone
            }
        })
    }
}
