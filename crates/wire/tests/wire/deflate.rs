//! Compressed messages, both roles: the examples of RFC 7692, what breaks its rules, bombs, windows.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use proptest::collection::vec;
use proptest::prelude::*;
use sockeye_wire::{Decoder, Deflate, Encoder, Event, FrameLimits, Kind, Packing, RawFrame, Role};

use crate::feed::heard_alike;
use crate::notation;

/// Windows stay; nothing else is agreed.
const KEEPING: Deflate = Deflate {
    server_no_context_takeover: false,
    client_no_context_takeover: false,
    server_max_window_bits: None,
    client_max_window_bits: None,
};

/// Both sides forget.
const FORGETTING: Deflate = Deflate {
    server_no_context_takeover: true,
    client_no_context_takeover: true,
    ..KEEPING
};

const ALL_PACKED: Packing = Packing {
    level: 1,
    least_bytes: 1,
};

fn decoder(role: Role, limits: FrameLimits, agreed: Deflate) -> Decoder {
    Decoder::new(role, limits).with_deflate(agreed)
}

/// Checks rows of name, frames and what is heard, in both roles, cut in every way.
fn check(limits: FrameLimits, agreements: &[Deflate], rows: &[(&str, &str, &str)]) {
    for (name, frames, wanted) in rows {
        for agreed in agreements {
            for role in [Role::Server, Role::Client] {
                let bytes = notation::frames(frames, role);
                let heard = heard_alike(role, &|| decoder(role, limits, *agreed), &bytes);
                assert_eq!(heard, *wanted, "{name}, as {role:?}, {agreed}");
            }
        }
    }
}

#[test]
fn the_examples_of_the_rfc_section_7_2_3() {
    let rows = [
        ("7.2.3.1", "c1 07 f2 48 cd c9 c9 07 00", "text(Hello) idle"),
        (
            "7.2.3.1, in two frames",
            "41 03 f2 48 cd | 80 04 c9 c9 07 00",
            "text(Hello) idle",
        ),
        (
            "7.2.3.1, with a ping between them",
            "41 03 f2 48 cd | 89 01 'x' | 80 04 c9 c9 07 00",
            "ping(x) text(Hello) idle",
        ),
        (
            "7.2.3.3, a block without compression",
            "c1 0b 00 05 00 fa ff 48 65 6c 6c 6f 00",
            "text(Hello) idle",
        ),
        (
            "7.2.3.4, a last block",
            "c1 08 f3 48 cd c9 c9 07 00 00",
            "text(Hello) idle",
        ),
        (
            "the same without the byte behind it",
            "c1 07 f3 48 cd c9 c9 07 00",
            "text(Hello) idle",
        ),
        (
            "7.2.3.5, two blocks",
            "c1 0d f2 48 05 00 00 00 ff ff ca c9 c9 07 00",
            "text(Hello) idle",
        ),
        ("7.2.3.6, an empty message", "c1 01 00", "text() idle"),
        ("an empty message of no byte", "c2 00", "binary() idle"),
        (
            "the same in empty frames",
            "42 00 | 00 00 | 80 00",
            "binary() idle",
        ),
        (
            "not compressed, then compressed, then not",
            "81 02 'ab' | c1 07 f2 48 cd c9 c9 07 00 | 82 01 'c'",
            "text(ab) text(Hello) binary(c) idle",
        ),
    ];
    check(FrameLimits::default(), &[KEEPING, FORGETTING], &rows);
    let shared = [(
        "7.2.3.2, the window of the message before",
        "c1 07 f2 48 cd c9 c9 07 00 | 81 01 'x' | c1 05 f2 00 11 00 00",
        "text(Hello) text(x) text(Hello) idle",
    )];
    check(FrameLimits::default(), &[KEEPING], &shared);
    let forgotten = [(
        "7.2.3.2 where the window was to be forgotten",
        "c1 07 f2 48 cd c9 c9 07 00 | c1 05 f2 00 11 00 00",
        "text(Hello) 1007: compressed message of 5 bytes cannot be inflated",
    )];
    check(FrameLimits::default(), &[FORGETTING], &forgotten);
}

