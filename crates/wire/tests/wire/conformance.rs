//! Cases of the Autobahn testsuite as bytes, for both roles: what is sent, and what an echo answers.

use sockeye_wire::{Decoder, Encoder, Event, FrameLimits, Role};

use crate::notation;

const CASES: &str = include_str!("../../../../conformance/autobahn/cases.txt");

/// Rows up to this length are shown to the decoder byte by byte, too.
const BYTEWISE: usize = 20_000;

/// An end of a connection that sends back what it hears, and the bytes it has sent.
pub(crate) struct Echo {
    decoder: Decoder,
    encoder: Encoder,
    is_over: bool,
    pub(crate) sent: Vec<u8>,
}

impl Echo {
    /// An echo whose own frames carry no mask, whatever its role, so that they are easily read.
    pub(crate) fn new(decoder: Decoder, encoder: Encoder) -> Self {
        Self {
            decoder,
            encoder,
            is_over: false,
            sent: Vec::new(),
        }
    }

    pub(crate) fn hear(&mut self, bytes: &[u8]) {
        let mut bytes = bytes.to_vec();
        let mut input = bytes.as_mut_slice();
        while !self.is_over {
            match self.decoder.next(&mut input) {
                Ok(None) => return,
                Ok(Some(Event::Text(text))) => self.encoder.text(&mut self.sent, text),
                Ok(Some(Event::Binary(bytes) | Event::LooseText(bytes))) => {
                    self.encoder.binary(&mut self.sent, bytes);
                }
                Ok(Some(Event::Ping(payload))) => self.encoder.pong(&mut self.sent, payload),
                Ok(Some(Event::Pong(_))) => {}
                Ok(Some(Event::Close(frame))) => {
                    let code = frame.map(|frame| frame.code);
                    self.encoder.close(&mut self.sent, code, "");
                    self.is_over = true;
                }
                Err(violation) => {
                    let reason = violation.to_string();
                    self.encoder
                        .close(&mut self.sent, Some(violation.code), &reason);
                    self.is_over = true;
                }
            }
        }
    }
}

fn plain(role: Role, limits: FrameLimits) -> Echo {
    Echo::new(Decoder::new(role, limits), Encoder::server())
}

/// What is wrong with `sent`, which is to be these frames and a Close with one of these codes.
fn flaw(sent: &[u8], frames: &[u8], codes: &[u16], may_be_bare: bool) -> Option<String> {
    let Some(close) = sent.strip_prefix(frames) else {
        return Some("something else before the Close".to_owned());
    };
    let Some((head, payload)) = close.split_at_checked(2) else {
        return Some("no Close".to_owned());
    };
    let code = payload.first_chunk().map(|code| u16::from_be_bytes(*code));
    let is_right = head[0] == 0x88
        && usize::from(head[1]) == payload.len()
        && code.map_or(may_be_bare, |code| codes.contains(&code));
    (!is_right).then(|| format!("{code:?} instead of {codes:?}"))
}

#[track_caller]
fn check_row(case: &str, frames: &str, answer: &str) {
    let (answers, last) = answer.rsplit_once(" | ").unwrap_or(("", answer));
    let (_, codes) = last.split_once(' ').expect("`close` or `fail`, and codes");
    let codes: Vec<u16> = codes
        .split('/')
        .map(|code| code.parse().expect("a code"))
        .collect();
    let wanted = notation::frames(answers, Role::Client);
    let may_be_bare = frames.ends_with("88 00");
    for role in [Role::Server, Role::Client] {
        let bytes = notation::frames(frames, role);
        let pieces = if bytes.len() <= BYTEWISE { 1 } else { 1460 };
        for size in [bytes.len().max(1), pieces] {
            let mut echo = plain(role, FrameLimits::default());
            for piece in bytes.chunks(size) {
                echo.hear(piece);
            }
            let begins = echo.sent.starts_with(&wanted);
            assert!(begins, "{case}, {role:?}: {:x?}", &echo.sent);
            let flaw = flaw(&echo.sent, &wanted, &codes, may_be_bare);
            assert_eq!(flaw, None, "{case}, {role:?}, {size} bytes at a time");
        }
    }
}

