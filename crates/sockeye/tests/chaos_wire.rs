//! Faults on purpose as bytes: wrong frames, links that break or fall silent, handshakes that go wrong.

use std::io::{ErrorKind, Read as _};
use std::time::{Duration, Instant};

use crate::lab::{Lab, Raw, Server, eventually, frame, frame_head};

fn server(chaos: &str) -> Server {
    let text = format!(
        "
websocket:
  seed: 1
  chaos: {chaos}
  handlers:
    - {{ path: /echo, type: echo }}
    - {{ path: /news, broadcast: {{ interval_ms: 50, message: news }} }}
"
    );
    Lab::yaml(&text).admin().start()
}

/// How often an effect was counted.
fn count(server: &Server, effect: &str) -> u64 {
    let chaos = server.ask("GET", "/__mockforge/ws/chaos", &[], b"").json();
    chaos["counts"][effect].as_u64().expect("a number")
}

/// A link whose next answer is wrong in one way.
#[track_caller]
fn wrong(fault: &str) -> (Server, Raw) {
    let lab = server(&format!("{{ frames: {{ {fault}_rate: 1 }} }}"));
    let raw = lab.raw_socket("/echo");
    (lab, raw)
}

/// As many bytes as are wanted.
#[track_caller]
fn exactly<const N: usize>(raw: &mut Raw) -> [u8; N] {
    raw.bytes(N).try_into().expect("as many as were wanted")
}

#[test]
fn a_truncated_frame_announces_more_than_comes_before_the_end() {
    let (lab, mut raw) = wrong("truncate");
    raw.send(&frame(0x81, b"hello!"));
    assert_eq!(raw.rest(), b"\x81\x06hel");
    assert_eq!(count(&lab, "frame_truncate"), 1);
}

#[test]
fn a_corrupt_frame_has_one_wrong_byte() {
    let (lab, mut raw) = wrong("corrupt");
    for _ in 0..20 {
        raw.send(&frame(0x81, b"hello"));
        let got: [u8; 7] = exactly(&mut raw);
        let differ = got.iter().zip(b"\x81\x05hello");
        assert_eq!(differ.filter(|(one, two)| one != two).count(), 1, "{got:?}");
    }
    assert_eq!(count(&lab, "frame_corrupt"), 20);
}

#[test]
fn a_split_message_comes_in_fragments() {
    let (lab, mut raw) = wrong("split");
    raw.send(&frame(0x81, b"hello"));
    let first = raw.frame().expect("a frame");
    assert_eq!(first.first, 0x01, "text, not the last");
    let (mut payload, mut frames) = (first.payload, 1);
    loop {
        let next = raw.frame().expect("a frame");
        payload.extend(next.payload);
        frames += 1;
        if next.first == 0x80 {
            break;
        }
        assert_eq!(next.first, 0x00);
    }
    assert_eq!((payload.as_slice(), frames <= 4), (&b"hello"[..], true));
    assert_eq!(count(&lab, "frame_split"), 1);
}

#[test]
fn merged_messages_come_in_one_frame() {
    let (lab, mut raw) = wrong("merge");
    raw.send(&frame(0x81, b"one,")).send(&frame(0x81, b"two"));
    raw.expect_text("one,two");
    // Of different kinds they cannot; alone they come when the window is over.
    raw.send(&frame(0x81, b"text")).send(&frame(0x82, &[7]));
    raw.expect_text("text");
    assert_eq!(exactly(&mut raw), [0x82, 0x01, 7]);
    let sent = Instant::now();
    raw.send(&frame(0x81, b"alone"));
    raw.expect_text("alone");
    assert!(sent.elapsed() >= Duration::from_secs(1));
    assert_eq!(count(&lab, "frame_merge"), 5);
}

#[test]
fn an_oversize_frame_announces_far_too_much() {
    let (lab, mut raw) = wrong("oversize");
    raw.send(&frame(0x81, b"hello"));
    let got: [u8; 15] = exactly(&mut raw);
    assert_eq!(&got, b"\x81\x7f\0\0\0\0\x40\0\0\0hello");
    assert_eq!(count(&lab, "frame_oversize"), 1);
    let lab = server("{ frames: { oversize_rate: 1, oversize_bytes: 70000 } }");
    let mut raw = lab.raw_socket("/echo");
    raw.send(&frame(0x82, b"x"));
    let got: [u8; 11] = exactly(&mut raw);
    assert_eq!(&got, b"\x82\x7f\0\0\0\0\0\x01\x11\x70x");
}

