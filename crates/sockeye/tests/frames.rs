//! Frames as bytes: what breaks the protocol or a limit gets the right Close, and the Close arrives.

use std::io::Write;
use std::time::Duration;

use crate::lab::{Lab, Raw, Server, close, frame, frame_head, plain_frame};

const ECHO: &str = include_str!("../../../conformance/contracts/guide/02-echo-handler.yaml");

/// First bytes of frames: FIN and opcode.
const TEXT: u8 = 0x81;
const TEXT_BEGIN: u8 = 0x01;
const CONTINUE: u8 = 0x00;
const CONTINUE_END: u8 = 0x80;
const BINARY: u8 = 0x82;
const PING: u8 = 0x89;
const PONG: u8 = 0x8a;

fn echo() -> Server {
    Lab::yaml(ECHO).start()
}

/// Each case on a connection of its own: these bytes, then this close code and the end.
#[track_caller]
fn expect_closes(cases: &[(&str, Vec<u8>, u16)]) {
    let lab = echo();
    for (name, bytes, code) in cases {
        let mut raw = lab.raw_socket("/echo");
        raw.send(bytes);
        assert_eq!(raw.close_code(), Some(*code), "{name}");
        raw.expect_end();
    }
}

fn fragments(count: usize, payload: &[u8]) -> Vec<u8> {
    let mut bytes = frame(TEXT_BEGIN, payload);
    for _ in 1..count {
        bytes.extend(frame(CONTINUE, payload));
    }
    bytes
}

#[test]
fn f11_frames_that_the_protocol_does_not_know() {
    expect_closes(&[
        ("RSV1 without an extension", frame(TEXT | 0x40, b"x"), 1002),
        ("RSV2", frame(TEXT | 0x20, b"x"), 1002),
        ("RSV3", frame(TEXT | 0x10, b"x"), 1002),
        ("RSV1 on a ping", frame(PING | 0x40, b"x"), 1002),
        ("opcode 3", frame(0x83, b"x"), 1002),
        ("opcode 7", frame(0x87, b""), 1002),
        ("opcode 11", frame(0x8b, b""), 1002),
        ("opcode 15", frame(0x8f, b"x"), 1002),
        ("a fragmented ping", frame(0x09, b"x"), 1002),
        ("a fragmented close", frame(0x08, &[3, 232]), 1002),
        ("a ping of 126 bytes", frame(PING, &[b'x'; 126]), 1002),
        ("the head of a long ping", frame_head(PING, 70_000), 1002),
        ("a text without mask", plain_frame(TEXT, b"x"), 1002),
        ("a ping without mask", plain_frame(PING, b""), 1002),
        ("a continuation of nothing", frame(CONTINUE_END, b"x"), 1002),
        (
            "a text within a text",
            [frame(TEXT_BEGIN, b"x"), frame(TEXT, b"y")].concat(),
            1002,
        ),
    ]);
}

#[test]
fn f11_what_came_before_the_mistake_is_still_answered() {
    let lab = echo();
    let mut raw = lab.raw_socket("/echo");
    raw.send(&[frame(TEXT, b"good"), frame(0x83, b"bad")].concat());
    raw.expect_text("good");
    raw.expect_close(1002);
}

#[test]
fn f12_text_that_is_not_utf_8() {
    let euro = "€".as_bytes();
    expect_closes(&[
        ("a lone byte", frame(TEXT, b"a\xffb"), 1007),
        ("an overlong form", frame(TEXT, b"\xc0\xaf"), 1007),
        ("a surrogate", frame(TEXT, b"\xed\xa0\x80"), 1007),
        (
            "a character that does not end",
            frame(TEXT, &euro[..2]),
            1007,
        ),
        (
            "split between fragments",
            [frame(TEXT_BEGIN, &euro[..1]), frame(CONTINUE_END, b"\xff")].concat(),
            1007,
        ),
        (
            "in a fragment that is not the last",
            frame(TEXT_BEGIN, b"\xff"),
            1007,
        ),
    ]);
}

#[test]
fn f12_is_seen_at_the_first_wrong_byte() {
    let mut begun = frame_head(TEXT, 10);
    // The first three of ten bytes under the mask 37 fa 21: "a", "b" and a byte no text contains.
    begun.extend([b'a' ^ 0x37, b'b' ^ 0xfa, 0xff ^ 0x21]);
    expect_closes(&[("ten announced, three sent", begun, 1007)]);
}

