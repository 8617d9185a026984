//! A section's properties pass through here: against the plugin's table of keys, and out as typed values.

mod help;
mod value;

use std::time::Duration;

use sockeye_core::{Mistake, Mistakes, Place, quoted};

use crate::plan::{Property, Section};
pub use help::help;
pub use value::{MAX_TIME, boolean, size, time};

/// A key that a plugin knows.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name, lower case.
    pub name: &'static str,
    /// What its value must be.
    pub kind: Kind,
    /// The value where none was written, in the notation of files.
    pub default: Option<&'static str>,
    /// One line for `-h`.
    pub help: &'static str,
}

/// What a value must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// Any text; the key may be written several times.
    Texts,
    /// `on`, `true`, `yes` or `off`, `false`, `no`.
    Bool,
    /// A whole number, 64 bits with sign.
    Integer,
    /// A port, 0 to 65535.
    Port,
    /// Seconds, or a number with `s`, `m`, `h` or `d`; a fraction is allowed.
    Time,
    /// Bytes, or a number with `k`, `M` or `G` (thousands), and `B` behind it if one likes.
    Size,
    /// One of these words, in any case.
    Choice(&'static [&'static str]),
    /// Accepted for the sake of existing files and not used; the words say why, such as "there are no threads to choose".
    Unused(&'static str),
}

impl Key {
    /// A key of a table.
    pub const fn new(
        name: &'static str,
        kind: Kind,
        default: Option<&'static str>,
        help: &'static str,
    ) -> Self {
        Self {
            name,
            kind,
            default,
            help,
        }
    }
}

/// The properties of one section, each known and of its kind.
#[derive(Clone, Copy, Debug)]
pub struct Properties<'s> {
    section: &'s Section,
    tables: &'static [&'static [Key]],
}

impl<'s> Properties<'s> {
    /// Checks every property of the section against the tables. Unknown keys, keys that are there
    /// twice and may not be, and values of another kind are mistakes.
    pub fn read(section: &'s Section, tables: &'static [&'static [Key]]) -> Result<Self, Mistakes> {
        let mut mistakes = Mistakes::new();
        for (index, property) in section.properties.iter().enumerate() {
            let before = section.properties.get(..index).unwrap_or_default();
            if let Err(mistake) = check(section, tables, before, property) {
                mistakes.push(mistake);
            }
        }
        mistakes.into_result(Self { section, tables })
    }

    /// The section itself.
    pub fn section(&self) -> &'s Section {
        self.section
    }

    /// Where the value of `key` stands, or the plugin where it is not written.
    pub fn place(&self, key: &str) -> &'s Place {
        self.section
            .get(key)
            .map_or(&self.section.place, |property| &property.place)
    }

    /// Whether `key` is written.
    pub fn has(&self, key: &str) -> bool {
        self.section.get(key).is_some()
    }

    /// A mistake about the value of `key`, at its place.
    pub fn mistake(&self, key: &str, message: impl Into<String>) -> Mistake {
        Mistake::at(self.place(key), message)
    }

    /// The text under `key`, or its default; an empty one is none.
    pub fn text(&self, key: &'static str) -> Option<&'s str> {
        self.raw(key).filter(|text| !text.is_empty())
    }

    /// The text under `key`, even an empty one.
    pub fn raw(&self, key: &'static str) -> Option<&'s str> {
        let known = find(self.tables, key).expect("a plugin asks for keys of its own table");
        self.section
            .get(key)
            .map(|property| property.value.as_str())
            .or(known.default)
    }

    /// The text under `key`; a mistake if there is none.
    pub fn need(&self, key: &'static str) -> Result<&'s str, Mistake> {
        self.text(key).ok_or_else(|| {
            let plugin = &self.section.plugin;
            Mistake::at(&self.section.place, format!("{plugin} needs `{key}`"))
                .label(format!("`{key}` is missing"))
                .remedy(format!("add `{key}`"))
        })
    }

    /// Every text under `key`, in order.
    pub fn texts(&self, key: &'static str) -> impl Iterator<Item = &'s Property> {
        self.section.all(key)
    }

    /// Whether `key` is on.
    pub fn flag(&self, key: &'static str) -> bool {
        self.raw(key).and_then(boolean).unwrap_or(false)
    }

    /// The number under `key`.
    pub fn integer(&self, key: &'static str) -> Option<i64> {
        self.text(key)?.parse().ok()
    }

    /// The number under `key` where negative ones mean nothing: they are 0.
    pub fn count(&self, key: &'static str) -> u64 {
        let number = self.integer(key).unwrap_or(0);
        u64::try_from(number).unwrap_or(0)
    }

    /// The port under `key`.
    pub fn port(&self, key: &'static str) -> Option<u16> {
        self.text(key)?.parse().ok()
    }

    /// The time under `key`.
    pub fn time(&self, key: &'static str) -> Option<Duration> {
        time(self.text(key)?)
    }

    /// The bytes under `key`.
    pub fn size(&self, key: &'static str) -> Option<u64> {
        size(self.text(key)?)
    }

    /// The word under `key`, as the table writes it.
    pub fn choice(&self, key: &'static str) -> Option<&'static str> {
        let Kind::Choice(words) = find(self.tables, key)?.kind else {
            return None;
        };
        word(words, self.text(key)?)
    }
}

fn find(tables: &'static [&'static [Key]], name: &str) -> Option<&'static Key> {
    tables
        .iter()
        .flat_map(|table| table.iter())
        .find(|key| key.name == name)
}

fn word(words: &'static [&'static str], written: &str) -> Option<&'static str> {
    let is_it = |word: &&&str| word.eq_ignore_ascii_case(written);
    words.iter().find(is_it).copied()
}

