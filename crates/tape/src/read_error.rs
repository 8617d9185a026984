//! What is wrong with a file of messages, as one sentence with the file, the place, the message and the
//! remedy.

use std::io;
use std::path::PathBuf;

use sockeye_core::quoted;
use thiserror::Error;

use crate::limits;

/// Why a file is none that can be replayed, converted or repaired.
#[derive(Debug, Error)]
pub enum ReadError {
    /// What the system said.
    #[error("cannot read {}: {problem}", shown(file))]
    Io {
        /// The file.
        file: PathBuf,
        /// What it said.
        problem: io::Error,
    },
    /// The text is not what its format wants.
    #[error("{}:{line}:{column}: {}{what}", file.display(), of(message.as_ref()))]
    Text {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The column in bytes, counted from 1.
        column: usize,
        /// Which message, as a path in the file: `messages[2]`.
        message: Option<String>,
        /// What is wrong, with the remedy.
        what: String,
    },
    /// It is something else altogether.
    #[error(
        "{} is no recording; it must be a session file, a HAR, JSON lines, or a `.part` file of an unfinished \
         recording",
        shown(file)
    )]
    Unknown {
        /// The file.
        file: PathBuf,
    },
    /// More than a reader takes.
    #[error(
        "{} is too large: it has more than {what}; cut it into several",
        shown(file)
    )]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// `N messages`, `N MiB`.
        what: String,
    },
}

impl ReadError {
    /// A mistake at a place.
    pub(crate) fn at(
        file: &std::path::Path,
        problem: &serde_json::Error,
        message: Option<String>,
    ) -> Self {
        let text = problem.to_string();
        let suffix = format!(" at line {} column {}", problem.line(), problem.column());
        let mut what = text.strip_suffix(&suffix).unwrap_or(&text).to_owned();
        if problem.is_eof() {
            "the file ends too early; if it was cut off, get it whole again".clone_into(&mut what);
        } else if message.is_some() && what.starts_with("missing field") {
            what.push_str("; a message has `timestamp_ms`, `direction`, `type` and `data`");
        }
        if let Some(kind) = problem.io_error_kind() {
            let problem = io::Error::from(kind);
            return Self::Io {
                file: file.to_owned(),
                problem,
            };
        }
        Self::Text {
            file: file.to_owned(),
            line: problem.line().max(1),
            column: problem.column().max(1),
            message,
            what,
        }
    }

    pub(crate) fn too_many(file: &std::path::Path) -> Self {
        let what = format!("{} messages", limits::ENTRIES);
        Self::TooLarge {
            file: file.to_owned(),
            what,
        }
    }
}

fn shown(file: &std::path::Path) -> String {
    quoted(&file.display().to_string())
}

fn of(message: Option<&String>) -> String {
    message.map_or_else(String::new, |message| format!("`{message}`: "))
}
