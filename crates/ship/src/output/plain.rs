//! Chunks pass through here on their way to outputs that simply write: one after the other, tried again when writing fails.

use std::fmt::Debug;
use std::sync::Arc;

use sockeye_core::Random;
use tokio::time::sleep;

use super::{Output, Running};
use crate::chunk::Chunk;
use crate::queue::{Job, Lane};
use crate::retry::{Backoff, Growth};

/// Writes the records of a chunk somewhere.
pub trait Writer: Send + Debug {
    /// Writes them all, or says why that failed; what fails is tried again with the same records.
    fn write(&mut self, chunk: &Chunk, records: &[u8], lane: &Lane) -> Result<(), String>;
}

/// An output that writes.
#[derive(Debug)]
pub struct Plain<W> {
    writer: W,
    backoff: Backoff,
}

impl<W: Writer> Plain<W> {
    /// An output that writes with `writer`, with waits between failures that grow so.
    pub fn new(writer: W, growth: Growth) -> Self {
        let backoff = Backoff::new(growth, Random::from_os());
        Self { writer, backoff }
    }

    async fn deliver(&mut self, job: &Job, lane: &Lane) {
        let result = match job.chunk.load() {
            Ok(records) => self.writer.write(&job.chunk, &records, lane),
            Err(error) => Err(format!("cannot read it from disk: {error}")),
        };
        let Err(why) = result else {
            self.backoff.succeeded();
            lane.delivered(job.serial);
            return;
        };
        lane.log.error(format_args!("[output:{}] {why}", lane.name));
        let wait = lane.failed(self.backoff.failed());
        lane.put_back();
        // At the end nobody waits longer than the process may.
        let is_closing = lane.is_closing();
        tokio::select! {
            () = sleep(wait) => {}
            () = lane.closing(), if !is_closing => {}
            () = lane.over() => {}
        }
    }
}

impl<W: Writer + 'static> Output for Plain<W> {
    fn run(mut self: Box<Self>, lane: Arc<Lane>) -> Running {
        Box::pin(async move {
            while let Some(job) = lane.take().await {
                self.deliver(&job, &lane).await;
                // Whoever writes without waiting must still let the others have a turn.
                tokio::task::yield_now().await;
            }
        })
    }
}
