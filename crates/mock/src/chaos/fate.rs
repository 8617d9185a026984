//! What happens to the n-th message of a connection: a pure function of the seed, the connection and n.

use std::time::Duration;

use sockeye_core::Random;

use super::book::Way;
use super::settings::Chaos;

/// Keeps chaos apart from the generators of templates, which start from the same seed.
const SALT: u64 = 0x6368_616f_7321_0000;

/// What happens to one message, as far as chance decides.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a draw, and they do not exclude each other"
)]
#[derive(Debug)]
pub(super) struct Fate {
    /// The link is dropped or closed instead; counts for messages that the peer sent or that nobody
    /// asked for.
    pub(super) disconnect: bool,
    /// The link is reset instead; as above.
    pub(super) reset: bool,
    pub(super) drop: bool,
    pub(super) duplicate: bool,
    pub(super) reorder: bool,
    pub(super) corrupt: bool,
    /// The way in which its frame is wrong.
    pub(super) frame: Option<usize>,
    pub(super) delay: Duration,
    /// For everything that is drawn when it is written.
    pub(super) random: Random,
}

/// The generators of one connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fates {
    seed: u64,
    link: u64,
}

impl Fates {
    pub(super) fn new(seed: u64, link: u64) -> Self {
        Self { seed, link }
    }

    /// The fate of message `number`, from 1. Every message draws as often as every other, so that no
    /// setting changes what another one does to which message.
    pub(super) fn of(&self, way: Way, number: u64, chaos: &Chaos) -> Fate {
        let way = match way {
            Way::Out => 1,
            Way::In => 2,
            Way::Handshake => 3,
        };
        let connection = Random::stream(self.seed ^ SALT ^ way, self.link).bits();
        let mut random = Random::stream(connection, number);
        let mut hits = |rate: f64| random.unit() < rate;
        let [disconnect, reset, drop, duplicate, reorder, corrupt] = [
            chaos.disconnect,
            chaos.reset,
            chaos.drop,
            chaos.duplicate,
            chaos.reorder,
            chaos.corrupt,
        ]
        .map(&mut hits);
        let frames = chaos.frames.map(&mut hits);
        Fate {
            disconnect,
            reset,
            drop,
            duplicate,
            reorder,
            corrupt,
            frame: frames.iter().position(|hit| *hit),
            delay: chaos.delay.draw(&mut random),
            random,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::chaos::Said;

    const MESSAGES: u32 = 100_000;

    type Hit = fn(&Fate) -> bool;

    fn chaos(entries: &[(&'static str, f64)]) -> Chaos {
        let mut said = Said::default();
        for (path, rate) in entries {
            said.set(path, json!(rate));
        }
        Chaos::new(said)
    }

    /// The share of messages to which `what` happens.
    fn share(chaos: &Chaos, way: Way, what: Hit) -> f64 {
        let fates = Fates::new(42, 1);
        let hits = (1..=MESSAGES).filter(|number| what(&fates.of(way, u64::from(*number), chaos)));
        f64::from(u32::try_from(hits.count()).unwrap()) / f64::from(MESSAGES)
    }

    #[test]
    fn rates_hold_within_a_percent_over_a_hundred_thousand_messages() {
        let kinds: [(&'static str, Hit); 7] = [
            ("disconnect_probability", |fate| fate.disconnect),
            ("link.reset_rate", |fate| fate.reset),
            ("message_drop_rate", |fate| fate.drop),
            ("message_duplicate_rate", |fate| fate.duplicate),
            ("message_reorder_rate", |fate| fate.reorder),
            ("message_corrupt_rate", |fate| fate.corrupt),
            ("frames.split_rate", |fate| fate.frame.is_some()),
        ];
        for (path, what) in kinds {
            for rate in [0.0, 0.01, 0.3, 1.0] {
                let share = share(&chaos(&[(path, rate)]), Way::Out, what);
                assert!((share - rate).abs() < 0.01, "{path} {rate}: {share}");
                assert!(rate.fract() != 0.0 || (share - rate).abs() < f64::EPSILON);
            }
        }
    }

    #[test]
    fn rates_do_not_depend_on_each_other() {
        let both = chaos(&[("message_drop_rate", 0.3), ("message_duplicate_rate", 0.3)]);
        let joint = share(&both, Way::Out, |fate| fate.drop && fate.duplicate);
        assert!((joint - 0.09).abs() < 0.01, "{joint}");
    }

    #[test]
    fn a_fate_is_the_same_whatever_else_is_set_and_another_on_another_connection() {
        let one = chaos(&[("message_drop_rate", 0.5)]);
        let two = chaos(&[("message_drop_rate", 0.5), ("disconnect_probability", 0.9)]);
        let drops = |link, chaos: &Chaos| -> Vec<bool> {
            let fates = Fates::new(7, link);
            (1..=64)
                .map(|n| fates.of(Way::Out, n, chaos).drop)
                .collect()
        };
        assert_eq!(drops(1, &one), drops(1, &two));
        assert_ne!(drops(1, &one), drops(2, &one));
    }
}
