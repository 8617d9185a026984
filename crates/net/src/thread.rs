//! An I/O thread: one runtime, one set of buffers, and every connection that was handed to it.

use std::cell::Cell;
use std::io;
use std::net::{SocketAddr, TcpStream as StdTcpStream};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::{Builder, JoinHandle};

use tokio::net::TcpStream;
use tokio::runtime;
use tokio::sync::{Notify, OwnedSemaphorePermit, mpsc, watch};

use crate::counts::ThreadCounts;
use crate::fanout::{Delivery, Fanout};
use crate::roster::Roster;
use crate::slots::Slots;
use crate::tls::ServerTls;
use crate::{App, Limits, Tap, http};

/// A socket on its way to a thread, with the permit to wait there for its request.
pub(crate) struct Accepted {
    pub(crate) socket: StdTcpStream,
    pub(crate) address: SocketAddr,
    pub(crate) permit: OwnedSemaphorePermit,
}

/// What all threads of a server share.
pub(crate) struct Shared<A> {
    pub(crate) app: Arc<A>,
    pub(crate) limits: Limits,
    /// What connections have to speak, unless it is plain text.
    pub(crate) tls: Option<ServerTls>,
    pub(crate) slots: Slots,
    /// The number of the last connection.
    pub(crate) numbers: AtomicU64,
}

/// What a server tells its threads.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Orders {
    /// No new connections; the open ones say goodbye.
    pub(crate) draining: bool,
    /// How often all sessions were asked to look again.
    pub(crate) nudges: u64,
}

/// What the connections of one thread need.
pub(crate) struct Context<A> {
    shared: Arc<Shared<A>>,
    pub(crate) counts: Arc<ThreadCounts>,
    pub(crate) roster: Rc<Roster>,
    pub(crate) orders: watch::Receiver<Orders>,
    pub(crate) tasks: Rc<Tasks>,
}

/// Counts the tasks of a thread, so that its end can wait for them.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    running: Cell<usize>,
    idle: Notify,
}

/// Held by a task for as long as it runs.
#[derive(Debug)]
pub(crate) struct Running(Rc<Tasks>);

impl Tasks {
    pub(crate) fn enter(self: &Rc<Self>) -> Running {
        self.running.set(self.running.get() + 1);
        Running(Rc::clone(self))
    }

    async fn ended(&self) {
        while self.running.get() > 0 {
            self.idle.notified().await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.set(self.0.running.get() - 1);
        self.0.idle.notify_one();
    }
}

impl<A> std::ops::Deref for Context<A> {
    type Target = Shared<A>;

    fn deref(&self) -> &Shared<A> {
        &self.shared
    }
}

/// The way to an I/O thread.
pub(crate) struct IoThread {
    pub(crate) sockets: mpsc::UnboundedSender<Accepted>,
    pub(crate) handle: JoinHandle<()>,
}

/// What one thread is given.
pub(crate) struct Seat {
    pub(crate) number: usize,
    pub(crate) counts: Arc<ThreadCounts>,
    pub(crate) orders: watch::Receiver<Orders>,
    pub(crate) fanout: Fanout,
    pub(crate) tap: Option<Arc<Tap>>,
    pub(crate) deliveries: mpsc::Receiver<Delivery>,
    /// Let go of when the thread has ended.
    pub(crate) alive: mpsc::Sender<()>,
}

/// Starts an I/O thread. Errors: no thread, or no runtime on it.
pub(crate) fn start<A: App>(shared: Arc<Shared<A>>, seat: Seat) -> io::Result<IoThread> {
    let Seat {
        number,
        counts,
        orders,
        fanout,
        tap,
        deliveries,
        alive,
    } = seat;
    // Bounded by the permits that come with the sockets.
    let (sockets, incoming) = mpsc::unbounded_channel();
    let (started, starts) = std::sync::mpsc::sync_channel(1);
    let handle = Builder::new().name(format!("io-{number}")).spawn(move || {
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build_local(runtime::LocalOptions::default());
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => return drop(started.send(Err(error))),
        };
        drop(started.send(Ok(())));
        let roster = Rc::new(Roster::new(number, fanout, tap));
        let tasks = Rc::default();
        let context = Context {
            shared,
            counts,
            roster,
            orders,
            tasks,
        };
        runtime.block_on(serve(incoming, deliveries, context));
        // With it go the links that did not drain.
        drop(runtime);
        // The server waits until every thread has let go of this.
        drop(alive);
    })?;
    starts.recv().map_err(io::Error::other)??;
    Ok(IoThread { sockets, handle })
}

/// Serves until the server drains, then until the last connection is gone; or until the server is
/// dropped.
async fn serve<A: App>(
    mut incoming: mpsc::UnboundedReceiver<Accepted>,
    mut deliveries: mpsc::Receiver<Delivery>,
    context: Context<A>,
) {
    let context = Rc::new(context);
    let mut orders = context.orders.clone();
    loop {
        tokio::select! {
            Some(accepted) = incoming.recv() => take(accepted, &context),
            Some(Delivery { audience, frame }) = deliveries.recv() => {
                context.roster.deliver(&audience, &frame, None);
            }
            changed = orders.changed() => match changed {
                Ok(()) if orders.borrow_and_update().draining => break,
                Ok(()) => context.roster.nudge(),
                Err(_) => return,
            },
        }
    }
    // What was sent before is delivered before the goodbye.
    while let Ok(Delivery { audience, frame }) = deliveries.try_recv() {
        context.roster.deliver(&audience, &frame, None);
    }
    context.roster.drain();
    // What was accepted before that is still served; HTTP knows that the server drains.
    incoming.close();
    while let Ok(accepted) = incoming.try_recv() {
        take(accepted, &context);
    }
    tokio::select! {
        () = context.tasks.ended() => {}
        () = server_dropped(&mut orders) => {}
    }
}

async fn server_dropped(orders: &mut watch::Receiver<Orders>) {
    while orders.changed().await.is_ok() {}
}

fn take<A: App>(accepted: Accepted, context: &Rc<Context<A>>) {
    let Accepted {
        socket,
        address,
        permit,
    } = accepted;
    // Fails only when the descriptor is already gone, and then there is nobody to tell.
    let Ok(socket) = TcpStream::from_std(socket) else {
        return;
    };
    let context = Rc::clone(context);
    let running = context.tasks.enter();
    tokio::task::spawn_local(async move {
        http::serve(socket, address, context).await;
        drop((permit, running));
    });
}
