//! One connection to the mock: it remembers its request and asks the plan what to say.

use std::rc::Rc;
use std::sync::Arc;

use sockeye_core::Random;
use sockeye_net::{Ending, Message, Outbox, Session, Written};
use sockeye_wire::CloseCode;
use tokio::time::Instant;
use tracing::debug;

use crate::agenda::Agenda;
use crate::chaos::Course;
use crate::conduct;
use crate::facts::Facts;
use crate::js::{Ask, Cursor, Desk, Waiting, payload_of};
use crate::occasion::Occasion;
use crate::operate::{Card, Event};
use crate::pipeline;
use crate::plan::SocketRoute;
use crate::plans::Plans;
use crate::proxy::Proxy;
use crate::replay::Performance;
use crate::sink::Intake;
use crate::times::RouteTimes;
use crate::uses::Uses;
use crate::voice::Voice;
use crate::world::{Presence, World};

/// The mock's side of one WebSocket.
#[derive(Debug)]
pub struct MockSession {
    pub(crate) world: Arc<World>,
    pub(crate) plans: Arc<Plans>,
    pub(crate) route: Arc<SocketRoute>,
    pub(crate) facts: Arc<Facts>,
    /// The plan that `route` is from.
    generation: u64,
    /// What was current when it last looked.
    edition: u64,
    pub(crate) random: Random,
    presence: Presence,
    /// Where the time that its messages take is counted.
    pub(crate) times: Arc<RouteTimes>,
    pub(crate) agenda: Agenda,
    uses: Uses,
    /// What operators know it by, once it is open.
    pub(crate) card: Option<Arc<Card>>,
    /// Its scripts, from the first route on that has some.
    pub(crate) desk: Option<Box<Desk>>,
    /// What goes wrong on purpose, from the first chaos on that it met.
    pub(crate) course: Option<Rc<Course>>,
    /// What is played to it, if that is what its route does.
    pub(crate) performance: Option<Box<Performance>>,
    /// What it has brought to its sink, if its route is one.
    pub(crate) intake: Intake,
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
        let random = world.random(facts.number());
        let times = world.times.of(&route.name);
        Self {
            world,
            plans,
            route,
            facts: Arc::new(facts),
            generation,
            edition: 0,
            random,
            presence,
            times,
            agenda: Agenda::default(),
            uses: Uses::default(),
            card: None,
            desk: None,
            course: None,
            performance: None,
            intake: Intake::default(),
        }
    }

    /// Takes the newest plan's route, and goes by the newest chaos. False: there is no route for this
    /// connection.
    fn follow(&mut self, out: &mut Outbox<'_>) -> bool {
        self.edition == self.plans.edition() || self.catch_up(out)
    }

    fn catch_up(&mut self, out: &mut Outbox<'_>) -> bool {
        // First: what changes meanwhile is looked at again.
        self.edition = self.plans.edition();
        if self.generation != self.plans.generation() && !self.change_plan(out) {
            return false;
        }
        self.heed_chaos(out);
        true
    }

    /// Scheduled messages start anew; steps that were begun go on, and so does the scripts' state.
    fn change_plan(&mut self, out: &mut Outbox<'_>) -> bool {
        let plan = self.plans.current();
        self.generation = plan.generation;
        let Some((route, parameters)) = plan.find_socket(self.facts.host(), &self.facts.path)
        else {
            return false;
        };
        if !is_same_upstream(self.route.proxy.as_deref(), route.proxy.as_deref()) {
            return false;
        }
        if self.route.name != route.name {
            self.presence = self.world.enter(&route.name);
            self.times = self.world.times.of(&route.name);
            self.leave_paths(out);
        }
        self.route = Arc::clone(route);
        self.world.recordings.look_again(self.facts.number());
        if self.facts.parameters != parameters {
            Arc::make_mut(&mut self.facts).parameters = parameters;
        }
        self.settle(out);
        true
    }

    /// Takes its place on the route.
    fn settle(&mut self, out: &mut Outbox<'_>) {
        self.uses.forget();
        // Broadcasts to a path reach the group of its name, and of the path that was asked for.
        out.join(&self.route.name);
        if self.has_own_path() {
            out.join(&self.facts.path);
        }
        if let Some(card) = &self.card {
            card.move_to(&self.facts, &self.route);
        }
        self.record();
        if self.route.has_scripts {
            self.take_desk(out);
        }
        self.agenda.stop_timers();
        self.agenda
            .start(&self.route, Instant::now(), &mut self.random);
        self.ask_for_call(out);
        self.perform(out);
        self.count_at_sink();
    }

    /// Lets operators and other nodes know.
    fn register(&mut self, out: &mut Outbox<'_>) {
        let (commons, number) = (&self.world.commons, self.facts.number());
        let now = self.world.clock().now();
        let card = Card::new(&self.facts, &self.route, now, out.bell());
        let card = Arc::new(card);
        commons.register.enter(number, &card);
        self.card = Some(card);
        commons.presence_changed();
        self.world.journal.note(|| Event::Opened(number));
    }

    /// Has the connection recorded if its route wants that. One that is recorded stays so.
    fn record(&self) {
        let recordings = &self.world.recordings;
        if let Some(settings) = &self.route.record {
            recordings.begin(settings, &self.facts, self.world.clock().now());
        }
    }

    fn leave_paths(&self, out: &mut Outbox<'_>) {
        out.leave(&self.route.name);
        out.leave(&self.facts.path);
    }

    /// Whether its path is one of several that the route has, on any host.
    fn has_own_path(&self) -> bool {
        self.route.name.starts_with('/') && *self.route.name != *self.facts.path
    }

    /// What the agenda had no room for.
    fn count_left_out(&mut self) {
        let left_out = self.agenda.take_left_out();
        if left_out > 0 {
            self.world.count_left_out(left_out);
        }
    }

    fn ask_for_call(&self, out: &mut Outbox<'_>) {
        if let Some(instant) = self.agenda.next() {
            out.wake_at(instant);
        }
    }

    /// Does what is due, as far as the peer takes it.
    fn do_jobs(&mut self, out: &mut Outbox<'_>) {
        let now = Instant::now();
        while !out.is_crowded()
            && let Some((due, job)) = self.agenda.due(now)
        {
            self.do_job(due, job, out);
        }
        self.ask_for_call(out);
    }

    /// The route to follow, what it takes to say something, and what is to be said later.
    pub(crate) fn parts(&mut self) -> Parts<'_> {
        let Self {
            world,
            route,
            facts,
            random,
            agenda,
            uses,
            performance,
            intake,
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
            uses,
            performance: performance.as_deref_mut(),
            intake,
        }
    }

    /// The same, for a route of the plan before.
    pub(crate) fn parts_on<'s>(&'s mut self, route: &'s SocketRoute) -> Parts<'s> {
        let mut parts = self.parts();
        parts.voice.route = &route.name;
        parts.voice.conduct = route.conduct.as_deref();
        Parts { route, ..parts }
    }
}

