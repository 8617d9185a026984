//! The key that a client makes up and the proof that the server has read it (RFC 6455 sections 1.3 and 4.2.2).

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, PAD, STANDARD};
use rand::RngExt as _;
use rand::rngs::StdRng;
use sha1::{Digest as _, Sha1};

/// The bytes that every server puts behind the key (RFC 6455 section 1.3).
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// Length of the key before it is written in base64, in bytes.
pub(crate) const KEY_BYTES: usize = 16;

/// Length of the key in base64.
const KEY_CHARS: usize = KEY_BYTES.div_ceil(3) * 4;

/// Reads base64 whose unused last bits are set; clients that make a key from 22 random letters
/// send those.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    PAD.with_decode_allow_trailing_bits(true),
);

/// The value of `Sec-WebSocket-Accept` that answers `key`, the value of `Sec-WebSocket-Key`
/// as it stands in the request (RFC 6455 section 4.2.2).
///
/// ```
/// let accept = sockeye_wire::handshake::accept_key(b"dGhlIHNhbXBsZSBub25jZQ==");
/// assert_eq!(accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
/// ```
pub fn accept_key(key: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(key);
    hash.update(GUID);
    STANDARD.encode(hash.finalize())
}

/// Sixteen random bytes for a [`ClientRequest`](super::ClientRequest), from a cryptographic
/// generator that the operating system seeded.
pub fn fresh_key() -> [u8; KEY_BYTES] {
    rand::make_rng::<StdRng>().random()
}

/// The value of `Sec-WebSocket-Key` for these bytes.
pub fn encode_key(key: [u8; KEY_BYTES]) -> String {
    STANDARD.encode(key)
}

/// Whether `key` is sixteen bytes in base64.
pub(crate) fn is_key(key: &[u8]) -> bool {
    key.len() == KEY_CHARS
        && LENIENT
            .decode(key)
            .is_ok_and(|bytes| bytes.len() == KEY_BYTES)
}

#[cfg(test)]
mod tests {
    use super::{accept_key, encode_key, fresh_key, is_key};

    #[test]
    fn the_sample_of_the_rfc() {
        assert_eq!(
            accept_key(b"dGhlIHNhbXBsZSBub25jZQ=="),
            "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
        );
        assert_eq!(encode_key(*b"the sample nonce"), "dGhlIHNhbXBsZSBub25jZQ==");
    }

    #[test]
    fn a_key_is_sixteen_bytes_in_base64() {
        let table: [(&[u8], bool); 11] = [
            (b"dGhlIHNhbXBsZSBub25jZQ==", true),
            (b"AAAAAAAAAAAAAAAAAAAAAA==", true),
            (b"abcdefghijklmnopqrstuv==", true),
            (b"", false),
            (b"dGhlIHNhbXBsZSBub25jZQ", false),
            (b"dGhlIHNhbXBsZSBub25jZQ=", false),
            (b"dGhlIHNhbXBsZSBub25jZWE=", false),
            (b"dGhlIHNhbXBsZSBub24=", false),
            (b"dGhlIHNhbXBsZSBub25jZWFh", false),
            (b"dGhlIHNhbXBsZSBub25j_Q==", false),
            (b"dGhlIHNhbXBsZSBub25j\xFFQ==", false),
        ];
        for (key, good) in table {
            assert_eq!(is_key(key), good, "{}", String::from_utf8_lossy(key));
        }
    }

    #[test]
    fn fresh_keys_differ_and_are_keys() {
        let keys = [fresh_key(), fresh_key()];
        assert_ne!(keys[0], keys[1]);
        assert!(
            keys.map(encode_key)
                .iter()
                .all(|key| is_key(key.as_bytes()))
        );
    }
}
