//! Recordings of a process pass through here: one thread writes them all, another one finishes them, so
//! that a long session file holds up no other recording.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread::{self, JoinHandle, Thread};
use std::time::Duration;
use std::{fmt, io};

use crate::limits::WAITING_ENDS;
use crate::recorder::Waiting;
use crate::spot::{Numbers, claim};
use crate::writer::{Reel, Writer};
use crate::{Entry, Head, RecordError, RecordEvent, RecordOptions, Recorder, Spot, Watch, finish};

/// What the writing thread is to do. Entries are bounded by their recorder, and each recorder gives at
/// most three other orders.
pub(crate) enum Order {
    /// A recording whose file has yet to be made.
    Begin {
        id: u64,
        begin: Box<Begin>,
    },
    /// A recording whose file is there.
    Go {
        id: u64,
        reel: Box<Reel>,
    },
    Entry {
        id: u64,
        entry: Entry,
    },
    Overrun {
        id: u64,
    },
    End {
        id: u64,
        ran: Option<Duration>,
    },
    /// No more recorders: finish what there is.
    Stop,
}

/// What is needed to make a recording's file.
pub(crate) struct Begin {
    pub(crate) spot: Spot,
    pub(crate) head: Head,
    pub(crate) options: RecordOptions,
    pub(crate) watch: Watch,
    pub(crate) waiting: Arc<Waiting>,
}

impl Begin {
    /// Makes the file.
    pub(crate) fn open(self, numbers: &Mutex<Numbers>) -> Result<Reel, (RecordError, Watch)> {
        let made = {
            let mut numbers = numbers.lock().unwrap_or_else(PoisonError::into_inner);
            claim(&self.spot, self.options.if_taken, &mut numbers)
        };
        let (claim, sheet) = match made {
            Ok(made) => made,
            Err(error) => {
                self.waiting.stop();
                return Err((error, self.watch));
            }
        };
        (self.watch)(RecordEvent::Started {
            file: claim.shown.clone(),
        });
        let reel = Reel::new(
            claim,
            sheet,
            self.head,
            self.options.redaction,
            self.watch,
            self.waiting,
        );
        Ok(reel)
    }
}

/// The way to the writing thread.
pub(crate) struct Desk {
    orders: Sender<Order>,
    /// Bytes of all recordings that wait.
    pub(crate) bytes: AtomicUsize,
    thread: OnceLock<Thread>,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes wait", self.bytes.load(Ordering::Relaxed))
    }
}

impl Desk {
    pub(crate) fn order(&self, order: Order) {
        // Without the thread there is no recording any more, and nobody to tell.
        let _ = self.orders.send(order);
    }

    /// Counts an entry down whose recording has failed.
    pub(crate) fn forget(&self, weight: usize) {
        self.bytes.fetch_sub(weight, Ordering::Relaxed);
    }

    /// Lets the thread gather no longer.
    pub(crate) fn wake(&self) {
        if let Some(thread) = self.thread.get() {
            thread.unpark();
        }
    }
}

/// Writes recordings. One is enough for a process. Dropping it finishes all that are going on.
#[derive(Debug)]
pub struct Deck {
    desk: Arc<Desk>,
    next: AtomicU64,
    numbers: Arc<Mutex<Numbers>>,
    writer: Option<JoinHandle<()>>,
}

impl Deck {
    /// Starts its threads.
    ///
    /// # Errors
    ///
    /// The system has no thread for us.
    pub fn start() -> io::Result<Self> {
        let (orders, taken) = mpsc::channel();
        let desk = Arc::new(Desk {
            orders,
            bytes: AtomicUsize::new(0),
            thread: OnceLock::new(),
        });
        let numbers = Arc::new(Mutex::new(Numbers::default()));
        let (ends, ended) = mpsc::sync_channel(WAITING_ENDS);
        let finisher = thread::Builder::new()
            .name("tape-finish".to_owned())
            .spawn(move || finish_all(&ended))?;
        let writer = Writer::new(Arc::clone(&desk), Arc::clone(&numbers), ends);
        let writer = thread::Builder::new()
            .name("tape".to_owned())
            .spawn(move || {
                writer.run(&taken);
                let _ = finisher.join();
            })?;
        let _ = desk.thread.set(writer.thread().clone());
        Ok(Self {
            desk,
            next: AtomicU64::new(1),
            numbers,
            writer: Some(writer),
        })
    }

    /// Starts a recording whose file is made here and now, on the caller's thread.
    ///
    /// # Errors
    ///
    /// The file cannot be made. Nothing is told to `watch` then.
    pub fn create(
        &self,
        spot: Spot,
        head: Head,
        options: RecordOptions,
        watch: Watch,
    ) -> Result<Recorder, RecordError> {
        let (recorder, begin) = self.recorder(spot, head, options, watch);
        match begin.open(&self.numbers) {
            Ok(reel) => {
                let id = recorder.id;
                self.desk.order(Order::Go {
                    id,
                    reel: Box::new(reel),
                });
                Ok(recorder)
            }
            Err((error, _)) => Err(error),
        }
    }

    /// Starts a recording whose file is made on the deck's thread: the caller never waits for a disk. If
    /// it cannot be made, `watch` is told.
    pub fn begin(&self, spot: Spot, head: Head, options: RecordOptions, watch: Watch) -> Recorder {
        let (recorder, begin) = self.recorder(spot, head, options, watch);
        self.desk.order(Order::Begin {
            id: recorder.id,
            begin,
        });
        recorder
    }

    fn recorder(
        &self,
        spot: Spot,
        head: Head,
        options: RecordOptions,
        watch: Watch,
    ) -> (Recorder, Box<Begin>) {
        let waiting = Arc::new(Waiting::default());
        let recorder = Recorder {
            id: self.next.fetch_add(1, Ordering::Relaxed),
            desk: Arc::clone(&self.desk),
            waiting: Arc::clone(&waiting),
            ended: false,
        };
        (
            recorder,
            Box::new(Begin {
                spot,
                head,
                options,
                watch,
                waiting,
            }),
        )
    }
}

impl Drop for Deck {
    fn drop(&mut self) {
        self.desk.order(Order::Stop);
        self.desk.wake();
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

/// What the finishing thread gets.
pub(crate) type End = (finish::Ended, Watch);

fn finish_all(ended: &Receiver<End>) {
    while let Ok(end) = ended.recv() {
        finish_one(&end);
    }
}

/// Finishes one recording and tells its watch.
pub(crate) fn finish_one((ended, watch): &End) {
    watch(match finish::finish(ended) {
        Ok(file) => RecordEvent::Finished {
            file,
            messages: ended.count,
        },
        Err(error) => RecordEvent::Failed { error },
    });
}
