//! Bounds that a run must keep: `p99>5ms` becomes a figure, a side and a value.

use std::fmt;
use std::time::Duration;

use sockeye_drive::Tally;

use super::words::millis;

/// Percentiles by their names, as shares.
pub(super) const PERCENTILES: [(&str, f64); 4] =
    [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999)];

/// What makes a run fail.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bound {
    /// As it was written.
    text: String,
    figure: Figure,
    /// It fails above the value; otherwise below.
    is_above: bool,
    value: f64,
}

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Figure {
    /// A percentile of the latency, in seconds, by its share.
    Percentile(f64),
    /// The longest latency, in seconds.
    Max,
    /// The mean latency, in seconds.
    Mean,
    /// Answers per second.
    Rate,
}

impl Bound {
    /// Reads what a user wrote. Errors: what would be right.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let wrong = || {
            "write a figure, > or <, and a value: p99>5ms, max>1s, rate<1000; figures are p50, p90, p99, p99.9, max, \
             mean and rate, times have ns, us, ms or s"
                .to_owned()
        };
        let place = text.find(['<', '>']).ok_or_else(wrong)?;
        let (name, rest) = text.split_at(place);
        let is_above = rest.starts_with('>');
        let value = rest.get(1..).unwrap_or_default().trim();
        let name = name.trim();
        let percentile = PERCENTILES.iter().find(|(known, _)| *known == name);
        let figure = match (name, percentile) {
            (_, Some((_, share))) => Figure::Percentile(*share),
            ("max", _) => Figure::Max,
            ("mean", _) => Figure::Mean,
            ("rate", _) => Figure::Rate,
            _ => return Err(wrong()),
        };
        let value = if figure == Figure::Rate {
            value.parse().ok()
        } else {
            time(value)
        };
        let value = value.filter(|value: &f64| value.is_finite() && *value >= 0.0);
        Ok(Self {
            text: text.to_owned(),
            figure,
            is_above,
            value: value.ok_or_else(wrong)?,
        })
    }

    /// What is wrong with a run, if this is.
    pub(super) fn broken_by(&self, tally: &Tally) -> Option<String> {
        let (found, shown) = match self.figure {
            Figure::Percentile(share) => latency(tally.latencies.quantile(share)),
            Figure::Max => latency(tally.latencies.max()),
            Figure::Mean => latency(tally.latencies.mean()),
            Figure::Rate => (tally.rate(), format!("{:.1}", tally.rate())),
        };
        let is_broken = if self.is_above {
            found > self.value
        } else {
            found < self.value
        };
        // A latency that nobody has measured keeps no bound.
        let is_measured = self.figure == Figure::Rate || !tally.latencies.is_empty();
        match is_measured {
            true if is_broken => Some(format!("{self}: it is {shown}")),
            true => None,
            false => Some(format!("{self}: nothing was answered")),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn latency(time: Duration) -> (f64, String) {
    (time.as_secs_f64(), millis(time))
}

/// Seconds.
fn time(text: &str) -> Option<f64> {
    // `ms` before `s`, which it ends with.
    let units = [
        ("ns", 1e-9),
        ("us", 1e-6),
        ("µs", 1e-6),
        ("ms", 1e-3),
        ("s", 1.0),
    ];
    let mut units = units.into_iter();
    units.find_map(|(unit, factor)| {
        let number: f64 = text.strip_suffix(unit)?.trim().parse().ok()?;
        Some(number * factor)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read() {
        for (text, figure, is_above, value) in [
            ("p99>5ms", Figure::Percentile(0.99), true, 0.005),
            ("p99.9 > 250 us", Figure::Percentile(0.999), true, 0.000_25),
            ("max>1s", Figure::Max, true, 1.0),
            ("mean<3ns", Figure::Mean, false, 3e-9),
            ("rate<1000", Figure::Rate, false, 1000.0),
        ] {
            let bound = Bound::read(text).unwrap();
            assert_eq!((bound.figure, bound.is_above), (figure, is_above), "{text}");
            assert!((bound.value - value).abs() < 1e-12, "{text}");
            assert_eq!(bound.to_string(), text);
        }
        for text in [
            "", "p99", "p98>1ms", "p99>5", "p99=5ms", "rate<1ms", "p99>-1ms", "rate<inf", "max>xs",
        ] {
            assert!(Bound::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_run_without_answers_keeps_no_bound() {
        let bound = Bound::read("p99>5ms").unwrap();
        let broken = bound.broken_by(&Tally::default());
        assert_eq!(broken.unwrap(), "p99>5ms: nothing was answered");
        let bound = Bound::read("rate<1").unwrap();
        assert_eq!(
            bound.broken_by(&Tally::default()).unwrap(),
            "rate<1: it is 0.0"
        );
    }
}
