//! `sockeye ws …`: a client for any server, and a running server of ours steered through its admin listener.

mod ask;
mod connect;
mod record;
mod replay;
mod shown;
mod steer;
mod tape;

pub(crate) use connect::{ConnectArgs, DialArgs, Goal, Signals, explain, seconds};
pub(crate) use record::RecordArgs;
pub(crate) use replay::ReplayArgs;
pub(crate) use shown::harmless;
pub(crate) use tape::{ConvertArgs, RepairArgs};

use crate::cli::WsCommand;
use crate::exit::Exit;

/// Runs a command.
pub(crate) fn run(command: WsCommand) -> Exit {
    match command {
        WsCommand::Connect(args) => connect::run(&args),
        WsCommand::Record(args) => record::run(*args),
        WsCommand::Connections(args) => steer::connections(&args),
        WsCommand::Send(args) => steer::send(args),
        WsCommand::Broadcast(args) => steer::broadcast(args),
        WsCommand::Close(args) => steer::close(&args),
        WsCommand::Replay(args) => replay::run(&args),
        WsCommand::Repair(args) => tape::repair(&args),
        WsCommand::Convert(args) => tape::convert(&args),
    }
}
