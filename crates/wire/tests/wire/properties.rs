//! Whatever is sent arrives, however it is cut; whatever arrives, nothing panics or grows.

use proptest::collection::vec;
use proptest::prelude::*;
use sockeye_wire::{CloseCode, Decoder, Encoder, Event, FrameLimits, Kind, Opcode, Role};

/// One thing to send.
#[derive(Debug, Clone)]
enum Said {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Pong(Vec<u8>),
}

/// A message with the lengths of its fragments and the control frame after each.
type Message = (Said, Vec<usize>, Option<Said>);

fn control() -> impl Strategy<Value = Said> {
    prop_oneof![
        vec(any::<u8>(), 0..=125).prop_map(Said::Ping),
        vec(any::<u8>(), 0..=125).prop_map(Said::Pong),
    ]
}

fn message() -> impl Strategy<Value = Message> {
    let said = prop_oneof![
        4 => "\\PC{0,80}".prop_map(Said::Text),
        4 => vec(any::<u8>(), 0..400).prop_map(Said::Binary),
        1 => vec(any::<u8>(), 65_000..66_000).prop_map(Said::Binary),
        2 => control(),
    ];
    (
        said,
        vec(0..200_usize, 0..5),
        proptest::option::of(control()),
    )
}

/// Sends the message in fragments of these lengths, the rest in the last; returns what is heard.
fn send(encoder: &mut Encoder, out: &mut Vec<u8>, message: &Message) -> Vec<String> {
    let (said, cuts, between) = message;
    let (kind, payload) = match said {
        Said::Text(text) => (Kind::Text, text.as_bytes()),
        Said::Binary(bytes) => (Kind::Binary, bytes.as_slice()),
        control => return vec![send_control(encoder, out, control)],
    };
    let heard = format!("{kind:?} {payload:?}");
    if cuts.is_empty() {
        encoder.message(out, kind, payload);
        return vec![heard];
    }
    let mut all = Vec::new();
    let mut rest = payload;
    let mut opcode = Opcode::from(kind);
    for cut in cuts {
        let (fragment, behind) = rest.split_at((*cut).min(rest.len()));
        encoder.fragment(out, opcode, false, fragment);
        all.extend(
            between
                .iter()
                .map(|control| send_control(encoder, out, control)),
        );
        opcode = Opcode::Continuation;
        rest = behind;
    }
    encoder.fragment(out, opcode, true, rest);
    all.push(heard);
    all
}

fn send_control(encoder: &mut Encoder, out: &mut Vec<u8>, said: &Said) -> String {
    match said {
        Said::Ping(payload) => {
            encoder.ping(out, payload);
            format!("Ping {payload:?}")
        }
        Said::Pong(payload) => {
            encoder.pong(out, payload);
            format!("Pong {payload:?}")
        }
        Said::Text(_) | Said::Binary(_) => panic!("not a control frame: {said:?}"),
    }
}

fn heard(event: Event<'_>) -> String {
    match event {
        Event::Text(text) => format!("Text {:?}", text.as_bytes()),
        Event::Binary(bytes) => format!("Binary {bytes:?}"),
        Event::LooseText(bytes) => format!("LooseText {bytes:?}"),
        Event::Ping(payload) => format!("Ping {payload:?}"),
        Event::Pong(payload) => format!("Pong {payload:?}"),
        Event::Close(frame) => format!("Close {frame:?}"),
    }
}

/// Feeds `bytes` in pieces of these lengths, over and over.
fn receive(role: Role, bytes: &[u8], pieces: &[usize]) -> Vec<String> {
    let mut decoder = Decoder::new(role, FrameLimits::default());
    let mut all = Vec::new();
    let mut rest = bytes;
    let mut pieces = pieces.iter().cycle();
    while !rest.is_empty() {
        let length = pieces
            .next()
            .map_or(rest.len(), |length| (*length).min(rest.len()));
        let (piece, behind) = rest.split_at(length);
        rest = behind;
        let mut piece = piece.to_vec();
        let mut input = piece.as_mut_slice();
        while let Some(event) = decoder.next(&mut input).expect("all frames keep the rules") {
            all.push(heard(event));
        }
    }
    assert!(!decoder.is_mid_message());
    assert_eq!(decoder.held_bytes(), 0);
    all
}

