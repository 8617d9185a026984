//! What a rule, a step or a moment does: prepared when the file is loaded, carried out in the order of the file.

use std::sync::Arc;

use sockeye_script::template::Template;
use sockeye_wire::CloseCode;

use crate::answer::Answer;
use crate::js::Handler;

/// One thing to do.
#[derive(Debug)]
pub enum Act {
    /// Sends a message to the connection.
    Say(Answer),
    /// Runs JavaScript; what it returns is sent to the connection.
    Run(Arc<Handler>),
    /// Sends a message to a room.
    Tell(Box<Announcement>),
    /// Closes the connection.
    Close(Box<Closing>),
}

/// A message to a room.
#[derive(Debug)]
pub struct Announcement {
    /// The room's name.
    pub room: Template,
    /// What its members get.
    pub message: Answer,
}

/// The end of a connection.
#[derive(Debug)]
pub struct Closing {
    /// The code of the Close frame.
    pub code: CloseCode,
    /// Its reason; more than 123 bytes are cut.
    pub reason: Template,
}

impl Act {
    /// Whether what it does depends on the message that it is about.
    pub fn reads_message(&self) -> bool {
        match self {
            Self::Say(answer) => answer.reads_message(),
            Self::Run(_) => true,
            Self::Tell(tell) => tell.room.uses_message() || tell.message.reads_message(),
            Self::Close(closing) => closing.reason.uses_message(),
        }
    }

    /// The message it sends to the connection, unless a script makes it.
    pub(crate) fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Say(answer) => Some(answer),
            Self::Run(_) | Self::Tell(_) | Self::Close(_) => None,
        }
    }

    /// Whether the connection may get a message by it.
    pub fn speaks(&self) -> bool {
        matches!(self, Self::Say(_) | Self::Run(_))
    }

    /// The JavaScript it runs.
    pub fn handler(&self) -> Option<&Arc<Handler>> {
        match self {
            Self::Run(handler) => Some(handler),
            Self::Say(_) | Self::Tell(_) | Self::Close(_) => None,
        }
    }
}
