//! Connections are made here, at a pace if that is wanted, and handed on as soon as each is open.

use std::collections::BTreeMap;
use std::time::Duration;

use sockeye_net::{DialError, Polled, dial_polled};
use sockeye_wire::handshake::ResponseError;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::latencies::Latencies;
use crate::limits::{HANDSHAKES, KINDS};
use crate::load::{Load, Site};
use crate::watch::nanos;

/// What counts the kinds of failures beyond those that are told apart.
const OTHERS: &str = "other failures";

/// What came of the connections that were asked for.
#[derive(Debug, Default)]
pub struct Opened {
    /// Connections that became open.
    pub open: usize,
    /// How many of them compress messages.
    pub compressed: usize,
    /// From the first packet to the 101.
    pub times: Latencies,
    /// Those that did not.
    pub refusals: Refusals,
}

/// Connections that did not become open.
#[derive(Debug, Default)]
pub struct Refusals {
    /// Those that were answered with a status other than 101, by it.
    pub by_status: BTreeMap<u16, u64>,
    /// The others, by the reason.
    pub by_reason: BTreeMap<String, u64>,
    /// The first of them.
    pub first: Option<DialError>,
}

impl Refusals {
    /// How many there were.
    pub fn count(&self) -> u64 {
        let all = self.by_status.values().chain(self.by_reason.values());
        all.sum()
    }

    fn add(&mut self, error: DialError) {
        if let DialError::Handshake {
            error: ResponseError::Status { status },
            ..
        } = error
        {
            *self.by_status.entry(status).or_default() += 1;
        } else {
            let mut reason = reason(&error);
            if self.by_reason.len() >= KINDS && !self.by_reason.contains_key(&reason) {
                OTHERS.clone_into(&mut reason);
            }
            *self.by_reason.entry(reason).or_default() += 1;
        }
        self.first.get_or_insert(error);
    }
}

/// What is the same for all connections that fail alike.
fn reason(error: &DialError) -> String {
    match error {
        DialError::Socket { error, .. } => error.to_string(),
        DialError::Tls { reason, .. } | DialError::Proxy { reason, .. } => reason.clone(),
        DialError::Timeout { .. } => "no answer in time".to_owned(),
        DialError::Closed { .. } => "closed during the handshake".to_owned(),
        DialError::Handshake { error, .. } => error.to_string(),
    }
}

type Dialled = (Result<Polled, DialError>, Duration);

/// Makes the connections of `load`; gives each to `take`. What came of them is in `opened`, also when the call is
/// dropped before it is done. Where the first one fails, no other is tried.
pub(crate) async fn open(
    load: &Load,
    site: &Site,
    opened: &mut Opened,
    mut take: impl FnMut(Polled),
) {
    let begun = Instant::now();
    let mut dialling = JoinSet::new();
    let mut settle = |(result, took): Dialled| match result {
        Ok(link) => {
            opened.open += 1;
            opened.compressed += usize::from(link.deflate().is_some());
            opened.times.record(nanos(took));
            take(link);
            true
        }
        Err(error) => {
            opened.refusals.add(error);
            false
        }
    };
    let mut number = 0_u32;
    while (number as usize) < load.connections || !dialling.is_empty() {
        let is_left = (number as usize) < load.connections;
        // The first shows whether there is anybody.
        let has_room = dialling.len() < HANDSHAKES && (number != 1 || dialling.is_empty());
        let at = load.ramp.map_or(begun, |pace| {
            begun + Duration::from_secs_f64(f64::from(number) / pace)
        });
        tokio::select! {
            biased;
            Some(done) = dialling.join_next(), if !dialling.is_empty() => {
                // A panic in it is a fault of ours, and that connection is missing.
                let is_open = done.is_ok_and(&mut settle);
                if !is_open && number == 1 {
                    return;
                }
            }
            () = sleep_until(at), if is_left && has_room => {
                dialling.spawn(dial(site));
                number += 1;
            }
        }
    }
}

fn dial(site: &Site) -> impl Future<Output = Dialled> + Send + 'static {
    let (target, request) = (site.target.clone(), (site.request)());
    let (limits, within) = (site.limits, site.within);
    async move {
        let begun = Instant::now();
        let result = dial_polled(&target, &request, limits, within).await;
        (result, begun.elapsed())
    }
}
