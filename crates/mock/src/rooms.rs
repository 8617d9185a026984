//! Who is in which room: joined by scripts, asked for by scripts, left when a connection ends.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The rooms of a server and their members, by connection number. A room exists while it has members.
///
/// Messages to a room travel through the network's groups; this is for those who ask.
#[derive(Debug, Default)]
pub(crate) struct Rooms(Mutex<Lists>);

#[derive(Debug, Default)]
struct Lists {
    members: HashMap<Arc<str>, BTreeSet<u64>>,
    /// The rooms of each member, in the order it joined them.
    rooms: HashMap<u64, Vec<Arc<str>>>,
}

impl Rooms {
    /// The name of the network's group behind a room. No route's name starts like this.
    pub(crate) fn group(room: &str) -> String {
        format!("#{room}")
    }

    pub(crate) fn join(&self, room: &str, member: u64) {
        let mut lists = self.lists();
        let room = match lists.members.get_key_value(room) {
            Some((known, _)) => Arc::clone(known),
            None => Arc::from(room),
        };
        let is_new = lists
            .members
            .entry(Arc::clone(&room))
            .or_default()
            .insert(member);
        if is_new {
            lists.rooms.entry(member).or_default().push(room);
        }
    }

    pub(crate) fn leave(&self, room: &str, member: u64) {
        let mut lists = self.lists();
        lists.remove(room, member);
        if let Some(rooms) = lists.rooms.get_mut(&member) {
            rooms.retain(|known| **known != *room);
            if rooms.is_empty() {
                lists.rooms.remove(&member);
            }
        }
    }

    /// Leaves all rooms: the connection has ended. True: it was in one.
    pub(crate) fn leave_all(&self, member: u64) -> bool {
        let mut lists = self.lists();
        let rooms = lists.rooms.remove(&member).unwrap_or_default();
        for room in &rooms {
            lists.remove(room, member);
        }
        !rooms.is_empty()
    }

    /// The rooms of a connection, in the order it joined them.
    pub(crate) fn of(&self, member: u64) -> Vec<String> {
        let lists = self.lists();
        let rooms = lists.rooms.get(&member).into_iter().flatten();
        rooms.map(ToString::to_string).collect()
    }

    /// The connections in a room, the oldest first.
    pub(crate) fn members(&self, room: &str) -> Vec<u64> {
        let lists = self.lists();
        let members = lists.members.get(room).into_iter().flatten();
        members.copied().collect()
    }

    /// How many rooms there are.
    pub(crate) fn count(&self) -> usize {
        self.lists().members.len()
    }

    /// All rooms with their members.
    pub(crate) fn all(&self) -> Vec<(String, Vec<u64>)> {
        let lists = self.lists();
        let rooms = lists.members.iter();
        rooms
            .map(|(room, members)| (room.to_string(), members.iter().copied().collect()))
            .collect()
    }

    fn lists(&self) -> MutexGuard<'_, Lists> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lists {
    fn remove(&mut self, room: &str, member: u64) {
        if let Some(members) = self.members.get_mut(room) {
            members.remove(&member);
            if members.is_empty() {
                self.members.remove(room);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_exists_while_it_has_members() {
        let rooms = Rooms::default();
        for member in [2, 1, 1] {
            rooms.join("a", member);
        }
        rooms.join("b", 1);
        assert_eq!(rooms.members("a"), [1, 2]);
        assert_eq!(rooms.of(1), ["a", "b"]);
        rooms.leave("a", 1);
        rooms.leave("a", 7);
        assert_eq!(rooms.members("a"), [2]);
        assert!(rooms.leave_all(2));
        assert!(!rooms.leave_all(2));
        assert!(rooms.members("a").is_empty());
        assert_eq!(rooms.0.lock().unwrap().members.len(), 1, "only b is left");
        rooms.leave("b", 1);
        let lists = rooms.0.lock().unwrap();
        assert!(lists.members.is_empty() && lists.rooms.is_empty());
    }
}
