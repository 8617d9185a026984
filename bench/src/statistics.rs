//! Repeated measurements pass through here: what comes out is their median and their extremes.

use serde::Serialize;

/// The middle and the ends of some measurements.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Summary {
    /// Middle value; the mean of the two middle ones when their number is even.
    pub(crate) median: f64,
    /// Smallest value.
    pub(crate) lowest: f64,
    /// Largest value.
    pub(crate) highest: f64,
}

impl Summary {
    /// Of a single measurement.
    pub(crate) fn once(value: f64) -> Self {
        Self {
            median: value,
            lowest: value,
            highest: value,
        }
    }

    /// Of values that are not NaN; `None` when there are none.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let (lowest, highest) = (*sorted.first()?, *sorted.last()?);
        let upper = *sorted.get(sorted.len() / 2)?;
        let lower = *sorted.get((sorted.len() - 1) / 2)?;
        Some(Self {
            median: f64::midpoint(lower, upper),
            lowest,
            highest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_between_the_two_middles() {
        let odd = Summary::of([9.0, 1.0, 2.0]).unwrap();
        assert_eq!(
            odd,
            Summary {
                median: 2.0,
                lowest: 1.0,
                highest: 9.0
            }
        );
        let even = Summary::of([4.0, 1.0, 2.0, 9.0]).unwrap();
        assert_eq!(
            even,
            Summary {
                median: 3.0,
                lowest: 1.0,
                highest: 9.0
            }
        );
        assert_eq!(Summary::of([]), None);
    }
}
