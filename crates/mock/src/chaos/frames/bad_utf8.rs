//! A text message that is not UTF-8: one of its bytes is 0xFF, which no character has.

use sockeye_net::Message;

use super::{Fault, Means, Spoilt, bytes, shown};

pub(super) static FAULT: Fault = Fault {
    effect: "frame_bad_utf8",
    path: "frames.bad_utf8_rate",
    means: Means::Spoil(|mut spoiling| {
        let Message::Text(text) = spoiling.message else {
            return None;
        };
        let mut payload = text.as_bytes().to_vec();
        let at = spoiling.below(payload.len());
        match payload.get_mut(at) {
            Some(byte) => *byte = 0xff,
            None => payload.push(0xff),
        }
        let mut frame = spoiling.plain();
        frame.payload = &payload;
        Some(Spoilt {
            bytes: bytes(&frame),
            shown: Some(shown(spoiling.message, payload.clone())),
            cut: None,
        })
    }),
};
