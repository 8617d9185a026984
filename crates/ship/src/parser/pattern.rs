//! Regular expressions as the reference's users write them: Ruby's syntax, named groups, on bytes.

use std::fmt::Write as _;

use thiserror::Error;

/// Why a regular expression cannot be read.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct PatternFault(String);

/// A regular expression.
///
/// Most are run by an engine whose time grows with the text only; what that does not know (looking
/// ahead or behind, references back) by one that tries, with a bound on how long.
#[derive(Debug)]
pub struct Pattern {
    engine: Engine,
    /// The named groups: the name, and its number in the engine.
    groups: Vec<(String, usize)>,
}

#[derive(Debug)]
enum Engine {
    Linear {
        regex: regex::bytes::Regex,
        /// The same for text that is not UTF-8, in which a letter is a byte.
        of_bytes: Option<regex::bytes::Regex>,
    },
    Trying(Box<fancy_regex::Regex>),
}

impl Pattern {
    /// Of its text, which may stand between slashes with letters of options behind.
    pub fn new(text: &str) -> Result<Self, PatternFault> {
        let (text, options) = without_slashes(text);
        let (text, names) = with_our_names(text);
        // To Ruby, `^` and `$` are the ends of lines, always.
        let text = format!("(?m{options}){text}");
        let linear = regex::bytes::Regex::new(&text);
        let engine = match linear {
            Ok(regex) => {
                let of_bytes = regex::bytes::RegexBuilder::new(&text)
                    .unicode(false)
                    .build();
                Engine::Linear {
                    regex,
                    of_bytes: of_bytes.ok(),
                }
            }
            Err(_) => match fancy_regex::Regex::new(&text) {
                Ok(regex) => Engine::Trying(Box::new(regex)),
                Err(fault) => return Err(PatternFault(last_line(&fault.to_string()))),
            },
        };
        let groups = names.into_iter().enumerate();
        let groups = groups.filter_map(|(at, name)| Some((name, engine.number_of(&our_name(at))?)));
        Ok(Self {
            groups: groups.collect(),
            engine,
        })
    }

    /// The names of its groups.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.groups.iter().map(|(name, _)| name.as_str())
    }

    /// Whether it matches anywhere in the text.
    pub fn matches(&self, text: &[u8]) -> bool {
        match &self.engine {
            Engine::Linear { regex, of_bytes } => {
                let of_bytes = of_bytes.as_ref();
                let matches_bytes = || of_bytes.is_some_and(|regex| regex.is_match(text));
                regex.is_match(text) || !is_utf8(text) && matches_bytes()
            }
            Engine::Trying(regex) => {
                let text = String::from_utf8_lossy(text);
                regex.is_match(text.as_ref()).unwrap_or(false)
            }
        }
    }

    /// Gives every named group that took part, in the order of the pattern; false if it does not match.
    pub fn groups(&self, text: &[u8], mut each: impl FnMut(&str, &[u8])) -> bool {
        match &self.engine {
            Engine::Linear { regex, of_bytes } => {
                let of_bytes = || of_bytes.as_ref().filter(|_| !is_utf8(text))?.captures(text);
                let Some(captures) = regex.captures(text).or_else(of_bytes) else {
                    return false;
                };
                for (name, number) in &self.groups {
                    if let Some(group) = captures.get(*number) {
                        each(name, group.as_bytes());
                    }
                }
            }
            Engine::Trying(regex) => {
                let text = String::from_utf8_lossy(text);
                let Ok(Some(captures)) = regex.captures(text.as_ref()) else {
                    return false;
                };
                for (name, number) in &self.groups {
                    if let Some(group) = captures.get(*number) {
                        each(name, group.as_str().as_bytes());
                    }
                }
            }
        }
        true
    }
}

impl Engine {
    fn number_of(&self, name: &str) -> Option<usize> {
        match self {
            Self::Linear { regex, .. } => {
                regex.capture_names().position(|known| known == Some(name))
            }
            Self::Trying(regex) => regex.capture_names().position(|known| known == Some(name)),
        }
    }
}

fn is_utf8(text: &[u8]) -> bool {
    std::str::from_utf8(text).is_ok()
}

fn last_line(text: &str) -> String {
    text.lines()
        .rev()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
        .trim()
        .to_owned()
}

/// `/text/imx`
fn without_slashes(text: &str) -> (&str, String) {
    let parts = text
        .strip_prefix('/')
        .and_then(|text| text.rsplit_once('/'));
    let Some((inner, options)) = parts else {
        return (text, String::new());
    };
    // To Ruby, `m` lets `.` match line breaks, which is `s` elsewhere.
    let known = |letter| match letter {
        'i' => Some('i'),
        'm' => Some('s'),
        'x' => Some('x'),
        'o' => Some('o'),
        _ => None,
    };
    let known: Option<String> = options.chars().map(known).collect();
    match known {
        Some(options) => (inner, options.replace('o', "")),
        None => (text, String::new()),
    }
}

fn our_name(at: usize) -> String {
    format!("g{at}")
}

/// Groups get names that every engine takes; theirs may have any letter, and be there twice.
fn with_our_names(text: &str) -> (String, Vec<String>) {
    let mut renamed = String::with_capacity(text.len());
    let mut names = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '(']) {
        let (before, special) = rest.split_at(at);
        renamed.push_str(before);
        let name = special
            .strip_prefix("(?<")
            .or_else(|| special.strip_prefix("(?P<"))
            .filter(|name| !name.starts_with(['=', '!']))
            .and_then(|name| name.split_once('>'));
        let back = special
            .strip_prefix("\\k<")
            .and_then(|name| name.split_once('>'));
        rest = if let Some((name, after)) = back
            && let Some(at) = names.iter().position(|known| known == name)
        {
            let _ = write!(renamed, "\\k<{}>", our_name(at));
            after
        } else if let Some((name, after)) = name {
            let _ = write!(renamed, "(?P<{}>", our_name(names.len()));
            names.push(name.to_owned());
            after
        } else if let Some(after) = special.strip_prefix("\\<") {
            // A letter to Ruby, the border of a word to our engines.
            renamed.push('<');
            after
        } else if let Some(after) = special.strip_prefix("\\>") {
            renamed.push('>');
            after
        } else {
            // A backslash and what it escapes, or a bracket.
            let taken = if special.starts_with('\\') { 2 } else { 1 };
            let taken: usize = special.chars().take(taken).map(char::len_utf8).sum();
            renamed.push_str(&special[..taken]);
            &special[taken..]
        };
    }
    renamed.push_str(rest);
    (renamed, names)
}
