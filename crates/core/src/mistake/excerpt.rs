//! The lines around a mistake pass through here: escaped, shortened, with the labels moved accordingly.

use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::{escaped, escaped_except};
use crate::Place;
use crate::secrets::covered;

/// The lines with labels and their neighbours; lines far from every label are left empty.
#[derive(Debug)]
pub(super) struct Excerpt {
    text: String,
    /// The number of the first line, counted from 0.
    first_line: usize,
    labels: Vec<Label>,
}

/// Where a caret goes, and the few words beside it.
#[derive(Debug)]
pub(super) struct Label {
    /// Bytes of the excerpt's text. A label of several lines ends with its first one.
    pub(super) span: Range<usize>,
    /// Escaped, perhaps empty.
    pub(super) text: String,
    /// Whether it is the first of the places, whose line and column head the box.
    pub(super) is_primary: bool,
    /// `file:line:column` in the file itself, escaped.
    place: String,
}

impl Excerpt {
    /// The lines of the `places`, which are all in one file, at most `columns` characters of each.
    pub(super) fn of(places: &[(&Place, &str)], columns: usize) -> Option<Self> {
        let text = places.first()?.0.source().text();
        let lines: Vec<usize> = places.iter().map(|(place, _)| place.line() - 1).collect();
        let first_line = lines.iter().min()?.saturating_sub(1);
        let last_line = lines.iter().max()? + 1;
        let mut excerpt = Self {
            text: String::new(),
            first_line,
            labels: Vec::new(),
        };
        let mut offset = 0;
        for (number, line) in text.split('\n').enumerate().take(last_line + 1) {
            let behind_the_end = offset == text.len() && !lines.contains(&number);
            if number >= first_line && !behind_the_end {
                let labels = places.iter().zip(&lines).enumerate();
                let labels: Vec<_> = labels
                    .filter(|(_, (_, at))| **at == number)
                    .map(|(nth, ((place, text), _))| (nth == 0, *place, *text))
                    .collect();
                if lines.iter().any(|at| at.abs_diff(number) <= 1) {
                    excerpt.push_line(line.trim_end_matches('\r'), offset, &labels, columns);
                }
                excerpt.text.push('\n');
            }
            offset += line.len() + 1;
        }
        Some(excerpt)
    }

    /// The labels, in the order of their lines.
    pub(super) fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// Adds a line that starts at `offset` of the file, and the labels that start in it.
    fn push_line(
        &mut self,
        line: &str,
        offset: usize,
        labels: &[(bool, &Place, &str)],
        columns: usize,
    ) {
        let line = &*covered(line);
        let focus = labels
            .first()
            .map_or(0, |(_, place, _)| place.span().start - offset);
        let window = window(line, focus, columns);
        if window.start > 0 {
            self.text.push('…');
        }
        let base = self.text.len();
        let moved = |position: usize| {
            let position = position
                .saturating_sub(offset)
                .clamp(window.start, window.end);
            base + visible(line.get(window.start..position).unwrap_or_default()).len()
        };
        for (is_primary, place, text) in labels {
            let span = place.span();
            self.labels.push(Label {
                span: moved(span.start)..moved(span.end),
                text: escaped(text),
                is_primary: *is_primary,
                place: escaped(&place.to_string()),
            });
        }
        self.text
            .push_str(&visible(line.get(window.clone()).unwrap_or_default()));
        if window.end < line.len() {
            self.text.push('…');
        }
    }
}

/// Hands out the excerpt under the numbers and the name of the file it is cut from.
impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        lines_before: usize,
        lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self
            .text
            .as_str()
            .read_span(span, lines_before, lines_after)?;
        let here = self
            .labels
            .iter()
            .find(|label| label.span.start == span.offset());
        Ok(Box::new(MietteSpanContents::new_named(
            here.map(|label| label.place.clone()).unwrap_or_default(),
            inner.data(),
            *inner.span(),
            inner.line() + self.first_line,
            inner.column(),
            inner.line_count(),
        )))
    }
}

/// The part of a line that is shown: all of it, or `columns` characters around byte `focus`.
fn window(line: &str, focus: usize, columns: usize) -> Range<usize> {
    if line.chars().count() <= columns {
        return 0..line.len();
    }
    let before = line.get(..focus).unwrap_or(line);
    let start = before
        .char_indices()
        .rev()
        .nth(columns / 3)
        .map_or(0, |(at, _)| at);
    let rest = line.get(start..).unwrap_or_default();
    let length = rest
        .char_indices()
        .nth(columns)
        .map_or(rest.len(), |(at, _)| at);
    start..start + length
}

/// Escaped but for tabs, which the drawing expands.
fn visible(line: &str) -> String {
    escaped_except(line, |letter| letter == '\t')
}
