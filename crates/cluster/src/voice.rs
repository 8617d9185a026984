//! What this node says to the others passes through here: broadcasts in their order, presence, signs of life.

use std::future::pending;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use tokio::select;
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{MissedTickBehavior, interval_at, sleep_until, timeout};

use crate::error::said;
use crate::event::{Told, Word, encode};
use crate::hub::Hub;
use crate::limits::{BATCH, BEAT, HELLO_PAUSE, PRESENCE_PACE, PRESENCE_PAUSE};
use crate::{Presence, counts::Tally};

/// A broadcast on its way to the other nodes.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) event: Vec<u8>,
    /// Its bytes of [`OUTGOING_BYTES`](crate::limits::OUTGOING_BYTES).
    pub(crate) _room: OwnedSemaphorePermit,
}

/// Says what there is to say through one connection.
pub(crate) struct Voice {
    hub: Arc<Hub>,
    events: MultiplexedConnection,
    /// What the others know of us, and its number.
    told: Option<(Presence, u64)>,
    presence_from: Instant,
    hello_from: Instant,
}

impl Voice {
    pub(crate) fn new(hub: Arc<Hub>, events: MultiplexedConnection) -> Self {
        let now = Instant::now();
        Self {
            hub,
            events,
            told: None,
            presence_from: now,
            hello_from: now,
        }
    }

    /// Asks who is there, which tells whether we may publish at all.
    pub(crate) async fn greet(&mut self) -> redis::RedisResult<()> {
        let hello = encode(&self.hub.id, Word::Hello, b"");
        self.hello_from = Instant::now() + HELLO_PAUSE;
        let mut publish = redis::cmd("PUBLISH");
        publish.arg(&self.hub.channel).arg(hello);
        publish.exec_async(&mut self.events).await
    }

    /// Speaks until Redis does not take it any more, or until goodbye; answers why.
    pub(crate) async fn speak(&mut self, queue: &mut mpsc::Receiver<Outgoing>) -> String {
        let mut batch = Vec::with_capacity(BATCH);
        let mut beat = interval_at(tokio::time::Instant::now() + BEAT, BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let hub = Arc::clone(&self.hub);
            let said = select! {
                taken = queue.recv_many(&mut batch, BATCH) => match taken {
                    0 => pending().await,
                    _ => self.broadcast(&mut batch).await,
                },
                () = hub.wishes.news.notified() => Ok(()),
                () = until(self.next_wish()) => self.fulfil().await,
                _ = beat.tick() => self.beat().await,
                () = hub.wishes.goodbye.notified() => break,
            };
            if let Err(why) = said {
                return why;
            }
        }
        self.farewell(queue).await;
        "this node said goodbye".to_owned()
    }

    async fn farewell(&mut self, queue: &mut mpsc::Receiver<Outgoing>) {
        let mut batch = Vec::with_capacity(BATCH);
        while let Ok(outgoing) = queue.try_recv() {
            batch.push(outgoing);
            if batch.len() == BATCH && self.broadcast(&mut batch).await.is_err() {
                return;
            }
        }
        if self.broadcast(&mut batch).await.is_ok() {
            let bye = encode(&self.hub.id, Word::Bye, b"");
            // The others notice it by themselves, later.
            let _ = self.publish(&[bye]).await;
        }
    }

    /// Sends broadcasts in their order. Without the word of Redis they count as lost.
    async fn broadcast(&mut self, batch: &mut Vec<Outgoing>) -> Result<(), String> {
        let batch = std::mem::take(batch);
        let hub = Arc::clone(&self.hub);
        let unconfirmed = Unconfirmed {
            tally: &hub.tally,
            broadcasts: batch.len() as u64,
        };
        let events: Vec<&[u8]> = batch.iter().map(|out| out.event.as_slice()).collect();
        self.publish(&events).await?;
        unconfirmed.confirm();
        Ok(())
    }

    /// When the next wish may be fulfilled, if there is one.
    fn next_wish(&self) -> Option<Instant> {
        let wishes = &self.hub.wishes;
        let presence = wishes.wants_presence().then_some(self.presence_from);
        let hello = wishes.wants_hello().then_some(self.hello_from);
        [presence, hello].into_iter().flatten().min()
    }

    async fn fulfil(&mut self) -> Result<(), String> {
        let now = Instant::now();
        if self.hello_from <= now && self.hub.wishes.take_hello() {
            self.hello_from = now + HELLO_PAUSE;
            let hello = encode(&self.hub.id, Word::Hello, b"");
            self.publish(&[hello]).await?;
        }
        if self.presence_from <= now && self.hub.wishes.take_presence() {
            let presence = self.hub.presence();
            self.tell(presence).await?;
        }
        Ok(())
    }

    /// A sign of life, or the presence if it has changed without a word.
    async fn beat(&mut self) -> Result<(), String> {
        self.hub.nodes().forget(Instant::now());
        let presence = self.hub.presence();
        match &self.told {
            Some((told, number)) if *told == presence => {
                let alive = Word::Alive { number: *number };
                let alive = encode(&self.hub.id, alive, b"");
                self.publish(&[alive]).await
            }
            _ => self.tell(presence).await,
        }
    }

    async fn tell(&mut self, presence: Presence) -> Result<(), String> {
        let number = self.hub.next_presence();
        let told = Word::Presence(Told::new(number, &presence));
        let event = encode(&self.hub.id, told, b"");
        self.presence_from = Instant::now() + pause(event.len());
        self.told = Some((presence, number));
        self.publish(&[event]).await
    }

    async fn publish<E: AsRef<[u8]>>(&mut self, events: &[E]) -> Result<(), String> {
        if events.is_empty() {
            return Ok(());
        }
        let mut pipeline = redis::Pipeline::with_capacity(events.len());
        for event in events {
            let publish = pipeline.cmd("PUBLISH");
            publish.arg(&self.hub.channel).arg(event.as_ref()).ignore();
        }
        match timeout(BEAT, pipeline.exec_async(&mut self.events)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(said(&error)),
            Err(_) => Err(format!("it did not answer in {} s", BEAT.as_secs())),
        }
    }
}

/// How long the next presence waits after one of this many bytes.
fn pause(bytes: usize) -> Duration {
    let millis = bytes.saturating_mul(1000) / PRESENCE_PACE;
    let pause = Duration::from_millis(millis as u64);
    pause.clamp(PRESENCE_PAUSE, BEAT)
}

async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant.into()).await,
        None => pending().await,
    }
}

/// Broadcasts that Redis has not confirmed; given up, they count as lost.
struct Unconfirmed<'a> {
    tally: &'a Tally,
    broadcasts: u64,
}

impl Unconfirmed<'_> {
    fn confirm(mut self) {
        self.broadcasts = 0;
    }
}

impl Drop for Unconfirmed<'_> {
    fn drop(&mut self) {
        self.tally.lost(self.broadcasts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_presence_is_told_less_often() {
        assert_eq!(pause(100), PRESENCE_PAUSE);
        assert_eq!(pause(PRESENCE_PACE / 2), Duration::from_millis(500));
        assert_eq!(pause(usize::MAX), BEAT);
    }
}