#[test]
fn f12_a_character_may_be_split_between_fragments() {
    let lab = echo();
    let mut raw = lab.raw_socket("/echo");
    let euro = "€".as_bytes();
    raw.send(
        &[
            frame(TEXT_BEGIN, &euro[..1]),
            frame(CONTINUE_END, &euro[1..]),
        ]
        .concat(),
    );
    raw.expect_text("€");
    raw.send(&frame(BINARY, b"\xff\xfe"));
    assert_eq!(raw.frame().expect("an echo").payload, b"\xff\xfe");
}

#[test]
fn f13_a_message_may_have_exactly_the_permitted_size() {
    let lab = echo();
    let mut raw = lab.raw_socket("/echo");
    let text = "x".repeat(65_536);
    raw.send(&frame(TEXT, text.as_bytes()));
    raw.expect_text(&text);
    let (one, two) = text.as_bytes().split_at(40_000);
    raw.send(&[frame(TEXT_BEGIN, one), frame(CONTINUE_END, two)].concat());
    raw.expect_text(&text);
}

#[test]
fn f13_a_message_that_is_too_long() {
    let text = vec![b'x'; 65_537];
    let (one, two) = text.split_at(40_000);
    expect_closes(&[
        ("in one frame", frame(TEXT, &text), 1009),
        (
            "in two",
            [frame(TEXT_BEGIN, one), frame(CONTINUE_END, two)].concat(),
            1009,
        ),
        (
            "known from the head alone",
            frame_head(BINARY, 65_537),
            1009,
        ),
        ("2^32", frame_head(BINARY, 1 << 32), 1009),
        ("2^63 - 1", frame_head(BINARY, (1 << 63) - 1), 1009),
    ]);
}

#[test]
fn f13_a_length_with_its_top_bit_set() {
    let lab = echo();
    let mut raw = lab.raw_socket("/echo");
    raw.send(&frame_head(BINARY, 1 << 63));
    let code = raw.close_code();
    assert!(matches!(code, Some(1002 | 1009)), "{code:?}");
}

#[test]
fn f13_the_close_arrives_while_the_client_still_sends() {
    let lab = echo();
    let mut raw = lab.raw_socket("/echo");
    let mut writer = raw.writer();
    let sending = std::thread::spawn(move || {
        // The server may end the connection long before the last byte.
        let _ = writer.write_all(&frame(BINARY, &vec![0; 4 * 1024 * 1024]));
    });
    assert_eq!(raw.close_code(), Some(1009));
    sending.join().expect("the writer does not panic");
}

#[test]
fn f13_the_limit_is_configurable() {
    let file = "websocket: { max_message_size: 10, handlers: [{ path: /echo, type: echo }] }";
    let lab = Lab::yaml(file).start();
    lab.connect("/echo")
        .send("0123456789")
        .expect_text("0123456789");
    lab.connect("/echo").send("0123456789a").expect_close(1009);
}

#[test]
fn f14_messages_in_endless_fragments() {
    let lab = echo();
    let mut raw = lab.raw_socket("/echo");
    let mut whole = fragments(4095, b"x");
    whole.extend(frame(CONTINUE_END, b"x"));
    raw.send(&whole);
    raw.expect_text(&"x".repeat(4096));
    expect_closes(&[
        ("one byte each", fragments(5000, b"x"), 1008),
        ("no byte at all", fragments(5000, b""), 1008),
    ]);
}

#[test]
fn f17_floods_of_control_frames() {
    expect_closes(&[
        ("pings", frame(PING, b"x").repeat(2000), 1008),
        ("pongs", frame(PONG, b"").repeat(2000), 1008),
    ]);
}

#[test]
fn f17_a_burst_of_pings_is_answered() {
    let lab = echo();
    let mut raw = lab.raw_socket("/echo");
    let pings: Vec<_> = (0..100u8).flat_map(|n| frame(PING, &[n])).collect();
    raw.send(&pings).send(&frame(TEXT, b"after"));
    for number in 0..100 {
        raw.expect_pong(&[number]);
    }
    raw.expect_text("after");
}

