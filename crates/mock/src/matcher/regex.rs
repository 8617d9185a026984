//! A regular expression over the whole text, in the notation that Java users know.

pub(super) mod fault;

use fancy_regex::{Expr, Regex, RegexBuilder};

pub use fault::Fault;

use super::{Captures, Matcher, Miss};
use crate::incoming::Incoming;

/// Steps that a match may take before it is given up as a miss; look-around and back-references
/// can backtrack without end.
pub(crate) const BACKTRACK_LIMIT: usize = 100_000;

/// Matches when the expression matches the whole text; `.` also stands for a line break.
#[derive(Debug)]
pub struct WholeText {
    regex: Regex,
    groups: Vec<String>,
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegexMistake {
    /// It cannot be read.
    #[error("{}", .0.message)]
    Syntax(Fault),
    /// It means something else, or nothing, outside Java.
    #[error("`{0}` is Java's own notation and not supported")]
    Notation(&'static str),
}

/// Java notation that would be read differently here, with what to write instead.
pub const UNSUPPORTED: [(&str, &str); 4] = [
    ("\\h", "write `[ \\t]`"),
    ("\\R", "write `\\r?\\n`"),
    ("\\Q", "escape the special characters one by one"),
    ("\\G", "leave it out: the whole text is matched"),
];

impl WholeText {
    /// Compiles an expression.
    pub fn new(pattern: &str) -> Result<Self, RegexMistake> {
        if let Some((notation, _)) = UNSUPPORTED.iter().find(|(token, _)| uses(pattern, token)) {
            return Err(RegexMistake::Notation(notation));
        }
        // First alone: `a)(b` would be closed and opened by what is put around it.
        let refused = |error| RegexMistake::Syntax(fault::of(&error, pattern));
        Expr::parse_tree(pattern).map_err(refused)?;
        let anchored = format!(r"\A(?s:{pattern})\z");
        let regex = RegexBuilder::new(&anchored)
            .backtrack_limit(BACKTRACK_LIMIT)
            .build()
            .map_err(refused)?;
        let groups = regex
            .capture_names()
            .flatten()
            .map(ToOwned::to_owned)
            .collect();
        Ok(Self { regex, groups })
    }
}

/// Whether `token` stands in the pattern and is not itself escaped.
fn uses(pattern: &str, token: &str) -> bool {
    let mut escaped = false;
    pattern.char_indices().any(|(at, letter)| {
        let here = !escaped && pattern[at..].starts_with(token);
        escaped = letter == '\\' && !escaped;
        here
    })
}

impl Matcher for WholeText {
    fn matches<'m>(&'m self, incoming: &'m Incoming<'_>, captures: &mut Captures<'m>) -> bool {
        let Some(text) = incoming.text() else {
            return false;
        };
        if self.groups.is_empty() {
            return self.regex.is_match(text).unwrap_or(false);
        }
        // An error is the backtrack limit: the message is then not one for this rule.
        let Ok(Some(found)) = self.regex.captures(text) else {
            return false;
        };
        for name in &self.groups {
            if let Some(group) = found.name(name) {
                captures.groups.push((name, &text[group.range()]));
            }
        }
        true
    }

    fn why_not(&self, incoming: &Incoming<'_>) -> Miss {
        match incoming.text() {
            Some(_) => Miss::new(0, "the expression does not match the whole text"),
            None => Miss::new(0, "the message is binary"),
        }
    }

    fn kind(&self) -> &'static str {
        "regex"
    }

    fn wants_json(&self) -> bool {
        false
    }
}
