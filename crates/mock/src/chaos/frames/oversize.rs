//! A frame that announces far more than it brings; everything after it counts as its payload.

use super::{Fault, Means};

pub(super) static FAULT: Fault = Fault {
    effect: "frame_oversize",
    path: "frames.oversize_rate",
    means: Means::Spoil(|spoiling| {
        let mut frame = spoiling.right();
        // More than there is, however much that is.
        let least = frame.payload.len() as u64 + 1;
        frame.declared_len = Some(spoiling.chaos.oversize.max(least));
        Some(spoiling.written(&frame))
    }),
};
