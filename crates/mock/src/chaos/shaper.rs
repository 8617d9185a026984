//! Stands between a session and its wire and lets things go wrong: decides the fate of each message, lets
//! it wait, writes it rightly or wrongly.

use std::rc::Rc;
use std::sync::Arc;

use sockeye_core::Random;
use sockeye_net::{Arrival, Cut, Message, OwnMessage, Shaper, Wire};
use tokio::time::Instant;

use super::book::Way;
use super::effect::Effect;
use super::fate::{Fate, Fates};
use super::frames::{self, Means, Spoiling, Spoilt, below};
use super::queues::{Leaving, Load, Queues};
use super::session::Course;
use super::settings::Chaos;
use crate::world::World;

/// Bytes of a frame's head, as a thin line counts them.
const HEAD: u64 = 4;

/// The chaos of one connection.
#[derive(Debug)]
pub(super) struct ChaosShaper {
    world: Arc<World>,
    course: Rc<Course>,
    /// The number of the connection.
    link: u64,
    sent: u64,
    received: u64,
    pings: u64,
    queues: Queues<Parcel>,
    /// A message that goes out with the next one, or alone at this instant.
    joined: Option<(Instant, OwnMessage)>,
    /// Messages of the client that the session gets behind the next one, or at this instant.
    held: Option<(Instant, Vec<OwnMessage>)>,
    is_frozen: bool,
}

/// A message on its way.
#[derive(Debug)]
struct Parcel {
    number: u64,
    body: Body,
}

#[derive(Clone, Debug)]
enum Body {
    Right(OwnMessage),
    Join(OwnMessage),
    Spoilt(Rc<Spoilt>),
}

impl Load for Parcel {
    fn bytes(&self) -> usize {
        match &self.body {
            Body::Right(message) | Body::Join(message) => message.as_message().bytes().len(),
            Body::Spoilt(spoilt) => spoilt.bytes.len(),
        }
    }

    fn bits(&self) -> u64 {
        (self.bytes() as u64 + HEAD).saturating_mul(8)
    }
}

impl ChaosShaper {
    pub(super) fn new(world: Arc<World>, course: Rc<Course>, link: u64) -> Self {
        Self {
            world,
            course,
            link,
            sent: 0,
            received: 0,
            pings: 0,
            queues: Queues::default(),
            joined: None,
            held: None,
            is_frozen: false,
        }
    }

    fn note(&self, way: Way, message: u64, effect: Effect) {
        self.world.chaos.note(self.link, way, message, effect);
    }

    fn fate(&self, way: Way, number: u64, chaos: &Chaos) -> Fate {
        let seed = chaos.seed.unwrap_or(self.world.chaos_seed());
        Fates::new(seed, self.link).of(way, number, chaos)
    }

    /// Cuts the link if that is this message's fate.
    fn cuts(
        &self,
        way: Way,
        number: u64,
        fate: &mut Fate,
        chaos: &Chaos,
        wire: &mut Wire<'_>,
    ) -> bool {
        let (effect, cut) = if fate.disconnect {
            let at = below(&mut fate.random, chaos.codes.len());
            let code = chaos.codes.get(at).copied();
            (Effect::Disconnect, code.map_or(Cut::Drop, Cut::Close))
        } else if fate.reset {
            (Effect::Reset, Cut::Reset)
        } else {
            return false;
        };
        self.note(way, number, effect);
        wire.cut(cut);
        true
    }

    /// What the session gets of a message: nothing, it, another one, twice.
    fn arriving(
        &self,
        message: Message<'_>,
        number: u64,
        fate: &mut Fate,
    ) -> Option<Vec<OwnMessage>> {
        let way = Way::In;
        if fate.drop {
            self.note(way, number, Effect::Drop);
            return None;
        }
        let mut message = OwnMessage::from(message);
        if fate.corrupt && corrupt(&mut message, &mut fate.random) {
            self.note(way, number, Effect::Corrupt);
        }
        let mut copies = vec![message];
        if fate.duplicate {
            self.note(way, number, Effect::Duplicate);
            copies.extend(copies.first().cloned());
        }
        Some(copies)
    }

    /// What goes on its way of a message.
    fn pack(
        &self,
        message: Message<'_>,
        number: u64,
        fate: &mut Fate,
        chaos: &Chaos,
        wire: &Wire<'_>,
    ) -> Option<Vec<Parcel>> {
        let way = Way::Out;
        let is_meant = chaos.outbound;
        if is_meant && fate.drop {
            self.note(way, number, Effect::Drop);
            return None;
        }
        let mut message = OwnMessage::from(message);
        if is_meant && fate.corrupt && corrupt(&mut message, &mut fate.random) {
            self.note(way, number, Effect::Corrupt);
        }
        let body = self.spoil(message, number, fate, chaos, wire);
        let copies = if is_meant && fate.duplicate {
            self.note(way, number, Effect::Duplicate);
            vec![body.clone(), body]
        } else {
            vec![body]
        };
        let parcels = copies.into_iter().map(|body| Parcel { number, body });
        Some(parcels.collect())
    }