/// A session taken apart, so that its route can be walked while it speaks.
pub(crate) struct Parts<'s> {
    pub(crate) route: &'s SocketRoute,
    pub(crate) voice: Voice<'s>,
    pub(crate) agenda: &'s mut Agenda,
    pub(crate) uses: &'s mut Uses,
    pub(crate) performance: Option<&'s mut Performance>,
    pub(crate) intake: &'s mut Intake,
}

impl Session for MockSession {
    fn opened(&mut self, out: &mut Outbox<'_>) {
        debug!(path = %self.facts.path, route = &*self.route.name, "opened");
        self.register(out);
        // A reload may have come between the request and now.
        if !self.catch_up(out) {
            return gone(out);
        }
        self.settle(out);
        let asked = conduct::greet(&mut self.parts(), out);
        let ask =
            asked.map(|(number, handler)| Ask::new(handler, Cursor::Opening { act: number + 1 }));
        self.run(ask, None, out);
    }

    fn message(&mut self, message: Message<'_>, out: &mut Outbox<'_>) {
        if !self.follow(out) {
            return gone(out);
        }
        if let Some(desk) = self.desk.as_mut().filter(|desk| desk.is_busy()) {
            desk.keep_message(message, out.read_at());
            return out.pace(desk.pace());
        }
        let ask = pipeline::answer(self.parts(), message, out);
        if ask.is_some() {
            self.run(ask, Some(message), out);
        }
    }

    fn upstream_message(&mut self, message: Message<'_>, out: &mut Outbox<'_>) {
        if !self.follow(out) {
            return gone(out);
        }
        let proxy = self.route.proxy.as_ref();
        let has_script = proxy.is_some_and(|proxy| proxy.outgoing.is_some());
        // Behind those that wait for their script.
        if let Some(desk) = self
            .desk
            .as_mut()
            .filter(|desk| has_script && desk.is_busy())
        {
            desk.keep(Waiting::FromUpstream(payload_of(message)));
            return out.pace(desk.pace());
        }
        self.pass_on(message, out);
    }

    /// A reload: a connection whose path is gone ends now and not with its next message.
    fn nudged(&mut self, out: &mut Outbox<'_>) {
        if !self.follow(out) {
            gone(out);
        }
    }

    fn woken(&mut self, out: &mut Outbox<'_>) {
        if !self.follow(out) {
            return gone(out);
        }
        self.obey(out);
        self.go_on(out);
        self.do_jobs(out);
        self.parts().go_on_playing(out);
        self.parts().acknowledge_written(out);
    }

    fn written(&mut self, turn: Written) {
        let mut messages = turn.messages;
        if let Some(desk) = &mut self.desk {
            messages = messages.saturating_sub(desk.take_put_off());
            for read_at in desk.take_settled() {
                self.times.messages.record(turn.at - read_at, 1);
            }
        }
        if messages > 0 {
            let time = turn.at - turn.read_at;
            self.times.messages.record(time, messages);
        }
        self.count_left_out();
    }

    fn goodbye(&mut self, out: &mut Outbox<'_>) {
        let Parts {
            route, mut voice, ..
        } = self.parts();
        for answer in &route.on_close {
            voice.say(answer, Occasion::default(), out);
        }
    }

    fn ended(&mut self, ending: &Ending) {
        self.count_left_out();
        self.presence.leave();
        self.world.commons.presence_changed();
        self.world.recordings.end(self.facts.number());
        if let Some(card) = &self.card {
            let lasted = self.world.clock().now().duration_since(card.opened_at);
            let lasted = lasted.unsigned_abs();
            let (tally, carried) = (&self.world.tally, card.counts.totals());
            let route = self.world.times.name(&self.route.name);
            tally.ended(ending, lasted, route, carried);
        }
        self.world.journal.note(|| Event::Ended {
            connection: self.facts.number(),
            how: ending.to_string(),
        });
        self.leave_desk();
        debug!(path = %self.facts.path, "{ending}");
    }
}

/// Whether a connection that was opened with one of them may go on with the other.
fn is_same_upstream(one: Option<&Proxy>, other: Option<&Proxy>) -> bool {
    match (one, other) {
        (None, None) => true,
        (Some(one), Some(other)) => one.reaches_the_same_as(other),
        _ => false,
    }
}

fn gone(out: &mut Outbox<'_>) {
    out.close(CloseCode::SERVICE_RESTART, "this path is no longer served");
}