#[test]
fn a_hello_is_written_as_in_the_rfc() {
    let mut out = Vec::new();
    let mut encoder = Encoder::server().with_deflate(KEEPING, ALL_PACKED);
    encoder.text(&mut out, "Hello");
    assert_eq!(out, notation::bytes("c1 07 f2 48 cd c9 c9 07 00"));
    out.clear();
    encoder.text(&mut out, "Hello");
    assert_eq!(out[0], 0xc1);
    assert!(out.len() <= 9, "the second one is not longer: {out:x?}");
}

#[test]
fn the_bit_stands_on_the_first_frame_of_a_message_only() {
    let rows = [
        (
            "on a continuation",
            "41 03 f2 48 cd | c0 04 c9 c9 07 00",
            "1002: RSV1 is set on a Continuation frame; only the first frame of a message has it",
        ),
        (
            "on a continuation of a plain message",
            "01 01 'a' | c0 01 00",
            "1002: RSV1 is set on a Continuation frame; only the first frame of a message has it",
        ),
        (
            "on a ping",
            "c9 00",
            "1002: RSV1 is set on a Ping frame; only the first frame of a message has it",
        ),
        (
            "on a Close",
            "c8 00",
            "1002: RSV1 is set on a Close frame; only the first frame of a message has it",
        ),
        (
            "with RSV2",
            "e1 01 00",
            "1002: reserved bits 110 are set and no extension was agreed",
        ),
        (
            "RSV3 alone",
            "91 01 00",
            "1002: reserved bits 001 are set and no extension was agreed",
        ),
        (
            "on an opcode that does not exist",
            "c3 01 00",
            "1002: unknown opcode 0x3",
        ),
        (
            "a message that begins in another one",
            "41 03 f2 48 cd | c1 01 00",
            "1002: Text frame inside a fragmented message",
        ),
    ];
    check(FrameLimits::default(), &[KEEPING, FORGETTING], &rows);
}

#[test]
fn what_cannot_be_inflated_or_is_not_utf_8_ends_with_1007() {
    let broken =
        |length: usize| format!("1007: compressed message of {length} bytes cannot be inflated");
    let rows = [
        ("a block of type 3", "c1 02 07 00", broken(2)),
        (
            "a length that is not its complement",
            "c2 06 00 05 00 fa fe 48",
            broken(6),
        ),
        (
            "a distance beyond the beginning",
            "c1 05 f2 00 11 00 00",
            broken(5),
        ),
        (
            "text that is not UTF-8",
            "c1 07 00 01 00 fe ff ff 00",
            "1007: text is not UTF-8 at byte 0 of the message".to_owned(),
        ),
        (
            "text that ends inside of a character",
            "c1 08 00 02 00 fd ff 'a' c3 00",
            "1007: text is not UTF-8 at byte 1 of the message".to_owned(),
        ),
        (
            "bytes may be what they like",
            "c2 07 00 01 00 fe ff ff 00",
            "binary(\\xff) idle".to_owned(),
        ),
    ];
    for (name, frames, wanted) in rows {
        for role in [Role::Server, Role::Client] {
            let bytes = notation::frames(frames, role);
            let make = || decoder(role, FrameLimits::default(), FORGETTING);
            let heard = heard_alike(role, &make, &bytes);
            assert_eq!(heard, wanted, "{name}");
        }
    }
}

/// One of many bytes that do not compress.
fn noise(n: u32) -> u8 {
    let mut mixed = n.wrapping_add(1).wrapping_mul(0x9e37_79b9);
    mixed = (mixed ^ mixed >> 16).wrapping_mul(0x85eb_ca6b);
    (mixed ^ mixed >> 13).to_le_bytes()[2]
}

/// What a client sends: a message in one frame, compressed by somebody else.
fn frame(kind: Kind, packed: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    RawFrame {
        fin: true,
        rsv: 0b100,
        opcode: if kind == Kind::Text { 1 } else { 2 },
        mask: Some([0; 4]),
        declared_len: None,
        length_form: sockeye_wire::LengthForm::Minimal,
        payload: packed,
    }
    .write(&mut out);
    out
}

