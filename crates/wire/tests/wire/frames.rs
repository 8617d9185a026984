//! Heads, control frames and the order of fragments (RFC 6455 sections 5.1 to 5.5).

use sockeye_wire::{FrameLimits, Role};

use crate::feed::{check, check_raw};

#[test]
fn messages_and_control_frames() {
    check(
        FrameLimits::default(),
        &[
            ("nothing", "", "idle"),
            ("text", "81 05 'Hello'", "text(Hello) idle"),
            ("empty text", "81 00", "text() idle"),
            ("binary", "82 03 01 02 ff", "binary(\\x01\\x02\\xff) idle"),
            ("empty binary", "82 00", "binary() idle"),
            ("ping", "89 02 'hi'", "ping(hi) idle"),
            ("empty ping", "89 00", "ping() idle"),
            ("longest ping", "89 7d 61*125", "ping(125 bytes) idle"),
            ("ping with bytes", "89 02 00 ff", "ping(\\x00\\xff) idle"),
            ("pong", "8a 02 'hi'", "pong(hi) idle"),
            ("empty pong", "8a 00", "pong() idle"),
            ("longest pong", "8a 7d 61*125", "pong(125 bytes) idle"),
            (
                "three frames",
                "81 01 'a' | 82 01 'b' | 89 01 'c'",
                "text(a) binary(b) ping(c) idle",
            ),
            ("125 bytes", "82 7d 61*125", "binary(125 bytes) idle"),
            ("126 bytes", "82 7e 00 7e 61*126", "binary(126 bytes) idle"),
            ("127 bytes", "81 7e 00 7f 61*127", "text(127 bytes) idle"),
            (
                "65535 bytes",
                "82 7e ff ff 61*65535",
                "binary(65535 bytes) idle",
            ),
            (
                "65536 bytes",
                "82 7f 00*5 01 00 00 61*65536",
                "binary(65536 bytes) idle",
            ),
            (
                "65537 bytes",
                "81 7f 00*5 01 00 01 61*65537",
                "text(65537 bytes) idle",
            ),
        ],
    );
}

#[test]
fn frames_that_are_cut() {
    check(
        FrameLimits::default(),
        &[
            ("one byte", "81", "mid"),
            ("two bytes", "81 05", "mid"),
            ("half a payload", "81 05 'He'", "mid"),
            ("all but one byte", "82 05 'Hell'", "mid"),
            ("half a 16-bit length", "82 7e 01", "mid"),
            ("half a 64-bit length", "82 7f 00*4", "mid"),
            ("a message and half a head", "81 01 'a' | 82", "text(a) mid"),
            ("half a ping", "89 05 'He'", "mid"),
            (
                "half a ping inside a message",
                "01 01 'a' | 89 05 'He'",
                "mid",
            ),
            ("half a close", "88 02 03", "mid"),
        ],
    );
}

#[test]
fn fragments() {
    check(
        FrameLimits::default(),
        &[
            ("two", "01 03 'Hel' | 80 02 'lo'", "text(Hello) idle"),
            (
                "three",
                "02 01 'a' | 00 01 'b' | 80 01 'c'",
                "binary(abc) idle",
            ),
            ("only the first", "01 03 'Hel'", "mid"),
            ("not the last", "01 03 'Hel' | 00 01 'l'", "mid"),
            ("all empty text", "01 00 | 00 00 | 80 00", "text() idle"),
            ("all empty binary", "02 00 | 00 00 | 80 00", "binary() idle"),
            ("empty first", "01 00 | 80 02 'lo'", "text(lo) idle"),
            ("empty last", "01 02 'lo' | 80 00", "text(lo) idle"),
            (
                "ping between",
                "01 03 'Hel' | 89 01 'p' | 80 02 'lo'",
                "ping(p) text(Hello) idle",
            ),
            (
                "pong between",
                "02 01 'a' | 8a 01 'p' | 80 01 'b'",
                "pong(p) binary(ab) idle",
            ),
            (
                "several between",
                "01 01 'a' | 89 00 | 8a 01 'x' | 00 01 'b' | 89 01 'y' | 80 01 'c'",
                "ping() pong(x) ping(y) text(abc) idle",
            ),
            (
                "close between",
                "01 03 'Hel' | 88 02 03 e8 | 80 02 'lo'",
                "close(1000 ) closed",
            ),
            (
                "two messages",
                "01 01 'a' | 80 01 'b' | 02 01 'c' | 80 01 'd'",
                "text(ab) binary(cd) idle",
            ),
            (
                "whole message after",
                "01 01 'a' | 80 01 'b' | 81 01 'c'",
                "text(ab) text(c) idle",
            ),
            (
                "long pieces",
                "02 7e 01 00 61*256 | 80 7e 01 2c 62*300",
                "binary(556 bytes) idle",
            ),
        ],
    );
}

