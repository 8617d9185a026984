//! Frames written as text: hex bytes, 'quoted text', `61*5` for five of a byte, ` | ` between frames.
//!
//! A frame is written without a mask; for a server each gets one, laid over its payload byte by byte
//! as RFC 6455 section 5.3 describes it, so the tables owe nothing to the code under test.

pub(crate) use sockeye_fuzz::bytes;
use sockeye_wire::Role;

const MASK: [u8; 4] = [0x37, 0xfa, 0x21, 0x3d];

/// The bytes that arrive at `role`.
pub(crate) fn frames(text: &str, role: Role) -> Vec<u8> {
    text.split(" | ")
        .map(bytes)
        .flat_map(|frame| {
            if role == Role::Server {
                masked(&frame)
            } else {
                frame
            }
        })
        .collect()
}

fn masked(frame: &[u8]) -> Vec<u8> {
    let mut out = frame.to_vec();
    let Some(second) = out.get_mut(1) else {
        return out;
    };
    let length_bytes = match *second {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    *second |= 0x80;
    let head = 2 + length_bytes;
    if out.len() < head {
        return out;
    }
    for (at, byte) in out[head..].iter_mut().enumerate() {
        *byte ^= MASK[at % 4];
    }
    out.splice(head..head, MASK);
    out
}

#[test]
fn the_masked_hello_of_the_rfc() {
    let hello = "81 05 'Hello'";
    assert_eq!(frames(hello, Role::Client), b"\x81\x05Hello");
    assert_eq!(
        frames(hello, Role::Server),
        [
            0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58
        ]
    );
}
