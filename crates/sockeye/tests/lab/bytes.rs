//! WebSocket frames as bytes: built with every field in the hand of the test, and as received.

use std::fmt;

const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// A frame as received: the byte with FIN, RSV and opcode, and the payload.
pub(crate) struct Frame {
    pub(crate) first: u8,
    pub(crate) payload: Vec<u8>,
}

/// Short however long the payload is: a failed test shows it.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begin = &self.payload[..self.payload.len().min(60)];
        let (first, length) = (self.first, self.payload.len());
        write!(
            f,
            "frame {first:#04x} of {length} bytes: {}",
            begin.escape_ascii()
        )
    }
}

/// A masked frame; `first` is the byte with FIN, RSV and opcode.
pub(crate) fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = frame_head(first, payload.len() as u64);
    bytes.extend(
        payload
            .iter()
            .zip(MASK.iter().cycle())
            .map(|(byte, mask)| byte ^ mask),
    );
    bytes
}

/// The head of a masked frame that announces `length` bytes, and its mask.
pub(crate) fn frame_head(first: u8, length: u64) -> Vec<u8> {
    let mut bytes = vec![first];
    if let Some(short) = u8::try_from(length).ok().filter(|short| *short < 126) {
        bytes.push(0x80 | short);
    } else if let Ok(medium) = u16::try_from(length) {
        bytes.push(0x80 | 0x7e);
        bytes.extend(medium.to_be_bytes());
    } else {
        bytes.push(0x80 | 0x7f);
        bytes.extend(length.to_be_bytes());
    }
    bytes.extend(MASK);
    bytes
}

/// A frame without mask, which no client may send; at most 125 bytes.
pub(crate) fn plain_frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).expect("a short payload");
    let mut bytes = vec![first, length];
    bytes.extend(payload);
    bytes
}

/// A masked Close frame with a code and a reason.
pub(crate) fn close(code: u16, reason: &[u8]) -> Vec<u8> {
    let mut payload = code.to_be_bytes().to_vec();
    payload.extend(reason);
    frame(0x88, &payload)
}
