//! Exit statuses, the same for every sub-command.

use std::process::ExitCode;

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// It worked, but something was not as asked: connections had to be dropped at the end.
    NotAsAsked = 1,
    /// The command line, the environment or a file is wrong.
    Usage = 2,
    /// An address could not be used, or standard output not be written.
    Io = 3,
    /// A fault of ours.
    Internal = 4,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// What `--help` says about them.
pub(crate) const HELP: &str = "Exit status:
  0  done
  1  connections had to be dropped at the end
  2  the command line, the environment or a file is wrong
  3  an address could not be used, or standard output not be written
  4  a fault of sockeye's own";
