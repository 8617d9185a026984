//! Keys of a handler that keep its messages in a file.

use sockeye_core::document::Node;

use crate::dialect::Reading;

pub(super) fn check_record(node: &Node, reading: &mut Reading<'_>) {
    node.as_bool("`record`", reading.mistakes);
}

pub(super) fn check_record_path(node: &Node, reading: &mut Reading<'_>) {
    if node.as_text("`record_path`", reading.mistakes).is_some() {
        reading.template(node);
    }
}
