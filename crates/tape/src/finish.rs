//! A recording that has ended passes through here: its `.part` file becomes a session file, one entry
//! in memory at a time, under its own name only when it is whole.

use std::io::{self, BufWriter, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use crate::limits::NUMBERS;
use crate::session_write::SessionWriter;
use crate::spot::Claim;
use crate::{Head, IfTaken, PartError, PartReader, RecordError, Sheet};

/// A recording that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) claim: Claim,
    /// The `.part` file, which is ours as long as it is open.
    pub(crate) _sheet: Box<dyn Sheet>,
    pub(crate) head: Head,
    pub(crate) count: u64,
    pub(crate) ran: Duration,
}

/// Makes the session file and removes the `.part` file; gives the path of what was made.
pub(crate) fn finish(ended: &Ended) -> Result<PathBuf, RecordError> {
    let claim = &ended.claim;
    let io = |problem| claim.cannot("finish", problem);
    let draft = format!("{}.new", claim.part());
    // What a finish before left behind that was killed.
    match claim.storage.remove(&draft) {
        Err(problem) if problem.kind() != io::ErrorKind::NotFound => return Err(io(problem)),
        _ => {}
    }
    let done = convert(ended, &draft).and_then(|()| place(claim, &draft));
    if done.is_err() {
        // The `.part` file has everything; half a session file would only take room.
        let _ = claim.storage.remove(&draft);
    }
    let path = done?;
    claim.storage.remove(&claim.part()).map_err(io)?;
    claim.storage.sync().map_err(io)?;
    Ok(path)
}

fn convert(ended: &Ended, draft: &str) -> Result<(), RecordError> {
    let claim = &ended.claim;
    let io = |problem| claim.cannot("finish", problem);
    let from = claim.storage.open(&claim.part()).map_err(io)?;
    let to = BufWriter::with_capacity(1 << 16, claim.storage.create(draft).map_err(io)?);
    let damaged = |line, what| RecordError::Damaged {
        file: claim.shown.clone(),
        line,
        what,
    };
    let mut reader = PartReader::begin(from).map_err(|problem| match problem {
        PartError::Io(problem) => io(problem),
        PartError::Head(damage) => damaged(damage.line, damage.what),
    })?;
    let mut writer = SessionWriter::begin(to, &ended.head, ended.ran, ended.count).map_err(io)?;
    while let Some(entry) = reader.next_entry().map_err(io)? {
        writer.message(&entry).map_err(io)?;
    }
    if let Some(damage) = reader.damage() {
        return Err(damaged(damage.line, damage.what.clone()));
    }
    if reader.read() != ended.count {
        let what = format!("{} of {} entries are there", reader.read(), ended.count);
        return Err(damaged(reader.read() + 2, what));
    }
    let mut sheet = writer
        .end()
        .and_then(|to| Ok(to.into_inner()?))
        .map_err(io)?;
    sheet.flush().and_then(|()| sheet.sync()).map_err(io)
}

/// Gives the draft its name. Where another program took it meanwhile, the next one that is free.
fn place(claim: &Claim, draft: &str) -> Result<PathBuf, RecordError> {
    let replace = claim.if_taken == IfTaken::Replace;
    let tries = if claim.if_taken == IfTaken::Number {
        NUMBERS
    } else {
        1
    };
    let mut target = claim.clone();
    for number in 1..=tries {
        match claim.storage.rename(draft, &target.name, replace) {
            Ok(()) => return Ok(target.shown),
            Err(problem) if problem.kind() == io::ErrorKind::AlreadyExists => {
                target = claim.number(number + 1);
            }
            Err(problem) => return Err(claim.cannot("finish", problem)),
        }
    }
    Err(RecordError::Taken {
        file: claim.shown.clone(),
    })
}
