//! Whether a template is a JSON document is decided here, and with it how the value of each hole is written.

use serde_json::Value;

use super::scan::Piece;
use super::write::Place;

/// What a piece does to the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Effect {
    /// Writes a value here.
    Emit,
    /// Starts branches: `if`, `for`.
    Open,
    /// Ends a branch and starts the next one: `else`, `elif`, `empty`.
    Next,
    /// Ends the last branch.
    Close,
    /// Leaves the text alone.
    None,
}

/// One place per piece. In JSON mode holes are escaped or quoted; otherwise every place is plain text.
pub(crate) fn places(pieces: &[Piece], text: &str) -> Vec<Place> {
    let tagged = pieces.iter().any(|piece| matches!(piece, Piece::Tag(_)));
    let json = if tagged {
        looks_like_json(pieces, text)
    } else {
        is_json(pieces)
    };
    let plain = || vec![Place::Text; pieces.len()];
    if json {
        in_literals(pieces, text).unwrap_or_else(plain)
    } else {
        plain()
    }
}

/// Without tags the question has an exact answer: with `null` for every hole it must be an object or array.
/// `null` and not a digit, because a digit could merge with a number beside it.
fn is_json(pieces: &[Piece]) -> bool {
    let mut skeleton = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => skeleton.push_str(text),
            Piece::Hole(_) | Piece::Tag(_) => skeleton.push_str("null"),
        }
    }
    matches!(
        serde_json::from_str(&skeleton),
        Ok(Value::Object(_) | Value::Array(_))
    )
}

/// With tags the ends decide: the first thing written is `{` or `[`, the last one its counterpart.
fn looks_like_json(pieces: &[Piece], text: &str) -> bool {
    let mut first = None;
    let mut last = None;
    for piece in pieces {
        let (start, end) = match piece {
            Piece::Text(text) => (
                text.trim_start().chars().next(),
                text.trim_end().chars().next_back(),
            ),
            Piece::Hole(_) => (Some(' '), Some(' ')),
            Piece::Tag(inner)
                if effect(text.get(inner.clone()).unwrap_or_default()) == Effect::Emit =>
            {
                (Some(' '), Some(' '))
            }
            Piece::Tag(_) => (None, None),
        };
        first = first.or(start);
        last = end.or(last);
    }
    matches!(
        (first, last),
        (Some('{'), Some('}')) | (Some('['), Some(']'))
    )
}

fn effect(tag: &str) -> Effect {
    match tag.split_whitespace().next().unwrap_or_default() {
        "if" | "ifequal" | "ifunequal" | "for" => Effect::Open,
        "else" | "elif" | "empty" => Effect::Next,
        "endif" | "endifequal" | "endifunequal" | "endfor" => Effect::Close,
        "cycle" | "firstof" | "sum" | "now" => Effect::Emit,
        _ => Effect::None,
    }
}

/// Where in JSON a text stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    Outside,
    Literal,
    /// After a backslash or within `\u1234`: so many characters of the escape are still to come.
    Escape(u8),
}

impl Position {
    fn after(self, letter: char) -> Self {
        match (self, letter) {
            (Self::Outside, '"') => Self::Literal,
            (Self::Outside, _) | (Self::Literal, '"') => Self::Outside,
            (Self::Literal, '\\') => Self::Escape(0),
            (Self::Escape(0), 'u') => Self::Escape(4),
            (Self::Literal | Self::Escape(0 | 1), _) => Self::Literal,
            (Self::Escape(left), _) => Self::Escape(left - 1),
        }
    }
}

/// Branches of a tag that have begun.
struct Branches {
    start: Position,
    /// Where the finished branches stopped.
    end: Option<Position>,
    /// Whether the last branch is taken when no other one is.
    complete: bool,
}

