//! Everything that runs passes through here: started in order, flushed by a clock, ended with what is owed.

use std::fmt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sockeye_core::Clock;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};

use crate::ending::Patience;
use crate::monitor::{Counters, Monitor};
pub use crate::parts::{FilterPart, INPUT_KEYS, InputPart, OutputPart, Parts};
use crate::pipeline::Pipeline;
use crate::queue::OpenError;
use crate::report::Log;
use crate::service::Service;
use crate::starting::{
    filters, flush, lanes, open_rejected, open_store, resume, run_inputs, seats,
};

/// How long outputs may take to say goodbye once time is up.
const GOODBYE: Duration = Duration::from_secs(2);

/// The time of a process that has no grace: one round.
const ONE_ROUND: Duration = Duration::from_secs(1);

/// Why nothing runs.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The folder for chunks.
    #[error("storage: {0}")]
    Storage(#[from] OpenError),
    /// Segments of an earlier run cannot be read.
    #[error("storage: cannot read what is there: {0}")]
    Backlog(std::io::Error),
    /// The folder for records that will never be delivered.
    #[error("storage: cannot keep rejected records in `{}`: {error}", folder.display())]
    Rejected {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// An input cannot open what it needs.
    #[error("input {name}: {why}")]
    Input {
        /// Which one.
        name: String,
        /// Its sentence.
        why: String,
    },
    /// The monitoring listener.
    #[error("monitoring: {0}")]
    Monitor(String),
}

impl StartError {
    /// Whether another process uses the folder for chunks.
    pub fn is_storage_owned(&self) -> bool {
        matches!(self, Self::Storage(OpenError::Owned { .. }))
    }
}

/// What was not delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records that are gone with the process, or were given up while it ran; one that two outputs want counts twice.
    pub lost: u64,
    /// Records that wait on disk for the next run.
    pub kept: u64,
}

/// A running engine. Dropped, it ends without a word.
pub struct Engine {
    pipeline: Arc<Pipeline>,
    stopping: watch::Sender<bool>,
    inputs: JoinHandle<()>,
    /// Inputs by their own tasks, so that they can be ended.
    input_tasks: Vec<AbortHandle>,
    outputs: JoinSet<()>,
    flusher: JoinHandle<()>,
    finished: watch::Receiver<bool>,
    monitor: Option<Monitor>,
    counters: Arc<Counters>,
    grace: Option<Duration>,
    patience: Patience,
    log: Log,
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.inputs.abort();
        self.flusher.abort();
        for task in &self.input_tasks {
            task.abort();
        }
    }
}

impl Engine {
    /// Opens and starts everything: the store, the inputs' sockets and files, the monitoring listener, then the outputs and
    /// the inputs. Within a runtime.
    ///
    /// # Errors
    ///
    /// Something cannot be opened; whatever was opened before is closed again.
    pub fn start(
        parts: Parts,
        service: &Service,
        log: Log,
        clock: Clock,
    ) -> Result<Self, StartError> {
        let (store, backlog) = open_store(service, &log)?;
        let mut inputs = parts.inputs;
        for part in &mut inputs {
            let (name, log) = (&part.name, log.at(part.log_level));
            part.input
                .open(name, &log)
                .map_err(|why| StartError::Input {
                    name: name.clone(),
                    why,
                })?;
        }
        let mut counters = Counters::default();
        let rejected = open_rejected(service, &clock)?;
        let (routes, outputs) = lanes(parts.outputs, rejected.as_ref(), &mut counters, &log);
        let lanes = routes.iter().map(|route| Arc::clone(&route.lane));
        let patience = Patience::new(lanes, log.clone());
        let pipeline = Arc::new(Pipeline {
            filters: filters(parts.filters, &mut counters),
            routes,
            store,
            open: Mutex::default(),
            up: Arc::new(AtomicUsize::new(0)),
            most_up: usize::try_from(service.storage.max_chunks_up).unwrap_or(usize::MAX),
            is_disk_full: AtomicBool::new(false),
            numbers: AtomicUsize::new(1),
            ended: watch::Sender::new(false),
            clock,
            log: log.clone(),
        });
        let stopping = watch::Sender::new(false);
        let seats = seats(inputs, &pipeline, &stopping, &mut counters, &log);
        let counters = Arc::new(counters);
        let monitor = Monitor::start(service, &counters, &pipeline).map_err(StartError::Monitor)?;
        resume(&pipeline, backlog, &log);
        let mut running = JoinSet::new();
        for (lane, output) in outputs {
            running.spawn(output.run(lane));
        }
        let (inputs, input_tasks, finished) = run_inputs(seats, &stopping);
        let flusher = tokio::spawn(flush(Arc::clone(&pipeline), service.flush));
        Ok(Self {
            pipeline,
            stopping,
            inputs,
            input_tasks,
            outputs: running,
            flusher,
            finished,
            monitor,
            counters,
            grace: service.grace,
            patience,
            log,
        })
    }

