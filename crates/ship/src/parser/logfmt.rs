//! logfmt: `key=value`, `key="a value"`, and keys alone.

use super::Pairs;
use super::unescape::unescape;

/// Appends the pairs; says whether there was any, and none that may not be.
pub(super) fn read(text: &[u8], takes_bare_keys: bool, pairs: &mut Pairs<'_>) -> bool {
    let mut rest = text
        .split(|byte| matches!(byte, b'\n'))
        .next()
        .unwrap_or_default();
    loop {
        rest = skip_while(rest, |byte| !is_word(byte));
        if rest.is_empty() {
            return pairs.parsed.pairs > 0 || pairs.parsed.time.is_some();
        }
        let key;
        (key, rest) = word(rest);
        let Some(after) = rest.strip_prefix(b"=") else {
            if !takes_bare_keys {
                return false;
            }
            pairs.add_flag(key);
            continue;
        };
        rest = if let Some(after) = after.strip_prefix(b"\"") {
            quoted_value(pairs, key, after)
        } else {
            let (value, after) = word(after);
            if value.is_empty() {
                pairs.add_flag(key);
            } else {
                pairs.add(key, value);
            }
            after
        };
    }
}

/// Any byte above a space but the two that have a meaning.
fn is_word(byte: u8) -> bool {
    byte > b' ' && byte != b'"' && byte != b'='
}

fn word(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(
        text.iter()
            .position(|byte| !is_word(*byte))
            .unwrap_or(text.len()),
    )
}

fn skip_while(text: &[u8], skips: impl Fn(u8) -> bool) -> &[u8] {
    let skipped = text
        .iter()
        .position(|byte| !skips(*byte))
        .unwrap_or(text.len());
    &text[skipped..]
}

/// A value up to the quote that no backslash precedes, or the end; gives what follows it.
fn quoted_value<'t>(pairs: &mut Pairs<'_>, key: &[u8], text: &'t [u8]) -> &'t [u8] {
    let mut end = 0;
    let mut has_escapes = false;
    while let Some(byte) = text.get(end) {
        match byte {
            b'"' => break,
            b'\\' => {
                has_escapes = true;
                end += 1;
            }
            _ => {}
        }
        end += 1;
    }
    let value = &text[..end.min(text.len())];
    if has_escapes {
        pairs.add(key, &unescape(value));
    } else {
        pairs.add(key, value);
    }
    text.get(end + 1..).unwrap_or_default()
}
