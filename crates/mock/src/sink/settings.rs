//! What a file wants of a sink.

use std::path::PathBuf;

use http::StatusCode;
use sockeye_net::Cut;
use sockeye_ship::decode::{Format, Manner};

use super::ledger::Ledger;

/// A sink as a file describes it.
#[derive(Debug)]
pub struct Sink {
    /// What is forgiven.
    pub(crate) manner: Manner,
    /// The only format that is taken; `None`: any.
    pub(crate) format: Option<Format>,
    /// How many records are kept for a look.
    pub(crate) keep: usize,
    /// Where records are appended, a line of JSON each.
    pub(crate) file: Option<PathBuf>,
    /// Whether records have to be on the disk before they count as written.
    pub(crate) sync: bool,
    /// After how many messages one acknowledgement is sent; `None`: none are.
    pub(crate) ack_every: Option<u64>,
    pub(crate) refusals: Option<Refusals>,
    pub(crate) drop: Option<Drop>,
}

/// Which attempts to connect are refused.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refusals {
    /// The first so many.
    pub(crate) first: u64,
    /// And every so manieth; 0: no others.
    pub(crate) every: u64,
    pub(crate) status: StatusCode,
}

impl Refusals {
    /// Whether this attempt is refused, the first one being 1.
    pub(crate) fn refuses(self, attempt: u64) -> bool {
        attempt <= self.first || self.every > 0 && attempt.is_multiple_of(self.every)
    }
}

/// Which connections are ended on purpose, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Drop {
    /// After so many messages, the last of which is taken and not acknowledged.
    pub(crate) after: u64,
    /// The first so many connections; 0: all.
    pub(crate) connections: u64,
    pub(crate) how: Cut,
}

impl Drop {
    /// Whether a connection ends now, both numbers counted from 1.
    pub(crate) fn is_due(self, connection: u64, messages: u64) -> bool {
        messages == self.after && (self.connections == 0 || connection <= self.connections)
    }
}

impl Sink {
    /// The status of an attempt to connect that is refused; counts it.
    pub(crate) fn refusal(&self, ledger: &Ledger) -> Option<StatusCode> {
        let refusals = self.refusals;
        let is_refused = ledger.attempt(|attempt| refusals.is_some_and(|one| one.refuses(attempt)));
        refusals
            .filter(|_| is_refused)
            .map(|refusals| refusals.status)
    }

    /// Whether a message is acknowledged only when its records are in the file.
    pub(super) fn waits_for_file(&self) -> bool {
        self.file.is_some() && self.ack_every.is_some()
    }

    /// What it does, for explanations.
    pub(crate) fn notes(&self) -> Vec<String> {
        let format = self.format.map_or("any format", Format::name);
        let manner = match self.manner {
            Manner::Lenient => "leniently",
            Manner::Strict => "strictly",
        };
        let mut notes = vec![format!("takes records, {format}, {manner}")];
        let synced = if self.sync { ", synced" } else { "" };
        notes.extend(
            self.file
                .as_ref()
                .map(|file| format!("appends to {}{synced}", file.display())),
        );
        notes.extend(
            self.ack_every
                .map(|every| format!("acknowledges every {every}. message")),
        );
        notes.extend(self.refusals.map(|refusals| {
            format!(
                "refuses the first {} connections with {}",
                refusals.first,
                refusals.status.as_u16()
            )
        }));
        notes.extend(
            self.drop
                .map(|drop| format!("ends connections after message {}", drop.after)),
        );
        notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_refused_at_first_and_now_and_then() {
        let refusals = |first, every| Refusals {
            first,
            every,
            status: StatusCode::FORBIDDEN,
        };
        let refused = |one: Refusals| (1..=9).filter(|n| one.refuses(*n)).collect::<Vec<_>>();
        assert_eq!(refused(refusals(2, 0)), [1, 2]);
        assert_eq!(refused(refusals(0, 4)), [4, 8]);
        assert_eq!(refused(refusals(1, 3)), [1, 3, 6, 9]);
    }

    #[test]
    fn connections_are_dropped_after_their_message() {
        let drop = Drop {
            after: 2,
            connections: 1,
            how: Cut::Drop,
        };
        assert!(drop.is_due(1, 2));
        assert!(!drop.is_due(1, 1) && !drop.is_due(1, 3) && !drop.is_due(2, 2));
        assert!(
            Drop {
                connections: 0,
                ..drop
            }
            .is_due(9, 2)
        );
    }
}
