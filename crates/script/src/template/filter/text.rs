//! Filters on texts. Positions and lengths are counted in characters.

use md5::Md5;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{
    Call, Filter, INTEGER, Kind, NONE, ONE, Outcome, TEXT, TEXT_LIMIT, TWO, Takes, entry, push,
};
use crate::template::helper::sha256::hexadecimal;
use crate::template::value::text_of;

/// The filters of this file.
pub(super) const FILTERS: &[Filter] = &[
    entry(("upper", ""), NONE, TEXT, upper, "The text in upper case."),
    entry(("lower", ""), NONE, TEXT, lower, "The text in lower case."),
    entry(
        ("capitalize", ""),
        NONE,
        TEXT,
        capitalize,
        "The text with one capital at its start and small letters after it.",
    ),
    entry(
        ("title", ""),
        NONE,
        TEXT,
        title,
        "The text with every word capitalised.",
    ),
    entry(("str", ""), NONE, TEXT, str, "The value as text."),
    entry(("name", ""), NONE, TEXT, str, "The value as text."),
    entry(
        ("subs", "start end [ending …]"),
        Takes::AtLeast(2),
        &[Kind::Integer, Kind::Integer, Kind::Text],
        subs,
        "The characters from start to before end, from 0; with the ending if something was cut.",
    ),
    entry(
        ("addslashes", ""),
        NONE,
        TEXT,
        addslashes,
        "The text with a backslash before each quote.",
    ),
    entry(
        ("center", "width"),
        ONE,
        INTEGER,
        center,
        "The text with blanks on both sides.",
    ),
    entry(
        ("replace", "search substitute"),
        TWO,
        TEXT,
        replace,
        "The text with every occurrence replaced.",
    ),
    entry(
        ("remove", "characters"),
        ONE,
        TEXT,
        remove,
        "The text without these characters.",
    ),
    entry(
        ("remove-tags", "tag …"),
        Takes::AtLeast(1),
        TEXT,
        remove_tags,
        "The text without these HTML tags; what they enclose stays.",
    ),
    entry(
        ("linebreaks", ""),
        NONE,
        TEXT,
        linebreaks,
        "The text as HTML paragraphs.",
    ),
    entry(
        ("linebreaks-br", ""),
        NONE,
        TEXT,
        linebreaks_br,
        "The text with `<br />` for line ends.",
    ),
    entry(
        ("linenumbers", ""),
        NONE,
        TEXT,
        linenumbers,
        "The text with numbers before its lines.",
    ),
    entry(
        ("urlescape", ""),
        NONE,
        TEXT,
        urlescape,
        "The text percent-encoded as in a form; blanks become `+`.",
    ),
    Filter {
        check: check_hash,
        ..entry(
            ("hash", "algorithm"),
            ONE,
            TEXT,
            hash,
            "The digest in hexadecimal digits: md5, sha, sha256, sha384 or sha512.",
        )
    },
];

/// What a form leaves as it is; blanks become `+`.
const FORM: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'.')
    .remove(b'-')
    .remove(b'*')
    .remove(b'_')
    .remove(b' ');

/// Applies `change` to the text of the value; nothing stays nothing.
fn changed(call: &Call<'_>, change: impl FnOnce(&str) -> String) -> Outcome {
    if call.value.is_null() {
        return Ok(Value::Null);
    }
    Ok(Value::String(change(&text_of(&call.value))))
}

pub(super) fn upper(call: Call<'_>) -> Outcome {
    changed(&call, str::to_uppercase)
}

pub(super) fn lower(call: Call<'_>) -> Outcome {
    changed(&call, str::to_lowercase)
}

pub(super) fn str(call: Call<'_>) -> Outcome {
    Ok(Value::String(text_of(&call.value).into_owned()))
}

pub(super) fn capitalize(call: Call<'_>) -> Outcome {
    changed(&call, capitalized)
}

pub(super) fn title(call: Call<'_>) -> Outcome {
    changed(&call, |text| {
        text.split(' ')
            .map(capitalized)
            .collect::<Vec<_>>()
            .join(" ")
    })
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase);
    first
        .into_iter()
        .flatten()
        .chain(letters.as_str().to_lowercase().chars())
        .collect()
}

pub(super) fn subs(call: Call<'_>) -> Outcome {
    let bound = |index: usize| {
        let text = call.arg(index);
        text.trim()
            .parse::<usize>()
            .map_err(|_| format!("`{text}` is not a position"))
    };
    let (start, end) = (bound(0)?, bound(1)?);
    let ending = call.args.get(2..).unwrap_or_default().concat();
    changed(&call, |text| {
        let length = text.chars().count();
        let cut: String = text
            .chars()
            .skip(start)
            .take(end.saturating_sub(start))
            .collect();
        let shortened = cut.chars().count() != length;
        if shortened { cut + &ending } else { cut }
    })
}

