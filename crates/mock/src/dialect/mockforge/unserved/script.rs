//! JavaScript in a file of the user: `script`, `script_file`, `handler`, `when`, `transform`.

use sockeye_core::Mistake;
use sockeye_core::document::{Fields, Node};

use crate::dialect::Reading;

/// Whether a handler has a script: its text, or the name of its file.
pub(super) fn read(fields: &mut Fields<'_>, reading: &mut Reading<'_>) -> bool {
    let found = reading.either(fields, &["script", "script_file"]);
    for (key, node) in &found {
        if key.name == "script" {
            check_named(node, "script", reading);
        } else {
            reading.file_below(node, "`script_file`");
        }
    }
    !found.is_empty()
}

/// The condition under `when`.
pub(in super::super) fn check_when(node: &Node, reading: &mut Reading<'_>) {
    check_named(node, "when", reading);
}

/// The text of a script under `key`.
pub(in super::super) fn check_named(node: &Node, key: &str, reading: &mut Reading<'_>) {
    let Some(text) = node.as_text(&format!("`{key}`"), reading.mistakes) else {
        return;
    };
    if text.trim().is_empty() {
        let mistake = Mistake::at(
            &node.place,
            format!("`{key}` must be JavaScript, but is empty"),
        );
        reading.mistake(mistake.remedy(format!("write it, or remove `{key}`")));
    }
}
