//! What must hold for every input: no panic, bounded memory, the same verdict however the bytes were cut, and what
//! one side says is what the other one hears.

use flate2::{Decompress, FlushDecompress};
use http::{HeaderMap, HeaderValue, Method, Version};
use sockeye_wire::handshake::{ClientRequest, check_request};
use sockeye_wire::{
    ClientBits, Decoder, Deflate, DeflateOffer, DeflateTerms, Encoder, Event, FrameLimits, Kind,
    LengthForm, Packing, RawFrame, Role,
};

/// Small enough to be met.
const LIMITS: FrameLimits = FrameLimits {
    frame_bytes: 2000,
    message_bytes: 3000,
    fragments: 8,
    loose_text: false,
};

/// What was heard, as bytes that can be compared.
fn heard(mut decoder: Decoder, bytes: &[u8], piece: usize) -> Vec<u8> {
    let mut heard = Vec::new();
    let mut arrived = 0;
    let mut bytes = bytes.to_vec();
    for mut input in bytes.chunks_mut(piece.max(1)) {
        arrived += input.len();
        loop {
            match decoder.next(&mut input) {
                Ok(None) => break,
                Ok(Some(event)) => note(&mut heard, event),
                Err(violation) => {
                    heard.extend(format!("! {violation}").bytes());
                    assert!(
                        !decoder.is_mid_message(),
                        "a closed decoder waits for nothing"
                    );
                    return heard;
                }
            }
        }
        assert!(input.is_empty(), "the input is used up");
        assert!(
            decoder.held_bytes() <= 2 * arrived,
            "memory follows the bytes"
        );
    }
    heard.push(u8::from(decoder.is_mid_message()));
    heard
}

fn note(heard: &mut Vec<u8>, event: Event<'_>) {
    let (mark, payload) = match event {
        Event::Text(text) => (b't', text.as_bytes()),
        Event::Binary(bytes) => (b'b', bytes),
        Event::LooseText(bytes) => (b'l', bytes),
        Event::Ping(payload) => (b'i', payload),
        Event::Pong(payload) => (b'o', payload),
        Event::Close(None) => (b'c', &[][..]),
        Event::Close(Some(frame)) => (b'C', frame.reason.as_bytes()),
    };
    heard.push(mark);
    heard.extend_from_slice(&payload.len().to_le_bytes());
    heard.extend_from_slice(payload);
}

fn agreement(bits: u8) -> Option<Deflate> {
    let size = |is_said: u8, bits: u8| (is_said != 0).then_some(8 + bits % 8);
    (bits & 1 != 0).then_some(Deflate {
        server_no_context_takeover: bits & 2 != 0,
        client_no_context_takeover: bits & 4 != 0,
        server_max_window_bits: size(bits & 8, bits >> 4),
        client_max_window_bits: size(bits & 16, bits >> 5),
    })
}

fn decoder(role: Role, agreed: Option<Deflate>) -> Decoder {
    let decoder = Decoder::new(role, LIMITS);
    match agreed {
        Some(agreed) => decoder.with_deflate(agreed),
        None => decoder,
    }
}

/// The first byte is the role, what was agreed and how the rest is cut; the rest is what arrives.
pub(crate) fn frames(input: &[u8]) {
    let Some((&first, bytes)) = input.split_first() else {
        return;
    };
    let role = if first & 0x80 == 0 {
        Role::Server
    } else {
        Role::Client
    };
    let agreed = agreement(first & 0x1f);
    let whole = heard(decoder(role, agreed), bytes, bytes.len());
    let pieces = heard(
        decoder(role, agreed),
        bytes,
        usize::from(first >> 5 & 3) * 5 + 1,
    );
    assert!(whole == pieces, "the verdict depends on the cuts");
}

/// The frames that `input` describes: a byte of head, a byte of length, a payload, and again.
fn described(role: Role, mut input: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let [first, length, rest @ ..] = input {
        let (payload, behind) = rest.split_at(usize::from(*length).min(rest.len()));
        RawFrame {
            fin: first & 0x80 != 0,
            rsv: first >> 4 & 7,
            opcode: first & 15,
            mask: (role == Role::Server).then_some([*first, *length, 3, 4]),
            declared_len: None,
            length_form: LengthForm::Minimal,
            payload,
        }
        .write(&mut out);
        input = behind;
    }
    out
}

/// The first byte as for [`frames`]; the rest describes frames, which are written as they must be.
pub(crate) fn messages(input: &[u8]) {
    let Some((&first, rest)) = input.split_first() else {
        return;
    };
    let role = if first & 0x80 == 0 {
        Role::Server
    } else {
        Role::Client
    };
    let mut framed = vec![first];
    framed.extend(described(role, rest));
    frames(&framed);
}

/// What zlib makes of a message, if it makes something of it.
fn inflated(packed: &[u8]) -> Option<Vec<u8>> {
    let mut inflate = Decompress::new(false);
    let mut message = Vec::with_capacity(10_000);
    let tailed = [packed, &[0, 0, 0xff, 0xff, 1, 0, 0, 0xff, 0xff]].concat();
    let status = inflate.decompress_vec(&tailed, &mut message, FlushDecompress::Sync);
    let is_over = matches!(status, Ok(flate2::Status::StreamEnd));
    let all = inflate.total_in() == tailed.len() as u64;
    (is_over && all).then_some(message)
}

