//! The buffers of an I/O thread: every link reads into the same one and renders into the same one.

use std::cell::RefCell;

use crate::limits::{OUTPUT_KEEP, READ_BUFFER};

/// Shared by all links of a thread; a link uses them within one turn and keeps nothing in them.
pub(crate) struct Buffers {
    /// What a read brought.
    pub(crate) input: Box<[u8]>,
    /// Frames to be written, of one link at a time.
    pub(crate) output: Vec<u8>,
    /// Where a payload is rendered before its length is known.
    pub(crate) scratch: Vec<u8>,
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = RefCell::new(Buffers {
        input: read_buffer(),
        output: Vec::new(),
        scratch: Vec::new(),
    });
}

impl Buffers {
    /// Makes up for an input buffer that a panic took away.
    pub(crate) fn restore(&mut self) {
        if self.input.is_empty() {
            self.input = read_buffer();
        }
    }
}

fn read_buffer() -> Box<[u8]> {
    vec![0; READ_BUFFER].into_boxed_slice()
}

/// Lends the thread's buffers; `output` is empty at the start.
///
/// Must not be nested: a turn of a link never starts another link's turn.
pub(crate) fn with<T>(turn: impl FnOnce(&mut Buffers) -> T) -> T {
    BUFFERS.with_borrow_mut(|buffers| {
        buffers.output.clear();
        let result = turn(buffers);
        shrink(&mut buffers.output);
        shrink(&mut buffers.scratch);
        result
    })
}

thread_local! {
    static SPARE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// An empty buffer for what has to wait, the one that was given back last if it is still there: a large one
/// that is made anew each time costs more than what is written into it.
pub(crate) fn spare() -> Vec<u8> {
    SPARE.take()
}

/// Keeps a buffer that is no longer needed, unless it is larger than is worth keeping.
pub(crate) fn give_back(mut buffer: Vec<u8>) {
    buffer.clear();
    if buffer.capacity() <= OUTPUT_KEEP {
        SPARE.set(buffer);
    }
}

fn shrink(buffer: &mut Vec<u8>) {
    if buffer.capacity() > OUTPUT_KEEP {
        *buffer = Vec::new();
    }
}
