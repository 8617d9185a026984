//! `admin:`, the listener for operators: a section beside `websocket:`.

use sockeye_core::document::Node;

use crate::dialect::Reading;
use crate::plan::AdminSettings;

pub(super) fn read(node: &Node, reading: &mut Reading<'_>) -> Option<AdminSettings> {
    let mut fields = reading.fields(node, "`admin`")?;
    let enabled = reading.bool(&mut fields, "enabled");
    let host = fields.take("host");
    let host = host.and_then(|host| reading.bind_host(host, "`host`"));
    let port = reading.whole(&mut fields, "port", 0..=65_535);
    reading.finish(fields);
    Some(AdminSettings {
        enabled,
        host: host.map(ToOwned::to_owned),
        port: port.and_then(|port| u16::try_from(port).ok()),
    })
}
