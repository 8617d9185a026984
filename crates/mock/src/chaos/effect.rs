//! The kinds of faults that are counted and logged, by the name that metrics and the log have for them.

use super::frames;

/// A kind of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// A link is dropped, or closed with a code.
    Disconnect,
    /// A link is reset.
    Reset,
    /// A link falls silent for ever.
    HalfOpen,
    /// A ping gets no pong.
    NeverPong,
    /// A message is late.
    Delay,
    /// A message is dropped.
    Drop,
    /// A message is sent twice.
    Duplicate,
    /// A message is sent after the one that followed it.
    Reorder,
    /// A byte of a message is another one.
    Corrupt,
    /// A message found no room in a full queue.
    SlowDrop,
    /// A handshake is late.
    HandshakeDelay,
    /// A handshake is refused.
    HandshakeRefuse,
    /// A handshake is answered with the wrong key.
    HandshakeWrongAccept,
    /// A frame is wrong, in the way with this number.
    Frame(usize),
}

/// All that are not about frames.
const OTHERS: [(Effect, &str); 13] = [
    (Effect::Disconnect, "disconnect"),
    (Effect::Reset, "reset"),
    (Effect::HalfOpen, "half_open"),
    (Effect::NeverPong, "never_pong"),
    (Effect::Delay, "delay"),
    (Effect::Drop, "drop"),
    (Effect::Duplicate, "duplicate"),
    (Effect::Reorder, "reorder"),
    (Effect::Corrupt, "corrupt"),
    (Effect::SlowDrop, "slow_drop"),
    (Effect::HandshakeDelay, "handshake_delay"),
    (Effect::HandshakeRefuse, "handshake_refuse"),
    (Effect::HandshakeWrongAccept, "handshake_wrong_accept"),
];

/// How many there are.
pub(super) const COUNT: usize = OTHERS.len() + frames::ALL.len();

impl Effect {
    /// Its number, from 0.
    pub(super) fn index(self) -> usize {
        match self {
            Self::Frame(at) => OTHERS.len() + at,
            other => OTHERS
                .iter()
                .position(|(effect, _)| *effect == other)
                .unwrap_or_default(),
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        name(self.index())
    }
}

/// The name of the effect with this number.
pub(super) fn name(index: usize) -> &'static str {
    match OTHERS.get(index) {
        Some((_, name)) => name,
        None => frames::ALL
            .get(index - OTHERS.len())
            .map_or("", |fault| fault.effect),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_has_a_name_of_its_own() {
        let mut names: Vec<&str> = (0..COUNT).map(name).collect();
        assert_eq!(Effect::Frame(0).name(), "frame_truncate");
        assert_eq!(Effect::SlowDrop.name(), "slow_drop");
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), COUNT);
    }
}
