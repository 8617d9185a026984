//! Requests that are no strict JSON pass through here, read by the rules that the reference's parser has.
//!
//! Names and texts may stand without quotes or in single ones, `;` may stand for `,`, a comma may be left over, and what
//! follows the object does not matter. Messages and positions are those that clients of the reference see.

mod place;
mod quoted;

use std::iter::Peekable;
use std::str::Chars;

use serde_json::{Map, Number, Value};

use crate::limits::{REQUEST_DEPTH, REQUEST_MEMBERS};
use place::Position;

/// Reads the object a text begins with.
///
/// # Errors
///
/// What is wrong and where, as the reference words it.
pub(crate) fn read(text: &str) -> Result<Map<String, Value>, String> {
    let mut reader = Reader {
        rest: text.chars().peekable(),
        at: Position::default(),
        depth: 0,
    };
    reader.object()
}

/// Characters that end a word without quotes.
const ENDS: &str = ",:]}/\\\"[{;=#";

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    at: Position,
    depth: usize,
}

impl Reader<'_> {
    fn mistake(&self, message: &str) -> String {
        self.at.said(message)
    }

    /// The next character; none at the end, which a NUL is, too.
    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.rest.next();
        self.at.pass(next);
        Some(next)
    }

    fn peek(&mut self) -> Option<char> {
        self.rest.peek().copied().filter(|next| *next != '\0')
    }

    /// The next character that is no blank.
    fn clean(&mut self) -> Option<char> {
        self.skip();
        self.next()
    }

    fn skip(&mut self) {
        while self.peek().is_some_and(|next| next <= ' ') {
            self.next();
        }
    }

    fn object(&mut self) -> Result<Map<String, Value>, String> {
        if self.clean() != Some('{') {
            return Err(self.mistake("A JSONObject text must begin with '{'"));
        }
        self.deeper()?;
        let mut members = Map::new();
        loop {
            self.skip();
            match self.peek() {
                None => return Err(self.mistake("A JSONObject text must end with '}'")),
                Some('}') => {
                    self.next();
                    break;
                }
                Some(_) => {}
            }
            let name = self.word()?;
            let name = name
                .as_str()
                .map_or_else(|| name.to_string(), str::to_owned);
            if self.clean() != Some(':') {
                return Err(self.mistake("Expected a ':' after a key"));
            }
            if members.contains_key(&name) {
                return Err(self.mistake(&format!("Duplicate key \"{name}\"")));
            }
            if self.depth == 1 && members.len() >= REQUEST_MEMBERS {
                return Err(self.mistake("A request has at most 64 members"));
            }
            let value = self.value()?;
            members.insert(name, value);
            match self.clean() {
                Some(',' | ';') => {}
                Some('}') => break,
                _ => return Err(self.mistake("Expected a ',' or '}'")),
            }
        }
        self.depth -= 1;
        Ok(members)
    }

    fn array(&mut self) -> Result<Vec<Value>, String> {
        self.next();
        self.deeper()?;
        let mut items = Vec::new();
        self.skip();
        if self.peek() == Some(']') {
            self.next();
            self.depth -= 1;
            return Ok(items);
        }
        loop {
            self.skip();
            if self.peek() == Some(',') {
                items.push(Value::Null);
            } else {
                items.push(self.value()?);
            }
            match self.clean() {
                Some(']') => break,
                Some(',') => {
                    self.skip();
                    if self.peek() == Some(']') {
                        self.next();
                        break;
                    }
                }
                _ => return Err(self.mistake("Expected a ',' or ']'")),
            }
        }
        self.depth -= 1;
        Ok(items)
    }

    fn deeper(&mut self) -> Result<(), String> {
        self.depth += 1;
        if self.depth > REQUEST_DEPTH {
            return Err("JSON Array or Object depth too large to process.".to_owned());
        }
        Ok(())
    }

    fn value(&mut self) -> Result<Value, String> {
        self.skip();
        match self.peek() {
            Some('{') => self.object().map(Value::Object),
            Some('[') => self.array().map(Value::Array),
            _ => self.word(),
        }
    }

    /// A text in quotes, or what stands without.
    fn word(&mut self) -> Result<Value, String> {
        self.skip();
        if let Some(quote @ ('"' | '\'')) = self.peek() {
            self.next();
            return self.quoted(quote).map(Value::String);
        }
        let mut word = String::new();
        while let Some(next) = self
            .peek()
            .filter(|next| *next >= ' ' && !ENDS.contains(*next))
        {
            word.push(next);
            self.next();
        }
        match word.trim() {
            "" => Err(self.mistake("Missing value")),
            word => Ok(bare(word)),
        }
    }
}

