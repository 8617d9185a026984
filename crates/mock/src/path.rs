//! Path patterns of routes: `/ws/:room`, `/users/:id|int`, `/chat/{room}`, `/files/**`.

mod read;

use std::cmp::Ordering;
use std::fmt;
use std::ops::Range;

use percent_encoding::percent_decode_str;

use read::{check_letters, mistake, named};

use crate::pairs::Pairs;

/// A path pattern, one segment after another. A slash at the end makes no difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPattern {
    written: String,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// Exactly this text.
    Literal(String),
    /// One segment of a kind, kept under a name.
    Parameter(String, Kind),
    /// Any one segment.
    Star,
    /// The rest, also none.
    Rest,
}

/// What a parameter accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything.
    Text,
    /// A whole number of 64 bits with sign.
    Int,
    /// A decimal number.
    Number,
    /// `true` or `false`.
    Bool,
    /// A UUID with hyphens.
    Uuid,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
}

/// How parameters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `:name` and `:name|kind`, as in Moclojer files.
    Colon,
    /// `{name}`, `*` and `**`, as in MockForge files.
    Braces,
}

/// The names of [`Kind`]s in files; several words may mean the same.
pub const KINDS: &[(&str, Kind)] = &[
    ("string", Kind::Text),
    ("int", Kind::Int),
    ("float", Kind::Number),
    ("double", Kind::Number),
    ("bool", Kind::Bool),
    ("boolean", Kind::Bool),
    ("uuid", Kind::Uuid),
    ("date", Kind::Date),
];

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathMistake {
    /// What is wrong.
    pub message: String,
    /// The bytes of the pattern it is about.
    pub at: Range<usize>,
    /// What to write instead; none where a known word was expected.
    pub remedy: Option<String>,
}

/// Why a path did not match although its shape did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadParameter {
    /// The parameter's name.
    pub name: String,
    /// What it accepts.
    pub kind: Kind,
    /// What came.
    pub found: String,
}

