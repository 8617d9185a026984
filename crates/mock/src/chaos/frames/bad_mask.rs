//! A frame with a mask, which a server must not send (RFC 6455 section 5.1).

use super::{Fault, Means};

pub(super) static FAULT: Fault = Fault {
    effect: "frame_bad_mask",
    path: "frames.bad_mask_rate",
    means: Means::Spoil(|spoiling| {
        let [a, b, c, d, ..] = spoiling.random.bits().to_be_bytes();
        let mut frame = spoiling.right();
        frame.mask = Some([a, b, c, d]);
        Some(spoiling.written(&frame))
    }),
};
