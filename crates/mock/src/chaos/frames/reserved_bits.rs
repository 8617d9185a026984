//! A frame with reserved bits that no extension was agreed for (RFC 6455 section 5.2).

use super::{Fault, Means};

pub(super) static FAULT: Fault = Fault {
    effect: "frame_reserved_bits",
    path: "frames.reserved_bits_rate",
    means: Means::Spoil(|mut spoiling| {
        let bits = 1 + spoiling.below(7);
        let mut frame = spoiling.right();
        frame.rsv = u8::try_from(bits).ok()?;
        Some(spoiling.written(&frame))
    }),
};
