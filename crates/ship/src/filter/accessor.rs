//! A place in a record: a key, or `$key['inner'][0]`, and the value found there.

use crate::record::{Reader, Token};

/// The way to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Accessor {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Key(Vec<u8>),
    Index(u32),
}

impl Accessor {
    /// Of a key, or of a way that starts with `$`. What is no way is a key.
    pub(super) fn of(text: &str) -> Self {
        let steps = text.strip_prefix('$').and_then(steps);
        Self {
            steps: steps.unwrap_or_else(|| vec![Step::Key(text.as_bytes().to_vec())]),
        }
    }

    /// The value there in a map: its bytes from there on.
    pub(super) fn find<'a>(&self, map: &'a [u8]) -> Option<&'a [u8]> {
        self.steps
            .iter()
            .try_fold(map, |value, step| step.find(value))
    }

    /// The value there as text: strings as they are, numbers and booleans as JSON writes them.
    pub(super) fn text<'a>(&self, map: &'a [u8]) -> Option<std::borrow::Cow<'a, [u8]>> {
        text(self.find(map)?)
    }
}

/// A value that is no array and no map, as text.
pub(super) fn text(value: &[u8]) -> Option<std::borrow::Cow<'_, [u8]>> {
    let text = match Reader::new(value).token().ok()? {
        Token::Str(text) | Token::Bin(text) => return Some(text.into()),
        Token::UInt(number) => number.to_string(),
        Token::Int(number) => number.to_string(),
        Token::Float32(number) => format!("{number:.6}"),
        Token::Float64(number) => format!("{number:.6}"),
        Token::Bool(is_true) => is_true.to_string(),
        Token::Nil => "null".to_owned(),
        Token::Ext(..) | Token::Array(_) | Token::Map(_) => return None,
    };
    Some(text.into_bytes().into())
}

/// `a['b'][0]`
fn steps(text: &str) -> Option<Vec<Step>> {
    let end = text.find('[').unwrap_or(text.len());
    let mut steps = vec![Step::Key(text.as_bytes()[..end].to_vec())];
    let mut rest = &text[end..];
    while !rest.is_empty() {
        let (inner, after) = rest.strip_prefix('[')?.split_once(']')?;
        let quoted = inner
            .strip_prefix('\'')
            .and_then(|inner| inner.strip_suffix('\''));
        steps.push(match quoted {
            Some(key) => Step::Key(key.as_bytes().to_vec()),
            None => Step::Index(inner.parse().ok()?),
        });
        rest = after;
    }
    (end > 0).then_some(steps)
}

impl Step {
    fn find<'a>(&self, value: &'a [u8]) -> Option<&'a [u8]> {
        let mut reader = Reader::new(value);
        match (reader.token().ok()?, self) {
            (Token::Map(pairs), Self::Key(wanted)) => {
                let mut found = None;
                for _ in 0..pairs {
                    let key = reader.raw().ok()?;
                    let value = reader.raw().ok()?;
                    if Reader::new(key).token() == Ok(Token::Str(wanted)) {
                        found = Some(value);
                    }
                }
                found
            }
            (Token::Array(values), Self::Index(wanted)) if *wanted < values => {
                for _ in 0..*wanted {
                    reader.skip().ok()?;
                }
                reader.raw().ok()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_way() {
        let mut map = Vec::new();
        let json = br#"{"a":{"b":["x",7]},"a.b":1,"$c":2}"#;
        crate::json::append_value(json, crate::json::Rules::STRICT, &mut map).unwrap();
        let text = |way: &str| {
            let text = Accessor::of(way).text(&map)?;
            String::from_utf8(text.into_owned()).ok()
        };
        assert_eq!(text("a.b").as_deref(), Some("1"));
        assert_eq!(text("$a['b'][0]").as_deref(), Some("x"));
        assert_eq!(text("$a['b'][1]").as_deref(), Some("7"));
        assert_eq!(text("$a['b'][2]"), None);
        assert_eq!(text("$a"), None);
        assert_eq!(text("$a['b"), None);
        assert_eq!(text("none"), None);
    }
}
