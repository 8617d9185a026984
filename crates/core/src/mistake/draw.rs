//! A mistake passes through here and comes out as a box with line numbers and a caret under the fault.

use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::excerpt::Excerpt;
use super::{Mistake, Severity, escaped};
use crate::Place;

/// Columns the box itself takes beside the text of a line.
const FRAME: usize = 12;
/// The narrowest and the widest a line of the file is shown, in characters.
const LINE: (usize, usize) = (40, 200);

/// The mistake as text, drawn for a terminal of `width` columns.
pub(super) fn draw(mistake: &Mistake, color: bool, width: usize) -> String {
    let theme = if color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let drawing = Drawing::of(mistake, width);
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width.max(LINE.0))
        .with_break_words(false)
        .without_primary_span_start();
    // Writing into a string cannot fail, and every label lies inside its excerpt.
    if handler.render_report(&mut text, &drawing).is_err() {
        return mistake.to_string();
    }
    text.lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect()
}

/// What the library draws: all texts escaped, offsets counted in the excerpt.
#[derive(Debug)]
struct Drawing {
    message: String,
    help: Option<String>,
    severity: miette::Severity,
    excerpt: Option<Excerpt>,
}

impl Drawing {
    fn of(mistake: &Mistake, width: usize) -> Self {
        let (near, far) = places(mistake);
        let help: Vec<String> = far.into_iter().chain(mistake.help()).collect();
        Self {
            message: escaped(&mistake.0.message),
            help: (!help.is_empty()).then(|| escape_lines(&help.join("\n"))),
            severity: match mistake.0.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            },
            excerpt: Excerpt::of(&near, width.saturating_sub(FRAME).clamp(LINE.0, LINE.1)),
        }
    }
}

impl fmt::Display for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawing {}

impl Diagnostic for Drawing {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt
            .as_ref()
            .map(|excerpt| excerpt as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let excerpt = self.excerpt.as_ref()?;
        Some(Box::new(excerpt.labels().iter().map(|label| {
            let text = (!label.text.is_empty()).then(|| label.text.clone());
            let span = (label.span.start, label.span.len());
            if label.is_primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        })))
    }
}

/// The labels of the file the mistake is in, and one line of help for a second place in another file.
fn places(mistake: &Mistake) -> (Vec<(&Place, &str)>, Option<String>) {
    let Some(place) = &mistake.0.place else {
        return (Vec::new(), None);
    };
    let mut near = vec![(place, mistake.0.label.as_str())];
    let Some((second, label)) = &mistake.0.also else {
        return (near, None);
    };
    if second.source() != place.source() {
        return (near, Some(format!("{label}: {second}")));
    }
    near.push((second, label));
    (near, None)
}

fn escape_lines(text: &str) -> String {
    text.split('\n').map(escaped).collect::<Vec<_>>().join("\n")
}
