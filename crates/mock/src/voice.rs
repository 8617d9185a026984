//! What a session says, from its answers to the outbox.

use sockeye_core::Random;
use sockeye_net::Outbox;
use sockeye_script::template::Scope;
use tracing::warn;

use crate::answer::Answer;
use crate::conduct::Conduct;
use crate::facts::Facts;
use crate::incoming::Incoming;
use crate::occasion::Occasion;
use crate::vars::Context;
use crate::world::World;

/// What it takes to say something on a connection, apart from the rules that are followed.
pub(crate) struct Voice<'s> {
    pub(crate) world: &'s World,
    pub(crate) facts: &'s Facts,
    /// The route's name.
    pub(crate) route: &'s str,
    /// What its answers go by beside the rules.
    pub(crate) conduct: Option<&'s Conduct>,
    pub(crate) random: &'s mut Random,
}

impl Voice<'_> {
    /// Says `answers` in order. One that cannot be rendered is left out and logged.
    pub(crate) fn say(
        &mut self,
        answers: &[Answer],
        about: Occasion<'_, '_, '_>,
        out: &mut Outbox<'_>,
    ) {
        let (world, route) = (self.world, self.route);
        self.with_scope(about, |scope| {
            for answer in answers {
                let said = answer.say(about.incoming.map(Incoming::message), scope, out);
                if let Err(error) = said
                    && world.count_template_error()
                {
                    warn!(route, %error, "an answer could not be rendered");
                }
            }
        });
    }

    /// Lends what templates can ask for.
    pub(crate) fn with_scope<T>(
        &mut self,
        about: Occasion<'_, '_, '_>,
        act: impl FnOnce(&mut Scope<'_>) -> T,
    ) -> T {
        let vars = Context {
            world: self.world,
            facts: self.facts,
            route: self.route,
            about,
        };
        act(&mut Scope {
            vars: &vars,
            random: self.random,
            clock: self.world.clock(),
        })
    }
}