/// The message as zlib has it at its best, without its tail.
fn packed_by(compress: &mut Compress, message: &[u8]) -> Vec<u8> {
    let mut packed = Vec::with_capacity(message.len() + 1000);
    compress
        .compress_vec(message, &mut packed, FlushCompress::Sync)
        .expect("zlib compresses anything");
    assert!(packed.ends_with(&[0, 0, 0xff, 0xff]));
    packed.truncate(packed.len() - 4);
    packed
}

fn best(message: &[u8]) -> Vec<u8> {
    packed_by(&mut Compress::new(Compression::best(), false), message)
}

/// The first event of `bytes`, in words, and the most memory that the decoder held.
fn verdict(decoder: &mut Decoder, bytes: &[u8]) -> (String, usize) {
    let mut bytes = bytes.to_vec();
    let mut input = bytes.as_mut_slice();
    let verdict = match decoder.next(&mut input) {
        Ok(Some(Event::Text(text))) => format!("text of {}", text.len()),
        Ok(Some(Event::Binary(bytes))) => format!("binary of {}", bytes.len()),
        other => other.map_or_else(|bad| format!("{}: {bad}", bad.code), |_| "nothing".into()),
    };
    (verdict, decoder.held_bytes())
}

#[test]
fn a_message_that_ends_too_early_is_noticed_where_windows_are_forgotten() {
    let lines: Vec<String> = (0..200).map(|n| format!("line {n}")).collect();
    let message = lines.join("\n");
    let packed = best(message.as_bytes());
    for end in 1..packed.len() {
        let mut decoder = decoder(Role::Server, FrameLimits::default(), FORGETTING);
        let (verdict, _) = verdict(&mut decoder, &frame(Kind::Binary, &packed[..end]));
        let wanted = format!("1007: compressed message of {end} bytes cannot be inflated");
        assert_eq!(verdict, wanted);
    }
}

#[test]
fn a_message_meets_its_limit_while_it_is_inflated() {
    let limits = FrameLimits {
        message_bytes: 10_000,
        ..FrameLimits::default()
    };
    for (length, wanted) in [
        (10_000, "text of 10000"),
        (
            10_001,
            "1009: message of at least 10001 bytes exceeds the limit of 10000 bytes",
        ),
        (
            1_000_000,
            "1009: message of at least 10001 bytes exceeds the limit of 10000 bytes",
        ),
    ] {
        for agreed in [KEEPING, FORGETTING] {
            let bytes = frame(Kind::Text, &best(&vec![b'x'; length]));
            let mut decoder = decoder(Role::Server, limits, agreed);
            let (verdict, held) = verdict(&mut decoder, &bytes);
            assert_eq!(verdict, wanted);
            assert!(held <= 300_000, "{held}");
        }
    }
}

#[test]
fn a_message_that_does_not_compress_may_be_longer_on_the_wire_than_its_limit() {
    let noise: Vec<u8> = (0..10_000_u32).map(noise).collect();
    let limits = FrameLimits {
        message_bytes: 10_000,
        frame_bytes: 10_000,
        ..FrameLimits::default()
    };
    let mut packed = Vec::new();
    for part in noise.chunks(100) {
        let length = u16::try_from(part.len()).unwrap();
        packed.push(0);
        packed.extend_from_slice(&length.to_le_bytes());
        packed.extend_from_slice(&(!length).to_le_bytes());
        packed.extend_from_slice(part);
    }
    packed.push(0);
    assert!(packed.len() as u64 > limits.message_bytes);
    let mut one = decoder(Role::Server, limits, FORGETTING);
    let (heard, _) = verdict(&mut one, &frame(Kind::Binary, &packed));
    assert_eq!(heard, "binary of 10000");
    let mut other = decoder(Role::Server, limits, FORGETTING);
    let (heard, _) = verdict(&mut other, &frame(Kind::Binary, &vec![0; 12_000]));
    assert_eq!(
        heard,
        "1009: frame of 12000 bytes exceeds the limit of 10000 bytes"
    );
}