    /// What passes is counted here.
    pub fn counters(&self) -> &Arc<Counters> {
        &self.counters
    }

    /// The address of the monitoring listener, if there is one.
    pub fn monitor(&self) -> Option<std::net::SocketAddr> {
        self.monitor.as_ref().map(Monitor::address)
    }

    /// Waits until an input wants the process to end, or none is left.
    pub async fn finished(&self) {
        let mut finished = self.finished.clone();
        // Whoever is gone has finished.
        let _ = finished.wait_for(|is_finished| *is_finished).await;
    }

    /// Waits until somebody asks the monitoring listener for a reload.
    pub async fn reload_wanted(&self) {
        match &self.monitor {
            Some(monitor) => monitor.reload_wanted().await,
            None => std::future::pending().await,
        }
    }

    /// How long the end may take: to be asked before [`Self::stop`] or [`Self::drain`], and changed meanwhile.
    pub fn patience(&self) -> Patience {
        self.patience.clone()
    }

    /// The grace of the service; none is no limit.
    pub fn grace(&self) -> Option<Duration> {
        self.grace.map(|grace| grace.max(ONE_ROUND))
    }

    /// Ends everything within the grace of the service: inputs bring what they have, everything is
    /// flushed, outputs deliver what they can and say goodbye.
    pub async fn stop(self) -> Summary {
        match self.grace() {
            Some(grace) => self.patience.within(grace),
            None => self.tell_patience(),
        }
        self.end().await
    }

    /// As [`Self::stop`], for a reload: without a limit of time, so that nothing is lost.
    pub async fn drain(self) -> Summary {
        self.tell_patience();
        self.end().await
    }

    fn tell_patience(&self) {
        self.log
            .warn("[engine] service will shutdown when all is delivered");
    }

    async fn end(mut self) -> Summary {
        self.stopping.send_replace(true);
        for route in &self.pipeline.routes {
            route.lane.hurry();
        }
        let patience = self.patience.clone();
        patience.lets(&mut self.inputs, Duration::ZERO).await;
        for task in &self.input_tasks {
            task.abort();
        }
        self.flusher.abort();
        self.pipeline.flush();
        for route in &self.pipeline.routes {
            route.lane.close();
        }
        let all = async { while self.outputs.join_next().await.is_some() {} };
        patience.lets(all, GOODBYE).await;
        self.outputs.shutdown().await;
        self.pipeline.ended.send_replace(true);
        let summary = self.summary();
        if let Some(monitor) = self.monitor.take() {
            monitor.stop().await;
        }
        if let Some(store) = &self.pipeline.store {
            store.close();
        }
        summary
    }

    fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        let mut pending = 0;
        for route in &self.pipeline.routes {
            let (lane, counters) = (&route.lane, &route.lane.counters);
            let (lost, kept) = lane.left();
            pending += lane.len();
            if lost > 0 {
                self.log.error(format_args!(
                    "[output:{}] {lost} records were not delivered in time and are lost",
                    lane.name
                ));
                counters.dropped_records.add(lost);
            }
            if kept > 0 {
                self.log.warn(format_args!(
                    "[output:{}] {kept} records wait on disk for the next run",
                    lane.name
                ));
            }
            summary.lost += counters.dropped_records.get();
            summary.kept += kept;
        }
        self.log.info(format_args!(
            "[engine] service has stopped ({pending} pending tasks)"
        ));
        summary
    }
}