impl Kind {
    /// Whether `text` is of this kind.
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Int => text.parse::<i64>().is_ok(),
            Self::Number => text.parse::<f64>().is_ok_and(f64::is_finite),
            Self::Bool => matches!(text, "true" | "false"),
            Self::Uuid => is_uuid(text),
            Self::Date => text.len() == 10 && text.parse::<sockeye_core::Date>().is_ok(),
        }
    }

    /// In words, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Int => "a whole number",
            Self::Number => "a number",
            Self::Bool => "true or false",
            Self::Uuid => "a UUID",
            Self::Date => "a date like 2025-03-20",
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let lengths = [8, 4, 4, 4, 12];
    let mut groups = text.split('-');
    let right = |length: usize| {
        groups.next().is_some_and(|group| {
            group.len() == length && group.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    };
    lengths.into_iter().all(right) && groups.next().is_none()
}

impl PathPattern {
    /// Reads a pattern.
    pub fn parse(written: &str, notation: Notation) -> Result<Self, PathMistake> {
        check_letters(written)?;
        let mut segments = Vec::new();
        let mut names: Vec<&str> = Vec::new();
        let mut start = 1;
        for part in split(written) {
            if segments.last() == Some(&Segment::Rest) {
                let remedy = "end the path with `**`";
                return Err(mistake(
                    "nothing can follow `**`",
                    start..written.len(),
                    remedy,
                ));
            }
            let segment = Segment::parse(part, notation).map_err(|wrong| wrong.moved(start))?;
            if let Some(name) = named(part, notation) {
                if names.contains(&name) {
                    let text = format!("the parameter `{name}` occurs twice");
                    let remedy = "give each parameter a name of its own";
                    return Err(mistake(text, start..start + part.len(), remedy));
                }
                names.push(name);
            }
            segments.push(segment);
            start += part.len() + 1;
        }
        Ok(Self {
            written: written.to_owned(),
            segments,
        })
    }

    /// The names of the parameters.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.kinds().map(|(name, _)| name)
    }

    /// The names of the parameters with what they accept.
    pub fn kinds(&self) -> impl Iterator<Item = (&str, Kind)> {
        self.segments.iter().filter_map(|segment| match segment {
            Segment::Parameter(name, kind) => Some((name.as_str(), *kind)),
            _ => None,
        })
    }

    /// Matches a request path, percent-encoded as it came: gives its parameters, decoded, in order of
    /// appearance. `None`: another shape.
    pub fn matches(&self, path: &str) -> Option<Result<Pairs, BadParameter>> {
        let mut parts = split(path);
        let mut parameters = Vec::new();
        for segment in &self.segments {
            if *segment == Segment::Rest {
                return Some(Ok(parameters.into_iter().collect()));
            }
            let part = percent_decode_str(parts.next()?).decode_utf8().ok()?;
            match segment {
                Segment::Literal(text) if *text != part => return None,
                Segment::Parameter(name, kind) if !kind.accepts(&part) => {
                    let (name, found) = (name.clone(), part.into_owned());
                    return Some(Err(BadParameter {
                        name,
                        kind: *kind,
                        found,
                    }));
                }
                Segment::Parameter(name, _) => {
                    parameters.push((name.as_str(), part));
                }
                Segment::Literal(_) | Segment::Star | Segment::Rest => {}
            }
        }
        let is_all = parts.next().is_none();
        is_all.then(|| Ok(parameters.into_iter().collect()))
    }

    /// Whether every path of the one is a path of the other, whatever the names.
    pub fn same_shape(&self, other: &Self) -> bool {
        self.segments.len() == other.segments.len()
            && self
                .segments
                .iter()
                .zip(&other.segments)
                .all(|(one, two)| match (one, two) {
                    (Segment::Literal(one), Segment::Literal(two)) => one == two,
                    (Segment::Parameter(_, one), Segment::Parameter(_, two)) => one == two,
                    _ => one == two,
                })
    }

    /// The more special pattern comes first: literal before typed parameter before parameter before
    /// wildcard, from the left.
    pub fn by_rank(&self, other: &Self) -> Ordering {
        let ranks = |pattern: &Self| -> Vec<u8> {
            pattern
                .segments
                .iter()
                .map(Segment::rank)
                .chain([END_RANK])
                .collect()
        };
        ranks(self).cmp(&ranks(other))
    }
}

impl fmt::Display for PathPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// The end of a pattern comes before a `**` at the same place.
const END_RANK: u8 = 4;

impl Segment {
    fn rank(&self) -> u8 {
        match self {
            Self::Literal(_) => 0,
            Self::Parameter(_, kind) if *kind != Kind::Text => 1,
            Self::Parameter(..) => 2,
            Self::Star => 3,
            Self::Rest => 5,
        }
    }
}

