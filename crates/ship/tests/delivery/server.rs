//! A server that behaves as told: it takes, refuses, hangs, drops, resets and closes connections, and remembers what it got.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sockeye_wire::handshake::accept_key;
use sockeye_wire::{CloseCode, Decoder, Encoder, Event, FrameLimits, Role};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::act::{Act, Last};
use super::lab::numbers;

/// How many pings a client may leave unanswered: the machine may be slow.
const PATIENCE: u32 = 40;

/// What the server has seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Requests.
    pub(super) requests: Vec<String>,
    /// Messages: number of the connection, whether text, payload.
    pub(super) messages: Vec<(usize, bool, Vec<u8>)>,
    /// Closes from the client: number of the connection and code.
    pub(super) closes: Vec<(usize, Option<u16>)>,
    /// Pongs that came.
    pub(super) pongs: usize,
    /// Pings that came.
    pub(super) pings: usize,
    /// Whatever broke the protocol, or came without a handshake.
    pub(super) faults: Vec<String>,
    /// The bytes of every connection behind its request.
    pub(super) raw: Vec<Vec<u8>>,
}

/// A running server.
pub(super) struct Server {
    pub(super) address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
    connections: Arc<Mutex<Vec<JoinHandle<()>>>>,
}

impl Server {
    /// A server whose connections do one act each; the last one is done by all that follow.
    pub(super) fn start(acts: Vec<Act>) -> Self {
        Self::on("127.0.0.1:0".parse().unwrap(), acts)
    }

    /// The same at an address.
    pub(super) fn on(address: SocketAddr, acts: Vec<Act>) -> Self {
        let listener = sockeye_net::listen(address).unwrap();
        let address = listener.local_addr().unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let connections = Arc::default();
        let task = tokio::spawn(serve(
            listener,
            acts.into(),
            Arc::clone(&seen),
            Arc::clone(&connections),
        ));
        Self {
            address,
            seen,
            task,
            connections,
        }
    }

    pub(super) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }

    /// The numbers in `"n":N` of all messages, in the order in which they came.
    pub(super) fn numbers(&self) -> Vec<u64> {
        let seen = self.seen.lock().unwrap();
        let payloads = seen.messages.iter().map(|(_, _, payload)| payload);
        payloads.flat_map(|payload| numbers(payload)).collect()
    }

    /// Ends the server and its connections; what it has seen.
    pub(super) async fn stop(self) -> Seen {
        self.task.abort();
        for connection in self.connections.lock().unwrap().drain(..) {
            connection.abort();
        }
        // The listener is closed once the task is gone.
        let _ = self.task.await;
        let seen = self.seen.lock().unwrap();
        seen.clone()
    }
}

async fn serve(
    listener: TcpListener,
    mut acts: VecDeque<Act>,
    seen: Arc<Mutex<Seen>>,
    connections: Arc<Mutex<Vec<JoinHandle<()>>>>,
) {
    let mut number = 0;
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        // A reset would take back what is held together with what follows.
        socket.set_nodelay(true).unwrap();
        number += 1;
        let act = if acts.len() > 1 {
            acts.pop_front().unwrap()
        } else {
            acts.front().cloned().unwrap_or_default()
        };
        let one = Connection {
            number,
            socket,
            act,
            seen: Arc::clone(&seen),
            encoder: Encoder::server(),
            got: 0,
            unanswered: 0,
        };
        let task = tokio::spawn(one.run());
        connections.lock().unwrap().push(task);
    }
}

struct Connection {
    number: usize,
    socket: TcpStream,
    act: Act,
    seen: Arc<Mutex<Seen>>,
    encoder: Encoder,
    got: usize,
    /// Pings since the last pong.
    unanswered: u32,
}

impl Connection {
    async fn run(mut self) {
        let mut input = Vec::new();
        while !input.windows(4).any(|four| four == b"\r\n\r\n") {
            if self.socket.read_buf(&mut input).await.unwrap_or(0) == 0 {
                return;
            }
        }
        let end = input
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap()
            + 4;
        let request = String::from_utf8_lossy(&input[..end]).into_owned();
        let mut input = input.split_off(end);
        {
            let mut seen = self.seen.lock().unwrap();
            if !request.starts_with("GET ") {
                seen.faults.push(format!("not a request: {request:?}"));
            }
            seen.requests.push(request.clone());
            seen.raw.push(input.clone());
        }
        if self.act.hangs {
            let _ = self.socket.write_all(self.act.says_first.as_bytes()).await;
            std::future::pending::<()>().await;
        }
        let answer = self.answer(&request);
        self.socket.write_all(answer.as_bytes()).await.unwrap();
        if self.act.refusal.is_some() {
            return;
        }
        if let Some(time) = self.act.stalls {
            tokio::time::sleep(time).await;
        }
        self.speak(&mut input).await;
    }