fn check(
    section: &Section,
    tables: &'static [&'static [Key]],
    before: &[Property],
    property: &Property,
) -> Result<(), Mistake> {
    let known = find(tables, &property.key).ok_or_else(|| unknown(section, tables, property))?;
    let first = before.iter().find(|other| other.key == property.key);
    if let Some(first) = first
        && known.kind != Kind::Texts
    {
        let name = quoted(known.name);
        let message = format!("{name} is there twice in {}", section.plugin);
        return Err(Mistake::at(&property.key_place, message)
            .label("once more")
            .also(&first.key_place, "the first one")
            .remedy("remove one of them"));
    }
    known.kind.check(property)
}

fn unknown(section: &Section, tables: &'static [&'static [Key]], property: &Property) -> Mistake {
    let names = tables
        .iter()
        .flat_map(|table| table.iter().map(|key| key.name));
    let message = format!(
        "unknown property {} in {}",
        quoted(&property.key),
        section.plugin
    );
    Mistake::at(&property.key_place, message)
        .label("not known here")
        .did_you_mean(&property.key, names)
}

impl Kind {
    /// A mistake if the value is not of this kind.
    fn check(self, property: &Property) -> Result<(), Mistake> {
        let text = property.value.as_str();
        let is_fine = match self {
            Self::Text | Self::Texts | Self::Unused(_) => true,
            Self::Bool => boolean(text).is_some(),
            Self::Integer => text.parse::<i64>().is_ok(),
            Self::Port => text.parse::<u16>().is_ok(),
            Self::Time => time(text).is_some(),
            Self::Size => size(text).is_some(),
            Self::Choice(words) => word(words, text).is_some(),
        };
        if is_fine {
            return Ok(());
        }
        let name = quoted(&property.key);
        let message = format!("{name} must be {}, not {}", self.what(), quoted(text));
        let mistake = Mistake::at(&property.place, message).label(format!("not {}", self.what()));
        Err(match self {
            Self::Choice(words) => mistake.did_you_mean(text, words.iter().copied()),
            _ => mistake.remedy(format!("write {}", self.example())),
        })
    }

    /// What it is, for a sentence.
    fn what(self) -> &'static str {
        match self {
            Self::Text | Self::Texts | Self::Unused(_) => "text",
            Self::Bool => "on or off",
            Self::Integer => "a whole number",
            Self::Port => "a port",
            Self::Time => "a time",
            Self::Size => "a size",
            Self::Choice(_) => "one of its words",
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Bool => "`on` or `off`",
            Self::Integer => "digits, such as `5`",
            Self::Port => "a number from 0 to 65535",
            Self::Time => "seconds such as `5`, or `500ms`, `5s`, `1m`, `1h`, `1d`",
            Self::Size => "bytes such as `32000`, or `32k`, `5M`, `1G` (thousands)",
            Self::Text | Self::Texts | Self::Choice(_) | Self::Unused(_) => "a text",
        }
    }
}

/// A warning for each property of a section that is accepted and changes nothing.
pub fn unused(section: &Section, tables: &'static [&'static [Key]]) -> Mistakes {
    let mut warnings = Mistakes::new();
    for property in &section.properties {
        let Some(Kind::Unused(why)) = find(tables, &property.key).map(|key| key.kind) else {
            continue;
        };
        let message = format!("{} has no effect: {why}", quoted(&property.key));
        let mistake = Mistake::at(&property.key_place, message).label("accepted, not used");
        warnings.push(mistake.remedy("it can be removed").warning());
    }
    warnings
}

#[cfg(test)]
mod tests;
