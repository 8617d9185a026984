//! Records end here.

use super::{COMMON_KEYS, Known, Plain, Writer};
use crate::chunk::Chunk;
use crate::queue::Lane;
use crate::retry::Growth;

pub(super) const KNOWN: Known = Known {
    name: "null",
    about: "throws records away",
    tables: &[COMMON_KEYS],
    build: |_, _| Ok(Box::new(Plain::new(Null, Growth::Quick))),
};

#[derive(Debug)]
struct Null;

impl Writer for Null {
    fn write(&mut self, _chunk: &Chunk, _records: &[u8], _lane: &Lane) -> Result<(), String> {
        Ok(())
    }
}
