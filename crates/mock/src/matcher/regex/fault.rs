//! What the library says about a regular expression passes through here and comes out as a place in
//! it, a sentence and a remedy.

use std::ops::Range;

use fancy_regex::{CompileError, Error, ParseError};
use sockeye_core::quoted;

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, a sentence.
    pub message: String,
    /// The bytes of the expression it is about.
    pub at: Range<usize>,
    /// What to write instead.
    pub remedy: &'static str,
}

/// The fault behind the library's error about `pattern`.
pub(in crate::matcher) fn of(error: &Error, pattern: &str) -> Fault {
    match error {
        Error::ParseError(at, wrong) => parse_fault(*at, wrong, pattern),
        Error::CompileError(wrong) => compile_fault(wrong, pattern),
        other => unread(&other.to_string(), pattern),
    }
}

fn fault(message: impl Into<String>, at: Range<usize>, remedy: &'static str) -> Fault {
    Fault {
        message: message.into(),
        at,
        remedy,
    }
}

fn parse_fault(at: usize, wrong: &ParseError, pattern: &str) -> Fault {
    let all = 0..pattern.len();
    match wrong {
        ParseError::InvalidEscape(escape) => fault(
            format!("the escape {} is not known", quoted(escape)),
            found(pattern, escape),
            "leave the backslash out, or write it twice for a backslash itself",
        ),
        ParseError::UnknownFlag(group) => {
            // The text ends with the flag at fault.
            let flag = group.chars().next_back().map_or(0, char::len_utf8);
            let place = found(pattern, group);
            let place = place.end.saturating_sub(flag)..place.end;
            fault(
                format!("the flag {} is not known", quoted(&pattern[place.clone()])),
                place,
                "remove it; known are `i`, `m`, `s`, `x`, `R` and `U`",
            )
        }
        ParseError::TargetNotRepeatable => {
            let sign = sign_at(pattern, at);
            fault(
                format!(
                    "{} has nothing before it to repeat",
                    quoted(&pattern[sign.clone()])
                ),
                sign,
                "write `.*` for any text, or a backslash before the character itself",
            )
        }
        ParseError::InvalidRepeat => fault(
            "a repetition cannot be read",
            sign_at(pattern, at),
            "write `{2}`, `{2,}` or `{2,5}`, or a backslash before the brace itself",
        ),
        ParseError::TrailingBackslash => fault(
            "a backslash stands at the end",
            pattern.len().saturating_sub(1)..pattern.len(),
            "write it twice for the character itself",
        ),
        ParseError::InvalidGroupName => fault(
            "the name of a group cannot be read",
            sign_at(pattern, at),
            "write `(?<name>…)`, the name of letters, digits and `_`",
        ),
        ParseError::InvalidGroupNameBackref(name) => no_group(name, pattern),
        ParseError::InvalidBackref => no_group(named_reference(pattern), pattern),
        ParseError::InvalidHex
        | ParseError::InvalidCodepointValue
        | ParseError::UnclosedUnicodeName => fault(
            "an escape names no character",
            sign_at(pattern, at),
            "write `\\x41`, `\\u0041` or `\\x{1F600}`",
        ),
        ParseError::RecursionExceeded => fault("groups nest too deeply", all, "nest fewer groups"),
        _ => bracket(pattern).unwrap_or_else(|| unread(&wrong.to_string(), pattern)),
    }
}

fn compile_fault(wrong: &CompileError, pattern: &str) -> Fault {
    match wrong {
        CompileError::InvalidBackref(number) => no_group(&number.to_string(), pattern),
        CompileError::InvalidGroupNameBackref(name) => no_group(name, pattern),
        CompileError::NamedBackrefOnly => fault(
            "groups with names cannot be referred to by number",
            0..pattern.len(),
            "write `\\k<name>`",
        ),
        CompileError::InnerError(inner) => {
            let report = inner
                .syntax_error()
                .map(ToString::to_string)
                .unwrap_or_default();
            let reason = report.lines().next_back().unwrap_or_default();
            if reason.contains("Unicode property") {
                return unknown_property(pattern);
            }
            let fault = bracket(pattern);
            fault.unwrap_or_else(|| unread(reason.trim_start_matches("error: "), pattern))
        }
        other => unread(&other.to_string(), pattern),
    }
}

fn unknown_property(pattern: &str) -> Fault {
    let starts = pattern
        .find("\\p")
        .or_else(|| pattern.find("\\P"))
        .unwrap_or(0);
    let rest = &pattern[starts..];
    let end = starts + rest.find('}').map_or(rest.len(), |end| end + 1);
    let message = format!(
        "{} names no Unicode property",
        quoted(&pattern[starts..end])
    );
    fault(
        message,
        starts..end,
        "write one such as `\\p{Letter}`, `\\p{Lu}` or `\\p{Greek}`",
    )
}

