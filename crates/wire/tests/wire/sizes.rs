//! What a peer can make a decoder hold: sizes and counts are refused from the head of a frame.

use sockeye_wire::{Decoder, FrameLimits, Role, Violation, ViolationKind};

use crate::feed::check;
use crate::notation;

const SMALL: FrameLimits = FrameLimits {
    frame_bytes: 200,
    message_bytes: 300,
    fragments: 4,
    loose_text: false,
};

#[test]
fn sizes_at_and_over_the_limit() {
    check(
        SMALL,
        &[
            (
                "frame at the limit",
                "82 7e 00 c8 61*200",
                "binary(200 bytes) idle",
            ),
            (
                "frame over the limit",
                "82 7e 00 c9 61*201",
                "1009: frame of 201 bytes exceeds the limit of 200 bytes",
            ),
            (
                "head of a long frame, no payload",
                "81 7f 00*4 ff ff ff ff",
                "1009: frame of 4294967295 bytes exceeds the limit of 200 bytes",
            ),
            (
                "2^63 - 1 bytes",
                "82 7f 7f ff*7",
                "1009: frame of 9223372036854775807 bytes exceeds the limit of 200 bytes",
            ),
            (
                "message at the limit",
                "02 7e 00 c8 61*200 | 80 64 61*100",
                "binary(300 bytes) idle",
            ),
            (
                "message over the limit",
                "02 7e 00 c8 61*200 | 80 65 61*101",
                "1009: message of at least 301 bytes exceeds the limit of 300 bytes",
            ),
            (
                "over the limit from the head alone",
                "01 7e 00 c8 61*200 | 00 7e 00 c8",
                "1009: message of at least 400 bytes exceeds the limit of 300 bytes",
            ),
            (
                "a cut character counts",
                "01 7e 00 c8 61*199 e2 | 00 65 82",
                "1009: message of at least 301 bytes exceeds the limit of 300 bytes",
            ),
            (
                "continuation over the frame limit",
                "01 01 'a' | 80 7e 00 c9",
                "1009: frame of 201 bytes exceeds the limit of 200 bytes",
            ),
            (
                "each message counts anew",
                "82 7e 00 c8 61*200 | 82 7e 00 c8 61*200",
                "binary(200 bytes) binary(200 bytes) idle",
            ),
            (
                "pings do not count",
                "01 7e 00 c8 61*200 | 89 7d 62*125 | 80 64 61*100",
                "ping(125 bytes) text(300 bytes) idle",
            ),
        ],
    );
    let tiny = FrameLimits {
        frame_bytes: 300,
        message_bytes: 0,
        fragments: 4,
        loose_text: false,
    };
    check(
        tiny,
        &[
            ("empty message under a limit of 0", "81 00", "text() idle"),
            ("ping under a limit of 0", "89 01 'a'", "ping(a) idle"),
            (
                "one byte over a limit of 0",
                "81 01 'a'",
                "1009: message of at least 1 bytes exceeds the limit of 0 bytes",
            ),
        ],
    );
}

#[test]
fn counts_at_and_over_the_limit() {
    const OVER: &str = "1008: message of at least 5 frames exceeds the limit of 4 frames";
    check(
        SMALL,
        &[
            (
                "four",
                "01 01 'a' | 00 01 'b' | 00 01 'c' | 80 01 'd'",
                "text(abcd) idle",
            ),
            (
                "five",
                "01 01 'a' | 00 01 'b' | 00 01 'c' | 00 01 'd' | 80 01 'e'",
                OVER,
            ),
            ("five empty", "01 00 | 00 00 | 00 00 | 00 00 | 00 00", OVER),
            (
                "the head of the fifth",
                "02 00 | 00 00 | 00 00 | 00 00 | 00 05",
                OVER,
            ),
            (
                "pings do not count",
                "01 00 | 89 00 | 00 00 | 8a 00 | 00 00 | 89 00 | 80 00",
                "ping() pong() ping() text() idle",
            ),
            (
                "each message counts anew",
                "01 00 | 00 00 | 00 00 | 80 00 | 01 00 | 00 00 | 00 00 | 80 00",
                "text() text() idle",
            ),
        ],
    );
    let none = FrameLimits {
        fragments: 0,
        ..SMALL
    };
    check(
        none,
        &[
            (
                "a whole message always may come",
                "81 01 'a'",
                "text(a) idle",
            ),
            (
                "a second frame may not",
                "01 01 'a' | 80 00",
                "1008: message of at least 2 frames exceeds the limit of 1 frames",
            ),
        ],
    );
}

