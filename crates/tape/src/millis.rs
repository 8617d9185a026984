//! Times of files pass through here: numbers of milliseconds, whole or not, never negative.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error, Visitor};

/// The latest time that is taken, in milliseconds: some three thousand years.
pub(crate) const LATEST: f64 = 1e14;

/// A number of milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Millis(pub(crate) Duration);

impl<'de> Deserialize<'de> for Millis {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Number)
    }
}

struct Number;

impl Visitor<'_> for Number {
    type Value = Millis;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a number of milliseconds, not negative")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Millis, E> {
        #[expect(clippy::cast_precision_loss, reason = "only compared with a bound")]
        if number as f64 > LATEST {
            return Err(E::custom(format!("{number} ms is too late")));
        }
        Ok(Millis(Duration::from_millis(number)))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Millis, E> {
        Err(E::custom(format!(
            "{number} ms is before the start: a time is not negative"
        )))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Millis, E> {
        if !(0.0..=LATEST).contains(&number) {
            return Err(E::custom(format!(
                "{number} ms is no time from the start on"
            )));
        }
        Ok(Millis(Duration::from_secs_f64(number / 1000.0)))
    }
}
