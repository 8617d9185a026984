//! Forms pass through here: `k=v&n=1` becomes a record of texts.

use crate::input::documents::Extra;
use crate::record::{RecordWriter, Time};

/// How many fields a form may have.
const MOST_FIELDS: usize = 10_000;

/// Appends the record of a form; false if it has no field, or too many.
pub(in crate::input) fn append(body: &[u8], time: Time, extra: &Extra, out: &mut Vec<u8>) -> bool {
    let mut record = RecordWriter::new(out, time);
    let mut fields = 0;
    for field in body
        .split(|&byte| byte == b'&')
        .filter(|field| !field.is_empty())
    {
        fields += 1;
        if fields > MOST_FIELDS {
            return false;
        }
        let cut = field
            .iter()
            .position(|&byte| byte == b'=')
            .unwrap_or(field.len());
        let (key, value) = field.split_at(cut);
        let value = value.get(1..).unwrap_or_default();
        crate::record::pack::string(record.key_bytes(&decoded(key)), &decoded(value));
    }
    if fields == 0 {
        return false;
    }
    record.pairs(extra.pairs, &extra.bytes);
    record.finish();
    true
}

/// `+` is a blank, `%41` a byte; a percent sign that no two digits follow stays.
fn decoded(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    loop {
        rest = match rest {
            [b'%', high, low, after @ ..] if digit(*high).is_some() && digit(*low).is_some() => {
                bytes.push(digit(*high).unwrap_or(0) * 16 + digit(*low).unwrap_or(0));
                after
            }
            [b'+', after @ ..] => {
                bytes.push(b' ');
                after
            }
            [byte, after @ ..] => {
                bytes.push(*byte);
                after
            }
            [] => return bytes,
        };
    }
}

fn digit(letter: u8) -> Option<u8> {
    let digit = char::from(letter).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::line::shown;

    fn form(body: &str) -> String {
        let mut out = Vec::new();
        append(
            body.as_bytes(),
            Time::new(1, 0),
            &Extra::default(),
            &mut out,
        );
        shown(&out)
    }

    #[test]
    fn fields_are_texts() {
        assert_eq!(
            form("k=v&n=1&s=a%20b+c"),
            r#"{"k":"v","n":"1","s":"a b c"}"#
        );
        assert_eq!(form("a&&b=%zz%4"), r#"{"a":"","b":"%zz%4"}"#);
        assert_eq!(form(""), "");
    }
}
