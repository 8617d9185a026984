//! What nodes say on their channel: one line of JSON, and after it the bytes of a broadcast.
//!
//! `{"sockeye":1,"from":"9f…","word":{"broadcast":{"to":{"room":"lobby"},"binary":false}}}\nhello`

use serde::{Deserialize, Serialize};
use sockeye_script::js::Payload;

use crate::limits::{EVENT_BYTES, PRESENCE_BYTES};
use crate::{Presence, Target};

/// The version of this language. Others are ignored.
const VERSION: u32 = 1;

/// Letters of a node's id.
const ID_LETTERS: usize = 16;

/// What JSON adds to a name and its number, in bytes.
const AROUND_NAME: usize = 8;

#[derive(Debug, Serialize, Deserialize)]
struct Head {
    sockeye: u32,
    from: String,
    word: Word,
}

/// What is said.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Word {
    /// The message is what follows the line.
    Broadcast {
        to: Target,
        #[serde(default)]
        binary: bool,
    },
    /// All that is connected to the sender.
    Presence(Told),
    /// The sender is there, and its presence is the one with this number.
    Alive { number: u64 },
    /// Who is there? Everybody answers with their presence.
    Hello,
    /// The sender goes.
    Bye,
}

/// A presence as it is told to others.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// Grows with every presence of a node.
    pub(crate) number: u64,
    /// Connections of each route.
    pub(crate) routes: Vec<(String, u64)>,
    /// Number of members and their ids; the ids are left out where there are too many.
    pub(crate) rooms: Vec<(String, u64, Vec<String>)>,
}

impl Told {
    pub(crate) fn new(number: u64, presence: &Presence) -> Self {
        let routes = presence.routes.clone();
        let mut bytes = size(routes.iter().map(|(name, _)| name));
        let mut rooms = Vec::new();
        for (name, members) in &presence.rooms {
            bytes += size([name]);
            if bytes > PRESENCE_BYTES {
                break;
            }
            let ids = size(members);
            let fits = bytes + ids <= PRESENCE_BYTES;
            bytes += if fits { ids } else { 0 };
            let told = if fits { members.clone() } else { Vec::new() };
            rooms.push((name.clone(), members.len() as u64, told));
        }
        Self {
            number,
            routes,
            rooms,
        }
    }
}

fn size<'a>(names: impl IntoIterator<Item = &'a String>) -> usize {
    let names = names.into_iter();
    names.map(|name| name.len() + AROUND_NAME).sum()
}

/// What a node with the id `from` says.
pub(crate) fn encode(from: &str, word: Word, body: &[u8]) -> Vec<u8> {
    let head = Head {
        sockeye: VERSION,
        from: from.to_owned(),
        word,
    };
    // A tree of texts and numbers is always JSON; were it not, an empty event is ignored.
    let mut event = serde_json::to_vec(&head).unwrap_or_default();
    event.push(b'\n');
    event.extend_from_slice(body);
    event
}

/// A broadcast of the node with the id `from`.
pub(crate) fn broadcast(from: &str, to: &Target, message: &Payload) -> Vec<u8> {
    let (body, binary) = match message {
        Payload::Text(text) => (text.as_bytes(), false),
        Payload::Binary(bytes) => (bytes.as_slice(), true),
    };
    let to = to.clone();
    encode(from, Word::Broadcast { to, binary }, body)
}

/// What was said: by whom, what, and the bytes after it.
pub(crate) type Heard<'a> = (String, Word, &'a [u8]);

/// Reads what came through the channel, where anybody may say anything.
///
/// # Errors
///
/// Why it is ignored.
pub(crate) fn decode(event: &[u8]) -> Result<Heard<'_>, &'static str> {
    if event.len() > EVENT_BYTES {
        return Err("it is too long");
    }
    let end = event.iter().position(|byte| *byte == b'\n');
    let (line, body) = event.split_at(end.ok_or("it has no line")?);
    let head: Head = serde_json::from_slice(line).map_err(|_| "its line is not understood")?;
    if head.sockeye != VERSION {
        return Err("it is of another version");
    }
    let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if head.from.len() != ID_LETTERS || !head.from.bytes().all(is_hex) {
        return Err("it is not from a node");
    }
    Ok((head.from, head.word, &body[1..]))
}

/// The message of a broadcast.
pub(crate) fn message(binary: bool, body: &[u8]) -> Result<Payload, &'static str> {
    if binary {
        return Ok(Payload::Binary(body.to_vec()));
    }
    let text = str::from_utf8(body).map_err(|_| "its text is not UTF-8")?;
    Ok(Payload::Text(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0123456789abcdef";

    #[test]
    fn what_is_said_is_heard() {
        let to = Target::Room("a\nb".to_owned());
        let said = broadcast(ID, &to, &Payload::Binary(vec![0, b'\n', 255]));
        let (from, word, body) = decode(&said).unwrap();
        assert_eq!((from.as_str(), body), (ID, &[0, b'\n', 255][..]));
        assert_eq!(word, Word::Broadcast { to, binary: true });
        assert!(matches!(
            message(true, body),
            Ok(Payload::Binary(bytes)) if bytes == [0, b'\n', 255]
        ));
        let told = Told {
            number: 7,
            routes: vec![("/a".to_owned(), 2)],
            rooms: vec![("r".to_owned(), 1, vec!["conn-1".to_owned()])],
        };
        let said = encode(ID, Word::Presence(told), b"");
        let line = r#"{"sockeye":1,"from":"0123456789abcdef","word":{"presence":{"number":7,"routes":[["/a",2]],"rooms":[["r",1,["conn-1"]]]}}}"#;
        assert_eq!(str::from_utf8(&said).unwrap().trim_end(), line);
        assert!(matches!(decode(&said), Ok((_, Word::Presence(_), b""))));
    }

    #[test]
    fn anything_else_is_ignored() {
        let deep = format!(r#"{{"word":{}"#, "[".repeat(100_000));
        for event in [
            "",
            "\n",
            "hello",
            "{}\n",
            "null\nx",
            r#"{"sockeye":2,"from":"0123456789abcdef","word":"hello"}"#,
            "{\"sockeye\":2,\"from\":\"0123456789abcdef\",\"word\":\"hello\"}\n",
            "{\"sockeye\":1,\"from\":\"0123456789ABCDEF\",\"word\":\"hello\"}\n",
            "{\"sockeye\":1,\"from\":\"../../etc\",\"word\":\"hello\"}\n",
            "{\"sockeye\":1,\"from\":\"0123456789abcdef\",\"word\":\"shout\"}\n",
            "{\"sockeye\":1,\"from\":\"0123456789abcdef\",\"word\":{\"alive\":{\"number\":-1}}}\n",
            &format!("{deep}\n"),
        ] {
            assert!(decode(event.as_bytes()).is_err(), "{event}");
        }
        assert!(decode(&vec![b'\n'; EVENT_BYTES + 1]).is_err());
        assert!(message(false, &[0xff]).is_err());
    }

    #[test]
    fn a_presence_that_is_too_long_keeps_its_numbers() {
        let many: Vec<String> = (0..200_000)
            .map(|number| format!("conn-{number}"))
            .collect();
        let presence = Presence {
            routes: vec![("/a".to_owned(), 200_000)],
            rooms: vec![
                ("large".to_owned(), many),
                ("small".to_owned(), vec!["conn-1".to_owned()]),
            ],
        };
        let told = Told::new(1, &presence);
        assert_eq!(told.routes, presence.routes);
        assert_eq!(told.rooms[0], ("large".to_owned(), 200_000, Vec::new()));
        assert_eq!(told.rooms[1].2, ["conn-1"]);
    }
}
