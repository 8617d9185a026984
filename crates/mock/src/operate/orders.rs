//! What an operator wants of a connection, carried out by its session.

use std::fmt;

use serde_json::Value;
use sockeye_net::Outbox;
use sockeye_script::js::Payload;
use sockeye_wire::CloseCode;

use crate::js::spoken;
use crate::session::MockSession;

/// Takes what a session reports; called once, on any thread, unless the connection ends first.
type Hear = Box<dyn FnOnce(Report) + Send>;

/// One order.
pub(crate) enum Order {
    /// Send a message.
    Send(Payload),
    /// Close.
    Close {
        /// The code of the Close frame.
        code: CloseCode,
        /// Its reason.
        reason: String,
    },
    /// Tell how it stands.
    Report(Hear),
}

/// How a session stands.
#[derive(Debug, Default)]
pub(crate) struct Report {
    /// The state of its scripts.
    pub(crate) state: Option<Value>,
    /// Messages that wait for its scripts.
    pub(crate) waiting: usize,
}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Send(_) => "Send",
            Self::Close { .. } => "Close",
            Self::Report(_) => "Report",
        })
    }
}

impl MockSession {
    /// Does what operators want.
    pub(crate) fn obey(&mut self, out: &mut Outbox<'_>) {
        let orders = self.card.as_ref().map(|card| card.take_orders());
        for order in orders.unwrap_or_default() {
            match order {
                Order::Send(payload) => out.unprompted(|out| out.message(spoken(&payload))),
                Order::Close { code, reason } => out.close(code, &reason),
                Order::Report(hear) => match &self.desk {
                    None => hear(Report::default()),
                    Some(desk) => desk.report(hear),
                },
            }
        }
    }
}
