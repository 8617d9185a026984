//! The mask that a client lays over every payload byte (RFC 6455 section 5.3), eight bytes at a time.

/// The four bytes of a mask.
pub(crate) type Mask = [u8; 4];

/// What a frame without a mask is treated with: laying it over anything changes nothing.
pub(crate) const NO_MASK: Mask = [0; 4];

/// Lays `mask` over `bytes`; doing it twice gives the old bytes back.
///
/// The loop over whole words is the one that a compiler turns into vector instructions.
#[inline]
pub(crate) fn apply(bytes: &mut [u8], mask: Mask) {
    if mask == NO_MASK {
        return;
    }
    let [a, b, c, d] = mask;
    let wide = u64::from_ne_bytes([a, b, c, d, a, b, c, d]);
    let (words, rest) = bytes.as_chunks_mut::<{ size_of::<u64>() }>();
    for word in words {
        *word = (u64::from_ne_bytes(*word) ^ wide).to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(mask.into_iter().cycle()) {
        *byte ^= key;
    }
}

/// The mask as it continues after `bytes` bytes of the payload.
#[inline]
pub(crate) fn after(mask: Mask, bytes: usize) -> Mask {
    let mut continued = mask;
    continued.rotate_left(bytes % mask.len());
    continued
}

#[cfg(test)]
mod tests {
    use super::{Mask, NO_MASK, after, apply};

    const MASK: Mask = [0x37, 0xfa, 0x21, 0x3d];

    fn bytewise(bytes: &[u8], mask: Mask) -> Vec<u8> {
        bytes
            .iter()
            .enumerate()
            .map(|(at, byte)| byte ^ mask[at % 4])
            .collect()
    }

    #[test]
    fn every_length_and_alignment_equals_the_rule_of_the_rfc() {
        let plain: Vec<u8> = (0..80).map(|n| n * 3 + 1).collect();
        for start in 0..9 {
            for end in start..plain.len() {
                let mut bytes = plain.clone();
                apply(&mut bytes[start..end], MASK);
                assert_eq!(
                    bytes[start..end],
                    bytewise(&plain[start..end], MASK),
                    "{start}..{end}"
                );
                assert_eq!(
                    bytes[end..],
                    plain[end..],
                    "bytes behind {end} are untouched"
                );
            }
        }
    }

    #[test]
    fn a_payload_in_two_pieces_is_masked_like_one() {
        let plain: Vec<u8> = (0..40).collect();
        for cut in 0..plain.len() {
            let mut bytes = plain.clone();
            apply(&mut bytes[..cut], MASK);
            apply(&mut bytes[cut..], after(MASK, cut));
            assert_eq!(bytes, bytewise(&plain, MASK), "cut at {cut}");
        }
    }

    #[test]
    fn no_mask_changes_nothing() {
        let mut bytes = *b"as it was before";
        apply(&mut bytes, NO_MASK);
        assert_eq!(&bytes, b"as it was before");
    }
}
