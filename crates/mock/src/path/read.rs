//! The segments of a written path pattern on their way to being matched, each mistake with its place.

use std::ops::Range;

use percent_encoding::percent_decode_str;

use super::{KINDS, Notation, PathMistake, Segment};

/// The parameter's name and kind as written, if the segment is one.
fn braced(part: &str, notation: Notation) -> Option<&str> {
    match notation {
        Notation::Colon => part.strip_prefix(':'),
        Notation::Braces => part
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}')),
    }
}

/// The name of the parameter, if the segment is one.
pub(super) fn named(part: &str, notation: Notation) -> Option<&str> {
    let name = braced(part, notation)?;
    Some(name.split_once('|').map_or(name, |(name, _)| name))
}

/// A mistake with its remedy.
pub(super) fn mistake(
    message: impl Into<String>,
    at: Range<usize>,
    remedy: impl Into<String>,
) -> PathMistake {
    PathMistake {
        message: message.into(),
        at,
        remedy: Some(remedy.into()),
    }
}

impl PathMistake {
    /// The same about a part that starts at byte `start`.
    pub(super) fn moved(mut self, start: usize) -> Self {
        self.at = self.at.start + start..self.at.end + start;
        self
    }
}

/// What holds for the whole path, whatever its segments.
pub(super) fn check_letters(written: &str) -> Result<(), PathMistake> {
    let all = 0..written.len();
    if !written.starts_with('/') {
        let rest = written.strip_prefix("./").unwrap_or(written);
        return Err(mistake(
            "a path starts with `/`",
            all,
            format!("write `/{rest}`"),
        ));
    }
    let end = written.find(['?', '#']).unwrap_or(written.len());
    if let Some((at, letter)) = written[..end]
        .char_indices()
        .find(|(_, letter)| letter.is_whitespace() || letter.is_control())
    {
        let at = at..at + letter.len_utf8();
        return Err(match letter {
            ' ' => mistake(
                "a path has no blanks",
                at,
                "write `%20` for a blank, or remove it",
            ),
            _ => mistake("a path has no control characters", at, "remove it"),
        });
    }
    let rest = &written[end..];
    if rest.is_empty() {
        return Ok(());
    }
    let remedy = format!("remove `{rest}`");
    Err(if rest.starts_with('?') {
        let remedy = format!("{remedy}; requests match whatever their query is");
        mistake("a path has no query", end..written.len(), remedy)
    } else {
        mistake("a path has no fragment", end..written.len(), remedy)
    })
}

impl Segment {
    /// Reads one segment.
    pub(super) fn parse(part: &str, notation: Notation) -> Result<Self, PathMistake> {
        match (braced(part, notation), part) {
            (Some(named), _) => Self::parameter(part, named, notation),
            (None, "**") if notation == Notation::Braces => Ok(Self::Rest),
            (None, "*") if notation == Notation::Braces => Ok(Self::Star),
            (None, _) => Self::literal(part, notation),
        }
    }

    fn literal(part: &str, notation: Notation) -> Result<Self, PathMistake> {
        let all = 0..part.len();
        let inner = part.trim_start_matches([':', '{']).trim_end_matches('}');
        if notation == Notation::Colon && part.contains(['{', '}']) {
            let text = "braces are no parameter in a Moclojer file";
            return Err(mistake(text, all, format!("write `:{inner}`")));
        }
        if notation == Notation::Braces && part.contains(['{', '}']) {
            let text = "a parameter is a whole segment between two slashes";
            return Err(mistake(text, all, "let `{name}` be all of its segment"));
        }
        if notation == Notation::Braces && part.len() > 1 && part.starts_with(':') {
            let text = "a colon is no parameter in a MockForge file";
            let remedy = format!("write `{{{inner}}}`, or `%3A{inner}` for the colon itself");
            return Err(mistake(text, all, remedy));
        }
        if notation == Notation::Braces && part.contains('*') {
            let text = "`*` stands for a whole segment between two slashes";
            return Err(mistake(
                text,
                all,
                "write `*` alone, or `%2A` for the star itself",
            ));
        }
        if let Ok(text) = percent_decode_str(part).decode_utf8() {
            return Ok(Self::Literal(text.into_owned()));
        }
        let text = "a path is UTF-8, also where it is percent-encoded";
        let remedy = "encode each byte of its UTF-8 form, `%C3%A9` for `é`";
        Err(mistake(text, all, remedy))
    }

    fn parameter(part: &str, named: &str, notation: Notation) -> Result<Self, PathMistake> {
        let (name, kind) = named.split_once('|').unwrap_or((named, "string"));
        let right = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
        if name.is_empty() || !name.chars().all(right) {
            let text = "a path parameter has a name of letters, digits, `-` and `_`";
            let example = match notation {
                Notation::Colon => "name it, such as `:id`",
                Notation::Braces => "name it, such as `{id}`",
            };
            return Err(mistake(text, 0..part.len(), example));
        }
        if let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == kind) {
            return Ok(Self::Parameter(name.to_owned(), *kind));
        }
        let start = part.find('|').map_or(0, |bar| bar + 1);
        Err(PathMistake {
            message: format!("there is no parameter type {}", sockeye_core::quoted(kind)),
            at: start..start + kind.len(),
            remedy: None,
        })
    }
}
