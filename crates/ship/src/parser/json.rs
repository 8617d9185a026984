//! An object of JSON: its pairs as they are, but for the time.

use super::Pairs;
use crate::json::{Reader, Rules};
use crate::record::{Reader as Packed, Time, Token};

/// Appends the pairs; says whether the text is one object and nothing else.
pub(super) fn read(text: &[u8], pairs: &mut Pairs<'_>) -> bool {
    let mut reader = Reader::new(text, Rules::INPUT);
    let (rules, now) = (pairs.rules, pairs.now);
    let mut time = None;
    let time_key = rules.time_key.as_deref();
    let count = reader.pairs(pairs.out, |out, key, value| {
        let Some(time_key) = time_key else {
            return true;
        };
        if text_at(out, key) != Some(time_key) {
            return true;
        }
        let read = match Packed::new(&out[value..]).token() {
            Ok(Token::Str(text)) => rules.stamp.as_ref().and_then(|stamp| stamp.read(text, now)),
            Ok(number)
                if rules
                    .stamp
                    .as_ref()
                    .is_some_and(super::StampFormat::is_of_seconds) =>
            {
                Time::of(number).ok()
            }
            _ => None,
        };
        time = read.or(time);
        read.is_none() || rules.keeps_time
    });
    let Ok(count) = count else {
        return false;
    };
    pairs.parsed.pairs = u32::try_from(count).unwrap_or(u32::MAX);
    pairs.parsed.time = time;
    !reader.has_more()
}

fn text_at(packed: &[u8], at: usize) -> Option<&[u8]> {
    match Packed::new(packed.get(at..)?).token() {
        Ok(Token::Str(text)) => Some(text),
        _ => None,
    }
}
