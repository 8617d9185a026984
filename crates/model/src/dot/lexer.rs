//! Characters of a Graphviz text pass through here and become names and marks.

use crate::FormatError;

/// One piece of the text, with its first byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name or a number as it stands: keywords are such.
    Name(String),
    /// A text in quotes or angle brackets, which is never a keyword.
    Text(String),
    /// `->` or `--`.
    Arrow,
    /// One of `{}[];,=:`.
    Mark(char),
}

/// The pieces of the text, each with the byte at which it begins.
pub(super) fn tokens(text: &str) -> Result<Vec<(usize, Token)>, FormatError> {
    let mut found = Vec::new();
    let mut at = skip(text, 0)?;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let (token, length) = token(text, at, rest)?;
        found.push((at, token));
        at = skip(text, at + length)?;
    }
    Ok(found)
}

/// The byte of the next piece: after blanks, comments, and lines that begin with `#`.
fn skip(text: &str, mut at: usize) -> Result<usize, FormatError> {
    loop {
        let rest = text.get(at..).unwrap_or_default();
        let blank = rest.len()
            - rest
                .trim_start_matches([' ', '\t', '\r', '\n', '\u{feff}'])
                .len();
        at += blank;
        let rest = text.get(at..).unwrap_or_default();
        if rest.starts_with("//") || rest.starts_with('#') {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("/*") {
            let end = rest.find("*/").map(|end| end + 2);
            let open = || FormatError::at(text, at, "a comment has no end", "close it with `*/`");
            at += end.ok_or_else(open)?;
        } else {
            return Ok(at);
        }
    }
}

fn token(text: &str, at: usize, rest: &str) -> Result<(Token, usize), FormatError> {
    let first = rest.chars().next().unwrap_or_default();
    if rest.starts_with("->") || rest.starts_with("--") {
        return Ok((Token::Arrow, 2));
    }
    if "{}[];,=:".contains(first) {
        return Ok((Token::Mark(first), 1));
    }
    let open = || FormatError::at(text, at, "a text has no end", "close it");
    if first == '"' {
        return quoted(rest).ok_or_else(open);
    }
    if first == '<' {
        return html(rest).ok_or_else(open);
    }
    let inside = |letter: char| {
        letter.is_alphanumeric() || letter == '_' || letter == '.' || letter >= '\u{80}'
    };
    let sign = usize::from(first == '-');
    let body = rest.get(sign..).unwrap_or_default();
    let end = sign + body.find(|letter| !inside(letter)).unwrap_or(body.len());
    match rest.get(..end) {
        Some(name) if end > sign => Ok((Token::Name(name.to_owned()), end)),
        _ => {
            let message = format!("`{first}` means nothing here");
            Err(FormatError::at(
                text,
                at,
                message,
                "put names with such characters in quotes",
            ))
        }
    }
}

/// A text in quotes. `\n`, `\l` and `\r` are ends of lines, a backslash at the end of a line joins it with the next.
fn quoted(rest: &str) -> Option<(Token, usize)> {
    let mut found = String::new();
    let mut letters = rest.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((Token::Text(found), at + 1)),
            '\\' => match letters.next()?.1 {
                'n' | 'l' | 'r' => found.push('\n'),
                '"' => found.push('"'),
                '\\' => found.push('\\'),
                '\n' => {}
                other => found.extend(['\\', other]),
            },
            _ => found.push(letter),
        }
    }
    None
}

/// A text in angle brackets, which may hold others.
fn html(rest: &str) -> Option<(Token, usize)> {
    let mut depth = 0_usize;
    for (at, letter) in rest.char_indices() {
        match letter {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((Token::Text(rest.get(1..at)?.to_owned()), at + 1));
        }
    }
    None
}
