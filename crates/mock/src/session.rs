//! One connection to the mock: it remembers its request and asks the plan what to say.

use std::sync::Arc;

use sockeye_core::Random;
use sockeye_net::{Ending, Message, Outbox, Session};
use sockeye_wire::CloseCode;
use tracing::debug;

use crate::facts::Facts;
use crate::matcher::Captures;
use crate::mock::{Mock, Presence};
use crate::pipeline;
use crate::plan::SocketRoute;
use crate::voice::Voice;

/// The mock's side of one WebSocket.
#[derive(Debug)]
pub struct MockSession {
    mock: Arc<Mock>,
    route: Arc<SocketRoute>,
    facts: Facts,
    /// The plan that `route` is from.
    generation: u64,
    random: Random,
    presence: Presence,
}

impl MockSession {
    pub(crate) fn new(
        mock: Arc<Mock>,
        route: Arc<SocketRoute>,
        facts: Facts,
        generation: u64,
        presence: Presence,
    ) -> Self {
        let number = facts.peer.as_ref().map_or(0, |peer| peer.number);
        let random = mock.random(number);
        Self {
            mock,
            route,
            facts,
            generation,
            random,
            presence,
        }
    }

    /// Takes the newest plan's route. False: it has none for this connection.
    pub(crate) fn follow_plan(&mut self) -> bool {
        if self.generation == self.mock.generation() {
            return true;
        }
        let plan = self.mock.plan();
        self.generation = plan.generation;
        let Some((route, parameters)) =
            plan.find_socket(self.facts.host.as_deref(), &self.facts.path)
        else {
            return false;
        };
        if self.route.name != route.name {
            self.presence = self.mock.enter(&route.name);
        }
        self.route = Arc::clone(route);
        self.facts.parameters = parameters;
        true
    }

    /// The rules to follow, and what it takes to say something.
    pub(crate) fn parts(&mut self) -> (&SocketRoute, Voice<'_>) {
        let Self {
            mock,
            route,
            facts,
            random,
            ..
        } = self;
        let voice = Voice {
            mock,
            facts,
            route: &route.name,
            random,
        };
        (route, voice)
    }
}

impl Session for MockSession {
    fn opened(&mut self, out: &mut Outbox<'_>) {
        debug!(path = %self.facts.path, route = self.route.name, "opened");
        let (route, mut voice) = self.parts();
        voice.say(&route.on_connect, None, &Captures::default(), out);
    }

    fn message(&mut self, message: Message<'_>, out: &mut Outbox<'_>) {
        if self.follow_plan() {
            let (route, voice) = self.parts();
            pipeline::answer(route, voice, message, out);
        } else {
            gone(out);
        }
    }

    /// A reload: a connection whose path is gone ends now and not with its next message.
    fn nudged(&mut self, out: &mut Outbox<'_>) {
        if !self.follow_plan() {
            gone(out);
        }
    }

    fn goodbye(&mut self, out: &mut Outbox<'_>) {
        let (route, mut voice) = self.parts();
        voice.say(&route.on_close, None, &Captures::default(), out);
    }

    fn ended(&mut self, ending: &Ending) {
        self.presence.leave();
        debug!(path = %self.facts.path, "{ending}");
    }
}

fn gone(out: &mut Outbox<'_>) {
    out.close(CloseCode::SERVICE_RESTART, "this path is no longer served");
}
