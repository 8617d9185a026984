//! How large frames and messages may be, and what RFC 6455 itself bounds: every number of this crate.

/// The longest payload of a control frame, in bytes (RFC 6455 section 5.5).
pub const CONTROL_PAYLOAD_BYTES: usize = 125;

/// The longest reason of a Close frame, in bytes: a control frame's payload less the two of the code.
pub const CLOSE_REASON_BYTES: usize = CONTROL_PAYLOAD_BYTES - size_of::<u16>();

/// The longest head of a frame, in bytes: two fixed, eight of length, four of mask.
pub(crate) const HEAD_BYTES: usize = 14;

/// The largest handshake response a client reads, in bytes, its empty last line included.
pub(crate) const RESPONSE_HEAD_BYTES: usize = 16 * KIB;

/// The most header lines a client reads in a handshake response.
pub(crate) const RESPONSE_HEADERS: usize = 100;

const KIB: usize = 1024;

/// What a [`Decoder`](crate::Decoder) accepts from its peer.
///
/// A bound is checked as soon as the head of a frame is known, before any of its payload is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameLimits {
    /// Longest payload of one data frame, in bytes. Default 1 MiB. Beyond: close code 1009.
    pub frame_bytes: u64,
    /// Longest message, in bytes, all its fragments together. Default 4 MiB. Beyond: close code 1009.
    pub message_bytes: u64,
    /// Most frames that one message may consist of, empty ones counted, beside one more for every
    /// 64 bytes it has; a message always may consist of one. Default 4096. Beyond: close code 1008.
    ///
    /// Bytes alone are not enough: empty continuation frames add none and cost time for ever. A long
    /// message in frames of an honest size meets its limit of bytes first.
    pub fragments: u32,
    /// Whether a text message that is not UTF-8 is delivered all the same, as [`Event::LooseText`](crate::Event::LooseText).
    /// Default false: close code 1007. There are clients that send bytes as text and do not mean to break a rule.
    pub loose_text: bool,
}

/// Bytes of a message that earn it one more frame.
const BYTES_PER_FRAME: u64 = 64;

impl FrameLimits {
    /// How many frames a message of `bytes` may have.
    #[inline]
    pub(crate) fn frames_for(&self, bytes: u64) -> u32 {
        let earned = u32::try_from(bytes / BYTES_PER_FRAME).unwrap_or(u32::MAX);
        self.fragments.max(1).saturating_add(earned)
    }
}

impl Default for FrameLimits {
    fn default() -> Self {
        Self {
            frame_bytes: 1 << 20,
            message_bytes: 4 << 20,
            fragments: 4096,
            loose_text: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CLOSE_REASON_BYTES, FrameLimits};

    #[test]
    fn the_defaults_are_those_of_the_manual() {
        let limits = FrameLimits::default();
        assert_eq!(limits.frame_bytes, 1_048_576);
        assert_eq!(limits.message_bytes, 4_194_304);
        assert_eq!(limits.fragments, 4_096);
        assert_eq!(CLOSE_REASON_BYTES, 123);
    }
}
