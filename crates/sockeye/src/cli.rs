//! The command line.

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand, ValueEnum};
use sockeye_core::Source;

use crate::bench::BenchArgs;
use crate::ws::{ConnectArgs, ConvertArgs, RecordArgs, RepairArgs, ReplayArgs};

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
    /// Talk to a server, or see and steer a running one
    #[command(subcommand)]
    Ws(WsCommand),
    /// Put load on a WebSocket server, and measure how it answers
    Bench(Box<BenchArgs>),
    /// Ship records over WebSocket, with Fluent Bit's flags and files
    #[command(disable_help_flag = true)]
    Ship {
        /// Fluent Bit's flags; `sockeye ship -h` lists them
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "FLAG"
        )]
        words: Vec<String>,
    },
    /// Walk through models, check and convert them: the command line of GraphWalker
    #[expect(clippy::doc_markdown, reason = "this is the text of --help")]
    #[command(disable_help_flag = true)]
    Gw {
        /// What the commands of `gw` take; `sockeye gw --help` shows it
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<OsString>,
    },
}

/// What can be done with a server.
#[derive(Debug, Subcommand)]
pub(crate) enum WsCommand {
    /// Talk to a WebSocket server, by hand or in a pipe
    Connect(ConnectArgs),
    /// Record what passes a server into a session file
    Record(Box<RecordArgs>),
    /// List open connections
    Connections(ConnectionsArgs),
    /// Send a message to a connection
    Send(SendArgs),
    /// Send a message to all connections, to those of a path, or to those in a room
    Broadcast(BroadcastArgs),
    /// Close a connection
    Close(CloseArgs),
    /// Play a recorded conversation again, as its server or as its client
    Replay(Box<ReplayArgs>),
    /// Finish a recording that was cut off
    Repair(RepairArgs),
    /// Turn a session file into a HAR, or a HAR or JSON lines into a session file
    Convert(ConvertArgs),
}

/// Which server.
#[derive(Args, Debug)]
pub(crate) struct AdminTarget {
    /// Address of its admin listener
    #[arg(
        long,
        value_name = "URL",
        env = "SOCKEYE_ADMIN",
        default_value = "http://127.0.0.1:3000"
    )]
    pub(crate) admin: String,

    /// Token of the admin listener
    #[arg(
        long,
        visible_alias = "admin-token",
        value_name = "TOKEN",
        env = "SOCKEYE_ADMIN_TOKEN",
        hide_env_values = true
    )]
    pub(crate) token: Option<String>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `ws connections` takes.
#[derive(Args, Debug)]
pub(crate) struct ConnectionsArgs {
    #[command(flatten)]
    pub(crate) target: AdminTarget,

    /// Those with this path, or on the handler with this path
    #[arg(long)]
    pub(crate) path: Option<String>,

    /// Those in this room
    #[arg(long)]
    pub(crate) room: Option<String>,
}

/// A message of the command line.
#[derive(Args, Debug)]
pub(crate) struct MessageArgs {
    /// The message; `-` reads it from standard input
    pub(crate) message: String,

    /// Send it as a binary message
    #[arg(long)]
    pub(crate) binary: bool,
}

/// What `ws send` takes.
#[derive(Args, Debug)]
pub(crate) struct SendArgs {
    #[command(flatten)]
    pub(crate) target: AdminTarget,

    /// The connection: `conn-7`
    pub(crate) id: String,

    #[command(flatten)]
    pub(crate) message: MessageArgs,
}

/// What `ws broadcast` takes.
#[derive(Args, Debug)]
pub(crate) struct BroadcastArgs {
    #[command(flatten)]
    pub(crate) target: AdminTarget,

    #[command(flatten)]
    pub(crate) message: MessageArgs,

    /// Those of this path
    #[arg(long, conflicts_with = "room")]
    pub(crate) path: Option<String>,

    /// Those in this room
    #[arg(long)]
    pub(crate) room: Option<String>,
}

/// What `ws close` takes.
#[derive(Args, Debug)]
pub(crate) struct CloseArgs {
    #[command(flatten)]
    pub(crate) target: AdminTarget,

    /// The connection: `conn-7`
    pub(crate) id: String,

    /// Code of the Close frame
    #[arg(long)]
    pub(crate) code: Option<u16>,

    /// Reason of the Close frame
    #[arg(long)]
    pub(crate) reason: Option<String>,
}

/// What `serve` takes.
#[derive(Args, Debug, Default)]
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
    #[arg(long, visible_alias = "ws-host")]
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

    /// What the default endpoint plays to each connection: a session file, a HAR or JSON lines
    /// [env: MOCKFORGE_WS_REPLAY_FILE]
    #[expect(clippy::doc_markdown, reason = "this is the text of --help")]
    #[arg(long, value_name = "FILE")]
    pub(crate) ws_replay_file: Option<PathBuf>,

    /// Speak TLS, `wss://` and `https://` only, even where a file says `tls: { enabled: false }`;
    /// without a certificate in a file with one that is made
    #[arg(long)]
    pub(crate) ws_tls: bool,

    #[command(flatten)]
    pub(crate) admin: AdminArgs,

    /// Watch the files: an edit takes effect at once, a broken one changes nothing
    #[arg(long, visible_alias = "ws-hot-reload")]
    pub(crate) watch: bool,

    /// Seed of everything random: the same seed gives the same answers [env: SOCKEYE_SEED]
    #[arg(long)]
    pub(crate) seed: Option<u64>,

    /// Treat unknown keys in files as warnings
    #[arg(long)]
    pub(crate) lenient: bool,

    /// A document to serve instead of any file; for other commands, not for the command line
    #[arg(skip)]
    pub(crate) written: Option<Arc<Source>>,
}

/// What `serve` takes about its admin listener.
#[derive(Args, Debug, Default)]
#[expect(clippy::doc_markdown, reason = "this is the text of --help")]
pub(crate) struct AdminArgs {
    /// Port of the admin listener, 0 for any [env: SOCKEYE_ADMIN_PORT] [default: 3000, or none if
    /// that is taken]
    #[arg(long, value_name = "PORT")]
    pub(crate) admin_port: Option<u16>,

    /// Address of the admin listener; others than this machine's own need a token
    /// [env: SOCKEYE_ADMIN_HOST] [default: 127.0.0.1]
    #[arg(long, value_name = "HOST")]
    pub(crate) admin_host: Option<String>,

    /// Token that requests to the admin listener must bring [env: SOCKEYE_ADMIN_TOKEN]
    #[arg(long, value_name = "TOKEN")]
    pub(crate) admin_token: Option<String>,

    /// No admin listener
    #[arg(long, conflicts_with_all = ["admin_port", "admin_host", "admin_token"])]
    pub(crate) no_admin: bool,
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