/// The place of every piece, or nothing if branches disagree on being inside a string literal.
fn in_literals(pieces: &[Piece], text: &str) -> Option<Vec<Place>> {
    let mut position = Position::Outside;
    let mut open: Vec<Branches> = Vec::new();
    let mut places = Vec::with_capacity(pieces.len());
    for piece in pieces {
        places.push(if position == Position::Outside {
            Place::Bare
        } else {
            Place::InString
        });
        match piece {
            Piece::Text(text) => position = text.chars().fold(position, Position::after),
            _ if matches!(position, Position::Escape(_)) => return None,
            Piece::Hole(_) => {}
            Piece::Tag(inner) => {
                let tag = text.get(inner.clone()).unwrap_or_default();
                position = branch(tag, position, &mut open)?;
            }
        }
    }
    (position == Position::Outside && open.is_empty()).then_some(places)
}

fn branch(tag: &str, position: Position, open: &mut Vec<Branches>) -> Option<Position> {
    match effect(tag) {
        Effect::Emit | Effect::None => Some(position),
        Effect::Open => {
            open.push(Branches {
                start: position,
                end: None,
                complete: false,
            });
            Some(position)
        }
        Effect::Next => {
            let branches = open.last_mut()?;
            branches.complete = !tag.trim_start().starts_with("elif");
            let agreed = *branches.end.get_or_insert(position) == position;
            agreed.then_some(branches.start)
        }
        Effect::Close => {
            let branches = open.pop()?;
            let agreed = branches.end.is_none_or(|end| end == position);
            (agreed && (branches.complete || branches.start == position)).then_some(position)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::names::Dialect;
    use super::super::scan::{Piece, split};
    use super::{Place, places};

    /// The places of the holes.
    fn holes(text: &str) -> Vec<Place> {
        let pieces = split(text, Dialect::Moclojer).unwrap();
        let places = places(&pieces, text);
        pieces
            .iter()
            .zip(places)
            .filter(|(piece, _)| matches!(piece, Piece::Hole(_)))
            .map(|(_, place)| place)
            .collect()
    }

    #[test]
    fn holes_of_a_document_know_whether_they_are_in_a_literal() {
        use Place::{Bare, InString, Text};
        assert_eq!(holes(r#"{"a": "{{x}}", "b": {{y}}}"#), [InString, Bare]);
        assert_eq!(holes(r#" ["\"{{x}}", {{y}}] "#), [InString, Bare]);
        assert_eq!(holes(r#"{"{{k}}": 1}"#), [InString]);
        assert_eq!(holes(r#""{{x}}""#), [Text], "a JSON string alone is text");
        assert_eq!(holes("{{x}}"), [Text]);
        assert_eq!(holes("[info] {{x}}"), [Text]);
    }

    #[test]
    fn holes_that_would_break_the_document_make_it_text() {
        use Place::Text;
        assert_eq!(holes(r#"{"a": 1{{x}}}"#), [Text], "merges with the number");
        assert_eq!(holes(r#"{"a": {{x}}{{y}}}"#), [Text, Text]);
        assert_eq!(holes(r#"{"a": "\u00{{x}}"}"#), [Text]);
        assert_eq!(holes(r#"{"a": "{{x}}}"#), [Text]);
    }

    #[test]
    fn tags_are_judged_by_ends_and_agreeing_branches() {
        use Place::{Bare, InString, Text};
        assert_eq!(
            holes(r#"{"a": {% if x %}"{{x}}"{% else %}{{y}}{% endif %}}"#),
            [InString, Bare]
        );
        assert_eq!(holes("[{% for x in y %}{{x}}{% endfor %}]"), [Bare]);
        assert_eq!(
            holes(r#"{"a": "{% if x %}b"{% endif %}, {{x}}}"#),
            [Text],
            "branches disagree"
        );
        assert_eq!(holes("{% if x %}{{x}}{% endif %}]"), [Text]);
        assert_eq!(holes("[x] {% if x %}y{% endif %}{{x}}"), [Text]);
    }
}
