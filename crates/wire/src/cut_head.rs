//! A head that arrives in more than one read, byte by byte.

use crate::head::{Head, Sender};
use crate::limits::HEAD_BYTES;
use crate::violation::ViolationKind;

/// The beginning of a head whose rest has not arrived.
#[derive(Debug, Default)]
pub(crate) struct CutHead {
    bytes: [u8; HEAD_BYTES],
    filled: u8,
}

impl CutHead {
    pub(crate) fn is_empty(&self) -> bool {
        self.filled == 0
    }

    /// Adds the next byte and reads what is there; empty again once the head is complete.
    pub(crate) fn push(&mut self, byte: u8, sender: Sender) -> Result<Option<Head>, ViolationKind> {
        if let Some(slot) = self.bytes.get_mut(usize::from(self.filled)) {
            *slot = byte;
            self.filled += 1;
        }
        let so_far = self
            .bytes
            .get(..usize::from(self.filled))
            .unwrap_or_default();
        let Some((head, _)) = Head::parse(so_far, sender)? else {
            return Ok(None);
        };
        self.filled = 0;
        Ok(Some(head))
    }
}
