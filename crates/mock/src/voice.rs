//! What a session says, from its answers to the outbox.

use sockeye_core::Random;
use sockeye_net::Outbox;
use sockeye_script::template::Scope;
use tracing::warn;

use crate::answer::Answer;
use crate::facts::Facts;
use crate::incoming::Incoming;
use crate::matcher::Captures;
use crate::mock::Mock;
use crate::vars::Context;

/// What it takes to say something on a connection, apart from the rules that are followed.
pub(crate) struct Voice<'s> {
    pub(crate) mock: &'s Mock,
    pub(crate) facts: &'s Facts,
    /// The route's name.
    pub(crate) route: &'s str,
    pub(crate) random: &'s mut Random,
}

impl Voice<'_> {
    /// Says `answers` in order. One that cannot be rendered is left out and logged.
    pub(crate) fn say(
        &mut self,
        answers: &[Answer],
        incoming: Option<&Incoming<'_>>,
        captures: &Captures<'_>,
        out: &mut Outbox<'_>,
    ) {
        let (mock, facts, route) = (self.mock, self.facts, self.route);
        let vars = Context {
            mock,
            facts,
            route,
            incoming,
            captures,
        };
        let mut scope = Scope {
            vars: &vars,
            random: self.random,
            clock: mock.clock(),
        };
        for answer in answers {
            if let Err(error) = answer.say(incoming.map(Incoming::message), &mut scope, out) {
                mock.count_template_error();
                warn!(route, %error, "an answer could not be rendered");
            }
        }
    }
}
