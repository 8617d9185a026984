//! What a run counts, by thread and second, and added up.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::latencies::Latencies;

/// What was counted. Messages that were meant to leave during the warm-up are in none of the figures of the first
/// group; faults count from the first message on.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Messages that left.
    pub sent: u64,
    /// Messages that have their answer.
    pub answered: u64,
    /// Bytes of payloads that left.
    pub bytes_out: u64,
    /// Bytes of payloads that came.
    pub bytes_in: u64,
    /// Messages that left more than a millisecond behind their instant.
    pub late: u64,
    /// From the instant at which a message was meant to leave, or without a rate did, to its answer.
    pub latencies: Latencies,
    /// How far behind its instant each message left.
    pub lateness: Latencies,

    /// Messages without an answer in time, or on a connection that ended before.
    pub lost: u64,
    /// Answers that came after their message had been given up.
    pub overdue: u64,
    /// Answers that are not the echo of their message.
    pub wrong: u64,
    /// Answers to messages that had one.
    pub doubled: u64,
    /// Answers that came before the answer to an older message.
    pub out_of_order: u64,
    /// Messages that came while none of ours waited for an answer.
    pub unasked: u64,
    /// Messages that were meant to leave and never could.
    pub unsent: u64,
    /// Messages that waited for their answer when the run was broken off.
    pub in_flight: u64,
    /// Connections that the server ended, by the code of its Close; 1005 without a code, 1006 without a Close.
    pub closed: BTreeMap<u16, u64>,
    /// Connections on which the server broke the protocol.
    pub broken: u64,
    /// What the first fault of a connection was, in words.
    pub first_fault: Option<String>,

    /// CPU time that the threads needed for what is measured.
    pub cpu: Duration,
    /// Time from the start of the measurement to the last answer, or to the last message without answers.
    pub lasted: Duration,
    /// Connections that are open.
    pub open: u64,
}

impl Tally {
    /// Adds what another thread or second has counted.
    pub fn add(&mut self, other: &Self) {
        self.sent += other.sent;
        self.answered += other.answered;
        self.bytes_out += other.bytes_out;
        self.bytes_in += other.bytes_in;
        self.late += other.late;
        self.latencies.add(&other.latencies);
        self.lateness.add(&other.lateness);
        self.lost += other.lost;
        self.overdue += other.overdue;
        self.wrong += other.wrong;
        self.doubled += other.doubled;
        self.out_of_order += other.out_of_order;
        self.unasked += other.unasked;
        self.unsent += other.unsent;
        self.in_flight += other.in_flight;
        for (code, count) in &other.closed {
            *self.closed.entry(*code).or_default() += count;
        }
        self.broken += other.broken;
        if self.first_fault.is_none() {
            self.first_fault.clone_from(&other.first_fault);
        }
        self.cpu += other.cpu;
        self.lasted = self.lasted.max(other.lasted);
        self.open += other.open;
    }

    /// Messages whose answer never came, came wrong or came in the wrong place, and those that never left.
    pub fn faults(&self) -> u64 {
        self.lost + self.wrong + self.doubled + self.out_of_order + self.unsent
    }

    /// Messages per second that were answered.
    pub fn rate(&self) -> f64 {
        let seconds = self.lasted.as_secs_f64();
        if seconds > 0.0 {
            as_float(self.answered) / seconds
        } else {
            0.0
        }
    }

    /// CPU time of ours to each message that was answered.
    pub fn cpu_per_message(&self) -> Duration {
        let seconds = self.cpu.as_secs_f64() / as_float(self.answered.max(1));
        Duration::from_secs_f64(seconds)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts below 2^53 are exact, and nobody waits for more"
)]
fn as_float(count: u64) -> f64 {
    count as f64
}
