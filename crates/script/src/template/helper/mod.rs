//! Every helper passes through here: one file per helper or family, one line of registration each.
#![expect(
    clippy::unnecessary_wraps,
    reason = "every helper has the same shape, also those that cannot fail"
)]

mod base64;
mod calendar;
mod case;
mod choose;
mod connection_count;
mod env;
mod fake;
mod json;
pub(crate) mod math;
pub(crate) mod now;
mod random;
pub(crate) mod sha256;
mod uuid;

use std::ops::Range;

use super::error::RenderError;
use super::evaluate::Args;
use super::expression::Expr;
use super::mistake::TemplateMistake;
use super::scope::Scope;
use super::value::Val;

/// All helpers, in the order of the manual.
static HELPERS: &[Helper] = &[
    now::NOW,
    calendar::DATE,
    calendar::TIME,
    calendar::TIMESTAMP,
    uuid::UUID,
    random::INT,
    random::FLOAT,
    random::BOOL,
    random::STRING,
    random::RANDOM,
    choose::PICK,
    choose::DEFAULT,
    fake::FAKE,
    connection_count::CONNECTION_COUNT,
    env::ENV,
    case::UPPER,
    case::LOWER,
    case::TRIM,
    json::JSON,
    json::STRING,
    base64::ENCODE,
    base64::DECODE,
    sha256::SHA256,
    math::MATH,
];

/// All helpers, for the manual.
pub fn helpers() -> &'static [Helper] {
    HELPERS
}

pub(crate) type Run = for<'v> fn(&Args<'v>, &mut Scope<'_>) -> Result<Val<'v>, RenderError>;

/// A function that a hole can call: `{{name argument argument}}`.
#[derive(Debug)]
pub struct Helper {
    /// The name of the manual.
    pub name: &'static str,
    /// Other names with the same meaning. One that ends in `.` takes the first argument as part of the name.
    pub aliases: &'static [&'static str],
    /// The arguments for people, optional ones in brackets.
    pub arguments: &'static str,
    /// What it gives, in one sentence.
    pub doc: &'static str,
    /// A hole that uses it.
    pub example: &'static str,
    pub(crate) takes: Takes,
    /// What each argument must be; the last entry also holds for all further ones.
    pub(crate) kinds: &'static [Kind],
    /// Looks at literal arguments when the template is loaded.
    pub(crate) check: fn(&[Expr]) -> Result<(), Complaint>,
    pub(crate) run: Run,
}

impl PartialEq for Helper {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// How many arguments there may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Takes {
    OneOf(&'static [usize]),
    AtLeast(usize),
}

/// What an argument must be. Only literals can be checked before a render.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Any,
    Integer,
    Number,
    Text,
    /// A text that is written down, not looked up.
    LiteralText,
    /// One of `+ - * / %`, with or without quotes.
    Operator,
}

/// What a helper says about its literal arguments.
pub(crate) struct Complaint {
    pub(crate) argument: usize,
    pub(crate) message: String,
    pub(crate) remedy: Option<String>,
}

/// For helpers whose arguments need no more than their number and kinds.
pub(crate) fn unchecked(_: &[Expr]) -> Result<(), Complaint> {
    Ok(())
}

/// Says `"abc" is not a number`, with at most 40 characters of the value.
pub(crate) fn not_a(wanted: &str, value: &Val<'_>) -> String {
    const SHOWN: usize = 40;
    let text = value.as_text();
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("{shown:?} is not a {wanted}")
}

/// The helper that `word` names; with a dotted alias also what follows the dot.
pub(crate) fn find(word: &str) -> Option<(&'static Helper, Option<&str>)> {
    let exact = HELPERS
        .iter()
        .find(|helper| helper.name == word || helper.aliases.contains(&word));
    if let Some(helper) = exact {
        return Some((helper, None));
    }
    HELPERS.iter().find_map(|helper| {
        let dotted = helper.aliases.iter().filter(|alias| alias.ends_with('.'));
        dotted
            .filter_map(|alias| word.strip_prefix(alias))
            .find(|rest| !rest.is_empty())
            .map(|rest| (helper, Some(rest)))
    })
}

/// Every name and alias.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    HELPERS
        .iter()
        .flat_map(|helper| std::iter::once(helper.name).chain(helper.aliases.iter().copied()))
}

impl Helper {
    pub(crate) fn kind(&self, argument: usize) -> Kind {
        self.kinds
            .get(argument)
            .or(self.kinds.last())
            .copied()
            .unwrap_or(Kind::Any)
    }

    /// Checks number, kinds and literal values of the arguments.
    pub(crate) fn check(
        &self,
        args: &[Expr],
        spans: &[Range<usize>],
        whole: Range<usize>,
    ) -> Result<(), TemplateMistake> {
        if !self.takes.allows(args.len()) {
            let count = args.len();
            return Err(TemplateMistake::new(
                format!("`{}` takes {}, not {count}", self.name, self.takes.say()),
                whole,
            )
            .remedy(format!("for example `{}`", self.example)));
        }
        let span = |index: usize| spans.get(index).cloned().unwrap_or(whole.clone());
        for (index, arg) in args.iter().enumerate() {
            if !self.kind(index).allows(arg) {
                let wanted = self.kind(index).say();
                let message = format!("argument {} of `{}` must be {wanted}", index + 1, self.name);
                return Err(TemplateMistake::new(message, span(index))
                    .remedy(format!("for example `{}`", self.example)));
            }
        }
        (self.check)(args).map_err(|complaint| TemplateMistake {
            message: complaint.message,
            span: span(complaint.argument),
            remedy: complaint.remedy,
        })
    }
}

impl Takes {
    pub(crate) fn allows(self, count: usize) -> bool {
        match self {
            Self::OneOf(counts) => counts.contains(&count),
            Self::AtLeast(least) => count >= least,
        }
    }

    /// The number in words, with its noun.
    pub(crate) fn say(self) -> String {
        let noun = |count: usize| if count == 1 { "argument" } else { "arguments" };
        match self {
            Self::OneOf([0]) => "no argument".to_owned(),
            Self::OneOf(counts) => {
                let last = counts.last().copied().unwrap_or_default();
                let all: Vec<_> = counts.iter().map(usize::to_string).collect();
                format!("{} {}", all.join(" or "), noun(last))
            }
            Self::AtLeast(least) => format!("at least {least} {}", noun(least)),
        }
    }
}

impl Kind {
    pub(crate) fn say(self) -> &'static str {
        match self {
            Self::Any => "a value",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::LiteralText => "a text in quotes",
            Self::Operator => "one of `+`, `-`, `*`, `/`, `%`",
        }
    }

    fn allows(self, arg: &Expr) -> bool {
        let looked_up = matches!(arg, Expr::Path { .. } | Expr::Local { .. });
        match self {
            Self::Any => true,
            Self::Integer => looked_up || matches!(arg, Expr::Int(_)),
            Self::Number => looked_up || matches!(arg, Expr::Int(_) | Expr::Float(_)),
            Self::Text => looked_up || matches!(arg, Expr::Text(_)),
            Self::LiteralText => matches!(arg, Expr::Text(_)),
            Self::Operator => matches!(arg, Expr::Text(text) if math::is_operator(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{HELPERS, names};

    #[test]
    fn names_are_unique_and_every_entry_is_documented() {
        let all: Vec<_> = names().collect();
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
        for helper in HELPERS {
            assert!(helper.doc.ends_with('.'), "{}", helper.name);
            assert!(
                helper.example.starts_with("{{") && helper.example.ends_with("}}"),
                "{}",
                helper.name
            );
        }
    }
}
