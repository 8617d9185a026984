//! Numbers become decimal digits, floats laid out as C's `%.16g` would.

use std::io::Write as _;

/// From here on C writes an exponent.
const MOST_WHOLE_DIGITS: i32 = 16;
/// Below this power of ten C writes an exponent.
const LEAST_EXPONENT: i32 = -4;
/// The first float that is no `i64`.
const BEYOND_I64: f64 = 9_223_372_036_854_775_808.0;

/// Appends an integer.
#[inline]
pub(super) fn append_uint(out: &mut Vec<u8>, number: u64) {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = number;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Appends an integer.
pub(super) fn append_int(out: &mut Vec<u8>, number: i64) {
    if number < 0 {
        out.push(b'-');
    }
    append_uint(out, number.unsigned_abs());
}

/// Appends a finite float with as few digits as are read back as the same float.
pub(super) fn append_float(out: &mut Vec<u8>, number: f64) {
    if !append_whole(out, number) && !append_decimal(out, number) {
        let mut digits = Digits::new();
        // Writing to memory that is large enough cannot fail.
        let _ = write!(digits, "{number:e}");
        digits.append_to(out);
    }
}

/// Appends a float that is a whole number of tenths, hundredths and so on, of which most are in logs.
///
/// With at most 15 digits no shorter number is read as the same float, and the division, whose parts are
/// both exact, gives the float that reading them would.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "a whole number below 10^15; the same float is what is asked for"
)]
fn append_decimal(out: &mut Vec<u8>, number: f64) -> bool {
    const POWERS: [f64; 6] = [1e1, 1e2, 1e3, 1e4, 1e5, 1e6];
    let size = number.abs();
    if !(1e-4..1e9).contains(&size) {
        return false;
    }
    for (power, decimals) in POWERS.into_iter().zip(1..) {
        let scaled = (size * power).round();
        if scaled / power == size {
            if number.is_sign_negative() {
                out.push(b'-');
            }
            append_with_point(out, scaled as u64, decimals);
            return true;
        }
    }
    false
}

fn append_with_point(out: &mut Vec<u8>, number: u64, decimals: usize) {
    let from = out.len();
    append_uint(out, number);
    let digits = out.len() - from;
    let missing = (decimals + 1).saturating_sub(digits);
    out.splice(from..from, std::iter::repeat_n(b'0', missing));
    out.insert(out.len() - decimals, b'.');
}

/// Appends a float as the reference does: 16 digits, which may be one too few.
pub(super) fn append_float_as_reference(out: &mut Vec<u8>, number: f64) {
    if !number.is_finite() {
        let sign: &[u8] = if number.is_sign_negative() { b"-" } else { b"" };
        let name: &[u8] = if number.is_nan() { b"nan" } else { b"inf" };
        out.extend_from_slice(sign);
        out.extend_from_slice(name);
    } else if !append_whole(out, number) {
        let mut digits = Digits::new();
        let _ = write!(digits, "{number:.15e}");
        digits.append_to(out);
    }
}

/// Appends a float that is an `i64`, with one decimal.
#[expect(clippy::cast_possible_truncation, reason = "within an i64")]
fn append_whole(out: &mut Vec<u8>, number: f64) -> bool {
    let is_whole = (-BEYOND_I64..BEYOND_I64).contains(&number) && number.fract() == 0.0;
    if is_whole {
        if number.is_sign_negative() {
            out.push(b'-');
        }
        append_uint(out, (number as i64).unsigned_abs());
        out.extend_from_slice(b".0");
    }
    is_whole
}

/// A number in the form `-1.234e-5`, to be laid out anew.
struct Digits {
    text: [u8; 32],
    length: usize,
}

impl Digits {
    fn new() -> Self {
        Self {
            text: [0; 32],
            length: 0,
        }
    }

