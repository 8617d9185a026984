//! Characters of a generator text pass through here and become words, numbers and parentheses.

/// One piece of a generator text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Or,
    And,
    Open,
    Close,
    Comma,
    Number(&'a str),
    Word(&'a str),
    /// A text in double quotes, which may hold any other character.
    Quoted(&'a str),
}

fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_' || letter == '-'
}

/// Whether this text is one word or number, and not one of the words that join conditions.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_letter) && !["or", "OR", "and", "AND"].contains(&text)
}

/// The pieces of the text, and the characters that belong to none: they are left out, as the reference does.
pub(super) fn tokens(text: &str) -> (Vec<Token<'_>>, Vec<(usize, char)>) {
    let mut tokens = Vec::new();
    let mut dropped = Vec::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..)
        && let Some(letter) = rest.chars().next()
    {
        let (token, length) = first(rest, letter);
        match token {
            Some(token) => tokens.push(token),
            None if letter.is_whitespace() => {}
            None => dropped.push((at, letter)),
        }
        at += length;
    }
    (tokens, dropped)
}

fn first(rest: &str, letter: char) -> (Option<Token<'_>>, usize) {
    if rest.starts_with("||") {
        return (Some(Token::Or), 2);
    }
    if rest.starts_with("&&") {
        return (Some(Token::And), 2);
    }
    let end = rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len());
    let word = rest.get(..end).unwrap_or_default();
    let token = match (letter, word) {
        ('(', _) => Token::Open,
        (')', _) => Token::Close,
        (',', _) => Token::Comma,
        ('"', _) => return quoted(rest),
        (_, "") => return (None, letter.len_utf8()),
        (_, "or" | "OR") => Token::Or,
        (_, "and" | "AND") => Token::And,
        _ if word.bytes().all(|byte| byte.is_ascii_digit()) => Token::Number(word),
        _ => Token::Word(word),
    };
    (Some(token), word.len().max(1))
}

/// A text in quotes, or nothing for a quote that has no other.
fn quoted(rest: &str) -> (Option<Token<'_>>, usize) {
    let inside = rest.get(1..).unwrap_or_default();
    match inside.split_once('"') {
        Some((text, _)) => (Some(Token::Quoted(text)), text.len() + 2),
        None => (None, 1),
    }
}
