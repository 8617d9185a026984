//! Text becomes the pairs of a record, and its time, as a `[PARSER]` section says.
//!
//! A parser appends the pairs of a map without its head, because its callers put keys of their own
//! before them. What it cannot read it leaves alone, and says so.

mod decoders;
mod json;
mod labelled;
mod logfmt;
mod pattern;
mod settings;
mod stamp;
mod types;
mod unescape;

use std::collections::HashMap;
use std::sync::Arc;

use sockeye_core::{Mistake, Mistakes, Place, quoted};

use crate::plan::Section;
use crate::record::Time;
pub use pattern::{Pattern, PatternFault};
pub use settings::KEYS;
pub use stamp::StampFormat;

/// What a parser made of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// How many pairs it appended.
    pub pairs: u32,
    /// The time that the text says; none if it says none that can be read.
    pub time: Option<Time>,
}

/// A way to read text.
#[derive(Debug)]
pub struct Parser {
    name: String,
    reading: Reading,
    rules: Rules,
}

#[derive(Debug)]
enum Reading {
    Json,
    Regex(Pattern),
    Logfmt { takes_bare_keys: bool },
    Ltsv,
}

/// What all ways to read have in common.
#[derive(Debug)]
struct Rules {
    /// The key whose value is the time.
    time_key: Option<Vec<u8>>,
    stamp: Option<StampFormat>,
    /// Whether the time's key stays.
    keeps_time: bool,
    types: types::Types,
    skips_empty: bool,
    decoders: Vec<decoders::Decoder>,
}

impl Parser {
    /// Of a `[PARSER]` section, whose plugin is the parser's name.
    pub fn build(section: &Section) -> Result<Self, Mistakes> {
        settings::parser(section)
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Appends the pairs of `text` to `out`; none, with nothing appended, if it cannot be read this way.
    ///
    /// `now` says what a time without a year or a date lacks.
    pub fn parse(&self, text: &[u8], now: Time, out: &mut Vec<u8>) -> Option<Parsed> {
        let from = out.len();
        let mut pairs = Pairs {
            rules: &self.rules,
            now,
            out,
            parsed: Parsed::default(),
        };
        let is_read = match &self.reading {
            Reading::Json => json::read(text, &mut pairs),
            Reading::Regex(pattern) => pairs.add_groups(pattern, text),
            Reading::Logfmt { takes_bare_keys } => logfmt::read(text, *takes_bare_keys, &mut pairs),
            Reading::Ltsv => labelled::read(text, &mut pairs),
        };
        let mut parsed = pairs.parsed;
        if !is_read {
            out.truncate(from);
        } else if !self.rules.decoders.is_empty() {
            parsed.pairs = decoders::apply(&self.rules.decoders, out, from, parsed.pairs);
        }
        is_read.then_some(parsed)
    }
}

/// The pairs of one text while they are found.
struct Pairs<'p> {
    rules: &'p Rules,
    now: Time,
    out: &'p mut Vec<u8>,
    parsed: Parsed,
}

impl Pairs<'_> {
    /// A key and its text, which may be the time.
    fn add(&mut self, key: &[u8], text: &[u8]) {
        if self.is_time(key, text) && !self.rules.keeps_time {
            return;
        }
        crate::record::pack::string(self.out, key);
        self.rules.types.append(key, text, self.out);
        self.parsed.pairs += 1;
    }

    /// A key that stands for itself.
    fn add_flag(&mut self, key: &[u8]) {
        crate::record::pack::string(self.out, key);
        crate::record::pack::boolean(self.out, true);
        self.parsed.pairs += 1;
    }

    fn add_groups(&mut self, pattern: &Pattern, text: &[u8]) -> bool {
        let skips_empty = self.rules.skips_empty;
        pattern.groups(text, |name, group| {
            if !(skips_empty && group.is_empty()) {
                self.add(name.as_bytes(), group);
            }
        })
    }

    /// Whether the key is the time's and its text a time; then that is known.
    fn is_time(&mut self, key: &[u8], text: &[u8]) -> bool {
        let rules = self.rules;
        if rules.time_key.as_deref() != Some(key) {
            return false;
        }
        let time = rules
            .stamp
            .as_ref()
            .and_then(|stamp| stamp.read(text, self.now));
        self.parsed.time = time.or(self.parsed.time);
        time.is_some()
    }
}

/// Every parser by its name.
#[derive(Clone, Debug, Default)]
pub struct Parsers(HashMap<String, Arc<Parser>>);

impl Parsers {
    /// Of all `[PARSER]` sections; a name that is there twice is a mistake.
    pub fn build(sections: &[Section]) -> Result<Self, Mistakes> {
        let mut parsers: HashMap<String, Arc<Parser>> = HashMap::new();
        let mut mistakes = Mistakes::new();
        for section in sections {
            match Parser::build(section) {
                Ok(parser) if parsers.contains_key(&parser.name) => {
                    let message = format!("a second parser {}", quoted(&parser.name));
                    mistakes
                        .push(Mistake::at(&section.place, message).remedy("rename one of them"));
                }
                Ok(parser) => {
                    parsers.insert(parser.name.clone(), Arc::new(parser));
                }
                Err(more) => mistakes.extend(more),
            }
        }
        mistakes.into_result(Self(parsers))
    }

    /// The parser of that name, wanted at a place; a mistake there if there is none.
    pub fn named(&self, name: &str, place: &Place) -> Result<Arc<Parser>, Mistake> {
        self.0.get(name).cloned().ok_or_else(|| {
            let known = self.0.keys().map(String::as_str);
            Mistake::at(place, format!("no parser {} is defined", quoted(name)))
                .label("not defined")
                .remedy("define it in a parsers file (`-R FILE`, `parsers_file`)")
                .did_you_mean(name, known)
        })
    }

    /// The parser of that name.
    pub fn get(&self, name: &str) -> Option<Arc<Parser>> {
        self.0.get(name).cloned()
    }
}