    fn answer(&self, request: &str) -> String {
        if let Some(refusal) = &self.act.refusal {
            return refusal.clone();
        }
        let key = request
            .lines()
            .find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))
            .unwrap_or_default();
        let accept = match self.act.accept {
            None => format!("Sec-WebSocket-Accept: {}\r\n", accept_key(key.as_bytes())),
            Some("") => String::new(),
            Some(wrong) => format!("Sec-WebSocket-Accept: {wrong}\r\n"),
        };
        let offer = request
            .lines()
            .find_map(|line| line.strip_prefix("Sec-WebSocket-Protocol: "));
        let chosen = offer.map_or(String::new(), |offer| {
            let first = offer.split(',').next().unwrap_or_default().trim();
            format!("Sec-WebSocket-Protocol: {first}\r\n")
        });
        format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n{accept}{chosen}\r\n"
        )
    }

    async fn speak(&mut self, input: &mut Vec<u8>) {
        let mut decoder = Decoder::new(Role::Server, FrameLimits::default());
        let mut out = Vec::new();
        if self.act.pings {
            self.encoder.ping(&mut out, b"are you there");
        }
        loop {
            let mut rest = input.as_mut_slice();
            let mut last = None;
            loop {
                match decoder.next(&mut rest) {
                    Ok(None) => break,
                    Ok(Some(event)) => last = self.event(event, &mut out),
                    Err(violation) => {
                        self.seen.lock().unwrap().faults.push(violation.to_string());
                        return;
                    }
                }
                if last.is_some() {
                    break;
                }
            }
            if !out.is_empty() && self.socket.write_all(&out).await.is_err() {
                return;
            }
            out.clear();
            match last {
                None => {}
                Some(last) => return self.end(last).await,
            }
            input.clear();
            match self.read(input).await {
                Some(1..) => {
                    let at = self.number - 1;
                    let mut seen = self.seen.lock().unwrap();
                    if let Some(raw) = seen.raw.get_mut(at) {
                        raw.extend_from_slice(input);
                    }
                }
                _ => return,
            }
        }
    }

    /// Reads, and pings a client that says nothing; one that does not answer is a fault. None: there is nothing more.
    async fn read(&mut self, input: &mut Vec<u8>) -> Option<usize> {
        let Some(every) = self.act.keepalive else {
            return self.socket.read_buf(input).await.ok();
        };
        loop {
            if let Ok(read) = tokio::time::timeout(every, self.socket.read_buf(input)).await {
                return read.ok();
            }
            self.unanswered += 1;
            if self.unanswered > PATIENCE {
                let fault = "no pong in time".to_owned();
                self.seen.lock().unwrap().faults.push(fault);
                return None;
            }
            let mut out = Vec::new();
            self.encoder.ping(&mut out, b"keepalive");
            self.socket.write_all(&out).await.ok()?;
        }
    }

    /// Some: it is over, with that as the last act.
    fn event(&mut self, event: Event<'_>, out: &mut Vec<u8>) -> Option<Last> {
        let mut seen = self.seen.lock().unwrap();
        let (is_text, payload) = match event {
            Event::Text(text) => (true, text.as_bytes()),
            Event::LooseText(bytes) => (true, bytes),
            Event::Binary(bytes) => (false, bytes),
            Event::Ping(payload) => {
                seen.pings += 1;
                if !self.act.is_deaf_to_pings {
                    self.encoder.pong(out, payload);
                }
                return self.last(self.act.is_fair);
            }
            Event::Pong(_) => {
                seen.pongs += 1;
                self.unanswered = 0;
                return None;
            }
            Event::Close(frame) => {
                let code = frame.map(|frame| frame.code);
                seen.closes.push((self.number, code.map(CloseCode::get)));
                self.encoder.close(out, code, "");
                return Some(Last::Answer);
            }
        };
        if let Some((hated, code)) = self.act.hates
            && String::from_utf8_lossy(payload).contains(hated)
        {
            return Some(Last::Close(code));
        }
        seen.messages.push((self.number, is_text, payload.to_vec()));
        self.got += 1;
        if self.act.acks {
            let text = format!("{{\"ack\": {}}}", self.got);
            self.encoder.text(out, &text);
        }
        if self.act.pings {
            self.encoder.ping(out, b"are you there");
        }
        self.last(!self.act.is_fair)
    }

    fn last(&self, is_time: bool) -> Option<Last> {
        let (count, last) = self.act.after.filter(|_| is_time)?;
        (self.got >= count).then_some(last)
    }

    async fn end(&mut self, last: Last) {
        match last {
            Last::Drop => {}
            Last::Answer => self.linger().await,
            Last::Reset => {
                let socket = socket2::SockRef::from(&self.socket);
                socket.set_linger(Some(Duration::ZERO)).unwrap();
            }
            Last::Close(code) => {
                let mut out = Vec::new();
                self.encoder
                    .close(&mut out, CloseCode::new(code), "as told");
                // The client may be gone.
                let _ = self.socket.write_all(&out).await;
                self.linger().await;
            }
            Last::Freeze => std::future::pending::<()>().await,
        }
    }

    /// Reads on until the client has gone, so that no reset overtakes our last words.
    async fn linger(&mut self) {
        let _ = self.socket.shutdown().await;
        let mut rest = Vec::new();
        while let Ok(1..) = self.socket.read_buf(&mut rest).await {
            rest.clear();
        }
    }
}
