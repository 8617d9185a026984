//! A record's time becomes a number or a text in UTC.

use super::number::{append_float_as_reference, append_int, append_uint};
use crate::calendar;
use crate::record::Time;

/// How JSON writes the time of a record (`json_date_format`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateFormat {
    /// Seconds with up to six decimals: `1700000000.123457`.
    #[default]
    Double,
    /// `"2023-11-14T22:13:20.123456Z"`
    Iso8601,
    /// `"2023-11-14 22:13:20.123456"`
    JavaSqlTimestamp,
    /// Whole seconds.
    Epoch,
    /// Whole milliseconds.
    EpochMillis,
}

/// The names of the formats as files write them.
const NAMES: [(&str, DateFormat); 7] = [
    ("double", DateFormat::Double),
    ("iso8601", DateFormat::Iso8601),
    ("java_sql_timestamp", DateFormat::JavaSqlTimestamp),
    ("epoch", DateFormat::Epoch),
    ("epoch_ms", DateFormat::EpochMillis),
    ("epoch_millis", DateFormat::EpochMillis),
    ("epoch_milliseconds", DateFormat::EpochMillis),
];

impl DateFormat {
    /// The format of that name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        let known = NAMES
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, format)| *format)
    }
}

/// Appends the time.
pub(super) fn append(out: &mut Vec<u8>, time: Time, format: DateFormat) {
    match format {
        DateFormat::Double => append_double(out, time),
        DateFormat::Iso8601 => append_civil(out, time, b'T', b"Z\""),
        DateFormat::JavaSqlTimestamp => append_civil(out, time, b' ', b"\""),
        DateFormat::Epoch => append_int(out, time.seconds),
        DateFormat::EpochMillis => {
            let millis = time.seconds.saturating_mul(1000);
            append_int(
                out,
                millis.saturating_add(i64::from(time.nanos / 1_000_000)),
            );
        }
    }
}

/// Seconds as a float of 64 bits, of which 16 digits are shown. For ten digits of seconds that is six
/// decimals, which are found without any floating-point printing.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the float is what is to be shown; the fraction is below one second"
)]
fn append_double(out: &mut Vec<u8>, time: Time) {
    /// A float of ten digits is a multiple of one divided by two to the power of this.
    const FRACTION_BITS: u32 = 23;
    const HALF: u64 = 1 << (FRACTION_BITS - 1);
    let float = time.seconds as f64 + f64::from(time.nanos) / 1e9;
    let mut seconds = float.trunc();
    if !(1e9..=4_294_967_295.0).contains(&seconds) {
        return append_float_as_reference(out, float);
    }
    let units = ((float - seconds) * f64::from(1_u32 << FRACTION_BITS)) as u64;
    let scaled = units * 1_000_000;
    let mut micros = scaled >> FRACTION_BITS;
    let rest = scaled & ((1 << FRACTION_BITS) - 1);
    if rest > HALF || rest == HALF && micros % 2 == 1 {
        micros += 1;
    }
    if micros == 1_000_000 {
        seconds += 1.0;
        micros = 0;
    }
    append_uint(out, seconds as u64);
    append_decimals(out, micros);
}

/// Six decimals without trailing zeros, at least one.
fn append_decimals(out: &mut Vec<u8>, micros: u64) {
    let decimals = six_digits(micros);
    let mut count = decimals.len();
    while count > 1 && decimals[count - 1] == b'0' {
        count -= 1;
    }
    out.push(b'.');
    out.extend_from_slice(&decimals[..count]);
}

fn six_digits(number: u64) -> [u8; 6] {
    let mut digits = [b'0'; 6];
    let mut rest = number;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    digits
}

/// Date and time of day, UTC, with six decimals that are cut.
fn append_civil(out: &mut Vec<u8>, time: Time, between: u8, end: &[u8]) {
    let (days, second) = (
        time.seconds.div_euclid(86_400),
        time.seconds.rem_euclid(86_400),
    );
    let (year, month, day) = calendar::date(days);
    out.push(b'"');
    if year < 0 {
        out.push(b'-');
    }
    for wide in [1000, 100, 10] {
        if year.unsigned_abs() < wide {
            out.push(b'0');
        }
    }
    append_uint(out, year.unsigned_abs());
    append_two(out, b'-', month.unsigned_abs());
    append_two(out, b'-', day.unsigned_abs());
    let second = second.unsigned_abs();
    append_two(out, between, second / 3600);
    append_two(out, b':', second / 60 % 60);
    append_two(out, b':', second % 60);
    out.push(b'.');
    out.extend_from_slice(&six_digits(u64::from(time.nanos / 1000)));
    out.extend_from_slice(end);
}

#[expect(clippy::cast_possible_truncation, reason = "at most 59")]
fn append_two(out: &mut Vec<u8>, before: u8, number: u64) {
    out.extend_from_slice(&[
        before,
        b'0' + (number / 10) as u8,
        b'0' + (number % 10) as u8,
    ]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(seconds: i64, nanos: u32, format: DateFormat) -> String {
        let mut out = Vec::new();
        append(&mut out, Time::new(seconds, nanos), format);
        String::from_utf8(out).unwrap()
    }

    proptest! {
        #[test]
        fn the_short_way_to_a_double_gives_what_the_long_one_does(
            seconds in 1_000_000_000_i64..4_294_967_295,
            nanos in 0_u32..1_000_000_000,
        ) {
            let mut long = Vec::new();
            let float = f64::from(u32::try_from(seconds).unwrap()) + f64::from(nanos) / 1e9;
            append_float_as_reference(&mut long, float);
            let said = said(seconds, nanos, DateFormat::Double);
            prop_assert_eq!(said.as_bytes(), long.as_slice());
        }

        #[test]
        fn days_are_those_of_the_calendar(seconds in -62_135_596_800_i64..253_402_300_799) {
            let stamp = jiff::Timestamp::from_second(seconds).unwrap();
            let expected = stamp.strftime("\"%Y-%m-%dT%H:%M:%S.000000Z\"").to_string();
            prop_assert_eq!(said(seconds, 0, DateFormat::Iso8601), expected);
        }
    }

    #[test]
    fn ties_and_carries_of_a_double() {
        let double = |nanos| said(1_700_000_000, nanos, DateFormat::Double);
        assert_eq!(double(999_999_999), "1700000001.0");
        assert_eq!(double(999_999_400), "1700000000.999999");
        assert_eq!(double(1), "1700000000.0");
        assert_eq!(
            said(1_000_000_000, 764_452_518, DateFormat::Double),
            "1000000000.764453"
        );
        assert_eq!(said(0, 0, DateFormat::Double), "0.0");
        assert_eq!(said(-1, 500_000_000, DateFormat::Double), "-0.5");
    }
}
