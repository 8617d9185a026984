//! Chunks pass through here to the server: one connection at a time, in order, again until the server has them.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use sockeye_core::Random;
use sockeye_net::{Conversation, DialError, Target, dial};
use sockeye_wire::FrameLimits;
use tokio::time::{Instant, sleep, sleep_until};

use super::acknowledge::Ack;
use super::cargo::{Cargo, LeftOut, Suspect};
use super::link::Link;
use super::refusal::Refusal;
use super::request::SAMPLE_MASK;
use super::settings::Settings;
use super::verdict::{Fault, Verdict};
use crate::format::Format;
use crate::queue::Lane;
use crate::retry::Backoff;

/// A server that confirms messages and refuses others is asked again after this time, while the
/// record that it does not want is looked for.
const SEARCH: Duration = Duration::from_millis(100);

/// How often a record has to be refused, alone, before what follows it is tried.
const REFUSALS: u32 = 2;

/// Why such a record is kept aside.
const UNWANTED: &str = "the server has refused it, alone, and takes those behind";

/// How many records may stand aside. Beyond: the server does not want anything, and all are kept.
const ASIDE: usize = 16;

/// Carries the chunks of a lane to one server.
#[derive(Debug)]
pub(super) struct Courier {
    pub(super) settings: Settings,
    pub(super) format: Box<dyn Format>,
    pub(super) lane: Arc<Lane>,
    pub(super) cargo: Cargo,
    pub(super) backoff: Backoff,
    /// Payloads are written here; kept for its room.
    pub(super) payload: Vec<u8>,
    pub(super) state: State,
}

/// What is known about the server.
#[derive(Debug, Default)]
pub(super) struct State {
    /// One message at a time: the server does not want one of them, and nobody knows which.
    pub(super) is_careful: bool,
    /// The server has confirmed a message, and has not refused everything since.
    pub(super) is_accepting: bool,
    pub(super) pings: Pings,
    /// Said once: records that bring their own date.
    pub(super) told_shadowed: bool,
}

/// What the server makes of pings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Pings {
    /// Nobody knows yet.
    #[default]
    Unknown,
    /// It answers them.
    Answered,
    /// It does not, and is believed without.
    Ignored,
}

/// How a conversation ended.
pub(super) enum End {
    /// Nothing is left, or time is up.
    Done,
    /// The connection is gone.
    Lost(Fault, Link),
}

impl Courier {
    pub(super) fn new(settings: Settings, format: Box<dyn Format>, lane: Arc<Lane>) -> Self {
        let backoff = Backoff::new(settings.growth, Random::from_os());
        Self {
            settings,
            format,
            lane,
            cargo: Cargo::default(),
            backoff,
            payload: Vec::new(),
            state: State::default(),
        }
    }

    /// Carries chunks until there will be none, or until time is up.
    pub(super) async fn run(mut self) {
        let settings = &self.settings;
        self.lane.log.info(format_args!(
            "[out_ws] we have following parameter {}, {}, {}, {}",
            settings.asking.uri,
            settings.host,
            settings.port,
            settings.idle.as_secs()
        ));
        while !self.cargo.is_empty() || self.lane.wait().await {
            if self.is_late() {
                return;
            }
            match self.connect().await {
                Ok(conversation) => match self.converse(conversation).await {
                    End::Done => return,
                    End::Lost(fault, link) => self.lost(&fault, link).await,
                },
                Err(error) => self.refused(&error).await,
            }
        }
    }

    pub(super) fn is_late(&self) -> bool {
        self.lane.end().is_some_and(|end| Instant::now() >= end)
    }

    async fn connect(&mut self) -> Result<Conversation, DialError> {
        let settings = &self.settings;
        self.lane.log.info("[out_ws] handshake for ws");
        let target = match &settings.vhost {
            None => Target::new(settings.host.clone(), settings.port),
            Some(name) => {
                let address = Self::address(settings.host.clone(), settings.port).await?;
                Target::new(name.clone(), settings.port).at(address)
            }
        };
        let target = target.over(settings.tls.clone());
        let request = settings.asking.request();
        let limits = FrameLimits::default();
        let conversation = dial(&target, &request, limits, settings.handshake_timeout).await?;
        let counters = &self.lane.counters;
        if counters.handshakes.get() > 0 {
            counters.reconnects.one();
        }
        counters.handshakes.one();
        counters.open.set(1);
        Ok(if settings.asking.is_reference {
            conversation.with_mask(SAMPLE_MASK)
        } else {
            conversation
        })
    }

    /// Where the server is, if its certificate is for another name.
    async fn address(host: String, port: u16) -> Result<std::net::SocketAddr, DialError> {
        let found = tokio::net::lookup_host((host.as_str(), port)).await;
        let first = found.and_then(|mut found| {
            let none = std::io::ErrorKind::NotFound;
            found.next().ok_or_else(|| none.into())
        });
        first.map_err(|error| DialError::Socket { host, port, error })
    }