#[test]
fn bad_utf8_has_a_byte_that_no_character_has() {
    let (lab, mut raw) = wrong("bad_utf8");
    raw.send(&frame(0x81, b"hello"));
    let got: [u8; 7] = exactly(&mut raw);
    assert_eq!(&got[..2], b"\x81\x05");
    let differ = got[2..]
        .iter()
        .zip(b"hello")
        .filter(|(one, two)| one != two);
    assert_eq!((differ.count(), got[2..].contains(&0xff)), (1, true));
    raw.send(&frame(0x82, b"hello"));
    assert_eq!(&exactly::<7>(&mut raw), b"\x82\x05hello", "binary has none");
    assert_eq!(count(&lab, "frame_bad_utf8"), 1);
}

#[test]
fn a_bad_mask_is_one_that_a_server_must_not_send() {
    let (lab, mut raw) = wrong("bad_mask");
    raw.send(&frame(0x81, b"hello"));
    let got: [u8; 11] = exactly(&mut raw);
    assert_eq!(&got[..2], b"\x81\x85");
    let plain: Vec<u8> = (0..5).map(|at| got[6 + at] ^ got[2 + at % 4]).collect();
    assert_eq!(plain, b"hello");
    assert_eq!(count(&lab, "frame_bad_mask"), 1);
}