#[test]
fn every_case_of_the_table() {
    let mut count = 0;
    for row in CASES.lines().filter(|row| !row.starts_with('#')) {
        let columns: Vec<&str> = row.split(" ; ").collect();
        let [case, frames, answer] = columns.as_slice() else {
            panic!("three columns: {row}");
        };
        check_row(case, frames, answer);
        count += 1;
    }
    assert_eq!(count, 246);
}

/// Sends one message of `length` bytes in fragments of `fragment` and in writes of `piece`; it must come back.
fn check_message(case: &str, binary: bool, length: usize, fragment: usize, piece: usize) {
    let first = if binary { 0x02 } else { 0x01 };
    let byte = if binary { 0xfe } else { b'*' };
    let limits = FrameLimits::default();
    for role in [Role::Server, Role::Client] {
        let mut bytes = Vec::new();
        let mut left = length;
        let mut opcode = first;
        loop {
            let part = left.min(fragment);
            left -= part;
            sockeye_wire::RawFrame {
                fin: left == 0,
                rsv: 0,
                opcode,
                mask: (role == Role::Server).then_some([0x12, 0x34, 0x56, 0x78]),
                declared_len: None,
                length_form: sockeye_wire::LengthForm::Minimal,
                payload: &vec![byte; part],
            }
            .write(&mut bytes);
            opcode = 0;
            if left == 0 {
                break;
            }
        }
        let mut echo = plain(role, limits);
        for piece in bytes.chunks(piece) {
            echo.hear(piece);
        }
        let payload = echo.sent.iter().rev().take(length);
        assert!(payload.clone().all(|found| *found == byte), "{case}");
        assert_eq!(payload.count(), length, "{case}, {role:?}");
        assert_eq!(echo.sent[0], first | 0x80, "{case}, {role:?}");
    }
}

#[test]
fn long_messages_whole_in_fragments_and_in_small_writes() {
    let mut cases = 0;
    for (group, binary) in [(1, false), (2, true)] {
        for (number, length) in (1..).zip([64 << 10, 256 << 10, 1 << 20]) {
            check_message(
                &format!("9.{group}.{number}"),
                binary,
                length,
                length,
                1 << 20,
            );
            cases += 1;
        }
    }
    for (group, binary) in [(3, false), (4, true)] {
        let fragments = [64, 256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10];
        for (number, fragment) in (1..).zip(fragments) {
            let case = format!("9.{group}.{number}");
            check_message(&case, binary, 512 << 10, fragment, 1 << 16);
            cases += 1;
        }
    }
    for (group, binary) in [(5, false), (6, true)] {
        for (number, piece) in (1..).zip([64, 128, 256, 512, 1024, 2048]) {
            let case = format!("9.{group}.{number}");
            check_message(&case, binary, 256 << 10, 256 << 10, piece);
            cases += 1;
        }
    }
    assert_eq!(cases, 32);
}

#[test]
fn many_messages_of_each_size() {
    let mut cases = 0;
    for (group, binary) in [(7, false), (8, true)] {
        for (number, length) in (1..).zip([0, 16, 64, 256, 1024, 4096]) {
            let kind = if binary { "82" } else { "81" };
            let head = match length {
                0..126 => format!("{length:02x}"),
                _ => format!("7e {:02x} {:02x}", length >> 8, length & 0xff),
            };
            let message = match length {
                0 => format!("{kind} {head}"),
                _ => format!("{kind} {head} 2a*{length}"),
            };
            let mut echo = plain(Role::Server, FrameLimits::default());
            let masked = notation::frames(&message, Role::Server);
            let mut all = masked.repeat(1000);
            for piece in all.chunks_mut(10_000) {
                echo.hear(piece);
            }
            let wanted = notation::frames(&message, Role::Client).repeat(1000);
            assert!(echo.sent == wanted, "9.{group}.{number}");
            cases += 1;
        }
    }
    assert_eq!(cases, 12);
}
