//! What goes wrong with a recording, as one sentence with the file, the reason and the remedy.

use std::io;
use std::path::PathBuf;

use sockeye_core::quoted;
use thiserror::Error;

use crate::limits;

/// Why there is no recording, or no more of it. Each is one sentence for the user.
#[derive(Debug, Error)]
pub enum RecordError {
    /// There is a file and it was not to be replaced.
    #[error("there is a file {} already; choose another name or remove it", quoted(&file.display().to_string()))]
    Taken {
        /// The file.
        file: PathBuf,
    },
    /// There is a `.part` file: a recording that is still going on, or one that was cut off.
    #[error(
        "there is an unfinished recording {}; finish it with `sockeye ws repair` or remove it",
        quoted(&part.display().to_string())
    )]
    Unfinished {
        /// The `.part` file.
        part: PathBuf,
    },
    /// A part of the path is a link or no folder.
    #[error(
        "{} is a link or not a folder; recordings are only written into folders below {}",
        quoted(&path.display().to_string()), quoted(&base.display().to_string())
    )]
    NoFolder {
        /// What it is about.
        path: PathBuf,
        /// The folder that recordings stay below.
        base: PathBuf,
    },
    /// Every number of a name is taken.
    #[error(
        "{} and {} more names with a number are taken; put a name such as `time` into the path",
        quoted(&file.display().to_string()), limits::NUMBERS - 1
    )]
    NoNumber {
        /// The file without a number.
        file: PathBuf,
    },
    /// What the system said when a file or folder was made, written or finished.
    #[error("cannot {doing} {}: {problem}{}", quoted(&file.display().to_string()), remedy(problem))]
    Io {
        /// `write`, `finish`, `make`.
        doing: &'static str,
        /// The file.
        file: PathBuf,
        /// What it said.
        problem: io::Error,
    },
    /// Messages came faster than they could be written.
    #[error(
        "the recording {} stops: more than {} messages or {} MiB wait for the disk",
        quoted(&file.display().to_string()), limits::WAITING_ENTRIES, limits::WAITING_BYTES >> 20
    )]
    Overrun {
        /// The recording.
        file: PathBuf,
    },
    /// The recording is as long as one may be.
    #[error(
        "the recording {} stops: it has {} MiB, which is the most",
        quoted(&file.display().to_string()), limits::TAPE_BYTES >> 20
    )]
    TooLong {
        /// The recording.
        file: PathBuf,
    },
    /// The `.part` file is not what was written into it.
    #[error(
        "cannot finish {}: line {line} of its `.part` file was changed: {what}; try `sockeye ws repair`",
        quoted(&file.display().to_string())
    )]
    Damaged {
        /// The recording.
        file: PathBuf,
        /// The line.
        line: u64,
        /// What is wrong with it.
        what: String,
    },
}

fn remedy(problem: &io::Error) -> &'static str {
    match problem.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; make room and start the recording again"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; choose a folder that you may write to"
        }
        _ => "",
    }
}