#[test]
fn a_bomb_ends_with_1009_at_200_times_its_length_and_16_mib() {
    let limits = FrameLimits {
        message_bytes: u64::MAX,
        frame_bytes: u64::MAX,
        fragments: 4096,
        loose_text: false,
    };
    let bomb = best(&vec![0; 64 << 20]);
    let most = bomb.len() * 200 + (16 << 20);
    let mut decoder = decoder(Role::Server, limits, FORGETTING);
    let (heard, held) = verdict(&mut decoder, &frame(Kind::Binary, &bomb));
    assert_eq!(
        heard,
        format!(
            "1009: compressed message of {} bytes inflates to more than {most} bytes",
            bomb.len()
        )
    );
    assert_eq!(held, 0);
}

#[test]
fn bombs_in_many_messages_use_up_what_a_connection_may_have() {
    for agreed in [KEEPING, FORGETTING] {
        let mut compress = Compress::new(Compression::best(), false);
        let mut decoder = decoder(Role::Server, FrameLimits::default(), agreed);
        let mut taken = 0;
        let last = loop {
            let packed = packed_by(&mut compress, &vec![0; 1 << 20]);
            if agreed == FORGETTING {
                compress.reset();
            }
            let (heard, held) = verdict(&mut decoder, &frame(Kind::Binary, &packed));
            if heard != "binary of 1048576" {
                break heard;
            }
            taken += 1;
            assert!(held <= (4 << 20) + 1, "{held}");
        };
        // Each has a fifth of its length for its own bytes, and the rest of the 16 MiB.
        assert!((18..=21).contains(&taken), "{taken}");
        assert!(last.starts_with("1009: compressed message of "), "{last}");
    }
}

#[test]
fn honest_messages_fill_up_what_dense_ones_have_used() {
    let mut decoder = decoder(Role::Server, FrameLimits::default(), FORGETTING);
    let dense = frame(Kind::Binary, &best(&vec![0; 2 << 20]));
    let noise: Vec<u8> = (0..100_000).map(noise).collect();
    let honest = frame(Kind::Binary, &best(&noise));
    for _ in 0..40 {
        let (heard, _) = verdict(&mut decoder, &dense);
        assert_eq!(heard, "binary of 2097152");
        let (heard, _) = verdict(&mut decoder, &honest);
        assert_eq!(heard, "binary of 100000");
    }
}

#[test]
fn what_arrives_of_a_message_is_kept_compressed() {
    let bytes = frame(Kind::Text, &best(&vec![b'x'; 1_000_000]));
    let mut decoder = decoder(Role::Server, FrameLimits::default(), FORGETTING);
    let mut arrived = bytes[..bytes.len() - 1].to_vec();
    let mut input = arrived.as_mut_slice();
    assert_eq!(decoder.next(&mut input), Ok(None));
    assert!(decoder.is_mid_message());
    assert!(decoder.held_bytes() <= 2 * bytes.len());
}

#[test]
fn short_messages_and_control_frames_are_sent_as_they_are() {
    let mut encoder = Encoder::server().with_deflate(KEEPING, Packing::default());
    let first = |encoder: &mut Encoder, bytes: usize| {
        let mut out = Vec::new();
        encoder.text(&mut out, &"x".repeat(bytes));
        out[0]
    };
    assert_eq!(first(&mut encoder, 63), 0x81);
    assert_eq!(first(&mut encoder, 64), 0xc1);
    let mut out = Vec::new();
    encoder.ping(&mut out, &[b'x'; 100]);
    encoder.close(&mut out, None, "");
    assert_eq!((out[0], out[out.len() - 2]), (0x89, 0x88));
    let mut all = Encoder::server().with_deflate(KEEPING, ALL_PACKED);
    assert_eq!(
        first(&mut all, 0),
        0x81,
        "an empty message has nothing to lose"
    );
}

