//! A Moclojer `pattern:` becomes a matcher: JSON with holes, a text with holes, a regex, or a text.

use sockeye_core::document::{Node, NodeValue};
use sockeye_core::{Mistake, Place};
use sockeye_script::template::Step;

use crate::dialect::Reading;
use crate::matcher::Matcher;
use crate::matcher::discriminator::Word;
use crate::matcher::regex::{RegexMistake, UNSUPPORTED, WholeText};
use crate::matcher::shape::{JsonShape, Number, Piece, Shape, TextShape};

/// Marks that stand for a hole while a pattern is read as JSON; both are for private use in Unicode.
const OPEN: char = '\u{E0F0}';
const CLOSE: char = '\u{E0F1}';

/// Characters that make a text a regular expression.
const REGEX: &[char] = &[
    '\\', '^', '$', '.', '|', '?', '*', '+', '(', ')', '[', ']', '{', '}',
];

/// Decides what a pattern is and prepares it.
pub(super) fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Box<dyn Matcher>> {
    let text = match &node.value {
        NodeValue::Str(text) => text.clone(),
        NodeValue::Map(_) | NodeValue::Seq(_) => node.to_json().to_string(),
        // A number would match the text and not the number it looks like.
        _ => node.as_text("`pattern`", reading.mistakes)?.to_owned(),
    };
    let holes = find_holes(node, &text, reading)?;
    if let Some(shape) = as_json(&text, &holes) {
        return Some(Box::new(JsonShape::new(shape, "JSON template")));
    }
    if !holes.is_empty() {
        if text
            .trim_start()
            .strip_prefix('{')
            .is_some_and(|rest| rest.trim_start().starts_with('"'))
        {
            let mistake = Mistake::at(&node.place, "the pattern starts like JSON, but is none");
            let remedy = "correct the JSON; as it is, the message must be this text";
            reading.mistake(mistake.remedy(remedy).warning());
        }
        return Some(Box::new(TextShape::new(pieces_between(&text, &holes))));
    }
    if !text.contains(REGEX) {
        return Some(Box::new(Word::text_or_field(text)));
    }
    match WholeText::new(&text) {
        Ok(regex) => Some(Box::new(regex)),
        Err(wrong) => {
            reading.mistake(regex_mistake(node, &text, wrong));
            None
        }
    }
}

fn regex_mistake(node: &Node, text: &str, wrong: RegexMistake) -> Mistake {
    let looks_like_json = text.trim_start().starts_with(['{', '[']);
    match wrong {
        RegexMistake::Syntax(_) if looks_like_json && text.contains('"') => not_json(node, text)
            .remedy("correct the JSON, or write `\\{` for a brace in a regular expression"),
        RegexMistake::Syntax(fault) => {
            Mistake::at(&node.place_within(fault.at), fault.message).remedy(fault.remedy)
        }
        RegexMistake::Notation(notation) => {
            let at = text.find(notation).unwrap_or(0);
            let place = node.place_within(at..at + notation.len());
            let remedy = UNSUPPORTED.iter().find(|(token, _)| *token == notation);
            let mistake = Mistake::at(&place, wrong.to_string());
            remedy.map_or(mistake.clone(), |(_, remedy)| mistake.remedy(*remedy))
        }
    }
}

/// Where a text that looks like JSON stops being it.
fn not_json(node: &Node, text: &str) -> Mistake {
    let message = "the pattern is neither JSON nor a regular expression";
    let Err(error) = serde_json::from_str::<serde_json::Value>(text) else {
        return Mistake::at(&node.place, message);
    };
    let lines = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1));
    let at = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
    let place = node.place_within(at..text.ceil_char_boundary(at + 1).min(text.len()));
    let reason = error.to_string();
    let reason = reason.split(" at line ").next().unwrap_or_default();
    Mistake::at(&place, message).label(format!("as JSON: {reason}"))
}

/// A hole of a pattern: where it stands and what it is called.
#[derive(Debug)]
struct Hole {
    start: usize,
    end: usize,
    name: Vec<Step>,
}

