//! Every Selmer filter passes through here: families of functions and one table.

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
    Filter { name, arguments, doc, takes, kinds, check: unchecked, run }
}

fn unchecked(_: &[Option<&str>]) -> Result<(), String> {
    Ok(())
}

/// All filters, in the order of the manual.
static FILTERS: &[Filter] = &[
    entry(("add", "n …"), Takes::AtLeast(1), TEXT, number::add, "The sum, or the texts joined if one is not a number."),
    entry(("multiply", "n"), ONE, NUMBER, number::multiply, "The product."),
    entry(("divide", "n"), ONE, NUMBER, number::divide, "The quotient; whole if it comes out even."),
    entry(("round", ""), NONE, TEXT, number::round, "The nearest whole number; halves go up."),
    entry(("between?", "low high"), TWO, NUMBER, number::between, "Whether the number lies between two, in any order."),
    entry(("get-digit", "n"), ONE, INTEGER, number::get_digit, "The n-th digit from the right, from 1."),
    entry(("pluralize", "[plural] | singular plural"), Takes::OneOf(&[0, 1, 2]), TEXT, number::pluralize, "The ending for a number or a list's length: by default nothing or `s`."),
    Filter { check: format::check_decimals, ..entry(("double-format", "[decimals]"), Takes::OneOf(&[0, 1]), INTEGER, format::double, "The number with so many decimals, 1 unless told.") },
    Filter { check: format::check_number, ..entry(("number-format", "format"), ONE, TEXT, format::number, "The number in a format such as `%.2f`, `%05d` or `%,d`.") },
    Filter { check: format::check_currency, ..entry(("currency-format", "[language [country]]"), Takes::OneOf(&[0, 1, 2]), TEXT, format::currency, "The amount as money, in US dollars unless told: `$1,234.50`.") },
    entry(("upper", ""), NONE, TEXT, text::upper, "The text in upper case."),
    entry(("lower", ""), NONE, TEXT, text::lower, "The text in lower case."),
    entry(("capitalize", ""), NONE, TEXT, text::capitalize, "The text with one capital at its start and small letters after it."),
    entry(("title", ""), NONE, TEXT, text::title, "The text with every word capitalised."),
    entry(("str", ""), NONE, TEXT, text::str, "The value as text."),
    entry(("name", ""), NONE, TEXT, text::str, "The value as text."),
    entry(("subs", "start end [ending …]"), Takes::AtLeast(2), &[Kind::Integer, Kind::Integer, Kind::Text], text::subs, "The characters from start to before end, from 0; with the ending if something was cut."),
    entry(("addslashes", ""), NONE, TEXT, text::addslashes, "The text with a backslash before each quote."),
    entry(("center", "width"), ONE, INTEGER, text::center, "The text with blanks on both sides."),
    entry(("replace", "search substitute"), TWO, TEXT, text::replace, "The text with every occurrence replaced."),
    entry(("remove", "characters"), ONE, TEXT, text::remove, "The text without these characters."),
    entry(("remove-tags", "tag …"), Takes::AtLeast(1), TEXT, text::remove_tags, "The text without these HTML tags; what they enclose stays."),
    entry(("linebreaks", ""), NONE, TEXT, text::linebreaks, "The text as HTML paragraphs."),
    entry(("linebreaks-br", ""), NONE, TEXT, text::linebreaks_br, "The text with `<br />` for line ends."),
    entry(("linenumbers", ""), NONE, TEXT, text::linenumbers, "The text with numbers before its lines."),
    entry(("urlescape", ""), NONE, TEXT, text::urlescape, "The text percent-encoded as in a form; blanks become `+`."),
    Filter { check: text::check_hash, ..entry(("hash", "algorithm"), ONE, TEXT, text::hash, "The digest in hexadecimal digits: md5, sha, sha256, sha384 or sha512.") },
    entry(("abbreviate", "longest [width]"), Takes::OneOf(&[1, 2]), INTEGER, abbreviate::abbreviate, "The text cut to width if it is longer than longest, with an ellipsis."),
    entry(("abbr-left", ""), NONE, TEXT, abbreviate::left, "Before `abbreviate`: cut at the left."),
    entry(("abbr-middle", ""), NONE, TEXT, abbreviate::middle, "Before `abbreviate`: cut in the middle."),
    entry(("abbr-right", ""), NONE, TEXT, abbreviate::right, "Before `abbreviate`: cut at the right."),
    entry(("abbr-ellipsis", "text"), ONE, TEXT, abbreviate::ellipsis, "Before `abbreviate`: the text that stands for what was cut."),
    entry(("email", "[false]"), Takes::OneOf(&[0, 1]), TEXT, link::email, "An HTML link to the mail address, which must look like one unless told `false`."),
    entry(("phone", "[prefix] [false]"), Takes::OneOf(&[0, 1, 2]), TEXT, link::phone, "An HTML link to the telephone number, which must look like one unless told `false`."),
    Filter { check: date::check, ..entry(("date", "pattern [locale]"), Takes::OneOf(&[1, 2]), TEXT, date::date, "The instant, a text in RFC 3339 or milliseconds since 1970, in a pattern such as `yyyy-MM-dd`, in UTC.") },
    entry(("default", "substitute"), ONE, TEXT, presence::default, "The value, or the substitute if it is missing or `null`."),
    entry(("default-if-empty", "substitute"), ONE, TEXT, presence::default_if_empty, "The value, or the substitute if it is missing or empty."),
    entry(("empty?", ""), NONE, TEXT, presence::empty, "Whether the value is missing or empty."),
    entry(("not-empty", ""), NONE, TEXT, presence::not_empty, "The value, or nothing if it is empty."),
    entry(("safe", ""), NONE, TEXT, presence::safe, "The value as it is: nothing is ever escaped for HTML here."),
    entry(("json", ""), NONE, TEXT, presence::json, "The value as a text of compact JSON; `null` for nothing."),
    entry(("first", ""), NONE, TEXT, list::first, "The first item or character."),
    entry(("last", ""), NONE, TEXT, list::last, "The last item or character."),
    entry(("take", "n"), ONE, INTEGER, list::take, "The first n items or characters."),
    entry(("drop", "n"), ONE, INTEGER, list::drop, "All but the first n items or characters."),
    entry(("drop-last", "n"), ONE, INTEGER, list::drop_last, "All but the last n items or characters."),
    entry(("rand-nth", ""), NONE, TEXT, list::rand_nth, "A random item or character."),
    entry(("join", "[separator]"), Takes::OneOf(&[0, 1]), TEXT, list::join, "The items' texts with the separator between them."),
    entry(("sort", ""), NONE, TEXT, order::sort, "The items in order: numbers by value, texts by character."),
    entry(("sort-by", "field"), ONE, TEXT, order::sort_by, "The objects in the order of one of their fields."),
    entry(("sort-reversed", ""), NONE, TEXT, order::sort_reversed, "The items in reverse order."),
    entry(("sort-by-reversed", "field"), ONE, TEXT, order::sort_by_reversed, "The objects in the reverse order of one of their fields."),
    entry(("range", "[end [step]]"), Takes::OneOf(&[0, 1, 2]), INTEGER, list::range, "The whole numbers from 0 to before the value, or from the value to before end; at most 10,000."),
    entry(("count", ""), NONE, TEXT, list::count, "How many items, fields or characters there are; 0 for nothing."),
    entry(("length", ""), NONE, TEXT, list::count, "How many items, fields or characters there are; 0 for nothing."),
    entry(("count-is", "n"), ONE, INTEGER, list::count_is, "Whether there are n items, fields or characters."),
    entry(("length-is", "n"), ONE, INTEGER, list::count_is, "Whether there are n items, fields or characters."),
];

/// All filters, for the manual.
pub fn filters() -> &'static [Filter] {
    FILTERS
}

pub(crate) fn find(name: &str) -> Option<&'static Filter> {
    FILTERS.iter().find(|filter| filter.name == name)
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

    use super::FILTERS;

    #[test]
    fn names_are_unique_and_every_entry_is_documented() {
        let names: HashSet<_> = FILTERS.iter().map(|filter| filter.name).collect();
        assert_eq!(names.len(), FILTERS.len());
        assert!(FILTERS.iter().all(|filter| filter.doc.ends_with('.')));
    }
}
