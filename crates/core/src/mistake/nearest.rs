//! A misspelt word passes through here and comes out as the known word that was probably meant.

/// Words longer than this, in characters, are not compared: nobody misspells them.
const LONGEST: usize = 64;

/// The known word nearest to `word`, if one is near: at most a third of its letters are wrong (two
/// letters swapped count as one), upper and lower case and `_`, `-` and blanks being the same.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    if length == 0 || length > LONGEST {
        return None;
    }
    let word = plain(word);
    let allowed = (length / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&word, &plain(candidate)), candidate))
        .filter(|(distance, candidate)| {
            *distance <= allowed && *distance < candidate.chars().count()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
            ("host", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
        assert_eq!(nearest(&"path".repeat(100), known), None);
    }

    #[test]
    fn of_two_equally_near_words_the_first_is_taken() {
        assert_eq!(nearest("bat", ["cat", "hat"]), Some("cat"));
    }
}
