//! A server behind a proxy, written with tungstenite: handshakes and open sockets, handed to the test.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::{Receiver as Channel, Sender, channel};

use tokio_tungstenite::tungstenite::accept_hdr;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

use super::{Client, PATIENCE};

/// A connection that a proxy has made.
pub(crate) struct Called {
    /// Path and query.
    pub(crate) target: String,
    headers: Vec<(String, String)>,
    /// The open socket, of which the test is the server.
    pub(crate) socket: Client,
}

impl Called {
    /// The values of a header.
    pub(crate) fn header(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(key, _)| key == name);
        named.map(|(_, value)| value.as_str()).collect()
    }
}

/// Takes WebSocket connections on a port of its own until it is dropped.
pub(crate) struct Upstream {
    address: SocketAddr,
    called: Channel<Called>,
    accepted: Arc<AtomicUsize>,
    ended: Arc<AtomicBool>,
}

impl Upstream {
    /// One that agrees to the last subprotocol of those offered.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let address = listener.local_addr().expect("an open listener");
        let (sender, called) = channel();
        let (accepted, ended) = (Arc::default(), Arc::default());
        let (count, stop) = (Arc::clone(&accepted), Arc::clone(&ended));
        std::thread::spawn(move || take(&listener, &count, &stop, &sender));
        Self {
            address,
            called,
            accepted,
            ended,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// An address of it, for a file.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("ws://{}{path}", self.address)
    }

    /// The next connection.
    #[track_caller]
    pub(crate) fn next(&self) -> Called {
        let next = self.called.recv_timeout(PATIENCE);
        next.expect("the proxy calls in time")
    }

    /// Connections so far, of whatever kind.
    pub(crate) fn accepted(&self) -> usize {
        self.accepted.load(SeqCst)
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        self.ended.store(true, SeqCst);
        // Wakes the thread that accepts; an error means that it is gone already.
        let _ = TcpStream::connect(self.address);
    }
}

fn take(listener: &TcpListener, count: &AtomicUsize, stop: &AtomicBool, sender: &Sender<Called>) {
    for stream in listener.incoming().flatten() {
        if stop.load(SeqCst) {
            return;
        }
        count.fetch_add(1, SeqCst);
        let _ = stream.set_read_timeout(Some(PATIENCE));
        let _ = stream.set_nodelay(true);
        if let Some(called) = shake_hands(stream)
            && sender.send(called).is_err()
        {
            return;
        }
    }
}

fn shake_hands(stream: TcpStream) -> Option<Called> {
    let (mut target, mut headers) = (String::new(), Vec::new());
    #[expect(clippy::result_large_err, reason = "the library's own signature")]
    let look = |request: &Request, mut response: Response| {
        target = request.uri().to_string();
        for (name, value) in request.headers() {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            headers.push((name.to_string(), value));
        }
        let offered = request.headers().get("sec-websocket-protocol");
        let offered = offered.and_then(|value| value.to_str().ok());
        let last = offered.and_then(|value| value.rsplit(", ").next());
        if let Some(name) = last.and_then(|name| name.parse().ok()) {
            response
                .headers_mut()
                .insert("sec-websocket-protocol", name);
        }
        Ok(response)
    };
    let socket = accept_hdr(stream, look).ok()?;
    Some(Called {
        target,
        headers,
        socket: Client::from(socket),
    })
}
