//! A conversation that may take long passes through here: a thread of its own, requests in, answers on a tray.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{AcqRel, Release};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use sockeye_net::{Bell, Pace};

use crate::card::locked;
use crate::conversation::{Conversation, Next, Order, Packed};
use crate::limits::{WAITING_BYTES, WAITING_REQUESTS};
use crate::reply::Replies;
use crate::service::ThreadPermit;

/// What a thread is asked to do.
#[derive(Debug)]
enum Job {
    Begin(Box<Packed>),
    Request(String),
    /// Something that it waits for may have happened.
    Look,
}

/// The link's end of a conversation on a thread of its own. The thread ends after this is dropped.
#[derive(Debug)]
pub(crate) struct Worker {
    jobs: SyncSender<Job>,
    tray: Arc<Tray>,
    /// Requests that were given away and not answered, and their bytes.
    open: usize,
    bytes: usize,
}

/// What the thread has to say.
#[derive(Debug, Default)]
struct Tray {
    parcel: Mutex<Parcel>,
    /// Whether it was asked to look and has not looked yet.
    asked: AtomicBool,
}

/// Answers in their order.
#[derive(Debug, Default)]
pub(crate) struct Parcel {
    pub(crate) texts: Vec<String>,
    pub(crate) orders: Vec<Order>,
    /// Requests that were dealt with, and their bytes.
    requests: usize,
    bytes: usize,
    /// The conversation comes back, behind these answers.
    pub(crate) home: Option<Homecoming>,
    /// The thread has come to a bad end.
    pub(crate) is_broken: bool,
}

/// A conversation that needs its thread no longer, and what it was asked meanwhile.
#[derive(Debug)]
pub(crate) struct Homecoming {
    packed: Box<Packed>,
    jobs: Receiver<Job>,
}

impl Homecoming {
    /// The conversation, and the requests that it has not heard, in their order.
    pub(crate) fn unpack(self) -> Option<(Conversation, Vec<String>)> {
        let conversation = self.packed.unpack(true)?;
        // Whoever gives jobs is the one who asks here: no further one can come.
        let requests = self.jobs.try_iter().filter_map(|job| match job {
            Job::Request(text) => Some(text),
            Job::Look | Job::Begin(_) => None,
        });
        Some((conversation, requests.collect()))
    }
}

impl Worker {
    /// Moves a conversation to a thread. None: the system has none for us, and the conversation is gone.
    pub(crate) fn start(packed: Packed, bell: Bell, permit: ThreadPermit) -> Option<Self> {
        let (jobs, taken) = sync_channel(WAITING_REQUESTS + 4);
        let tray = Arc::new(Tray::default());
        let shared = Arc::clone(&tray);
        let thread = std::thread::Builder::new().name("walk".to_owned());
        let run = move || {
            let worked = catch_unwind(AssertUnwindSafe(|| work(taken, &shared, &bell, permit)));
            if worked.is_err() {
                locked(&shared.parcel).is_broken = true;
                bell.ring();
            }
        };
        thread.spawn(run).ok()?;
        jobs.send(Job::Begin(Box::new(packed))).ok()?;
        Some(Self {
            jobs,
            tray,
            open: 0,
            bytes: 0,
        })
    }

    /// Gives a request away; what the link may do meanwhile.
    pub(crate) fn send(&mut self, text: String) -> Pace {
        self.open += 1;
        self.bytes += text.len();
        // A thread that came to a bad end has said so on the tray.
        let _ = self.jobs.try_send(Job::Request(text));
        self.pace()
    }

    /// What was answered; what the link may do now.
    pub(crate) fn take(&mut self) -> (Parcel, Pace) {
        let parcel = std::mem::take(&mut *locked(&self.tray.parcel));
        self.open = self.open.saturating_sub(parcel.requests);
        self.bytes = self.bytes.saturating_sub(parcel.bytes);
        (parcel, self.pace())
    }

    /// Has the thread look at what others want of it.
    pub(crate) fn look(&self) {
        if !self.tray.asked.swap(true, AcqRel) {
            let _ = self.jobs.try_send(Job::Look);
        }
    }

    fn pace(&self) -> Pace {
        match self.open {
            0 => Pace::Ready,
            _ if self.open >= WAITING_REQUESTS || self.bytes >= WAITING_BYTES => Pace::Full,
            _ => Pace::Busy,
        }
    }
}

/// Carries out what comes, until the link is gone or nothing is left that needs a thread.
fn work(jobs: Receiver<Job>, tray: &Tray, bell: &Bell, permit: ThreadPermit) {
    let Ok(Job::Begin(packed)) = jobs.recv() else {
        return;
    };
    let Some(mut conversation) = packed.unpack(false) else {
        return;
    };
    let mut replies = Replies::default();
    let mut next = conversation.go_on(&mut replies);
    deliver(&mut conversation, &mut replies, tray, None);
    bell.ring();
    while let Some(job) = receive(&jobs, next) {
        let mut answered = None;
        next = match job {
            Job::Request(text) => {
                answered = Some(text.len());
                conversation.hear(&text, &mut replies)
            }
            Job::Look | Job::Begin(_) => {
                tray.asked.store(false, Release);
                conversation.go_on(&mut replies)
            }
        };
        deliver(&mut conversation, &mut replies, tray, answered);
        if next == Next::Done && conversation.is_slight() {
            let packed = Box::new(conversation.pack());
            // Whoever comes home may go away again at once.
            drop(permit);
            locked(&tray.parcel).home = Some(Homecoming { packed, jobs });
            return bell.ring();
        }
        bell.ring();
    }
}

/// The next job; a look when a held step is due. None: the link is gone.
fn receive(jobs: &Receiver<Job>, next: Next) -> Option<Job> {
    let Next::Held(Some(due)) = next else {
        return jobs.recv().ok();
    };
    let wait = due.saturating_duration_since(Instant::now());
    match jobs.recv_timeout(wait) {
        Ok(job) => Some(job),
        Err(RecvTimeoutError::Timeout) => Some(Job::Look),
        Err(RecvTimeoutError::Disconnected) => None,
    }
}

fn deliver(
    conversation: &mut Conversation,
    replies: &mut Replies,
    tray: &Tray,
    answered: Option<usize>,
) {
    let mut parcel = locked(&tray.parcel);
    parcel.texts.extend(replies.texts().map(str::to_owned));
    parcel.orders.append(&mut conversation.orders);
    if let Some(bytes) = answered {
        parcel.requests += 1;
        parcel.bytes += bytes;
    }
    drop(parcel);
    replies.clear();
}
