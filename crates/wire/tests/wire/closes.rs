//! Close frames: codes, reasons, and the silence after them (RFC 6455 sections 5.5.1 and 7.4).

use sockeye_wire::FrameLimits;

use crate::feed::check;

#[test]
fn close_frames() {
    check(
        FrameLimits::default(),
        &[
            ("empty", "88 00", "close() closed"),
            ("code", "88 02 03 e8", "close(1000 ) closed"),
            (
                "code and reason",
                "88 05 03 e9 'bye'",
                "close(1001 bye) closed",
            ),
            (
                "longest reason",
                "88 7d 03 e8 61*123",
                "close(1000 123 bytes) closed",
            ),
            (
                "reason in three-byte characters",
                "88 05 03 e8 e2 82 ac",
                "close(1000 \\xe2\\x82\\xac) closed",
            ),
            (
                "after a message",
                "81 01 'a' | 88 00",
                "text(a) close() closed",
            ),
            (
                "what follows is ignored",
                "88 00 | 81 01 'a' | 89 00",
                "close() closed",
            ),
            (
                "nonsense that follows is ignored",
                "88 02 03 e8 | ff 00 | 83 01 'a'",
                "close(1000 ) closed",
            ),
            (
                "a second close is ignored",
                "88 02 03 e8 | 88 02 03 e9",
                "close(1000 ) closed",
            ),
        ],
    );
}

#[test]
fn close_codes() {
    let allowed = [
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000,
        4999,
    ];
    let forbidden = [
        0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32_768, 65_535,
    ];
    let frame = |code: u16| format!("88 02 {:02x} {:02x}", code >> 8, code & 0xFF);
    let rows: Vec<(String, String)> = allowed
        .into_iter()
        .map(|code| (frame(code), format!("close({code} ) closed")))
        .chain(forbidden.into_iter().map(|code| {
            (
                frame(code),
                format!("1002: close code {code} must not be sent"),
            )
        }))
        .collect();
    let rows: Vec<_> = rows
        .iter()
        .map(|(a, b)| (a.as_str(), a.as_str(), b.as_str()))
        .collect();
    check(FrameLimits::default(), &rows);
}

#[test]
fn bad_close_payloads() {
    check(
        FrameLimits::default(),
        &[
            (
                "one byte",
                "88 01 03",
                "1002: Close frame with 1 byte of payload; a close code takes 2",
            ),
            (
                "reason 0xff",
                "88 03 03 e8 ff",
                "1007: close reason is not UTF-8 at byte 0",
            ),
            (
                "reason cut",
                "88 05 03 e8 'a' e2 82",
                "1007: close reason is not UTF-8 at byte 1",
            ),
            (
                "bad code before bad reason",
                "88 03 03 ed ff",
                "1002: close code 1005 must not be sent",
            ),
            (
                "inside a message",
                "01 01 'a' | 88 01 03",
                "1002: Close frame with 1 byte of payload; a close code takes 2",
            ),
        ],
    );
}
