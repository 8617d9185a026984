//! Room for WebSocket connections: a slot is taken before the 101 and given back when the link ends.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::Limits;

/// Counts the open connections, in all and per address.
#[derive(Clone, Debug)]
pub(crate) struct Slots(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    most: usize,
    most_per_address: usize,
    most_per_loopback_address: usize,
    // A plain mutex: it is held for one map entry, at the start and at the end of a connection.
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// Why there is no slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// All connections together reached this many.
    Server(usize),
    /// The connections of this address reached this many.
    Address(usize),
}

/// One connection's place; dropping it gives the place back.
#[derive(Debug)]
pub(crate) struct Slot {
    slots: Slots,
    address: IpAddr,
}

impl Slots {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self(Arc::new(Shared {
            most: unbounded_if_zero(limits.connections),
            most_per_address: unbounded_if_zero(limits.connections_per_address),
            most_per_loopback_address: unbounded_if_zero(limits.connections_per_loopback_address),
            taken: Mutex::default(),
        }))
    }

    pub(crate) fn take(&self, address: IpAddr) -> Result<Slot, Full> {
        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if taken.all >= self.0.most {
            return Err(Full::Server(self.0.most));
        }
        // A listener for both families shows IPv4 peers as `::ffff:a.b.c.d`.
        let address = address.to_canonical();
        let most = if address.is_loopback() {
            self.0.most_per_loopback_address
        } else {
            self.0.most_per_address
        };
        let count = taken.by_address.entry(address).or_default();
        if *count >= most {
            return Err(Full::Address(most));
        }
        *count += 1;
        taken.all += 1;
        Ok(Slot {
            slots: self.clone(),
            address,
        })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self
            .slots
            .0
            .taken
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        taken.all -= 1;
        if let Some(count) = taken.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}

fn unbounded_if_zero(bound: usize) -> usize {
    if bound == 0 { usize::MAX } else { bound }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn slots(connections: usize, connections_per_address: usize) -> Slots {
        Slots::new(&Limits {
            connections,
            connections_per_address,
            ..Limits::default()
        })
    }

    #[test]
    fn a_dropped_slot_is_free_again() {
        let slots = slots(1, 0);
        let slot = slots.take(LOOPBACK).unwrap();
        assert_eq!(slots.take(LOOPBACK).unwrap_err(), Full::Server(1));
        drop(slot);
        assert!(slots.take(LOOPBACK).is_ok());
    }

    #[test]
    fn an_address_has_its_own_bound_and_loopback_has_none() {
        let slots = slots(0, 1);
        let far: IpAddr = "192.0.2.7".parse().unwrap();
        let slot = slots.take(far).unwrap();
        assert_eq!(slots.take(far).unwrap_err(), Full::Address(1));
        assert!(slots.take("192.0.2.8".parse().unwrap()).is_ok());
        let mapped = "::ffff:192.0.2.7".parse().unwrap();
        assert_eq!(slots.take(mapped).unwrap_err(), Full::Address(1));
        let mapped = "::ffff:127.0.0.1".parse().unwrap();
        let both = (slots.take(LOOPBACK).unwrap(), slots.take(mapped).unwrap());
        drop((slot, both));
        assert!(slots.0.taken.lock().unwrap().by_address.is_empty());
    }
}
