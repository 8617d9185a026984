//! A WebSocket server that records are shipped to: it keeps every message, and can go away and come back.

use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use serde_json::Value;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::{Message, accept_hdr};

use super::eventually;

/// Takes everything that comes, until it is dropped.
pub(crate) struct Sink {
    address: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    messages: Mutex<Vec<Message>>,
    targets: Mutex<Vec<String>>,
    streams: Mutex<Vec<TcpStream>>,
    ended: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Sink {
    pub(crate) fn start() -> Self {
        Self::at(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))
    }

    /// On the port that another one had.
    pub(crate) fn at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).expect("a free port");
        let address = listener.local_addr().expect("an open listener");
        let shared = Arc::<Shared>::default();
        let own = Arc::clone(&shared);
        let thread = Some(std::thread::spawn(move || accept(&listener, &own)));
        Self {
            address,
            shared,
            thread,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// What was asked for in each handshake.
    pub(crate) fn targets(&self) -> Vec<String> {
        lock(&self.shared.targets).clone()
    }

    pub(crate) fn messages(&self) -> Vec<Message> {
        lock(&self.shared.messages).clone()
    }

    /// Every record so far, whatever JSON it came in.
    pub(crate) fn records(&self) -> Vec<Value> {
        let messages = self.messages();
        let texts = messages.iter().filter_map(|message| message.to_text().ok());
        texts.flat_map(records).collect()
    }

    /// Waits for so many records and no more than these.
    #[track_caller]
    pub(crate) fn expect(&self, count: usize) -> Vec<Value> {
        eventually(&format!("{count} records come"), || {
            (self.records().len() >= count).then_some(())
        });
        let records = self.records();
        assert_eq!(records.len(), count, "{records:?}");
        records
    }

    /// The values under a key of so many records, as text.
    #[track_caller]
    pub(crate) fn values(&self, count: usize, key: &str) -> Vec<String> {
        let records = self.expect(count);
        let shown = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        records.iter().map(|record| shown(&record[key])).collect()
    }

    /// Cuts every connection, without a word.
    pub(crate) fn cut(&self) {
        for stream in lock(&self.shared.streams).drain(..) {
            // It may be gone already.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.shared.ended.store(true, SeqCst);
        // Wakes the thread that accepts; an error means that it is gone already.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        self.cut();
    }
}

fn records(text: &str) -> Vec<Value> {
    let values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let mut records = Vec::new();
    for value in values.map(|value| value.expect("valid JSON")) {
        match value {
            Value::Array(several) => records.extend(several),
            one => records.push(one),
        }
    }
    records
}

fn accept(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming().flatten() {
        if shared.ended.load(SeqCst) {
            return;
        }
        if let Ok(copy) = stream.try_clone() {
            lock(&shared.streams).push(copy);
        }
        let shared = Arc::clone(shared);
        // Ends with its connection, which is cut with the sink.
        std::thread::spawn(move || take(stream, &shared));
    }
}

fn take(stream: TcpStream, shared: &Shared) {
    #[expect(clippy::result_large_err, reason = "the library's own signature")]
    let look = |request: &Request, response: Response| {
        lock(&shared.targets).push(request.uri().to_string());
        Ok(response)
    };
    let Ok(mut socket) = accept_hdr(stream, look) else {
        return;
    };
    while let Ok(message) = socket.read() {
        if message.is_text() || message.is_binary() {
            lock(&shared.messages).push(message);
        }
    }
}
