//! `admin:`, the listener for operators: a section beside `websocket:`; and `http.port`, its port by another name.

use sockeye_core::Mistake;
use sockeye_core::document::{Key, Node, NodeValue};

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

/// `http.port`, where a file for all protocols has the port of its REST. The rest of `http` is others' business.
pub(super) fn alias(key: &Key, node: &Node, reading: &mut Reading<'_>) -> Option<u16> {
    let NodeValue::Map(entries) = &node.value else {
        return None;
    };
    if entries.len() > 1 {
        let text = "of section `http` only `port` is read, as `admin.port`; the rest is ignored";
        let remedy = "put what is about WebSockets under `websocket:`";
        let mistake = Mistake::at(&key.place, text).remedy(remedy).warning();
        reading.mistake(mistake);
    }
    let port = node.get("port")?;
    let port = port.as_u64("`http.port`", 0..=65_535, reading.mistakes)?;
    u16::try_from(port).ok()
}
