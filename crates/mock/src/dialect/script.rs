//! JavaScript of a file on its way to a handler: checked, and its mistakes found in the file.

use std::fs::File;
use std::io::{self, Read as _};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use sockeye_core::document::{Fields, Node};
use sockeye_core::{Mistake, Place, Source, quoted};
use sockeye_script::js::{Script, ScriptKind, ScriptMistake};

use super::Reading;
use crate::js::Handler;

/// Where the manual explains scripts.
const PAGE: &str = "docs/scripts.md";

/// The longest script in a file of its own.
const SCRIPT_BYTES: u64 = 1024 * 1024;

impl Reading<'_> {
    /// The script under a key.
    pub(crate) fn script(
        &mut self,
        fields: &mut Fields<'_>,
        key: &'static str,
        kind: ScriptKind,
    ) -> Option<Arc<Handler>> {
        let node = fields.take(key)?;
        self.as_script(node, key, kind)
    }

    /// The same of a value that is read already.
    pub(crate) fn as_script(
        &mut self,
        node: &Node,
        key: &str,
        kind: ScriptKind,
    ) -> Option<Arc<Handler>> {
        let text = node.as_text(&quoted(key), self.mistakes)?;
        if text.trim().is_empty() {
            let mistake = Mistake::at(
                &node.place,
                format!("`{key}` must be JavaScript, but is empty"),
            );
            self.mistake(mistake.remedy(format!("write it, or remove `{key}`")));
            return None;
        }
        let within = |range| node.place_within(range);
        self.checked(text, key, kind, &node.place, &within)
    }

    /// The script in the file that a key names.
    pub(crate) fn script_file(&mut self, node: &Node, kind: ScriptKind) -> Option<Arc<Handler>> {
        let file = self.file_beside(node, "`script_file`")?;
        let name = file.shown.display().to_string();
        let text = match read_script(&file.real) {
            Ok(text) => text,
            Err(wrong) => {
                let mistake = Mistake::at(&node.place, format!("{name} {wrong}"));
                self.mistake(mistake.remedy("name a file of JavaScript"));
                return None;
            }
        };
        let source = Source::new(name, text);
        let within = |range| Place::new(&source, range);
        let place = within(0..0);
        self.checked(source.text(), "script_file", kind, &place, &within)
    }

    fn checked(
        &mut self,
        text: &str,
        key: &str,
        kind: ScriptKind,
        place: &Place,
        within: &dyn Fn(Range<usize>) -> Place,
    ) -> Option<Arc<Handler>> {
        match Script::new(kind, text) {
            Ok(script) => Some(Arc::new(Handler {
                script,
                place: place.clone(),
            })),
            Err(wrong) => {
                let at = span(text, &wrong);
                let message = format!("`{key}` is not JavaScript: {}", wrong.message);
                self.mistake(Mistake::at(&within(at), message).page(PAGE));
                None
            }
        }
    }
}

/// The text of a file, or what is wrong with it.
fn read_script(path: &Path) -> Result<String, String> {
    let unreadable = |error: io::Error| format!("cannot be read: {error}");
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    let mut bounded = file.take(SCRIPT_BYTES + 1);
    bounded.read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > SCRIPT_BYTES {
        return Err("is longer than 1 MiB".to_owned());
    }
    String::from_utf8(bytes).map_err(|_| "is not UTF-8".to_owned())
}

/// Where a mistake stands in `text`.
fn span(text: &str, wrong: &ScriptMistake) -> Range<usize> {
    let at = offset(text, wrong.line, wrong.column);
    let letter = text[at..].chars().next();
    at..letter.map_or(at, |letter| at + letter.len_utf8())
}

/// Where a line and a column, both counted from 1 and the column in characters, stand in `text`.
fn offset(text: &str, line: u32, column: u32) -> usize {
    let whole = |number: u32| usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
    let mut lines = text.split_inclusive('\n');
    let before: usize = lines.by_ref().take(whole(line)).map(str::len).sum();
    let line = lines.next().unwrap_or_default().trim_end_matches('\n');
    let within = line.char_indices().nth(whole(column));
    before + within.map_or(line.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::offset;

    #[test]
    fn a_place_is_found_by_line_and_column() {
        let text = "let ä = 1;\nreturn }\n";
        for (line, column, at) in [(1, 1, 0), (1, 6, 6), (2, 8, 19), (2, 99, 20), (9, 9, 21)] {
            assert_eq!(offset(text, line, column), at, "{line}:{column}");
        }
    }
}
