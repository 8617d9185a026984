//! What becomes of the chunks of a lane is told here: put off, given up, settled.

use std::time::Duration;

use super::items::Item;
use super::lane::Lane;
use crate::chunk::Chunk;
use crate::retry::RetryLimit;

impl Lane {
    /// Keeps records of a chunk aside that nobody will have, if that is wanted, for whoever looks after them.
    pub(crate) fn reject(&self, chunk: &Chunk, records: &[u8], why: &str) {
        let Some(rejected) = &self.rejected else {
            return;
        };
        let folder = rejected.folder().display();
        match rejected.keep(&self.name, chunk, records, why) {
            Ok(kept) => {
                self.counters.rejected_kept.add(kept.records);
                if kept.has_made_room {
                    self.log.warn(format_args!(
                        "[output:{}] rejected records have made room in {folder}: the oldest are gone",
                        self.name
                    ));
                }
            }
            Err(error) => self.log.error(format_args!(
                "[output:{}] rejected records cannot be kept in {folder}: {error}",
                self.name
            )),
        }
    }

    /// Keeps a whole chunk aside.
    pub(super) fn reject_all(&self, item: &Item, why: &str) {
        if self.rejected.is_none() {
            return;
        }
        // Whoever gives up a chunk that cannot be read has told that.
        if let Ok(records) = item.chunk.load() {
            self.reject(&item.chunk, &records, why);
        }
    }

    pub(super) fn exhausted(&self, item: &Item) {
        let why = if self.rules.retry_limit == RetryLimit::NoRetries {
            "is not retried (no retry config)"
        } else {
            self.counters.retries_failed.one();
            "cannot be retried"
        };
        self.reject_all(item, why);
        self.give_up(item, why);
    }

    pub(super) fn give_up(&self, item: &Item, why: &str) {
        let chunk = &item.chunk;
        let line = format!("[engine] chunk '{}' {why}: {}", chunk.name, self.task(item));
        if self.rules.retry_limit == RetryLimit::NoRetries {
            self.log.info(line);
        } else {
            self.log.error(format_args!(
                "{line}; {} records are dropped",
                chunk.records
            ));
        }
        self.counters.dropped_records.add(u64::from(chunk.records));
        self.settle(item, false);
    }

    pub(super) fn settle(&self, item: &Item, is_delivered: bool) {
        self.tasks.give_back(item.task);
        item.chunk.settle(&self.name, is_delivered);
    }

    pub(super) fn tell_retry(&self, first: &Item, wait: Duration, behind: usize) {
        let seconds = wait.as_secs_f64();
        let seconds = if seconds.fract() == 0.0 {
            format!("{seconds}")
        } else {
            format!("{seconds:.1}")
        };
        let line = format!(
            "[engine] failed to flush chunk '{}', retry in {seconds} seconds: {}",
            first.chunk.name,
            self.task(first)
        );
        if behind == 0 {
            self.log.warn(line);
        } else {
            self.log
                .warn(format_args!("{line} ({behind} chunks behind it)"));
        }
    }

    pub(super) fn task(&self, item: &Item) -> String {
        format!(
            "task_id={}, input={} > output={} (out_id={})",
            item.task, item.chunk.input, self.name, self.number
        )
    }
}
