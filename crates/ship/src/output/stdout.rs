//! Records are printed on standard output here.

use std::io::{self, Write as _};

use super::{COMMON_KEYS, Known, Plain, Writer};
use crate::chunk::Chunk;
use crate::filter::show;
use crate::format::{self, Format};
use crate::queue::Lane;
use crate::retry::Growth;

pub(super) const KNOWN: Known = Known {
    name: "stdout",
    about: "prints records on standard output",
    tables: &[format::KEYS, COMMON_KEYS],
    build: |properties, service| {
        let settings = super::format_settings(properties, service);
        // The reference's word for its own way of showing records is that of its records.
        let is_shown = settings.kind == format::Kind::Msgpack;
        let format = (!is_shown).then(|| settings.build());
        Ok(Box::new(Plain::new(Stdout { format }, Growth::Quick)))
    },
};

#[derive(Debug)]
struct Stdout {
    /// None: `[0] tag: [[time, metadata], body]`.
    format: Option<Box<dyn Format>>,
}

impl Writer for Stdout {
    fn write(&mut self, chunk: &Chunk, records: &[u8], lane: &Lane) -> Result<(), String> {
        let text = match &mut self.format {
            None => show::lines(&chunk.tag, records),
            Some(format) => {
                let mut text = Vec::with_capacity(records.len());
                super::encode(&mut **format, chunk, records, &mut text, lane);
                if !text.ends_with(b"\n") {
                    text.push(b'\n');
                }
                text
            }
        };
        let mut out = io::stdout().lock();
        let written = out.write_all(&text).and_then(|()| out.flush());
        written.map_err(|error| format!("cannot write to standard output: {error}"))
    }
}
