//! Path patterns of routes: `/ws/:room`, `/users/:id|int`, `/chat/{room}`, `/files/**`.

use std::cmp::Ordering;
use std::fmt;

use percent_encoding::percent_decode_str;

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

/// What is wrong with a pattern. `part` is the segment to point at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathMistake {
    /// What is wrong.
    pub message: String,
    /// The part of the pattern it is about.
    pub part: String,
    /// The word for which a known one was expected.
    pub unknown_kind: Option<String>,
}

/// Parameters of a matched path, decoded, in order of appearance.
pub type Parameters = Vec<(Box<str>, Box<str>)>;

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
        let mistake = |message: &str, part: &str| PathMistake {
            message: message.to_owned(),
            part: part.to_owned(),
            unknown_kind: None,
        };
        if !written.starts_with('/') {
            return Err(mistake("a path starts with `/`", written));
        }
        if let Some(at) = written.find(['?', '#']) {
            return Err(mistake(
                "a path has no query and no fragment",
                &written[at..],
            ));
        }
        let mut segments = Vec::new();
        for part in split(written) {
            if segments.last() == Some(&Segment::Rest) {
                return Err(mistake("nothing can follow `**`", part));
            }
            segments.push(Segment::parse(part, notation)?);
        }
        let pattern = Self {
            written: written.to_owned(),
            segments,
        };
        match pattern.name_used_twice() {
            Some(name) => Err(mistake(
                &format!("the parameter `{name}` occurs twice"),
                name,
            )),
            None => Ok(pattern),
        }
    }

    fn name_used_twice(&self) -> Option<&str> {
        let mut seen: Vec<&str> = Vec::new();
        self.names().find(|name| {
            let again = seen.contains(name);
            seen.push(name);
            again
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

    /// Matches a request path, percent-encoded as it came. `None`: another shape.
    pub fn matches(&self, path: &str) -> Option<Result<Parameters, BadParameter>> {
        let mut parts = split(path);
        let mut parameters = Parameters::new();
        for segment in &self.segments {
            if *segment == Segment::Rest {
                return Some(Ok(parameters));
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
                    parameters.push((name.as_str().into(), part.into()));
                }
                Segment::Literal(_) | Segment::Star | Segment::Rest => {}
            }
        }
        parts.next().is_none().then_some(Ok(parameters))
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
    fn parse(part: &str, notation: Notation) -> Result<Self, PathMistake> {
        let named = match notation {
            Notation::Colon => part.strip_prefix(':'),
            Notation::Braces => part
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}')),
        };
        match (named, part) {
            (Some(named), _) => Self::parameter(part, named),
            (None, "**") if notation == Notation::Braces => Ok(Self::Rest),
            (None, "*") if notation == Notation::Braces => Ok(Self::Star),
            (None, _) => Self::literal(part),
        }
    }

    fn literal(part: &str) -> Result<Self, PathMistake> {
        match percent_decode_str(part).decode_utf8() {
            Ok(text) => Ok(Self::Literal(text.into_owned())),
            Err(_) => Err(PathMistake {
                message: "a path is UTF-8, also where it is percent-encoded".to_owned(),
                part: part.to_owned(),
                unknown_kind: None,
            }),
        }
    }

    fn parameter(part: &str, named: &str) -> Result<Self, PathMistake> {
        let (name, kind) = named.split_once('|').unwrap_or((named, "string"));
        let mistake = |message: String, unknown_kind: Option<String>| PathMistake {
            message,
            part: part.to_owned(),
            unknown_kind,
        };
        let right = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_');
        if name.is_empty() || !name.chars().all(right) {
            let text = "a path parameter has a name of letters, digits, `-` and `_`";
            return Err(mistake(text.to_owned(), None));
        }
        match KINDS.iter().find(|(known, _)| *known == kind) {
            Some((_, kind)) => Ok(Self::Parameter(name.to_owned(), *kind)),
            None => Err(mistake(
                format!("there is no parameter type `{kind}`"),
                Some(kind.to_owned()),
            )),
        }
    }

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
                .into_iter()
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
        let mut patterns = vec![
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
            ("/a?x=1", "a path has no query and no fragment", "?x=1"),
            (
                "/:id|integer",
                "there is no parameter type `integer`",
                ":id|integer",
            ),
            ("/:a/:a", "the parameter `a` occurs twice", "a"),
            (
                "/:",
                "a path parameter has a name of letters, digits, `-` and `_`",
                ":",
            ),
        ] {
            let mistake = PathPattern::parse(written, Notation::Colon).unwrap_err();
            assert_eq!(
                (mistake.message.as_str(), mistake.part.as_str()),
                (message, part)
            );
        }
        let mistake = PathPattern::parse("/**/x", Notation::Braces).unwrap_err();
        assert_eq!(mistake.message, "nothing can follow `**`");
    }
}
