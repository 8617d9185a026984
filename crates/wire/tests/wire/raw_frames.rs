//! Frames that break the rules on purpose are written as they are told, and refused by a decoder.

use sockeye_wire::{FrameLimits, LengthForm, RawFrame, Role};

use crate::feed::heard_in_every_way;

const GOOD: RawFrame<'static> = RawFrame {
    fin: true,
    rsv: 0,
    opcode: 1,
    mask: None,
    declared_len: None,
    length_form: LengthForm::Minimal,
    payload: b"Hello",
};

fn written(frame: RawFrame<'_>) -> Vec<u8> {
    let mut out = b"before".to_vec();
    frame.write(&mut out);
    assert!(out.starts_with(b"before"), "what is in the buffer stays");
    out.split_off(b"before".len())
}

/// Name, frame, bytes.
const ROWS: [(&str, RawFrame<'static>, &[u8]); 13] = [
    ("good", GOOD, b"\x81\x05Hello"),
    ("no fin", RawFrame { fin: false, ..GOOD }, b"\x01\x05Hello"),
    ("rsv", RawFrame { rsv: 7, ..GOOD }, b"\xf1\x05Hello"),
    ("rsv1", RawFrame { rsv: 4, ..GOOD }, b"\xc1\x05Hello"),
    (
        "rsv beyond three bits",
        RawFrame { rsv: 0xFF, ..GOOD },
        b"\xf1\x05Hello",
    ),
    ("opcode", RawFrame { opcode: 15, ..GOOD }, b"\x8f\x05Hello"),
    (
        "opcode beyond four bits",
        RawFrame {
            opcode: 0xF3,
            ..GOOD
        },
        b"\x83\x05Hello",
    ),
    (
        "mask",
        RawFrame {
            mask: Some([0x37, 0xfa, 0x21, 0x3d]),
            ..GOOD
        },
        b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58",
    ),
    (
        "16 bits",
        RawFrame {
            length_form: LengthForm::Bits16,
            ..GOOD
        },
        b"\x81\x7e\0\x05Hello",
    ),
    (
        "64 bits",
        RawFrame {
            length_form: LengthForm::Bits64,
            ..GOOD
        },
        b"\x81\x7f\0\0\0\0\0\0\0\x05Hello",
    ),
    (
        "longer than it is",
        RawFrame {
            declared_len: Some(200),
            ..GOOD
        },
        b"\x81\x7e\0\xc8Hello",
    ),
    (
        "the longest lie",
        RawFrame {
            declared_len: Some(u64::MAX),
            ..GOOD
        },
        b"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xffHello",
    ),
    (
        "16 bits cut a longer length",
        RawFrame {
            declared_len: Some(0x12345),
            length_form: LengthForm::Bits16,
            payload: b"",
            ..GOOD
        },
        b"\x81\x7e\x23\x45",
    ),
];

#[test]
fn every_field_is_written_as_it_is_told() {
    let long = [0x61; 300];
    for (name, frame, wanted) in ROWS {
        assert_eq!(written(frame), wanted, "{name}");
    }
    let ping = written(RawFrame {
        opcode: 9,
        payload: &long,
        ..GOOD
    });
    assert_eq!(
        ping[..4],
        [0x89, 0x7e, 0x01, 0x2c],
        "a control frame may be too long"
    );
    assert_eq!(ping[4..], long);
}

#[test]
fn the_decoder_takes_the_good_one_and_refuses_the_others() {
    let rows = [
        (GOOD, "text(Hello) idle"),
        (RawFrame { rsv: 1, ..GOOD }, "1002"),
        (RawFrame { opcode: 3, ..GOOD }, "1002"),
        (RawFrame { opcode: 0, ..GOOD }, "1002"),
        (
            RawFrame {
                fin: false,
                opcode: 9,
                ..GOOD
            },
            "1002",
        ),
        (
            RawFrame {
                mask: Some([1; 4]),
                ..GOOD
            },
            "1002",
        ),
        (
            RawFrame {
                length_form: LengthForm::Bits16,
                ..GOOD
            },
            "1002",
        ),
        (
            RawFrame {
                length_form: LengthForm::Bits64,
                ..GOOD
            },
            "1002",
        ),
        (
            RawFrame {
                declared_len: Some(1 << 40),
                ..GOOD
            },
            "1009",
        ),
        (
            RawFrame {
                opcode: 8,
                payload: &[0x03, 0xee],
                ..GOOD
            },
            "1002",
        ),
        (
            RawFrame {
                payload: b"\xff",
                ..GOOD
            },
            "1007",
        ),
        (
            RawFrame {
                declared_len: Some(6),
                ..GOOD
            },
            "mid",
        ),
    ];
    for (frame, wanted) in rows {
        let heard = heard_in_every_way(Role::Client, FrameLimits::default(), &written(frame));
        assert!(heard.starts_with(wanted), "{frame:?}: {heard}");
    }
}
