//! A message in fragments, which RFC 6455 section 5.4 allows anywhere, also inside of a character.

use sockeye_wire::RawFrame;

use super::{CONTINUATION, Fault, Means, Spoilt};

/// Fragments of one message.
const MOST: usize = 4;

pub(super) static FAULT: Fault = Fault {
    effect: "frame_split",
    path: "frames.split_rate",
    means: Means::Spoil(|mut spoiling| {
        let length = spoiling.right().payload.len();
        let cuts = 1 + spoiling.below(MOST - 1);
        let mut ends: Vec<usize> = (0..cuts).map(|_| spoiling.below(length + 1)).collect();
        ends.push(length);
        ends.sort_unstable();
        let right = spoiling.right();
        let (mut bytes, mut start) = (Vec::new(), 0);
        for (number, end) in ends.iter().enumerate() {
            let frame = RawFrame {
                fin: number == cuts,
                opcode: if number == 0 {
                    right.opcode
                } else {
                    CONTINUATION
                },
                rsv: if number == 0 { right.rsv } else { 0 },
                payload: right.payload.get(start..*end).unwrap_or_default(),
                ..right
            };
            frame.write(&mut bytes);
            start = *end;
        }
        Some(Spoilt {
            bytes,
            shown: Some(spoiling.message.into()),
            cut: None,
        })
    }),
};