/// The holes of `text`. `None`: one of them has no end.
fn find_holes(node: &Node, text: &str, reading: &mut Reading<'_>) -> Option<Vec<Hole>> {
    let mut holes = Vec::new();
    let mut from = 0;
    while let Some(start) = text[from..].find("{{").map(|at| from + at) {
        let Some(end) = text[start..].find("}}").map(|at| start + at + 2) else {
            let place = node.place_within(start..text.len());
            let mistake = Mistake::at(&place, "a hole is opened with `{{` and never closed");
            reading.mistake(mistake.remedy("close it with `}}`"));
            return None;
        };
        let name = text[start + 2..end - 2].trim();
        let field = name.strip_prefix("json-params.");
        if field.is_none() && name != "message" {
            warn(&node.place_within(start..end), name, reading);
        }
        holes.push(Hole {
            start,
            end,
            name: field.map(steps).unwrap_or_default(),
        });
        from = end;
    }
    Some(holes)
}

/// A hole in a pattern does not compare with a value; its author may think so.
fn warn(place: &Place, name: &str, reading: &mut Reading<'_>) {
    let text = format!("a hole in a pattern matches anything, also `{name}`");
    let remedy = "holes that a response shall use are called `{{json-params.NAME}}`";
    reading.mistake(Mistake::at(place, text).remedy(remedy).warning());
}

/// `user.tags[0]` to its steps.
fn steps(name: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    for part in name.split('.') {
        let mut words = part.split('[');
        steps.extend(words.next().map(|key| Step::Key(key.to_owned())));
        let positions = words.filter_map(|word| word.strip_suffix(']')?.trim().parse().ok());
        steps.extend(positions.map(Step::Index));
    }
    steps
}

/// The shape of a pattern that is a JSON object or array once its holes are filled.
fn as_json(text: &str, holes: &[Hole]) -> Option<Shape> {
    let first = text.trim_start().chars().next()?;
    if !matches!(first, '{' | '[') || text.contains([OPEN, CLOSE]) {
        return None;
    }
    let mut filled = String::with_capacity(text.len());
    let mut in_string = false;
    let mut from = 0;
    for (index, hole) in holes.iter().enumerate() {
        in_string = ends_in_string(&text[from..hole.start], in_string);
        filled.push_str(&text[from..hole.start]);
        let quote = if in_string { "" } else { "\"" };
        let mark = format!("{quote}{OPEN}{index}{CLOSE}{quote}");
        filled.push_str(&mark);
        from = hole.end;
    }
    filled.push_str(&text[from..]);
    let value = serde_json::from_str(&filled).ok()?;
    Some(shape_of(value, holes))
}

/// Whether a JSON string is open at the end of `text`.
fn ends_in_string(text: &str, mut in_string: bool) -> bool {
    let mut escaped = false;
    for letter in text.chars() {
        in_string ^= letter == '"' && !escaped;
        escaped = in_string && letter == '\\' && !escaped;
    }
    in_string
}

fn shape_of(value: serde_json::Value, holes: &[Hole]) -> Shape {
    use serde_json::Value;
    match value {
        Value::Null => Shape::Null,
        Value::Bool(value) => Shape::Bool(value),
        Value::Number(number) => Shape::Number(number.as_i128().map_or_else(
            || Number::Decimal(number.as_f64().unwrap_or_default()),
            Number::Whole,
        )),
        Value::String(text) => text_shape(&text, holes),
        Value::Array(items) => Shape::List(
            items
                .into_iter()
                .map(|item| shape_of(item, holes))
                .collect(),
        ),
        Value::Object(members) => {
            let members = members.into_iter();
            Shape::Object(
                members
                    .map(|(key, value)| (key, shape_of(value, holes)))
                    .collect(),
            )
        }
    }
}

fn text_shape(text: &str, holes: &[Hole]) -> Shape {
    let mut pieces = Vec::new();
    for (at, part) in text.split(OPEN).enumerate() {
        let fixed = match part.split_once(CLOSE) {
            Some((index, fixed)) if at > 0 => {
                let hole = index.parse().ok().and_then(|index: usize| holes.get(index));
                pieces.extend(hole.map(|hole| Piece::Hole(hole.name.clone())));
                fixed
            }
            _ => part,
        };
        if !fixed.is_empty() {
            pieces.push(Piece::Fixed(fixed.to_owned()));
        }
    }
    match pieces.as_slice() {
        [Piece::Hole(name)] => Shape::Hole(name.clone()),
        [] | [Piece::Fixed(_)] => Shape::Text(text.to_owned()),
        _ => Shape::Pieces(pieces),
    }
}

