//! Compressors, inflaters and buffers of the thread, lent for the time that one message takes.

use std::cell::RefCell;

use flate2::{Compress, Compression, Decompress};

use super::pack::Recipe;
use super::{LIBRARY_BITS, MOST_BITS};

/// Inflaters that a thread keeps, 40 KiB each.
const INFLATERS: usize = 2;

/// Compressors that a thread keeps, one for each size of window and level, about 300 KiB each.
const COMPRESSORS: usize = 4;

/// Buffers that a thread keeps.
const BUFFERS: usize = 2;

/// The largest buffer that is kept, in bytes.
const BUFFER_BYTES: usize = 256 * 1024;

#[derive(Default)]
struct Spare {
    inflaters: Vec<Decompress>,
    compressors: Vec<(Recipe, Compress)>,
    buffers: Vec<Vec<u8>>,
}

thread_local! {
    static SPARE: RefCell<Spare> = RefCell::default();
}

/// Looks into what the thread keeps; nothing is kept by a thread that ends.
fn with<T>(look: impl FnOnce(&mut Spare) -> Option<T>) -> Option<T> {
    SPARE
        .try_with(|spare| look(&mut spare.borrow_mut()))
        .ok()
        .flatten()
}

/// An inflater with nothing in its window, which has the largest size.
pub(super) fn inflater() -> Decompress {
    with(|spare| spare.inflaters.pop()).unwrap_or_else(|| new_inflater(MOST_BITS))
}

/// Keeps an inflater that has inflated a message without a flaw.
pub(super) fn return_inflater(mut inflater: Decompress) {
    inflater.reset(false);
    with(|spare| {
        if spare.inflaters.len() < INFLATERS {
            spare.inflaters.push(inflater);
        }
        None::<()>
    });
}

/// A compressor with nothing in its window.
pub(super) fn compressor(recipe: Recipe) -> Compress {
    let kept = with(|spare| {
        let at = spare.compressors.iter().position(|(key, _)| *key == recipe);
        at.map(|at| spare.compressors.swap_remove(at).1)
    });
    kept.unwrap_or_else(|| new_compressor(recipe))
}

/// Keeps a compressor. If there are too many, the one goes that was put there first.
pub(super) fn return_compressor(recipe: Recipe, mut compressor: Compress) {
    compressor.reset();
    with(|spare| {
        if spare.compressors.len() >= COMPRESSORS {
            spare.compressors.remove(0);
        }
        spare.compressors.push((recipe, compressor));
        None::<()>
    });
}

/// An empty buffer.
pub(super) fn buffer() -> Vec<u8> {
    with(|spare| spare.buffers.pop()).unwrap_or_default()
}

/// Keeps a buffer, unless it is larger than is worth keeping.
pub(super) fn return_buffer(mut buffer: Vec<u8>) {
    if buffer.capacity() == 0 || buffer.capacity() > BUFFER_BYTES {
        return;
    }
    buffer.clear();
    with(|spare| {
        if spare.buffers.len() < BUFFERS {
            spare.buffers.push(buffer);
        }
        None::<()>
    });
}

/// An inflater for windows of at most `bits` bits.
pub(super) fn new_inflater(bits: u8) -> Decompress {
    Decompress::new_with_window_bits(false, bits.clamp(LIBRARY_BITS, MOST_BITS))
}

/// A compressor.
pub(super) fn new_compressor(recipe: Recipe) -> Compress {
    let bits = recipe.bits.clamp(LIBRARY_BITS, MOST_BITS);
    Compress::new_with_window_bits(Compression::new(recipe.level.into()), false, bits)
}
