//! Everything that can stop a running script passes through here, with the limit it met.

use std::time::Duration;

use thiserror::Error;

/// Why a call has no result. The effects that came before are kept.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScriptError {
    /// The script threw and nobody caught it. Also what a rejected promise becomes.
    #[error("{message}{}", place(*line, *column))]
    Thrown {
        /// The error's name and message, or the thrown value as text, at most 1,024 characters.
        message: String,
        /// The line in the user's text, counted from 1, if the engine knows it.
        line: Option<u32>,
        /// The column in that line, counted from 1.
        column: Option<u32>,
    },
    /// The call did not come to an end in time. What it still waited for is forgotten.
    #[error("the script did not end within {} ms", limit.as_millis())]
    Timeout {
        /// The wall clock time one call may take.
        limit: Duration,
    },
    /// The scripts of one thread filled their memory. Their engine is made anew.
    #[error("the scripts of this thread need more than {limit} bytes of memory")]
    OutOfMemory {
        /// The memory of one script thread in bytes.
        limit: usize,
    },
    /// Functions called each other too deeply.
    #[error("the script needs more than {limit} bytes of stack")]
    StackOverflow {
        /// The stack of one call in bytes.
        limit: usize,
    },
    /// The call asked for more sends, broadcasts, joins, leaves, closes and log lines than it may.
    #[error("the script caused more than {limit} effects in one call")]
    TooManyEffects {
        /// The most effects of one call.
        limit: usize,
    },
    /// The return value and the effects of the call are too long together.
    #[error("the script's output is {actual} bytes long, the limit is {limit} bytes")]
    OutputTooLong {
        /// The most bytes of one call.
        limit: usize,
        /// The bytes there would have been.
        actual: usize,
    },
    /// The call started more `shared` operations at a time than it may.
    #[error("the script waits for more than {limit} operations at a time")]
    TooManyAwaits {
        /// The most operations one call may wait for.
        limit: usize,
    },
    /// The script waits for a promise that nothing is left to settle.
    #[error("the script waits for a promise that nothing can settle")]
    NeverSettles,
    /// Too many calls of the connection wait for their turn; this one was not run.
    #[error("{limit} calls of this connection already wait for the script, this one was not run")]
    TooManyWaiting {
        /// The most calls of one connection that may wait.
        limit: usize,
    },
    /// Another script took the engine down with it while this call was waiting.
    #[error("the script engine was restarted while the call was waiting")]
    EngineLost,
    /// The connection or the pool was closed before the call ended.
    #[error("the connection was closed before the script ended")]
    Closed,
}

fn place(line: Option<u32>, column: Option<u32>) -> String {
    match (line, column) {
        (Some(line), Some(column)) => format!(" (line {line}, column {column})"),
        (Some(line), None) => format!(" (line {line})"),
        _ => String::new(),
    }
}
