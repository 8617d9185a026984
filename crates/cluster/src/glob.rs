//! Globs of `*` and `?` become patterns of Redis here, where `[` and `\` would be special as well.

use crate::limits::GLOB_STARS;

/// The pattern for the keys with `prefix` whose rest matches `glob`.
///
/// # Errors
///
/// More than 16 runs of stars.
pub(crate) fn pattern(prefix: &str, glob: &str) -> Result<String, String> {
    let mut pattern = String::with_capacity(prefix.len() + glob.len() + 8);
    for letter in prefix.chars() {
        if matches!(letter, '*' | '?' | '[' | ']' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    let mut stars = 0;
    let mut last = None;
    for letter in glob.chars() {
        match letter {
            // Two stars say what one says.
            '*' if last == Some('*') => continue,
            '*' => stars += 1,
            '[' | ']' | '\\' => pattern.push('\\'),
            _ => {}
        }
        pattern.push(letter);
        last = Some(letter);
    }
    if stars > GLOB_STARS {
        return Err(format!(
            "a glob may have {GLOB_STARS} `*`, this one has {stars}"
        ));
    }
    Ok(pattern)
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn only_star_and_question_mark_are_special() {
        assert_eq!(pattern("a:", "x*?"), Ok("a:x*?".to_owned()));
        assert_eq!(pattern("a*?[:", r"x[\"), Ok(r"a\*\?\[:x\[\\".to_owned()));
        assert_eq!(pattern("", "a***b"), Ok("a*b".to_owned()));
        let stars = "*a".repeat(17);
        let error = "a glob may have 16 `*`, this one has 17".to_owned();
        assert_eq!(pattern("", &stars), Err(error));
    }
}
