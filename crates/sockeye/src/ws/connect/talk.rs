//! An open connection: orders go out in their order, what comes is handed on, and the end is told.

use std::future::pending;
use std::io;
use std::time::Duration;

use sockeye_net::{Conversation, ConversationReader, ConversationWriter, Received};
use sockeye_wire::CloseCode;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until, timeout};

use super::super::shown::harmless;
use crate::exit::Exit;

/// Orders that wait for a peer that does not take them.
pub(super) const ORDERS: usize = 64;

/// How long the peer may take to answer a Close, and to end the connection after its own.
const GRACE: Duration = Duration::from_secs(2);

/// Codes of an end as it should be (RFC 6455 section 7.4.1).
const GOOD_CODES: [u16; 3] = [1000, 1001, 1005];

/// What stands for a connection that ended without a Close.
const LOST: u16 = 1006;

/// What is to be sent.
#[derive(Debug)]
pub(super) enum Order {
    Text(String),
    Binary(Vec<u8>),
    Ping(Vec<u8>),
    Close(CloseCode, String),
}

/// What happened.
#[derive(Debug)]
pub(super) enum Event {
    /// A message or a control frame came.
    Received(Received),
    /// All orders are carried out and nobody can give any more.
    Spoken,
    /// It is over.
    Ended(Ending),
}

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ending {
    pub(super) code: u16,
    pub(super) reason: String,
    by: By,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Our Close came first and was answered.
    Us,
    /// Our Close was not answered.
    UsAlone,
    Peer,
    /// We, for the peer broke the protocol.
    Fault,
    /// Nobody: there was no Close.
    Nobody,
}

/// A connection in use.
#[derive(Debug)]
pub(super) struct Talk {
    reader: ConversationReader,
    speaker: JoinHandle<()>,
    farewell: Option<oneshot::Sender<()>>,
    spoken: Option<oneshot::Receiver<()>>,
    /// The code of our Close, and until when its answer is awaited.
    said: Option<(CloseCode, Instant)>,
}

impl Talk {
    /// Starts to carry out what is ordered.
    pub(super) fn start(conversation: Conversation) -> (Self, mpsc::Sender<Order>) {
        let (reader, writer) = conversation.split();
        let (orders, ordered) = mpsc::channel(ORDERS);
        let (farewell, leaving) = oneshot::channel();
        let (done, spoken) = oneshot::channel();
        let talk = Self {
            reader,
            speaker: tokio::spawn(speak(writer, ordered, leaving, done)),
            farewell: Some(farewell),
            spoken: Some(spoken),
            said: None,
        };
        (talk, orders)
    }

    /// Sends Close with 1000 before anything that is still ordered.
    pub(super) fn close(&mut self) {
        self.closes_with(CloseCode::NORMAL);
        if let Some(farewell) = self.farewell.take() {
            // The speaker may have said an ordered Close and be gone.
            let _ = farewell.send(());
        }
    }

    /// Notes that a Close is on its way: its answer is awaited for 2 s.
    pub(super) fn closes_with(&mut self, code: CloseCode) {
        self.said.get_or_insert((code, Instant::now() + GRACE));
    }

    /// What happens next. Nothing is lost when the call is dropped before it is done.
    pub(super) async fn next(&mut self) -> Event {
        let deadline = self.said.map(|(_, deadline)| deadline);
        let received = loop {
            tokio::select! {
                received = self.reader.receive() => break received,
                () = until(deadline) => return Event::Ended(ending(LOST, "", By::UsAlone)),
                is_spoken = done(&mut self.spoken) => {
                    self.spoken = None;
                    if is_spoken {
                        return Event::Spoken;
                    }
                }
            }
        };
        Event::Ended(match received {
            Ok(Received::Close(Some((code, reason)))) => {
                ending(code.get(), &reason, self.closed_by(code.get()))
            }
            Ok(Received::Close(None)) => ending(1005, "", self.closed_by(1005)),
            Ok(Received::Broken(fault)) => ending(fault.code.get(), &fault.to_string(), By::Fault),
            Ok(Received::End) => ending(LOST, "", By::Nobody),
            Err(error) => ending(LOST, &error.to_string(), By::Nobody),
            Ok(received) => return Event::Received(received),
        })
    }

