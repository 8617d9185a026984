//! An open connection at work: messages out, everything else in, until one side has had enough.

use sockeye_net::{Conversation, Received};
use sockeye_wire::Kind;
use tokio::time::sleep_until;

use super::acknowledge::{Ack, Confirms};
use super::cargo::{Next, Sent};
use super::courier::{Courier, End, Pings};
use super::link::{Due, Link};
use super::verdict::Fault;
use crate::output::tell_refused;

/// Messages that may be under way at once.
const IN_FLIGHT: usize = 16;

/// Bytes that may be under way at once; one message may always be.
const IN_FLIGHT_BYTES: usize = 8 << 20;

/// Room for payloads that is kept from one message to the next.
const KEPT: usize = 256 * 1024;

impl Courier {
    /// Sends and hears until nothing is left or the connection is gone. The socket is always read.
    pub(super) async fn converse(&mut self, conversation: Conversation) -> End {
        let settings = &self.settings;
        let mut link = Link::new(conversation, settings.idle, settings.ack_timeout);
        let mut is_last = false;
        loop {
            self.load(&mut link);
            self.count();
            let is_done = is_last && self.cargo.is_empty() && link.is_flushed();
            if is_done || self.is_late() {
                let end = self.lane.end();
                self.lane.counters.open.set(0);
                link.farewell(end).await;
                return End::Done;
            }
            let is_waiting = link.has_unsent() || self.is_unconfirmed();
            let deadline = link.timing.deadline(is_waiting);
            let is_closing = self.lane.is_closing();
            let may_load = !is_last && self.has_window() && !self.overflows() && link.has_room();
            let (has_unsent, lane) = (link.has_unsent(), &self.lane);
            let Link { reader, writer, .. } = &mut link;
            let fault = tokio::select! {
                received = reader.receive() => match received {
                    Ok(received) => self.heard(received, &mut link),
                    Err(error) => Some(Fault::Gone(error.to_string())),
                },
                result = writer.flush(), if has_unsent => {
                    if let Err(error) = result {
                        link.broken(&error);
                    }
                    None
                }
                has_more = lane.wait(), if may_load => {
                    is_last = !has_more;
                    None
                }
                () = lane.closing(), if !is_closing => None,
                () = lane.over() => None,
                () = sleep_until(deadline) => self.due(&mut link),
            };
            if let Some(fault) = fault {
                return End::Lost(fault, link);
            }
            if self.is_trusting() && link.is_flushed() {
                self.confirm(link.sent, &mut link);
            }
        }
    }

    /// Writes as many messages as may be under way.
    fn load(&mut self, link: &mut Link) {
        while link.has_room() && self.has_window() {
            if self.cargo.next().is_none() {
                let Some(job) = self.lane.try_take() else {
                    return;
                };
                let serial = job.serial;
                if let Err(error) = self.cargo.add(job) {
                    self.lane
                        .refuse(serial, &format!("cannot be read from disk: {error}"));
                    continue;
                }
            }
            if self.overflows() {
                return;
            }
            self.write(link);
        }
    }

    /// Writes the next message, halved until it is short enough.
    fn write(&mut self, link: &mut Link) {
        let Some(next) = self.cargo.next() else {
            return;
        };
        if u64::from(next.count) > self.share() && self.cargo.halve() {
            return;
        }
        self.payload.clear();
        // As text a record is longer by a third; a buffer that is too short would be doubled.
        let records = next.records.len();
        self.payload.reserve(records + records / 2);
        let encoded = self.format.encode(&next.records, &mut self.payload);
        let most = self.settings.message_bytes.unwrap_or(usize::MAX);
        if self.payload.len() > most && self.cargo.halve() {
            return;
        }
        self.tell_encoded(&encoded, &next);
        let number = if encoded.written == 0 {
            // Nothing of it can be said: it is done when everything before it is.
            link.sent
        } else {
            let is_binary = self.format.is_binary() && !self.settings.is_text;
            let kind = if is_binary { Kind::Binary } else { Kind::Text };
            if !self.is_unconfirmed() {
                link.timing.went_on();
            }
            let is_pinged = self.is_pinged();
            link.put(kind, &self.payload, is_pinged, &self.lane.counters)
        };
        self.cargo.sent(number);
        if self.payload.capacity() > KEPT {
            self.payload = Vec::new();
        }
        if encoded.written == 0 && !self.is_before(number) {
            self.confirm(number, link);
        }
    }

    /// Whether messages up to this number wait for their confirmation; the one with nothing in it does not count.
    fn is_before(&self, number: u64) -> bool {
        number > 0 && self.cargo.under_way().messages > 1
    }

