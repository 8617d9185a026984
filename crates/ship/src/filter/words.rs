//! Words of a property's value: blanks between them, quotes around those that have blanks.

/// Splits off up to `most` words; the last one is all that is left. Quotes around a word go away.
pub(super) fn words(text: &str, most: usize) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if words.len() + 1 == most {
            words.push(unquoted(rest));
            break;
        }
        let (word, after) = first_word(rest);
        words.push(word);
        rest = after.trim_start();
    }
    words
}

fn first_word(text: &str) -> (String, &str) {
    if let Some(inner) = text.strip_prefix('"')
        && let Some((word, after)) = inner.split_once('"')
        && (after.is_empty() || after.starts_with(char::is_whitespace))
    {
        return (word.to_owned(), after);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (text[..end].to_owned(), &text[end..])
}

fn unquoted(text: &str) -> String {
    let inner = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'));
    inner.unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn the_last_word_has_the_rest() {
        assert_eq!(words("level  ^(a b)$ ", 2), ["level", "^(a b)$"]);
        assert_eq!(words(r#""a key" "a value""#, 2), ["a key", "a value"]);
        assert_eq!(words("one", 2), ["one"]);
        assert_eq!(words("a b c d", 3), ["a", "b", "c d"]);
        assert!(words("  ", 2).is_empty());
    }
}
