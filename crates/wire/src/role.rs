//! Which end of the connection this is: the one thing in which the two halves of RFC 6455 differ.

/// The end of the connection that we are.
///
/// A client masks what it sends, a server does not (RFC 6455 section 5.1), so each role refuses
/// the frames that could only have come from its own kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// We opened the connection: frames that arrive must not be masked.
    Client,
    /// We accepted the connection: frames that arrive must be masked.
    Server,
}

impl Role {
    /// Whether the frames that arrive at this end carry a mask.
    pub(crate) const fn expects_mask(self) -> bool {
        matches!(self, Self::Server)
    }
}