/// The first byte is what was agreed, the rest the payload of a compressed message, sent twice and cut in two.
pub(crate) fn deflate(input: &[u8]) {
    let Some((&first, packed)) = input.split_first() else {
        return;
    };
    let agreed = agreement(first | 1).unwrap_or_default();
    let mut bytes = Vec::new();
    let (begin, end) = packed.split_at(packed.len() / 2);
    for (fin, rsv, opcode, payload) in [
        (true, 4, 2, packed),
        (false, 4, 2, begin),
        (true, 0, 0, end),
    ] {
        RawFrame {
            fin,
            rsv,
            opcode,
            mask: Some([first, 2, 3, 4]),
            declared_len: None,
            length_form: LengthForm::Minimal,
            payload,
        }
        .write(&mut bytes);
    }
    let whole = heard(decoder(Role::Server, Some(agreed)), &bytes, bytes.len());
    let pieces = heard(decoder(Role::Server, Some(agreed)), &bytes, 7);
    assert!(whole == pieces, "the verdict depends on the cuts");
    if let Some(message) = inflated(packed)
        && !packed.is_empty()
        && agreed.client_no_context_takeover
        && packed.len() <= 2000
        && message.len() <= 3000
    {
        let mut wanted = Vec::new();
        note(&mut wanted, Event::Binary(&message));
        note(&mut wanted, Event::Binary(&message));
        wanted.push(0);
        assert!(whole == wanted, "zlib has another message");
    }
}

/// The first byte is what was agreed, the rest describes messages: those that one side writes are those that the
/// other one hears.
pub(crate) fn round_trips(input: &[u8]) {
    let Some((&first, mut rest)) = input.split_first() else {
        return;
    };
    let agreed = agreement(first | 1).unwrap_or_default();
    let packing = Packing {
        level: first >> 4,
        least_bytes: usize::from(first & 0x20),
    };
    let mut encoder = Encoder::client_seeded(first.into()).with_deflate(agreed, packing);
    let (mut bytes, mut wanted) = (Vec::new(), Vec::new());
    while let [kind, length, behind @ ..] = rest {
        let (payload, behind) = behind.split_at(usize::from(*length).min(behind.len()));
        rest = behind;
        let payload = payload.repeat(1 + usize::from(kind & 3));
        match std::str::from_utf8(&payload) {
            Ok(text) if kind & 8 != 0 => {
                encoder.text(&mut bytes, text);
                note(&mut wanted, Event::Text(text));
            }
            _ => {
                encoder.message(&mut bytes, Kind::Binary, &payload);
                note(&mut wanted, Event::Binary(&payload));
            }
        }
    }
    wanted.push(0);
    let found = heard(
        decoder(Role::Server, Some(agreed)),
        &bytes,
        bytes.len() / 3 + 1,
    );
    assert!(found == wanted, "another message arrived");
}

/// The whole input is the value of a header: whoever reads it agrees to something that its writer takes.
pub(crate) fn extensions(input: &[u8]) {
    let Ok(value) = HeaderValue::from_bytes(input) else {
        return;
    };
    let mut headers = HeaderMap::new();
    for (name, text) in [
        ("upgrade", "websocket"),
        ("connection", "Upgrade"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ] {
        headers.insert(name, HeaderValue::from_static(text));
    }
    headers.insert("sec-websocket-extensions", value);
    let Ok(request) = check_request(&Method::GET, Version::HTTP_11, &headers) else {
        return;
    };
    for context_takeover in [true, false] {
        for window_bits in [9, 15] {
            let terms = DeflateTerms {
                context_takeover,
                window_bits,
            };
            let Some(agreed) = terms.answer(&request.deflate) else {
                assert!(request.deflate.is_empty());
                continue;
            };
            let found = judged(&request.deflate, agreed.to_string().as_bytes());
            // A client is bound to what it offered, even where the server did not ask for that.
            let found = found.expect("the answer fits").expect("it agrees");
            assert_eq!(
                found.server_no_context_takeover,
                agreed.server_no_context_takeover
            );
            assert_eq!(found.server_max_window_bits, agreed.server_max_window_bits);
            assert_eq!(
                found.client_no_context_takeover,
                agreed.client_no_context_takeover
            );
        }
    }
}

/// What a client makes of an answer with this header.
fn judged(offers: &[DeflateOffer], extensions: &[u8]) -> Result<Option<Deflate>, String> {
    let request = ClientRequest::new("a", "/", &HeaderMap::new(), &[], *b"the sample nonce");
    let request = request.map_err(|error| error.to_string())?.offering(offers);
    let mut head = b"HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Extensions: "
        .to_vec();
    head.extend_from_slice(extensions);
    head.extend_from_slice(b"\r\n\r\n");
    let response = request
        .check_response(&head)
        .map_err(|error| error.to_string())?;
    Ok(response.and_then(|response| response.deflate))
}

/// The whole input is what a server answers; and the value of its extensions.
pub(crate) fn responses(input: &[u8]) {
    let request = ClientRequest::new("a", "/", &HeaderMap::new(), &[], *b"the sample nonce");
    let offers = [
        DeflateOffer::usual(),
        DeflateOffer {
            server_max_window_bits: Some(10),
            client_max_window_bits: ClientBits::Most(12),
            ..DeflateOffer::frugal()
        },
    ];
    let request = request.expect("a request").offering(&offers);
    if let Ok(Some(response)) = request.check_response(input) {
        assert!(response.header_bytes <= input.len());
    }
    for end in [input.len() / 3, input.len() / 2] {
        // A head that is cut is refused early or not complete, but never taken.
        if let Ok(Some(response)) = request.check_response(&input[..end]) {
            assert!(response.header_bytes <= end);
        }
    }
    if let Ok(Some(agreed)) = judged(&offers, input) {
        assert!(
            agreed
                .client_max_window_bits
                .is_none_or(|bits| (8..=15).contains(&bits))
        );
    }
}