#[test]
fn bad_opcodes_and_reserved_bits_are_those_that_nothing_is_agreed_for() {
    let (lab, mut raw) = wrong("bad_opcode");
    let (mut opcodes, mut bits) = (Vec::new(), Vec::new());
    for _ in 0..80 {
        raw.send(&frame(0x81, b"hi"));
        let [first, rest @ ..] = exactly::<4>(&mut raw);
        assert_eq!((first & 0xf0, &rest[..]), (0x80, &b"\x02hi"[..]));
        opcodes.push(first & 0xf);
    }
    opcodes.sort_unstable();
    opcodes.dedup();
    assert_eq!(opcodes, [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]);
    assert_eq!(count(&lab, "frame_bad_opcode"), 80);
    let (lab, mut raw) = wrong("reserved_bits");
    for _ in 0..80 {
        raw.send(&frame(0x81, b"hi"));
        let [first, rest @ ..] = exactly::<4>(&mut raw);
        assert_eq!((first & 0x8f, &rest[..]), (0x81, &b"\x02hi"[..]));
        bits.push((first & 0x70) >> 4);
    }
    bits.sort_unstable();
    bits.dedup();
    assert_eq!(bits, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(count(&lab, "frame_reserved_bits"), 80);
}

#[test]
fn a_bad_close_has_a_code_that_none_may_carry_and_waits_for_the_answer() {
    let (lab, mut raw) = wrong("bad_close");
    raw.send(&frame(0x81, b"x"));
    let code = raw.close_code().expect("a code");
    assert!(
        [0, 999, 1004, 1005, 1006, 1015, 5000].contains(&code),
        "{code}"
    );
    raw.send(&frame(0x88, &1002_u16.to_be_bytes())).expect_end();
    assert_eq!(count(&lab, "frame_bad_close"), 1);
}

#[test]
fn the_first_of_several_wrong_frames_is_made() {
    let lab = server("{ frames: { split_rate: 1, bad_mask_rate: 1 }, message_duplicate_rate: 1 }");
    let mut raw = lab.raw_socket("/echo");
    raw.send(&frame(0x81, b"x"));
    assert_eq!(raw.bytes(1), [0x01]);
    eventually("it is counted", || {
        (count(&lab, "frame_split") == 1).then_some(())
    });
    assert_eq!(
        (count(&lab, "frame_bad_mask"), count(&lab, "duplicate")),
        (0, 1)
    );
}

#[test]
fn a_reset_is_one() {
    let lab = server("{ link: { reset_rate: 1 } }");
    let mut raw = lab.raw_socket("/echo");
    let mut reader = raw.writer();
    raw.send(&frame(0x81, b"x"));
    let error = reader.read(&mut [0; 9]).expect_err("no orderly end");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let mut reader = lab.raw_socket("/news").writer();
    let error = reader.read(&mut [0; 9]).expect_err("no orderly end");
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    eventually("both are counted", || {
        (count(&lab, "reset") == 2).then_some(())
    });
}

#[test]
fn a_link_that_never_pongs_goes_on_otherwise() {
    let lab = server("{ link: { never_pong: true } }");
    let mut raw = lab.raw_socket("/echo");
    raw.send(&frame(0x89, b"1")).send(&frame(0x81, b"x"));
    raw.send(&frame(0x89, b"2")).send(&frame(0x88, b""));
    raw.expect_text("x");
    assert_eq!(raw.frame().map(|frame| frame.first), Some(0x88));
    assert_eq!(count(&lab, "never_pong"), 2);
}

/// The number of open connections.
fn open(lab: &Server) -> u64 {
    let stats = lab.ask("GET", "/__mockforge/ws/stats", &[], b"").json();
    stats["connections"]["active"].as_u64().expect("a number")
}

#[test]
fn a_half_open_link_neither_reads_nor_writes_and_ends_with_its_client() {
    let lab = server("{}");
    let mut raw = lab.raw_socket("/echo");
    raw.send(&frame(0x81, b"x"));
    raw.expect_text("x");
    let half_open = br#"{"link": {"half_open_after_ms": 20}}"#;
    let set = lab.ask("PUT", "/__mockforge/ws/chaos", &[], half_open);
    set.expect_status(200);
    eventually("it is half-open", || {
        (count(&lab, "half_open") == 1).then_some(())
    });
    raw.send(&frame(0x81, b"y")).send(&frame(0x89, b"p"));
    raw.send(&frame(0x88, b""));
    assert!(
        !raw.has_answer_within(Duration::from_millis(700)),
        "silence"
    );
    assert_eq!(open(&lab), 1, "the server believes in it");
    // Much is unread, and yet the end is seen.
    drop(raw);
    eventually("it has ended", || (open(&lab) == 0).then_some(()));
}

#[test]
fn broadcasts_cut_links_that_say_nothing_themselves() {
    let lab = server("{ frames: { truncate_rate: 1 } }");
    assert_eq!(lab.raw_socket("/news").rest(), b"\x81\x04ne");
    let lab = server("{ link: { half_open_after_ms: 20 } }");
    let mut raw = lab.raw_socket("/news");
    eventually("it is half-open", || {
        (count(&lab, "half_open") == 1).then_some(())
    });
    while raw.has_answer_within(Duration::from_millis(300)) {
        assert!(raw.frame().is_some(), "it stays open");
    }
}

#[test]
fn a_half_open_link_does_not_hold_up_the_end_of_the_server() {
    let lab = server("{ link: { half_open_after_ms: 0 } }");
    let _raw = lab.raw_socket("/echo");
    eventually("it is half-open", || {
        (count(&lab, "half_open") == 1).then_some(())
    });
    let exit = lab.terminate();
    assert_eq!(exit.code, Some(0), "{}", exit.stderr);
}

#[test]
fn a_handshake_is_late_refused_or_answered_wrongly() {
    let lab = server("{ handshake: { delay_ms: 150 } }");
    let asked = Instant::now();
    lab.raw_socket("/echo");
    assert!(asked.elapsed() >= Duration::from_millis(150));
    let lab = server("{ handshake: { refuse_rate: 1 } }");
    let refused = lab.upgrade("/echo", &[]);
    assert!(refused.expect_status(503).text().contains("on purpose"));
    let lab = server("{ handshake: { refuse_rate: 1, status: 418 } }");
    lab.upgrade("/echo", &[]).expect_status(418);
    assert_eq!(count(&lab, "handshake_refuse"), 1);
    let lab = server("{ handshake: { wrong_accept_rate: 1 } }");
    let mut raw = lab.raw();
    let request = raw.handshake("/echo", &[]);
    raw.send(request.as_bytes());
    let response = raw.response("GET");
    let accept = response.header("sec-websocket-accept").expect("a header");
    assert_eq!((response.status, accept.len()), (101, 28));
    assert_ne!(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    // A client that does not look is served.
    raw.send(&frame(0x81, b"x"));
    raw.expect_text("x");
    assert_eq!(count(&lab, "handshake_wrong_accept"), 1);
}

#[test]
fn handshakes_are_refused_at_their_rate_and_repeatably() {
    let run = || {
        let lab = server("{ seed: 9, handshake: { refuse_rate: 0.3 } }");
        let status = |_| lab.upgrade("/echo", &[]).status;
        (0..100).map(status).collect::<Vec<u16>>()
    };
    let statuses = run();
    let refused = statuses.iter().filter(|status| **status == 503).count();
    assert!((15..=45).contains(&refused), "{refused}");
    assert_eq!(statuses, run());
}

#[test]
fn what_a_client_breaks_is_still_told() {
    let lab = server("{ delay: { min_ms: 60000 } }");
    let mut raw = lab.raw_socket("/echo");
    raw.send(&frame(0x81, b"late"));
    raw.send(&frame_head(0x83, 0));
    raw.expect_text("late");
    raw.expect_close(1002);
}