/// The segments of a path; `/a/b/` has two, `/` has none.
fn split(path: &str) -> impl Iterator<Item = &str> {
    let inner = path.strip_prefix('/').unwrap_or(path);
    let inner = inner.strip_suffix('/').unwrap_or(inner);
    inner
        .split('/')
        .filter(move |part| !(part.is_empty() && inner.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colon(written: &str) -> PathPattern {
        PathPattern::parse(written, Notation::Colon).unwrap()
    }

    fn parameters(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
        let found = colon(pattern).matches(path)?.unwrap();
        Some(
            found
                .iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }

    #[test]
    fn a_parameter_takes_one_decoded_segment() {
        let expected = vec![("username".to_owned(), "Ann B".to_owned())];
        assert_eq!(
            parameters("/ws/user/:username", "/ws/user/Ann%20B"),
            Some(expected)
        );
        assert_eq!(parameters("/ws/user/:username", "/ws/user"), None);
        assert_eq!(parameters("/ws/user/:username", "/ws/user/a/b"), None);
    }

    #[test]
    fn a_slash_at_the_end_makes_no_difference() {
        for (pattern, path) in [("/a", "/a/"), ("/a/", "/a"), ("/", "/"), ("/", "")] {
            assert!(colon(pattern).matches(path).is_some(), "{pattern} {path}");
        }
        assert!(colon("/a").matches("/a//").is_none());
        assert!(colon("/a/b").matches("/a//b").is_none());
    }

    #[test]
    fn kinds_accept_what_they_say() {
        for (kind, good, bad) in [
            ("int", "-7", "7.5"),
            ("float", "7.5", "x"),
            ("double", "1e3", "inf"),
            ("bool", "true", "TRUE"),
            ("boolean", "false", "0"),
            (
                "uuid",
                "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
                "6ba7b8109dad11d180b400c04fd430c8",
            ),
            ("date", "2024-02-29", "2023-02-29"),
        ] {
            let pattern = colon(&format!("/x/:id|{kind}"));
            assert!(
                pattern.matches(&format!("/x/{good}")).unwrap().is_ok(),
                "{kind} {good}"
            );
            let refused = pattern.matches(&format!("/x/{bad}")).unwrap().unwrap_err();
            assert_eq!((refused.name.as_str(), refused.found.as_str()), ("id", bad));
        }
    }

    #[test]
    fn the_special_pattern_comes_before_the_general_one() {
        let braces = |written| PathPattern::parse(written, Notation::Braces).unwrap();
        let mut patterns = [
            braces("/**"),
            braces("/a/*"),
            braces("/a/{x}"),
            braces("/a/b"),
            braces("/a"),
        ];
        patterns.sort_by(PathPattern::by_rank);
        let order: Vec<String> = patterns.iter().map(ToString::to_string).collect();
        assert_eq!(order, ["/a/b", "/a/{x}", "/a/*", "/a", "/**"]);
        assert_eq!(
            colon("/x/:id|int").by_rank(&colon("/x/:id")),
            Ordering::Less
        );
    }

    #[test]
    fn mistakes_name_the_part() {
        for (written, message, part) in [
            ("ws", "a path starts with `/`", "ws"),
            ("/a?x=1", "a path has no query", "?x=1"),
            ("/a#x", "a path has no fragment", "#x"),
            ("/my room", "a path has no blanks", " "),
            ("/a\tb", "a path has no control characters", "\t"),
            (
                "/:id|integer",
                "there is no parameter type `integer`",
                "integer",
            ),
            ("/:a/b/:a", "the parameter `a` occurs twice", ":a"),
            (
                "/:",
                "a path parameter has a name of letters, digits, `-` and `_`",
                ":",
            ),
            (
                "/a/{id}",
                "braces are no parameter in a Moclojer file",
                "{id}",
            ),
            (
                "/%ff",
                "a path is UTF-8, also where it is percent-encoded",
                "%ff",
            ),
        ] {
            let mistake = PathPattern::parse(written, Notation::Colon).unwrap_err();
            let at = &written[mistake.at.clone()];
            assert_eq!((mistake.message.as_str(), at), (message, part), "{written}");
            assert_eq!(mistake.remedy.is_none(), part == "integer", "{written}");
        }
        let twice = PathPattern::parse("/:a/b/:a", Notation::Colon).unwrap_err();
        assert_eq!(twice.at, 6..8);
    }

    #[test]
    fn mistakes_in_braces_name_the_part() {
        for (written, message, part) in [
            ("/**/x", "nothing can follow `**`", "x"),
            (
                "/{}",
                "a path parameter has a name of letters, digits, `-` and `_`",
                "{}",
            ),
            (
                "/{id}.json",
                "a parameter is a whole segment between two slashes",
                "{id}.json",
            ),
            (
                "/chat/:room",
                "a colon is no parameter in a MockForge file",
                ":room",
            ),
            (
                "/a/*.txt",
                "`*` stands for a whole segment between two slashes",
                "*.txt",
            ),
        ] {
            let mistake = PathPattern::parse(written, Notation::Braces).unwrap_err();
            let at = &written[mistake.at.clone()];
            assert_eq!((mistake.message.as_str(), at), (message, part), "{written}");
        }
        assert!(PathPattern::parse("/chat/%3Aroom/%2A", Notation::Braces).is_ok());
    }
}