/// Feeds `frame` over and over behind the start of a message: how many were taken, and the refusal.
fn flood(frame: &str, most_held: usize) -> (u32, Violation) {
    let mut decoder = Decoder::new(Role::Server, FrameLimits::default());
    let start = notation::frames("02 00", Role::Server);
    let frame = notation::frames(frame, Role::Server);
    for taken in 0..1_000_000 {
        let mut bytes = if taken == 0 {
            start.clone()
        } else {
            frame.clone()
        };
        match decoder.next(&mut bytes.as_mut_slice()) {
            Ok(event) => assert_eq!(event, None),
            Err(violation) => return (taken, violation),
        }
        assert!(
            decoder.held_bytes() <= most_held,
            "{} bytes",
            decoder.held_bytes()
        );
    }
    panic!("a million fragments were taken");
}

#[test]
fn a_million_fragments_stop_at_the_bound() {
    let kind = ViolationKind::TooManyFragments {
        frames: 4097,
        limit: 4096,
    };
    assert_eq!(flood("00 00", 0), (4096, kind.into()));
    let kind = ViolationKind::TooManyFragments {
        frames: 4162,
        limit: 4161,
    };
    assert_eq!(flood("00 01 'a'", 16_384), (4161, kind.into()));
}

#[test]
fn a_long_message_in_honest_frames_meets_the_limit_of_bytes_only() {
    let (taken, violation) = flood("00 40 61*64", 8 << 20);
    assert_eq!(
        taken, 65_537,
        "one empty frame and 4 MiB in frames of 64 bytes"
    );
    assert_eq!(
        violation.to_string(),
        "message of at least 4194368 bytes exceeds the limit of 4194304 bytes"
    );
}

#[test]
fn a_message_that_never_ends_stops_at_the_bound() {
    let (taken, violation) = flood("00 7e ff ff 61*65535", 4 << 20);
    assert_eq!(taken, 65, "64 fragments of 65535 bytes fit into 4 MiB");
    assert_eq!(
        violation.to_string(),
        "message of at least 4259775 bytes exceeds the limit of 4194304 bytes"
    );
}

#[test]
fn nothing_is_allocated_for_what_a_head_announces() {
    let mut decoder = Decoder::new(Role::Client, FrameLimits::default());
    let mut head = notation::bytes("82 7f 00*5 10 00 00");
    assert_eq!(decoder.next(&mut head.as_mut_slice()), Ok(None));
    assert_eq!(
        decoder.held_bytes(),
        0,
        "1 MiB was announced and nothing has come"
    );
    assert_eq!(decoder.next(&mut [0; 100].as_mut_slice()), Ok(None));
    assert!(
        decoder.held_bytes() <= 200,
        "{} bytes for 100",
        decoder.held_bytes()
    );
    assert!(decoder.is_mid_message());
}

#[test]
fn new_limits_hold_from_the_next_head_on() {
    let mut decoder = Decoder::new(Role::Client, SMALL);
    let mut half = notation::bytes("82 7e 00 c8 61*100");
    assert_eq!(decoder.next(&mut half.as_mut_slice()), Ok(None));
    decoder.set_limits(FrameLimits {
        frame_bytes: 10,
        ..SMALL
    });
    let mut rest = notation::bytes("61*100");
    assert!(
        decoder.next(&mut rest.as_mut_slice()).unwrap().is_some(),
        "its head had passed"
    );
    let mut next = notation::bytes("82 0b");
    let violation = decoder.next(&mut next.as_mut_slice()).unwrap_err();
    assert_eq!(
        violation.kind,
        ViolationKind::LongFrame {
            length: 11,
            limit: 10
        }
    );
}

#[test]
fn a_decoder_is_small() {
    assert!(
        size_of::<Decoder>() <= 120,
        "{} bytes",
        size_of::<Decoder>()
    );
}
