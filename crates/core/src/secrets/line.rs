//! A line of a file as mistakes show it: what is secret in it is covered up, byte for byte, so that carets stay right.

use std::borrow::Cow;
use std::ops::Range;

use super::names::{is_secret, parameters, user_info};

/// The line with an asterisk for each byte of a secret: who logs in with a URL, secret parameters, and plain values of
/// keys that are named like secrets. Values with holes are no secrets but places for them.
pub(crate) fn covered(line: &str) -> Cow<'_, str> {
    let mut secrets = values(line);
    secrets.extend(in_addresses(line));
    cover(line, secrets)
}

/// A sentence in which only the secrets of URLs are covered.
pub(crate) fn covered_addresses(sentence: &str) -> Cow<'_, str> {
    cover(sentence, in_addresses(sentence))
}

fn cover(line: &str, mut secrets: Vec<Range<usize>>) -> Cow<'_, str> {
    secrets.retain(|secret| !line[secret.clone()].contains("{{"));
    if secrets.is_empty() {
        return line.into();
    }
    let mut bytes = line.as_bytes().to_vec();
    for secret in secrets {
        bytes[secret].fill(b'*');
    }
    // Whole letters have been replaced.
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// Where secrets are in the URLs of a text.
fn in_addresses(text: &str) -> Vec<Range<usize>> {
    let is_end = |letter: char| letter.is_whitespace() || "\"'`".contains(letter);
    let mut secrets = Vec::new();
    for (start, _) in text.match_indices("://") {
        let end = text[start..].find(is_end);
        let address = &text[start..end.map_or(text.len(), |end| start + end)];
        let found = user_info(address).into_iter();
        let found = found.chain(parameters(address));
        secrets.extend(found.map(|found| start + found.start..start + found.end));
    }
    secrets
}

/// Where plain values of keys are that are named like secrets: `token: abc`, `"token": "abc"`, `:token "abc"`.
fn values(line: &str) -> Vec<Range<usize>> {
    let is_name = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = line[at..].find(is_name).map(|start| at + start) {
        let end = line[start..].find(|letter| !is_name(letter));
        let end = end.map_or(line.len(), |end| start + end);
        at = end;
        let before = line[..start].strip_suffix(':');
        let is_keyword = before.is_some_and(|before| {
            before.is_empty() || before.ends_with([' ', '\t', ',', '{', '(', '['])
        });
        // Our own key is not named for what it has.
        if line[start..end] != *"client_auth"
            && is_secret(&line[start..end])
            && let Some(value) = value(line, end, is_keyword)
        {
            at = value.end;
            found.push(value);
        }
    }
    found
}

/// The plain value behind a name that ends at `end`.
fn value(line: &str, end: usize, is_keyword: bool) -> Option<Range<usize>> {
    let behind = &line[end..];
    let rest = behind.trim_start_matches(['"', '\'']);
    let rest = match rest.trim_start().strip_prefix(':') {
        Some(rest) => rest,
        None if is_keyword && rest.starts_with([' ', '\t']) => rest,
        None => return None,
    };
    let rest = rest.trim_start();
    let start = line.len() - rest.len();
    let quote = rest.chars().next()?;
    let length = match quote {
        '"' | '\'' => rest[1..]
            .find(quote)
            .map_or(rest.len(), |length| length + 1),
        '{' | '[' | '(' | '|' | '>' | '&' | '!' | '}' | ']' | ',' | '#' => return None,
        _ => rest.find([',', '}', ']']).unwrap_or(rest.trim_end().len()),
    };
    let first = usize::from(matches!(quote, '"' | '\''));
    (length > first).then(|| start + first..start + length)
}

#[cfg(test)]
mod tests {
    use super::covered;

    #[test]
    fn secrets_are_covered_and_nothing_moves() {
        for (line, shown) in [
            ("  token: abc", "  token: ***"),
            ("{ token: abc, path: /x }", "{ token: ***, path: /x }"),
            (
                r#"{"apiKey" : "a b", "x": 1}"#,
                r#"{"apiKey" : "***", "x": 1}"#,
            ),
            (r#"{:password "ab" :x 1}"#, r#"{:password "**" :x 1}"#),
            ("Authorization: 'Bearer é'", "Authorization: '*********'"),
            ("url: redis://:pw@host/0", "url: redis://***@host/0"),
            (
                "'ws://u:p@h/?token=c&x=1' # b",
                "'ws://***@h/?token=*&x=1' # b",
            ),
        ] {
            assert_eq!(covered(line), shown);
            assert_eq!(covered(line).len(), line.len());
        }
        for line in [
            "authorization: \"Bearer {{env.TOKEN}}\"",
            "url: \"http://h/?token={{env.TOKEN}}\"",
            "token: { $exists: true }",
            "cookie:",
            "- token",
            "path: /token",
            "the token is long",
            "tokens",
            "://",
            "key_path: a.key",
            "client_auth: required",
            "http://h:secret/x",
            "",
        ] {
            assert_eq!(covered(line), line);
        }
    }
}
