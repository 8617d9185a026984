//! What a connection will say later: scheduled messages and the steps that follow an answer.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use sockeye_core::Random;
use sockeye_net::{Frame, Outbox};
use tokio::time::Instant;
use tracing::{debug, warn};

use crate::act::Act;
use crate::answer::Answer;
use crate::complaint::Complaint;
use crate::incoming::Incoming;
use crate::js::Handler;
use crate::plan::SocketRoute;

/// A message that is repeated.
#[derive(Debug)]
pub struct Timer {
    /// Time from one to the next.
    pub interval: Duration,
    /// Time until the first.
    pub first: Duration,
    /// How often it is sent; `None`: as long as the connection lasts.
    pub count: Option<u64>,
    /// How much later than its beat it may be sent, at random.
    pub jitter: Duration,
    /// A condition; a beat at which it does not hold is left out.
    pub when: Option<Arc<Handler>>,
    /// What is sent.
    pub answer: Answer,
    /// How often it was sent.
    pub sent: AtomicU64,
}

/// A step that follows an answer.
#[derive(Debug)]
pub struct Later {
    /// Time since the step before.
    pub delay: Duration,
    /// What is done, if anything.
    pub act: Option<Act>,
}

/// Steps and answers that may wait on one connection. Further ones are left out, and the log says so.
const MOST_WAITING: usize = 1_024;

/// Bytes of the messages that steps on one connection are about and of the answers that wait there.
/// Beyond: as above.
const MOST_BYTES: usize = 1024 * 1024;

/// Says that steps are left out, for the file promises them; peers can cause this as often as they like.
fn not_begun() {
    static COMPLAINT: Complaint = Complaint::new();
    if COMPLAINT.may_be_logged() {
        warn!("too many steps of `then` wait on this connection; these are not begun");
    }
}

/// The things to be said, the soonest first.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    items: BinaryHeap<Reverse<Item>>,
    /// Tells items of the same instant apart, in the order they were entered.
    entered: u64,
    /// What there was no room for, until it is counted.
    left_out: u64,
}

#[derive(Debug)]
struct Item {
    at: Instant,
    number: u64,
    job: Job,
}

/// What is to be said.
#[derive(Debug)]
pub(crate) enum Job {
    /// A scheduled message.
    Timer(Beat),
    /// The next of some steps, about the message that began them.
    Step {
        /// All steps.
        steps: Arc<[Later]>,
        /// Which one.
        next: usize,
        /// The message's text; `None`: it was binary.
        text: Option<Rc<str>>,
    },
    /// An answer that waits, as it will be sent.
    Answer(Frame),
}

/// A scheduled message of a route and when it is due.
#[derive(Debug)]
pub(crate) struct Beat {
    /// The route that the timer belongs to; a reload starts the new route's timers.
    pub(crate) route: Arc<SocketRoute>,
    /// Which of its timers.
    pub(crate) index: usize,
    /// How often it was sent.
    pub(crate) sent: u64,
    /// When it is due, but for the jitter.
    pub(crate) at: Instant,
}

impl Beat {
    pub(crate) fn timer(&self) -> Option<&Timer> {
        self.route.scheduled.get(self.index)
    }
}

impl Job {
    /// The script that it needs.
    pub(crate) fn handler(&self) -> Option<&Arc<Handler>> {
        match self {
            Self::Timer(beat) => beat.timer()?.when.as_ref(),
            Self::Step { steps, next, .. } => steps.get(*next)?.act.as_ref()?.handler(),
            Self::Answer(_) => None,
        }
    }
}

impl Agenda {
    /// Enters a job. False: there are too many.
    pub(crate) fn enter(&mut self, at: Instant, job: Job) -> bool {
        if self.items.len() >= MOST_WAITING {
            self.left_out += 1;
            return false;
        }
        self.entered += 1;
        self.items.push(Reverse(Item {
            at,
            number: self.entered,
            job,
        }));
        true
    }

    /// Enters the first messages of a route's timers.
    pub(crate) fn start(&mut self, route: &Arc<SocketRoute>, now: Instant, random: &mut Random) {
        for (index, timer) in route.scheduled.iter().enumerate() {
            let beat = Beat {
                route: Arc::clone(route),
                index,
                sent: 0,
                at: now + timer.first,
            };
            self.enter_beat(beat, timer.jitter, random);
        }
    }

    /// Enters a beat, as much later as `jitter` and chance want it.
    pub(crate) fn enter_beat(&mut self, beat: Beat, jitter: Duration, random: &mut Random) {
        let at = beat.at + jittered(jitter, random);
        self.enter(at, Job::Timer(beat));
    }

    /// Begins the steps that follow an answer to `incoming`.
    pub(crate) fn begin(
        &mut self,
        steps: &Arc<[Later]>,
        incoming: Option<&Incoming<'_>>,
        out: &mut Outbox<'_>,
    ) {
        let Some(first) = steps.first() else { return };
        let at = Instant::now() + first.delay;
        let reads = |step: &Later| step.act.as_ref().is_some_and(Act::reads_message);
        let text = incoming.filter(|_| steps.iter().any(reads));
        let text: Option<Rc<str>> = text.and_then(Incoming::text).map(Rc::from);
        let has_room = self.held() + text.as_ref().map_or(0, |text| text.len()) <= MOST_BYTES;
        self.left_out += u64::from(!has_room);
        let steps = Arc::clone(steps);
        if has_room
            && self.enter(
                at,
                Job::Step {
                    steps,
                    next: 0,
                    text,
                },
            )
        {
            out.wake_at(at);
        } else {
            not_begun();
        }
    }

