//! A Close in the place of the message, with a code that none may carry (RFC 6455 section 7.4).

use sockeye_net::Cut;

use super::{CLOSE, Fault, Means, Spoilt, bytes};

/// Out of the range, reserved, or for use inside of programs only.
const CODES: [u16; 7] = [0, 999, 1004, 1005, 1006, 1015, 5000];

pub(super) static FAULT: Fault = Fault {
    effect: "frame_bad_close",
    path: "frames.bad_close_rate",
    means: Means::Spoil(|mut spoiling| {
        let at = spoiling.below(CODES.len());
        let code = CODES.get(at)?.to_be_bytes();
        let mut frame = spoiling.plain();
        frame.opcode = CLOSE;
        frame.payload = &code;
        Some(Spoilt {
            bytes: bytes(&frame),
            shown: None,
            cut: Some(Cut::Closed),
        })
    }),
};
