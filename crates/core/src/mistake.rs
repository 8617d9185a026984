//! Every mistake a user can make in a file passes through here: what, where, and what to do about it.

mod draw;
mod excerpt;
mod mistakes;
mod nearest;

use std::borrow::Cow;
use std::fmt;

use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use crate::Place;
use crate::secrets::covered_addresses;
pub use mistakes::{Mistakes, SHOWN_MISTAKES};
pub use nearest::nearest;

/// The longest user word a message repeats, in characters.
const LONGEST_WORD: usize = 60;

/// Whether a mistake stops the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing starts with this file.
    Error,
    /// Worth a look; the file is used all the same.
    Warning,
}

/// One thing that is wrong in what the user wrote.
///
/// The message is a lower-case sentence without a full stop, user words in backticks ([`quoted`]);
/// the remedy says in the imperative what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    severity: Severity,
    message: String,
    place: Option<Place>,
    label: String,
    also: Option<(Place, String)>,
    remedy: Option<String>,
    page: Option<&'static str>,
    is_minor: bool,
}

/// A sentence about what a file says; a URL's secrets are not repeated.
fn shown(sentence: impl Into<String>) -> String {
    let sentence = sentence.into();
    match covered_addresses(&sentence) {
        Cow::Owned(shown) => shown,
        Cow::Borrowed(_) => sentence,
    }
}

impl Mistake {
    /// Something wrong at a place in a file.
    pub fn at(place: &Place, message: impl Into<String>) -> Self {
        let mut mistake = Self::nowhere(message);
        mistake.0.place = Some(place.clone());
        mistake
    }

    /// Something wrong that no line of a file shows, such as a missing file.
    pub fn nowhere(message: impl Into<String>) -> Self {
        Self(Box::new(Details {
            severity: Severity::Error,
            message: shown(message),
            place: None,
            label: String::new(),
            also: None,
            remedy: None,
            page: None,
            is_minor: false,
        }))
    }

    /// The few words under the caret.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.0.label = shown(label);
        self
    }

    /// A second place that explains the first one, with its own few words.
    #[must_use]
    pub fn also(mut self, place: &Place, label: impl Into<String>) -> Self {
        self.0.also = Some((place.clone(), shown(label)));
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.0.remedy = Some(shown(remedy));
        self
    }

    /// The known word nearest to `word` as the remedy; without a near one the known words, if few.
    #[must_use]
    pub fn did_you_mean<'a>(
        self,
        word: &str,
        known: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Self {
        if let Some(near) = nearest(word, known.clone()) {
            return self.remedy(format!("did you mean {}?", quoted(near)));
        }
        let known: Vec<String> = known.into_iter().map(quoted).collect();
        match known.len() {
            0 => self,
            1..=SHOWN_MISTAKES => self.remedy(format!("known here: {}", known.join(", "))),
            _ => self,
        }
    }

    /// The page of the manual that explains it, such as `docs/moclojer.md#patterns`.
    #[must_use]
    pub fn page(mut self, page: &'static str) -> Self {
        self.0.page = Some(page);
        self
    }

    /// The same as a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.0.severity = Severity::Warning;
        self
    }

    /// The same as a warning that is worth reading only once nothing is wrong.
    #[must_use]
    pub fn minor(mut self) -> Self {
        self.0.is_minor = true;
        self.warning()
    }

    /// Whether it stops the program.
    pub fn severity(&self) -> Severity {
        self.0.severity
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it is wrong.
    pub fn place(&self) -> Option<&Place> {
        self.0.place.as_ref()
    }

    /// The help under the drawing: the remedy and the page, a line each.
    fn help(&self) -> Option<String> {
        let page = self.0.page.map(|page| format!("see {page}"));
        let lines: Vec<String> = self.0.remedy.clone().into_iter().chain(page).collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

/// One line for logs: `file:line:column: message`, control characters escaped.
impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.0.place {
            write!(f, "{}: ", escaped(&place.to_string()))?;
        }
        if self.0.severity == Severity::Warning {
            f.write_str("warning: ")?;
        }
        f.write_str(&escaped(&self.0.message))
    }
}

/// `severity`, `message`, `file`, `line`, `column`, `span` (bytes), `label`, `remedy`, `page`; null where unknown.
impl Serialize for Mistake {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = self.0.place.as_ref();
        let mut fields = serializer.serialize_struct("Mistake", 9)?;
        fields.serialize_field("severity", &self.0.severity)?;
        fields.serialize_field("message", &self.0.message)?;
        fields.serialize_field("file", &place.map(|place| place.source().name()))?;
        fields.serialize_field("line", &place.map(Place::line))?;
        fields.serialize_field("column", &place.map(Place::column))?;
        fields.serialize_field(
            "span",
            &place.map(|place| [place.span().start, place.span().end]),
        )?;
        fields.serialize_field("label", &self.0.label)?;
        fields.serialize_field("remedy", &self.0.remedy)?;
        fields.serialize_field("page", &self.0.page)?;
        fields.end()
    }
}

/// A user's word for a message: in backticks (in double quotes if it has one itself), control characters escaped, cut after 60 characters.
pub fn quoted(word: &str) -> String {
    let mut short: String = word.chars().take(LONGEST_WORD).collect();
    if short.len() < word.len() {
        short.push('…');
    }
    let mark = if short.contains('`') { '"' } else { '`' };
    format!("{mark}{}{mark}", escaped(&short))
}

/// The text with everything escaped that would move a terminal's cursor or reorder its letters.
fn escaped(text: &str) -> String {
    escaped_except(text, |_| false)
}

fn escaped_except(text: &str, harmless: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_harmful(letter) && !harmless(letter) {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

/// Control characters, marks that change the direction of writing, line breaks of Unicode.
fn is_harmful(letter: char) -> bool {
    let invisible = ['\u{200e}', '\u{200f}', '\u{feff}'];
    letter.is_control()
        || invisible.contains(&letter)
        || ('\u{2028}'..='\u{202e}').contains(&letter)
        || ('\u{2066}'..='\u{2069}').contains(&letter)
}