    /// Sends `frame` after `delay`, but not before those that wait already; the time it has to wait.
    pub(crate) fn delay(
        &mut self,
        frame: Frame,
        delay: Duration,
        out: &mut Outbox<'_>,
    ) -> Duration {
        let is_answer = |Reverse(item): &&Reverse<Item>| matches!(item.job, Job::Answer(_));
        let waiting = self.items.iter().filter(is_answer);
        let last = waiting.map(|Reverse(item)| item.at).max();
        let now = Instant::now();
        let at = last.map_or(now + delay, |last| last.max(now + delay));
        let held = self.held();
        // A lone answer waits whatever its size, or it would never be sent.
        let has_room = held == 0 || held + frame.payload() <= MOST_BYTES;
        self.left_out += u64::from(!has_room);
        if has_room && self.enter(at, Job::Answer(frame)) {
            out.wake_at(at);
        } else {
            debug!("too many answers wait on this connection; this one is left out");
        }
        at.saturating_duration_since(now)
    }

    /// Bytes of the answers that wait and of the messages that waiting steps are about.
    fn held(&self) -> usize {
        let text = |Reverse(item): &Reverse<Item>| match &item.job {
            Job::Step {
                text: Some(text), ..
            } => text.len(),
            Job::Answer(frame) => frame.payload(),
            _ => 0,
        };
        self.items.iter().map(text).sum()
    }

    /// Forgets the scheduled messages; steps that were begun go on, and answers that wait are sent.
    pub(crate) fn stop_timers(&mut self) {
        self.items
            .retain(|Reverse(item)| !matches!(item.job, Job::Timer { .. }));
    }

    /// The next job that is due, and when it was.
    pub(crate) fn due(&mut self, now: Instant) -> Option<(Instant, Job)> {
        if self.next()? > now {
            return None;
        }
        self.items.pop().map(|Reverse(item)| (item.at, item.job))
    }

    /// How much there was no room for since this was last asked.
    pub(crate) fn take_left_out(&mut self) -> u64 {
        std::mem::take(&mut self.left_out)
    }

    /// When the next job is due.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.items.peek().map(|Reverse(item)| item.at)
    }
}

/// A time between none and `most`.
pub(crate) fn jittered(most: Duration, random: &mut Random) -> Duration {
    if most.is_zero() {
        return most;
    }
    most.mul_f64(random.unit())
}

/// The next beat of a timer that beat at `last`: on the grid, and not before now. Beats that were
/// missed are left out.
pub(crate) fn next_beat(last: Instant, interval: Duration, now: Instant) -> Instant {
    let next = last + interval;
    if next > now {
        return next;
    }
    let missed = (now - last).as_nanos() / interval.as_nanos().max(1);
    let missed = u32::try_from(missed).unwrap_or(u32::MAX);
    last + interval.saturating_mul(missed.saturating_add(1))
}

impl PartialEq for Item {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}

impl Eq for Item {}

impl PartialOrd for Item {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Item {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEAT: Duration = Duration::from_secs(1);

    fn step(next: usize) -> Job {
        Job::Step {
            steps: Arc::new([]),
            next,
            text: None,
        }
    }

    fn number((_, job): (Instant, Job)) -> usize {
        match job {
            Job::Step { next, .. } => next,
            Job::Timer(_) | Job::Answer(_) => unreachable!("only steps were entered"),
        }
    }

    #[test]
    fn jobs_come_by_time_and_then_in_the_order_they_were_entered() {
        let start = Instant::now();
        let mut agenda = Agenda::default();
        for (number, seconds) in [(0, 2), (1, 1), (2, 1), (3, 9)] {
            assert!(agenda.enter(start + BEAT * seconds, step(number)));
        }
        let now = start + BEAT * 2;
        let order: Vec<usize> = std::iter::from_fn(|| agenda.due(now)).map(number).collect();
        assert_eq!(order, [1, 2, 0]);
        assert_eq!(agenda.next(), Some(start + BEAT * 9));
    }

    #[test]
    fn the_agenda_is_bounded() {
        let mut agenda = Agenda::default();
        let now = Instant::now();
        let entered = (0..2_000)
            .filter(|number| agenda.enter(now, step(*number)))
            .count();
        assert_eq!(entered, MOST_WAITING);
    }

    #[test]
    fn beats_stay_on_the_grid_and_missed_ones_are_left_out() {
        let start = Instant::now();
        let late = Duration::from_millis(300);
        assert_eq!(next_beat(start, BEAT, start + late), start + BEAT);
        assert_eq!(next_beat(start, BEAT, start + BEAT), start + BEAT * 2);
        assert_eq!(
            next_beat(start, BEAT, start + BEAT * 5 + late),
            start + BEAT * 6
        );
    }
}
