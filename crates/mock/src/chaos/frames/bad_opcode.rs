//! A frame with an opcode that nothing is defined for (RFC 6455 section 5.2).

use super::{Fault, Means};

const RESERVED: [u8; 10] = [0x3, 0x4, 0x5, 0x6, 0x7, 0xb, 0xc, 0xd, 0xe, 0xf];

pub(super) static FAULT: Fault = Fault {
    effect: "frame_bad_opcode",
    path: "frames.bad_opcode_rate",
    means: Means::Spoil(|mut spoiling| {
        let at = spoiling.below(RESERVED.len());
        let mut frame = spoiling.right();
        frame.opcode = RESERVED.get(at).copied()?;
        Some(spoiling.written(&frame))
    }),
};
