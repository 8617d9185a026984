//! A frame one of whose bytes is another one, in the head or behind it.

use super::{Fault, Means, Spoilt, bytes};

pub(super) static FAULT: Fault = Fault {
    effect: "frame_corrupt",
    path: "frames.corrupt_rate",
    means: Means::Spoil(|mut spoiling| {
        let mut bytes = bytes(&spoiling.right());
        let at = spoiling.below(bytes.len());
        let change = spoiling.below(255) + 1;
        if let (Some(byte), Ok(change)) = (bytes.get_mut(at), u8::try_from(change)) {
            *byte ^= change;
        }
        Some(Spoilt {
            bytes,
            shown: Some(spoiling.message.into()),
            cut: None,
        })
    }),
};
