//! `include:`, a list of files whose routes are added to those of the file that names them.

use sockeye_core::document::Node;

use crate::dialect::{Include, Reading};

/// Finds the files; they are read after this one.
pub(super) fn read(node: &Node, reading: &mut Reading<'_>) {
    if node.is_null() {
        return;
    }
    let files = node
        .as_seq("`include`", reading.mistakes)
        .unwrap_or_default();
    for named in files {
        if let Some(file) = reading.file_beside(named, "an item of `include`") {
            let place = named.place.clone();
            reading.includes.push(Include { file, place });
        }
    }
}
