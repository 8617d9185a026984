//! A compressed message becomes what it was, in steps, each of which is checked: its length and its text.

use flate2::{Decompress, FlushDecompress, Status};

use super::agree::Way;
use super::{Deflate, TAIL, spare};
use crate::limits::{FrameLimits, INFLATE_CREDIT, INFLATE_RATIO};
use crate::opcode::Kind;
use crate::role::Role;
use crate::utf8::{self, NotUtf8};
use crate::violation::ViolationKind;

/// Behind the tail of a message that is compressed by itself: an empty last block. The inflater takes it for
/// that only if the message had ended where it had to.
const END: [u8; 9] = [0x00, 0x00, 0xff, 0xff, 0x01, 0x00, 0x00, 0xff, 0xff];

/// The least room for an inflated message, in bytes.
const FIRST_ROOM: usize = 512;

/// Inflates the messages of one connection.
#[derive(Debug)]
pub(crate) struct Unpacker {
    way: Way,
    /// The inflater with the peer's window, if that stays from one message to the next: from the first on.
    own: Option<Decompress>,
    /// The message that was inflated last.
    message: Vec<u8>,
    /// Bytes that messages may have beyond their ratio.
    credit: u64,
}

impl Unpacker {
    pub(crate) fn new(agreed: Deflate, role: Role) -> Self {
        Self {
            way: agreed.received_by(role),
            own: None,
            message: Vec::new(),
            credit: INFLATE_CREDIT,
        }
    }

    /// The message that was inflated last, until it is freed.
    pub(crate) fn message(&self) -> &[u8] {
        &self.message
    }

    /// Frees the message.
    pub(crate) fn free(&mut self) {
        self.message = Vec::new();
    }

    /// Bytes of memory that the message takes.
    pub(crate) fn held_bytes(&self) -> usize {
        self.message.capacity()
    }

    /// Inflates a message, whose payload is `packed`. A text is checked as far as is needed to refuse it early:
    /// what is delivered must be looked at as a whole.
    pub(crate) fn unpack(
        &mut self,
        packed: &[u8],
        kind: Kind,
        limits: &FrameLimits,
    ) -> Result<(), ViolationKind> {
        if packed.is_empty() {
            return Ok(());
        }
        let earned = (packed.len() as u64).saturating_mul(INFLATE_RATIO);
        let allowed = earned.saturating_add(self.credit);
        let mut unpacking = Unpacking::new(packed.len(), allowed, kind, limits);
        if self.way.keeps {
            let bits = self.way.bits;
            let inflater = self.own.get_or_insert_with(|| spare::new_inflater(bits));
            unpacking.run(inflater, packed, &TAIL)?;
        } else {
            let mut inflater = spare::inflater();
            // One that met a flaw is not used again.
            let is_over = unpacking.run(&mut inflater, packed, &END)?;
            if !is_over {
                return Err(unpacking.broken);
            }
            spare::return_inflater(inflater);
        }
        let left = allowed.saturating_sub(unpacking.done.len() as u64);
        self.credit = left.min(INFLATE_CREDIT);
        self.message = unpacking.done;
        Ok(())
    }
}

/// A message that is being inflated.
struct Unpacking {
    done: Vec<u8>,
    kind: Kind,
    /// Bytes of the text that are known to be good.
    checked: usize,
    /// The most bytes it may come to have.
    budget: usize,
    /// What is said when it has more.
    too_long: ViolationKind,
    /// What is said when it cannot be inflated.
    broken: ViolationKind,
}

impl Unpacking {
    /// A message of `packed` bytes that may have `allowed` for its density.
    fn new(packed: usize, allowed: u64, kind: Kind, limits: &FrameLimits) -> Self {
        let limit = limits.message_bytes;
        let too_long = if allowed < limit {
            ViolationKind::DenseMessage {
                length: packed as u64,
                limit: allowed,
            }
        } else {
            ViolationKind::LongMessage {
                length: limit.saturating_add(1),
                limit,
            }
        };
        let budget = usize::try_from(allowed.min(limit)).unwrap_or(usize::MAX - 1);
        // The steps depend on nothing but the message and the limits, so that the verdict does not, either.
        let guess = packed.saturating_mul(4).max(FIRST_ROOM);
        Self {
            done: Vec::with_capacity(guess.min(budget + 1)),
            kind,
            checked: 0,
            budget,
            too_long,
            broken: ViolationKind::BadDeflate {
                length: packed as u64,
            },
        }
    }

    /// Inflates all of `packed` and what belongs behind it. Whether the stream is over then.
    fn run(
        &mut self,
        inflater: &mut Decompress,
        packed: &[u8],
        behind: &[u8],
    ) -> Result<bool, ViolationKind> {
        let is_over = self.part(inflater, packed)?;
        // A message may end with a last block, and then has no tail to be put back (section 7.2.3.4 has one
        // with an empty block behind it).
        if is_over {
            return Ok(true);
        }
        self.part(inflater, behind)
    }

    /// Inflates a part of the stream: whether it ends with a last block.
    fn part(&mut self, inflater: &mut Decompress, part: &[u8]) -> Result<bool, ViolationKind> {
        let mut rest = part;
        loop {
            let (input, output) = (inflater.total_in(), self.done.len());
            let status = inflater
                .decompress_vec(rest, &mut self.done, FlushDecompress::Sync)
                .map_err(|_| self.broken)?;
            let taken = usize::try_from(inflater.total_in() - input).unwrap_or(usize::MAX);
            rest = rest.get(taken..).unwrap_or_default();
            self.check_length()?;
            if status == Status::StreamEnd {
                inflater.reset(false);
                if rest.is_empty() {
                    return Ok(true);
                }
                continue;
            }
            let is_full = self.done.len() == self.done.capacity();
            if is_full {
                self.check_text()?;
                self.grow();
            } else if rest.is_empty() {
                return Ok(false);
            } else if taken == 0 && self.done.len() == output {
                return Err(self.broken);
            }
        }
    }

    fn check_length(&self) -> Result<(), ViolationKind> {
        if self.done.len() > self.budget {
            return Err(self.too_long);
        }
        Ok(())
    }

    /// Checks what has been added to a text.
    fn check_text(&mut self) -> Result<(), ViolationKind> {
        if self.kind == Kind::Text {
            let bad = |bad: NotUtf8| ViolationKind::TextNotUtf8 { offset: bad.offset };
            self.checked = utf8::checked(&self.done, self.checked).map_err(bad)?;
        }
        Ok(())
    }

    /// Makes room: twice what there is, and one byte more than allowed at most.
    fn grow(&mut self) {
        let bytes = &mut self.done;
        let wanted = bytes.len().saturating_mul(2).min(self.budget + 1);
        bytes.reserve_exact(wanted.max(bytes.len() + 1) - bytes.len());
    }
}
