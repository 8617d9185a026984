//! Messages that wait: held back behind the next one, delayed, behind a slow consumer, on a thin line.
//! They pass in this order and leave in the order in which they entered the delay.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use super::settings::{Chaos, Slow};

/// Messages that wait on one connection, beside those in the queue of its slow consumer. Beyond, nothing
/// further is read from the client, and what nobody asked for is dropped.
const MOST_MESSAGES: usize = 4_096;

/// Their bytes. Beyond: as above.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Something that takes room.
pub(super) trait Load {
    /// Bytes that it keeps.
    fn bytes(&self) -> usize;
    /// Bits that it takes on the wire.
    fn bits(&self) -> u64;
}

/// The waiting messages of one connection.
#[derive(Debug)]
pub(super) struct Queues<T> {
    /// Held back until the next ones have gone, or until then.
    held: Option<(Instant, Vec<T>)>,
    /// When each is due.
    delayed: VecDeque<(Instant, T)>,
    slow: VecDeque<T>,
    /// When the slow consumer takes the next one.
    slow_at: Option<Instant>,
    line: VecDeque<(Instant, T)>,
    /// When all of what is on the line has passed.
    line_free: Option<Instant>,
    bytes: usize,
}

/// What leaves.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Leaving<T> {
    /// To be written.
    Go(T),
    /// The queue of the slow consumer was full.
    Lost(T),
}

impl<T> Default for Queues<T> {
    fn default() -> Self {
        Self {
            held: None,
            delayed: VecDeque::new(),
            slow: VecDeque::new(),
            slow_at: None,
            line: VecDeque::new(),
            line_free: None,
            bytes: 0,
        }
    }
}

impl<T: Load> Queues<T> {
    /// Whether nothing waits and nothing would have to.
    pub(super) fn is_idle(&self) -> bool {
        self.count() == 0
    }

    fn count(&self) -> usize {
        let held = self.held.as_ref().map_or(0, |(_, held)| held.len());
        held + self.delayed.len() + self.slow.len() + self.line.len()
    }

    /// Whether no more should come.
    pub(super) fn is_full(&self, chaos: &Chaos) -> bool {
        let is_slow = chaos
            .slow
            .is_some_and(|slow| !slow.drops && self.slow.len() >= slow.room);
        is_slow || self.load(chaos) >= 1.0
    }

    /// Whether no more may come, whoever asked for it.
    pub(super) fn is_overfull(&self, chaos: &Chaos) -> bool {
        self.load(chaos) >= 2.0
    }

    /// How much of what may wait waits.
    fn load(&self, chaos: &Chaos) -> f64 {
        let room = chaos.slow.map_or(0, |slow| slow.room);
        let share = |part: usize, all: usize| {
            let (part, all) = (u32::try_from(part), u32::try_from(all));
            f64::from(part.unwrap_or(u32::MAX)) / f64::from(all.unwrap_or(u32::MAX))
        };
        let messages = share(self.count(), MOST_MESSAGES.saturating_add(room));
        messages.max(share(self.bytes, MOST_BYTES))
    }

    /// Takes the copies of a message. `swaps`: it is held back, or goes before what is.
    pub(super) fn enter(
        &mut self,
        copies: Vec<T>,
        swaps: bool,
        delay: Duration,
        chaos: &Chaos,
        now: Instant,
    ) {
        self.bytes += copies.iter().map(Load::bytes).sum::<usize>();
        if swaps && self.held.is_none() {
            self.held = Some((now + chaos.window, copies));
            return;
        }
        let after = self.held.take().map(|(_, held)| held);
        for copy in copies.into_iter().chain(after.into_iter().flatten()) {
            self.delay(copy, now + delay);
        }
    }

    /// Nothing overtakes here.
    fn delay(&mut self, item: T, due: Instant) {
        let last = self.delayed.back().map_or(due, |(last, _)| *last);
        self.delayed.push_back((due.max(last), item));
    }

    /// What may leave now, one at a time.
    pub(super) fn leave(&mut self, chaos: &Chaos, now: Instant) -> Option<Leaving<T>> {
        if let Some((_, held)) = self.held.take_if(|(until, _)| *until <= now) {
            for item in held {
                self.delay(item, now);
            }
        }
        let lost = if let Some(slow) = chaos.slow {
            self.move_slowly(slow, chaos, now)
        } else {
            while let Some(item) = self.slow.pop_front() {
                self.put_on_line(item, chaos, now);
            }
            while let Some((due, item)) = self.due(now) {
                self.put_on_line(item, chaos, due);
            }
            None
        };
        let leaving = lost.or_else(|| {
            let (due, _) = self.line.front()?;
            if *due > now {
                return None;
            }
            self.line.pop_front().map(|(_, item)| Leaving::Go(item))
        })?;
        let (Leaving::Go(item) | Leaving::Lost(item)) = &leaving;
        self.bytes = self.bytes.saturating_sub(item.bytes());
        Some(leaving)
    }

