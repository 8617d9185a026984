//! A message of a shipper passes through here: decoded, counted, kept, written, acknowledged, or refused.

use std::sync::Arc;

use sockeye_net::{Message, Outbox};
use sockeye_ship::decode::{Decoded, Format, Manner, decode};
use sockeye_ship::format::Objects;
use sockeye_wire::CloseCode;

use super::ledger::Ledger;
use super::receipts::Receipts;
use super::settings::Sink;
use super::writer::Lines;
use crate::js::Ask;
use crate::plan::Responder;
use crate::session::{MockSession, Parts};

/// What one connection has brought to its sink.
#[derive(Debug, Default)]
pub(crate) struct Intake {
    /// The sink's ledger, once it is known.
    ledger: Option<Arc<Ledger>>,
    /// Which connection of the sink this is, the first one being 1.
    number: u64,
    messages: u64,
    /// What is written of its messages, where that is waited for.
    receipts: Option<Arc<Receipts>>,
    /// Number of the last message that was considered for an acknowledgement.
    answered: u64,
}

impl Intake {
    /// Acknowledges the messages up to this one that are due and were not.
    fn answer(&mut self, sink: &Sink, number: u64, out: &mut Outbox<'_>) {
        let (Some(every), Some(ledger)) = (sink.ack_every, &self.ledger) else {
            return;
        };
        let due = (self.answered + 1..=number).filter(|number| number.is_multiple_of(every));
        for number in due {
            ledger.entries().acknowledged += 1;
            out.text(&format!("{{\"ack\": {number}}}"));
        }
        self.answered = self.answered.max(number);
    }
}

impl MockSession {
    /// A route that is a sink counts the connection.
    pub(crate) fn count_at_sink(&mut self) {
        if !matches!(self.route.responder, Responder::Sink(_)) || self.intake.ledger.is_some() {
            return;
        }
        let ledger = self.world.sinks.of(&self.route.name);
        self.intake.number = ledger.connect();
        self.intake.ledger = Some(ledger);
    }
}

impl Parts<'_> {
    /// Takes a message in. No script follows it.
    pub(crate) fn take_in(
        self,
        sink: &Sink,
        message: Message<'_>,
        out: &mut Outbox<'_>,
    ) -> Option<Ask> {
        let ledger = self.intake.ledger.clone()?;
        self.intake.messages += 1;
        let messages = self.intake.messages;
        let is_binary = matches!(message, Message::Binary(_)) && !out.is_loose_text();
        if sink.waits_for_file() && self.intake.receipts.is_none() {
            self.intake.receipts = Some(Arc::new(Receipts::new(out.bell())));
        }
        let decoded = self.enter(sink, &ledger, message.bytes(), is_binary);
        if let Some(fault) = &decoded.fault
            && sink.manner == Manner::Strict
        {
            out.close(close_code(sink, &decoded), fault);
            return None;
        }
        if let Some(drop) = sink.drop
            && drop.is_due(self.intake.number, messages)
        {
            ledger.entries().dropped += 1;
            out.cut(drop.how);
            return None;
        }
        if self.intake.receipts.is_none() {
            self.intake.answer(sink, messages, out);
        }
        None
    }

    /// Acknowledges what was written meanwhile. A connection whose records could not be written ends: its
    /// shipper still has them.
    pub(crate) fn acknowledge_written(self, out: &mut Outbox<'_>) {
        let Responder::Sink(sink) = &self.route.responder else {
            return;
        };
        let Some(receipts) = self.intake.receipts.clone() else {
            return;
        };
        self.intake.answer(sink, receipts.written(), out);
        if receipts.has_failed() {
            out.close(CloseCode::INTERNAL, "the records cannot be written");
        }
    }

    /// Enters a message into the ledger, and its records into the file.
    fn enter(&self, sink: &Sink, ledger: &Arc<Ledger>, bytes: &[u8], is_binary: bool) -> Decoded {
        let world = self.voice.world;
        let of = (self.voice.facts.number(), world.clock().now());
        let objects = sink.file.as_ref().map(|_| Objects::default());
        let mut lines = Vec::new();
        let mut entries = ledger.entries();
        let mut decoded = match wrong_format(sink, bytes) {
            Some(decoded) => decoded,
            None => decode(bytes, is_binary, sink.manner, |record| {
                if sink.keep > 0 {
                    entries.keep(record, of, sink.keep);
                }
                if let Some(objects) = &objects {
                    // A record that was decoded can be said.
                    let _ = objects.append(&mut lines, record.time, record.metadata, record.body);
                    lines.push(b'\n');
                }
            }),
        };
        settle_format(sink, &mut decoded);
        entries.count(bytes.len(), &decoded);
        drop(entries);
        let receipts = self.intake.receipts.as_ref();
        // A message without records is acknowledged in its turn, too.
        let is_awaited = !lines.is_empty() || receipts.is_some();
        if let Some(file) = sink.file.as_ref().filter(|_| is_awaited) {
            world.sinks.writer.write(Lines {
                file: file.clone(),
                bytes: lines,
                records: u64::from(decoded.records),
                ledger: Arc::clone(ledger),
                is_synced: sink.sync,
                receipt: receipts.map(|receipts| (self.intake.messages, Arc::clone(receipts))),
            });
        }
        decoded
    }
}

/// What a shipper is told that sent another format than is wanted, or none; or one with a fault.
fn close_code(sink: &Sink, decoded: &Decoded) -> CloseCode {
    let is_wanted = decoded.format.is_some()
        && sink
            .format
            .is_none_or(|wanted| decoded.format == Some(wanted));
    if is_wanted {
        CloseCode::INVALID_PAYLOAD
    } else {
        CloseCode::UNSUPPORTED
    }
}

/// What is said of a message whose first bytes are of a format that is not wanted. Objects of JSON are
/// told apart only when they are read.
fn wrong_format(sink: &Sink, bytes: &[u8]) -> Option<Decoded> {
    let wanted = sink.format?;
    let found = Format::of(bytes)?;
    let is_object = |format| {
        matches!(
            format,
            Format::JsonLines | Format::JsonStream | Format::Gelf
        )
    };
    if found == wanted || is_object(found) && is_object(wanted) {
        return None;
    }
    let fault = format!("{} where {} is wanted", found.name(), wanted.name());
    Some(Decoded {
        format: Some(found),
        fault: Some(fault),
        ..Decoded::default()
    })
}

/// Objects that were read and are of another format than is wanted. One object is as good as a line, and a
/// message of GELF is one, too.
fn settle_format(sink: &Sink, decoded: &mut Decoded) {
    let (Some(wanted), Some(found)) = (sink.format, decoded.format) else {
        return;
    };
    if decoded.fault.is_some() || found == wanted {
        return;
    }
    let is_alike = decoded.records <= 1 && wanted != Format::Gelf;
    if is_alike {
        decoded.format = Some(wanted);
    } else {
        decoded.fault = Some(format!(
            "{} where {} is wanted",
            found.name(),
            wanted.name()
        ));
    }
}
