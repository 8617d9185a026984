//! One connection to the mock: it remembers its request and asks the plan what to say.

use std::sync::Arc;

use sockeye_core::Random;
use sockeye_net::{Ending, Message, Outbox, Session};
use sockeye_wire::CloseCode;
use tokio::time::Instant;
use tracing::debug;

use crate::agenda::{Agenda, Job, next_beat};
use crate::conduct;
use crate::facts::Facts;
use crate::incoming::Incoming;
use crate::occasion::Occasion;
use crate::pipeline;
use crate::plan::SocketRoute;
use crate::plans::Plans;
use crate::voice::Voice;
use crate::world::{Presence, World};

/// The mock's side of one WebSocket.
#[derive(Debug)]
pub struct MockSession {
    world: Arc<World>,
    plans: Arc<Plans>,
    route: Arc<SocketRoute>,
    facts: Facts,
    /// The plan that `route` is from.
    generation: u64,
    random: Random,
    presence: Presence,
    agenda: Agenda,
}

impl MockSession {
    pub(crate) fn new(
        world: Arc<World>,
        plans: Arc<Plans>,
        route: Arc<SocketRoute>,
        facts: Facts,
        generation: u64,
        presence: Presence,
    ) -> Self {
        let number = facts.peer.as_ref().map_or(0, |peer| peer.number);
        let random = world.random(number);
        Self {
            world,
            plans,
            route,
            facts,
            generation,
            random,
            presence,
            agenda: Agenda::default(),
        }
    }

    /// Takes the newest plan's route. False: it has none for this connection.
    fn follow_plan(&mut self, out: &mut Outbox<'_>) -> bool {
        self.generation == self.plans.generation() || self.change_plan(out)
    }

    /// Scheduled messages start anew; steps that were begun go on.
    fn change_plan(&mut self, out: &mut Outbox<'_>) -> bool {
        let plan = self.plans.current();
        self.generation = plan.generation;
        let Some((route, parameters)) =
            plan.find_socket(self.facts.host.as_deref(), &self.facts.path)
        else {
            return false;
        };
        if self.route.name != route.name {
            self.presence = self.world.enter(&route.name);
            out.leave(&self.route.name);
            out.join(&route.name);
        }
        self.route = Arc::clone(route);
        self.facts.parameters = parameters;
        self.agenda.stop_timers();
        self.start_timers(out);
        true
    }

    fn start_timers(&mut self, out: &mut Outbox<'_>) {
        self.agenda.start(&self.route, Instant::now());
        self.ask_for_call(out);
    }

    fn ask_for_call(&self, out: &mut Outbox<'_>) {
        if let Some(instant) = self.agenda.next() {
            out.wake_at(instant);
        }
    }

    /// Says what is due, and enters what comes after it.
    fn do_job(&mut self, due: Instant, job: Job, now: Instant, out: &mut Outbox<'_>) {
        match job {
            Job::Timer { route, index, sent } => {
                let Some(timer) = route.scheduled.get(index) else {
                    return;
                };
                let sent = sent + 1;
                let about = Occasion {
                    sequence: Some(sent),
                    ..Occasion::default()
                };
                self.parts()
                    .voice
                    .say(std::slice::from_ref(&timer.answer), about, out);
                if timer.count.is_none_or(|count| sent < count) {
                    let next = next_beat(due, timer.interval, now);
                    self.agenda.enter(next, Job::Timer { route, index, sent });
                }
            }
            Job::Answer(frame) => out.frame(&frame),
            Job::Step { steps, next, text } => {
                let Some(step) = steps.get(next) else { return };
                let incoming = text
                    .as_deref()
                    .map(|text| Incoming::new(Message::Text(text)));
                let about = Occasion {
                    incoming: incoming.as_ref(),
                    ..Occasion::default()
                };
                self.parts().voice.say(step.answer.as_slice(), about, out);
                let next = next + 1;
                if let Some(step) = steps.get(next) {
                    let at = due + step.delay;
                    self.agenda.enter(at, Job::Step { steps, next, text });
                }
            }
        }
    }

    /// The route to follow, what it takes to say something, and what is to be said later.
    fn parts(&mut self) -> Parts<'_> {
        let Self {
            world,
            route,
            facts,
            random,
            agenda,
            ..
        } = self;
        let voice = Voice {
            world,
            facts,
            route: &route.name,
            conduct: route.conduct.as_deref(),
            random,
        };
        Parts {
            route,
            voice,
            agenda,
        }
    }
}

/// A session taken apart, so that its route can be walked while it speaks.
pub(crate) struct Parts<'s> {
    pub(crate) route: &'s SocketRoute,
    pub(crate) voice: Voice<'s>,
    pub(crate) agenda: &'s mut Agenda,
}

impl Session for MockSession {
    fn opened(&mut self, out: &mut Outbox<'_>) {
        debug!(path = %self.facts.path, route = self.route.name, "opened");
        // A reload may have come between the request and now.
        if !self.follow_plan(out) {
            return gone(out);
        }
        // Broadcasts to a path reach the group of its name.
        out.join(&self.route.name);
        let Parts {
            route,
            mut voice,
            agenda,
        } = self.parts();
        conduct::greet(&route.on_connect, &mut voice, agenda, out);
        self.agenda.stop_timers();
        self.start_timers(out);
    }

    fn message(&mut self, message: Message<'_>, out: &mut Outbox<'_>) {
        if self.follow_plan(out) {
            pipeline::answer(self.parts(), message, out);
        } else {
            gone(out);
        }
    }

    /// A reload: a connection whose path is gone ends now and not with its next message.
    fn nudged(&mut self, out: &mut Outbox<'_>) {
        if !self.follow_plan(out) {
            gone(out);
        }
    }

    fn woken(&mut self, out: &mut Outbox<'_>) {
        let now = Instant::now();
        while !out.is_crowded()
            && let Some((due, job)) = self.agenda.due(now)
        {
            self.do_job(due, job, now, out);
        }
        self.ask_for_call(out);
    }

    fn goodbye(&mut self, out: &mut Outbox<'_>) {
        let Parts {
            route, mut voice, ..
        } = self.parts();
        voice.say(&route.on_close, Occasion::default(), out);
    }

    fn ended(&mut self, ending: &Ending) {
        self.presence.leave();
        debug!(path = %self.facts.path, "{ending}");
    }
}

fn gone(out: &mut Outbox<'_>) {
    out.close(CloseCode::SERVICE_RESTART, "this path is no longer served");
}
