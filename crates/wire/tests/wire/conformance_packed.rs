//! The cases of the Autobahn testsuite about compression, for both roles: five kinds of data and seven agreements,
//! eighteen sizes and fragmentations each. The other side is zlib at another level than ours.

use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress};
use http::{HeaderMap, HeaderValue, Method, Version};
use sockeye_wire::handshake::check_request;
use sockeye_wire::{
    Decoder, Deflate, DeflateTerms, Encoder, FrameLimits, LengthForm, Packing, RawFrame, Role,
};

use crate::conformance::Echo;

/// Lengths of messages, and of their frames; 0: one frame.
const SIZES: [(usize, usize); 18] = [
    (16, 0),
    (64, 0),
    (256, 0),
    (1024, 0),
    (4096, 0),
    (8192, 0),
    (16_384, 0),
    (32_768, 0),
    (65_536, 0),
    (131_072, 0),
    (8192, 256),
    (16_384, 256),
    (32_768, 256),
    (65_536, 256),
    (131_072, 256),
    (131_072, 1024),
    (131_072, 4096),
    (131_072, 32_768),
];

/// Messages of one case.
const MESSAGES: usize = 3;

/// A thing to send: a kind of data, from a place of its own for each message.
#[derive(Clone, Copy, Debug)]
enum Data {
    Json,
    Prose,
    Letters,
    Zeros,
    Noise,
}

const KINDS: [Data; 5] = [
    Data::Json,
    Data::Prose,
    Data::Letters,
    Data::Zeros,
    Data::Noise,
];

impl Data {
    fn is_text(self) -> bool {
        !matches!(self, Self::Zeros | Self::Noise)
    }

    fn message(self, number: usize, length: usize) -> Vec<u8> {
        let mixed = |at: usize| (at + number * 7919).wrapping_mul(0x9e37_79b9) >> 11;
        let mut bytes = Vec::with_capacity(length + 100);
        let mut at = 0;
        while bytes.len() < length {
            at += 1;
            match self {
                Self::Json => bytes.extend(
                    format!(
                        "{{\"id\":{at},\"name\":\"n{}\",\"good\":true}},",
                        mixed(at) % 1000
                    )
                    .bytes(),
                ),
                Self::Prose => {
                    let words = [
                        "the ", "wire ", "says ", "what ", "it ", "hears, ", "twice. ",
                    ];
                    bytes.extend(words[mixed(at) % words.len()].bytes());
                }
                Self::Letters => bytes.push(b'*'),
                Self::Zeros => bytes.push(0),
                Self::Noise => bytes.push(mixed(at).to_le_bytes()[0]),
            }
        }
        bytes.truncate(length);
        bytes
    }
}

/// What our server agrees to if a client offers this.
fn agreed(offers: &str) -> Deflate {
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("upgrade", "websocket"),
        ("connection", "Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("sec-websocket-extensions", offers),
    ] {
        headers.append(name, HeaderValue::from_str(value).expect("ASCII"));
    }
    let request = check_request(&Method::GET, Version::HTTP_11, &headers).expect("a handshake");
    let terms = DeflateTerms {
        context_takeover: true,
        ..DeflateTerms::default()
    };
    terms.answer(&request.deflate).expect("an agreement")
}

/// The other side of a connection: what it sends and how it reads what comes back.
struct Foreign {
    role: Role,
    compress: Compress,
    inflate: Decompress,
    forgets: [bool; 2],
}

impl Foreign {
    fn new(role: Role, agreed: Deflate) -> Self {
        let server = (
            agreed.server_no_context_takeover,
            agreed.server_max_window_bits,
        );
        let client = (
            agreed.client_no_context_takeover,
            agreed.client_max_window_bits,
        );
        let (own, other) = match role {
            Role::Server => (server, client),
            Role::Client => (client, server),
        };
        let bits = |bits: Option<u8>| bits.unwrap_or(15);
        let level = Compression::new(6);
        Self {
            role,
            compress: Compress::new_with_window_bits(level, false, bits(own.1)),
            inflate: Decompress::new_with_window_bits(false, bits(other.1)),
            forgets: [own.0, other.0],
        }
    }

    /// The frames of a message.
    fn frames(&mut self, text: bool, message: &[u8], fragment: usize) -> Vec<u8> {
        let mut packed = Vec::with_capacity(message.len() + 1024);
        self.compress
            .compress_vec(message, &mut packed, FlushCompress::Sync)
            .expect("zlib compresses anything");
        packed.truncate(packed.len() - 4);
        if self.forgets[0] {
            self.compress.reset();
        }
        let size = if fragment == 0 {
            packed.len()
        } else {
            fragment
        };
        let count = packed.chunks(size).count();
        let mut out = Vec::new();
        for (number, part) in packed.chunks(size).enumerate() {
            RawFrame {
                fin: number + 1 == count,
                rsv: if number == 0 { 0b100 } else { 0 },
                opcode: match (number, text) {
                    (0, true) => 1,
                    (0, false) => 2,
                    _ => 0,
                },
                mask: (self.role == Role::Client).then_some([9, 8, 7, 6]),
                declared_len: None,
                length_form: LengthForm::Minimal,
                payload: part,
            }
            .write(&mut out);
        }
        out
    }

