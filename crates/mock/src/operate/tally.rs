//! What connections that have ended leave behind: how they ended, how long they lasted, what they carried.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sockeye_net::{Ending, Totals};
use sockeye_wire::CloseCode;

/// Upper bounds of the durations that are counted together, in seconds.
pub const DURATION_BOUNDS: [f64; 8] = [0.1, 1.0, 10.0, 60.0, 300.0, 1_800.0, 7_200.0, 86_400.0];

/// Counts of a server since its start.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    too_big: AtomicU64,
    protocol: AtomicU64,
    timeout: AtomicU64,
    slow: AtomicU64,
    io: AtomicU64,
    internal: AtomicU64,
    upstream: AtomicU64,
    durations: [AtomicU64; DURATION_BOUNDS.len() + 1],
    milliseconds: AtomicU64,
    /// What connections that have ended have carried, by the name under which their route is
    /// counted, of which there are not many.
    routes: Mutex<BTreeMap<String, Totals>>,
}

/// How connections have ended and what they have carried.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Connections closed because a message was too long.
    pub too_big: u64,
    /// Connections closed because the peer broke the protocol.
    pub protocol: u64,
    /// Connections closed because the peer was silent.
    pub timeout: u64,
    /// Connections closed because the peer did not read.
    pub slow: u64,
    /// Connections that ended without a Close.
    pub io: u64,
    /// Connections closed because of a fault of ours.
    pub internal: u64,
    /// Connections closed because the server behind was lost.
    pub upstream: u64,
    /// Durations: how many lasted at most as long as each bound, and all of them last.
    pub durations: Vec<u64>,
    /// The sum of all durations, in seconds.
    pub seconds: f64,
    /// What each route has carried, open connections included.
    pub routes: BTreeMap<String, Totals>,
}

impl Tally {
    /// A connection has ended.
    pub(crate) fn ended(&self, ending: &Ending, lasted: Duration, route: &str, carried: Totals) {
        let kind = match ending {
            Ending::Violation(violation) if violation.code == CloseCode::TOO_BIG => &self.too_big,
            Ending::Violation(_) | Ending::ControlFlood => &self.protocol,
            Ending::PingTimeout | Ending::Idle => &self.timeout,
            Ending::SlowConsumer => &self.slow,
            Ending::Lost => &self.io,
            Ending::Panicked => &self.internal,
            Ending::UpstreamLost(_) => &self.upstream,
            _ => return self.lasted(lasted, route, carried),
        };
        kind.fetch_add(1, Relaxed);
        self.lasted(lasted, route, carried);
    }

    fn lasted(&self, lasted: Duration, route: &str, carried: Totals) {
        let seconds = lasted.as_secs_f64();
        let at = DURATION_BOUNDS.iter().position(|bound| seconds <= *bound);
        let count = self.durations.get(at.unwrap_or(DURATION_BOUNDS.len()));
        if let Some(count) = count {
            count.fetch_add(1, Relaxed);
        }
        let milliseconds = u64::try_from(lasted.as_millis()).unwrap_or(u64::MAX);
        self.milliseconds.fetch_add(milliseconds, Relaxed);
        let mut routes = self.routes();
        match routes.get_mut(route) {
            Some(known) => add(known, carried),
            None => drop(routes.insert(route.to_owned(), carried)),
        }
    }

    /// The counts, with what open connections have carried.
    pub(crate) fn figures(&self, open: impl Iterator<Item = (String, Totals)>) -> Figures {
        let mut routes = self.routes().clone();
        for (route, carried) in open {
            add(routes.entry(route).or_default(), carried);
        }
        let mut sum = 0;
        let durations = self.durations.iter().map(|count| {
            sum += count.load(Relaxed);
            sum
        });
        let durations = durations.collect();
        Figures {
            too_big: self.too_big.load(Relaxed),
            protocol: self.protocol.load(Relaxed),
            timeout: self.timeout.load(Relaxed),
            slow: self.slow.load(Relaxed),
            io: self.io.load(Relaxed),
            internal: self.internal.load(Relaxed),
            upstream: self.upstream.load(Relaxed),
            durations,
            seconds: Duration::from_millis(self.milliseconds.load(Relaxed)).as_secs_f64(),
            routes,
        }
    }

    fn routes(&self) -> MutexGuard<'_, BTreeMap<String, Totals>> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn add(sum: &mut Totals, more: Totals) {
    sum.received += more.received;
    sum.sent += more.sent;
    sum.bytes_received += more.bytes_received;
    sum.bytes_sent += more.bytes_sent;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f63_a_fault_of_our_own_is_counted_as_one() {
        let tally = Tally::default();
        let end = |ending: &Ending| tally.ended(ending, Duration::ZERO, "/x", Totals::default());
        end(&Ending::Panicked);
        end(&Ending::Lost);
        let figures = tally.figures(std::iter::empty());
        assert_eq!((figures.internal, figures.io, figures.protocol), (1, 1, 0));
    }
}
