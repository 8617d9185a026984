//! Parts become what runs here: a store that is open, a lane for each output, a seat for each input.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sockeye_core::Clock;
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::building::Route;
use crate::collector::{Account, Collector, Keeping};
use crate::engine::StartError;
use crate::filtering::{Filters, Slot};
use crate::input::Input;
use crate::monitor::{Count, Counters, FilterCounters, InputCounters, OutputCounters};
use crate::output::Output;
use crate::parts::{FilterPart, InputPart, OutputPart};
use crate::pipeline::Pipeline;
use crate::queue::{Backlog, Folder, Lane, Store, StoreSettings, Sync, Tasks};
use crate::rejected::Rejected;
use crate::report::Log;
use crate::service::Service;

pub(crate) fn open_store(
    service: &Service,
    log: &Log,
) -> Result<(Option<Arc<Store>>, Backlog), StartError> {
    let Some(path) = &service.storage.path else {
        return Ok((None, Backlog::default()));
    };
    let folder = Folder::take(path)?;
    let settings = StoreSettings {
        sync: if service.storage.full_sync {
            Sync::Always
        } else {
            Sync::Batch
        },
        ..StoreSettings::default()
    };
    let opened = Store::open(Arc::new(folder), settings, log);
    let (store, backlog) = opened.map_err(StartError::Backlog)?;
    Ok((Some(Arc::new(store)), backlog))
}

/// What an earlier run has left goes first.
pub(crate) fn resume(pipeline: &Pipeline, backlog: Backlog, log: &Log) {
    for cut in &backlog.cuts {
        log.warn(format_args!(
            "[storage] the end of {} was not written in full and is left out: {} bytes from byte {} on",
            cut.segment, cut.bytes, cut.at
        ));
    }
    let Some(store) = &pipeline.store else {
        return;
    };
    if !backlog.chunks.is_empty() {
        let records: u64 = backlog
            .chunks
            .iter()
            .map(|left| u64::from(left.records))
            .sum();
        log.info(format_args!(
            "[storage] {} chunks with {records} records of an earlier run are sent first",
            backlog.chunks.len()
        ));
    }
    let counters = input_counters("storage_backlog.0");
    let account = Account::new(counters, Keeping::Disk, None, log.clone());
    for left in backlog.chunks {
        pipeline.resume(left, &account, store);
    }
}

/// An output and the lane that it takes from.
type Berth = (Arc<Lane>, Box<dyn Output>);

/// Opens the folder for records that will never be delivered.
pub(crate) fn open_rejected(
    service: &Service,
    clock: &Clock,
) -> Result<Option<Arc<Rejected>>, StartError> {
    let Some(keeping) = &service.storage.rejected else {
        return Ok(None);
    };
    let opened = Rejected::open(keeping.clone(), clock.clone());
    let rejected = opened.map_err(|error| StartError::Rejected {
        folder: keeping.folder.clone(),
        error,
    })?;
    Ok(Some(Arc::new(rejected)))
}

pub(crate) fn lanes(
    parts: Vec<OutputPart>,
    rejected: Option<&Arc<Rejected>>,
    counters: &mut Counters,
    log: &Log,
) -> (Vec<Route>, Vec<Berth>) {
    let tasks = Arc::new(Tasks::default());
    let (mut routes, mut outputs) = (Vec::new(), Vec::new());
    for (number, part) in parts.into_iter().enumerate() {
        let own = OutputCounters::named(&part.name.into());
        counters.outputs.push(Arc::clone(&own));
        let log = log.at(part.log_level);
        let lane = Lane::new(
            number,
            part.rules,
            own,
            log,
            Arc::clone(&tasks),
            rejected.cloned(),
        );
        routes.push(Route {
            wants: part.wants,
            lane: Arc::clone(&lane),
        });
        outputs.push((lane, part.output));
    }
    (routes, outputs)
}

pub(crate) fn filters(parts: Vec<FilterPart>, counters: &mut Counters) -> Filters {
    let slot = |part: FilterPart| {
        let own = Arc::new(FilterCounters {
            name: part.name.into(),
            dropped: Count::default(),
            added: Count::default(),
        });
        counters.filters.push(Arc::clone(&own));
        Slot {
            wants: part.wants,
            is_common: part.is_common,
            filter: Mutex::new(part.filter),
            counters: own,
        }
    };
    Filters(parts.into_iter().map(slot).collect())
}

fn input_counters(name: &str) -> Arc<InputCounters> {
    Arc::new(InputCounters::named(name))
}

/// Inputs and what they collect into.
pub(crate) fn seats(
    parts: Vec<InputPart>,
    pipeline: &Arc<Pipeline>,
    stopping: &watch::Sender<bool>,
    counters: &mut Counters,
    log: &Log,
) -> Vec<(Box<dyn Input>, Collector)> {
    let seat = |part: InputPart| {
        let own = input_counters(&part.name);
        counters.inputs.push(Arc::clone(&own));
        let log = log.at(part.log_level);
        let collector = Collector {
            pipeline: Arc::clone(pipeline),
            account: Account::new(own, part.keeping, part.memory, log.clone()),
            tag: part.tag.into(),
            log,
            stopping: stopping.subscribe(),
            processors: part.processors.into(),
        };
        (part.input, collector)
    };
    parts.into_iter().map(seat).collect()
}

/// Starts the inputs. The first task ends when all have; the watch says when the process is to end.
pub(crate) fn run_inputs(
    seats: Vec<(Box<dyn Input>, Collector)>,
    stopping: &watch::Sender<bool>,
) -> (JoinHandle<()>, Vec<AbortHandle>, watch::Receiver<bool>) {
    let mut running = JoinSet::new();
    let mut tasks = Vec::new();
    for (input, collector) in seats {
        tasks.push(running.spawn(async move {
            let (name, log) = (collector.account.name.clone(), collector.log.clone());
            let outcome = input.run(collector).await;
            if let Err(why) = &outcome {
                log.error(format_args!("[input:{name}] {why}"));
            }
            outcome.is_ok()
        }));
    }
    let (tell, finished) = watch::channel(false);
    let mut stopping = stopping.subscribe();
    let all = tokio::spawn(async move {
        let has_inputs = !running.is_empty();
        while let Some(outcome) = running.join_next().await {
            let wants_end = matches!(outcome, Ok(true)) && !*stopping.borrow();
            if wants_end || running.is_empty() {
                tell.send_replace(true);
            }
        }
        if !has_inputs {
            // Without an input the process runs idle until it is told to end.
            let _ = stopping.wait_for(|is_stopping| *is_stopping).await;
        }
    });
    (all, tasks, finished)
}

/// Hands chunks on by the clock.
pub(crate) async fn flush(pipeline: Arc<Pipeline>, every: Duration) {
    let mut ticks = interval_at(Instant::now() + every, every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        pipeline.flush();
    }
}
