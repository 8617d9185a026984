//! Feeds bytes to a decoder, whole and in pieces, and writes down what it heard.

use sockeye_wire::{Decoder, Encoder, Event, FrameLimits, Role};

use crate::notation;

/// Inputs up to this length are cut at every point, longer ones near their ends and here and there.
const CUT_EVERYWHERE: usize = 700;

/// What was heard, in words: `text(Hello) ping() idle`. Last stands how it ended: `idle`, `mid`
/// (something is incomplete), `closed`, or the close code and reason of the violation.
pub(crate) fn heard(role: Role, limits: FrameLimits, pieces: &[&[u8]]) -> String {
    let mut decoder = Decoder::new(role, limits);
    let mut heard = Vec::new();
    let mut closed = false;
    for piece in pieces {
        let mut piece = piece.to_vec();
        let mut input = piece.as_mut_slice();
        loop {
            match decoder.next(&mut input) {
                Ok(Some(event)) => {
                    closed |= matches!(event, Event::Close(_));
                    heard.push(describe(event));
                }
                Ok(None) => {
                    break assert!(input.is_empty(), "`None` means that the input is used up");
                }
                Err(violation) => {
                    heard.push(format!("{}: {violation}", violation.code));
                    assert_deaf(role, &mut decoder);
                    return heard.join(" ");
                }
            }
        }
    }
    if closed {
        heard.push("closed".to_owned());
        assert_deaf(role, &mut decoder);
    } else if decoder.is_mid_message() {
        heard.push("mid".to_owned());
    } else {
        heard.push("idle".to_owned());
        assert_eq!(decoder.held_bytes(), 0, "an idle decoder holds no memory");
    }
    heard.join(" ")
}

/// A decoder that is closed takes what follows off the input, says nothing and holds nothing.
fn assert_deaf(role: Role, decoder: &mut Decoder) {
    let mut more = Vec::new();
    let mut encoder = match role {
        Role::Server => Encoder::client_seeded(1),
        Role::Client => Encoder::server(),
    };
    encoder.text(&mut more, "ignored");
    more.extend_from_slice(b"\xff\xff\xff");
    let mut input = more.as_mut_slice();
    assert_eq!(decoder.next(&mut input), Ok(None));
    assert!(input.is_empty());
    assert!(!decoder.is_mid_message());
    assert_eq!(decoder.held_bytes(), 0);
}

/// Feeds `bytes` whole, byte by byte and cut in two; all must be heard alike.
pub(crate) fn heard_in_every_way(role: Role, limits: FrameLimits, bytes: &[u8]) -> String {
    let whole = heard(role, limits, &[bytes]);
    let singles: Vec<&[u8]> = bytes.chunks(1).collect();
    assert_eq!(
        heard(role, limits, &singles),
        whole,
        "{role:?}, byte by byte: {bytes:x?}"
    );
    let near_the_ends = |cut: usize| cut < 40 || bytes.len() - cut < 40 || cut.is_multiple_of(9973);
    for cut in 0..=bytes.len() {
        if bytes.len() <= CUT_EVERYWHERE || near_the_ends(cut) {
            let (front, back) = bytes.split_at(cut);
            assert_eq!(
                heard(role, limits, &[front, back]),
                whole,
                "{role:?}, cut at {cut}"
            );
        }
    }
    whole
}

/// Checks rows of name, frames and what is heard, in both roles.
pub(crate) fn check(limits: FrameLimits, rows: &[(&str, &str, &str)]) {
    for (name, frames, wanted) in rows {
        for role in [Role::Server, Role::Client] {
            let bytes = notation::frames(frames, role);
            assert_eq!(
                heard_in_every_way(role, limits, &bytes),
                *wanted,
                "{name}, as {role:?}"
            );
        }
    }
}

/// Checks rows of name, role, bytes as they arrive, and what is heard.
pub(crate) fn check_raw(rows: &[(&str, Role, &str, &str)]) {
    for (name, role, bytes, wanted) in rows {
        let bytes = notation::bytes(bytes);
        let heard = heard_in_every_way(*role, FrameLimits::default(), &bytes);
        assert_eq!(heard, *wanted, "{name}");
    }
}

fn describe(event: Event<'_>) -> String {
    let short = |bytes: &[u8]| {
        if bytes.len() > 40 {
            format!("{} bytes", bytes.len())
        } else {
            bytes.escape_ascii().to_string()
        }
    };
    match event {
        Event::Text(text) if text.len() > 40 => format!("text({} bytes)", text.len()),
        Event::Text(text) => format!("text({text})"),
        Event::Binary(bytes) => format!("binary({})", short(bytes)),
        Event::LooseText(bytes) => format!("loose({})", short(bytes)),
        Event::Ping(payload) => format!("ping({})", short(payload)),
        Event::Pong(payload) => format!("pong({})", short(payload)),
        Event::Close(None) => "close()".to_owned(),
        Event::Close(Some(frame)) => {
            format!("close({} {})", frame.code, short(frame.reason.as_bytes()))
        }
    }
}
