//! A message is compressed here, if that is worth it.

use flate2::{Compress, FlushCompress};

use super::agree::Way;
use super::{Deflate, LIBRARY_BITS, TAIL, spare};
use crate::role::Role;

/// The strongest compression.
const MOST_LEVEL: u8 = 9;

/// How a side compresses what it sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packing {
    /// 1 (fast, the default) to 9 (small); others count as the nearest of these.
    pub level: u8,
    /// The shortest message that is compressed, in bytes. Default 64: shorter ones hardly become any shorter
    /// and cost as much as those of some hundred bytes.
    pub least_bytes: usize,
}

impl Default for Packing {
    fn default() -> Self {
        Self {
            level: 1,
            least_bytes: 64,
        }
    }
}

/// All that decides how a message looks that is compressed by itself. Where two encoders have the same recipe
/// their frames are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recipe {
    pub(super) bits: u8,
    pub(super) level: u8,
    pub(super) least_bytes: usize,
}

impl Recipe {
    /// The payload of a message's compressed form; `None` if it is sent as it is.
    pub fn pack(self, message: &[u8]) -> Option<Vec<u8>> {
        let mut packer = Packer::of(self);
        let mut packed = None;
        if packer.wants(message.len()) {
            packer.pack(message, |bytes| packed = Some(bytes.to_vec()));
        }
        packed
    }
}

/// Compresses messages of one connection.
#[derive(Debug)]
pub(crate) struct Packer {
    recipe: Recipe,
    /// The window stays from one message to the next.
    keeps: bool,
    /// The compressor with that window, from the first message on.
    own: Option<Compress>,
}

impl Packer {
    /// `None` if the peer's window is smaller than the library's smallest: then nothing is compressed, which
    /// is always allowed (RFC 7692 section 6.1).
    pub(crate) fn new(agreed: Deflate, role: Role, packing: Packing) -> Option<Self> {
        let Way { keeps, bits } = agreed.sent_by(role);
        let recipe = Recipe {
            bits,
            level: packing.level.clamp(1, MOST_LEVEL),
            least_bytes: packing.least_bytes,
        };
        (bits >= LIBRARY_BITS).then_some(Self {
            recipe,
            keeps,
            own: None,
        })
    }

    /// One that compresses every message by itself.
    pub(crate) fn of(recipe: Recipe) -> Self {
        Self {
            recipe,
            keeps: false,
            own: None,
        }
    }

    /// The recipe, if no message depends on those before it.
    pub(crate) fn recipe(&self) -> Option<Recipe> {
        (!self.keeps).then_some(self.recipe)
    }

    /// Whether a message of this length is compressed.
    pub(crate) fn wants(&self, bytes: usize) -> bool {
        bytes >= self.recipe.least_bytes.max(1)
    }

    /// Shows `send` the message in its compressed form; false if it is to be sent as it is.
    pub(crate) fn pack(&mut self, message: &[u8], send: impl FnOnce(&[u8])) -> bool {
        let mut packed = spare::buffer();
        let is_packed = if self.keeps {
            self.pack_on(message, &mut packed)
        } else {
            self.pack_alone(message, &mut packed)
        };
        if is_packed {
            send(&packed);
        }
        spare::return_buffer(packed);
        is_packed
    }

    /// A message by itself; it is as well to send it as it is.
    fn pack_alone(&self, message: &[u8], packed: &mut Vec<u8>) -> bool {
        let mut compressor = spare::compressor(self.recipe);
        let is_good = deflate(&mut compressor, message, packed);
        spare::return_compressor(self.recipe, compressor);
        is_good && packed.len() < message.len()
    }

    /// A message behind others: what went into the window must also reach the peer's.
    fn pack_on(&mut self, message: &[u8], packed: &mut Vec<u8>) -> bool {
        let recipe = self.recipe;
        let compressor = self
            .own
            .get_or_insert_with(|| spare::new_compressor(recipe));
        let is_good = deflate(compressor, message, packed);
        if !is_good {
            // The peer has not seen what this window has. It may forget what it likes.
            self.own = None;
        }
        is_good
    }
}

/// Compresses up to a whole byte and takes the tail off that every message has (RFC 7692 section 7.2.1).
fn deflate(compressor: &mut Compress, message: &[u8], packed: &mut Vec<u8>) -> bool {
    let mut rest = message;
    loop {
        // Enough for what most messages become, and always for the tail.
        packed.reserve(rest.len() / 2 + 64);
        let before = compressor.total_in();
        if compressor
            .compress_vec(rest, packed, FlushCompress::Sync)
            .is_err()
        {
            return false;
        }
        let taken = usize::try_from(compressor.total_in() - before).unwrap_or(usize::MAX);
        rest = rest.get(taken..).unwrap_or_default();
        // A full buffer may have left something inside.
        if rest.is_empty() && packed.len() < packed.capacity() {
            break;
        }
    }
    let Some(body) = packed.strip_suffix(&TAIL) else {
        return false;
    };
    packed.truncate(body.len());
    true
}
