//! What was said about chaos, ready for use: every value there, in its type.

use std::time::Duration;

use sockeye_core::Random;
use sockeye_wire::CloseCode;

use super::frames;
use super::said::Said;

/// What is to go wrong.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key, and they do not exclude each other"
)]
#[derive(Clone, Debug)]
pub(crate) struct Chaos {
    /// What it was made of.
    pub(super) said: Said,
    /// Whether anything can go wrong.
    pub(super) on: bool,
    pub(super) seed: Option<u64>,
    pub(super) disconnect: f64,
    /// Codes of the Close that a disconnection sends; none: it sends nothing.
    pub(super) codes: Vec<CloseCode>,
    pub(super) drop: f64,
    pub(super) duplicate: f64,
    pub(super) reorder: f64,
    pub(super) corrupt: f64,
    pub(super) window: Duration,
    pub(super) outbound: bool,
    pub(super) inbound: bool,
    pub(super) delay: Delay,
    /// Bits in a second.
    pub(super) bandwidth: Option<u64>,
    pub(super) slow: Option<Slow>,
    pub(super) frames: [f64; frames::ALL.len()],
    pub(super) oversize: u64,
    pub(super) reset: f64,
    pub(super) never_pong: bool,
    pub(super) half_open_after: Option<Duration>,
    pub(super) handshake: Handshake,
}

/// A queue in front of the socket.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slow {
    /// Time from one message to the next.
    pub(super) every: Duration,
    /// Messages that it holds.
    pub(super) room: usize,
    pub(super) drops: bool,
}

/// How late messages are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Delay {
    pub(super) least: Duration,
    pub(super) most: Duration,
    spread: Spread,
}

/// How delays lie between their bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spread {
    Uniform,
    /// In the middle.
    Fixed,
    /// Around the middle.
    Normal,
    /// Near the lower bound, with a long tail.
    Pareto,
}

/// What is to go wrong with handshakes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Handshake {
    pub(super) delay: Duration,
    pub(super) refuse: f64,
    pub(super) status: u16,
    pub(super) wrong_accept: f64,
}

impl Chaos {
    pub(crate) fn new(said: Said) -> Self {
        let number = |path, default| said.number(path).unwrap_or(default);
        let millis = |path, default| Duration::from_millis(number(path, default));
        let direction = said.word("direction").unwrap_or("outbound");
        let delay = Delay::new(&said);
        let mut chaos = Self {
            on: false,
            seed: said.number("seed"),
            disconnect: said.rate("disconnect_probability"),
            codes: codes(&said),
            drop: said.rate("message_drop_rate"),
            duplicate: said.rate("message_duplicate_rate"),
            reorder: said.rate("message_reorder_rate"),
            corrupt: said.rate("message_corrupt_rate"),
            window: millis("reorder_window_ms", 1_000),
            outbound: direction != "inbound",
            inbound: direction != "outbound",
            delay,
            bandwidth: said.number("bandwidth_bps"),
            slow: slow(&said),
            frames: frames::ALL.map(|fault| said.rate(fault.path)),
            oversize: number("frames.oversize_bytes", 1 << 30),
            reset: said.rate("link.reset_rate"),
            never_pong: said.switch("link.never_pong").unwrap_or(false),
            half_open_after: said
                .number("link.half_open_after_ms")
                .map(Duration::from_millis),
            handshake: Handshake {
                delay: millis("handshake.delay_ms", 0),
                refuse: said.rate("handshake.refuse_rate"),
                // The form of the key bounds it.
                status: u16::try_from(number("handshake.status", 503)).unwrap_or(503),
                wrong_accept: said.rate("handshake.wrong_accept_rate"),
            },
            said,
        };
        chaos.on = chaos.said.switch("enabled").unwrap_or(true) && chaos.does_anything();
        chaos
    }

    /// Whether anything can go wrong.
    pub(crate) fn is_on(&self) -> bool {
        self.on
    }

    /// In words, for explanations.
    pub(crate) fn note(&self) -> String {
        format!("chaos: {}", self.said.in_words())
    }

    fn does_anything(&self) -> bool {
        let rates = [
            self.disconnect,
            self.drop,
            self.duplicate,
            self.reorder,
            self.corrupt,
            self.reset,
            self.handshake.refuse,
            self.handshake.wrong_accept,
        ];
        rates.iter().chain(&self.frames).any(|rate| *rate > 0.0)
            || !self.delay.most.is_zero()
            || !self.handshake.delay.is_zero()
            || self.bandwidth.is_some()
            || self.slow.is_some()
            || self.never_pong
            || self.half_open_after.is_some()
    }
}

