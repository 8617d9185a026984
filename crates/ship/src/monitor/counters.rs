//! What passes is counted here: records, bytes, attempts, answers of servers. Counting never waits.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A number that grows.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// One more.
    pub fn one(&self) {
        self.add(1);
    }

    /// So many more.
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    /// As many as there are now.
    pub fn set(&self, now: u64) {
        self.0.store(now, Ordering::Relaxed);
    }

    /// How many so far.
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Numbers by code: statuses and close codes. Codes are 16 bits, so there is an end to them.
#[derive(Debug, Default)]
pub struct ByCode(Mutex<BTreeMap<u16, u64>>);

impl ByCode {
    /// One more of this code.
    pub fn one(&self, code: u16) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(code).or_default() += 1;
    }

    /// Every code that was seen, with its number.
    pub fn all(&self) -> BTreeMap<u16, u64> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// What an input has brought.
#[derive(Debug)]
pub struct InputCounters {
    /// Its name: `tcp.0`.
    pub name: Arc<str>,
    /// Records behind the filters.
    pub records: Count,
    /// Their bytes as msgpack.
    pub bytes: Count,
    /// Records that no output wanted.
    pub unrouted: Count,
    /// Records that its ring of memory had no room for.
    pub overwritten: Count,
    /// Bytes of it that are in memory.
    pub held: AtomicUsize,
    /// How often it had to wait for room.
    pub pauses: Count,
}

impl InputCounters {
    /// Nothing so far.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.into(),
            records: Count::default(),
            bytes: Count::default(),
            unrouted: Count::default(),
            overwritten: Count::default(),
            held: AtomicUsize::new(0),
            pauses: Count::default(),
        }
    }
}

/// What a filter has done.
#[derive(Debug)]
pub struct FilterCounters {
    /// Its name: `grep.0`.
    pub name: Arc<str>,
    /// Records that were there before and not after.
    pub dropped: Count,
    /// Records that were there after and not before.
    pub added: Count,
}

/// What an output has done.
#[derive(Debug, Default)]
pub struct OutputCounters {
    /// Its name: `websocket.0`.
    pub name: Arc<str>,
    /// Records delivered.
    pub records: Count,
    /// Their bytes as msgpack.
    pub bytes: Count,
    /// Chunks that cannot be sent at all.
    pub errors: Count,
    /// Chunks that were put off.
    pub retries: Count,
    /// Their records.
    pub retried_records: Count,
    /// Chunks that were put off too often.
    pub retries_failed: Count,
    /// Records that will never be delivered.
    pub dropped_records: Count,
    /// Records that the server refused again and again, each alone.
    pub dead_letters: Count,
    /// Records that will never be delivered and were kept aside.
    pub rejected_kept: Count,
    /// Records that were sent once more because nobody knows whether they had arrived.
    pub resent_records: Count,
    /// Connections that were tried and not reached.
    pub connect_failures: Count,
    /// Handshakes that opened a connection.
    pub handshakes: Count,
    /// Handshakes beyond the first.
    pub reconnects: Count,
    /// Handshakes that were refused, by status.
    pub refused: ByCode,
    /// Close frames received, by code; 1005 for one without.
    pub closes: ByCode,
    /// Pings sent.
    pub pings: Count,
    /// Pongs received.
    pub pongs: Count,
    /// Acknowledgements received.
    pub acknowledgements: Count,
    /// Messages sent.
    pub messages: Count,
    /// Bytes of their payloads.
    pub wire_bytes: Count,
    /// Records that are sent and not confirmed.
    pub in_flight: Count,
    /// Chunks that wait or are under way.
    pub queued_chunks: Count,
    /// Their records.
    pub queued_records: Count,
    /// Their bytes.
    pub queued_bytes: Count,
    /// Connections that are open: 0 or 1.
    pub open: Count,
    /// How long deliveries took.
    pub latency: Latency,
}

impl OutputCounters {
    /// Nothing so far.
    pub fn named(name: &Arc<str>) -> Arc<Self> {
        Arc::new(Self {
            name: Arc::clone(name),
            ..Self::default()
        })
    }
}

/// The upper bounds of the buckets of [`Latency`], in seconds.
pub const BUCKETS: [f64; 8] = [0.5, 1.0, 1.5, 2.5, 5.0, 10.0, 20.0, 30.0];

/// How many chunks took how long from their first record to their delivery.
#[derive(Debug, Default)]
pub struct Latency {
    buckets: [Count; BUCKETS.len()],
    beyond: Count,
    millis: Count,
}

impl Latency {
    /// A chunk took so long.
    pub fn took(&self, time: std::time::Duration) {
        let seconds = time.as_secs_f64();
        let bucket = BUCKETS.iter().position(|most| seconds <= *most);
        let count = bucket.and_then(|at| self.buckets.get(at));
        count.unwrap_or(&self.beyond).one();
        self.millis
            .add(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    }

    /// Chunks up to each bound, then all of them, and the sum of their seconds.
    pub fn read(&self) -> (Vec<(f64, u64)>, u64, f64) {
        let mut total = 0;
        let mut up_to = Vec::new();
        for (most, count) in BUCKETS.iter().zip(&self.buckets) {
            total += count.get();
            up_to.push((*most, total));
        }
        total += self.beyond.get();
        let seconds = std::time::Duration::from_millis(self.millis.get()).as_secs_f64();
        (up_to, total, seconds)
    }
}

/// The counters of everything that runs.
#[derive(Debug, Default)]
pub struct Counters {
    /// One for each input, in the order of the plan.
    pub inputs: Vec<Arc<InputCounters>>,
    /// One for each filter.
    pub filters: Vec<Arc<FilterCounters>>,
    /// One for each output.
    pub outputs: Vec<Arc<OutputCounters>>,
    /// How often the files were read again.
    pub reloads: Count,
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Latency;

    #[test]
    fn latencies_are_counted_up_to_each_bound() {
        let latency = Latency::default();
        for millis in [100, 500, 700, 31_000] {
            latency.took(Duration::from_millis(millis));
        }
        let (up_to, total, seconds) = latency.read();
        assert_eq!(up_to.first(), Some(&(0.5, 2)));
        assert_eq!(up_to.last(), Some(&(30.0, 3)));
        assert_eq!(total, 4);
        assert!((seconds - 32.3).abs() < 0.001);
    }
}
