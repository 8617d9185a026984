//! When each message of a thread is meant to leave.

use crate::load::{Load, Span};
use crate::watch::{Nanos, nanos};

/// Which of all open connections a thread has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Part {
    /// Number of the thread.
    pub(crate) thread: usize,
    /// Connections of the threads before it.
    pub(crate) before: usize,
    /// Its own connections, at least one.
    pub(crate) own: usize,
    /// Connections of all threads.
    pub(crate) all: usize,
}

/// What a thread is to do, from the start of a run to its end.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    /// From here on messages are counted.
    pub(crate) measure_from: Nanos,
    /// From here on nothing is meant to leave; without a rate and with a number of messages there is no such instant.
    pub(crate) end: Nanos,
    /// The instants, where there is a rate.
    pub(crate) grid: Option<Grid>,
    /// Messages that each of the thread's connections has to send, in their order, where they are counted and there
    /// is no rate.
    pub(crate) quotas: Option<Vec<u64>>,
}

/// Instants at equal distances, dealt to the connections of a thread in turn.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    /// The first instant.
    start: Nanos,
    /// Distance of two instants, in nanoseconds.
    distance: f64,
    /// Connections.
    lanes: u64,
    /// How many instants there are.
    pub(crate) count: u64,
    /// How many of them belong to the warm-up.
    pub(crate) warm: u64,
}

impl Course {
    /// The course of a thread in a run that begins at `start`.
    pub(crate) fn new(load: &Load, start: Nanos, part: Part) -> Self {
        let warm = nanos(load.warm_up);
        let measure_from = start.saturating_add(warm);
        if let Some(rate) = load.rate {
            let grid = Grid::new(load, rate, start, part);
            return Self {
                measure_from,
                end: grid.instant(grid.count),
                grid: Some(grid),
                quotas: None,
            };
        }
        let (end, quotas) = match load.span {
            Span::Time(time) => (measure_from.saturating_add(nanos(time)), None),
            Span::Messages(all) => {
                let own = part.before..part.before + part.own;
                let quotas = own.map(|number| share(all, number, 1, part.all));
                (Nanos::MAX, Some(quotas.collect()))
            }
        };
        Self {
            measure_from,
            end,
            grid: None,
            quotas,
        }
    }
}

impl Grid {
    fn new(load: &Load, rate: f64, start: Nanos, part: Part) -> Self {
        let all = 1e9 / rate;
        // Threads leave in turn, as if there were one.
        let offset = all * float(part.thread as u64);
        let distance = all * float(part.all as u64) / float(part.own as u64);
        let before = |time: f64| whole(((time - offset) / distance).ceil());
        let warm_up = load.warm_up.as_secs_f64() * 1e9;
        let warm = before(warm_up);
        let count = match load.span {
            Span::Time(time) => before(warm_up + time.as_secs_f64() * 1e9),
            Span::Messages(all) => warm + share(all, part.before, part.own, part.all),
        };
        Self {
            start: start.saturating_add(whole(offset)),
            distance,
            lanes: part.own as u64,
            count,
            warm,
        }
    }

    /// The instant of this number.
    #[inline]
    pub(crate) fn instant(&self, number: u64) -> Nanos {
        self.start
            .saturating_add(whole(float(number) * self.distance))
    }

    /// The connection that an instant belongs to.
    #[inline]
    pub(crate) fn lane(&self, number: u64) -> usize {
        usize::try_from(number % self.lanes).unwrap_or_default()
    }

    /// The instant of a connection's message of this number.
    #[inline]
    pub(crate) fn of_lane(&self, lane: usize, number: u64) -> Nanos {
        self.instant(number * self.lanes + lane as u64)
    }
}

/// What `own` of `all` get of a number of messages, when those before them have theirs.
fn share(messages: u64, before: usize, own: usize, all: usize) -> u64 {
    let up_to = |connections: usize| {
        let part = u128::from(messages) * connections as u128 / all.max(1) as u128;
        u64::try_from(part).unwrap_or(u64::MAX)
    };
    up_to(before + own) - up_to(before)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "exact up to 2^53 nanoseconds or messages, which are months"
)]
fn float(number: u64) -> f64 {
    number as f64
}

/// Below zero is zero, beyond the largest number is that.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, which is what is wanted"
)]
fn whole(number: f64) -> u64 {
    number as u64
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::load::Expect;
    use crate::payload::Payload;

    fn load(rate: Option<f64>, span: Span) -> Load {
        Load {
            connections: 5,
            ramp: None,
            threads: 2,
            rate,
            window: None,
            span,
            warm_up: Duration::from_secs(1),
            payload: Payload::generated(8),
            expect: Expect::Echo,
            answer_within: Duration::ZERO,
        }
    }

    /// Three connections on one thread, two on another.
    fn parts() -> [Part; 2] {
        [(0, 0, 3), (1, 3, 2)].map(|(thread, before, own)| Part {
            thread,
            before,
            own,
            all: 5,
        })
    }

    #[test]
    fn threads_together_keep_the_rate_and_every_connection_its_share() {
        let load = load(Some(1_000.0), Span::Time(Duration::from_secs(4)));
        let courses = parts().map(|part| Course::new(&load, 0, part));
        let grids = courses.map(|course| course.grid.unwrap());
        let counts: Vec<u64> = grids.iter().map(|grid| grid.count).collect();
        assert_eq!(counts, [3_000, 2_000]);
        let warm: Vec<u64> = grids.iter().map(|grid| grid.warm).collect();
        assert_eq!(warm, [600, 400]);
        let [three, _] = &grids;
        assert_eq!(three.instant(0), 0);
        assert_eq!(three.instant(3), 5_000_000, "a connection has 200 a second");
        assert_eq!((three.lane(4), three.of_lane(1, 1)), (1, three.instant(4)));
        assert!(three.instant(599) < 1_000_000_000 && three.instant(600) >= 1_000_000_000);
    }

    #[test]
    fn a_number_of_messages_is_dealt_without_rest() {
        let messages = Span::Messages(1_003);
        let open = parts().map(|part| Course::new(&load(Some(100.0), messages), 0, part));
        let measured = open.map(|course| {
            let grid = course.grid.unwrap();
            grid.count - grid.warm
        });
        assert_eq!(measured.iter().sum::<u64>(), 1_003);
        let closed = parts().map(|part| Course::new(&load(None, messages), 7, part));
        let quotas: Vec<u64> = closed
            .iter()
            .flat_map(|course| course.quotas.clone().unwrap())
            .collect();
        assert_eq!(quotas.len(), 5);
        assert_eq!(quotas.iter().sum::<u64>(), 1_003);
        assert!(quotas.iter().all(|quota| (200..=201).contains(quota)));
        assert_eq!(closed[0].measure_from, 1_000_000_007);
        assert_eq!(closed[0].end, Nanos::MAX);
    }
}
