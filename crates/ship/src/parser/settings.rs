//! A `[PARSER]` section becomes a parser, or mistakes.

use sockeye_core::{Mistake, Mistakes, quoted};

use super::decoders::Decoder;
use super::{Parser, Pattern, Reading, Rules, StampFormat, types::Types};
use crate::plan::Section;
use crate::properties::{Key, Kind, Properties};

/// What a `[PARSER]` section may say.
pub const KEYS: &[Key] = &[
    Key::new(
        "format",
        Kind::Choice(&["json", "regex", "logfmt", "ltsv"]),
        None,
        "how the text is written: json, regex, logfmt or ltsv",
    ),
    Key::new(
        "regex",
        Kind::Text,
        None,
        "the pattern of `format regex`, with named groups",
    ),
    Key::new(
        "time_key",
        Kind::Text,
        None,
        "the key whose value is the record's time",
    ),
    Key::new(
        "time_format",
        Kind::Text,
        None,
        "how that time is written, as strptime has it, and %L for a fraction",
    ),
    Key::new(
        "time_offset",
        Kind::Text,
        None,
        "the zone of times that name none, such as +0200",
    ),
    Key::new(
        "time_keep",
        Kind::Bool,
        Some("off"),
        "whether the time's key stays in the record",
    ),
    Key::new(
        "time_strict",
        Kind::Unused("a time that cannot be read stays in the record"),
        None,
        "accepted for existing files",
    ),
    Key::new(
        "types",
        Kind::Text,
        None,
        "types of values: `code:integer took:float ok:bool id:hex`",
    ),
    Key::new(
        "skip_empty_values",
        Kind::Bool,
        Some("on"),
        "whether groups that matched nothing are left out",
    ),
    Key::new(
        "logfmt_no_bare_keys",
        Kind::Bool,
        Some("off"),
        "whether a key without `=` makes the text unreadable",
    ),
    Key::new(
        "decode_field_as",
        Kind::Texts,
        None,
        "reads the text under a key once more: `json KEY` or `escaped KEY`",
    ),
    Key::new(
        "decode_field",
        Kind::Texts,
        None,
        "the same, and adds the pairs of an object beside the key: `json KEY`",
    ),
    Key::new(
        "time_system_timezone",
        Kind::Unused("a time without a zone is in that of `time_offset`"),
        None,
        "accepted for existing files",
    ),
];

pub(super) fn parser(section: &Section) -> Result<Parser, Mistakes> {
    let properties = Properties::read(section, &[KEYS])?;
    let reading = reading(&properties)?;
    let rules = rules(&properties)?;
    Ok(Parser {
        name: section.plugin.clone(),
        reading,
        rules,
    })
}

fn reading(properties: &Properties<'_>) -> Result<Reading, Mistake> {
    properties.need("format")?;
    Ok(match properties.choice("format") {
        Some("regex") => {
            let text = properties.need("regex")?;
            let pattern = Pattern::new(text).map_err(|fault| {
                let message = format!("the regular expression cannot be read: {fault}");
                properties.mistake("regex", message).label("here")
            })?;
            if pattern.names().next().is_none() {
                let mistake = properties.mistake("regex", "the regular expression names no group");
                return Err(mistake.remedy("name what is to be kept: `(?<name>[^ ]+)`"));
            }
            Reading::Regex(pattern)
        }
        Some("logfmt") => Reading::Logfmt {
            takes_bare_keys: !properties.flag("logfmt_no_bare_keys"),
        },
        Some("ltsv") => Reading::Ltsv,
        _ => Reading::Json,
    })
}

fn rules(properties: &Properties<'_>) -> Result<Rules, Mistake> {
    let offset = match properties.text("time_offset") {
        None => 0,
        Some(text) => super::stamp::offset(text.as_bytes()).ok_or_else(|| {
            let message = format!("{} is no offset from UTC", quoted(text));
            properties
                .mistake("time_offset", message)
                .remedy("write it as `+0200`")
        })?,
    };
    let stamp = match properties.text("time_format") {
        None => None,
        Some(text) => Some(StampFormat::new(text, offset).map_err(|what| {
            let message = format!("`time_format` has {what}");
            let remedy = "known are the conversions of strptime, and %L for a fraction of a second";
            properties.mistake("time_format", message).remedy(remedy)
        })?),
    };
    let types = match properties.text("types") {
        None => Types::default(),
        Some(text) => Types::of(text).map_err(|word| {
            let message = format!("{} is no type of a key", quoted(&word));
            properties
                .mistake("types", message)
                .remedy("write `key:type` with integer, float, bool, hex or string")
        })?,
    };
    let mut decoders = Vec::new();
    let written = properties.section().properties.iter();
    for property in written.filter(|property| property.key.starts_with("decode_field")) {
        let replaces = property.key == "decode_field_as";
        decoders.push(Decoder::of(&property.value, replaces).map_err(|what| {
            Mistake::at(&property.place, what).remedy(
                "write `json KEY` or `escaped KEY`, and `try_next` or `do_next` behind if wanted",
            )
        })?);
    }
    // A format without a key is for the key `time`, as the reference has it.
    let time_key = properties
        .text("time_key")
        .or(stamp.as_ref().map(|_| "time"));
    Ok(Rules {
        time_key: time_key.map(|key| key.as_bytes().to_vec()),
        stamp,
        keeps_time: properties.flag("time_keep"),
        types,
        skips_empty: properties.flag("skip_empty_values"),
        decoders,
    })
}
