//! A run: threads are started, connections dealt to them, seconds gathered, the end awaited.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread::{Builder, JoinHandle};

use tokio::time::{Instant, MissedTickBehavior, interval_at};

use crate::course::Part;
use crate::engine::{self, Order, Seat, Word};
use crate::limits::{WORD, WORDS};
use crate::load::{Load, Site};
use crate::opening::{self, Opened};
use crate::tally::Tally;
use crate::watch::Watch;

/// How it goes.
#[derive(Debug)]
pub struct Progress<'a> {
    /// Seconds since the first message.
    pub seconds: u64,
    /// What was counted since the last time.
    pub tally: &'a Tally,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The connections.
    pub opened: Opened,
    /// The messages.
    pub total: Tally,
    /// Whether it was broken off.
    pub is_broken_off: bool,
    /// Threads that sent and received.
    pub threads: usize,
}

/// Why there is no outcome.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The system has no thread or no poll for us.
    #[error("cannot start or keep a thread: {0}")]
    Thread(#[from] io::Error),
}

/// The threads of a run, and what they are told.
struct Crew {
    orders: Vec<mpsc::Sender<Order>>,
    /// Connections of each.
    sizes: Vec<usize>,
    handles: Vec<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
}

/// Opens the connections of `load` to `site` and runs it. When `stop` comes, it is broken off and what came of it
/// so far is its outcome. `heard` is told each second how it goes.
///
/// To be called on a runtime of tokio. Where no connection becomes open, the outcome has a refusal and nothing else.
pub async fn run(
    load: Load,
    site: &Site,
    stop: impl Future<Output = ()>,
    mut heard: impl FnMut(&Progress<'_>),
) -> Result<Outcome, Failure> {
    let watch = Watch::start();
    let load = Arc::new(load);
    let (words, mut said) = tokio::sync::mpsc::channel(WORDS);
    let mut crew = Crew::start(&load, watch, &words)?;
    drop(words);
    let mut opened = Opened::default();
    tokio::pin!(stop);
    let mut is_broken_off = tokio::select! {
        () = opening::open(&load, site, &mut opened, |link| crew.take(link)) => false,
        () = &mut stop => true,
    };
    let is_open = opened.open > 0 && !is_broken_off;
    if is_open {
        crew.begin(watch);
    } else {
        crew.stop.store(true, Ordering::Relaxed);
    }
    let (mut total, mut second) = (Tally::default(), Tally::default());
    let mut seconds = 0;
    let mut ticks = interval_at(Instant::now() + WORD, WORD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            word = said.recv() => match word {
                None => break,
                Some(Word::Counted(tally) | Word::Done(tally)) => second.add(&tally),
                Some(Word::Failed(error)) => {
                    crew.stop.store(true, Ordering::Relaxed);
                    return Err(error.into());
                }
            },
            _ = ticks.tick(), if is_open => {
                seconds += 1;
                heard(&Progress { seconds, tally: &second });
                total.add(&std::mem::take(&mut second));
            }
            () = &mut stop, if !is_broken_off => {
                is_broken_off = true;
                crew.stop.store(true, Ordering::Relaxed);
            }
        }
    }
    total.add(&second);
    let threads = crew.sizes.iter().filter(|size| **size > 0).count();
    crew.join();
    Ok(Outcome {
        opened,
        total,
        is_broken_off,
        threads,
    })
}

impl Crew {
    fn start(
        load: &Arc<Load>,
        watch: Watch,
        words: &tokio::sync::mpsc::Sender<Word>,
    ) -> Result<Self, Failure> {
        let mut crew = Self {
            orders: Vec::new(),
            sizes: Vec::new(),
            handles: Vec::new(),
            stop: Arc::default(),
        };
        for number in 0..load.threads.clamp(1, load.connections.max(1)) {
            // Bounded by the connections of the load.
            let (order, orders) = mpsc::channel();
            let seat = Seat {
                load: Arc::clone(load),
                watch,
                orders,
                words: words.clone(),
                stop: Arc::clone(&crew.stop),
            };
            let thread = Builder::new().name(format!("load-{number}"));
            crew.handles.push(thread.spawn(move || engine::run(seat))?);
            crew.orders.push(order);
            crew.sizes.push(0);
        }
        Ok(crew)
    }

    /// Deals a connection to the thread whose turn it is.
    fn take(&mut self, link: sockeye_net::Polled) {
        let turn = self.sizes.iter().sum::<usize>() % self.sizes.len().max(1);
        let place = self.orders.get(turn).zip(self.sizes.get_mut(turn));
        if let Some((orders, size)) = place
            && orders.send(Order::Take(Box::new(link))).is_ok()
        {
            *size += 1;
        }
    }

    /// Tells every thread that the run begins, and lets go of those that have no connection.
    fn begin(&mut self, watch: Watch) {
        let (start, all) = (watch.now(), self.sizes.iter().sum());
        let mut before = 0;
        for (thread, (orders, size)) in self.orders.drain(..).zip(&self.sizes).enumerate() {
            let part = Part {
                thread,
                before,
                own: *size,
                all,
            };
            before += size;
            if part.own > 0 {
                // A thread that has ended has said why.
                let _ = orders.send(Order::Start(start, part));
            }
        }
    }

    fn join(self) {
        for handle in self.handles {
            // A thread that has panicked said nothing, and its messages are missing in what is told.
            let _ = handle.join();
        }
    }
}