    fn tell_encoded(&mut self, encoded: &crate::format::Encoded, next: &Next) {
        let lane = &self.lane;
        if !next.is_again && encoded.refused > 0 {
            let format = &mut *self.format;
            tell_refused(encoded, format, &next.chunk, &next.records, lane);
        }
        if encoded.shadowed > 0 && !std::mem::replace(&mut self.state.told_shadowed, true) {
            lane.log.warn(format_args!(
                "[output:{}] records have a key of the name that their time gets (`json_date_key`); theirs is sent",
                lane.name
            ));
        }
    }

    fn is_unconfirmed(&self) -> bool {
        self.cargo.under_way().messages > 0
    }

    fn has_window(&self) -> bool {
        let Sent {
            messages, bytes, ..
        } = self.cargo.under_way();
        let most = if self.state.is_careful { 1 } else { IN_FLIGHT };
        messages == 0 || (messages < most && bytes < IN_FLIGHT_BYTES)
    }

    /// How many records one message may have, so that some go out while others are confirmed.
    fn share(&self) -> u64 {
        let window = self.settings.ack_window;
        window.map_or(u64::MAX, |records| records.div_ceil(4))
    }

    /// Whether the next message would be more than may be under way.
    fn overflows(&self) -> bool {
        let (Some(most), Some(next)) = (self.settings.ack_window, self.cargo.next()) else {
            return false;
        };
        let (count, under_way) = (u64::from(next.count), self.cargo.under_way());
        count <= self.share() && under_way.messages > 0 && under_way.records + count > most
    }

    fn count(&self) {
        let records = self.cargo.under_way().records;
        self.lane.counters.in_flight.set(records);
    }

    /// Something came from the server.
    fn heard(&mut self, received: Received, link: &mut Link) -> Option<Fault> {
        link.timing.heard();
        match received {
            Received::Text(text) => self.answered(&text, link),
            Received::Binary(bytes) => {
                self.answered(&String::from_utf8_lossy(&bytes), link);
            }
            Received::Pong(payload) => {
                self.lane.counters.pongs.one();
                self.state.pings = Pings::Answered;
                if self.is_pinged()
                    && let Some(number) = link.confirmed_by(&payload)
                {
                    self.confirm(number, link);
                }
            }
            // Its pong is on its way.
            Received::Ping(_) => {}
            Received::Close(frame) => return Some(Fault::Closed(frame)),
            Received::Broken(violation) => return Some(Fault::Broken(violation)),
            Received::End => return Some(Fault::Gone("it ended without a Close".to_owned())),
        }
        None
    }

    /// The server has sent a message: it may confirm some of ours. Everything else is let pass.
    fn answered(&mut self, message: &str, link: &mut Link) {
        let Ack::Message(pattern) = &self.settings.ack else {
            return;
        };
        let number = match pattern.read(message) {
            Some(Confirms::UpTo(number)) => number.min(link.sent),
            Some(Confirms::Oldest) => self.cargo.oldest().unwrap_or(0),
            None => return,
        };
        self.lane.counters.acknowledgements.one();
        self.confirm(number, link);
    }

    fn confirm(&mut self, number: u64, link: &mut Link) {
        let confirmed = self.cargo.confirm(number);
        if confirmed.messages == 0 {
            return;
        }
        link.timing.went_on();
        link.has_confirmed = true;
        self.backoff.succeeded();
        self.state.is_accepting = true;
        if !confirmed.left_out.is_empty() {
            self.tell_left_out(&confirmed.left_out);
        }
        for serial in &confirmed.chunks {
            self.lane.delivered(*serial);
        }
        if !confirmed.chunks.is_empty() {
            self.state.is_careful = false;
        }
    }

    /// A deadline has come.
    fn due(&mut self, link: &mut Link) -> Option<Fault> {
        let is_waiting = link.has_unsent() || self.is_unconfirmed();
        let unsent = link.writer.unsent().unwrap_or(0);
        match link.timing.due(unsent, is_waiting) {
            Due::Nothing => None,
            Due::Ping => {
                link.probe(&self.lane.counters);
                None
            }
            Due::Over(fault) => Some(fault),
            Due::Unconfirmed => self.unconfirmed(link),
        }
    }

    /// The server takes messages and confirms none. One that has never answered a ping may not know how;
    /// it is believed, unless the records are on disk to be sure of them.
    fn unconfirmed(&mut self, link: &mut Link) -> Option<Fault> {
        let may_believe = matches!(self.settings.ack, Ack::Auto);
        if !may_believe || self.state.pings == Pings::Answered || self.cargo.is_stored() {
            return Some(Fault::Silent(self.settings.ack_timeout));
        }
        self.state.pings = Pings::Ignored;
        self.lane.log.warn(format_args!(
            "[output:{}] {}:{} answers no pings: records count as delivered once the system has taken them; \
             `ack pong` waits for pongs all the same",
            self.lane.name, self.settings.target.host, self.settings.target.port
        ));
        self.confirm(link.sent, link);
        None
    }
}
