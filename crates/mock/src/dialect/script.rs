//! JavaScript of a file on its way to a handler: checked, and its mistakes found in the file.

use std::sync::Arc;

use sockeye_core::document::{Fields, Node};
use sockeye_core::{Mistake, quoted};
use sockeye_script::js::{Script, ScriptKind, ScriptMistake};

use super::Reading;
use crate::js::Handler;

/// Where the manual explains scripts.
const PAGE: &str = "docs/scripts.md";

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
        match Script::new(kind, text) {
            Ok(script) => Some(Arc::new(Handler {
                script,
                place: node.place.clone(),
            })),
            Err(wrong) => {
                self.script_mistake(node, key, text, &wrong);
                None
            }
        }
    }

    fn script_mistake(&mut self, node: &Node, key: &str, text: &str, wrong: &ScriptMistake) {
        let at = offset(text, wrong.line, wrong.column);
        let end = text[at..]
            .chars()
            .next()
            .map_or(at, |letter| at + letter.len_utf8());
        let place = node.place_within(at..end);
        let message = format!("`{key}` is not JavaScript: {}", wrong.message);
        self.mistake(Mistake::at(&place, message).page(PAGE));
    }
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
