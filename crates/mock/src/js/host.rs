//! What scripts can ask of the server: rooms, recipients, environment, templates, shared state.

use std::fmt;
use std::sync::{Arc, Weak};

use sockeye_script::js::{Host, MemoryStore, SharedStore};
use sockeye_script::template::{Dialect, Found, Root, Scope, Step, Template, Vars};

use super::effects::target_of;
use crate::occasion::Occasion;
use crate::vars::Context;
use crate::world::World;

/// The world as scripts see it. Does not keep it alive: the world owns the script threads.
pub(super) struct Stage(Weak<World>);

impl Stage {
    pub(super) fn new(world: &Arc<World>) -> Self {
        Self(Arc::downgrade(world))
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage").finish_non_exhaustive()
    }
}

impl Host for Stage {
    fn recipients(&self, target: Option<&str>, from: &str) -> usize {
        let Some(world) = self.0.upgrade() else {
            return 0;
        };
        let own = number(from).and_then(|number| world.commons.find(number));
        let route = own.as_ref().map_or("", |own| &*own.route);
        world.commons.size(&target_of(target, route))
    }

    fn rooms_of(&self, connection: &str) -> Vec<String> {
        match (self.0.upgrade(), number(connection)) {
            (Some(world), Some(number)) => world.commons.rooms.of(number),
            _ => Vec::new(),
        }
    }

    fn members(&self, room: &str) -> Vec<String> {
        let world = self.0.upgrade();
        world.map_or_else(Vec::new, |world| world.commons.members(room))
    }

    fn env(&self, name: &str) -> Option<String> {
        let world = self.0.upgrade()?;
        world.commons.may_see_env(name).then(|| world.env(name))?
    }

    fn template(&self, text: &str, connection: &str) -> Result<String, String> {
        let gone = || "the connection is gone".to_owned();
        let world = self.0.upgrade().ok_or_else(gone)?;
        let own = number(connection).and_then(|number| world.commons.find(number));
        let own = own.ok_or_else(gone)?;
        let template =
            Template::parse(text, Dialect::MockForge).map_err(|mistake| mistake.message)?;
        let vars = Boxed(Context {
            world: &world,
            facts: &own.facts,
            route: &own.route,
            about: Occasion::default(),
        });
        let mut written = Vec::new();
        let mut random = world.random(world.commons.next_draw());
        let mut scope = Scope {
            vars: &vars,
            random: &mut random,
            clock: world.clock(),
        };
        let rendered = template.render_text(&mut scope, &mut written);
        rendered.map_err(|error| error.to_string())?;
        String::from_utf8(written).map_err(|_| "the text is not UTF-8".to_owned())
    }

    fn shared(&self) -> Arc<dyn SharedStore> {
        match self.0.upgrade() {
            Some(world) => world.commons.shared(),
            None => Arc::new(MemoryStore::new()),
        }
    }
}

/// What templates of scripts can ask for: a script may have put a peer's text into one.
struct Boxed<'a>(Context<'a, 'a, 'a>);

impl Vars for Boxed<'_> {
    fn find(&self, root: Root, path: &[Step]) -> Found<'_> {
        self.0.find(root, path)
    }

    fn connection_count(&self, everywhere: bool) -> u64 {
        self.0.connection_count(everywhere)
    }

    /// As for `env` in scripts: only what the file names.
    fn env(&self, name: &str) -> Option<String> {
        let is_allowed = self.0.world.commons.may_see_env(name);
        is_allowed.then(|| self.0.env(name))?
    }
}

/// The number in `conn-7`.
fn number(connection: &str) -> Option<u64> {
    connection.strip_prefix("conn-")?.parse().ok()
}
