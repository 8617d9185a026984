//! The bench's own process passes through here once more: onto its core, with room for its connections.
//!
//! A process cannot move itself to a core or raise its limits without `unsafe`, so it starts again
//! through `taskset(1)` and the shell's `ulimit`, which is all this does.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use crate::proc::{ProcError, allowed_cores};
use crate::server::Cores;

/// Says in the second start where the client and the servers are: `0,1`, or `shared`.
const MARK: &str = "SOCKEYE_BENCH_CORES";
const SHARED: &str = "shared";
/// Raises the soft limit of open files to the hard one, then becomes the bench again.
const RAISE_AND_CONTINUE: &str = r#"ulimit -n "$(ulimit -Hn)" 2>/dev/null; exec "$0" "$@""#;

/// Which core the servers run on and which one the client has for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Placement {
    /// One core for the client, one for the server under load.
    Apart {
        /// The client's core.
        client: usize,
        /// The servers' core.
        server: usize,
    },
    /// No `taskset`, or only one core: the figures hold the scheduler's noise too.
    Shared,
}

impl Placement {
    /// The placement of this process, when it has been started by [`Placement::restart`].
    pub(crate) fn of_this_process() -> Option<Self> {
        parse(&std::env::var(MARK).ok()?)
    }

    /// Chooses a placement and becomes this program again in it. Returns only on failure.
    pub(crate) fn restart() -> Result<Self, ProcError> {
        let placement = Self::choose(&allowed_cores()?);
        let Err(error) = placement.become_again();
        eprintln!("sockeye-bench: not pinned, limits as they are: {error}");
        Ok(Self::Shared)
    }

    /// A command for `program` on the servers' core, or on both. `taskset` adds about a millisecond to its start.
    pub(crate) fn server_command(self, cores: Cores, program: &OsStr) -> Command {
        match (self, cores) {
            (Self::Apart { server, .. }, Cores::Own) => pinned(&server.to_string(), program),
            (Self::Apart { client, server }, Cores::Both) => {
                pinned(&format!("{client},{server}"), program)
            }
            (Self::Shared, _) => Command::new(program),
        }
    }

    fn choose(cores: &[usize]) -> Self {
        match *cores {
            [client, server, ..] if can_pin(client) && can_pin(server) => {
                Self::Apart { client, server }
            }
            _ => Self::Shared,
        }
    }

    fn become_again(self) -> io::Result<std::convert::Infallible> {
        let program = std::env::current_exe()?;
        let mut command = match self {
            Self::Apart { client, .. } => pinned(&client.to_string(), OsStr::new("sh")),
            Self::Shared => Command::new("sh"),
        };
        command
            .args(["-c", RAISE_AND_CONTINUE])
            .arg(program)
            .args(std::env::args_os().skip(1));
        command.env(MARK, self.mark());
        Err(command.exec())
    }

    fn mark(self) -> String {
        match self {
            Self::Apart { client, server } => format!("{client},{server}"),
            Self::Shared => SHARED.to_owned(),
        }
    }
}

fn parse(mark: &str) -> Option<Placement> {
    if mark == SHARED {
        return Some(Placement::Shared);
    }
    let (client, server) = mark.split_once(',')?;
    Some(Placement::Apart {
        client: client.parse().ok()?,
        server: server.parse().ok()?,
    })
}

/// `cores` is one core, or several with commas between them.
fn pinned(cores: &str, program: &OsStr) -> Command {
    let mut command = Command::new("taskset");
    command.arg("-c").arg(cores).arg(program);
    command
}

fn can_pin(core: usize) -> bool {
    let mut command = pinned(&core.to_string(), OsStr::new("true"));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_carries_the_placement_over_the_restart() {
        for placement in [
            Placement::Shared,
            Placement::Apart {
                client: 0,
                server: 1,
            },
        ] {
            assert_eq!(parse(&placement.mark()), Some(placement));
        }
        assert_eq!(parse("0"), None);
    }

    #[test]
    fn a_single_core_is_shared() {
        assert_eq!(Placement::choose(&[0]), Placement::Shared);
    }

    #[test]
    fn servers_are_pinned_to_the_core_that_the_client_does_not_have() {
        let apart = Placement::Apart {
            client: 0,
            server: 1,
        };
        let command = apart.server_command(Cores::Own, OsStr::new("x"));
        assert_eq!(format!("{command:?}"), r#""taskset" "-c" "1" "x""#);
        let command = apart.server_command(Cores::Both, OsStr::new("x"));
        assert_eq!(format!("{command:?}"), r#""taskset" "-c" "0,1" "x""#);
        let command = Placement::Shared.server_command(Cores::Own, OsStr::new("x"));
        assert_eq!(format!("{command:?}"), r#""x""#);
    }
}
