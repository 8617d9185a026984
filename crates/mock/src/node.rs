//! This server as other nodes of a cluster know it: its connections and rooms go out, broadcasts come in.

use std::sync::{Arc, Weak};

use sockeye_cluster::{LocalNode, Presence, Target};
use sockeye_script::js::Payload;

use crate::world::World;

/// The world, for the cluster. Does not keep it alive: the world owns the cluster.
#[derive(Debug)]
pub(crate) struct Node(Weak<World>);

impl Node {
    pub(crate) fn new(world: &Arc<World>) -> Self {
        Self(Arc::downgrade(world))
    }
}

impl LocalNode for Node {
    fn deliver(&self, target: &Target, message: &Payload) {
        if let Some(world) = self.0.upgrade() {
            world.commons.send_here(target, message);
        }
    }

    fn presence(&self) -> Presence {
        let Some(world) = self.0.upgrade() else {
            return Presence::default();
        };
        let rooms = world.commons.rooms.all().into_iter();
        let ids = |members: Vec<u64>| {
            members
                .iter()
                .map(|member| format!("conn-{member}"))
                .collect()
        };
        Presence {
            routes: world.routes_here(),
            rooms: rooms.map(|(room, members)| (room, ids(members))).collect(),
        }
    }
}
