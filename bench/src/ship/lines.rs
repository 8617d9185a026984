//! The file that is shipped passes through here: JSON lines of one length, each with its number at its end.

use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// Lines of the file.
pub(super) const RECORDS: u32 = 1_000_000;
/// Bytes of a line, its newline included.
#[cfg(test)]
const LINE_BYTES: usize = 89;
/// The number of the first line: all have as many digits.
const FIRST: u32 = 1_000_000;
/// Digits of a number.
const DIGITS: usize = 7;
/// What may follow a number in a shipped record: `}`, and `"}` where the line is a text in JSON.
const BEHIND: &[u8] = b"\"} ";

/// Writes so many lines.
pub(super) fn write(file: &Path, records: u32) -> io::Result<()> {
    std::fs::write(file, text(records))
}

/// Five members, three of them texts: neither the worst nor the best that a JSON parser sees.
fn text(records: u32) -> String {
    let mut text = String::new();
    for at in 0..records {
        let level = ["info", "warn", "fail"][at as usize % 3];
        let took = 100 + at % 900;
        // Writing to a string does not fail.
        let _written = writeln!(
            text,
            r#"{{"level":"{level}","host":"web-01.example","msg":"GET /api/orders","took":{took},"id":{}}}"#,
            FIRST + at
        );
    }
    text
}

/// The place of the line that a record was made of, from 0; `None` if it does not end as the lines do.
pub(super) fn place(record: &[u8]) -> Option<u32> {
    let behind = record
        .iter()
        .rev()
        .take_while(|byte| BEHIND.contains(byte))
        .count();
    let upto = record.len() - behind;
    let digits = record.get(upto.checked_sub(DIGITS)?..upto)?;
    let number: u32 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    number.checked_sub(FIRST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_json_of_the_same_length() {
        let text = text(2_000);
        assert_eq!(text.len(), 2_000 * LINE_BYTES);
        for line in text.lines() {
            assert_eq!(line.len() + 1, LINE_BYTES);
            let json: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(json.as_object().unwrap().len(), 5);
        }
    }

    #[test]
    fn a_record_tells_the_place_of_its_line() {
        let text = text(3);
        let last = text.lines().last().unwrap();
        assert_eq!(place(last.as_bytes()), Some(2));
        let json = serde_json::json!({ "log": last }).to_string();
        assert_eq!(place(json.as_bytes()), Some(2));
        assert_eq!(place(b"1000007"), Some(7));
        assert_eq!(place(b"\"id\":x000007}"), None);
        assert_eq!(place(b"0000007}"), None);
        assert_eq!(place(b"7}"), None);
        assert_eq!(place(b""), None);
    }
}
