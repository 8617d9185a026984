//! What `sockeye ws replay` takes, and what of it fits together.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use sockeye_tape::play::{Manner, Role, Speed};

use crate::ws::connect::{DialArgs, seconds};

/// What `ws replay` takes.
#[derive(Args, Debug)]
#[command(
    after_help = "As a server it says to each client what the server said, and stops the clock before each message of \
the recorded client until a client has sent one. As a client it says what the client said. Without --as it is a client \
if --url is given or something listens on --host and --port, and a server otherwise.

Exit status:
  0  done
  1  --verify found a difference, or the connection ended before everything was said
  2  the file, the script or a flag is wrong
  3  no connection, or an address or standard output cannot be used"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct ReplayArgs {
    /// A session file, a HAR, JSON lines, or a `.part` file
    #[arg(long, value_name = "FILE")]
    pub(crate) input: PathBuf,

    /// Which side to play
    #[arg(long = "as", value_name = "ROLE", value_enum)]
    pub(crate) role: Option<As>,

    /// As a client: where to connect to; without a path, with that of the recording
    #[arg(long, value_name = "URL")]
    pub(crate) url: Option<String>,

    /// Address to listen on, or to look for a server on
    #[arg(long, default_value = "127.0.0.1")]
    pub(crate) host: String,

    /// Port to listen on (0 for any), or to look for a server on
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,

    /// Path of all connections [default: that of the recording, or /ws]
    #[arg(long)]
    pub(crate) path: Option<String>,

    /// How many times as fast as recorded, or `max` for without waiting
    #[arg(long, default_value = "1", value_parser = str::parse::<Speed>)]
    pub(crate) speed: Speed,

    /// JavaScript that changes each message before it is sent
    #[arg(long, value_name = "FILE")]
    pub(crate) transform: Option<PathBuf>,

    /// Compare what comes with what was recorded, and end with status 1 if it is different
    #[arg(long)]
    pub(crate) verify: bool,

    /// As a server: go on only after a message that is equal to the recorded one
    #[arg(long)]
    pub(crate) strict: bool,

    /// As a server: wait for no message of a client
    #[arg(long, conflicts_with = "strict")]
    pub(crate) no_wait: bool,

    /// Begin again at the end
    #[arg(long = "loop")]
    pub(crate) repeat: bool,

    /// Do not close after the last message
    #[arg(long)]
    pub(crate) keep_open: bool,

    /// As a client: how long to wait for messages that have not come at the end
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = seconds)]
    pub(crate) wait: Duration,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) dial: DialArgs,
}

/// Which side to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum As {
    /// Wait for clients
    Server,
    /// Connect to a server
    Client,
}

impl From<As> for Role {
    fn from(role: As) -> Self {
        match role {
            As::Server => Self::Server,
            As::Client => Self::Client,
        }
    }
}

impl ReplayArgs {
    /// How a part is played in this role.
    pub(super) fn manner(&self, role: As) -> Manner {
        Manner {
            speed: self.speed,
            waits: role == As::Server && !self.no_wait,
            strict: self.strict,
            repeats: self.repeat,
        }
    }

    /// What does not fit to the role, as a sentence.
    pub(super) fn contradiction(&self, role: As) -> Option<&'static str> {
        match role {
            As::Client if self.strict => {
                Some("--strict is about --as server; --verify compares as a client")
            }
            As::Client if self.no_wait => {
                Some("--no-wait is about --as server: a client does not wait")
            }
            As::Server if self.url.is_some() => {
                Some("--url is about --as client; a server has --host and --port")
            }
            _ if self.repeat && self.verify => Some("--verify looks at one run: leave out --loop"),
            _ if self
                .path
                .as_ref()
                .is_some_and(|path| !path.starts_with('/')) =>
            {
                Some("--path begins with /")
            }
            _ => None,
        }
    }
}
