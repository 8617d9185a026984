//! A card for each open connection: who it is, what it has carried, what is wanted of it.

use std::collections::HashMap;
use std::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Release},
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use sockeye_core::Redactor;
use sockeye_net::{Bell, LinkCounts};

use super::orders::Order;
use crate::facts::Facts;
use crate::message_log::MessageLog;
use crate::plan::SocketRoute;

/// Parts of the register; a connection is in the one that its number says, so that connections which
/// open at the same time do not wait for each other.
const SHARDS: usize = 16;

/// Orders of one connection that may wait; beyond, an operator is told to try again.
const MOST_ORDERS: usize = 64;

/// An open connection as operators know it.
#[derive(Debug)]
pub(crate) struct Card {
    pub(crate) opened_at: Timestamp,
    pub(crate) counts: Arc<LinkCounts>,
    place: Mutex<Place>,
    bell: Bell,
    orders: Mutex<Vec<Order>>,
    has_orders: AtomicBool,
}

/// Where a connection is; another one after a reload.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) facts: Arc<Facts>,
    /// The name of its route.
    pub(crate) route: Arc<str>,
    /// How much of its messages is logged.
    pub(crate) log: MessageLog,
    /// What is secret in its messages.
    pub(crate) redactor: Option<Arc<Redactor>>,
}

impl Place {
    fn new(facts: &Arc<Facts>, route: &SocketRoute) -> Self {
        Self {
            facts: Arc::clone(facts),
            route: Arc::clone(&route.name),
            log: route.log,
            redactor: route.redactor.clone(),
        }
    }
}

impl Card {
    pub(crate) fn new(
        facts: &Arc<Facts>,
        route: &SocketRoute,
        opened_at: Timestamp,
        bell: Bell,
    ) -> Self {
        let counts = facts.peer.as_ref().map(|peer| Arc::clone(&peer.counts));
        Self {
            opened_at,
            counts: counts.unwrap_or_default(),
            place: Mutex::new(Place::new(facts, route)),
            bell,
            orders: Mutex::default(),
            has_orders: AtomicBool::new(false),
        }
    }

    pub(crate) fn place(&self) -> Place {
        locked(&self.place).clone()
    }

    /// A reload has brought it to another route, or to the same again.
    pub(crate) fn move_to(&self, facts: &Arc<Facts>, route: &SocketRoute) {
        *locked(&self.place) = Place::new(facts, route);
    }

    /// Wants something of the connection. False: too much is wanted already.
    pub(crate) fn order(&self, order: Order) -> bool {
        let mut orders = locked(&self.orders);
        if orders.len() >= MOST_ORDERS {
            return false;
        }
        orders.push(order);
        self.has_orders.store(true, Release);
        drop(orders);
        self.bell.ring();
        true
    }

    /// Has the session look again.
    pub(crate) fn ring(&self) {
        self.bell.ring();
    }

    /// What is wanted of the connection.
    pub(crate) fn take_orders(&self) -> Vec<Order> {
        if !self.has_orders.swap(false, Acquire) {
            return Vec::new();
        }
        std::mem::take(&mut *locked(&self.orders))
    }
}

/// All open connections.
#[derive(Debug, Default)]
pub(crate) struct Register([Mutex<HashMap<u64, Arc<Card>>>; SHARDS]);

impl Register {
    pub(crate) fn enter(&self, number: u64, card: &Arc<Card>) {
        locked(self.shard(number)).insert(number, Arc::clone(card));
    }

    pub(crate) fn leave(&self, number: u64) {
        locked(self.shard(number)).remove(&number);
    }

    pub(crate) fn find(&self, number: u64) -> Option<Arc<Card>> {
        locked(self.shard(number)).get(&number).map(Arc::clone)
    }

    /// All cards, by number.
    pub(crate) fn all(&self) -> Vec<(u64, Arc<Card>)> {
        let mut all = Vec::new();
        for shard in &self.0 {
            let shard = locked(shard);
            all.extend(
                shard
                    .iter()
                    .map(|(number, card)| (*number, Arc::clone(card))),
            );
        }
        all.sort_unstable_by_key(|(number, _)| *number);
        all
    }

    /// Has all sessions look again.
    pub(crate) fn ring_all(&self) {
        for (_, card) in self.all() {
            card.ring();
        }
    }

    fn shard(&self, number: u64) -> &Mutex<HashMap<u64, Arc<Card>>> {
        // The remainder is less than the number of shards.
        let at = usize::try_from(number % SHARDS as u64).unwrap_or(0);
        &self.0[at]
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
