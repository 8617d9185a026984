//! Patterns of paths pass through here and come out as the files that are there: `*`, `?` and `[a-z]`, folder by folder.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// How many paths one pattern gives at most; further ones are left out.
pub const MOST_PATHS: usize = 100_000;

/// Whether the text is a pattern and not the name of one file.
pub fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// The paths that match, sorted; a name without a pattern is itself if it exists. What may not be
/// read matches nothing. A leading dot is matched by a dot alone, as shells have it.
pub fn paths(pattern: &Path) -> Vec<PathBuf> {
    let mut found = vec![PathBuf::new()];
    for component in pattern.components() {
        let Component::Normal(name) = component else {
            for path in &mut found {
                path.push(component);
            }
            continue;
        };
        let name = name.to_string_lossy();
        found = if is_pattern(&name) {
            found
                .iter()
                .flat_map(|path| entries(path, &name))
                .take(MOST_PATHS)
                .collect()
        } else {
            found.into_iter().map(|path| path.join(&*name)).collect()
        };
    }
    found.retain(|path| fs::symlink_metadata(path).is_ok());
    found.sort();
    found
}

/// The entries of a folder whose names match.
fn entries(folder: &Path, pattern: &str) -> Vec<PathBuf> {
    let listed = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let Ok(entries) = fs::read_dir(listed) else {
        return Vec::new();
    };
    entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.') || pattern.starts_with('.'))
        .filter(|name| matches(pattern, name))
        .map(|name| folder.join(name))
        .collect()
}

/// Whether a name matches a pattern. Takes no more steps than the product of both lengths.
pub fn matches(pattern: &str, name: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut read) = (0, 0);
    // Where to go on when what follows the last star does not match: the star takes one letter more.
    let mut star: Option<(usize, usize)> = None;
    loop {
        if pattern.get(at) == Some(&'*') {
            star = Some((at, read));
            at += 1;
            continue;
        }
        match (one(&pattern, at, name.get(read)), name.get(read), star) {
            (Some(next), _, _) => (at, read) = (next, read + 1),
            (None, None, _) => return at == pattern.len(),
            (None, Some(_), Some((behind, taken))) => {
                star = Some((behind, taken + 1));
                (at, read) = (behind + 1, taken + 1);
            }
            (None, Some(_), None) => return false,
        }
    }
}

/// Where the pattern goes on if the letter matches what stands at `at`.
fn one(pattern: &[char], at: usize, letter: Option<&char>) -> Option<usize> {
    let letter = *letter?;
    match *pattern.get(at)? {
        '?' => Some(at + 1),
        '[' => class(pattern, at, letter),
        '\\' => (pattern.get(at + 1) == Some(&letter)).then_some(at + 2),
        expected => (expected == letter).then_some(at + 1),
    }
}

/// `[abc]`, `[a-z]`, `[!a]`; a bracket that is never closed stands for itself.
fn class(pattern: &[char], at: usize, letter: char) -> Option<usize> {
    let inside = at + 1;
    let is_not = matches!(pattern.get(inside), Some('!' | '^'));
    let first = inside + usize::from(is_not);
    // A bracket right at the beginning is one of the letters.
    let end = (first + 1..pattern.len()).find(|&index| pattern.get(index) == Some(&']'));
    let Some(end) = end else {
        return (letter == '[').then_some(at + 1);
    };
    let mut letters = pattern.get(first..end).unwrap_or_default();
    let mut is_in = false;
    loop {
        letters = match letters {
            [low, '-', high, rest @ ..] => {
                is_in |= (*low..=*high).contains(&letter);
                rest
            }
            [one, rest @ ..] => {
                is_in |= *one == letter;
                rest
            }
            [] => break,
        };
    }
    (is_in != is_not).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_question_marks_and_classes() {
        for (pattern, name, is_match) in [
            ("*.log", "a.log", true),
            ("*.log", "a.log.1", false),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("?.log", "ä.log", true),
            ("[a-c]1", "b1", true),
            ("[!a-c]1", "b1", false),
            ("[]x]", "]", true),
            ("[a", "[a", true),
            ("*", "", true),
            ("**a", "ba", true),
            ("\\*", "*", true),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern, name), is_match, "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_do_not_take_for_ever() {
        let pattern = "*a".repeat(200) + "b";
        assert!(!matches(&pattern, &"a".repeat(5_000)));
    }

    #[test]
    fn patterns_in_folders_too() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a/x.log", "a/y.txt", "b/z.log", ".c/h.log"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = paths(&folder.path().join("*/*.log"));
        let names: Vec<_> = found
            .iter()
            .map(|path| path.strip_prefix(&folder).unwrap().to_str().unwrap())
            .collect();
        assert_eq!(names, ["a/x.log", "b/z.log"]);
        assert_eq!(paths(&folder.path().join("a/x.log")).len(), 1);
        assert!(paths(&folder.path().join("a/none")).is_empty());
    }
}