/// The name in the first `\k<name>`; nothing if there is none.
fn named_reference(pattern: &str) -> &str {
    let name = pattern.split_once("\\k<").map(|(_, rest)| rest);
    let name = name.and_then(|rest| rest.split_once('>'));
    name.map_or("", |(name, _)| name)
}

fn no_group(name: &str, pattern: &str) -> Fault {
    let message = match name {
        "" => "a reference to a group that is not there".to_owned(),
        name => format!("there is no group {} to refer to", quoted(name)),
    };
    let at = [format!("\\k<{name}>"), format!("\\{name}")];
    let at = at
        .iter()
        .find(|text| text.len() > 1 && pattern.contains(text.as_str()));
    let at = at.map_or(0..pattern.len(), |text| found(pattern, text));
    fault(
        message,
        at,
        "put the group in parentheses: `(…)` or `(?<name>…)`",
    )
}

/// The library's own words, where no better ones are known.
fn unread(reason: &str, pattern: &str) -> Fault {
    let mut reason = reason.to_owned();
    if let Some(first) = reason.get_mut(..1) {
        first.make_ascii_lowercase();
    }
    fault(
        format!("the regular expression cannot be read: {reason}"),
        0..pattern.len(),
        "correct it, or put a backslash before characters that mean themselves",
    )
}

/// The first bracket or parenthesis without a partner.
fn bracket(pattern: &str) -> Option<Fault> {
    let mut open = Vec::new();
    let mut class = None;
    let mut escaped = false;
    for (at, letter) in pattern.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            // A bracket right behind the one that opens, or behind its `^`, means itself.
            ']' if class.is_some_and(|start| is_first(&pattern[start + 1..at])) => {}
            ']' => class = None,
            '[' if class.is_none() => class = Some(at),
            '(' if class.is_none() => open.push(at),
            ')' if class.is_none() && open.pop().is_none() => {
                let remedy = "remove it, or write `\\)` for the character itself";
                return Some(fault(
                    "`)` closes what was never opened",
                    at..at + 1,
                    remedy,
                ));
            }
            _ => {}
        }
    }
    if let Some(at) = class {
        let remedy = "close it with `]`, or write `\\[` for the character itself";
        return Some(fault("`[` is never closed", at..at + 1, remedy));
    }
    let at = open.pop()?;
    let remedy = "close it with `)`, or write `\\(` for the character itself";
    Some(fault("`(` is never closed", at..at + 1, remedy))
}

fn is_first(before: &str) -> bool {
    before.is_empty() || before == "^"
}

/// Where `part` stands; all of the pattern if it does not.
fn found(pattern: &str, part: &str) -> Range<usize> {
    pattern
        .find(part)
        .map_or(0..pattern.len(), |at| at..at + part.len())
}

/// The character at byte `at`, or the last one before it.
fn sign_at(pattern: &str, at: usize) -> Range<usize> {
    let at = pattern.floor_char_boundary(at.min(pattern.len().saturating_sub(1)));
    let letter = pattern[at..].chars().next();
    at..at + letter.map_or(0, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use crate::matcher::regex::{RegexMistake, WholeText};

    /// What is said about a pattern, and the part it is said about.
    fn said(pattern: &str) -> (String, &str) {
        let Err(RegexMistake::Syntax(fault)) = WholeText::new(pattern) else {
            panic!("{pattern} is read");
        };
        (fault.message, &pattern[fault.at])
    }

    #[test]
    fn faults_have_a_place_and_words() {
        for (pattern, message, part) in [
            ("a(b", "`(` is never closed", "("),
            ("a(b(c)", "`(` is never closed", "("),
            (r"\((b", "`(` is never closed", "("),
            ("a)(b", "`)` closes what was never opened", ")"),
            ("[a-z", "`[` is never closed", "["),
            ("x[]a", "`[` is never closed", "["),
            ("*ping", "`*` has nothing before it to repeat", "*"),
            ("ä|+", "`+` has nothing before it to repeat", "+"),
            (r"\X+", r"the escape `\X` is not known", r"\X"),
            ("(?d)^a$", "the flag `d` is not known", "d"),
            ("(?id)a", "the flag `d` is not known", "d"),
            (r"a\", "a backslash stands at the end", r"\"),
            (r"(a)\k<b>", "there is no group `b` to refer to", r"\k<b>"),
            (
                r"x\p{javaMirrored}+",
                r"`\p{javaMirrored}` names no Unicode property",
                r"\p{javaMirrored}",
            ),
        ] {
            assert_eq!(said(pattern), (message.to_owned(), part), "{pattern}");
        }
    }

    #[test]
    fn what_has_no_words_of_its_own_is_said_in_the_librarys() {
        let (message, part) = said("[z-a]");
        assert!(
            message.starts_with("the regular expression cannot be read: "),
            "{message}"
        );
        assert_eq!(part, "[z-a]");
    }
}