#[test]
fn the_order_of_fragments() {
    const ORPHAN: &str = "1002: continuation frame without a message to continue";
    check(
        FrameLimits::default(),
        &[
            ("continuation first", "80 01 'a'", ORPHAN),
            ("continuation first, not final", "00 01 'a'", ORPHAN),
            ("empty continuation first", "80 00", ORPHAN),
            (
                "continuation after a whole message",
                "81 01 'a' | 80 01 'b'",
                &format!("text(a) {ORPHAN}"),
            ),
            (
                "continuation after a fragmented message",
                "01 01 'a' | 80 01 'b' | 00 01 'c'",
                &format!("text(ab) {ORPHAN}"),
            ),
            (
                "text inside a message",
                "01 01 'a' | 81 01 'b'",
                "1002: Text frame inside a fragmented message",
            ),
            (
                "text fragment inside a message",
                "02 01 'a' | 01 01 'b'",
                "1002: Text frame inside a fragmented message",
            ),
            (
                "binary inside an empty message",
                "01 00 | 82 01 'b'",
                "1002: Binary frame inside a fragmented message",
            ),
            (
                "ping, then binary inside",
                "01 01 'a' | 89 00 | 82 00",
                "ping() 1002: Binary frame inside a fragmented message",
            ),
        ],
    );
}

#[test]
fn reserved_bits() {
    let rows: Vec<(String, String, String)> = (1..8_u8)
        .flat_map(|bits| {
            [0x81, 0x82, 0x00, 0x88, 0x89, 0x8a, 0x83].map(|first: u8| {
                (
                    format!("bits {bits} on {first:02x}"),
                    format!("{:02x} 00", first | bits << 4),
                    format!("1002: reserved bits {bits:03b} are set and no extension was agreed"),
                )
            })
        })
        .collect();
    let rows: Vec<_> = rows
        .iter()
        .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
        .collect();
    assert_eq!(rows.len(), 49);
    check(FrameLimits::default(), &rows);
    check(
        FrameLimits::default(),
        &[(
            "after a good message",
            "81 01 'a' | c1 01 'b' | 81 01 'c'",
            "text(a) 1002: reserved bits 100 are set and no extension was agreed",
        )],
    );
}

#[test]
fn unknown_opcodes() {
    let rows: Vec<(String, String, String)> = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15_u8]
        .into_iter()
        .flat_map(|opcode| {
            [0x80, 0x00].map(|fin: u8| {
                (
                    format!("opcode {opcode}"),
                    format!("{:02x} 01 'a'", fin | opcode),
                    format!("1002: unknown opcode 0x{opcode:X}"),
                )
            })
        })
        .collect();
    let rows: Vec<_> = rows
        .iter()
        .map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str()))
        .collect();
    check(FrameLimits::default(), &rows);
}

#[test]
fn control_frames_out_of_bounds() {
    check(
        FrameLimits::default(),
        &[
            (
                "fragmented ping",
                "09 00",
                "1002: fragmented Ping frame; control frames are never fragmented",
            ),
            (
                "fragmented pong",
                "0a 01 'a'",
                "1002: fragmented Pong frame; control frames are never fragmented",
            ),
            (
                "fragmented close",
                "08 02 03 e8",
                "1002: fragmented Close frame; control frames are never fragmented",
            ),
            (
                "fragmented ping inside a message",
                "01 01 'a' | 09 00 | 80 00",
                "1002: fragmented Ping frame; control frames are never fragmented",
            ),
            (
                "ping of 126 bytes",
                "89 7e 00 7e 61*126",
                "1002: Ping frame with length field 126; control frames carry at most 125 bytes",
            ),
            (
                "only the mark of a long pong",
                "8a 7e",
                "1002: Pong frame with length field 126; control frames carry at most 125 bytes",
            ),
            (
                "close of 64-bit length",
                "88 7f 00*8",
                "1002: Close frame with length field 127; control frames carry at most 125 bytes",
            ),
        ],
    );
}

