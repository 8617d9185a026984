//! Numbers of a JSON text become the smallest integers of msgpack, or floats.

use super::{Fault, Liberty, Reader};
use crate::record::pack;

/// What C prints for floats that are no numbers.
const NOT_NUMBERS: [(&[u8], f64); 2] = [(b"nan", f64::NAN), (b"inf", f64::INFINITY)];

impl Reader<'_> {
    pub(super) fn number(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        let from = self.at;
        let is_negative = self.text[from] == b'-';
        self.at += usize::from(is_negative);
        let digits_from = self.at;
        let whole = self.digits();
        let digits = self.at - digits_from;
        if digits == 0 {
            return self.after_minus(out);
        }
        if digits > 1 && self.text[digits_from] == b'0' {
            if !self.rules.allows(Liberty::LeadingZero) {
                return Err(Fault::Unexpected {
                    at: digits_from + 1,
                    wanted: "no digit",
                });
            }
            self.used.add(Liberty::LeadingZero);
        }
        let is_integer = !self.fraction_and_exponent()?;
        match whole {
            Some(whole) if is_integer && !is_negative => pack::uint(out, whole),
            Some(whole) if is_integer && whole <= 1 << 63 => {
                pack::int(out, 0_i64.wrapping_sub_unsigned(whole));
            }
            _ => {
                let text = std::str::from_utf8(&self.text[from..self.at]).unwrap_or_default();
                // The grammar of the text was checked above; Rust's is wider.
                pack::float(out, text.parse().unwrap_or(f64::NAN));
            }
        }
        Ok(())
    }

    /// Past digits; the number they make, if it fits.
    fn digits(&mut self) -> Option<u64> {
        let mut number = Some(0_u64);
        while let Some(digit @ b'0'..=b'9') = self.text.get(self.at) {
            let digit = u64::from(digit - b'0');
            number = number.and_then(|number| number.checked_mul(10)?.checked_add(digit));
            self.at += 1;
        }
        number
    }

    /// Past what makes a number a float; whether there was any.
    fn fraction_and_exponent(&mut self) -> Result<bool, Fault> {
        let mut is_float = false;
        if self.text.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.some_digits()?;
            is_float = true;
        }
        if let Some(b'e' | b'E') = self.text.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.text.get(self.at) {
                self.at += 1;
            }
            self.some_digits()?;
            is_float = true;
        }
        Ok(is_float)
    }

    fn some_digits(&mut self) -> Result<(), Fault> {
        match self.text.get(self.at) {
            Some(b'0'..=b'9') => {
                self.digits();
                Ok(())
            }
            Some(_) => Err(self.unexpected("a digit")),
            None => Err(Fault::Incomplete),
        }
    }

    fn after_minus(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return Err(Fault::Incomplete);
        }
        match self.not_a_number(rest, true) {
            Some(number) => {
                pack::float(out, number);
                Ok(())
            }
            None => Err(self.unexpected("a digit")),
        }
    }

    pub(super) fn not_a_number(&mut self, rest: &[u8], is_negative: bool) -> Option<f64> {
        if !self.rules.allows(Liberty::NotANumber) {
            return None;
        }
        let (word, number) = NOT_NUMBERS
            .iter()
            .find(|(word, _)| rest.starts_with(word))?;
        self.used.add(Liberty::NotANumber);
        self.at += word.len();
        Some(if is_negative { -number } else { *number })
    }
}