#[test]
fn f18_close_frames_that_nobody_may_send() {
    let mut cases = vec![
        ("one byte", frame(0x88, &[3]), 1002),
        ("a reason that is no text", close(1000, b"\xff"), 1007),
    ];
    for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999] {
        cases.push(("a forbidden code", close(code, b""), 1002));
    }
    expect_closes(&cases);
}

#[test]
fn a_close_is_answered_with_its_code() {
    let lab = echo();
    for code in [1000, 1001, 1003, 1007, 1011, 3000, 4999] {
        let mut raw = lab.raw_socket("/echo");
        raw.send(&close(code, "bye ☃".as_bytes()));
        raw.expect_close(code);
    }
    let mut raw = lab.raw_socket("/echo");
    raw.send(&frame(0x88, b""));
    let code = raw.close_code();
    assert!(matches!(code, None | Some(1000)), "{code:?}");
    raw.expect_end();
}

#[test]
fn nothing_is_answered_after_a_close() {
    let lab = echo();
    let mut raw = lab.raw_socket("/echo");
    raw.send(
        &[
            frame(TEXT, b"before"),
            close(1000, b""),
            frame(TEXT, b"after"),
        ]
        .concat(),
    );
    raw.expect_text("before");
    raw.expect_close(1000);
}

#[test]
fn a_ping_between_fragments_is_answered_first() {
    let lab = echo();
    let mut raw = lab.raw_socket("/echo");
    raw.send(
        &[
            frame(TEXT_BEGIN, b"he"),
            frame(PING, b"now"),
            frame(CONTINUE, b"l"),
        ]
        .concat(),
    );
    raw.expect_pong(b"now");
    raw.send(&[frame(PONG, b"unasked"), frame(CONTINUE_END, b"lo")].concat());
    raw.expect_text("hello");
    raw.send(&frame(PING, &[7; 125]));
    raw.expect_pong(&[7; 125]);
}

#[test]
fn bytes_may_arrive_one_by_one() {
    let lab = echo();
    let mut raw = lab.raw_socket("/echo");
    for byte in frame(TEXT, "söme text".as_bytes()) {
        raw.send(&[byte]);
    }
    raw.expect_text("söme text");
}

#[test]
fn f19_a_client_that_never_answers_a_close_is_dropped() {
    let lab = echo();
    let mut raw = lab.raw_socket("/echo");
    lab.signal("TERM");
    assert_eq!(raw.close_code(), Some(1001));
    raw.be_patient(Duration::from_secs(8));
    raw.expect_end();
}

#[test]
fn a_client_that_goes_without_a_word_frees_its_place() {
    let file = "websocket: { max_connections: 1, handlers: [{ path: /echo, type: echo }] }";
    let lab = Lab::yaml(file).start();
    let only = lab.raw_socket("/echo");
    assert_eq!(lab.upgrade("/echo", &[]).status, 503);
    only.reset();
    crate::lab::eventually("the place is free", || {
        (lab.upgrade("/echo", &[]).status == 101).then_some(())
    });
}

const IMPATIENT: &str = "
websocket:
  ping_interval: 0.2
  pong_timeout: 0.5
  handlers: [{ path: /echo, type: echo }]
";

#[test]
fn f19_a_client_that_does_not_answer_pings_is_closed() {
    let lab = Lab::yaml(IMPATIENT).start();
    let mut raw = lab.raw_socket("/echo");
    let ping = raw.frame().expect("a ping");
    assert_eq!((ping.first, ping.payload.len()), (PING, 8));
    raw.expect_close(1001);
}

#[test]
fn a_client_that_answers_pings_stays() {
    let lab = Lab::yaml(IMPATIENT).start();
    let mut raw = lab.raw_socket("/echo");
    let mut payloads = Vec::new();
    for _ in 0..5 {
        let ping = next_ping(&mut raw);
        raw.send(&frame(PONG, &ping));
        payloads.push(ping);
    }
    payloads.dedup();
    assert_eq!(payloads.len(), 5, "each ping has a payload of its own");
    raw.send(&frame(TEXT, b"alive"));
    raw.expect_text("alive");
}

fn next_ping(raw: &mut Raw) -> Vec<u8> {
    let ping = raw.frame().expect("a ping");
    assert_eq!(ping.first, PING, "{ping:?}");
    ping.payload
}
