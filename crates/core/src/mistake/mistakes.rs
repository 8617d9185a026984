//! All mistakes of a run pass through here together: counted, collected, and shown as far as one reads.

use std::fmt;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use super::{Mistake, Severity, draw};

/// How many mistakes of a run are shown; the others are only counted.
pub const SHOWN_MISTAKES: usize = 20;

/// How many mistakes of one severity are kept; the others are only counted.
const KEPT: usize = 500;

/// All mistakes of one run, in the order they were found.
///
/// The first 500 of each severity are kept, every one is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mistakes {
    kept: Vec<Mistake>,
    errors: usize,
    warnings: usize,
}

impl Mistakes {
    /// None so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// One more.
    pub fn push(&mut self, mistake: Mistake) {
        let count = match mistake.0.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        *count += 1;
        if *count <= KEPT {
            self.kept.push(mistake);
        }
    }

    /// Whether one of them stops the program.
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many of them stop the program.
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// Leaves the [minor](Mistake::minor) ones out.
    pub fn forget_minor(&mut self) {
        let before = self.kept.len();
        self.kept.retain(|mistake| !mistake.0.is_minor);
        self.warnings -= before - self.kept.len();
    }

    /// Names `page` of the manual in every mistake that names none yet.
    pub fn explained_on(&mut self, page: &'static str) {
        for mistake in &mut self.kept {
            mistake.0.page.get_or_insert(page);
        }
    }

    /// How many there are, those that are only counted included.
    pub fn len(&self) -> usize {
        self.errors + self.warnings
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Those that are kept.
    pub fn iter(&self) -> std::slice::Iter<'_, Mistake> {
        self.kept.iter()
    }

    /// `value` unless one of the mistakes is an error. Warnings alone are dropped: take them with
    /// [`Mistakes::iter`] before.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.has_errors() {
            Err(self)
        } else {
            Ok(value)
        }
    }

    /// The mistakes as boxes with carets, at most [`SHOWN_MISTAKES`], then how many more there are.
    ///
    /// Errors come before warnings. `width` is the terminal's, in columns; `color` adds ANSI colours.
    /// Control characters of the files are shown escaped, never sent.
    pub fn draw(&self, color: bool, width: usize) -> String {
        let drawn: Vec<String> = self
            .shown()
            .iter()
            .map(|mistake| draw::draw(mistake, color, width))
            .collect();
        let more = self
            .more()
            .map(|more| format!("\n  {more}\n"))
            .unwrap_or_default();
        drawn.join("\n") + &more
    }

    fn shown(&self) -> Vec<&Mistake> {
        let of = |severity| {
            self.iter()
                .filter(move |mistake| mistake.0.severity == severity)
        };
        of(Severity::Error)
            .chain(of(Severity::Warning))
            .take(SHOWN_MISTAKES)
            .collect()
    }

    fn more(&self) -> Option<String> {
        let more = self.len().saturating_sub(SHOWN_MISTAKES);
        (more > 0).then(|| format!("and {more} more"))
    }
}

/// One line per shown mistake.
impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.shown().into_iter().map(ToString::to_string);
        f.write_str(&lines.chain(self.more()).collect::<Vec<_>>().join("\n"))
    }
}

impl std::error::Error for Mistakes {}

/// `errors` and `warnings` (counts) and `mistakes` (those that would be shown).
impl Serialize for Mistakes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Mistakes", 3)?;
        fields.serialize_field("errors", &self.errors)?;
        fields.serialize_field("warnings", &self.warnings)?;
        fields.serialize_field("mistakes", &self.shown())?;
        fields.end()
    }
}

impl From<Mistake> for Mistakes {
    fn from(mistake: Mistake) -> Self {
        Self::from_iter([mistake])
    }
}

impl FromIterator<Mistake> for Mistakes {
    fn from_iter<I: IntoIterator<Item = Mistake>>(mistakes: I) -> Self {
        let mut all = Self::new();
        all.extend(mistakes);
        all
    }
}

impl Extend<Mistake> for Mistakes {
    fn extend<I: IntoIterator<Item = Mistake>>(&mut self, mistakes: I) {
        mistakes.into_iter().for_each(|mistake| self.push(mistake));
    }
}

impl IntoIterator for Mistakes {
    type Item = Mistake;
    type IntoIter = std::vec::IntoIter<Mistake>;
    fn into_iter(self) -> Self::IntoIter {
        self.kept.into_iter()
    }
}

impl<'a> IntoIterator for &'a Mistakes {
    type Item = &'a Mistake;
    type IntoIter = std::slice::Iter<'a, Mistake>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
