//! `sockeye ws …`: a running server seen and steered from the command line, through its admin listener.

mod ask;
mod steer;

use crate::cli::WsCommand;
use crate::exit::Exit;

/// Runs a command.
pub(crate) fn run(command: WsCommand) -> Exit {
    match command {
        WsCommand::Connections(args) => steer::connections(&args),
        WsCommand::Send(args) => steer::send(args),
        WsCommand::Broadcast(args) => steer::broadcast(args),
        WsCommand::Close(args) => steer::close(&args),
    }
}
