//! Messages in fewer bytes: `permessage-deflate` (RFC 7692), from the handshake's offer to the inflated message.
//!
//! Both sides agree in the handshake ([`DeflateOffer`], [`DeflateTerms`], [`Deflate`]). From then on each
//! message is compressed or not, as its sender likes, and RSV1 on its first frame says which.
//!
//! A side that keeps its window between messages (context takeover) owns a compressor or an inflater from its
//! first message on, 40 to 300 KiB; one that does not borrows one of its thread for as long as a message takes.

mod agree;
mod extension;
mod offer;
mod pack;
mod spare;
mod unpack;

pub(crate) use agree::check_answer;
pub use agree::{AnswerFlaw, Deflate, DeflateTerms};
pub(crate) use extension::{Malformed, is_empty};
pub(crate) use offer::read_offers;
pub use offer::{ClientBits, DeflateOffer};
pub(crate) use pack::Packer;
pub use pack::{Packing, Recipe};
pub(crate) use unpack::Unpacker;

/// The name of the extension (RFC 7692 section 7).
const NAME: &str = "permessage-deflate";

/// What a sender takes off the end of a compressed message and a receiver puts back: the empty block that
/// brings it to a whole byte (RFC 7692 section 7.2.1).
const TAIL: [u8; 4] = [0x00, 0x00, 0xff, 0xff];

/// The largest window, in bits, and the one where nothing is agreed.
const MOST_BITS: u8 = 15;

/// The smallest window that can be agreed, in bits.
const LEAST_BITS: u8 = 8;

/// The smallest window that the library has, in bits. It is enough to inflate what was compressed with a
/// smaller one; compressing for a peer with a smaller one is left alone.
const LIBRARY_BITS: u8 = 9;
