//! Two messages that come as one: the first waits and goes out in the frame of the next.

use super::{Fault, Means};

pub(super) static FAULT: Fault = Fault {
    effect: "frame_merge",
    path: "frames.merge_rate",
    means: Means::Join,
};
