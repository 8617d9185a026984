//! A record's tag passes through here: whether a filter or an output wants what has it.

use sockeye_core::{Mistake, quoted};

use crate::properties::Properties;

/// Which tags are wanted.
#[derive(Clone, Debug)]
pub enum Matching {
    /// A text in which `*` stands for any run of characters; everything else is literal, in its own
    /// case, and the whole tag has to fit.
    Pattern(String),
    /// A regular expression that has to fit from the tag's first character on; it need not reach the last one.
    Regex(Box<fancy_regex::Regex>),
    /// No tag at all.
    Nothing,
}

impl Matching {
    /// Every tag.
    pub fn everything() -> Self {
        Self::Pattern("*".to_owned())
    }

    /// The regular expression, or why it is none.
    pub fn regex(text: &str) -> Result<Self, String> {
        // `\A` outside of a group, so that it holds for every branch.
        match fancy_regex::Regex::new(&format!(r"\A(?:{text})")) {
            Ok(regex) => Ok(Self::Regex(Box::new(regex))),
            Err(error) => Err(error.to_string()),
        }
    }

    /// What `match_regex` or `match` say; the regular expression goes first. `None` if neither is there.
    pub fn read(properties: &Properties<'_>) -> Result<Option<Self>, Mistake> {
        if let Some(text) = properties.text("match_regex") {
            return match Self::regex(text) {
                Ok(matching) => Ok(Some(matching)),
                Err(why) => {
                    let message = format!("{} is no regular expression: {why}", quoted(text));
                    let mistake = properties.mistake("match_regex", message);
                    Err(mistake
                        .label("cannot be read")
                        .remedy("correct it, or write `match` with a `*`"))
                }
            };
        }
        Ok(properties
            .text("match")
            .map(|text| Self::Pattern(text.to_owned())))
    }

    /// Whether the tag is wanted. A regular expression that takes too long does not fit.
    pub fn wants(&self, tag: &str) -> bool {
        match self {
            Self::Pattern(pattern) => fits(pattern, tag),
            Self::Regex(regex) => regex.is_match(tag).unwrap_or(false),
            Self::Nothing => false,
        }
    }
}

/// Whether `text` is `pattern` with a run of characters for each `*`: parts are found from left to
/// right, the earliest place each, which leaves most for those that follow.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::Matching;

    fn pattern(pattern: &str, tag: &str) -> bool {
        Matching::Pattern(pattern.to_owned()).wants(tag)
    }

    fn regex(text: &str, tag: &str) -> bool {
        Matching::regex(text).unwrap().wants(tag)
    }

    #[test]
    fn a_star_is_any_run_and_the_rest_is_literal() {
        for (matching, tag) in [
            ("*", ""),
            ("*", "app.web"),
            ("app", "app"),
            ("app.*", "app."),
            ("*web", "app.web"),
            ("a*.*x", "app.db.x"),
            ("a*a", "aa"),
            ("**", "x"),
            ("a*b*c", "abbc"),
        ] {
            assert!(pattern(matching, tag), "{matching} wants {tag}");
        }
        for (matching, tag) in [
            ("app.*", "app"),
            ("APP.*", "app.web"),
            ("app", "app.web"),
            ("", "app"),
            ("a*a", "a"),
            ("a.b", "axb"),
            ("a*b*c", "acb"),
        ] {
            assert!(!pattern(matching, tag), "{matching} does not want {tag}");
        }
    }

    #[test]
    fn a_regular_expression_is_tied_to_the_start_alone() {
        assert!(regex(r"^app\.(web|db)", "app.db.x"));
        assert!(regex("app", "app.web"));
        assert!(regex(".*web$", "app.web"));
        assert!(!regex("web$", "app.web"));
        assert!(!regex("x|web", "app.web"));
        assert!(regex("(?!sys)", "app"));
        assert!(Matching::regex("(").is_err());
    }
}