    fn append_to(&self, out: &mut Vec<u8>) {
        let text = &self.text[..self.length];
        let (text, is_negative) = match text.strip_prefix(b"-") {
            Some(text) => (text, true),
            None => (text, false),
        };
        let e = text
            .iter()
            .position(|byte| *byte == b'e')
            .unwrap_or(text.len());
        let exponent = text
            .get(e + 1..)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        let exponent: i32 = exponent
            .and_then(|digits| digits.parse().ok())
            .unwrap_or_default();
        let mut digits = [0; 20];
        let mut count = 0;
        for digit in text[..e].iter().filter(|byte| **byte != b'.') {
            digits[count] = *digit;
            count += 1;
        }
        while count > 1 && digits[count - 1] == b'0' {
            count -= 1;
        }
        if is_negative {
            out.push(b'-');
        }
        lay_out(out, &digits[..count], exponent);
    }
}

impl std::io::Write for Digits {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let room = &mut self.text[self.length..];
        let taken = bytes.len().min(room.len());
        room[..taken].copy_from_slice(&bytes[..taken]);
        self.length += taken;
        Ok(taken)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Digits without trailing zeros; the point stands behind the first one and `exponent` digits more.
fn lay_out(out: &mut Vec<u8>, digits: &[u8], exponent: i32) {
    if !(LEAST_EXPONENT..MOST_WHOLE_DIGITS).contains(&exponent) {
        out.push(digits[0]);
        if digits.len() > 1 {
            out.push(b'.');
            out.extend_from_slice(&digits[1..]);
        }
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "e{sign}{:02}", exponent.abs());
        return;
    }
    let Ok(whole) = usize::try_from(exponent) else {
        out.extend_from_slice(b"0.");
        out.extend(std::iter::repeat_n(
            b'0',
            exponent.unsigned_abs() as usize - 1,
        ));
        out.extend_from_slice(digits);
        return;
    };
    let whole = whole + 1;
    if digits.len() > whole {
        out.extend_from_slice(&digits[..whole]);
        out.push(b'.');
        out.extend_from_slice(&digits[whole..]);
    } else {
        out.extend_from_slice(digits);
        out.extend(std::iter::repeat_n(b'0', whole - digits.len()));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(append: fn(&mut Vec<u8>, f64), number: f64) -> String {
        let mut out = Vec::new();
        append(&mut out, number);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_reference_prints_sixteen_digits() {
        let table = [
            (0.1, "0.1"),
            (1e-5, "1e-05"),
            (1e-4, "0.0001"),
            (1e21, "1e+21"),
            (f64::MAX, "1.797693134862316e+308"),
            (5e-324, "4.940656458412465e-324"),
            (0.1 + 0.2, "0.3"),
            (1.0, "1.0"),
            (-0.0, "-0.0"),
            (1e17, "100000000000000000.0"),
            (9_223_372_036_854_774_784.0, "9223372036854774784.0"),
            (9_223_372_036_854_775_808.0, "9.223372036854776e+18"),
            (-9_223_372_036_854_775_808.0, "-9223372036854775808.0"),
            (9.95, "9.949999999999999"),
            (1_234_567_890_123_456.5, "1234567890123456"),
            (1_234_567_890_123_457.5, "1234567890123458"),
            (123_456.789, "123456.789"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
            (-f64::NAN, "-nan"),
        ];
        for (number, text) in table {
            assert_eq!(said(append_float_as_reference, number), text);
        }
    }

    #[test]
    fn ours_has_as_few_digits_as_can_be() {
        let table = [
            (0.1 + 0.2, "0.30000000000000004"),
            (9.95, "9.95"),
            (5e-324, "5e-324"),
            (1.5, "1.5"),
            (1e-7, "1e-07"),
            (1_234_567_890_123_456.5, "1234567890123456.5"),
        ];
        for (number, text) in table {
            assert_eq!(said(append_float, number), text);
        }
    }

    proptest! {
        #[test]
        fn ours_is_read_back_as_the_same_float(bits: u64) {
            let number = f64::from_bits(bits);
            prop_assume!(number.is_finite());
            let text = said(append_float, number);
            let back: f64 = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), bits);
            prop_assert!((back - number).abs() <= number.abs() * 1e-15);
        }

        #[test]
        fn integers_are_what_they_are(unsigned: u64, signed: i64) {
            let mut out = Vec::new();
            append_uint(&mut out, unsigned);
            prop_assert_eq!(String::from_utf8_lossy(&out), unsigned.to_string());
            out.clear();
            append_int(&mut out, signed);
            prop_assert_eq!(String::from_utf8_lossy(&out), signed.to_string());
        }
    }
}