    /// The frame of a message, right or wrong.
    fn spoil(
        &self,
        message: OwnMessage,
        number: u64,
        fate: &mut Fate,
        chaos: &Chaos,
        wire: &Wire<'_>,
    ) -> Body {
        let fault = fate.frame.and_then(|at| Some((at, frames::ALL.get(at)?)));
        let Some((at, fault)) = fault else {
            return Body::Right(message);
        };
        let body = match fault.means {
            Means::Join => Body::Join(message),
            Means::Spoil(spoil) => {
                let packed = wire.packed(message.as_message());
                let spoilt = spoil(Spoiling {
                    message: message.as_message(),
                    packs: wire.packs(),
                    packed: packed.as_deref(),
                    random: &mut fate.random,
                    chaos,
                });
                match spoilt {
                    None => return Body::Right(message),
                    Some(spoilt) => Body::Spoilt(Rc::new(spoilt)),
                }
            }
        };
        self.note(Way::Out, number, Effect::Frame(at));
        body
    }

    /// Writes what may leave.
    fn pump(&mut self, chaos: &Chaos, now: Instant, wire: &mut Wire<'_>) {
        while !wire.is_cut()
            && let Some(leaving) = self.queues.leave(chaos, now)
        {
            match leaving {
                Leaving::Go(parcel) => self.write(parcel.body, chaos, now, wire),
                Leaving::Lost(parcel) => self.note(Way::Out, parcel.number, Effect::SlowDrop),
            }
        }
        if self.joined.as_ref().is_some_and(|(until, _)| *until <= now) {
            self.write_joined(wire);
        }
    }

    fn write(&mut self, body: Body, chaos: &Chaos, now: Instant, wire: &mut Wire<'_>) {
        match body {
            Body::Join(message) if self.joined.is_none() => {
                self.joined = Some((now + chaos.window, message));
            }
            Body::Right(message) | Body::Join(message) => {
                let message = self.join(message);
                // One of another kind could not be joined and goes before.
                self.write_joined(wire);
                wire.message(message.as_message());
            }
            Body::Spoilt(spoilt) => {
                self.write_joined(wire);
                write_spoilt(&spoilt, wire);
            }
        }
    }

    /// `message` behind the one that waits for it, if both are of one kind.
    fn join(&mut self, message: OwnMessage) -> OwnMessage {
        match (self.joined.take(), message) {
            (Some((_, OwnMessage::Text(first))), OwnMessage::Text(second)) => {
                OwnMessage::Text(first + &second)
            }
            (Some((_, OwnMessage::Binary(mut first))), OwnMessage::Binary(second)) => {
                first.extend_from_slice(&second);
                OwnMessage::Binary(first)
            }
            (other, message) => {
                self.joined = other;
                message
            }
        }
    }

    fn write_joined(&mut self, wire: &mut Wire<'_>) {
        if let Some((_, message)) = self.joined.take() {
            wire.message(message.as_message());
        }
    }
}

fn write_spoilt(spoilt: &Spoilt, wire: &mut Wire<'_>) {
    let write = |output: &mut Vec<u8>| output.extend_from_slice(&spoilt.bytes);
    match &spoilt.shown {
        Some(shown) => wire.frames(shown.as_message(), write),
        None => wire.control(write),
    }
    if let Some(cut) = spoilt.cut {
        wire.cut(cut);
    }
}

/// Makes one byte another one; text stays UTF-8. False: there is none.
fn corrupt(message: &mut OwnMessage, random: &mut Random) -> bool {
    let bytes = message.as_message().bytes().len();
    if bytes == 0 {
        return false;
    }
    let at = below(random, bytes);
    let change = below(random, 255) + 1;
    let change = u8::try_from(change).unwrap_or(1);
    match message {
        OwnMessage::Binary(payload) => {
            if let Some(byte) = payload.get_mut(at) {
                *byte ^= change;
            }
        }
        OwnMessage::Text(text) => {
            if let Some(corrupted) = corrupt_text(text, at, change) {
                *text = corrupted;
            }
        }
    }
    true
}

/// ASCII stays ASCII; of other characters the last byte changes, which may be any continuation byte.
fn corrupt_text(text: &str, at: usize, change: u8) -> Option<String> {
    let mut payload = text.as_bytes().to_vec();
    let start = text.floor_char_boundary(at);
    let length = text.get(start..)?.chars().next()?.len_utf8();
    let byte = payload.get_mut(start + length - 1)?;
    let kept = if length == 1 { 0x7f } else { 0x3f };
    // A change of bits that do not count is a change of the lowest.
    *byte ^= (change & kept).max(1);
    String::from_utf8(payload).ok()
}

