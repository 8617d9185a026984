//! Requests of one client to one endpoint, or handshakes with one WebSocket, are counted here, and
//! refused beyond a number per time.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ::http::{HeaderMap, HeaderName};
use sockeye_core::Clock;

use super::refusal::Refusal;
use super::refuse::milliseconds;

/// How many client addresses an endpoint remembers. Beyond, the one that came first is forgotten and
/// starts anew: a bound on memory must not lock anybody out.
const MOST_CLIENTS: usize = 10_000;

/// At most so many requests of one address in a window of time. A window starts with a client's first
/// request and is forgotten when it ends. A reload of the file forgets all.
#[derive(Debug)]
pub(crate) struct RateLimit {
    pub(crate) window: Duration,
    /// Requests in a window; 0 refuses all.
    pub(crate) most: u64,
    clients: Mutex<Clients>,
}

#[derive(Debug, Default)]
struct Clients {
    windows: HashMap<IpAddr, Window>,
    /// Who started when, oldest first. All windows are equally long, so this is also who ends when.
    order: VecDeque<(IpAddr, Instant)>,
}

#[derive(Clone, Copy, Debug)]
struct Window {
    started: Instant,
    requests: u64,
}

/// What a client has left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    /// Requests that a window allows.
    pub(crate) limit: u64,
    /// Requests that are still allowed.
    pub(crate) remaining: u64,
    /// Time until the window ends.
    pub(crate) reset_in: Duration,
    /// Whether this request was one too many.
    pub(crate) exceeded: bool,
}

impl RateLimit {
    /// `most` requests per `window` and address.
    pub(crate) fn new(window: Duration, most: u64) -> Self {
        Self {
            window,
            most,
            clients: Mutex::default(),
        }
    }

    /// Counts a request of `address` that came at `now`.
    pub(crate) fn take(&self, address: IpAddr, now: Instant) -> Quota {
        let address = address.to_canonical();
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.forget_until(now, self.window);
        let window = clients.window(address, now);
        let exceeded = window.requests >= self.most;
        if !exceeded {
            window.requests += 1;
        }
        Quota {
            limit: self.most,
            remaining: self.most - window.requests,
            reset_in: self
                .window
                .saturating_sub(now.saturating_duration_since(window.started)),
            exceeded,
        }
    }
}

impl RateLimit {
    /// Refuses a request that was one too many.
    pub(crate) fn check(&self, quota: Quota) -> Result<(), Refusal> {
        if !quota.exceeded {
            return Ok(());
        }
        Err(Refusal::TooMany {
            limit: quota.limit,
            window: self.window,
            retry_in: quota.reset_in,
        })
    }

    /// In words, for explanations.
    pub(crate) fn note(&self) -> String {
        let (most, window) = (self.most, self.window.as_millis());
        format!("allows {most} requests in {window} ms to an address")
    }
}

impl Clients {
    /// Forgets the windows that have ended.
    fn forget_until(&mut self, now: Instant, window: Duration) {
        while let Some((address, started)) = self.order.front() {
            if now.saturating_duration_since(*started) < window {
                return;
            }
            self.windows.remove(address);
            self.order.pop_front();
        }
    }

    /// The window of a client, which starts now if there is none.
    fn window(&mut self, address: IpAddr, now: Instant) -> &mut Window {
        if !self.windows.contains_key(&address) {
            if self.order.len() >= MOST_CLIENTS
                && let Some((oldest, _)) = self.order.pop_front()
            {
                self.windows.remove(&oldest);
            }
            self.order.push_back((address, now));
        }
        self.windows.entry(address).or_insert(Window {
            started: now,
            requests: 0,
        })
    }
}

impl Quota {
    /// Tells the client, in Moclojer's headers. `X-RateLimit-Reset` is when the window ends, in
    /// milliseconds since 1970.
    pub(crate) fn write(&self, clock: &Clock, headers: &mut HeaderMap) {
        let now = u64::try_from(clock.now().as_millisecond()).unwrap_or_default();
        let reset = now.saturating_add(milliseconds(self.reset_in));
        for (name, value) in [
            (HeaderName::from_static("x-ratelimit-limit"), self.limit),
            (
                HeaderName::from_static("x-ratelimit-remaining"),
                self.remaining,
            ),
            (HeaderName::from_static("x-ratelimit-reset"), reset),
        ] {
            headers.insert(name, value.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn address(number: u32) -> IpAddr {
        Ipv4Addr::from(number).into()
    }

    #[test]
    fn two_are_allowed_and_the_third_is_not_until_the_window_ends() {
        let limit = RateLimit::new(60 * SECOND, 2);
        let start = Instant::now();
        let take = |seconds: u32| {
            let quota = limit.take(address(1), start + seconds * SECOND);
            (quota.exceeded, quota.remaining, quota.reset_in.as_secs())
        };
        assert_eq!(take(0), (false, 1, 60));
        assert_eq!(take(10), (false, 0, 50));
        assert_eq!(take(59), (true, 0, 1));
        assert_eq!(take(60), (false, 1, 60));
    }

    #[test]
    fn every_address_has_a_quota_of_its_own() {
        let limit = RateLimit::new(SECOND, 1);
        let now = Instant::now();
        assert!(!limit.take(address(1), now).exceeded);
        assert!(limit.take(address(1), now).exceeded);
        assert!(!limit.take(address(2), now).exceeded);
        let mapped = Ipv4Addr::from(2).to_ipv6_mapped().into();
        assert!(
            limit.take(mapped, now).exceeded,
            "the same address, written as IPv6"
        );
    }

    #[test]
    fn none_are_allowed_by_a_limit_of_zero() {
        let quota = RateLimit::new(SECOND, 0).take(address(1), Instant::now());
        assert!(quota.exceeded && quota.remaining == 0);
    }

    #[test]
    fn no_more_than_ten_thousand_addresses_are_remembered() {
        let limit = RateLimit::new(SECOND, 1);
        let now = Instant::now();
        for number in 0..10_001 {
            limit.take(address(number), now);
        }
        {
            let clients = limit.clients.lock().unwrap();
            assert_eq!(
                (clients.windows.len(), clients.order.len()),
                (10_000, 10_000)
            );
        }
        assert!(
            limit.take(address(10_000), now).exceeded,
            "the newest is known"
        );
        assert!(
            !limit.take(address(0), now).exceeded,
            "the oldest was forgotten"
        );
        limit.take(address(0), now + SECOND);
        assert_eq!(
            limit.clients.lock().unwrap().windows.len(),
            1,
            "ended windows are forgotten"
        );
    }

    #[test]
    fn the_reset_header_is_a_time_in_milliseconds() {
        let clock = Clock::fixed(sockeye_core::Timestamp::from_millisecond(1_000).unwrap());
        let quota = Quota {
            limit: 5,
            remaining: 4,
            reset_in: Duration::from_millis(250),
            exceeded: false,
        };
        let mut headers = HeaderMap::new();
        quota.write(&clock, &mut headers);
        assert_eq!(headers["x-ratelimit-limit"], "5");
        assert_eq!(headers["x-ratelimit-remaining"], "4");
        assert_eq!(headers["x-ratelimit-reset"], "1250");
    }
}
