//! The values of properties pass through here: words, times and sizes as people write them.

use std::time::Duration;

/// The longest time that a property can say: 100 years. Longer ones are refused.
pub const MAX_TIME: Duration = Duration::from_hours(100 * 365 * 24);

/// The largest size that a property can say, in bytes.
const MAX_SIZE: f64 = 9.0e18;

/// `on`, `true`, `yes` and `off`, `false`, `no` in any case; nothing else.
pub fn boolean(text: &str) -> Option<bool> {
    let is_one_of = |words: [&str; 3]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is_one_of(["on", "true", "yes"]) {
        Some(true)
    } else if is_one_of(["off", "false", "no"]) {
        Some(false)
    } else {
        None
    }
}

/// Seconds, or a number with `ms`, `s`, `m`, `h` or `d`. Not negative, at most [`MAX_TIME`].
pub fn time(text: &str) -> Option<Duration> {
    let (number, unit) = split(text)?;
    let seconds = match unit {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "d" => 86_400.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number * seconds)
        .ok()
        .filter(|time| *time <= MAX_TIME)
}

/// Bytes, or a number with `k`, `M` or `G` of a thousand each, in any case, with `B` behind it or not.
pub fn size(text: &str) -> Option<u64> {
    let (number, unit) = split(text)?;
    let factor = match unit.to_ascii_lowercase().as_str() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        _ => return None,
    };
    let bytes = (number * factor).floor();
    // A float above 2^53 is exact enough for a limit; the border keeps the cast from wrapping.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to lie between 0 and the largest size"
    )]
    (bytes <= MAX_SIZE).then_some(bytes as u64)
}

/// The digits in front and the letters behind them.
fn split(text: &str) -> Option<(f64, &str)> {
    let end = text
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    Some((number.parse().ok()?, unit.trim_start()))
}
