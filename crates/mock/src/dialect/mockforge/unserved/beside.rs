//! `admin:`, a section beside `websocket:`.

use sockeye_core::document::Node;

use crate::dialect::Reading;

pub(super) fn check_admin(node: &Node, reading: &mut Reading<'_>) {
    let Some(mut fields) = reading.fields(node, "`admin`") else {
        return;
    };
    reading.bool(&mut fields, "enabled");
    if let Some(host) = fields.take("host") {
        reading.bind_host(host, "`host`");
    }
    reading.whole(&mut fields, "port", 0..=65_535);
    reading.finish(fields);
}
