//! The end of an engine passes through here: how long it may take, which whoever waits for it may decide anew.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::queue::Lane;
use crate::report::Log;

/// How long the end of an engine may take: as long as it needs, until somebody says otherwise.
#[derive(Clone, Debug)]
pub struct Patience {
    limit: watch::Sender<Limit>,
    lanes: Arc<[Arc<Lane>]>,
    log: Log,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Limit {
    #[default]
    None,
    Until(Instant),
    Now,
}

impl Patience {
    pub(crate) fn new(lanes: impl Iterator<Item = Arc<Lane>>, log: Log) -> Self {
        Self {
            limit: watch::Sender::default(),
            lanes: lanes.collect(),
            log,
        }
    }

    /// From now on the end may take so long. What is not delivered by then is counted as lost, or stays on disk.
    pub fn within(&self, time: Duration) {
        let seconds = time.as_secs_f64();
        self.log.warn(format_args!(
            "[engine] service will shutdown in max {seconds:.0} seconds"
        ));
        let end = Instant::now() + time;
        self.limit(Limit::Until(end), end);
    }

    /// Nothing is waited for any more.
    pub fn at_once(&self) {
        self.limit(Limit::Now, Instant::now());
    }

    fn limit(&self, limit: Limit, end: Instant) {
        for lane in &*self.lanes {
            lane.limit(end);
        }
        self.limit.send_replace(limit);
    }

    /// Lets the work go on until it is done, or until `more` beyond the end.
    pub(crate) async fn lets(&self, work: impl Future, more: Duration) {
        let mut limit = self.limit.subscribe();
        let mut work = pin!(work);
        loop {
            let until = match *limit.borrow_and_update() {
                Limit::None => None,
                Limit::Until(end) => Some(end + more),
                Limit::Now => return,
            };
            tokio::select! {
                _ = &mut work => return,
                () = sleep_until(until.unwrap_or_else(Instant::now)), if until.is_some() => return,
                // This value holds the other end.
                _ = limit.changed() => {}
            }
        }
    }
}
