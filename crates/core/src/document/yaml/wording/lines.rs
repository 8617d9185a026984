//! Faults that the YAML parser notices lines later pass through here and are told where they began.

use std::sync::Arc;

use crate::{Mistake, Place, Source};

/// The first control character in the line of the fault; the parser blames the text it stands in.
pub(super) fn control_character(source: &Arc<Source>, fault: &Place) -> Option<Mistake> {
    let start = line_start(source.text(), fault.span().start);
    let line = source.text().get(start..)?.split('\n').next()?;
    let line = line.trim_end_matches('\r');
    let (at, letter) = line
        .char_indices()
        .find(|(_, letter)| letter.is_ascii_control() && *letter != '\t')?;
    let message = format!(
        "the control character U+{:04X} cannot stand in a file",
        u32::from(letter)
    );
    let remedy = format!(
        "remove it, or write `\\x{:02x}` in double quotes",
        u32::from(letter)
    );
    let place = Place::new(source, start + at..start + at + 1);
    Some(Mistake::at(&place, message).label("here").remedy(remedy))
}

/// A colon where none can stand, because the line before it is a key without a colon, or a text that
/// this line continues.
pub(super) fn colon(source: &Arc<Source>, fault: &Place) -> Option<Mistake> {
    let text = source.text();
    let start = line_start(text, fault.span().start);
    let key = text.get(start..fault.span().start)?;
    let is_key = !key.trim().is_empty() && !key.contains([':', '"', '\'', '{', '[']);
    if !is_key {
        return None;
    }
    let (before, line) = lines_before(text, start).find(|(_, line)| !line.trim().is_empty())?;
    let content = line.trim();
    let at = before + line.len() - line.trim_start().len();
    let place = Place::new(source, at..at + content.len());
    let key_at = start + key.len() - key.trim_start().len();
    let here = Place::new(source, key_at..fault.span().start);
    if !content.contains(':') {
        let mistake = Mistake::at(&place, "a colon is missing after a key");
        return Some(
            mistake
                .label("this is read as text")
                .also(&here, "the next key")
                .remedy("write `key: value`, or put text of several lines in quotes"),
        );
    }
    let mistake = Mistake::at(&here, "this key is read as more of the text before it");
    let label = "it is indented deeper than the line before";
    Some(mistake.label(label).remedy(super::ALIGN))
}

/// The quote that opened the text which goes on where the fault was noticed.
pub(super) fn open_quote(source: &Arc<Source>, fault: &Place) -> Option<Mistake> {
    let text = source.text();
    let start = line_start(text, fault.span().start);
    let (at, quote) = lines_before(text, start).find_map(|(at, line)| {
        let opens = |(offset, letter): &(usize, char)| {
            let before = line.get(..*offset).unwrap_or_default();
            matches!(letter, '"' | '\'')
                && !before.ends_with(|c: char| !c.is_whitespace() && !"[{,(".contains(c))
        };
        let (offset, quote) = line.char_indices().rev().find(opens)?;
        Some((at + offset, quote))
    })?;
    let mistake = Mistake::at(
        &Place::new(source, at..at + 1),
        "this quote is never closed",
    );
    let remedy = format!("close it with `{quote}`; further lines of a text in quotes are indented");
    let label = "this line is not part of the text";
    Some(
        mistake
            .label("opened here")
            .also(fault, label)
            .remedy(remedy),
    )
}

fn line_start(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    before.rfind('\n').map_or(0, |end| end + 1)
}

/// The lines before the one that starts at `start`, the nearest first, each with where it starts.
fn lines_before(text: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut end = start.checked_sub(1);
    std::iter::from_fn(move || {
        let stop = end?;
        let from = line_start(text, stop);
        end = from.checked_sub(1);
        Some((from, text.get(from..stop)?.trim_end_matches('\r')))
    })
}
