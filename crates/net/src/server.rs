//! A server from its socket to its end: threads are started, connections accepted, links drained.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinHandle;

use crate::accept::accept_until_drained;
use crate::counts::Counts;
use crate::fanout::Fanout;
use crate::limits::{DELIVERIES, DROP_TIME};
use crate::slots::Slots;
use crate::thread::{self, Orders, Seat, Shared};
use crate::{App, Limits, Port};

/// A running server. Dropping it closes the listener and drops all links without a word.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    counts: Counts,
    fanout: Fanout,
    drain_time: std::time::Duration,
    accepting: JoinHandle<()>,
    orders: watch::Sender<Orders>,
    alive: mpsc::Receiver<()>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

/// How draining went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drained {
    /// Every connection ended in time.
    All,
    /// Time was up; the rest was dropped.
    Some,
}

impl Server {
    /// Serves `app` on `port`, a listener of [`crate::listen`] or a [`Port`] over TLS, with this many I/O threads (at least one).
    ///
    /// Must be called within a Tokio runtime, which accepts the connections. Errors: the listener
    /// cannot be watched, or a thread or its runtime cannot be started.
    pub fn start<A: App>(
        port: impl Into<Port>,
        app: Arc<A>,
        limits: Limits,
        threads: usize,
    ) -> io::Result<Self> {
        let Port { listener, tls } = port.into();
        let listener = TcpListener::from_std(listener)?;
        let address = listener.local_addr()?;
        let permits = Arc::new(Semaphore::new(limits.waiting_sockets));
        let drain_time = limits.drain;
        let slots = Slots::new(&limits);
        let shared = Arc::new(Shared {
            app,
            limits,
            tls,
            slots,
            numbers: AtomicU64::new(0),
        });
        let (orders, told) = watch::channel(Orders::default());
        let (still_alive, alive) = mpsc::channel(1);
        let mut counts = Vec::new();
        let mut ways = Vec::new();
        let mut handles = Vec::new();
        let (senders, receivers): (Vec<_>, Vec<_>) = (0..threads.max(1))
            .map(|_| mpsc::channel(DELIVERIES))
            .unzip();
        let fanout = Fanout::new(senders);
        shared.app.started(&fanout);
        let tap = shared.app.tap();
        for (number, deliveries) in receivers.into_iter().enumerate() {
            let seat = Seat {
                number,
                counts: Arc::default(),
                orders: told.clone(),
                fanout: fanout.clone(),
                tap: tap.clone(),
                deliveries,
                alive: still_alive.clone(),
            };
            counts.push(Arc::clone(&seat.counts));
            let thread = thread::start(Arc::clone(&shared), seat)?;
            ways.push(thread.sockets);
            handles.push(thread.handle);
        }
        let accepting = tokio::spawn(accept_until_drained(listener, permits, ways, told));
        let counts = Counts::new(counts);
        Ok(Self {
            address,
            counts,
            fanout,
            drain_time,
            accepting,
            orders,
            alive,
            threads: handles,
        })
    }

    /// The address that is served; the port is the real one.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The counts, also after the server's end.
    pub fn counts(&self) -> Counts {
        self.counts.clone()
    }

    /// The way to the links of all threads.
    pub fn fanout(&self) -> Fanout {
        self.fanout.clone()
    }

    /// Asks every session to look at what all share: [`crate::Session::nudged`] is called on each.
    pub fn nudge(&self) {
        self.orders.send_modify(|orders| orders.nudges += 1);
    }

    /// Stops accepting, lets every session say goodbye, closes all links with 1001, and waits until
    /// they are gone, at most as long as [`Limits::drain`]. What is left then is dropped.
    pub async fn drain(mut self) -> Drained {
        self.orders.send_modify(|orders| orders.draining = true);
        // Ends at once; from then on new connections are refused.
        let _ = self.accepting.await;
        let quiet = tokio::time::timeout(self.drain_time, self.alive.recv()).await;
        drop(self.orders);
        if quiet.is_err() {
            // Only a session that does not return can keep its thread now.
            let _ = tokio::time::timeout(DROP_TIME, self.alive.recv()).await;
            return Drained::Some;
        }
        for thread in self.threads {
            // A thread that panicked has nothing left to say.
            let _ = thread.join();
        }
        Drained::All
    }
}