    /// Who closed with this code: a peer that answers our Close with something else has its own reason.
    fn closed_by(&self, code: u16) -> By {
        match self.said {
            Some((said, _)) if said.get() == code || GOOD_CODES.contains(&code) => By::Us,
            _ => By::Peer,
        }
    }

    /// Lets our answer to the peer's Close get away: then the peer ends the connection (RFC 6455
    /// section 7.1.1).
    pub(super) async fn finish(mut self, ending: &Ending) {
        self.speaker.abort();
        if !matches!(ending.by, By::Peer | By::Fault) {
            return;
        }
        let end =
            async { while !matches!(self.reader.receive().await, Ok(Received::End) | Err(_)) {} };
        // A peer that does not is left alone.
        let _ = timeout(GRACE, end).await;
    }
}

/// Waits until `instant`, for ever if there is none.
pub(in crate::ws) async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => pending().await,
    }
}

/// Waits for word of the speaker, for ever if it was heard; false if it has said Close instead.
async fn done(spoken: &mut Option<oneshot::Receiver<()>>) -> bool {
    match spoken {
        Some(spoken) => spoken.await.is_ok(),
        None => pending().await,
    }
}

/// Carries out orders until a Close is ordered or `leaving` asks for one.
async fn speak(
    mut writer: ConversationWriter,
    mut orders: mpsc::Receiver<Order>,
    mut leaving: oneshot::Receiver<()>,
    done: oneshot::Sender<()>,
) {
    let farewell = tokio::select! {
        biased;
        _ = &mut leaving => Some((CloseCode::NORMAL, String::new())),
        farewell = carry_out(&mut writer, &mut orders) => farewell,
    };
    let (code, reason) = if let Some(farewell) = farewell {
        farewell
    } else {
        // Nobody listens any more when the connection is over.
        let _ = done.send(());
        let _ = leaving.await;
        (CloseCode::NORMAL, String::new())
    };
    // A socket that fails ends the reader's half, too, which tells why.
    let _ = writer.close(code, &reason).await;
}

async fn carry_out(
    writer: &mut ConversationWriter,
    orders: &mut mpsc::Receiver<Order>,
) -> Option<(CloseCode, String)> {
    while let Some(order) = orders.recv().await {
        let sent = match order {
            Order::Text(text) => writer.send_text(&text).await,
            Order::Binary(bytes) => writer.send_binary(&bytes).await,
            Order::Ping(payload) => writer.ping(&payload).await,
            Order::Close(code, reason) => return Some((code, reason)),
        };
        if sent.is_err() {
            // The reader's half tells why.
            break;
        }
    }
    None
}

fn ending(code: u16, reason: &str, by: By) -> Ending {
    let reason = reason.to_owned();
    Ending { code, reason, by }
}

impl Ending {
    /// The exit status it makes.
    pub(super) fn exit(&self) -> Exit {
        let is_good = GOOD_CODES.contains(&self.code);
        match self.by {
            By::Us | By::UsAlone => Exit::Done,
            By::Peer if is_good => Exit::Done,
            By::Peer | By::Fault | By::Nobody => Exit::NotAsAsked,
        }
    }

    /// Whether nothing needs to be said about it.
    pub(super) fn is_usual(&self) -> bool {
        matches!(self.by, By::Us | By::Peer) && GOOD_CODES.contains(&self.code)
    }

    /// The same in words, fit for a terminal.
    pub(super) fn in_words(&self) -> String {
        let mut code = self.code.to_string();
        if !self.reason.is_empty() {
            code = format!("{code} \"{}\"", harmless(&self.reason));
        }
        match self.by {
            By::Us => format!("closed by us, the peer answered {code}"),
            By::UsAlone => "closed by us, the peer did not answer in 2 s".to_owned(),
            By::Peer => format!("closed by the peer: {code}"),
            By::Fault => format!("closed by us, the peer broke the protocol: {code}"),
            By::Nobody if self.reason.is_empty() => "the peer is gone without a Close".to_owned(),
            By::Nobody => format!("the connection broke: {}", harmless(&self.reason)),
        }
    }
}

/// SIGINT and SIGTERM.
#[derive(Debug)]
pub(crate) struct Signals(Signal, Signal);

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        let interrupt = signal(SignalKind::interrupt())?;
        Ok(Self(interrupt, signal(SignalKind::terminate())?))
    }

    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.0.recv() => {}
            _ = self.1.recv() => {}
        }
    }
}
