//! Which chaos a connection goes by: that of its handler, or what an operator wants for all.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use sockeye_net::Outbox;
use tokio::time::Instant;

use super::settings::Chaos;
use super::shaper::ChaosShaper;
use crate::session::MockSession;

/// The settings of one connection, shared by its session and its shaper.
#[derive(Debug)]
pub(crate) struct Course {
    chaos: RefCell<Arc<Chaos>>,
    /// When these settings began to hold.
    since: Cell<Instant>,
}

impl Course {
    fn new(chaos: Arc<Chaos>) -> Self {
        Self {
            chaos: RefCell::new(chaos),
            since: Cell::new(Instant::now()),
        }
    }

    pub(super) fn chaos(&self) -> Arc<Chaos> {
        Arc::clone(&self.chaos.borrow())
    }

    fn change(&self, chaos: Arc<Chaos>) {
        let before = self.chaos.replace(chaos);
        // A reload that says the same starts nothing anew.
        if before.said != self.chaos.borrow().said {
            self.since.set(Instant::now());
        }
    }

    /// When the link is to fall silent.
    pub(super) fn half_open_at(&self) -> Option<Instant> {
        let chaos = self.chaos.borrow();
        let after = chaos.half_open_after.filter(|_| chaos.on)?;
        Some(self.since.get() + after)
    }
}

impl MockSession {
    /// Goes by the chaos that holds now.
    pub(crate) fn heed_chaos(&mut self, out: &mut Outbox<'_>) {
        let chaos = self.plans.chaos_of(&self.route);
        match (&self.course, chaos) {
            (None, None) => {}
            (Some(course), chaos) => {
                // What it holds it lets go when the time has come.
                course
                    .change(chaos.unwrap_or_else(|| Arc::new(Chaos::new(super::Said::default()))));
            }
            (None, Some(chaos)) => {
                let course = Rc::new(Course::new(chaos));
                let world = Arc::clone(&self.world);
                let link = self.facts.number();
                let shaper = ChaosShaper::new(world, Rc::clone(&course), link);
                out.shape(Some(Box::new(shaper)));
                self.course = Some(course);
            }
        }
    }
}