    /// There is no connection: every chunk that waits has failed once more.
    async fn refused(&mut self, error: &DialError) {
        let refusal = Refusal::of(error, &self.settings.clock);
        let (lane, settings) = (&self.lane, &self.settings);
        if matches!(error, DialError::Handshake { .. }) {
            lane.counters.refused.one(refusal.status.unwrap_or(0));
            lane.log
                .warn(format_args!("[output:{}] {}", lane.name, refusal.text));
        } else {
            lane.counters.connect_failures.one();
            lane.log.error(format_args!(
                "[out_ws] no upstream connections available to {}:{} ({})",
                settings.host, settings.port, refusal.text
            ));
        }
        let wait = match refusal.retry_after {
            Some(asked) => self.backoff.asked_for(asked),
            None => self.backoff.failed(),
        };
        self.put_off(wait).await;
    }

    /// An open connection is gone: what is not confirmed is sent again on the next one.
    async fn lost(&mut self, fault: &Fault, link: Link) {
        let has_confirmed = link.has_confirmed;
        // Closes the socket before the next connection is opened.
        drop(link);
        self.lane.counters.open.set(0);
        let verdict = fault.verdict();
        let suspect = match verdict {
            Verdict::Unwanted => self.cargo.suspect(),
            Verdict::Again | Verdict::Later => Suspect::Nobody,
        };
        let again = self.cargo.lost();
        self.tell_lost(fault, verdict, again);
        self.lane.counters.in_flight.set(0);
        if self.judge(&suspect) {
            sleep(SEARCH).await;
        } else if verdict == Verdict::Later || (!has_confirmed && !self.cargo.is_empty()) {
            let wait = self.backoff.failed();
            self.put_off(wait).await;
        }
    }

    /// What is to be done about a message that the server does not want. True: it is looked for, and
    /// the search goes on at once. A server that takes nothing at all may refuse us and not a record:
    /// then everything is kept.
    fn judge(&mut self, suspect: &Suspect) -> bool {
        match suspect {
            Suspect::Nobody => return false,
            Suspect::Several | Suspect::Halved => {}
            Suspect::Single(times) => {
                if *times >= REFUSALS && self.cargo.set_aside(REFUSALS) > ASIDE {
                    self.cargo.take_back();
                    self.state.is_accepting = false;
                }
            }
        }
        self.state.is_careful = true;
        self.state.is_accepting
    }

    /// The server has taken what follows these records, and not them.
    pub(super) fn tell_left_out(&self, left_out: &[LeftOut]) {
        let lane = &self.lane;
        let records: u32 = left_out.iter().map(|left| left.count).sum();
        lane.counters.dead_letters.add(u64::from(records));
        lane.counters.dropped_records.add(u64::from(records));
        lane.log.error(format_args!(
            "[output:{}] records left out: {records}; the server has refused each {REFUSALS} times, alone, \
             and takes those behind",
            lane.name
        ));
        for left in left_out {
            lane.reject(&left.chunk, &left.records, UNWANTED);
        }
    }

    fn tell_lost(&self, fault: &Fault, verdict: Verdict, again: u64) {
        let lane = &self.lane;
        if let Fault::Closed(_) = fault {
            let code = fault.code().map_or(NO_CODE, sockeye_wire::CloseCode::get);
            lane.counters.closes.one(code);
        }
        let (host, port) = (&self.settings.host, self.settings.port);
        let mut line = format!("[output:{}] {host}:{port} {}", lane.name, fault.text());
        if again > 0 {
            lane.counters.resent_records.add(again);
            // Writing into a text cannot fail.
            let _ = write!(
                line,
                "; {again} records that it has not confirmed are sent again, it may have some already"
            );
        }
        if verdict == Verdict::Unwanted {
            lane.log.error(line);
        } else if again > 0 {
            lane.log.warn(line);
        } else {
            lane.log.info(line);
        }
    }

    /// Waits before the next attempt; not longer than a second once the process ends.
    async fn put_off(&mut self, wait: Duration) {
        let wait = self.lane.failed(wait);
        let lane = &self.lane;
        self.cargo.keep_only(|serial| lane.wants(serial));
        let until = Instant::now() + wait;
        if !lane.is_closing() {
            tokio::select! {
                () = sleep_until(until) => return,
                () = lane.closing() => {}
            }
        }
        let soon = Instant::now() + crate::retry::AT_THE_END;
        tokio::select! {
            () = sleep_until(until.min(soon)) => {}
            () = lane.over() => {}
        }
    }

    /// Whether messages are confirmed by pongs.
    pub(super) fn is_pinged(&self) -> bool {
        match self.settings.ack {
            Ack::Auto => self.state.pings != Pings::Ignored,
            Ack::Pong => true,
            Ack::Sent | Ack::Message(_) => false,
        }
    }

    /// Whether a message counts as delivered once the system has it.
    pub(super) fn is_trusting(&self) -> bool {
        match self.settings.ack {
            Ack::Auto => self.state.pings == Pings::Ignored,
            Ack::Sent => true,
            Ack::Pong | Ack::Message(_) => false,
        }
    }
}

/// What a Close without a code counts as (RFC 6455 section 7.1.5).
const NO_CODE: u16 = 1005;
