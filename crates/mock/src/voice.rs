//! What a session says, from its answers to the outbox.

use std::sync::Arc;

use sockeye_cluster::Target;
use sockeye_core::Random;
use sockeye_net::{Frame, Outbox};
use sockeye_script::js::Payload;
use sockeye_script::template::{RenderError, Scope};
use tracing::warn;

use crate::act::{Act, Announcement, Closing};
use crate::answer::Answer;
use crate::commons::audience;
use crate::conduct::Conduct;
use crate::facts::Facts;
use crate::incoming::Incoming;
use crate::js::{Handler, spoken};
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
    /// Does `acts` from number `from` on, in order. Stops at a script: gives its number and the script.
    pub(crate) fn act<'a>(
        &mut self,
        acts: &'a [Act],
        from: usize,
        about: Occasion<'_, '_, '_>,
        out: &mut Outbox<'_>,
    ) -> Option<(usize, &'a Arc<Handler>)> {
        for (number, act) in acts.iter().enumerate().skip(from) {
            match act {
                Act::Say(answer) => self.say(answer, about, out),
                Act::Run(handler) => return Some((number, handler)),
                Act::Tell(announcement) => self.tell(announcement, about, out),
                Act::Close(closing) => self.close(closing, about, out),
            }
        }
        None
    }

    fn tell(
        &mut self,
        announcement: &Announcement,
        about: Occasion<'_, '_, '_>,
        out: &mut Outbox<'_>,
    ) {
        let (mut room, mut text) = (Vec::new(), Vec::new());
        let written = self.with_scope(about, |scope| {
            announcement.room.render_text(scope, &mut room)?;
            announcement.message.write(scope, &mut text)
        });
        if written.is_err() {
            return self.complain(written);
        }
        let (Ok(room), Ok(text)) = (String::from_utf8(room), String::from_utf8(text)) else {
            return;
        };
        let (target, message) = (Target::Room(room), Payload::Text(text));
        out.broadcast(&audience(&target), &Frame::new(spoken(&message)));
        self.world.commons.send_elsewhere(&target, &message);
    }

    fn close(&mut self, closing: &Closing, about: Occasion<'_, '_, '_>, out: &mut Outbox<'_>) {
        let mut reason = Vec::new();
        let written = self.with_scope(about, |scope| {
            closing.reason.render_text(scope, &mut reason)
        });
        self.complain(written);
        out.close(closing.code, &String::from_utf8_lossy(&reason));
    }

    fn complain(&self, written: Result<(), RenderError>) {
        if let Err(error) = written
            && self.world.count_template_error()
        {
            warn!(route = self.route, %error, "an answer could not be rendered");
        }
    }

    /// Says an answer. One that cannot be rendered is left out and logged.
    pub(crate) fn say(
        &mut self,
        answer: &Answer,
        about: Occasion<'_, '_, '_>,
        out: &mut Outbox<'_>,
    ) {
        let received = about.incoming.map(Incoming::message);
        let said = self.with_scope(about, |scope| answer.say(received, scope, out));
        self.complain(said);
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
