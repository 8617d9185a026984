//! Messages pass through here as fast as the server answers: the load, on one thread, without allocation.
//!
//! Every connection keeps `window` messages outstanding. Frames are built once and sent again and again,
//! replies are counted in place, so that the server is what limits the rate.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mio::event::Event;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use serde::Serialize;

use crate::connection::Connection;
use crate::error::LoadError;
use crate::frames::Exchange;
use crate::handshake;
use crate::histogram::Histogram;
use crate::proc::CpuTimes;

/// Bytes that one read takes at most: more than all replies of a window.
const READ_BUFFER_BYTES: usize = 1024 * 1024;
/// Ready connections that one wait reports at most.
const EVENTS: usize = 1024;
/// How long replies may stay away while messages are outstanding.
pub(crate) const STALL_LIMIT: Duration = Duration::from_secs(5);
/// How long one wait for readiness takes at most.
const WAIT: Duration = Duration::from_millis(100);
/// Replies of one run: a bound on the work whatever the speed.
const MAX_REPLIES: u32 = 50_000_000;

/// What a run does.
#[derive(Clone, Copy)]
pub(crate) struct Plan<'a> {
    /// The server.
    pub(crate) address: SocketAddr,
    /// Path of the upgrade; `None` is plain TCP.
    pub(crate) path: Option<&'a str>,
    /// Further lines of the request for the upgrade; empty, or whole lines.
    pub(crate) offer: &'a str,
    /// Number of connections.
    pub(crate) connections: usize,
    /// Messages outstanding on each connection; 1 is ping-pong.
    pub(crate) window: u32,
    /// The message and its reply.
    pub(crate) exchange: &'a Exchange,
}

/// What one run measured.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Sample {
    /// Replies received in the measured time.
    pub(crate) messages: u32,
    /// The measured time, seconds.
    pub(crate) seconds: f64,
    /// Server CPU time to each message, µs.
    pub(crate) cpu_us: f64,
    /// Messages per second.
    pub(crate) rate: f64,
    /// Median time from send to receive, µs; with a window above 1 it includes waiting in the queue.
    pub(crate) p50_us: f64,
    /// 99th percentile of the same, µs.
    pub(crate) p99_us: f64,
    /// Share of one core that the server used.
    pub(crate) server_busy: f64,
    /// Share of one core that this client used.
    pub(crate) client_busy: f64,
}

/// Loads a server for `warm_up`, then measures for `measured`, then waits for every outstanding reply.
///
/// Fails on the first wrong, missing or surplus reply.
pub(crate) fn measure(
    plan: Plan<'_>,
    server_pid: u32,
    warm_up: Duration,
    measured: Duration,
) -> Result<Sample, LoadError> {
    let mut load = Load::open(plan)?;
    load.send_everywhere(plan.window)?;
    load.drive(warm_up)?;
    load.latencies.clear();
    let before = (
        Instant::now(),
        CpuTimes::of(server_pid)?,
        CpuTimes::of(std::process::id())?,
    );
    let replies_before = load.replies;
    load.drive(measured)?;
    let elapsed = before.0.elapsed();
    let server = CpuTimes::of(server_pid)?.spent_since(&before.1);
    let client = CpuTimes::of(std::process::id())?.spent_since(&before.2);
    let messages = load.replies - replies_before;
    let sample = Sample {
        messages,
        seconds: elapsed.as_secs_f64(),
        cpu_us: micros(server) / f64::from(messages.max(1)),
        rate: f64::from(messages) / elapsed.as_secs_f64(),
        p50_us: micros(load.latencies.percentile(50)),
        p99_us: micros(load.latencies.percentile(99)),
        server_busy: server.div_duration_f64(elapsed),
        client_busy: client.div_duration_f64(elapsed),
    };
    load.drain()?;
    Ok(sample)
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

/// Open connections to one server.
pub(crate) struct Load<'a> {
    plan: Plan<'a>,
    poll: Poll,
    connections: Vec<Connection>,
    /// The request as often as the window allows it to be outstanding: one write sends many.
    burst: Vec<u8>,
    buffer: Vec<u8>,
    latencies: Histogram,
    replies: u32,
    outstanding: u32,
    last_reply: Instant,
}

impl<'a> Load<'a> {
    /// Opens and upgrades every connection of the plan.
    pub(crate) fn open(plan: Plan<'a>) -> Result<Self, LoadError> {
        let poll = Poll::new()?;
        let mut connections = Vec::with_capacity(plan.connections);
        for stream in
            handshake::open_offering(plan.address, plan.path, plan.offer, plan.connections)?
        {
            stream.set_nonblocking(true)?;
            let mut stream = TcpStream::from_std(stream);
            let interest = Interest::READABLE | Interest::WRITABLE;
            poll.registry()
                .register(&mut stream, Token(connections.len()), interest)?;
            connections.push(Connection::new(connections.len(), stream));
        }
        let times = usize::try_from(plan.window).unwrap_or(1);
        Ok(Self {
            plan,
            poll,
            connections,
            burst: plan.exchange.request.repeat(times),
            buffer: vec![0; READ_BUFFER_BYTES],
            latencies: Histogram::new(),
            replies: 0,
            outstanding: 0,
            last_reply: Instant::now(),
        })
    }