#[test]
fn what_does_not_get_shorter_is_sent_as_it_is_unless_the_window_has_it() {
    let noise: Vec<u8> = (0..300_u32).map(noise).collect();
    let first = |agreed| {
        let mut out = Vec::new();
        let mut encoder = Encoder::server().with_deflate(agreed, Packing::default());
        encoder.binary(&mut out, &noise);
        out[0]
    };
    assert_eq!(first(FORGETTING), 0x82);
    assert_eq!(first(KEEPING), 0xc2);
}

fn count(bytes: u64) -> usize {
    usize::try_from(bytes).expect("a small number")
}

/// Inflates with a window of no more than `bits` bits, a hundred bytes at a time.
fn inflate_in_window(bits: u8, packed: &[u8]) -> Vec<u8> {
    let mut inflate = Decompress::new_with_window_bits(false, bits);
    let (mut all, mut rest) = (Vec::new(), [packed, &[0, 0, 0xff, 0xff]].concat());
    loop {
        let mut some = [0; 100];
        let (input, output) = (inflate.total_in(), inflate.total_out());
        let status = inflate
            .decompress(&rest, &mut some, FlushDecompress::Sync)
            .expect("the window is kept to");
        let taken = inflate.total_in() - input;
        let given = inflate.total_out() - output;
        rest = rest.into_iter().skip(count(taken)).collect();
        all.extend_from_slice(&some[..count(given)]);
        if given == 0 && taken == 0 || status == Status::StreamEnd {
            return all;
        }
    }
}

#[test]
fn every_size_of_window_is_kept_to() {
    let line = |n: u32| format!("{:08x}", n.wrapping_mul(2_654_435_761));
    let block: String = (0..1000).map(line).collect();
    // What is repeated lies 300, 1000, 8000 and more bytes back.
    let mut message = String::new();
    for length in [300, 300, 1000, 1000, 8000, 8000, 300, 8000] {
        message.push_str(&block[..length]);
    }
    for bits in 9..=15 {
        for level in [1, 2, 6, 9] {
            let agreed = Deflate {
                server_max_window_bits: Some(bits),
                ..FORGETTING
            };
            let packing = Packing {
                level,
                least_bytes: 1,
            };
            let mut out = Vec::new();
            let mut encoder = Encoder::server().with_deflate(agreed, packing);
            encoder.text(&mut out, &message);
            assert_eq!(out[0], 0xc1, "{bits} bits, level {level}");
            let inflated = inflate_in_window(bits, &out[4..]);
            assert!(inflated == message.as_bytes(), "{bits} bits, level {level}");
        }
    }
}

#[test]
fn a_window_of_8_bits_is_inflated_and_for_one_nothing_is_compressed() {
    let agreed = Deflate {
        server_max_window_bits: Some(8),
        client_max_window_bits: Some(8),
        ..KEEPING
    };
    let mut out = Vec::new();
    let text = "x".repeat(1000);
    for mut encoder in [
        Encoder::server().with_deflate(agreed, Packing::default()),
        Encoder::client_seeded(1).with_deflate(agreed, Packing::default()),
    ] {
        out.clear();
        encoder.text(&mut out, &text);
        assert_eq!(out[0], 0x81);
        assert!(!encoder.packs());
    }
    check(
        FrameLimits::default(),
        &[agreed],
        &[(
            "a small window",
            "c1 07 f2 48 cd c9 c9 07 00 | c1 05 f2 00 11 00 00",
            "text(Hello) text(Hello) idle",
        )],
    );
}

#[test]
fn encoders_of_one_recipe_write_the_same() {
    let text = "something to be said to many ".repeat(10);
    let one = Encoder::server().with_deflate(FORGETTING, Packing::default());
    let recipe = one.recipe().expect("messages are by themselves");
    let frames = [one, Encoder::of_recipe(recipe)].map(|mut encoder| {
        let mut out = Vec::new();
        encoder.text(&mut out, "another before it".repeat(9).as_str());
        out.clear();
        encoder.text(&mut out, &text);
        out
    });
    assert_eq!(frames[0][0], 0xc1);
    assert_eq!(frames[0], frames[1]);
    let keeping = Encoder::server().with_deflate(KEEPING, Packing::default());
    assert_eq!(keeping.recipe(), None);
    let masked = Encoder::client_seeded(1).with_deflate(FORGETTING, Packing::default());
    assert_eq!(masked.recipe(), None);
    assert_eq!(Encoder::server().recipe(), None);
}