    /// The next message whose delay is over, and when it was.
    fn due(&mut self, now: Instant) -> Option<(Instant, T)> {
        let (due, _) = self.delayed.front()?;
        if *due > now {
            return None;
        }
        self.delayed.pop_front()
    }

    /// Moves what is due to the queue of the slow consumer and takes from that what it takes; gives the
    /// first that has no room.
    fn move_slowly(&mut self, slow: Slow, chaos: &Chaos, now: Instant) -> Option<Leaving<T>> {
        loop {
            let takes = self.slow_at.is_none_or(|at| at <= now);
            if takes && let Some(item) = self.slow.pop_front() {
                // On its beat, unless it has waited for work.
                let beat = self.slow_at.filter(|at| now < *at + slow.every);
                self.slow_at = Some(beat.unwrap_or(now) + slow.every);
                self.put_on_line(item, chaos, now);
                continue;
            }
            let has_room = self.slow.len() < slow.room;
            if !has_room && !slow.drops {
                return None;
            }
            let (_, item) = self.due(now)?;
            if !has_room {
                return Some(Leaving::Lost(item));
            }
            self.slow.push_back(item);
        }
    }

    /// A message has passed a line when its last bit has.
    fn put_on_line(&mut self, item: T, chaos: &Chaos, from: Instant) {
        let due = match chaos.bandwidth {
            None => from,
            Some(bits) => {
                let start = self.line_free.map_or(from, |free| free.max(from));
                let nanos = u128::from(item.bits()) * 1_000_000_000 / u128::from(bits.max(1));
                let nanos = u64::try_from(nanos).unwrap_or(u64::MAX);
                // More than a day is as good as never.
                let due = start + Duration::from_nanos(nanos).min(Duration::from_hours(24));
                self.line_free = Some(due);
                due
            }
        };
        self.line.push_back((due, item));
    }

    /// When something can leave next.
    pub(super) fn next(&self, chaos: &Chaos) -> Option<Instant> {
        let held = self.held.as_ref().map(|(until, _)| *until);
        let line = self.line.front().map(|(due, _)| *due);
        let is_blocked = chaos
            .slow
            .is_some_and(|slow| !slow.drops && self.slow.len() >= slow.room);
        let delayed = self.delayed.front().map(|(due, _)| *due);
        let delayed = delayed.filter(|_| !is_blocked);
        let now_or_at = self.slow_at.filter(|_| chaos.slow.is_some());
        let slow = self
            .slow
            .front()
            .map(|_| now_or_at.unwrap_or_else(Instant::now));
        [held, line, delayed, slow].into_iter().flatten().min()
    }