impl Shaper for ChaosShaper {
    fn inbound(&mut self, message: Message<'_>, wire: &mut Wire<'_>) -> Arrival {
        self.received += 1;
        let (number, chaos) = (self.received, self.course.chaos());
        if !chaos.on {
            return Arrival::Pass;
        }
        let mut fate = self.fate(Way::In, number, &chaos);
        if self.cuts(Way::In, number, &mut fate, &chaos, wire) {
            return Arrival::Instead(Vec::new());
        }
        if !chaos.inbound {
            return Arrival::Pass;
        }
        let Some(mut messages) = self.arriving(message, number, &mut fate) else {
            return Arrival::Instead(Vec::new());
        };
        if fate.reorder {
            self.note(Way::In, number, Effect::Reorder);
            if self.held.is_none() {
                self.held = Some((Instant::now() + chaos.window, messages));
                return Arrival::Instead(Vec::new());
            }
        }
        messages.extend(self.held.take().into_iter().flat_map(|(_, held)| held));
        Arrival::Instead(messages)
    }

    fn outbound(&mut self, message: Message<'_>, unprompted: bool, wire: &mut Wire<'_>) {
        self.sent += 1;
        let (number, chaos) = (self.sent, self.course.chaos());
        let is_waiting = !self.queues.is_idle() || self.joined.is_some();
        if !chaos.on && !is_waiting {
            return wire.message(message);
        }
        let mut fate = self.fate(Way::Out, number, &chaos);
        if unprompted && self.cuts(Way::Out, number, &mut fate, &chaos, wire) {
            return;
        }
        let is_full = unprompted && self.queues.is_full(&chaos);
        if is_full || self.queues.is_overfull(&chaos) {
            return self.note(Way::Out, number, Effect::SlowDrop);
        }
        let Some(parcels) = self.pack(message, number, &mut fate, &chaos, wire) else {
            return;
        };
        let swaps = fate.reorder && chaos.outbound;
        for (effect, happens) in [
            (Effect::Reorder, swaps),
            (Effect::Delay, !fate.delay.is_zero()),
        ] {
            if happens {
                self.note(Way::Out, number, effect);
            }
        }
        let now = Instant::now();
        self.queues.enter(parcels, swaps, fate.delay, &chaos, now);
        self.pump(&chaos, now, wire);
    }

    fn release(&mut self, wire: &mut Wire<'_>) {
        let (now, chaos) = (Instant::now(), self.course.chaos());
        if !self.is_frozen && self.course.half_open_at().is_some_and(|at| at <= now) {
            self.is_frozen = true;
            self.note(Way::Out, self.sent, Effect::HalfOpen);
            return wire.cut(Cut::Freeze);
        }
        self.pump(&chaos, now, wire);
    }

    fn flush(&mut self, wire: &mut Wire<'_>) {
        let (now, chaos) = (Instant::now(), self.course.chaos());
        for parcel in self.queues.flush() {
            if !wire.is_cut() {
                self.write(parcel.body, &chaos, now, wire);
            }
        }
        self.write_joined(wire);
    }

    fn late_arrivals(&mut self, all: bool) -> Vec<OwnMessage> {
        let now = Instant::now();
        let late = self.held.take_if(|(until, _)| all || *until <= now);
        late.map(|(_, messages)| messages).unwrap_or_default()
    }

    fn next(&self) -> Option<Instant> {
        let half_open = self.course.half_open_at().filter(|_| !self.is_frozen);
        let held = self.held.as_ref().map(|(until, _)| *until);
        let joined = self.joined.as_ref().map(|(until, _)| *until);
        let queued = self.queues.next(&self.course.chaos());
        [half_open, held, joined, queued]
            .into_iter()
            .flatten()
            .min()
    }

    fn is_full(&self) -> bool {
        self.queues.is_full(&self.course.chaos())
    }

    fn answers_ping(&mut self) -> bool {
        let chaos = self.course.chaos();
        self.pings += 1;
        if chaos.on && chaos.never_pong {
            self.note(Way::In, self.pings, Effect::NeverPong);
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corrupted_message_differs_in_one_byte_and_text_stays_text() {
        let mut random = Random::seeded(3);
        for text in ["a", "hello", "ü☃𝄞", "é", "\u{0}\u{7f}"] {
            for _ in 0..500 {
                let mut message = OwnMessage::Text(text.to_owned());
                assert!(corrupt(&mut message, &mut random));
                let after = message.as_message();
                let pairs = text.as_bytes().iter().zip(after.bytes());
                assert_eq!(pairs.filter(|(one, two)| one != two).count(), 1, "{text}");
                assert_eq!(text.len(), after.bytes().len());
            }
        }
        let mut empty = OwnMessage::Text(String::new());
        assert!(!corrupt(&mut empty, &mut random));
        let mut bytes = OwnMessage::Binary(vec![7; 9]);
        assert!(corrupt(&mut bytes, &mut random));
        assert_ne!(bytes, OwnMessage::Binary(vec![7; 9]));
    }
}
