//! Who is measured beside whom passes through here, and with which messages.

use super::installed::{FASTWEBSOCKETS, TUNGSTENITE, WS, node_version};
use super::{Compression, Peer};
use crate::frames::{Exchange, json_text};
use crate::mocks::Mock;
use crate::server::Program;

/// A message of 32 bytes that rules and scripts know, and what they answer.
const PING: &str = r#"{"type":"ping","id":7,"x":"123"}"#;
const PONG: &str = r#"{"type":"pong","id":7}"#;
const RESPONSE: &str = r#"{"type":"response","id":7}"#;

/// What a server does to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Raw,
    Echo,
    Pattern,
    Script,
    /// Connections of a room, which are weighed; its messages go to a thousand.
    Room,
}

/// A server of the table.
pub(super) struct Contestant {
    pub(super) name: String,
    pub(super) program: Program,
    pub(super) path: Option<&'static str>,
    pub(super) kind: Kind,
}

pub(super) struct Column {
    pub(super) title: &'static str,
    pub(super) connections: usize,
    pub(super) window: u32,
    /// `None` is the message that rules and scripts know.
    pub(super) bytes: Option<usize>,
}

pub(super) const COLUMNS: [Column; 4] = [
    column("ping-pong 64, 32 B", 64, 1, None),
    column("pipelined 64x16, 32 B", 64, 16, None),
    column("pipelined 64x16, 1 KiB", 64, 16, Some(1024)),
    column("pipelined 64x4, 64 KiB", 64, 4, Some(64 * 1024)),
];

const fn column(
    title: &'static str,
    connections: usize,
    window: u32,
    bytes: Option<usize>,
) -> Column {
    Column {
        title,
        connections,
        window,
        bytes,
    }
}

pub(super) fn contestants() -> Vec<Contestant> {
    let one = |name: String, program, path, kind| Contestant {
        name,
        program,
        path,
        kind,
    };
    let ours = |what: &str, mock, path, kind| {
        one(
            format!("sockeye, {what}"),
            Program::Sockeye(mock),
            Some(path),
            kind,
        )
    };
    let peer = |name: String, peer| one(name, Program::Peer(peer), Some("/echo"), Kind::Echo);
    vec![
        one("raw TCP".to_owned(), Program::RawEcho, None, Kind::Raw),
        ours("echo", Mock::Basic, "/echo", Kind::Echo),
        ours("pattern", Mock::Basic, "/pattern", Kind::Pattern),
        ours("script", Mock::Scripts, "/script", Kind::Script),
        ours("room", Mock::Crowd, "/crowd", Kind::Room),
        peer(
            format!("tokio-tungstenite {TUNGSTENITE}, echo"),
            Peer::Tungstenite,
        ),
        peer(
            format!("fastwebsockets {FASTWEBSOCKETS}, echo"),
            Peer::Fastwebsockets,
        ),
        peer(
            format!("ws {WS} on Node {}, echo", node_version()),
            Peer::Ws(Compression::Off),
        ),
    ]
}

/// What is sent and answered; `None` when a server has no answer to such a message.
pub(super) fn exchange(kind: Kind, bytes: Option<usize>) -> Option<Exchange> {
    let sent = bytes.map_or_else(|| PING.to_owned(), json_text);
    match (kind, bytes) {
        (Kind::Raw, _) => Some(Exchange::raw(&sent)),
        (Kind::Echo, _) => Some(Exchange::web_socket(&sent, &sent)),
        (Kind::Pattern, None) => Some(Exchange::web_socket(&sent, PONG)),
        (Kind::Script, None) => Some(Exchange::web_socket(&sent, RESPONSE)),
        _ => None,
    }
}

/// A message that is never sent, where connections are only weighed.
pub(super) fn ping() -> Exchange {
    Exchange::raw(PING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_of_a_column_get_the_same_bytes() {
        assert_eq!(PING.len(), 32);
        for column in &COLUMNS {
            let kinds = [
                Kind::Raw,
                Kind::Echo,
                Kind::Pattern,
                Kind::Script,
                Kind::Room,
            ];
            let exchanges: Vec<Exchange> = kinds
                .into_iter()
                .filter_map(|kind| exchange(kind, column.bytes))
                .collect();
            assert_eq!(exchanges.len(), if column.bytes.is_none() { 4 } else { 2 });
            assert!(
                exchanges
                    .iter()
                    .all(|one| one.request == exchanges[0].request)
            );
        }
    }
}
