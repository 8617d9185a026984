//! The other nodes, as far as they have been heard of lately.

use std::collections::{BTreeMap, HashMap};
use std::time::Instant;

use crate::event::Told;
use crate::limits::{NODES, SILENCE};

/// What the other nodes said last, in the order of their ids.
#[derive(Debug, Default)]
pub(crate) struct Nodes(BTreeMap<String, Node>);

#[derive(Debug)]
struct Node {
    heard: Instant,
    number: u64,
    routes: HashMap<String, u64>,
    rooms: HashMap<String, (u64, Vec<String>)>,
}

impl Nodes {
    /// A node tells its presence.
    ///
    /// # Errors
    ///
    /// There are too many nodes already.
    pub(crate) fn told(
        &mut self,
        from: String,
        told: Told,
        now: Instant,
    ) -> Result<(), &'static str> {
        if !self.0.contains_key(&from) && self.0.len() >= NODES {
            self.forget(now);
            if self.0.len() >= NODES {
                return Err("there are too many nodes");
            }
        }
        let rooms = told.rooms.into_iter();
        let node = Node {
            heard: now,
            number: told.number,
            routes: told.routes.into_iter().collect(),
            rooms: rooms.map(|(name, size, ids)| (name, (size, ids))).collect(),
        };
        self.0.insert(from, node);
        Ok(())
    }

    /// A node says that it is there. Answers whether its presence is the one we know.
    pub(crate) fn alive(&mut self, from: &str, number: u64, now: Instant) -> bool {
        let Some(node) = self.0.get_mut(from) else {
            return false;
        };
        node.heard = now;
        node.number == number
    }

    /// A node says anything else.
    pub(crate) fn heard(&mut self, from: &str, now: Instant) {
        if let Some(node) = self.0.get_mut(from) {
            node.heard = now;
        }
    }

    /// A node is gone.
    pub(crate) fn gone(&mut self, from: &str) {
        self.0.remove(from);
    }

    /// Forgets the nodes that have been silent for too long.
    pub(crate) fn forget(&mut self, now: Instant) {
        self.0.retain(|_, node| node.is_there(now));
    }

    /// How many nodes there are.
    pub(crate) fn count(&self, now: Instant) -> usize {
        self.present(now).count()
    }

    /// Connections of a route, or all.
    pub(crate) fn connections(&self, route: Option<&str>, now: Instant) -> u64 {
        let of = |(_, node): (_, &Node)| match route {
            Some(route) => node.routes.get(route).copied().unwrap_or_default(),
            None => sum(node.routes.values().copied()),
        };
        sum(self.present(now).map(of))
    }

    /// The members of a room, as `conn-3@<node>`.
    pub(crate) fn members(&self, room: &str, now: Instant) -> Vec<String> {
        let rooms = self.present(now).filter_map(|(id, node)| {
            let (_, members) = node.rooms.get(room)?;
            Some(members.iter().map(move |member| format!("{member}@{id}")))
        });
        rooms.flatten().collect()
    }

    /// How many members a room has.
    pub(crate) fn room_size(&self, room: &str, now: Instant) -> u64 {
        let rooms = self
            .present(now)
            .filter_map(|(_, node)| node.rooms.get(room));
        sum(rooms.map(|(size, _)| *size))
    }

    fn present(&self, now: Instant) -> impl Iterator<Item = (&String, &Node)> {
        self.0.iter().filter(move |(_, node)| node.is_there(now))
    }
}

impl Node {
    fn is_there(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.heard) < SILENCE
    }
}

/// The numbers come from others, so their sum may not fit.
fn sum(numbers: impl Iterator<Item = u64>) -> u64 {
    numbers.fold(0, u64::saturating_add)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn told(number: u64, connections: u64) -> Told {
        Told {
            number,
            routes: vec![("/a".to_owned(), connections)],
            rooms: vec![("r".to_owned(), 1, vec!["conn-1".to_owned()])],
        }
    }

    #[test]
    fn a_node_counts_until_it_is_silent_for_six_seconds() {
        let start = Instant::now();
        let later = |seconds| start + Duration::from_secs(seconds);
        let mut nodes = Nodes::default();
        nodes.told("b".to_owned(), told(1, 2), start).unwrap();
        nodes.told("a".to_owned(), told(1, 3), start).unwrap();
        assert_eq!(nodes.connections(Some("/a"), start), 5);
        assert_eq!(nodes.connections(None, start), 5);
        assert_eq!(nodes.connections(Some("/b"), start), 0);
        assert_eq!(nodes.members("r", start), ["conn-1@a", "conn-1@b"]);
        assert!(nodes.alive("a", 1, later(3)));
        assert!(!nodes.alive("a", 2, later(4)));
        assert!(!nodes.alive("c", 1, later(4)));
        assert_eq!((nodes.count(later(5)), nodes.count(later(6))), (2, 1));
        assert_eq!(nodes.room_size("r", later(6)), 1);
        nodes.gone("a");
        assert_eq!(nodes.count(start), 1);
    }

    #[test]
    fn strangers_cannot_fill_the_memory_or_the_numbers() {
        let start = Instant::now();
        let mut nodes = Nodes::default();
        for number in 0..NODES {
            let from = number.to_string();
            nodes.told(from, told(1, u64::MAX), start).unwrap();
        }
        assert!(nodes.told("x".to_owned(), told(1, 1), start).is_err());
        assert!(nodes.told("0".to_owned(), told(2, 1), start).is_ok());
        assert_eq!(nodes.connections(None, start), u64::MAX);
        let later = start + SILENCE;
        assert!(nodes.told("x".to_owned(), told(1, 1), later).is_ok());
        assert_eq!(nodes.count(later), 1);
    }
}
