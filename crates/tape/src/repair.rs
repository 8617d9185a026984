//! What a recording left that was cut off passes through here and becomes a session file, up to where it
//! is damaged, without being held in memory.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;

use crate::session_write::SessionWriter;
use crate::tape::part_error;
use crate::{Damage, Folder, PartReader, ReadError, Storage as _, storage};

/// What was made of a `.part` file.
#[derive(Debug)]
pub struct Repaired {
    /// The session file.
    pub file: PathBuf,
    /// Messages in it.
    pub messages: u64,
    /// Where the `.part` file could be read no further.
    pub damage: Option<Damage>,
    /// Whether the `.part` file is gone, because there is nothing in it that the session file lacks.
    pub removed: bool,
}

/// Why nothing was made.
#[derive(Debug, Error)]
pub enum RepairError {
    /// The file cannot be read, or is no `.part` file.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is being written.
    #[error("`{}` is being recorded at this moment; end the recording instead", .0.display())]
    InUse(PathBuf),
    /// There is a file where the session file would be.
    #[error("there is a file `{}` already; name another one with `--output`", .0.display())]
    Taken(PathBuf),
    /// The session file cannot be written.
    #[error("cannot write `{}`: {problem}", file.display())]
    Write {
        /// The session file.
        file: PathBuf,
        /// What the system said.
        problem: io::Error,
    },
}

/// Makes a session file of the `.part` file at `part`: at `output`, which is replaced, or beside it under
/// the name without `.part`, which must be free.
pub fn repair(part: &Path, output: Option<&Path>) -> Result<Repaired, RepairError> {
    let unreadable = |problem| ReadError::Io {
        file: part.to_owned(),
        problem,
    };
    let file = File::open(part).map_err(unreadable)?;
    if storage::is_locked(&file) {
        return Err(RepairError::InUse(part.to_owned()));
    }
    let mut reader = PartReader::begin(file).map_err(|problem| part_error(part, problem))?;
    let mut ran = Duration::ZERO;
    while let Some(entry) = reader.next_entry().map_err(unreadable)? {
        ran = ran.max(entry.at);
    }
    let count = reader.read();
    let damage = reader.damage().cloned();
    let is_whole = damage.is_none() || reader.is_at_end().map_err(unreadable)?;

    let target = output.map_or_else(|| beside(part), Path::to_owned);
    if output.is_none() && target.symlink_metadata().is_ok() {
        return Err(RepairError::Taken(target));
    }
    write(part, &target, ran, count)?;
    // A torn last line has nothing more to give.
    let removed = is_whole && output.is_none() && fs::remove_file(part).is_ok();
    Ok(Repaired {
        file: target,
        messages: count,
        damage,
        removed,
    })
}

/// `session.json` for `session.json.part`, `x.json` for `x`.
fn beside(part: &Path) -> PathBuf {
    match part.extension() {
        Some(extension) if extension == "part" => part.with_extension(""),
        _ => part.with_added_extension("json"),
    }
}

fn write(part: &Path, target: &Path, ran: Duration, count: u64) -> Result<(), RepairError> {
    let failed = |problem| RepairError::Write {
        file: target.to_owned(),
        problem,
    };
    let unreadable = |problem| ReadError::Io {
        file: part.to_owned(),
        problem,
    };
    let name = target.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| failed(io::ErrorKind::InvalidFilename.into()))?;
    let folder = Folder::open(target.parent().unwrap_or(Path::new(""))).map_err(failed)?;
    let draft = format!("{name}.repaired");
    let _ = folder.remove(&draft);
    let file = File::open(part).map_err(unreadable)?;
    let mut reader = PartReader::begin(file).map_err(|problem| part_error(part, problem))?;
    let to = BufWriter::with_capacity(1 << 16, folder.create(&draft).map_err(failed)?);
    let head = reader.head().clone();
    let mut writer = SessionWriter::begin(to, &head, ran, count).map_err(failed)?;
    while let Some(entry) = reader.next_entry().map_err(unreadable)? {
        writer.message(&entry).map_err(failed)?;
    }
    let mut sheet = writer
        .end()
        .and_then(|to| Ok(to.into_inner()?))
        .map_err(failed)?;
    let kept = sheet.flush().and_then(|()| sheet.sync());
    kept.and_then(|()| folder.rename(&draft, name, true))
        .map_err(|problem| {
            let _ = folder.remove(&draft);
            failed(problem)
        })
}
