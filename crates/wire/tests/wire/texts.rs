//! UTF-8, refused at the first byte that cannot be, wherever the text is cut (RFC 6455 section 8.1).

use sockeye_wire::FrameLimits;

use crate::feed::check;

#[test]
fn text_that_is_utf8() {
    check(
        FrameLimits::default(),
        &[
            ("two bytes", "81 02 c3 a9", "text(é) idle"),
            ("three bytes", "81 03 e2 82 ac", "text(€) idle"),
            ("four bytes", "81 04 f0 9f 98 80", "text(😀) idle"),
            ("a zero byte", "81 01 00", "text(\0) idle"),
            (
                "the last code point",
                "81 04 f4 8f bf bf",
                "text(\u{10FFFF}) idle",
            ),
            (
                "before the surrogates",
                "81 03 ed 9f bf",
                "text(\u{D7FF}) idle",
            ),
            (
                "after the surrogates",
                "81 03 ee 80 80",
                "text(\u{E000}) idle",
            ),
            ("a noncharacter", "81 03 ef bf bf", "text(\u{FFFF}) idle"),
            (
                "cut between fragments",
                "01 01 e2 | 00 01 82 | 80 01 ac",
                "text(€) idle",
            ),
            (
                "cut, with an empty fragment",
                "01 02 f0 9f | 00 00 | 80 02 98 80",
                "text(😀) idle",
            ),
            (
                "cut, with a ping between",
                "01 01 c3 | 89 01 ff | 80 01 a9",
                "ping(\\xff) text(é) idle",
            ),
            (
                "cut and long",
                "01 05 'abc' e2 82 | 80 03 ac 'de'",
                "text(abc€de) idle",
            ),
            (
                "a bad text is good binary",
                "82 02 c3 28",
                "binary(\\xc3() idle",
            ),
            (
                "also in fragments",
                "02 01 c3 | 80 01 28",
                "binary(\\xc3() idle",
            ),
        ],
    );
}

#[test]
fn text_that_is_not_utf8() {
    let at = |offset: u32| format!("1007: text is not UTF-8 at byte {offset} of the message");
    check(
        FrameLimits::default(),
        &[
            ("a continuation byte", "81 01 80", &at(0)),
            ("0xff", "81 02 'a' ff", &at(1)),
            ("overlong slash", "81 02 c0 af", &at(0)),
            ("overlong in three", "81 03 e0 80 af", &at(0)),
            ("overlong in four", "81 04 f0 80 80 af", &at(0)),
            ("a surrogate", "81 03 ed a0 80", &at(0)),
            ("the last surrogate", "81 03 ed bf bf", &at(0)),
            ("beyond the last code point", "81 04 f4 90 80 80", &at(0)),
            ("five bytes", "81 05 f8 88 80 80 80", &at(0)),
            ("ends inside a character", "81 03 'a' e2 82", &at(1)),
            (
                "fragments end inside a character",
                "01 02 'a' c3 | 80 00",
                &at(1),
            ),
            (
                "bad in the second fragment",
                "01 02 'ab' | 80 02 'c' ff",
                &at(3),
            ),
            ("bad across fragments", "01 02 'a' c3 | 80 01 28", &at(1)),
            (
                "bad, far into a long text",
                "81 7e 01 00 61*200 ff 61*55",
                &at(200),
            ),
            (
                "after a good message",
                "81 01 'a' | 81 01 ff",
                &format!("text(a) {}", at(0)),
            ),
        ],
    );
}

/// The rest of the message never comes: the verdict must not wait for it.
#[test]
fn bad_text_is_refused_before_its_frame_ends() {
    let at = |offset: u32| format!("1007: text is not UTF-8 at byte {offset} of the message");
    check(
        FrameLimits::default(),
        &[
            ("bad byte in an unfinished frame", "81 64 'abc' ff", &at(3)),
            (
                "bad byte in an unfinished message",
                "01 04 'abc' ff",
                &at(3),
            ),
            (
                "in the middle of a long frame",
                "81 7e 40 00 61*300 c3 28",
                &at(300),
            ),
            (
                "second byte of an overlong character",
                "81 64 'a' e0 80",
                &at(1),
            ),
            (
                "second byte beyond the last code point",
                "81 64 f4 90",
                &at(0),
            ),
            ("second byte of a surrogate", "81 64 ed a0", &at(0)),
            ("a byte that begins nothing", "81 64 f5", &at(0)),
            (
                "fragment cut in a bad character",
                "01 01 ed | 00 05 a0",
                &at(0),
            ),
            ("unfinished and still good", "81 64 'abc' e2 82", "mid"),
            ("unfinished message, still good", "01 05 'abc' e2 82", "mid"),
        ],
    );
}

#[test]
fn text_that_is_not_utf8_is_delivered_where_that_is_wanted() {
    let limits = FrameLimits {
        loose_text: true,
        ..FrameLimits::default()
    };
    check(
        limits,
        &[
            ("good text", "81 02 c3 a9", "text(é) idle"),
            ("bad text", "81 02 c3 28", "loose(\\xc3() idle"),
            (
                "in fragments",
                "01 01 92 | 80 01 01",
                "loose(\\x92\\x01) idle",
            ),
            (
                "good text in fragments",
                "01 01 c3 | 80 01 a9",
                "text(é) idle",
            ),
            (
                "binary between",
                "01 01 92 | 80 01 01 | 82 01 92",
                "loose(\\x92\\x01) binary(\\x92) idle",
            ),
            (
                "binary in fragments behind loose text",
                "81 01 92 | 02 01 92 | 80 01 01",
                "loose(\\x92) binary(\\x92\\x01) idle",
            ),
            (
                "text that ends inside a character",
                "81 02 e2 82",
                "loose(\\xe2\\x82) idle",
            ),
        ],
    );
}
