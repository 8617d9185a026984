//! Every file the user wrote passes through here as text: where in it something stands, as line and column.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A text the user wrote, with the name it is known by. Shared by every [`Place`] in it.
#[derive(PartialEq, Eq)]
pub struct Source {
    name: String,
    text: String,
}

impl Source {
    /// A text named as the user typed it: a path, or a word like `<command line>`.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            name: name.into(),
            text: text.into(),
        })
    }

    /// The name, as the user typed it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.name, self.text.len())
    }
}

/// A stretch of a [`Source`]: 16 bytes, cheap to clone, always inside the text and on character borders.
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    source: Arc<Source>,
    start: u32,
    end: u32,
}

impl Place {
    /// The bytes `span` of `source`. What lies outside the text or inside a character is moved to the
    /// nearest border before it; beyond 4 GiB a place stays at 4 GiB.
    pub fn new(source: &Arc<Source>, span: Range<usize>) -> Self {
        let start = border(source.text(), span.start);
        let end = border(source.text(), span.end).max(start);
        Self {
            source: Arc::clone(source),
            start,
            end,
        }
    }

    /// The text the place is in.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// First byte and the byte after the last one.
    pub fn span(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// What stands at the place, exactly as written.
    pub fn raw(&self) -> &str {
        self.source.text().get(self.span()).unwrap_or_default()
    }

    /// The line the place starts in, counted from 1.
    pub fn line(&self) -> usize {
        1 + self.before().bytes().filter(|&byte| byte == b'\n').count()
    }

    /// The column the place starts at, counted from 1 in characters; a tab is one, a mark for the
    /// byte order in front of the text is none.
    pub fn column(&self) -> usize {
        let line = self.before().rsplit('\n').next().unwrap_or_default();
        1 + line.trim_start_matches('\u{feff}').chars().count()
    }

    fn before(&self) -> &str {
        self.source
            .text()
            .get(..self.start as usize)
            .unwrap_or_default()
    }
}

/// `file:line:column`.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}:{}:{}",
            self.source.name(),
            self.line(),
            self.column()
        )
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}..{}", self.end)
    }
}

fn border(text: &str, offset: usize) -> u32 {
    u32::try_from(text.floor_char_boundary(offset)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_a_line_and_a_column_in_characters() {
        let source = Source::new("a.yaml", "x\ny: äé\"z\"\n");
        let place = Place::new(&source, 9..12);
        assert_eq!(place.to_string(), "a.yaml:2:6");
        assert_eq!(place.raw(), "\"z\"");
    }

    #[test]
    fn a_place_never_leaves_the_text_nor_cuts_a_character() {
        let source = Source::new("a", "ä");
        assert_eq!(Place::new(&source, 1..99).span(), 0..2);
        assert_eq!(Place::new(&source, 50..60).span(), 2..2);
    }

    #[test]
    fn a_byte_order_mark_takes_no_column() {
        let source = Source::new("a", "\u{feff}x: 1\n");
        assert_eq!(Place::new(&source, 3..4).to_string(), "a:1:1");
    }

    #[test]
    fn a_place_is_small() {
        assert_eq!(size_of::<Place>(), 16);
    }
}
