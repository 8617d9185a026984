//! The bytes of one exchange pass through here: a request built once, replies counted as they arrive.

use thiserror::Error;

use crate::frame_counter::{FIN_RSV1_TEXT, FrameCounter};

/// First byte of an unfragmented text frame: FIN and opcode 1 (RFC 6455 section 5.2).
const FIN_TEXT: u8 = 0x81;
/// The bit that says a masking key follows (RFC 6455 section 5.2).
const MASKED: u8 = 0x80;
/// Length code of a 16-bit length (RFC 6455 section 5.2).
const LENGTH_16: u8 = 126;
/// The length byte that announces eight bytes of length.
const LENGTH_64: u8 = 127;
/// Not zero, so that a server has to unmask.
const MASKING_KEY: [u8; 4] = [0x5c, 0xa9, 0x13, 0xe7];
/// Bytes of a received chunk that an error shows.
const EXCERPT_BYTES: usize = 96;

/// One request and the one reply that is expected to it, both as bytes on the wire.
pub(crate) struct Exchange {
    /// Sent by the client.
    pub(crate) request: Vec<u8>,
    /// Expected from the server.
    pub(crate) reply: Reply,
}

/// What is expected from the server.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reply {
    /// These bytes, byte for byte.
    Bytes(Vec<u8>),
    /// So many compressed texts, to so many in the request.
    Compressed(u32),
}

impl Exchange {
    /// A masked text frame with `sent`, answered by an unmasked text frame with `answered`.
    ///
    /// Both texts are at most 65 535 bytes long.
    pub(crate) fn web_socket(sent: &str, answered: &str) -> Self {
        Self {
            request: client_frame(sent.as_bytes()),
            reply: Reply::Bytes(server_frame(answered.as_bytes())),
        }
    }

    /// The same request as [`Exchange::web_socket`] makes, expected back unchanged.
    pub(crate) fn raw(sent: &str) -> Self {
        let request = client_frame(sent.as_bytes());
        Self {
            reply: Reply::Bytes(request.clone()),
            request,
        }
    }
}

/// JSON text of exactly `length` bytes (at least 2).
pub(crate) fn json_text(length: usize) -> String {
    let filler = "sockeye ".chars().cycle().take(length.saturating_sub(2));
    std::iter::once('"')
        .chain(filler)
        .chain(std::iter::once('"'))
        .collect()
}

/// A masked text frame.
pub(crate) fn client_frame(payload: &[u8]) -> Vec<u8> {
    masked_frame(FIN_TEXT, payload)
}

/// A masked frame of a text that is compressed already.
pub(crate) fn compressed_frame(payload: &[u8]) -> Vec<u8> {
    masked_frame(FIN_RSV1_TEXT, payload)
}

fn masked_frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = head(first, payload.len(), MASKED);
    frame.extend_from_slice(&MASKING_KEY);
    frame.extend(
        payload
            .iter()
            .zip(MASKING_KEY.iter().cycle())
            .map(|(byte, key)| byte ^ key),
    );
    frame
}

/// An unmasked text frame.
pub(crate) fn server_frame(payload: &[u8]) -> Vec<u8> {
    let mut frame = head(FIN_TEXT, payload.len(), 0);
    frame.extend_from_slice(payload);
    frame
}

fn head(first: u8, length: usize, mask_bit: u8) -> Vec<u8> {
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short), _) if short < LENGTH_16 => vec![first, mask_bit | short],
        (_, Ok(length)) => {
            let [high, low] = length.to_be_bytes();
            vec![first, mask_bit | LENGTH_16, high, low]
        }
        _ => {
            let mut head = vec![first, mask_bit | LENGTH_64];
            head.extend((length as u64).to_be_bytes());
            head
        }
    }
}

/// A received byte that is not the expected one.
#[derive(Debug, Error, PartialEq, Eq)]
#[error(
    "byte {at} of a reply is 0x{actual:02x} where 0x{expected:02x} was expected, in: {received:?}"
)]
pub(crate) struct WrongReply {
    at: usize,
    expected: u8,
    actual: u8,
    received: String,
}

/// Counts the replies of one connection.
///
/// The first reply is compared whole. Of the later ones the two bytes that tell the kind and the
/// length are compared, which keeps the count in step at next to no cost.
#[derive(Default)]
pub(crate) struct ReplyCounter {
    position: usize,
    first_seen: bool,
    frames: FrameCounter,
    /// Frames of a reply that has begun.
    begun: u32,
}

impl ReplyCounter {
    /// Takes the next bytes of the connection; returns how many replies they complete.
    ///
    /// Fails at the first byte that differs from `reply`.
    pub(crate) fn take(&mut self, chunk: &[u8], reply: &Reply) -> Result<u32, WrongReply> {
        match reply {
            Reply::Bytes(reply) => self.take_bytes(chunk, reply),
            Reply::Compressed(frames) => self.take_frames(chunk, *frames),
        }
    }

    fn take_frames(&mut self, chunk: &[u8], frames: u32) -> Result<u32, WrongReply> {
        let taken = self.frames.take(chunk);
        let taken = taken.map_err(|actual| WrongReply {
            at: 0,
            expected: FIN_RSV1_TEXT,
            actual,
            received: excerpt(chunk),
        })?;
        let there = self.begun + taken;
        self.begun = there % frames;
        Ok(there / frames)
    }

