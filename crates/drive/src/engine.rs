//! A thread of a load: its poll, its connections, what is due, what came.

mod ending;

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

use sockeye_net::Polled;
use tokio::sync::mpsc::Sender;

use crate::client::{Client, End};
use crate::course::{Course, Part};
use crate::ledger::Ledger;
use crate::limits::{IDLE, READ, SHORT, TOGETHER, WORD};
use crate::load::{Expect, Load};
use crate::poller::{Poller, Ready};
use crate::tally::Tally;
use crate::watch::{Nanos, Watch, nanos, thread_cpu};

/// What a thread is told.
#[derive(Debug)]
pub(crate) enum Order {
    /// One more connection.
    Take(Box<Polled>),
    /// The run begins at this instant.
    Start(Nanos, Part),
}

/// What a thread tells.
#[derive(Debug)]
pub(crate) enum Word {
    /// What was counted since the last word.
    Counted(Box<Tally>),
    /// The last of it: the thread has ended.
    Done(Box<Tally>),
    /// The thread cannot go on.
    Failed(io::Error),
}

/// What a thread is given.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) load: Arc<Load>,
    pub(crate) watch: Watch,
    pub(crate) orders: Receiver<Order>,
    pub(crate) words: Sender<Word>,
    /// The run is broken off.
    pub(crate) stop: Arc<AtomicBool>,
}

/// A thread of a load.
#[derive(Debug)]
pub(crate) struct Engine {
    seat: Seat,
    poller: Poller,
    /// By their number; none where one has ended.
    clients: Vec<Option<Client>>,
    ledger: Ledger,
    /// What is to be done, once that is known.
    course: Option<Course>,
    /// The next instant of the grid.
    next: u64,
    /// When messages last were due.
    left_at: Nanos,
    window: usize,
    input: Box<[u8]>,
    output: Vec<u8>,
    /// CPU time of the thread when the measurement began.
    cpu_before: Option<Duration>,
    /// When all connections are looked at again, and when the next word is due.
    look_at: Nanos,
    word_at: Nanos,
    /// Whether there is nothing left to do.
    is_done: bool,
}

/// Runs a thread to its end and says what came of it.
pub(crate) fn run(seat: Seat) {
    let words = seat.words.clone();
    let word = match Engine::new(seat).and_then(Engine::serve) {
        Ok(tally) => Word::Done(tally),
        Err(error) => Word::Failed(error),
    };
    // Nobody listens any more when the run is given up.
    let _ = words.blocking_send(word);
}

impl Engine {
    fn new(seat: Seat) -> io::Result<Self> {
        let load = &seat.load;
        Ok(Self {
            poller: Poller::new()?,
            clients: Vec::new(),
            ledger: Ledger::new(load.payload.clone(), load.expect),
            course: None,
            next: 0,
            left_at: 0,
            window: load.window(),
            input: vec![0; READ].into_boxed_slice(),
            output: Vec::new(),
            cpu_before: None,
            look_at: 0,
            word_at: 0,
            is_done: false,
            seat,
        })
    }

    fn serve(mut self) -> io::Result<Box<Tally>> {
        let mut ready = Vec::new();
        while !self.is_done && !self.is_stopped() {
            if self.course.is_none() && !self.take_orders()? {
                break;
            }
            self.ledger.now = self.seat.watch.now();
            self.send_due()?;
            self.look_after()?;
            let most = self.patience()?;
            self.poller.wait(most, &mut ready)?;
            for one in &ready {
                self.attend(one)?;
            }
        }
        self.count_the_end();
        // What comes from here on is in a tally that nobody sees.
        let tally = std::mem::take(&mut self.ledger.tally);
        self.say_goodbye(&mut ready)?;
        Ok(Box::new(tally))
    }

    fn is_stopped(&self) -> bool {
        self.seat.stop.load(Ordering::Relaxed)
    }

    /// Takes what is there; false when nobody will give orders any more.
    fn take_orders(&mut self) -> io::Result<bool> {
        loop {
            match self.seat.orders.try_recv() {
                Ok(Order::Take(link)) => self.take(*link)?,
                Ok(Order::Start(start, part)) => {
                    self.start(start, part)?;
                    return Ok(true);
                }
                Err(TryRecvError::Empty) => return Ok(true),
                Err(TryRecvError::Disconnected) => return Ok(false),
            }
        }
    }

    fn take(&mut self, mut link: Polled) -> io::Result<()> {
        let number = self.clients.len();
        self.poller.add(&link, number)?;
        let mut early = link.early();
        let mut client = Client::new(link, number);
        let heard = client.decode(&mut early, &mut self.ledger);
        self.clients.push(Some(client));
        self.settle(number, heard)
    }

    fn start(&mut self, start: Nanos, part: Part) -> io::Result<()> {
        let course = Course::new(&self.seat.load, start, part);
        self.ledger.measure_from = course.measure_from;
        self.word_at = start.saturating_add(nanos(WORD));
        self.ledger.now = self.seat.watch.now();
        if let Some(quotas) = &course.quotas {
            for (client, quota) in self.clients.iter_mut().zip(quotas) {
                match client {
                    Some(client) => client.quota = Some(*quota),
                    // It ended before it could say anything.
                    None => self.ledger.tally.unsent += quota,
                }
            }
        }
        let is_closed_loop = course.grid.is_none();
        self.course = Some(course);
        if is_closed_loop {
            for number in 0..self.clients.len() {
                self.fill(number)?;
            }
        }
        Ok(())
    }

