//! A misspelt word passes through here and comes out as the known word that was probably meant.

/// Words longer than this, in characters, are not compared: nobody misspells them.
const LONGEST: usize = 64;

/// Words of so many letters must begin like the known one: too many others are as near.
const SHORT: usize = 3;

/// The known word nearest to `word`, if one is near: at most a third of its letters are wrong (two
/// letters swapped count as one), upper and lower case and `_`, `-` and blanks being the same.
///
/// In words of several parts each part must be near. Of two equally near ones the one with the same
/// first letter is taken. If none is near: the only one that begins or ends with the word, such as
/// `interval_ms` for `interval`.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length == 0 || length > LONGEST {
        return None;
    }
    let word = plain(word);
    let begins_alike = |candidate: &str| candidate.chars().next() == word.chars().next();
    let known: Vec<(String, &str)> = known
        .into_iter()
        .map(|candidate| (plain(candidate), candidate))
        .collect();
    let near = known
        .iter()
        .filter(|(plain, _)| length > SHORT || begins_alike(plain))
        .filter_map(|(plain, candidate)| {
            let distance = distance(&word, plain)?;
            Some(((distance, !begins_alike(plain)), *candidate))
        })
        .min_by_key(|(order, _)| *order);
    near.map_or_else(
        || only_longer(&word, &known),
        |(_, candidate)| Some(candidate),
    )
}

/// The one word that has `word` as its first or last parts; none if there are several.
fn only_longer<'a>(word: &str, known: &[(String, &'a str)]) -> Option<&'a str> {
    let is_longer = |(plain, _): &&(String, &str)| {
        let rest = plain
            .strip_prefix(word)
            .map(|rest| rest.starts_with('-'))
            .or_else(|| plain.strip_suffix(word).map(|rest| rest.ends_with('-')));
        word.chars().count() > SHORT && rest == Some(true)
    };
    let mut longer = known.iter().filter(is_longer);
    let first = longer.next()?;
    longer.next().is_none().then_some(first.1)
}

/// How far two words are from each other; none if one would not be written for the other.
fn distance(word: &str, candidate: &str) -> Option<usize> {
    let (parts, others) = (word.split('-'), candidate.split('-'));
    if parts.clone().count() > 1 && parts.clone().count() == others.clone().count() {
        return parts
            .zip(others)
            .map(|(part, other)| near(part, other))
            .sum();
    }
    near(word, candidate)
}

fn near(word: &str, candidate: &str) -> Option<usize> {
    let allowed = (word.chars().count() / 3).max(1);
    let distance = strsim::osa_distance(word, candidate);
    (distance <= allowed && distance < candidate.chars().count().max(1)).then_some(distance)
}

fn plain(word: &str) -> String {
    let fold = |letter: char| {
        if matches!(letter, '_' | ' ') {
            '-'
        } else {
            letter
        }
    };
    word.chars().map(fold).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn finds_the_word_that_was_meant() {
        let known = ["path", "on-connect", "on-message", "max_connections"];
        for (word, meant) in [
            ("pth", Some("path")),
            ("apth", Some("path")),
            ("PATH", Some("path")),
            ("on_connect", Some("on-connect")),
            ("onmessage", Some("on-message")),
            ("max-conections", Some("max_connections")),
            ("max_collections", Some("max_connections")),
            ("max_messages", None),
            ("connections", Some("max_connections")),
            ("host", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
        assert_eq!(nearest(&"path".repeat(100), known), None);
    }

    #[test]
    fn the_only_word_that_contains_it_is_meant() {
        let known = ["interval_ms", "min_delay_ms", "max_delay_ms", "cert_path"];
        assert_eq!(nearest("interval", known), Some("interval_ms"));
        assert_eq!(nearest("cert", known), Some("cert_path"));
        assert_eq!(nearest("delay_ms", known), None);
        assert_eq!(nearest("interv", known), None);
    }

    #[test]
    fn of_two_equally_near_words_one_with_the_same_first_letter_is_taken() {
        assert_eq!(nearest("uid", ["id", "uuid"]), Some("uuid"));
        assert_eq!(nearest("bath", ["cath", "hath"]), Some("cath"));
    }
}
