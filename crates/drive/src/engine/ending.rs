//! How connections and a whole run come to their end, and what is counted then.

use std::io;
use std::time::Duration;

use sockeye_wire::CloseCode;

use super::Engine;
use crate::client::{Client, End};
use crate::limits::{GRACE, SHORT};
use crate::poller::Ready;
use crate::watch::{nanos, thread_cpu};

/// What stands for a connection that ended without a Close (RFC 6455 section 7.4.1).
const LOST: u16 = 1006;

/// What stands for a Close without a code.
const NO_CODE: u16 = 1005;

impl Engine {
    pub(super) fn count_end(&mut self, mut client: Client, end: &End) {
        if client.is_closing {
            return;
        }
        let tally = &mut self.ledger.tally;
        client.waiting.abandon(|_| tally.lost += 1);
        tally.unsent += client.quota.unwrap_or_default();
        let (code, fault) = match end {
            End::Closed(code) => {
                // Nobody has to listen.
                let _ = client.say_close(*code);
                let code = code.map_or(NO_CODE, CloseCode::get);
                (Some(code), format!("the server closed with {code}"))
            }
            End::Broken(violation) => {
                let _ = client.say_close(Some(violation.code));
                (None, format!("the server broke the protocol: {violation}"))
            }
            End::Lost(None) => (Some(LOST), "the server is gone without a Close".to_owned()),
            End::Lost(Some(error)) => (Some(LOST), format!("a connection broke: {error}")),
        };
        match code {
            Some(code) => *tally.closed.entry(code).or_default() += 1,
            None => tally.broken += 1,
        }
        tally.first_fault.get_or_insert(fault);
    }

    /// Whether nothing new is meant to leave.
    pub(super) fn is_ending(&self) -> bool {
        let Some(course) = &self.course else {
            return false;
        };
        if self.clients.iter().all(Option::is_none) {
            return true;
        }
        match &course.grid {
            Some(grid) => self.next >= grid.count,
            None if course.quotas.is_some() => {
                let mut clients = self.clients.iter().flatten();
                clients.all(|client| client.quota == Some(0))
            }
            None => self.ledger.now >= course.end,
        }
    }

    /// Whether nothing is left to leave or to be waited for, or there is no time left for it.
    pub(super) fn is_settled(&self) -> bool {
        let Some(course) = &self.course else {
            return false;
        };
        let last = course
            .end
            .saturating_add(nanos(self.seat.load.answer_within));
        let mut clients = self.clients.iter().flatten();
        self.ledger.now >= last
            || clients.all(|client| client.waiting.is_empty() && !client.is_owing(course))
    }

    /// Counts what is left when the run is over.
    pub(super) fn count_the_end(&mut self) {
        let is_stopped = self.is_stopped() && !self.is_done;
        let lasted = Duration::from_nanos(self.ledger.lasted());
        let tally = &mut self.ledger.tally;
        for client in self.clients.iter_mut().flatten() {
            let count = if is_stopped {
                &mut tally.in_flight
            } else {
                &mut tally.lost
            };
            client.waiting.abandon(|_| *count += 1);
            tally.open += 1;
        }
        if let Some(grid) = self.course.as_ref().and_then(|course| course.grid.as_ref())
            && !is_stopped
        {
            tally.unsent += (grid.count - grid.warm).saturating_sub(self.ledger.left);
        }
        tally.cpu = self
            .cpu_before
            .map_or(Duration::ZERO, |before| thread_cpu().saturating_sub(before));
        tally.lasted = lasted;
    }

    /// Closes every connection and waits for the answers, but not for long.
    pub(super) fn say_goodbye(&mut self, ready: &mut Vec<Ready>) -> io::Result<()> {
        for number in 0..self.clients.len() {
            let Some(Some(client)) = self.clients.get_mut(number) else {
                continue;
            };
            let said = client.say_close(Some(CloseCode::NORMAL));
            self.settle(number, said.map_err(End::from))?;
        }
        let last = self.seat.watch.now() + nanos(GRACE);
        while self.clients.iter().any(Option::is_some) && self.seat.watch.now() < last {
            self.poller.wait(SHORT, ready)?;
            for one in &*ready {
                self.attend_end(one)?;
            }
        }
        Ok(())
    }

    /// What still comes counts no more.
    fn attend_end(&mut self, ready: &Ready) -> io::Result<()> {
        let Some(Some(client)) = self.clients.get_mut(ready.number) else {
            return Ok(());
        };
        let (ledger, watch) = (&mut self.ledger, self.seat.watch);
        let flushed = client.flush(ledger, watch);
        let result = flushed.and_then(|()| client.hear(&mut self.input, ledger, watch));
        self.settle(ready.number, result)
    }
}
