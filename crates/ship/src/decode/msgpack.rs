//! Records as msgpack, back to back, in either layout, with marks of groups between them.

use super::{Decoded, Manner, Oddity, Record};
use crate::record::{Events, Kind, Layout};

pub(super) fn read(
    message: &[u8],
    manner: Manner,
    decoded: &mut Decoded,
    each: &mut dyn FnMut(Record<'_>),
) -> Result<(), String> {
    let mut events = Events::new(message);
    while let Some(event) = {
        let at = events.at();
        events
            .next()
            .map(|event| event.map_err(|fault| format!("{fault}, in the record at byte {at}")))
    } {
        let event = event?;
        if event.layout == Layout::Old {
            decoded.odd(Oddity::OldLayout, manner)?;
        }
        if event.kind == Kind::Record {
            each(Record {
                time: Some(event.time),
                metadata: event.metadata,
                body: event.body,
            });
        }
    }
    Ok(())
}