    /// Reads the one frame in `bytes`: whether it is text, and the message.
    fn read(&mut self, bytes: &[u8]) -> (bool, Vec<u8>) {
        let masked = bytes[1] & 0x80 != 0;
        let (length, head) = match bytes[1] & 0x7f {
            126 => (usize::from(u16::from_be_bytes([bytes[2], bytes[3]])), 4),
            127 => {
                let length = bytes[2..10]
                    .iter()
                    .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
                (length, 10)
            }
            short => (usize::from(short), 2),
        };
        let mask = bytes[head..].first_chunk().copied().filter(|_| masked);
        let start = head + mask.map_or(0, |mask: [u8; 4]| mask.len());
        let mask = mask.unwrap_or_default();
        assert_eq!(bytes.len(), start + length, "one frame");
        let payload = bytes[start..].iter().zip(mask.iter().cycle());
        let payload: Vec<u8> = payload.map(|(byte, mask)| byte ^ mask).collect();
        assert_eq!(
            bytes[0] & 0xb0,
            0x80,
            "the end of a message, without RSV2 and RSV3"
        );
        let text = bytes[0] & 15 == 1;
        if bytes[0] & 0x40 == 0 {
            return (text, payload);
        }
        let mut message = Vec::with_capacity(200_000);
        for part in [payload.as_slice(), &[0, 0, 0xff, 0xff]] {
            self.inflate
                .decompress_vec(part, &mut message, FlushDecompress::Sync)
                .expect("what we compress can be inflated");
        }
        if self.forgets[1] {
            self.inflate.reset(false);
        }
        (text, message)
    }
}

fn check(case: &str, agreed: Deflate, data: Data, (length, fragment): (usize, usize)) {
    for role in [Role::Server, Role::Client] {
        let decoder = Decoder::new(role, FrameLimits::default()).with_deflate(agreed);
        let (encoder, other) = match role {
            Role::Server => (Encoder::server(), Role::Client),
            Role::Client => (Encoder::client_seeded(1), Role::Server),
        };
        let encoder = encoder.with_deflate(agreed, Packing::default());
        let mut echo = Echo::new(decoder, encoder);
        let mut foreign = Foreign::new(other, agreed);
        for number in 0..MESSAGES {
            let message = data.message(number, length);
            let frames = foreign.frames(data.is_text(), &message, fragment);
            for piece in frames.chunks(4000) {
                echo.hear(piece);
            }
            let sent = std::mem::take(&mut echo.sent);
            assert!(!sent.is_empty(), "{case}, {role:?}: nothing came back");
            let (text, found) = foreign.read(&sent);
            assert!(
                found == message,
                "{case}, {role:?}, {number}: another message"
            );
            assert_eq!(text, data.is_text(), "{case}, {role:?}");
        }
    }
}

#[test]
fn group_12_every_kind_of_data_in_every_size() {
    let offer = agreed("permessage-deflate; client_max_window_bits");
    let mut cases = 0;
    for (group, data) in (1..).zip(KINDS) {
        for (number, size) in (1..).zip(SIZES) {
            check(&format!("12.{group}.{number}"), offer, data, size);
            cases += 1;
        }
    }
    assert_eq!(cases, 90);
}

#[test]
fn group_13_every_agreement_in_every_size() {
    let offers = [
        "permessage-deflate",
        "permessage-deflate; server_no_context_takeover",
        "permessage-deflate; client_max_window_bits; server_max_window_bits=9",
        "permessage-deflate; client_max_window_bits; server_max_window_bits=15",
        "permessage-deflate; server_no_context_takeover; client_max_window_bits=9; \
         server_max_window_bits=9",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover; \
         server_max_window_bits=15",
        "permessage-deflate; server_no_context_takeover; server_max_window_bits=9, \
         permessage-deflate; server_no_context_takeover, permessage-deflate",
    ];
    let mut cases = 0;
    for (group, offer) in (1..).zip(offers) {
        let agreed = agreed(offer);
        for (number, size) in (1..).zip(SIZES) {
            check(&format!("13.{group}.{number}"), agreed, Data::Json, size);
            cases += 1;
        }
    }
    assert_eq!(cases, 126);
}