fn codes(said: &Said) -> Vec<CloseCode> {
    let one = said.value("disconnect_code");
    let several = said.value("close_codes").and_then(|codes| codes.as_array());
    let numbers = one.into_iter().chain(several.into_iter().flatten());
    let codes = numbers.filter_map(|code| u16::try_from(code.as_u64()?).ok());
    codes.filter_map(CloseCode::new).collect()
}

fn slow(said: &Said) -> Option<Slow> {
    let enabled = said.switch("slow_consumer.enabled");
    if !enabled.unwrap_or_else(|| said.has_any("slow_consumer")) {
        return None;
    }
    let room = said.number("slow_consumer.buffer_size").unwrap_or(10);
    Some(Slow {
        every: Duration::from_millis(said.number("slow_consumer.delay_ms").unwrap_or(1_000)),
        room: usize::try_from(room).unwrap_or(usize::MAX),
        drops: said.switch("slow_consumer.drop_when_full").unwrap_or(false),
    })
}

impl Delay {
    /// One bound alone is both.
    fn new(said: &Said) -> Self {
        let bounds = ["delay.min_ms", "delay.max_ms"].map(|path| said.number(path));
        let (least, most) = match bounds {
            [Some(least), Some(most)] => (least, most),
            [one, other] => {
                let both = one.or(other).unwrap_or(0);
                (both, both)
            }
        };
        let spread = match said.word("delay.distribution") {
            Some("fixed") => Spread::Fixed,
            Some("normal") => Spread::Normal,
            Some("pareto") => Spread::Pareto,
            _ => Spread::Uniform,
        };
        Self {
            least: Duration::from_millis(least),
            most: Duration::from_millis(most),
            spread,
        }
    }

    /// One delay.
    pub(super) fn draw(&self, random: &mut Random) -> Duration {
        // Always as many draws, whatever the spread.
        let (one, two) = (random.unit(), random.unit());
        let share = match self.spread {
            Spread::Uniform => one,
            Spread::Fixed => 0.5,
            // Box and Muller's; a deviation is a sixth of the range.
            Spread::Normal => {
                let radius = (-2.0 * (1.0 - one).ln()).sqrt();
                0.5 + radius * (std::f64::consts::TAU * two).cos() / 6.0
            }
            // Shape 1.5, scale a twentieth of the range.
            Spread::Pareto => ((1.0 - one).powf(-1.0 / 1.5) - 1.0) / 20.0,
        };
        let range = self.most.saturating_sub(self.least);
        self.least + range.mul_f64(share.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn chaos(entries: &[(&'static str, serde_json::Value)]) -> Chaos {
        let mut said = Said::default();
        for (path, value) in entries {
            said.set(path, value.clone());
        }
        Chaos::new(said)
    }

    #[test]
    fn a_section_counts_as_enabled_unless_it_says_otherwise() {
        assert!(!chaos(&[]).is_on());
        assert!(chaos(&[("message_drop_rate", json!(0.1))]).is_on());
        let off = [("message_drop_rate", json!(0.1)), ("enabled", json!(false))];
        assert!(!chaos(&off).is_on());
        assert!(!chaos(&[("enabled", json!(true))]).is_on());
        assert!(chaos(&[("slow_consumer.buffer_size", json!(3))]).is_on());
        assert!(chaos(&[("slow_consumer.enabled", json!(true))]).is_on());
        let off = [
            ("slow_consumer.buffer_size", json!(3)),
            ("slow_consumer.enabled", json!(false)),
        ];
        assert!(!chaos(&off).is_on());
    }

    #[test]
    fn delays_keep_their_bounds_and_their_shape() {
        for (word, least_mean, most_mean) in [
            ("uniform", 145.0, 155.0),
            ("fixed", 149.9, 150.1),
            ("normal", 145.0, 155.0),
            ("pareto", 100.0, 120.0),
        ] {
            let chaos = chaos(&[
                ("delay.min_ms", json!(100)),
                ("delay.max_ms", json!(200)),
                ("delay.distribution", json!(word)),
            ]);
            let mut random = Random::seeded(5);
            let drawn: Vec<f64> = (0..10_000)
                .map(|_| chaos.delay.draw(&mut random).as_secs_f64() * 1_000.0)
                .collect();
            assert!(
                drawn.iter().all(|ms| (100.0..=200.0).contains(ms)),
                "{word}"
            );
            let mean = drawn.iter().sum::<f64>() / 10_000.0;
            assert!((least_mean..=most_mean).contains(&mean), "{word}: {mean}");
        }
    }

    #[test]
    fn one_bound_of_a_delay_is_both() {
        for path in ["delay.min_ms", "delay.max_ms"] {
            let delay = chaos(&[(path, json!(7))]).delay;
            let seven = Duration::from_millis(7);
            assert_eq!((delay.least, delay.most), (seven, seven));
        }
    }
}
