//! Messages to all connections of a path, again and again: rendered once, sent to all.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use sockeye_core::Random;
use sockeye_net::{Audience, Fanout, Frame, Message};
use tokio::time::{Instant, sleep_until};
use tracing::warn;

use crate::agenda::{Timer, jittered, next_beat};
use crate::facts::Facts;
use crate::mock::Mock;
use crate::occasion::Occasion;
use crate::plan::{Plan, SocketRoute};
use crate::voice::Voice;
use crate::world::World;

/// A broadcast of a route and when it is due.
struct Beat {
    route: Arc<SocketRoute>,
    index: usize,
    /// Its beat, and when it is sent, which may be a little later.
    due: Instant,
    at: Instant,
    sent: u64,
}

/// Sends the broadcasts of the current plan; never returns. A reload starts its broadcasts anew.
pub async fn announce(mock: Arc<Mock>, fanout: Fanout) {
    let (world, plans) = (&*mock.world, &*mock.plans);
    let facts = Facts::default();
    let mut random = world.random(0);
    loop {
        let plan = plans.current();
        let mut beats = beats_of(&plan, Instant::now(), &mut random);
        while plan.generation == plans.generation() {
            let next = beats.iter_mut().min_by_key(|beat| beat.at);
            let Some(beat) = next else {
                plans.changed_since(plan.generation).await;
                break;
            };
            tokio::select! {
                () = sleep_until(beat.at) => beat.send(world, &facts, &mut random, &fanout),
                () = plans.changed_since(plan.generation) => {}
            }
            beats.retain(|beat| !beat.is_over());
        }
    }
}

fn beats_of(plan: &Plan, now: Instant, random: &mut Random) -> Vec<Beat> {
    let sockets = plan
        .routes()
        .iter()
        .filter_map(|route| route.socket.as_ref());
    let timers = sockets.flat_map(|route| {
        let timers = route.broadcasts.iter().enumerate();
        timers.map(move |(index, timer)| (route, index, timer))
    });
    let beats = timers.map(|(route, index, timer)| {
        let due = now + timer.first;
        Beat {
            route: Arc::clone(route),
            index,
            due,
            at: due + jittered(timer.jitter, random),
            sent: 0,
        }
    });
    beats.collect()
}

impl Beat {
    fn timer(&self) -> Option<&Timer> {
        self.route.broadcasts.get(self.index)
    }

    fn is_over(&self) -> bool {
        self.timer()
            .and_then(|timer| timer.count)
            .is_some_and(|count| self.sent >= count)
    }

    /// Sends the message, unless nobody is there, and sets the next beat.
    fn send(&mut self, world: &World, facts: &Facts, random: &mut Random, fanout: &Fanout) {
        self.sent += 1;
        let Some(timer) = self.timer() else { return };
        timer.sent.fetch_add(1, Relaxed);
        let (answer, jitter) = (&timer.answer, timer.jitter);
        let due = next_beat(self.due, timer.interval, Instant::now());
        let audience = Audience::Group(Arc::clone(&self.route.name));
        if fanout.size(&audience) > 0 {
            let mut voice = Voice {
                world,
                facts,
                route: &self.route.name,
                conduct: None,
                random,
            };
            let about = Occasion {
                sequence: Some(self.sent),
                ..Occasion::default()
            };
            let mut text = Vec::new();
            match voice.with_scope(about, |scope| answer.write(scope, &mut text)) {
                Ok(()) => send(&text, &audience, fanout),
                Err(error) if world.count_template_error() => {
                    warn!(route = &*self.route.name, %error, "a broadcast could not be rendered");
                }
                Err(_) => {}
            }
        }
        (self.due, self.at) = (due, due + jittered(jitter, random));
    }
}

fn send(text: &[u8], audience: &Audience, fanout: &Fanout) {
    // Templates write text, which is UTF-8.
    if let Ok(text) = std::str::from_utf8(text) {
        fanout.send(audience, &Frame::new(Message::Text(text)));
    }
}
