//! The command line.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Mocks WebSocket servers from YAML files.
#[derive(Debug, Parser)]
#[command(name = "sockeye", version, after_help = crate::exit::HELP)]
pub(crate) struct Cli {
    /// What is logged, to standard error
    #[arg(long, global = true, value_enum, default_value_t, env = "SOCKEYE_LOG")]
    pub(crate) log: Level,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How much is logged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    /// Nothing
    Off,
    /// Faults
    Error,
    /// Also what a user should know
    Warn,
    /// Also what happens to the server
    #[default]
    Info,
    /// Also connections, and messages that no rule answered
    Debug,
    /// Everything
    Trace,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve mock files until SIGINT or SIGTERM
    Serve(ServeArgs),
    /// Say what files mean and what is wrong with them
    Check(CheckArgs),
}

/// What `serve` takes.
#[derive(Args, Debug)]
#[command(
    after_help = "Without FILE: the file that CONFIG names, or mockforge.yaml, mockforge.yml, \
.mockforge.yaml, .mockforge.yml, moclojer.yml or moclojer.yaml here, or a MockForge file in one of \
five folders above. A flag counts more than the environment, the environment more than a file."
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct ServeArgs {
    /// Moclojer files (YAML or EDN) and MockForge files, in any mixture
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// One more file
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Address to listen on [env: SOCKEYE_HOST] [default: 127.0.0.1]
    #[arg(long)]
    pub(crate) host: Option<String>,

    /// Port to listen on, 0 for any [env: SOCKEYE_PORT] [default: 8080, or 8000 when all files are
    /// Moclojer's]
    #[arg(long, visible_alias = "ws-port")]
    pub(crate) port: Option<u16>,

    /// Serve WebSockets even where a file says `enabled: false`, or without any file
    #[arg(long)]
    pub(crate) websocket: bool,

    /// Path of the default endpoint [default: /ws]
    #[arg(long, value_name = "PATH")]
    pub(crate) ws_path: Option<String>,

    /// Speak TLS, `wss://` and `https://` only, even where a file says `tls: { enabled: false }`;
    /// without a certificate in a file with one that is made
    #[arg(long)]
    pub(crate) ws_tls: bool,

    /// Watch the files: an edit takes effect at once, a broken one changes nothing
    #[arg(long)]
    pub(crate) watch: bool,

    /// Seed of everything random: the same seed gives the same answers [env: SOCKEYE_SEED]
    #[arg(long)]
    pub(crate) seed: Option<u64>,

    /// Treat unknown keys in files as warnings
    #[arg(long)]
    pub(crate) lenient: bool,
}

/// What `check` takes.
#[derive(Args, Debug)]
pub(crate) struct CheckArgs {
    /// Moclojer files (YAML or EDN) and MockForge files, in any mixture
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// Treat unknown keys in files as warnings
    #[arg(long)]
    pub(crate) lenient: bool,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Whether standard error gets colours.
pub(crate) fn color() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty())
}
