//! Records leave as they are.

use super::{Encoded, Format};
use crate::record::{Events, Kind};

/// The records' own bytes.
#[derive(Debug)]
pub(super) struct Msgpack;

impl Format for Msgpack {
    fn encode(&mut self, records: &[u8], out: &mut Vec<u8>) -> Encoded {
        let mut encoded = Encoded::default();
        let mut events = Events::new(records);
        let mut whole = 0;
        while let Some(event) = events.next() {
            match event {
                Ok(event) => encoded.written += u32::from(event.kind == Kind::Record),
                Err(fault) => {
                    encoded.refuse(&fault);
                    break;
                }
            }
            whole = events.at();
        }
        out.extend_from_slice(records.get(..whole).unwrap_or_default());
        encoded
    }

    fn is_binary(&self) -> bool {
        true
    }
}