fn pieces_between(text: &str, holes: &[Hole]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for hole in holes {
        if hole.start > from {
            pieces.push(Piece::Fixed(text[from..hole.start].to_owned()));
        }
        pieces.push(Piece::Hole(hole.name.clone()));
        from = hole.end;
    }
    if from < text.len() {
        pieces.push(Piece::Fixed(text[from..].to_owned()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use sockeye_core::document::parse_yaml;
    use sockeye_core::{Mistakes, Source};
    use sockeye_net::Message;
    use sockeye_script::template::Dialect;

    use super::*;
    use crate::incoming::Incoming;
    use crate::load::Overrides;
    use crate::matcher::Captures;

    fn matcher(pattern: &str) -> Box<dyn Matcher> {
        let yaml = serde_json::Value::from(pattern).to_string();
        let node = parse_yaml(&Source::new("test.yaml", yaml)).unwrap();
        let mut mistakes = Mistakes::new();
        let mut reading = Reading {
            dialect: Dialect::Moclojer,
            mistakes: &mut mistakes,
            lenient: false,
            serving: false,
            overrides: &Overrides::default(),
        };
        read(&node, &mut reading).unwrap()
    }

    /// What the holes caught, or `None` where the pattern does not match.
    fn caught(pattern: &str, message: &str) -> Option<Vec<String>> {
        let matcher = matcher(pattern);
        let incoming = Incoming::new(Message::Text(message));
        let mut captures = Captures::default();
        matcher.matches(&incoming, &mut captures).then(|| {
            let holes = captures
                .holes
                .iter()
                .map(|(name, value)| format!("{}={}", name.len(), value.to_value()));
            let groups = captures
                .groups
                .iter()
                .map(|(name, text)| format!("{name}={text}"));
            holes.chain(groups).collect()
        })
    }

    #[test]
    fn each_kind_of_pattern_is_recognised() {
        for (pattern, kind) in [
            (r#"{"echo": "{{json-params.echo}}"}"#, "JSON template"),
            (r#"{"n": {{json-params.n}}}"#, "JSON template"),
            ("[1, 2]", "JSON template"),
            ("hello {{json-params.name}}", "text with holes"),
            ("ping", "text"),
            ("hi there", "text"),
            (".*", "regex"),
            ("x|y", "regex"),
            ("[a-z]+", "regex"),
            (r#"\{"action":\s*"x"\}"#, "regex"),
        ] {
            assert_eq!(matcher(pattern).kind(), kind, "{pattern}");
        }
    }

    #[test]
    fn a_json_pattern_is_a_subset_with_holes() {
        let pattern = r#"{"echo": "{{json-params.echo}}"}"#;
        assert_eq!(
            caught(pattern, r#"{"echo":"hi","other":1}"#),
            Some(vec!["1=\"hi\"".into()])
        );
        assert_eq!(caught(pattern, r#"{"echo":5}"#), Some(vec!["1=5".into()]));
        assert_eq!(caught(pattern, r#"{"noecho":1}"#), None);
        assert_eq!(caught(pattern, "not json"), None);
        let nested = r#"{"user":{"id":"{{json-params.user.id}}"}}"#;
        assert_eq!(
            caught(nested, r#"{"user":{"id":7}}"#),
            Some(vec!["2=7".into()])
        );
        let bare = r#"{"n": {{json-params.n}}}"#;
        assert_eq!(caught(bare, r#"{"n":[1]}"#), Some(vec!["1=[1]".into()]));
    }

    #[test]
    fn a_plain_word_is_the_text_or_a_telling_field() {
        assert!(caught("join", "join").is_some());
        for field in ["type", "action", "event", "op", "method", "cmd"] {
            assert!(
                caught("join", &format!(r#"{{"{field}":"join"}}"#)).is_some(),
                "{field}"
            );
        }
        for other in [r#"{"name":"join"}"#, r#"["join"]"#, "JOIN", " join"] {
            assert!(caught("join", other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_regex_matches_the_whole_text_also_over_lines() {
        assert!(caught(".*", "a\nb").is_some());
        assert!(caught("x|y", "xy").is_none());
        assert!(caught("(?i)shout", "SHOUT").is_some());
        assert_eq!(
            caught("hi (?<name>.*)", "hi bob"),
            Some(vec!["name=bob".into()])
        );
        assert!(caught(r"(a)\1(?!c)", "aa").is_some());
    }
}