/// What a word without quotes stands for.
fn bare(word: &str) -> Value {
    let is = |name: &str| word.eq_ignore_ascii_case(name);
    if is("true") || is("false") {
        return Value::Bool(is("true"));
    }
    if is("null") {
        return Value::Null;
    }
    let looks_numeric = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let number = serde_json::from_str::<Number>(word).ok();
    number
        .filter(|_| looks_numeric)
        .map_or_else(|| Value::String(word.to_owned()), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        read(text).expect_err(text)
    }

    #[test]
    fn what_the_reference_accepts_is_accepted() {
        for text in [
            "{command:mode,}",
            "{command:'mode';}",
            "{'command':mode;x:1}",
            "  {command : mode } xx",
            r#"{"command":"mode",a:[1,,2]}"#,
            r#"{"command":"mode","x":01,"y":0x1F,"z":NaN}"#,
            r#"{"":1,"command":"mode"}"#,
            r#"{"command":"mo\u0064e"}"#,
            "{\"command\":\"mode\",\"x\":\"tab\there\"}",
            r#"{"command":"mode"}}}"#,
        ] {
            let found = read(text).expect(text);
            assert_eq!(found["command"], "mode", "{text}");
        }
        let found = read("{x:[1,,2,],y:has Next,z:tRuE}").expect("lenient");
        let expected = r#"{"x":[1,null,2],"y":"has Next","z":true}"#;
        assert_eq!(Value::Object(found).to_string(), expected);
    }

    #[test]
    fn mistakes_are_told_at_the_reference_s_place() {
        for (text, said) in [
            (
                "not json",
                "A JSONObject text must begin with '{' at 1 [character 2 line 1]",
            ),
            (
                "",
                "A JSONObject text must begin with '{' at 0 [character 1 line 1]",
            ),
            (
                "{",
                "A JSONObject text must end with '}' at 1 [character 2 line 1]",
            ),
            (
                "{\"command\":\"hasNext\"",
                "Expected a ',' or '}' at 20 [character 21 line 1]",
            ),
            (
                "{ 'command' = hasnext; }",
                "Expected a ':' after a key at 13 [character 14 line 1]",
            ),
            (
                "{command:mode",
                "Expected a ',' or '}' at 13 [character 14 line 1]",
            ),
            (
                "{command:mode,,x:1}",
                "Missing value at 14 [character 15 line 1]",
            ),
            (
                "{command:\"mo\nde\"}",
                "Unterminated string at 13 [character 0 line 2]",
            ),
            (
                "{command:\"mo\\qde\"}",
                "Illegal escape. at 14 [character 15 line 1]",
            ),
            (
                "{command:/*c*/mode}",
                "Missing value at 9 [character 10 line 1]",
            ),
            ("{:1}", "Missing value at 1 [character 2 line 1]"),
            ("{{}}", "Missing value at 1 [character 2 line 1]"),
            (
                "{\"command\":\"m\\\"}",
                "Unterminated string at 16 [character 17 line 1]",
            ),
            (
                "{\"type\":\"hasNext\",\"x\":[1;2]}",
                "Expected a ',' or ']' at 25 [character 26 line 1]",
            ),
            (
                "{\"command\":\"mode\",\"command\":\"mode\"}",
                "Duplicate key \"command\" at 28 [character 29 line 1]",
            ),
        ] {
            assert_eq!(wrong(text), said, "{text}");
        }
    }

    #[test]
    fn depth_and_members_are_bounded() {
        let deep = format!("{{a:{}", "[".repeat(100_000));
        assert!(wrong(&deep).contains("depth"));
        let members: Vec<String> = (0..100).map(|at| format!("m{at}:1")).collect();
        assert!(wrong(&format!("{{{}}}", members.join(","))).contains("64 members"));
    }
}