    /// Sends what the grid has for now.
    fn send_due(&mut self) -> io::Result<()> {
        let Some(course) = &self.course else {
            return Ok(());
        };
        if self.cpu_before.is_none() && self.ledger.now >= course.measure_from {
            self.cpu_before = Some(thread_cpu());
        }
        let Some(grid) = &course.grid else {
            return Ok(());
        };
        let (now, first) = (self.ledger.now, self.next);
        while self.next < grid.count && grid.instant(self.next) <= now {
            if let Some(Some(client)) = self.clients.get_mut(grid.lane(self.next)) {
                client.due += 1;
            }
            self.next += 1;
        }
        if self.next > first {
            self.left_at = now;
        }
        // Each connection once, however many of its messages are due.
        let lanes = (self.next - first).min(self.clients.len() as u64);
        let mut lane = grid.lane(first);
        for _ in 0..lanes {
            self.ledger.now = self.seat.watch.now();
            self.fill(lane)?;
            lane = (lane + 1) % self.clients.len();
        }
        Ok(())
    }

    /// A socket is ready.
    fn attend(&mut self, ready: &Ready) -> io::Result<()> {
        let Some(Some(client)) = self.clients.get_mut(ready.number) else {
            return Ok(());
        };
        let mut result = Ok(());
        if ready.can_write {
            result = client.flush(&mut self.ledger, self.seat.watch);
        }
        if ready.can_read && result.is_ok() {
            result = client.hear(&mut self.input, &mut self.ledger, self.seat.watch);
        }
        self.settle(ready.number, result)?;
        self.fill(ready.number)
    }

    /// Lets a connection send what it may.
    fn fill(&mut self, number: usize) -> io::Result<()> {
        let (Some(course), Some(Some(client))) = (&self.course, self.clients.get_mut(number))
        else {
            return Ok(());
        };
        let watch = self.seat.watch;
        let output = &mut self.output;
        let result = client.fill(course, self.window, &mut self.ledger, output, watch);
        self.settle(number, result)
    }

    /// Looks for room to write where something is unsent; counts the end of a connection that has one.
    fn settle(&mut self, number: usize, result: Result<(), End>) -> io::Result<()> {
        let Some(slot) = self.clients.get_mut(number) else {
            return Ok(());
        };
        if let Err(end) = result {
            if let Some(client) = slot.take() {
                self.count_end(client, &end);
            }
            return Ok(());
        }
        let Some(client) = slot else {
            return Ok(());
        };
        let is_flood = self.ledger.expect == Expect::Nothing
            && !client.is_closing
            && self.course.as_ref().is_some_and(|course| {
                course.grid.is_none() && self.ledger.now < course.end && client.quota != Some(0)
            });
        let wants_room = client.link.is_behind() || is_flood;
        if client.watches_room != wants_room {
            client.watches_room = wants_room;
            self.poller.watch_room(&client.link, number, wants_room)?;
        }
        Ok(())
    }

    /// Gives up what is too old, sees whether all is done, and says how it goes.
    fn look_after(&mut self) -> io::Result<()> {
        let now = self.ledger.now;
        if now < self.look_at {
            return Ok(());
        }
        let is_ending = self.is_ending();
        self.look_at = now + nanos(if is_ending { SHORT } else { IDLE });
        let oldest = now.saturating_sub(nanos(self.seat.load.answer_within));
        for number in 0..self.clients.len() {
            let Some(Some(client)) = self.clients.get_mut(number) else {
                continue;
            };
            let before = self.ledger.tally.lost;
            let lost = &mut self.ledger.tally.lost;
            client.waiting.give_up(oldest, |_| *lost += 1);
            if self.ledger.tally.lost > before {
                self.fill(number)?;
            }
        }
        self.is_done = is_ending && self.is_settled();
        self.tell();
        Ok(())
    }

    /// Says what was counted, once a second. Without room for it the next word has it, too.
    fn tell(&mut self) {
        if self.course.is_none() || self.ledger.now < self.word_at {
            return;
        }
        self.word_at = self.ledger.now + nanos(WORD);
        if self.seat.words.capacity() > 1 {
            let lasted = Duration::from_nanos(self.ledger.lasted());
            let mut tally = std::mem::take(&mut self.ledger.tally);
            tally.lasted = lasted;
            // Whoever does not listen any more has given up the run.
            let _ = self.seat.words.try_send(Word::Counted(Box::new(tally)));
        }
    }

    /// How long the next wait may be. At a rate the timer ends it at the next instant.
    fn patience(&mut self) -> io::Result<Duration> {
        let Some(course) = &self.course else {
            return Ok(SHORT);
        };
        let Some(grid) = course.grid.as_ref().filter(|grid| self.next < grid.count) else {
            let is_endless = course.grid.is_none() && course.quotas.is_none();
            let rest = course.end.saturating_sub(self.ledger.now);
            return Ok(if is_endless {
                Duration::from_nanos(rest).clamp(SHORT, IDLE)
            } else {
                SHORT
            });
        };
        let due = grid.instant(self.next);
        let now = self.seat.watch.now();
        let due = due.max(self.left_at + nanos(TOGETHER));
        if due <= now {
            return Ok(Duration::ZERO);
        }
        if due - now < nanos(IDLE) {
            self.poller.wake_at(due, now)?;
        }
        Ok(IDLE)
    }
}
