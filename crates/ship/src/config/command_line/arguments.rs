//! The words of a command line pass through here, as one text, so that mistakes can point into it.

use std::sync::Arc;

use sockeye_core::{Place, Source};

/// What mistakes call the command line.
pub(super) const NAME: &str = "<command line>";

/// The words, and where each of them stands.
pub(super) struct Arguments {
    source: Arc<Source>,
    starts: Vec<(usize, usize)>,
}

/// One word, or the end of one.
#[derive(Clone, Copy)]
pub(super) struct Argument<'a> {
    pub(super) text: &'a str,
    source: &'a Arc<Source>,
    start: usize,
}

impl Arguments {
    pub(super) fn new<S: AsRef<str>>(words: &[S]) -> Self {
        let mut text = String::new();
        let mut starts = Vec::with_capacity(words.len());
        for word in words {
            if !text.is_empty() {
                text.push(' ');
            }
            let start = text.len();
            text.push_str(word.as_ref());
            starts.push((start, text.len()));
        }
        Self {
            source: Source::new(NAME, text),
            starts,
        }
    }

    pub(super) fn get(&self, index: usize) -> Option<Argument<'_>> {
        let (start, end) = *self.starts.get(index)?;
        Some(Argument {
            text: self.source.text().get(start..end)?,
            source: &self.source,
            start,
        })
    }
}

impl Argument<'_> {
    pub(super) fn place(&self) -> Place {
        Place::new(self.source, self.start..self.start + self.text.len())
    }

    /// The end of the word, such as the `1` of `-f1`.
    pub(super) fn tail(&self, rest: &str) -> Self {
        let cut = self.text.len() - rest.len();
        Self {
            text: self.text.get(cut..).unwrap_or_default(),
            source: self.source,
            start: self.start + cut,
        }
    }
}