    /// Sends `count` messages (at most the plan's window) on every connection.
    pub(crate) fn send_everywhere(&mut self, count: u32) -> Result<(), LoadError> {
        self.last_reply = Instant::now();
        for connection in &mut self.connections {
            connection.send(
                count,
                Instant::now(),
                &self.plan.exchange.request,
                &self.burst,
            )?;
            self.outstanding += count;
        }
        Ok(())
    }

    /// Answers every reply with a new message until `time` has passed.
    pub(crate) fn drive(&mut self, time: Duration) -> Result<(), LoadError> {
        let end = Instant::now() + time;
        let mut events = Events::with_capacity(EVENTS);
        while Instant::now() < end && self.replies < MAX_REPLIES {
            self.turn(&mut events, WAIT, true)?;
        }
        Ok(())
    }

    /// Waits until every message has its reply, and that no reply is left over or incomplete.
    pub(crate) fn drain(&mut self) -> Result<(), LoadError> {
        let mut events = Events::with_capacity(EVENTS);
        while self.outstanding > 0 {
            self.turn(&mut events, WAIT, false)?;
        }
        // What the server sends on top of the replies would be there by the next wait.
        self.turn(&mut events, Duration::ZERO, false)?;
        match self
            .connections
            .iter()
            .position(|one| one.counter.inside_a_reply())
        {
            Some(connection) => Err(LoadError::Unasked { connection }),
            None => Ok(()),
        }
    }

    /// Keeps the connections open without sending; fails when the server closes one or sends something.
    pub(crate) fn rest(&mut self, time: Duration) -> Result<(), LoadError> {
        let end = Instant::now() + time;
        let mut events = Events::with_capacity(EVENTS);
        loop {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            self.turn(&mut events, left, false)?;
        }
    }

    /// One wait for readiness, and what follows from it.
    fn turn(&mut self, events: &mut Events, wait: Duration, answer: bool) -> Result<(), LoadError> {
        match self.poll.poll(events, Some(wait)) {
            Err(error) if error.kind() != io::ErrorKind::Interrupted => return Err(error.into()),
            _ => {}
        }
        for event in &*events {
            self.serve(event, answer)?;
        }
        if self.outstanding > 0 && self.last_reply.elapsed() > STALL_LIMIT {
            return Err(LoadError::Stalled {
                outstanding: self.outstanding,
            });
        }
        Ok(())
    }

    fn serve(&mut self, event: &Event, answer: bool) -> Result<(), LoadError> {
        let Exchange { request, reply } = self.plan.exchange;
        let Token(number) = event.token();
        let Some(connection) = self.connections.get_mut(number) else {
            return Ok(());
        };
        if event.is_writable() {
            connection.write(request, &self.burst)?;
        }
        if !event.is_readable() {
            return Ok(());
        }
        let read = connection.read(&mut self.buffer)?;
        let taken = connection.counter.take(&self.buffer[..read], reply);
        let completed = taken.map_err(|source| LoadError::WrongReply {
            connection: number,
            source,
        })?;
        if completed == 0 {
            return Ok(());
        }
        let now = Instant::now();
        if !connection.settle(completed, now, &mut self.latencies) {
            return Err(LoadError::Unasked { connection: number });
        }
        self.replies += completed;
        self.outstanding -= completed;
        self.last_reply = now;
        if answer {
            self.outstanding += completed;
            connection.send(completed, now, request, &self.burst)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    /// Accepts one connection and gives it, with everything `request` bytes long that it reads, to `answer`.
    fn server(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = vec![0; Exchange::raw("hello").request.len()];
            // Ends when the client closes.
            while stream.read_exact(&mut request).is_ok() {
                let reply = answer(&request);
                if reply.is_empty() || stream.write_all(&reply).is_err() {
                    return;
                }
            }
        });
        address
    }

    fn measured(address: SocketAddr) -> Result<Sample, LoadError> {
        let exchange = Exchange::raw("hello");
        let plan = Plan {
            address,
            path: None,
            offer: "",
            connections: 1,
            window: 3,
            exchange: &exchange,
        };
        measure(
            plan,
            std::process::id(),
            Duration::ZERO,
            Duration::from_millis(20),
        )
    }

    #[test]
    fn an_echo_is_measured_and_every_message_has_its_reply() {
        let sample = measured(server(<[u8]>::to_vec)).unwrap();
        assert!(sample.messages > 0);
        assert!(sample.rate > 0.0);
        assert!(
            sample.p50_us > 0.0 && sample.p50_us <= sample.p99_us,
            "{sample:?}"
        );
    }

    #[test]
    fn a_surplus_reply_is_an_error() {
        let error = measured(server(|request| request.repeat(2))).unwrap_err();
        assert_eq!(error.to_string(), "connection 0: a reply without a message");
    }

    #[test]
    fn a_changed_reply_is_an_error() {
        let error = measured(server(|request| {
            request.iter().map(|byte| byte ^ 1).collect()
        }));
        let text = error.unwrap_err().to_string();
        let expected = "connection 0: byte 0 of a reply is 0x80 where 0x81 was expected";
        assert!(text.starts_with(expected), "{text}");
    }

    #[test]
    fn a_closed_connection_is_an_error() {
        let error = measured(server(|_| Vec::new())).unwrap_err();
        assert_eq!(error.to_string(), "connection 0: closed by the server");
    }
}
