//! The text of a label passes through here, field by field.

use super::{Label, On};
use crate::FormatError;

/// Reads a label.
pub(crate) fn read(text: &str, on: On) -> Result<Label, FormatError> {
    let mut reader = Reader {
        text,
        at: 0,
        on,
        label: Label::default(),
    };
    let wrong = || {
        let text = text.trim();
        FormatError::known(format!(
            "The string '{text}' did not conform to GraphWalker syntax rules."
        ))
    };
    while reader.skip().ok_or_else(wrong)? {
        reader.field().ok_or_else(wrong)?;
    }
    match reader.label.dependency {
        Some(i32::MIN) => Err(FormatError::known(format!(
            "For input string: \"{}\"",
            reader.number_of(text)
        ))),
        _ => Ok(reader.label),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    on: On,
    label: Label,
}

fn begins_name(letter: char) -> bool {
    letter.is_ascii_alphabetic()
        || letter == '_'
        || letter == '$'
        || (letter >= '\u{100}' && letter.is_alphabetic())
}

fn continues_name(letter: char) -> bool {
    begins_name(letter) || letter.is_ascii_digit() || (letter >= '\u{100}' && letter.is_numeric())
}

/// The identifier at the front of a text; empty if there is none.
fn identifier(text: &str) -> &str {
    if !text.starts_with(begins_name) {
        return "";
    }
    let end = text
        .find(|letter| !continues_name(letter))
        .unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// Identifiers that are joined by dots and semicolons.
fn names(text: &str) -> &str {
    let mut end = identifier(text).len();
    while end > 0
        && let Some(rest) = text.get(end..)
        && rest.starts_with(['.', ';'])
    {
        let next = identifier(rest.get(1..).unwrap_or_default()).len();
        if next == 0 {
            break;
        }
        end += 1 + next;
    }
    text.get(..end).unwrap_or_default()
}

/// Puts a field in its place, unless it is there already.
fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Skips blanks and comments: whether a field follows. Nothing for a comment without an end.
    fn skip(&mut self) -> Option<bool> {
        loop {
            let rest = self.rest();
            let blanks = rest.len() - rest.trim_start().len();
            self.at += blanks;
            let rest = self.rest();
            if let Some(comment) = rest.strip_prefix("/*") {
                self.at += comment.find("*/")? + 4;
            } else if blanks > 0 && rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else {
                return Some(!rest.is_empty());
            }
        }
    }

    fn field(&mut self) -> Option<()> {
        let rest = self.rest();
        if rest.starts_with('[') {
            return self.guard();
        }
        if rest.starts_with('/') {
            self.at += 1;
            let script = self.script()?;
            return self
                .only(On::Edge)
                .and_then(|()| once(&mut self.label.actions, script));
        }
        let word = identifier(rest);
        self.at += word.len();
        match word {
            "SHARED" => self.shared(),
            "BLOCKED" => (!std::mem::replace(&mut self.label.is_blocked, true)).then_some(()),
            "INIT" => {
                self.takes(':')?;
                let script = self.script()?;
                self.only(On::Vertex)
                    .and_then(|()| once(&mut self.label.init, script))
            }
            "REQTAG" => self.requirements(),
            _ if word.eq_ignore_ascii_case("weight") => {
                let number = self.number()?.parse().ok()?;
                once(&mut self.label.weight, number)
            }
            _ if word.eq_ignore_ascii_case("dependency") => {
                // What is no whole number is refused in other words, when everything else is right.
                let number = self.number()?.parse().unwrap_or(i32::MIN);
                once(&mut self.label.dependency, number)
            }
            "" => None,
            _ if word.eq_ignore_ascii_case("start") => None,
            _ => {
                self.at -= word.len();
                let name = names(self.rest());
                self.at += name.len();
                once(&mut self.label.name, name.into())
            }
        }
    }

    fn only(&self, on: On) -> Option<()> {
        (self.on == on).then_some(())
    }

    fn takes(&mut self, mark: char) -> Option<()> {
        self.skip()?;
        self.rest().strip_prefix(mark)?;
        self.at += mark.len_utf8();
        Some(())
    }

    fn guard(&mut self) -> Option<()> {
        let rest = self.rest();
        let mut depth = 0_usize;
        for (at, letter) in rest.char_indices() {
            match letter {
                '[' => depth += 1,
                ']' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at += at + 1;
                let guard = rest.get(1..at)?.into();
                return self
                    .only(On::Edge)
                    .and_then(|()| once(&mut self.label.guard, guard));
            }
        }
        None
    }

    /// A script up to the last semicolon.
    fn script(&mut self) -> Option<Box<str>> {
        let rest = self.rest();
        let end = rest.rfind(';')? + 1;
        self.at += end;
        Some(rest.get(..end)?.trim().into())
    }

    fn shared(&mut self) -> Option<()> {
        self.takes(':')?;
        self.skip()?;
        let name = identifier(self.rest());
        self.at += name.len();
        (self.on == On::Vertex && !name.is_empty()).then_some(())?;
        once(&mut self.label.shared, name.into())
    }

    /// Everything to the end of the label, divided by commas.
    fn requirements(&mut self) -> Option<()> {
        self.takes(':').or_else(|| self.takes('='))?;
        let tags = self.rest().split(',').map(|tag| tag.trim_start().into());
        let tags: Box<[Box<str>]> = tags.collect();
        self.at = self.text.len();
        let is_whole = tags.iter().all(|tag| !tag.is_empty());
        is_whole.then(|| once(&mut self.label.requirements, tags))?
    }

    /// `= 5`, `= 0.5`, `= .5`: without a sign, and without needless zeros.
    fn number(&mut self) -> Option<&'a str> {
        self.only(On::Edge)?;
        self.takes('=')?;
        self.skip()?;
        let rest = self.rest();
        let end = rest
            .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
            .unwrap_or(rest.len());
        let number = rest.get(..end)?;
        self.at += end;
        let (whole, part) = number
            .split_once('.')
            .map_or((number, None), |(whole, part)| (whole, Some(part)));
        let is_short = whole == "0" || !whole.starts_with('0');
        let has_part = part.map_or(!whole.is_empty(), |part| {
            !part.is_empty() && !part.contains('.')
        });
        (is_short && has_part && !rest.get(end..)?.starts_with(continues_name)).then_some(number)
    }

    /// The number of the dependency as it is written.
    fn number_of(&self, text: &str) -> String {
        let lower = text.to_ascii_lowercase();
        let after = lower
            .find("dependency")
            .and_then(|at| self.text.get(at + 10..));
        let number = after
            .unwrap_or_default()
            .trim_start()
            .trim_start_matches('=')
            .trim_start();
        let end = number.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
        number
            .get(..end.unwrap_or(number.len()))
            .unwrap_or_default()
            .to_owned()
    }
}
