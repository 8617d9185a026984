//! Messages of one connection that wait for their answers, and what an answer is taken for.

use std::collections::VecDeque;

use crate::limits::REMEMBERED;
use crate::watch::Nanos;

/// A message that has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// When it was meant to leave.
    pub(crate) intended: Nanos,
    /// When it left; [`ANSWERED`] once its answer has come.
    pub(crate) at: Nanos,
}

const ANSWERED: Nanos = Nanos::MAX;

/// What an echo with a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The answer to the oldest message that waits.
    InOrder(Sent),
    /// The answer to a message while an older one still waits.
    OutOfOrder(Sent),
    /// A message that was answered before.
    Doubled,
    /// The answer to a message that was given up.
    Late,
    /// A number that was not sent.
    Foreign,
}

/// The messages that wait, in the order they left. The oldest of them has no answer.
#[derive(Debug, Default)]
pub(crate) struct Waiting {
    /// Number of the oldest.
    first: u64,
    queue: VecDeque<Sent>,
    /// Numbers of the last messages that were given up.
    lost: VecDeque<u64>,
}

impl Waiting {
    /// The number of the next message.
    #[inline]
    pub(crate) fn next(&self) -> u64 {
        self.first + self.queue.len() as u64
    }

    /// Messages that count for the window.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.queue.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// A message leaves.
    #[inline]
    pub(crate) fn push(&mut self, sent: Sent) {
        self.queue.push_back(sent);
    }

    /// Takes the oldest message as answered.
    #[inline]
    pub(crate) fn oldest(&mut self) -> Option<Sent> {
        let sent = self.queue.pop_front()?;
        self.first += 1;
        self.forget_answered();
        Some(sent)
    }

    /// Takes the message with this number, modulo 2^32, as answered.
    #[inline]
    pub(crate) fn numbered(&mut self, number: u32) -> Verdict {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "numbers start again at 2^32"
        )]
        let first = self.first as u32;
        let ahead = number.wrapping_sub(first);
        if ahead == 0
            && let Some(sent) = self.oldest()
        {
            return Verdict::InOrder(sent);
        }
        let place = usize::try_from(ahead).unwrap_or(usize::MAX);
        match self.queue.get_mut(place) {
            None => self.of_the_past(u64::from(first.wrapping_sub(number))),
            Some(sent) if sent.at == ANSWERED => Verdict::Doubled,
            Some(sent) => {
                let answered = *sent;
                sent.at = ANSWERED;
                Verdict::OutOfOrder(answered)
            }
        }
    }

    /// What the message is that left `back` messages before the oldest.
    #[cold]
    fn of_the_past(&mut self, back: u64) -> Verdict {
        if back == 0 || back > self.first {
            return Verdict::Foreign;
        }
        let number = self.first - back;
        match self.lost.iter().position(|lost| *lost == number) {
            Some(place) => {
                self.lost.remove(place);
                Verdict::Late
            }
            None => Verdict::Doubled,
        }
    }

    /// Gives up what left before `instant`; gives each to `lost`.
    pub(crate) fn give_up(&mut self, instant: Nanos, mut lost: impl FnMut(Sent)) {
        while let Some(sent) = self.queue.pop_front_if(|sent| sent.at < instant) {
            if self.lost.len() == REMEMBERED {
                self.lost.pop_front();
            }
            self.lost.push_back(self.first);
            self.first += 1;
            self.forget_answered();
            lost(sent);
        }
    }

    /// Gives up everything.
    pub(crate) fn abandon(&mut self, mut lost: impl FnMut(Sent)) {
        self.first = self.next();
        for sent in std::mem::take(&mut self.queue) {
            if sent.at != ANSWERED {
                lost(sent);
            }
        }
    }

    #[inline]
    fn forget_answered(&mut self) {
        while self
            .queue
            .pop_front_if(|sent| sent.at == ANSWERED)
            .is_some()
        {
            self.first += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(messages: u64) -> Waiting {
        let mut waiting = Waiting::default();
        for at in 0..messages {
            waiting.push(Sent { intended: at, at });
        }
        waiting
    }

    fn sent(at: Nanos) -> Sent {
        Sent { intended: at, at }
    }

    #[test]
    fn answers_in_their_order_empty_the_queue() {
        let mut waiting = waiting(3);
        for number in 0..3 {
            let verdict = waiting.numbered(number);
            assert_eq!(verdict, Verdict::InOrder(sent(u64::from(number))));
        }
        assert!(waiting.is_empty());
        assert_eq!(waiting.next(), 3);
    }

    #[test]
    fn an_answer_before_an_older_one_is_out_of_order_and_its_second_doubled() {
        let mut waiting = waiting(3);
        assert_eq!(waiting.numbered(1), Verdict::OutOfOrder(sent(1)));
        assert_eq!(waiting.numbered(1), Verdict::Doubled);
        assert_eq!(waiting.numbered(0), Verdict::InOrder(sent(0)));
        assert_eq!(waiting.len(), 1, "the answered one went with the first");
        assert_eq!(waiting.numbered(0), Verdict::Doubled);
        assert_eq!(waiting.numbered(2), Verdict::InOrder(sent(2)));
        assert_eq!(waiting.numbered(3), Verdict::Foreign);
        assert_eq!(waiting.numbered(u32::MAX), Verdict::Foreign);
    }

    #[test]
    fn what_is_given_up_may_still_come_once() {
        let mut waiting = waiting(4);
        assert_eq!(waiting.numbered(1), Verdict::OutOfOrder(sent(1)));
        let mut lost = Vec::new();
        waiting.give_up(3, |sent| lost.push(sent.at));
        assert_eq!(lost, [0, 2], "1 was answered");
        assert_eq!(waiting.len(), 1);
        assert_eq!(waiting.numbered(2), Verdict::Late);
        assert_eq!(waiting.numbered(2), Verdict::Doubled);
        assert_eq!(waiting.numbered(1), Verdict::Doubled);
        assert_eq!(waiting.numbered(3), Verdict::InOrder(sent(3)));
    }

    #[test]
    fn numbers_go_on_behind_their_end() {
        let mut waiting = Waiting {
            first: u64::from(u32::MAX),
            ..Waiting::default()
        };
        waiting.push(sent(0));
        waiting.push(sent(1));
        assert_eq!(waiting.numbered(u32::MAX), Verdict::InOrder(sent(0)));
        assert_eq!(waiting.numbered(0), Verdict::InOrder(sent(1)));
    }

    #[test]
    fn the_end_loses_what_has_no_answer() {
        let mut waiting = waiting(3);
        waiting.numbered(1);
        let mut lost = 0;
        waiting.abandon(|_| lost += 1);
        assert_eq!((lost, waiting.len(), waiting.next()), (2, 0, 3));
    }
}
