//! A handshake that goes wrong on purpose: late, refused, or answered with the wrong key.

use std::time::Duration;

use ::http::StatusCode;

use super::Chaos;
use super::book::{Book, Way};
use super::effect::Effect;
use super::fate::Fates;

/// What becomes of a handshake.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening {
    /// It is answered after this time.
    pub(crate) delay: Duration,
    /// It is refused with this status.
    pub(crate) refuse: Option<StatusCode>,
    /// `Sec-WebSocket-Accept` is wrong.
    pub(crate) wrong_accept: bool,
}

impl Opening {
    /// Decides about the next handshake, and notes what goes wrong with it.
    pub(crate) fn draw(chaos: &Chaos, seed: u64, book: &Book) -> Self {
        let number = book.next_handshake();
        let settings = &chaos.handshake;
        let mut random = Fates::new(chaos.seed.unwrap_or(seed), 0)
            .of(Way::Handshake, number, chaos)
            .random;
        let is_refused = random.unit() < settings.refuse;
        let is_wrong = random.unit() < settings.wrong_accept && !is_refused;
        for (effect, happens) in [
            (Effect::HandshakeDelay, !settings.delay.is_zero()),
            (Effect::HandshakeRefuse, is_refused),
            (Effect::HandshakeWrongAccept, is_wrong),
        ] {
            if happens {
                book.note(0, Way::Handshake, number, effect);
            }
        }
        let status = StatusCode::from_u16(settings.status).ok();
        Self {
            delay: settings.delay,
            refuse: status.filter(|_| is_refused),
            wrong_accept: is_wrong,
        }
    }
}