    fn take_bytes(&mut self, chunk: &[u8], reply: &[u8]) -> Result<u32, WrongReply> {
        let mut rest = chunk;
        let mut completed = 0;
        while !rest.is_empty() {
            let due = reply.get(self.position..).unwrap_or_default();
            let (part, after) = rest.split_at(due.len().min(rest.len()));
            let compared = if self.first_seen {
                2_usize.saturating_sub(self.position)
            } else {
                part.len()
            };
            self.compare(part, due, compared, chunk)?;
            self.position += part.len();
            rest = after;
            if self.position == reply.len() {
                self.position = 0;
                self.first_seen = true;
                completed += 1;
            }
        }
        Ok(completed)
    }

    /// Whether a reply has begun and not ended.
    pub(crate) fn inside_a_reply(&self) -> bool {
        self.position != 0 || self.begun != 0 || self.frames.inside_a_frame()
    }

    fn compare(
        &self,
        part: &[u8],
        due: &[u8],
        count: usize,
        chunk: &[u8],
    ) -> Result<(), WrongReply> {
        let mut pairs = part.iter().zip(due).take(count);
        let Some(offset) = pairs.position(|(actual, expected)| actual != expected) else {
            return Ok(());
        };
        Err(WrongReply {
            at: self.position + offset,
            expected: due[offset],
            actual: part[offset],
            received: excerpt(chunk),
        })
    }
}

fn excerpt(chunk: &[u8]) -> String {
    String::from_utf8_lossy(&chunk[..chunk.len().min(EXCERPT_BYTES)]).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn abc() -> Reply {
        Reply::Bytes(b"\x81\x03abc".to_vec())
    }

    #[test]
    fn compressed_replies_are_counted_by_their_frames() {
        let mut counter = ReplyCounter::default();
        let two = Reply::Compressed(2);
        assert_eq!(counter.take(b"\xc1\x01", &two), Ok(0));
        assert_eq!(counter.take(b"a\xc1\x01b\xc1\x01c", &two), Ok(1));
        assert!(counter.inside_a_reply());
        assert_eq!(counter.take(b"\xc1\x00", &two), Ok(1));
        assert!(!counter.inside_a_reply());
        let error = counter.take(b"\x81\x01a", &two).unwrap_err().to_string();
        assert!(
            error.starts_with("byte 0 of a reply is 0x81 where 0xc1"),
            "{error}"
        );
    }

    #[test]
    fn a_short_request_is_masked_and_has_a_one_byte_length() {
        let frame = client_frame(b"AB\0\0C");
        assert_eq!(frame[..6], [0x81, 0x85, 0x5c, 0xa9, 0x13, 0xe7]);
        assert_eq!(
            frame[6..],
            [b'A' ^ 0x5c, b'B' ^ 0xa9, 0x13, 0xe7, b'C' ^ 0x5c]
        );
    }

    #[test]
    fn lengths_change_form_at_126() {
        assert_eq!(server_frame(&[b'a'; 125])[..3], [0x81, 125, b'a']);
        assert_eq!(server_frame(&[b'a'; 126])[..5], [0x81, 126, 0, 126, b'a']);
        assert_eq!(server_frame(&[b'a'; 1024])[..4], [0x81, 126, 4, 0]);
        assert_eq!(client_frame(&[b'a'; 1024])[..4], [0x81, 0xfe, 4, 0]);
        let long = server_frame(&vec![b'a'; 1 << 16]);
        assert_eq!(long[..11], [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0, b'a']);
    }

    #[test]
    fn the_raw_exchange_sends_what_the_web_socket_one_sends() {
        let (raw, framed) = (
            Exchange::raw("hello"),
            Exchange::web_socket("hello", "hello"),
        );
        assert_eq!(raw.request, framed.request);
        assert_eq!(raw.reply, Reply::Bytes(raw.request));
        assert_eq!(framed.reply, Reply::Bytes(b"\x81\x05hello".to_vec()));
    }

    #[test]
    fn payload_text_is_json_of_the_asked_length() {
        for length in [2, 32, 1024] {
            let text = json_text(length);
            assert_eq!(text.len(), length);
            assert!(serde_json::from_str::<String>(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn replies_are_counted_however_they_are_cut() {
        let reply = server_frame(b"abc");
        let stream = reply.repeat(5);
        let reply = Reply::Bytes(reply);
        for cut in 1..=stream.len() {
            let mut counter = ReplyCounter::default();
            let counts = stream
                .chunks(cut)
                .map(|chunk| counter.take(chunk, &reply).unwrap());
            assert_eq!(counts.sum::<u32>(), 5, "in pieces of {cut} bytes");
            assert!(!counter.inside_a_reply());
        }
    }

    #[test]
    fn a_begun_reply_is_told() {
        let mut counter = ReplyCounter::default();
        assert_eq!(counter.take(b"\x81\x03a", &abc()), Ok(0));
        assert!(counter.inside_a_reply());
    }

    #[test]
    fn a_wrong_byte_of_the_first_reply_is_an_error_with_its_place() {
        let error = ReplyCounter::default()
            .take(b"\x81\x03abX", &abc())
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "byte 4 of a reply is 0x58 where 0x63 was expected, in: \"\u{fffd}\\u{3}abX\""
        );
    }

    #[test]
    fn a_later_reply_of_another_kind_or_length_is_an_error() {
        for later in [b"\x88\x03abc", b"\x81\x02abc"] {
            let mut counter = ReplyCounter::default();
            assert_eq!(counter.take(b"\x81\x03abc", &abc()), Ok(1));
            assert!(counter.take(later, &abc()).is_err());
        }
    }
}
