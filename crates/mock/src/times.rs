//! How long messages and scripts take, route by route: what sessions measure ends here, until somebody asks.
//!
//! A message's time runs from the read that brought its last byte to the write of all that it caused; both belong to the
//! network, which tells of them once a turn. Messages of one read are written together and so have one time.

mod histogram;
mod recent;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

pub(crate) use histogram::Histogram;
pub use histogram::{Durations, LATENCY_BOUNDS};
use recent::Recent;

/// Routes that are told apart, so that a page of metrics has some thousand lines at most; those that come later are
/// counted together.
const MOST_ROUTES: usize = 200;

/// The name under which they are shown. No path is like it, for paths begin with `/` or a host.
const OTHER_ROUTES: &str = "(others)";

/// The times of one route.
#[derive(Debug, Default)]
pub(crate) struct RouteTimes {
    /// From a message's arrival to the last of what it caused.
    pub(crate) messages: Histogram,
    /// From the call of a script to its result.
    pub(crate) scripts: Histogram,
}

/// The times of all routes.
#[derive(Debug)]
pub(crate) struct Times {
    routes: Mutex<BTreeMap<String, Arc<RouteTimes>>>,
    recent: Recent,
}

/// What the times of a route are, since the start.
#[derive(Clone, Debug, Default)]
pub struct RouteDurations {
    /// From a message's arrival to the last of what it caused.
    pub messages: Durations,
    /// From the call of a script to its result, waiting for the script's thread included.
    pub scripts: Durations,
}

impl Times {
    pub(crate) fn new() -> Self {
        Self {
            routes: Mutex::default(),
            recent: Recent::new(Instant::now()),
        }
    }

    /// Where the times of the route with this name are counted.
    pub(crate) fn of(&self, route: &str) -> Arc<RouteTimes> {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let name = if routes.len() < MOST_ROUTES || routes.contains_key(route) {
            route
        } else {
            OTHER_ROUTES
        };
        match routes.get(name) {
            Some(times) => Arc::clone(times),
            None => Arc::clone(routes.entry(name.to_owned()).or_default()),
        }
    }

    /// The name under which the route is counted: its own, unless there are too many.
    pub(crate) fn name<'n>(&self, route: &'n str) -> &'n str {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        if routes.contains_key(route) {
            route
        } else {
            OTHER_ROUTES
        }
    }

    /// The durations of each route, by name.
    pub(crate) fn by_route(&self) -> BTreeMap<String, RouteDurations> {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let durations = routes.iter().map(|(name, times)| {
            let durations = RouteDurations {
                messages: times.messages.durations(),
                scripts: times.scripts.durations(),
            };
            (name.clone(), durations)
        });
        durations.collect()
    }

    /// The durations of the messages of all routes in the last seconds, and how many seconds these are.
    pub(crate) fn recent(&self) -> (Duration, Durations) {
        let mut sum = Durations::default();
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        for times in routes.values() {
            times.messages.add_to(&mut sum);
        }
        drop(routes);
        self.recent.of(Instant::now(), sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_bounded() {
        let times = Times::new();
        for number in 0..1_000 {
            let route = times.of(&format!("/{number}"));
            route.messages.record(Duration::from_micros(5), 1);
        }
        times.of("/1").messages.record(Duration::from_micros(5), 1);
        let routes = times.by_route();
        assert_eq!(routes.len(), MOST_ROUTES + 1);
        assert_eq!(routes["/1"].messages.count(), 2);
        assert_eq!(routes[OTHER_ROUTES].messages.count(), 800);
        assert_eq!(times.recent().1.count(), 1_001);
    }
}