    /// Everything that waits, in the order in which it would leave.
    pub(super) fn flush(&mut self) -> Vec<T> {
        self.bytes = 0;
        let line = self.line.drain(..).map(|(_, item)| item);
        let mut all: Vec<T> = line.chain(self.slow.drain(..)).collect();
        all.extend(self.delayed.drain(..).map(|(_, item)| item));
        all.extend(self.held.take().into_iter().flat_map(|(_, held)| held));
        all
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::chaos::Said;

    const MS: Duration = Duration::from_millis(1);
    const NONE: [i64; 0] = [];

    impl Load for u32 {
        fn bytes(&self) -> usize {
            100
        }

        fn bits(&self) -> u64 {
            800
        }
    }

    fn chaos(entries: &[(&'static str, Value)]) -> Chaos {
        let mut said = Said::default();
        for (path, value) in entries {
            said.set(path, value.clone());
        }
        Chaos::new(said)
    }

    struct Bench {
        chaos: Chaos,
        queues: Queues<u32>,
        start: Instant,
    }

    impl Bench {
        fn new(entries: &[(&'static str, Value)]) -> Self {
            Self {
                chaos: chaos(entries),
                queues: Queues::default(),
                start: Instant::now(),
            }
        }

        fn enter(&mut self, at: u32, item: u32, swaps: bool, delay: u32) {
            let now = self.start + MS * at;
            let delay = MS * delay;
            self.queues
                .enter(vec![item], swaps, delay, &self.chaos, now);
        }

        /// What leaves at an instant; what is lost as its negative.
        fn leave(&mut self, at: u32) -> Vec<i64> {
            let now = self.start + MS * at;
            let leave = || self.queues.leave(&self.chaos, now);
            std::iter::from_fn(leave)
                .map(|leaving| match leaving {
                    Leaving::Go(item) => i64::from(item),
                    Leaving::Lost(item) => -i64::from(item),
                })
                .collect()
        }

        fn next(&self) -> Option<u128> {
            let next = self.queues.next(&self.chaos)?;
            Some((next - self.start).as_millis())
        }
    }

    #[test]
    fn a_message_that_swaps_goes_behind_the_next_or_alone_when_its_window_is_over() {
        let mut bench = Bench::new(&[("reorder_window_ms", json!(50))]);
        bench.enter(0, 1, true, 0);
        assert_eq!((bench.leave(0), bench.next()), (vec![], Some(50)));
        bench.enter(1, 2, false, 0);
        assert_eq!(bench.leave(1), [2, 1]);
        bench.enter(2, 3, true, 0);
        bench.enter(2, 4, true, 0);
        assert_eq!(bench.leave(2), [4, 3], "two that are hit change places");
        bench.enter(3, 5, true, 0);
        assert_eq!(bench.leave(52), NONE);
        assert_eq!(bench.leave(53), [5]);
        assert!(bench.queues.is_idle());
    }

    #[test]
    fn delays_neither_reorder_nor_add_up() {
        let mut bench = Bench::new(&[]);
        bench.enter(0, 1, false, 100);
        bench.enter(10, 2, false, 20);
        bench.enter(20, 3, false, 90);
        assert_eq!(bench.leave(99), NONE);
        assert_eq!(bench.next(), Some(100));
        assert_eq!(bench.leave(100), [1, 2], "not before its predecessor");
        assert_eq!(bench.leave(110), [3]);
    }

    #[test]
    fn a_slow_consumer_takes_one_at_a_time_and_what_finds_no_room_is_lost() {
        let mut bench = Bench::new(&[
            ("slow_consumer.delay_ms", json!(10)),
            ("slow_consumer.buffer_size", json!(2)),
            ("slow_consumer.drop_when_full", json!(true)),
        ]);
        for item in 1..=5 {
            bench.enter(0, item, false, 0);
        }
        assert_eq!(bench.leave(0), [-4, -5, 1], "the newest are dropped");
        assert_eq!(bench.next(), Some(10));
        assert_eq!(bench.leave(9), NONE);
        assert_eq!(bench.leave(11), [2]);
        assert_eq!(bench.leave(20), [3], "the beat is kept");
        bench.enter(100, 6, false, 0);
        assert_eq!(bench.leave(100), [6]);
        assert!(!bench.queues.is_full(&bench.chaos));
    }

    #[test]
    fn a_slow_consumer_that_drops_nothing_is_full() {
        let mut bench = Bench::new(&[
            ("slow_consumer.delay_ms", json!(10)),
            ("slow_consumer.buffer_size", json!(1)),
        ]);
        for item in 1..=3 {
            bench.enter(0, item, false, 0);
        }
        assert_eq!(bench.leave(0), [1]);
        assert!(bench.queues.is_full(&bench.chaos));
        assert_eq!(bench.next(), Some(10));
        assert_eq!(bench.leave(10), [2]);
        assert_eq!(bench.leave(20), [3]);
        assert!(!bench.queues.is_full(&bench.chaos));
    }

    #[test]
    fn a_thin_line_passes_bit_by_bit() {
        let mut bench = Bench::new(&[("bandwidth_bps", json!(8_000))]);
        bench.enter(0, 1, false, 0);
        bench.enter(0, 2, false, 0);
        assert_eq!(bench.leave(99), NONE);
        assert_eq!(bench.leave(100), [1]);
        assert_eq!(bench.leave(199), NONE);
        assert_eq!(bench.leave(200), [2]);
        bench.enter(1_000, 3, false, 0);
        assert_eq!((bench.leave(1_099), bench.leave(1_100)), (vec![], vec![3]));
    }

    #[test]
    fn what_waits_is_bounded_and_flushed_in_order() {
        let mut bench = Bench::new(&[]);
        for item in 0..8_192 {
            let full = bench.queues.is_full(&bench.chaos);
            assert_eq!(full, item >= 4_096, "{item}");
            assert!(!bench.queues.is_overfull(&bench.chaos));
            bench.enter(0, item, false, 5);
        }
        assert!(bench.queues.is_overfull(&bench.chaos));
        bench.enter(0, 9_000, true, 0);
        let all = bench.queues.flush();
        assert_eq!((all.len(), all[0], all[8_191]), (8_193, 0, 8_191));
        assert_eq!(all.last(), Some(&9_000));
        assert!(bench.queues.is_idle() && !bench.queues.is_full(&bench.chaos));
    }

    #[test]
    fn a_setting_that_is_gone_lets_go_what_it_held() {
        let mut bench = Bench::new(&[("slow_consumer.delay_ms", json!(60_000))]);
        for item in 1..=3 {
            bench.enter(0, item, false, 0);
        }
        assert_eq!(bench.leave(0), [1]);
        bench.chaos = chaos(&[]);
        assert_eq!(bench.leave(1), [2, 3]);
    }
}