fn agreements() -> impl Strategy<Value = Deflate> {
    let bits = || proptest::option::of(8..=15_u8);
    (any::<bool>(), any::<bool>(), bits(), bits()).prop_map(|(server, client, one, two)| Deflate {
        server_no_context_takeover: server,
        client_no_context_takeover: client,
        server_max_window_bits: one,
        client_max_window_bits: two,
    })
}

/// Texts that repeat themselves and each other, and bytes that do not.
fn message() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => vec("[a-d]{1,6}|id|value|€", 0..400).prop_map(|words| words.concat().into_bytes()),
        1 => vec(any::<u8>(), 0..3000),
        1 => (any::<u8>(), 0..70_000_usize).prop_map(|(byte, count)| vec![byte; count]),
    ]
}

/// Cuts the one frame in `bytes`, unmasked, into several.
fn in_fragments(bytes: &[u8], cuts: &[usize]) -> Vec<u8> {
    let head = match bytes[1] {
        126 => 4,
        127 => 10,
        _ => 2,
    };
    let (mut rest, mut opcode, mut out) = (&bytes[head..], bytes[0] & 0x0f, Vec::new());
    let mut rsv = (bytes[0] >> 4) & 7;
    for cut in cuts {
        let (part, behind) = rest.split_at((*cut).min(rest.len()));
        raw(false, rsv, opcode, part, &mut out);
        (rest, opcode, rsv) = (behind, 0, 0);
    }
    raw(true, rsv, opcode, rest, &mut out);
    out
}

fn raw(fin: bool, rsv: u8, opcode: u8, payload: &[u8], out: &mut Vec<u8>) {
    RawFrame {
        fin,
        rsv,
        opcode,
        mask: None,
        declared_len: None,
        length_form: sockeye_wire::LengthForm::Minimal,
        payload,
    }
    .write(out);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_one_side_compresses_the_other_has_again(
        agreed in agreements(),
        level in 0..=10_u8,
        least_bytes in 0..100_usize,
        messages in vec((message(), vec(0..300_usize, 0..4)), 1..8),
        piece in 1..5000_usize,
    ) {
        let packing = Packing { level, least_bytes };
        let mut encoder = Encoder::server().with_deflate(agreed, packing);
        let mut decoder = decoder(Role::Client, FrameLimits::default(), agreed);
        let mut bytes = Vec::new();
        for (message, cuts) in &messages {
            let kind = if std::str::from_utf8(message).is_ok() { Kind::Text } else { Kind::Binary };
            let mut frame = Vec::new();
            encoder.message(&mut frame, kind, message);
            bytes.extend(in_fragments(&frame, cuts));
        }
        let mut heard = Vec::new();
        for piece in bytes.chunks(piece) {
            let mut piece = piece.to_vec();
            let mut input = piece.as_mut_slice();
            while let Some(event) = decoder.next(&mut input).unwrap() {
                match event {
                    Event::Text(text) => heard.push(text.as_bytes().to_vec()),
                    Event::Binary(bytes) => heard.push(bytes.to_vec()),
                    other => panic!("{other:?}"),
                }
            }
        }
        let said: Vec<Vec<u8>> = messages.into_iter().map(|(message, _)| message).collect();
        prop_assert!(heard == said);
        prop_assert_eq!(decoder.held_bytes(), 0);
    }

    #[test]
    fn any_payload_gets_a_verdict(
        agreed in agreements(),
        payloads in vec(vec(any::<u8>(), 0..300), 1..5),
    ) {
        let mut decoder = decoder(Role::Server, FrameLimits::default(), agreed);
        for payload in payloads {
            let (verdict, held) = verdict(&mut decoder, &frame(Kind::Text, &payload));
            prop_assert!(held <= 5 << 20);
            if !verdict.starts_with("text") {
                prop_assert!(verdict.starts_with("1007: ") || verdict.starts_with("1009: "));
                break;
            }
        }
    }
}
