//! What leaves and what comes is judged and counted here, for all connections of a thread.

use sockeye_wire::Kind;

use crate::limits::LATE;
use crate::load::Expect;
use crate::payload::{Echo, Payload};
use crate::tally::Tally;
use crate::waiting::{Sent, Verdict, Waiting};
use crate::watch::{Nanos, nanos};

/// The books of a thread.
#[derive(Debug)]
pub(crate) struct Ledger {
    pub(crate) tally: Tally,
    pub(crate) payload: Payload,
    pub(crate) expect: Expect,
    /// What was meant to leave before this is not measured.
    pub(crate) measure_from: Nanos,
    /// The time, as it was last asked for.
    pub(crate) now: Nanos,
    /// Measured messages that have left in the whole run.
    pub(crate) left: u64,
    /// When the last measured message was answered.
    last: Nanos,
}

impl Ledger {
    pub(crate) fn new(payload: Payload, expect: Expect) -> Self {
        Self {
            tally: Tally::default(),
            payload,
            expect,
            // Nothing is measured before a run has begun.
            measure_from: Nanos::MAX,
            now: 0,
            left: 0,
            last: 0,
        }
    }

    /// Time from the start of the measurement to the last answer.
    pub(crate) fn lasted(&self) -> Nanos {
        self.last.saturating_sub(self.measure_from)
    }

    /// A message leaves; whether on a grid.
    #[inline]
    pub(crate) fn leaves(&mut self, sent: Sent, is_on_grid: bool) {
        if sent.intended < self.measure_from {
            return;
        }
        self.left += 1;
        self.tally.sent += 1;
        self.tally.bytes_out += self.payload.len() as u64;
        if is_on_grid {
            let behind = sent.at.saturating_sub(sent.intended);
            self.tally.lateness.record(behind);
            self.tally.late += u64::from(behind > nanos(LATE));
        }
    }

    /// A message came.
    #[inline]
    pub(crate) fn comes(&mut self, waiting: &mut Waiting, kind: Kind, bytes: &[u8]) {
        if self.now >= self.measure_from {
            self.tally.bytes_in += bytes.len() as u64;
        }
        match self.expect {
            Expect::Echo => self.echoes(waiting, kind, bytes),
            Expect::Any => match waiting.oldest() {
                Some(sent) => self.answered(sent),
                None => self.tally.unasked += 1,
            },
            Expect::Nothing => self.tally.unasked += 1,
        }
    }

    #[inline]
    fn echoes(&mut self, waiting: &mut Waiting, kind: Kind, bytes: &[u8]) {
        match self.payload.recognise(kind, bytes) {
            Echo::Numbered(number) => match waiting.numbered(number) {
                Verdict::InOrder(sent) => self.answered(sent),
                Verdict::OutOfOrder(sent) => {
                    self.tally.out_of_order += 1;
                    self.answered(sent);
                }
                Verdict::Doubled => self.tally.doubled += 1,
                Verdict::Late => self.tally.overdue += 1,
                Verdict::Foreign => self.is_wrong(waiting),
            },
            Echo::Same => match waiting.oldest() {
                Some(sent) => self.answered(sent),
                None => self.tally.doubled += 1,
            },
            Echo::Foreign => self.is_wrong(waiting),
        }
    }

    /// A wrong answer is one: the message that it stands for waits no longer.
    #[cold]
    fn is_wrong(&mut self, waiting: &mut Waiting) {
        if waiting.oldest().is_some() {
            self.tally.wrong += 1;
        } else {
            self.tally.unasked += 1;
        }
    }

    /// A message has its answer.
    #[inline]
    pub(crate) fn answered(&mut self, sent: Sent) {
        if sent.intended >= self.measure_from {
            self.tally.answered += 1;
            self.tally
                .latencies
                .record(self.now.saturating_sub(sent.intended));
            self.last = self.now;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(expect: Expect) -> (Ledger, Waiting) {
        let mut ledger = Ledger::new(Payload::generated(16), expect);
        ledger.measure_from = 0;
        let mut waiting = Waiting::default();
        for at in 0..4 {
            let sent = Sent { intended: at, at };
            waiting.push(sent);
            ledger.leaves(sent, true);
        }
        ledger.now = 1_000;
        (ledger, waiting)
    }

    #[test]
    fn each_kind_of_answer_has_its_count() {
        let (mut ledger, mut waiting) = ledger(Expect::Echo);
        for number in [1, 0, 0] {
            let echo = ledger.payload.message(number).to_vec();
            ledger.comes(&mut waiting, Kind::Text, &echo);
        }
        ledger.comes(&mut waiting, Kind::Text, b"something else");
        let beyond = ledger.payload.message(9).to_vec();
        ledger.comes(&mut waiting, Kind::Text, &beyond);
        ledger.comes(&mut waiting, Kind::Text, b"nobody asked");
        let tally = &ledger.tally;
        assert_eq!((tally.sent, tally.answered), (4, 2));
        assert_eq!((tally.out_of_order, tally.doubled), (1, 1));
        assert_eq!((tally.wrong, tally.unasked), (2, 1));
        assert_eq!(tally.latencies.len(), 2);
    }

    #[test]
    fn any_answer_will_do_if_that_is_asked_for() {
        let (mut ledger, mut waiting) = ledger(Expect::Any);
        for _ in 0..5 {
            ledger.comes(&mut waiting, Kind::Binary, b"x");
        }
        assert_eq!((ledger.tally.answered, ledger.tally.unasked), (4, 1));
    }

    #[test]
    fn the_warm_up_is_not_measured() {
        let (mut ledger, mut waiting) = ledger(Expect::Any);
        ledger.tally = Tally::default();
        ledger.measure_from = 2;
        for _ in 0..4 {
            ledger.comes(&mut waiting, Kind::Text, b"x");
        }
        assert_eq!(ledger.tally.answered, 2);
        assert_eq!(ledger.lasted(), 998);
    }
}