/// Feeds bytes that may be anything; nothing panics and memory follows the bytes.
fn survive(role: Role, bytes: &[u8], piece: usize) {
    let mut decoder = Decoder::new(role, FrameLimits::default());
    let mut brought = 0;
    for piece in bytes.chunks(piece) {
        brought += piece.len();
        let mut piece = piece.to_vec();
        let mut input = piece.as_mut_slice();
        while let Ok(Some(_)) = decoder.next(&mut input) {}
        assert!(
            decoder.held_bytes() <= 2 * brought,
            "{} for {brought}",
            decoder.held_bytes()
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_sent_arrives_in_both_directions(
        messages in vec(message(), 0..8),
        pieces in vec(1..3000_usize, 0..6),
        seed in any::<u64>(),
    ) {
        let ends = [
            (Encoder::server(), Role::Client),
            (Encoder::client_seeded(seed), Role::Server),
        ];
        for (mut encoder, role) in ends {
            let mut bytes = Vec::new();
            let sent: Vec<String> = messages
                .iter()
                .flat_map(|message| send(&mut encoder, &mut bytes, message))
                .collect();
            prop_assert_eq!(receive(role, &bytes, &pieces), sent);
        }
    }

    #[test]
    fn random_bytes_are_survived(bytes in vec(any::<u8>(), 0..2000), piece in 1..300_usize) {
        survive(Role::Server, &bytes, piece);
        survive(Role::Client, &bytes, piece);
    }

    #[test]
    fn flipped_bits_are_survived(
        messages in vec(message(), 1..5),
        flips in vec((any::<prop::sample::Index>(), 0..8_u32), 1..6),
        piece in 1..300_usize,
    ) {
        for (mut encoder, role) in
            [(Encoder::server(), Role::Client), (Encoder::client_seeded(1), Role::Server)]
        {
            let mut bytes = Vec::new();
            for message in &messages {
                send(&mut encoder, &mut bytes, message);
            }
            for (at, bit) in &flips {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            survive(role, &bytes, piece);
        }
    }

    #[test]
    fn every_reason_is_cut_between_characters(reason in "\\PC{0,200}", code in 3000..5000_u16) {
        let mut bytes = Vec::new();
        Encoder::server().close(&mut bytes, CloseCode::new(code), &reason);
        let mut decoder = Decoder::new(Role::Client, FrameLimits::default());
        let mut input = bytes.as_mut_slice();
        let Ok(Some(Event::Close(Some(frame)))) = decoder.next(&mut input) else {
            return Err(TestCaseError::fail("not a Close frame with a code"));
        };
        prop_assert_eq!(frame.code.get(), code);
        prop_assert!(reason.starts_with(frame.reason));
        let next = reason[frame.reason.len()..].chars().next();
        prop_assert!(next.is_none_or(|next| frame.reason.len() + next.len_utf8() > 123));
    }
}

#[test]
fn long_control_payloads_are_cut_and_a_reason_needs_a_code() {
    let mut out = Vec::new();
    Encoder::server().ping(&mut out, &[7; 200]);
    assert_eq!(out, [&[0x89, 125][..], &[7; 125]].concat());
    out.clear();
    Encoder::server().pong(&mut out, &[8; 126]);
    assert_eq!(out, [&[0x8a, 125][..], &[8; 125]].concat());
    out.clear();
    Encoder::server().close(&mut out, None, "nowhere to go");
    assert_eq!(out, [0x88, 0]);
}

#[test]
fn masks_are_fresh_for_each_frame_and_repeat_with_the_seed() {
    let masks = |mut encoder: Encoder| -> Vec<[u8; 4]> {
        (0..50)
            .map(|_| {
                let mut out = Vec::new();
                encoder.text(&mut out, "");
                assert_eq!(out[..2], [0x81, 0x80]);
                out[2..].try_into().expect("four bytes of mask")
            })
            .collect()
    };
    let first = masks(Encoder::client_seeded(1));
    assert_eq!(first, masks(Encoder::client_seeded(1)));
    assert_ne!(first, masks(Encoder::client_seeded(2)));
    assert_ne!(masks(Encoder::client()), masks(Encoder::client()));
    let mut distinct = first.clone();
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), first.len());
}

#[test]
fn a_server_encoder_is_one_pointer() {
    assert_eq!(size_of::<Encoder>(), size_of::<usize>());
}
