//! Operations of scripts pass through here, into the queue of the cluster's thread and back with an answer.

use std::fmt;
use std::sync::Arc;

use redis::aio::MultiplexedConnection;
use serde_json::Value;
use sockeye_script::js::{Operation, Reply, SharedStore};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{Instant, timeout_at};

use crate::hub::Hub;
use crate::limits::{OPERATION_BYTES, OPERATION_TIME, OPERATIONS};
use crate::operation::{Failure, Request};

/// The shared state in Redis. What one thread asks for is carried out in its order.
#[derive(Debug)]
pub(crate) struct RedisStore {
    hub: Arc<Hub>,
    jobs: mpsc::Sender<Job>,
    /// Operations that may still be begun.
    places: Arc<Semaphore>,
    /// Bytes that may still be on their way.
    room: Arc<Semaphore>,
}

impl RedisStore {
    /// A store, and the queue of what it is asked for.
    pub(crate) fn new(hub: Arc<Hub>) -> (Self, mpsc::Receiver<Job>) {
        let (jobs, queue) = mpsc::channel(OPERATIONS);
        let store = Self {
            hub,
            jobs,
            places: Arc::new(Semaphore::new(OPERATIONS)),
            room: Arc::new(Semaphore::new(OPERATION_BYTES)),
        };
        (store, queue)
    }

    fn permits(&self, request: &Request) -> Option<[OwnedSemaphorePermit; 2]> {
        let bytes = u32::try_from(request.bytes()).ok()?;
        let place = Arc::clone(&self.places).try_acquire_owned().ok()?;
        let room = Arc::clone(&self.room);
        Some([place, room.try_acquire_many_owned(bytes).ok()?])
    }
}

impl SharedStore for RedisStore {
    fn run(&self, operation: Operation, reply: Reply) {
        let request = match Request::new(&self.hub.prefix, operation) {
            Ok(request) => request,
            Err(mistake) => return reply(Err(mistake)),
        };
        let Some(permits) = self.permits(&request) else {
            self.hub.tally.operation_failed();
            return reply(Err(format!(
                "shared state is busy: {OPERATIONS} operations or {} MiB are on their way",
                OPERATION_BYTES >> 20
            )));
        };
        let job = Job {
            request: Some(request),
            reply: Some(reply),
            until: Instant::now() + OPERATION_TIME,
            hub: Arc::clone(&self.hub),
            permits: Some(permits),
        };
        // The queue has as many places as there are permits, so it is only refused when the cluster is gone;
        // the job says so when it is dropped.
        drop(self.jobs.try_send(job));
    }
}

/// An operation that somebody waits for. Its reply is called once, whatever happens to it.
pub(crate) struct Job {
    request: Option<Request>,
    reply: Option<Reply>,
    until: Instant,
    hub: Arc<Hub>,
    permits: Option<[OwnedSemaphorePermit; 2]>,
}

impl Job {
    /// Asks Redis and passes its answer on. The command is on its way when this is polled for the first time.
    pub(crate) async fn run(mut self, mut redis: MultiplexedConnection) {
        let Some(request) = self.request.take() else {
            return;
        };
        let answer = timeout_at(self.until, request.run(&mut redis)).await;
        let answer = answer.unwrap_or_else(|_| {
            let text = format!("Redis did not answer in {} s", OPERATION_TIME.as_secs());
            Err(Failure::Refused(text))
        });
        self.answer(answer);
    }

    /// There is no connection.
    pub(crate) fn fail(mut self) {
        self.answer(Err(Failure::Lost));
    }

    fn answer(&mut self, answer: Result<Value, Failure>) {
        let Some(reply) = self.reply.take() else {
            return;
        };
        // Whoever is told may ask again at once.
        drop(self.permits.take());
        if !matches!(answer, Ok(_) | Err(Failure::Mistake(_))) {
            self.hub.tally.operation_failed();
        }
        reply(answer.map_err(|failure| match failure {
            Failure::Mistake(text) | Failure::Refused(text) => text,
            Failure::Lost => self.hub.unreachable(),
        }));
    }
}

impl Drop for Job {
    fn drop(&mut self) {
        let closed = "shared state is closed: the server shuts down".to_owned();
        self.answer(Err(Failure::Refused(closed)));
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("request", &self.request)
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;
    use crate::{ClusterSettings, LocalNode, Presence, RedisUrl, Target};
    use sockeye_script::js::Payload;

    struct Nobody;

    impl LocalNode for Nobody {
        fn deliver(&self, _: &Target, _: &Payload) {}

        fn presence(&self) -> Presence {
            Presence::default()
        }
    }

    #[test]
    fn bytes_on_their_way_are_bounded_and_given_back() {
        let settings = ClusterSettings::new(RedisUrl::parse("redis://h").unwrap());
        let hub = Arc::new(Hub::new(settings, Arc::new(Nobody)));
        let (mut store, mut queue) = RedisStore::new(Arc::clone(&hub));
        store.room = Arc::new(Semaphore::new(2_500));
        let (sender, answers) = channel();
        let set = || {
            let sender = sender.clone();
            let operation = Operation::Set {
                key: "k".to_owned(),
                value: "x".repeat(1_000).into(),
                ttl: None,
            };
            store.run(operation, Box::new(move |answer| drop(sender.send(answer))));
        };
        set();
        set();
        assert!(answers.try_recv().is_err());
        set();
        let busy = "shared state is busy: 1024 operations or 64 MiB are on their way";
        assert_eq!(answers.try_recv(), Ok(Err(busy.to_owned())));
        queue.try_recv().unwrap().fail();
        let text = "Redis at redis://h:6379 is not reachable";
        assert_eq!(answers.try_recv(), Ok(Err(text.to_owned())));
        set();
        assert!(answers.try_recv().is_err());
        assert_eq!(hub.tally.counts(0).shared_state_errors, 2);
    }
}
