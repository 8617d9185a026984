//! Records pass through filters, in the order of the file, before they are put into a chunk.
//!
//! A filter is a file here and a line in [`ALL`]. It gets the records of one call back to back and
//! appends what becomes of them; what it does not touch it copies as it is, layout included.

mod accessor;
mod grep;
mod modify;
mod nest;
mod parse;
mod record_modifier;
pub(crate) mod show;
mod throttle;
mod words;

use std::borrow::Cow;
use std::fmt::Debug;

use sockeye_core::{Mistake, Mistakes, quoted};

use crate::known;
use crate::parser::{Parsers, Pattern, PatternFault};
use crate::plan::{Property, Section};
use crate::properties::{Key, Kind, Properties};
use crate::record::{Entries, Event, Events, pack};

/// Changes, adds or leaves out records.
pub trait Filter: Send + Debug {
    /// Appends what becomes of `records` (msgpack, back to back) to `out`.
    fn apply(&mut self, tag: &str, records: &[u8], out: &mut Vec<u8>) -> Filtered;
}

/// What a filter did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filtered {
    /// The records stay as they are; nothing was appended.
    Unchanged,
    /// The records are what was appended, so many of them.
    Changed {
        /// How many records were appended.
        records: u32,
    },
}

/// Makes a filter of its properties.
pub type Build = fn(&Properties<'_>, &Parsers) -> Result<Box<dyn Filter>, Mistakes>;

/// A filter that files can name.
pub type Known = known::Known<Build>;

/// What every filter may say: which records it is for, read by the engine.
pub const COMMON_KEYS: &[Key] = &[
    Key::new(
        "match",
        Kind::Text,
        None,
        "the tags it is for; `*` stands for any letters",
    ),
    Key::new(
        "match_regex",
        Kind::Text,
        None,
        "the tags it is for, as a regular expression",
    ),
    Key::new("alias", Kind::Text, None, "its name in logs and figures"),
    Key::new("log_level", Kind::Text, None, "how much it logs"),
];

/// Every filter.
pub const ALL: &[Known] = &[
    grep::KNOWN,
    modify::KNOWN,
    nest::KNOWN,
    parse::KNOWN,
    record_modifier::KNOWN,
    show::KNOWN,
    throttle::KNOWN,
];

/// The filter of that name.
pub fn named(name: &str) -> Option<&'static Known> {
    known::named(ALL, name)
}

/// The filter that a section describes.
pub fn build(section: &Section, parsers: &Parsers) -> Result<Box<dyn Filter>, Mistakes> {
    let (known, properties) = known::find("filter", ALL, section, |_| None)?;
    (known.build)(&properties, parsers)
}

/// What becomes of one record.
enum Fate<'a> {
    /// It stays as it is.
    Same,
    /// It is left out.
    Gone,
    /// It has another body.
    Body(Entries<'a>),
}

/// Decides for each record; marks of groups and what is broken stay as they are.
fn each<'a>(
    records: &'a [u8],
    out: &mut Vec<u8>,
    mut decide: impl FnMut(&Event<'a>) -> Fate<'a>,
) -> Filtered {
    let from = out.len();
    let mut events = Events::new(records);
    let (mut kept, mut is_changed, mut whole) = (0, false, 0);
    while let Some(Ok(event)) = events.next() {
        let is_record = event.kind == crate::record::Kind::Record;
        let fate = if is_record {
            decide(&event)
        } else {
            Fate::Same
        };
        whole = events.at();
        match fate {
            Fate::Same => out.extend_from_slice(event.raw),
            Fate::Gone => {
                is_changed = true;
                continue;
            }
            Fate::Body(body) => {
                is_changed = true;
                crate::record::append_record(out, event.time, event.metadata, &[]);
                body.append_to(out);
            }
        }
        kept += u32::from(is_record);
    }
    if !is_changed {
        out.truncate(from);
        return Filtered::Unchanged;
    }
    // What is no record is for the output to refuse and to count.
    out.extend_from_slice(records.get(whole..).unwrap_or_default());
    Filtered::Changed { records: kept }
}

/// The entries of a body that the walk before has found to be a map.
fn entries<'a>(event: &Event<'a>) -> Entries<'a> {
    Entries::of(event.body).unwrap_or_default()
}

fn packed_text(text: &str) -> Cow<'static, [u8]> {
    let mut packed = Vec::new();
    pack::string(&mut packed, text.as_bytes());
    packed.into()
}

/// The key and the pattern of a rule `KEY PATTERN`.
fn rule_pattern(property: &Property, words: Vec<String>) -> Result<(String, Pattern), Mistake> {
    let Ok([key, pattern]) = <[String; 2]>::try_from(words) else {
        return Err(two_words(
            property,
            &format!("`{} KEY PATTERN`", property.key),
        ));
    };
    let pattern = Pattern::new(&pattern).map_err(|fault| bad_pattern(property, &fault))?;
    Ok((key, pattern))
}

fn two_words(property: &Property, form: &str) -> Mistake {
    let message = format!(
        "{} wants two words, a key and what it is about",
        quoted(&property.key)
    );
    Mistake::at(&property.place, message)
        .label("one word")
        .remedy(format!(
            "write {form}; a word with blanks stands in double quotes"
        ))
}

fn one_word(property: &Property) -> Mistake {
    let message = format!("{} wants one word", quoted(&property.key));
    Mistake::at(&property.place, message)
        .label("more than one")
        .remedy("a word with blanks stands in double quotes")
}

fn bad_pattern(property: &Property, fault: &PatternFault) -> Mistake {
    let message = format!(
        "the regular expression of {} cannot be read: {fault}",
        quoted(&property.key)
    );
    Mistake::at(&property.place, message).label("here")
}
