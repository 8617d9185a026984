//! The characters of a lenient JSON text pass through here: members, items, texts and numbers are taken off its front.

mod quoted;

use serde_json::{Map, Number, Value};

use crate::FormatError;

/// How deep objects and arrays may be nested.
const DEEPEST: usize = 128;

type Result<T> = std::result::Result<T, FormatError>;

/// A text and how far it has been read.
pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

/// A text in quotes, or a word without.
enum Scalar<'a> {
    Quoted(String),
    Bare(&'a str),
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let at = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self { text, at, depth: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next character that is neither blank nor comment, which is not taken.
    fn peek(&mut self) -> Result<Option<u8>> {
        loop {
            let rest = self.rest();
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
            self.at += blank;
            let rest = self.rest();
            if let Some(comment) = rest.strip_prefix("/*") {
                let end = comment.find("*/");
                self.at += end
                    .ok_or_else(|| self.mistake("a comment has no end", "close it with `*/`"))?
                    + 4;
            } else if rest.starts_with("//") || rest.starts_with('#') {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else {
                return Ok(rest.bytes().next());
            }
        }
    }

    pub(super) fn mistake(&self, message: impl Into<String>, remedy: &'static str) -> FormatError {
        FormatError::at(self.text, self.at, message, remedy)
    }

    /// Whether an object comes next.
    pub(super) fn opens_object(&mut self) -> Result<bool> {
        Ok(self.peek()? == Some(b'{'))
    }

    /// Whether an array comes next.
    pub(super) fn opens_array(&mut self) -> Result<bool> {
        Ok(self.peek()? == Some(b'['))
    }

    /// Whether `null` came next, which is taken then.
    pub(super) fn skips_null(&mut self) -> Result<bool> {
        self.peek()?;
        let is_null = self.bare().eq_ignore_ascii_case("null");
        if is_null {
            self.at += 4;
        }
        Ok(is_null)
    }

    /// Nothing but blanks and comments may follow.
    pub(super) fn end(&mut self) -> Result<()> {
        match self.peek()? {
            None => Ok(()),
            Some(_) => Err(self.mistake("something follows the end of the document", "remove it")),
        }
    }

    /// Takes an object and gives the name of each member, whose value must be taken.
    pub(super) fn members(
        &mut self,
        mut each: impl FnMut(&mut Self, &str) -> Result<()>,
    ) -> Result<()> {
        self.open(b'{', "an object")?;
        while self.peek()? != Some(b'}') {
            let name = match self.scalar()? {
                Scalar::Quoted(name) => name,
                Scalar::Bare(name) => name.to_owned(),
            };
            self.colon(&name)?;
            each(self, &name)?;
            self.separator(b'}')?;
        }
        self.close();
        Ok(())
    }

    /// Takes an array; each item that is there must be taken. Missing items and `null` are left out.
    pub(super) fn items(&mut self, mut each: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        self.all_items(|lexer, is_null| if is_null { Ok(()) } else { each(lexer) })
    }

    /// Takes an array; `each` is told of missing items and `null`, and must take all others.
    fn all_items(&mut self, mut each: impl FnMut(&mut Self, bool) -> Result<()>) -> Result<()> {
        self.open(b'[', "an array")?;
        loop {
            match self.peek()? {
                Some(b']') => {
                    self.close();
                    return Ok(());
                }
                Some(b',' | b';') => {
                    self.at += 1;
                    each(self, true)?;
                }
                _ => {
                    let is_null = self.skips_null()?;
                    each(self, is_null)?;
                    self.separator(b']')?;
                }
            }
        }
    }

    fn open(&mut self, bracket: u8, what: &str) -> Result<()> {
        if self.peek()? != Some(bracket) {
            let message = format!("{what} is expected here");
            return Err(self.mistake(message, "see the manual's page on model files"));
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.mistake(
                "objects and arrays are nested too deeply",
                "128 levels are read",
            ));
        }
        self.at += 1;
        Ok(())
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.at += 1;
    }

    fn colon(&mut self, name: &str) -> Result<()> {
        match self.peek()? {
            Some(b':') => self.at += 1,
            Some(b'=') => self.at += if self.rest().starts_with("=>") { 2 } else { 1 },
            _ => {
                let message = format!("the member `{name}` has no value");
                return Err(self.mistake(message, "write a colon and a value after the name"));
            }
        }
        Ok(())
    }

    fn separator(&mut self, end: u8) -> Result<()> {
        match self.peek()? {
            Some(b',' | b';') => self.at += 1,
            Some(byte) if byte == end => {}
            Some(_) => {
                return Err(self.mistake("a comma is missing here", "separate members with commas"));
            }
            None => return Err(self.mistake("the document ends too early", "close its brackets")),
        }
        Ok(())
    }

    /// The word without quotes that comes next; empty if something else does.
    fn bare(&self) -> &'a str {
        let rest = self.rest();
        let ends = |c: char| c.is_ascii_whitespace() || r#"/\;#={}[]:,"'"#.contains(c);
        rest.split(ends).next().unwrap_or_default()
    }

    fn scalar(&mut self) -> Result<Scalar<'a>> {
        if let Some(quote @ (b'"' | b'\'')) = self.peek()? {
            self.quoted(char::from(quote)).map(Scalar::Quoted)
        } else {
            let word = self.bare();
            if word.is_empty() {
                return Err(self.mistake(
                    "a name or a value is expected here",
                    "check the commas and brackets",
                ));
            }
            self.at += word.len();
            Ok(Scalar::Bare(word))
        }
    }

    /// A text; words and numbers without quotes are texts, too. Nothing for `null`.
    pub(super) fn text(&mut self, member: &str) -> Result<Option<Box<str>>> {
        if self.opens_object()? || self.opens_array()? {
            let message = format!("`{member}` must be a text");
            return Err(self.mistake(message, "put it in quotes"));
        }
        if self.skips_null()? {
            return Ok(None);
        }
        Ok(Some(match self.scalar()? {
            Scalar::Quoted(text) => text.into(),
            Scalar::Bare(word) => word.into(),
        }))
    }

    /// A number, with or without quotes.
    pub(super) fn number(&mut self, member: &str) -> Result<Option<f64>> {
        self.numeric(member, "a number", |text| {
            text.parse().ok().filter(|number: &f64| number.is_finite())
        })
    }

    /// A whole number of 64 bits, with or without quotes.
    pub(super) fn whole(&mut self, member: &str) -> Result<Option<i64>> {
        self.numeric(member, "a whole number", |text| match text.parse() {
            Ok(number) => Some(number),
            Err(_) => whole_of(text.parse().ok()?),
        })
    }

    fn numeric<T>(
        &mut self,
        member: &str,
        what: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>> {
        self.peek()?;
        let start = self.at;
        let Some(text) = self.text(member)? else {
            return Ok(None);
        };
        if let Some(number) = parse(text.trim()) {
            Ok(Some(number))
        } else {
            let message = format!("`{member}` must be {what}, it is `{text}`");
            Err(FormatError::at(self.text, start, message, "write digits"))
        }
    }

    /// Any value. Numbers are doubles, as the reference keeps them.
    pub(super) fn value(&mut self) -> Result<Value> {
        if self.opens_object()? {
            let mut members = Map::new();
            self.members(|lexer, name| {
                members.insert(name.to_owned(), lexer.value()?);
                Ok(())
            })?;
            return Ok(Value::Object(members));
        }
        if self.opens_array()? {
            let mut items = Vec::new();
            self.all_items(|lexer, is_null| {
                let item = if is_null { Value::Null } else { lexer.value()? };
                items.push(item);
                Ok(())
            })?;
            return Ok(Value::Array(items));
        }
        Ok(match self.scalar()? {
            Scalar::Quoted(text) => Value::String(text),
            Scalar::Bare(word) => bare_value(word),
        })
    }
}

/// A double that is a whole number of 64 bits.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked before"
)]
fn whole_of(number: f64) -> Option<i64> {
    let fits = number.fract() == 0.0 && number.abs() < 9e18;
    fits.then_some(number as i64)
}

fn bare_value(word: &str) -> Value {
    match word.to_ascii_lowercase().as_str() {
        "null" => return Value::Null,
        "true" => return Value::Bool(true),
        "false" => return Value::Bool(false),
        _ => {}
    }
    let looks_numeric = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let number = word
        .parse()
        .ok()
        .filter(|_| looks_numeric)
        .and_then(Number::from_f64);
    number.map_or_else(|| Value::String(word.to_owned()), Value::Number)
}