#[test]
fn lengths_in_too_many_bytes() {
    check(
        FrameLimits::default(),
        &[
            (
                "0 in 16 bits",
                "82 7e 00 00",
                "1002: length 0 is written in 16 bits; the shortest form is required",
            ),
            (
                "125 in 16 bits",
                "82 7e 00 7d 61*125",
                "1002: length 125 is written in 16 bits; the shortest form is required",
            ),
            (
                "5 in 64 bits",
                "81 7f 00*7 05 'Hello'",
                "1002: length 5 is written in 64 bits; the shortest form is required",
            ),
            (
                "126 in 64 bits",
                "81 7f 00*7 7e 61*126",
                "1002: length 126 is written in 64 bits; the shortest form is required",
            ),
            (
                "65535 in 64 bits",
                "82 7f 00*6 ff ff",
                "1002: length 65535 is written in 64 bits; the shortest form is required",
            ),
            (
                "top bit",
                "82 7f 80 00*7",
                "1002: length 9223372036854775808 has its top bit set",
            ),
            (
                "all bits",
                "82 7f ff*8",
                "1002: length 18446744073709551615 has its top bit set",
            ),
            (
                "top bit in a continuation",
                "02 01 'a' | 80 7f 80 00*6 01",
                "1002: length 9223372036854775809 has its top bit set",
            ),
        ],
    );
}

#[test]
fn masks_that_must_not_be_or_are_missing() {
    use Role::{Client, Server};
    const UNMASKED: &str = "1002: frame is not masked; clients mask every frame";
    const MASKED: &str = "1002: frame is masked; servers never mask";
    check_raw(&[
        ("unmasked text", Server, "81 05 'Hello'", UNMASKED),
        ("unmasked empty text", Server, "81 00", UNMASKED),
        ("unmasked ping", Server, "89 00", UNMASKED),
        ("unmasked close", Server, "88 02 03 e8", UNMASKED),
        (
            "unmasked after masked",
            Server,
            "81 80 01 02 03 04 81 00",
            &format!("text() {UNMASKED}"),
        ),
        (
            "masked text",
            Client,
            "81 85 37 fa 21 3d 7f 9f 4d 51 58",
            MASKED,
        ),
        ("masked empty text", Client, "81 80 01 02 03 04", MASKED),
        ("masked ping", Client, "89 80 01 02 03 04", MASKED),
        ("masked with a zero mask", Client, "81 81 00*4 'a'", MASKED),
        ("masked close", Client, "88 80 01 02 03 04", MASKED),
        (
            "masked after unmasked",
            Client,
            "81 00 81 80 01 02 03 04",
            &format!("text() {MASKED}"),
        ),
    ]);
}

#[test]
fn masks_that_are_as_they_must_be() {
    use Role::{Client, Server};
    check_raw(&[
        (
            "masked hello of the RFC",
            Server,
            "81 85 37 fa 21 3d 7f 9f 4d 51 58",
            "text(Hello) idle",
        ),
        (
            "unmasked hello of the RFC",
            Client,
            "81 05 48 65 6c 6c 6f",
            "text(Hello) idle",
        ),
        (
            "fragments of the RFC",
            Client,
            "01 03 48 65 6c 80 02 6c 6f",
            "text(Hello) idle",
        ),
        (
            "ping of the RFC",
            Client,
            "89 05 48 65 6c 6c 6f",
            "ping(Hello) idle",
        ),
        (
            "pong of the RFC",
            Server,
            "8a 85 37 fa 21 3d 7f 9f 4d 51 58",
            "pong(Hello) idle",
        ),
        (
            "a mask of zeros",
            Server,
            "81 85 00*4 'Hello'",
            "text(Hello) idle",
        ),
        (
            "a mask of ones",
            Server,
            "82 81 ff*4 ff",
            "binary(\\x00) idle",
        ),
        ("a cut mask", Server, "81 85 37 fa", "mid"),
        (
            "a mask and no payload yet",
            Server,
            "81 85 37 fa 21 3d",
            "mid",
        ),
        (
            "a different mask for each fragment",
            Server,
            "01 82 01 01 01 01 49 64 80 81 02 02 02 02 7b",
            "text(Hey) idle",
        ),
    ]);
}
