//! One connection: what it may send leaves, what comes is handed to the ledger, and its end is told.

use std::io;

use sockeye_net::Polled;
use sockeye_wire::{CloseCode, Event, Kind, Violation};

use crate::course::Course;
use crate::ledger::Ledger;
use crate::limits::OUTPUT_HIGH;
use crate::load::Expect;
use crate::waiting::{Sent, Waiting};
use crate::watch::Watch;

/// An open connection.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) link: Polled,
    pub(crate) waiting: Waiting,
    /// Its number on its thread.
    lane: usize,
    /// Messages whose instant has come, where there is a grid.
    pub(crate) due: u64,
    /// Messages that it still has to send, where they are counted and there is no grid.
    pub(crate) quota: Option<u64>,
    /// Whether the poll looks for room to write.
    pub(crate) watches_room: bool,
    /// Whether our Close is said.
    pub(crate) is_closing: bool,
}

/// How a connection ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The server sent Close.
    Closed(Option<CloseCode>),
    /// The server broke the protocol.
    Broken(Violation),
    /// The connection ended, or failed for this reason.
    Lost(Option<io::Error>),
}

impl From<io::Error> for End {
    fn from(error: io::Error) -> Self {
        Self::Lost(Some(error))
    }
}

impl Client {
    pub(crate) fn new(link: Polled, lane: usize) -> Self {
        Self {
            link,
            waiting: Waiting::default(),
            lane,
            due: 0,
            quota: None,
            watches_room: false,
            is_closing: false,
        }
    }

    /// Whether it still has something to send.
    pub(crate) fn is_owing(&self, course: &Course) -> bool {
        match course.grid {
            Some(_) => self.waiting.next() < self.due,
            None => self.quota.is_some_and(|quota| quota > 0),
        }
    }

    /// Reads what is there, once, and what TLS has kept of it.
    pub(crate) fn hear(
        &mut self,
        room: &mut [u8],
        ledger: &mut Ledger,
        watch: Watch,
    ) -> Result<(), End> {
        loop {
            let count = match self.link.read(room)? {
                None => return Ok(()),
                Some(0) => return Err(End::Lost(None)),
                Some(count) => count,
            };
            ledger.now = watch.now();
            self.decode(room.get_mut(..count).unwrap_or_default(), ledger)?;
            if !self.link.has_more() {
                return Ok(());
            }
        }
    }

    /// Takes apart what came; answers pings.
    pub(crate) fn decode(&mut self, mut input: &mut [u8], ledger: &mut Ledger) -> Result<(), End> {
        let Self { link, waiting, .. } = self;
        let mut pings: Vec<Vec<u8>> = Vec::new();
        loop {
            match link.decoder().next(&mut input) {
                Ok(None) => break,
                Ok(Some(Event::Text(text))) => ledger.comes(waiting, Kind::Text, text.as_bytes()),
                Ok(Some(Event::Binary(bytes) | Event::LooseText(bytes))) => {
                    ledger.comes(waiting, Kind::Binary, bytes);
                }
                Ok(Some(Event::Ping(payload))) => pings.push(payload.to_vec()),
                Ok(Some(Event::Pong(_))) => {}
                Ok(Some(Event::Close(frame))) => {
                    return Err(End::Closed(frame.map(|frame| frame.code)));
                }
                Err(violation) => return Err(End::Broken(violation)),
            }
        }
        // A server that pings and takes no pongs gets none.
        if pings.is_empty() || self.link.unsent() >= OUTPUT_HIGH || self.is_closing {
            return Ok(());
        }
        let mut output = Vec::new();
        for payload in pings {
            self.link.encoder().pong(&mut output, &payload);
        }
        Ok(self.link.send(&output)?)
    }

    /// Sends what it may: what is due or what the window has room for, as far as the socket takes it.
    pub(crate) fn fill(
        &mut self,
        course: &Course,
        window: usize,
        ledger: &mut Ledger,
        output: &mut Vec<u8>,
        watch: Watch,
    ) -> Result<(), End> {
        loop {
            output.clear();
            while output.len() < OUTPUT_HIGH && self.waiting.len() < window {
                if !self.encode_next(course, ledger, output) {
                    break;
                }
            }
            if output.is_empty() {
                return Ok(());
            }
            self.link.send(output)?;
            if ledger.expect == Expect::Nothing {
                self.settle(ledger, watch);
            }
            let is_all = output.len() < OUTPUT_HIGH;
            if is_all || course.grid.is_none() || self.link.is_behind() {
                return Ok(());
            }
        }
    }

    /// Encodes the next message, if one may leave now.
    #[inline]
    fn encode_next(&mut self, course: &Course, ledger: &mut Ledger, output: &mut Vec<u8>) -> bool {
        if self.link.is_behind() || self.is_closing {
            return false;
        }
        let number = self.waiting.next();
        let now = ledger.now;
        let intended = match &course.grid {
            Some(_) if number >= self.due => return false,
            Some(grid) => grid.of_lane(self.lane, number),
            None if now >= course.end => return false,
            None => now,
        };
        if now >= course.measure_from
            && let Some(quota) = &mut self.quota
        {
            let Some(rest) = quota.checked_sub(1) else {
                return false;
            };
            *quota = rest;
        }
        let sent = Sent { intended, at: now };
        self.waiting.push(sent);
        ledger.leaves(sent, course.grid.is_some());
        let kind = ledger.payload.kind();
        let message = ledger.payload.message(number);
        self.link.encoder().message(output, kind, message);
        true
    }

    /// Writes what is unsent.
    pub(crate) fn flush(&mut self, ledger: &mut Ledger, watch: Watch) -> Result<(), End> {
        self.link.flush()?;
        if ledger.expect == Expect::Nothing {
            self.settle(ledger, watch);
        }
        Ok(())
    }

    /// Where no answers are expected, a message has its answer when the system has it.
    fn settle(&mut self, ledger: &mut Ledger, watch: Watch) {
        if self.link.is_behind() {
            return;
        }
        ledger.now = watch.now();
        while let Some(sent) = self.waiting.oldest() {
            ledger.answered(sent);
        }
    }

    /// Says Close, as the first or as the answer. What the socket does not take is left unsaid.
    pub(crate) fn say_close(&mut self, code: Option<CloseCode>) -> io::Result<()> {
        if std::mem::replace(&mut self.is_closing, true) {
            return Ok(());
        }
        let mut output = Vec::new();
        self.link.encoder().close(&mut output, code, "");
        self.link.send(&output)
    }
}