pub(super) fn addslashes(call: Call<'_>) -> Outcome {
    changed(&call, |text| text.replace('"', "\\\"").replace('\'', "\\'"))
}

pub(super) fn center(call: Call<'_>) -> Outcome {
    let width = call
        .arg(0)
        .trim()
        .parse::<usize>()
        .ok()
        .filter(|width| *width <= TEXT_LIMIT);
    let width =
        width.ok_or_else(|| format!("`{}` is not a width from 0 to {TEXT_LIMIT}", call.arg(0)))?;
    changed(&call, |text| {
        let blanks = width.saturating_sub(text.chars().count());
        format!(
            "{}{text}{}",
            " ".repeat(blanks.div_ceil(2)),
            " ".repeat(blanks / 2)
        )
    })
}

pub(super) fn replace(call: Call<'_>) -> Outcome {
    if call.value.is_null() {
        return Ok(Value::Null);
    }
    let text = text_of(&call.value);
    let mut result = String::new();
    for (index, part) in text.split(call.arg(0)).enumerate() {
        if index > 0 {
            push(&mut result, call.arg(1))?;
        }
        push(&mut result, part)?;
    }
    Ok(Value::String(result))
}

pub(super) fn remove(call: Call<'_>) -> Outcome {
    changed(&call, |text| {
        text.chars()
            .filter(|letter| !call.arg(0).contains(*letter))
            .collect()
    })
}

pub(super) fn remove_tags(call: Call<'_>) -> Outcome {
    changed(&call, |text| {
        let mut kept = String::new();
        let mut rest = text;
        while let Some(open) = rest.find('<') {
            let (before, tag) = rest.split_at(open);
            kept.push_str(before);
            let length = tag_length(tag, call.args);
            // What is no such tag is kept, from its `<` on.
            kept.push_str(if length == 0 { "<" } else { "" });
            rest = tag.get(length.max(1)..).unwrap_or_default();
        }
        kept + rest
    })
}

/// The bytes of the opening or closing tag at the start of `text`, if it is one of `tags`; otherwise 0.
fn tag_length(text: &str, tags: &[String]) -> usize {
    let Some(end) = text.find('>') else { return 0 };
    let inner = text.get(1..end).unwrap_or_default();
    let named = inner.strip_prefix('/').unwrap_or(inner);
    let name = named
        .split(|letter: char| letter.is_whitespace() || letter == '/')
        .next()
        .unwrap_or_default();
    if tags.iter().any(|tag| tag.eq_ignore_ascii_case(name)) {
        end + 1
    } else {
        0
    }
}

pub(super) fn linebreaks(call: Call<'_>) -> Outcome {
    changed(&call, |text| {
        let paragraphs = text.replace("\n\n", "</p><p>").replace('\n', "<br />");
        format!(
            "<p>{}</p>",
            paragraphs.strip_suffix("</p><p>").unwrap_or(&paragraphs)
        )
    })
}

pub(super) fn linebreaks_br(call: Call<'_>) -> Outcome {
    changed(&call, |text| text.replace('\n', "<br />"))
}

pub(super) fn linenumbers(call: Call<'_>) -> Outcome {
    changed(&call, |text| {
        let lines = text
            .split('\n')
            .enumerate()
            .map(|(index, line)| format!("{}. {line}", index + 1));
        lines.collect::<Vec<_>>().join("\n")
    })
}

pub(super) fn urlescape(call: Call<'_>) -> Outcome {
    changed(&call, |text| {
        utf8_percent_encode(text, FORM)
            .to_string()
            .replace(' ', "+")
    })
}

pub(super) fn check_hash(args: &[Option<&str>]) -> Result<(), String> {
    match args.first() {
        Some(Some(algorithm)) => digest(algorithm, "").map(|_| ()),
        _ => Ok(()),
    }
}

pub(super) fn hash(call: Call<'_>) -> Outcome {
    digest(call.arg(0), &text_of(&call.value)).map(Value::String)
}

fn digest(algorithm: &str, text: &str) -> Result<String, String> {
    fn of<D: Digest>(text: &str) -> String {
        hexadecimal(&D::digest(text.as_bytes()))
    }
    match algorithm {
        "md5" => Ok(of::<Md5>(text)),
        "sha" => Ok(of::<Sha1>(text)),
        "sha256" => Ok(of::<Sha256>(text)),
        "sha384" => Ok(of::<Sha384>(text)),
        "sha512" => Ok(of::<Sha512>(text)),
        _ => Err(format!(
            "`{algorithm}` is not one of md5, sha, sha256, sha384, sha512"
        )),
    }
}
