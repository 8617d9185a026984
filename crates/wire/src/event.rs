//! What a decoder delivers: whole messages and control frames, unmasked and checked.

use crate::close::CloseFrame;

/// One thing that the peer said. The slices lie in the input, or in the decoder if the thing
/// arrived in pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'a> {
    /// A whole text message.
    Text(&'a str),
    /// A whole binary message.
    Binary(&'a [u8]),
    /// A whole text message that is not UTF-8; only where
    /// [`FrameLimits::loose_text`](crate::FrameLimits::loose_text) is set.
    LooseText(&'a [u8]),
    /// A Ping, 0 to 125 bytes; answer with a Pong of the same payload (RFC 6455 section 5.5.2).
    Ping(&'a [u8]),
    /// A Pong, 0 to 125 bytes.
    Pong(&'a [u8]),
    /// A Close frame; `None` if its payload was empty. Nothing is delivered after it.
    Close(Option<CloseFrame<'a>>),
}
