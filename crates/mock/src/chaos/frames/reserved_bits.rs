//! A frame with reserved bits that no extension was agreed for (RFC 6455 section 5.2).

use super::{Fault, Means, RSV1};

/// RSV2 and RSV3.
const OTHERS: u8 = 0b011;

pub(super) static FAULT: Fault = Fault {
    effect: "frame_reserved_bits",
    path: "frames.reserved_bits_rate",
    means: Means::Spoil(|mut spoiling| {
        let bits = u8::try_from(1 + spoiling.below(7)).ok()?;
        // Where RSV1 alone says that a message is compressed it has company.
        let bits = if spoiling.packs && bits == RSV1 {
            OTHERS
        } else {
            bits
        };
        let mut frame = spoiling.right();
        frame.rsv = bits;
        Some(spoiling.written(&frame))
    }),
};
