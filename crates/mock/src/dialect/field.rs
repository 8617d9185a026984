//! Fields of a map on their way to the values they must have: one call for a field, for all notations.
//!
//! A field that is not there gives none; one that does not fit gives none and a mistake.

use std::ops::RangeInclusive;
use std::path::{Component, Path, PathBuf};

use sockeye_core::document::{Fields, Key, Node};
use sockeye_core::{Mistake, nearest, quoted};

use super::Reading;

/// The longest time in milliseconds: a day.
const LONGEST_MILLIS: u64 = 24 * 60 * 60 * 1000;

impl Reading<'_> {
    /// `true` or `false`.
    pub(crate) fn bool(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<bool> {
        fields.take(key)?.as_bool(&quoted(key), self.mistakes)
    }

    /// A whole number.
    pub(crate) fn whole(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
        range: RangeInclusive<u64>,
    ) -> Option<u64> {
        fields.take(key)?.as_u64(&quoted(key), range, self.mistakes)
    }

    /// Milliseconds, at most a day of them.
    pub(crate) fn millis(&mut self, fields: &mut Fields<'_>, key: &'static str) -> Option<u64> {
        let node = fields.take(key)?;
        self.as_millis(node, &quoted(key))
    }

    /// The same of a value that is read already.
    pub(crate) fn as_millis(&mut self, node: &Node, what: &str) -> Option<u64> {
        node.as_u64(what, 0..=LONGEST_MILLIS, self.mistakes)
    }

    /// Milliseconds between two beats of a timer: at least one, at most a day of them.
    pub(crate) fn interval(&mut self, node: &Node, key: &'static str) -> Option<u64> {
        node.as_u64(&quoted(key), 1..=LONGEST_MILLIS, self.mistakes)
    }

    /// A number, whole or not.
    pub(crate) fn number(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
        range: RangeInclusive<f64>,
    ) -> Option<f64> {
        fields.take(key)?.as_f64(&quoted(key), range, self.mistakes)
    }

    /// A text.
    pub(crate) fn text<'n>(
        &mut self,
        fields: &mut Fields<'n>,
        key: &'static str,
    ) -> Option<&'n str> {
        fields.take(key)?.as_text(&quoted(key), self.mistakes)
    }

    /// What stands beside the word in `choices`.
    pub(crate) fn choice<T: Clone>(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Option<T> {
        fields
            .take(key)?
            .as_choice(&quoted(key), choices, self.mistakes)
    }

    /// The items of a list; a key without a value is a list without items.
    pub(crate) fn items<'n>(&mut self, fields: &mut Fields<'n>, key: &'static str) -> &'n [Node] {
        let node = fields.take(key).filter(|node| !node.is_null());
        node.and_then(|node| node.as_seq(&quoted(key), self.mistakes))
            .unwrap_or_default()
    }

    /// Those of `keys` that are there. They exclude each other: a second one is a mistake.
    pub(crate) fn either<'n>(
        &mut self,
        fields: &mut Fields<'n>,
        keys: &[&'static str],
    ) -> Vec<&'n (Key, Node)> {
        let mut found: Vec<_> = keys
            .iter()
            .filter_map(|key| fields.take_entry(key))
            .collect();
        found.sort_by_key(|(key, _)| key.place.span().start);
        if let [(first, _), (second, _), ..] = found.as_slice() {
            let (one, two) = (quoted(&first.name), quoted(&second.name));
            let mistake = Mistake::at(&second.place, format!("{two} and {one} exclude each other"))
                .label("this one")
                .also(&first.place, "and this one")
                .remedy("remove one of them");
            self.mistake(mistake);
        }
        found
    }

    /// A URL with one of `schemes`, the first of which is the plain one, the second the one over TLS.
    pub(crate) fn url<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        schemes: &[&str],
    ) -> Option<&'n str> {
        let url = node.as_text(what, self.mistakes)?;
        let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
        if schemes.contains(&scheme) && !rest.is_empty() && !rest.starts_with([':', '?', '#']) {
            return Some(url);
        }
        if schemes.contains(&scheme) {
            let mistake = Mistake::at(&node.place, format!("{what} names no host"));
            let remedy = format!("write a URL such as `{scheme}://localhost:8080`");
            self.mistake(mistake.remedy(remedy));
            return None;
        }
        let meant = match scheme {
            "https" => schemes.get(1),
            _ => schemes
                .iter()
                .find(|known| nearest(scheme, [**known]).is_some()),
        };
        let meant = meant.or(schemes.first()).copied().unwrap_or_default();
        let known: Vec<String> = schemes
            .iter()
            .map(|known| format!("`{known}://`"))
            .collect();
        let found = if scheme.is_empty() {
            quoted(url)
        } else {
            format!("`{scheme}://`")
        };
        let text = format!("{what} must start with {}, not {found}", one_of(&known));
        let place = node.place_within(
            0..if scheme.is_empty() {
                url.len()
            } else {
                scheme.len()
            },
        );
        self.mistake(Mistake::at(&place, text).remedy(format!("write `{meant}://{rest}`")));
        None
    }

    /// The path of a file in the folder of the file being read, or below it.
    pub(crate) fn file_below<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n str> {
        let path = node.as_text(what, self.mistakes)?;
        let text = if path.trim().is_empty() {
            format!("{what} must name a file, but is empty")
        } else if is_below(path) {
            return Some(path);
        } else {
            format!(
                "{what} must name a file in this folder or below it, not {}",
                quoted(path)
            )
        };
        let remedy = "write its path from the folder of this file, without `..`";
        self.mistake(Mistake::at(&node.place, text).remedy(remedy));
        None
    }

    /// The address of an interface, or a host's name, without a port.
    pub(crate) fn bind_host<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n str> {
        let host = node.as_text(what, self.mistakes)?;
        let right = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-');
        let is_name = !host.is_empty() && host.chars().all(right);
        if is_name || host.parse::<std::net::IpAddr>().is_ok() {
            return Some(host);
        }
        let text = format!(
            "{what} must be an address or a host name, not {}",
            quoted(host)
        );
        let remedy = "write `127.0.0.1`, `::1`, `0.0.0.0` or a name, without a port";
        self.mistake(Mistake::at(&node.place, text).remedy(remedy));
        None
    }
}

/// `a, b or c`.
pub(super) fn one_of(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [word] => word.clone(),
        [words @ .., last] => format!("{} or {last}", words.join(", ")),
    }
}

/// The folder of the file that `node` is written in.
pub(crate) fn folder_of(node: &Node) -> PathBuf {
    let folder = Path::new(node.place.source().name())
        .parent()
        .unwrap_or(Path::new(""));
    // An empty path is no folder for the system; the working folder may change later.
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned())
}

/// Whether a relative path never leaves the folder it starts in, on any operating system.
fn is_below(path: &str) -> bool {
    let mut depth = 0_i32;
    let is_relative = !path.contains(['\\', ':']) && Path::new(path).is_relative();
    is_relative
        && Path::new(path).components().all(|component| {
            depth += match component {
                Component::Normal(_) => 1,
                Component::ParentDir => -1,
                _ => 0,
            };
            depth >= 0
        })
}

#[cfg(test)]
mod tests {
    use super::is_below;

    #[test]
    fn a_file_below_is_told_from_one_elsewhere() {
        for path in ["a.js", "./scripts/a.js", "a/../b.js"] {
            assert!(is_below(path), "{path}");
        }
        for path in [
            "/etc/passwd",
            "../a.js",
            "a/../../b.js",
            "C:a.js",
            "..\\a.js",
        ] {
            assert!(!is_below(path), "{path}");
        }
    }
}
