//! Every Selmer filter passes through here: families of functions and one table.
#![expect(
    clippy::unnecessary_wraps,
    clippy::needless_pass_by_value,
    reason = "every filter has the same shape, also those that cannot fail or only look"
)]

mod abbreviate;
mod date;
mod format;
mod link;
mod list;
mod number;
mod order;
mod presence;
mod text;

use serde_json::Value;
use sockeye_core::Random;

use super::helper::{Kind, Takes};

/// The longest text a filter may make, in bytes: no more than a whole template may write.
pub(crate) const TEXT_LIMIT: usize = super::error::OUTPUT_LIMIT;

/// A function that a hole applies to its value: `{{value|name:argument}}`.
///
/// A value that is not there stays so unless the filter's sentence says otherwise.
#[derive(Debug)]
pub struct Filter {
    /// The name.
    pub name: &'static str,
    /// The arguments for people, optional ones in brackets.
    pub arguments: &'static str,
    /// What it gives, in one sentence.
    pub doc: &'static str,
    pub(crate) takes: Takes,
    /// What each argument must spell; the last entry also holds for all further ones.
    pub(crate) kinds: &'static [Kind],
    /// Looks at literal arguments when the template is loaded; arguments from a path are nothing here.
    pub(crate) check: fn(&[Option<&str>]) -> Result<(), String>,
    pub(crate) run: fn(Call<'_>) -> Outcome,
}

pub(crate) type Outcome = Result<Value, String>;

/// What a filter works on.
pub(crate) struct Call<'a> {
    pub(crate) value: Value,
    pub(crate) args: &'a [String],
    pub(crate) random: &'a mut Random,
}

impl Call<'_> {
    /// The argument at `index`, empty if there are fewer.
    pub(crate) fn arg(&self, index: usize) -> &str {
        self.args.get(index).map_or("", String::as_str)
    }
}

const NONE: Takes = Takes::OneOf(&[0]);
const ONE: Takes = Takes::OneOf(&[1]);
const TWO: Takes = Takes::OneOf(&[2]);
const TEXT: &[Kind] = &[Kind::Text];
const NUMBER: &[Kind] = &[Kind::Number];
const INTEGER: &[Kind] = &[Kind::Integer];

/// A filter whose literal arguments need no further look.
const fn entry(
    (name, arguments): (&'static str, &'static str),
    takes: Takes,
    kinds: &'static [Kind],
    run: fn(Call<'_>) -> Outcome,
    doc: &'static str,
) -> Filter {
    Filter {
        name,
        arguments,
        doc,
        takes,
        kinds,
        check: unchecked,
        run,
    }
}

fn unchecked(_: &[Option<&str>]) -> Result<(), String> {
    Ok(())
}

/// The families, in the order of the manual.
static FAMILIES: &[&[Filter]] = &[
    number::FILTERS,
    format::FILTERS,
    text::FILTERS,
    abbreviate::FILTERS,
    link::FILTERS,
    date::FILTERS,
    presence::FILTERS,
    list::FILTERS,
    order::FILTERS,
];

/// All filters, for the manual.
pub fn filters() -> impl Iterator<Item = &'static Filter> {
    FAMILIES.iter().copied().flatten()
}

pub(crate) fn find(name: &str) -> Option<&'static Filter> {
    filters().find(|filter| filter.name == name)
}

/// Says `"abc" is not a list`, with at most 40 characters of the value.
pub(crate) fn not_a(wanted: &str, value: &Value) -> String {
    const SHOWN: usize = 40;
    let text = value.to_string();
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    format!("{shown} is not a {wanted}")
}

/// Adds `part`, unless the text then grows beyond the limit.
pub(crate) fn push(text: &mut String, part: &str) -> Result<(), String> {
    if text.len() + part.len() > TEXT_LIMIT {
        return Err(format!("the text is longer than {TEXT_LIMIT} bytes"));
    }
    text.push_str(part);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::filters;

    #[test]
    fn names_are_unique_and_every_entry_is_documented() {
        let names: HashSet<_> = filters().map(|filter| filter.name).collect();
        assert_eq!(names.len(), filters().count());
        assert!(filters().all(|filter| filter.doc.ends_with('.')));
    }
}
