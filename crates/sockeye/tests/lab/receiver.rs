//! An HTTP server that writes down what it is asked: the other end of webhooks.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver as Channel, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use serde_json::Value;

use super::PATIENCE;

/// A request as it came.
#[derive(Debug)]
pub(crate) struct Received {
    /// `POST /path HTTP/1.1`.
    pub(crate) line: String,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// When all of it was there.
    pub(crate) at: Instant,
}

impl Received {
    /// All values of the headers of this name.
    pub(crate) fn headers(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter();
        let named = named.filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Takes requests on a port of its own until it is dropped.
pub(crate) struct Receiver {
    address: SocketAddr,
    received: Channel<Received>,
    shared: Arc<Shared>,
}

/// What the threads of a receiver share.
struct Shared {
    answer: String,
    accepted: AtomicUsize,
    ended: AtomicBool,
    /// Connections that get no answer.
    held: Mutex<Vec<TcpStream>>,
}

impl Receiver {
    /// One that answers 200.
    pub(crate) fn start() -> Self {
        Self::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    }

    /// One that answers with these bytes; with none it holds its connections open and says nothing.
    pub(crate) fn answering(answer: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an open listener");
        let (sender, received) = channel();
        let shared = Arc::new(Shared {
            answer: answer.to_owned(),
            accepted: AtomicUsize::new(0),
            ended: AtomicBool::new(false),
            held: Mutex::default(),
        });
        let mine = Arc::clone(&shared);
        std::thread::spawn(move || accept(&listener, &mine, &sender));
        Self {
            address,
            received,
            shared,
        }
    }

    /// The address, for a file.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next request.
    #[track_caller]
    pub(crate) fn next(&self) -> Received {
        let next = self.received.recv_timeout(PATIENCE);
        next.expect("a request comes in time")
    }

    /// Fails if a request has come that nobody looked at.
    #[track_caller]
    pub(crate) fn expect_no_more(&self) {
        if let Ok(more) = self.received.try_recv() {
            panic!("one request too many: {more:?}");
        }
    }

    /// Connections so far.
    pub(crate) fn accepted(&self) -> usize {
        self.shared.accepted.load(SeqCst)
    }

    /// Ends the connections that are held.
    pub(crate) fn let_go(&self) {
        self.shared.held().clear();
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.shared.ended.store(true, SeqCst);
        // Wakes the thread that accepts; an error means that it is gone already.
        let _ = TcpStream::connect(self.address);
        self.let_go();
    }
}

impl Shared {
    fn held(&self) -> std::sync::MutexGuard<'_, Vec<TcpStream>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>, sender: &Sender<Received>) {
    for socket in listener.incoming().flatten() {
        if shared.ended.load(SeqCst) {
            return;
        }
        shared.accepted.fetch_add(1, SeqCst);
        let (shared, sender) = (Arc::clone(shared), sender.clone());
        std::thread::spawn(move || take(socket, &shared, &sender));
    }
}

fn take(mut socket: TcpStream, shared: &Shared, sender: &Sender<Received>) {
    socket
        .set_read_timeout(Some(PATIENCE))
        .expect("a timeout above zero");
    let Some(received) = read(&socket) else {
        return;
    };
    // A test that is over wants no more.
    let _ = sender.send(received);
    if shared.answer.is_empty() {
        shared.held().push(socket);
    } else {
        let _ = socket.write_all(shared.answer.as_bytes());
    }
}

/// One request; nothing if the connection ends before.
fn read(socket: &TcpStream) -> Option<Received> {
    let mut reader = BufReader::new(socket);
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let line = lines.first()?.clone();
    let headers: Vec<(String, String)> = lines
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = length.map_or(0, |(_, length)| length.parse().unwrap_or(0));
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Received {
        line,
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
        at: Instant::now(),
    })
}
