//! A frame that breaks off: its head announces all, half of it comes, and the connection ends.

use sockeye_net::Cut;

use super::{Fault, Means, Spoilt, bytes, shown};

pub(super) static FAULT: Fault = Fault {
    effect: "frame_truncate",
    path: "frames.truncate_rate",
    means: Means::Spoil(|spoiling| {
        let mut frame = spoiling.right();
        let all = frame.payload.len();
        let half = frame.payload.get(..all / 2).unwrap_or_default();
        let message = spoiling.message.bytes();
        let seen = message.get(..message.len() / 2).unwrap_or_default();
        // An empty payload has no half: one byte is announced that never comes.
        frame.declared_len = Some(all.max(1) as u64);
        frame.payload = half;
        Some(Spoilt {
            bytes: bytes(&frame),
            shown: Some(shown(spoiling.message, seen.to_vec())),
            cut: Some(Cut::Drop),
        })
    }),
};
