//! `stdout` prints records on their way and lets them pass.

use std::io::Write as _;

use sockeye_core::Mistakes;

use super::{COMMON_KEYS, Filter, Filtered, Known};
use crate::format::append_text;
use crate::parser::Parsers;
use crate::properties::Properties;
use crate::record::{Events, Fault, Reader, Time, Token};

pub(super) const KNOWN: Known = Known {
    name: "stdout",
    about: "prints records and lets them pass",
    tables: &[COMMON_KEYS],
    build,
};

#[derive(Debug)]
struct Show;

#[expect(clippy::unnecessary_wraps, reason = "every filter is built alike")]
fn build(_: &Properties<'_>, _: &Parsers) -> Result<Box<dyn Filter>, Mistakes> {
    Ok(Box::new(Show))
}

/// `[0] tag: [[1700000000.123456789, {}], {"a"=>1}]`, a line for each record.
pub(crate) fn lines(tag: &str, records: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for (at, event) in Events::new(records).map_while(Result::ok).enumerate() {
        let Time { seconds, nanos } = event.time;
        // Writing to a vector cannot fail, and what was walked through once can be said.
        let _ = write!(text, "[{at}] {tag}: [[{seconds}.{nanos:09}, ");
        let _ = value(&mut text, &mut Reader::new(event.metadata));
        text.extend_from_slice(b"], ");
        let _ = value(&mut text, &mut Reader::new(event.body));
        text.extend_from_slice(b"]\n");
    }
    text
}

/// One value as people know it from the reference; what would move a terminal's cursor is escaped.
fn value(out: &mut Vec<u8>, reader: &mut Reader<'_>) -> Result<(), Fault> {
    match reader.token()? {
        Token::Nil => out.extend_from_slice(b"nil"),
        Token::Bool(is_true) => out.extend_from_slice(if is_true { b"true" } else { b"false" }),
        Token::UInt(number) => drop(write!(out, "{number}")),
        Token::Int(number) => drop(write!(out, "{number}")),
        Token::Float32(number) => drop(write!(out, "{number:.6}")),
        Token::Float64(number) => drop(write!(out, "{number:.6}")),
        Token::Str(text) | Token::Bin(text) => append_text(out, text),
        Token::Ext(kind, bytes) => drop(write!(out, "(ext: {kind}, {} bytes)", bytes.len())),
        Token::Array(values) => {
            out.push(b'[');
            for at in 0..values {
                between(out, at);
                value(out, reader)?;
            }
            out.push(b']');
        }
        Token::Map(pairs) => {
            out.push(b'{');
            for at in 0..pairs {
                between(out, at);
                value(out, reader)?;
                out.extend_from_slice(b"=>");
                value(out, reader)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

fn between(out: &mut Vec<u8>, at: u32) {
    if at > 0 {
        out.extend_from_slice(b", ");
    }
}

impl Filter for Show {
    fn apply(&mut self, tag: &str, records: &[u8], _: &mut Vec<u8>) -> Filtered {
        // A pipe that nobody reads any more does not stop the records.
        let _ = std::io::stdout().write_all(&lines(tag, records));
        Filtered::Unchanged
    }
}

#[cfg(test)]
mod tests {
    use super::lines;
    use crate::json::{Rules, append_value};
    use crate::record::{NO_METADATA, Time, append_record};

    #[test]
    fn a_line_for_each_record() {
        let mut body = Vec::new();
        let json = br#"{"a":1,"b":["x\n",null,true,1.5],"c":{"d":-1}}"#;
        append_value(json, Rules::STRICT, &mut body).unwrap();
        let mut records = Vec::new();
        append_record(
            &mut records,
            Time::new(1_700_000_000, 5),
            NO_METADATA,
            &body,
        );
        append_record(&mut records, Time::new(1, 0), b"\x81\xa1m\x01", &[0x80]);
        let expected = concat!(
            r#"[0] t: [[1700000000.000000005, {}], {"a"=>1, "b"=>["x\n", nil, true, 1.500000], "c"=>{"d"=>-1}}]"#,
            "\n",
            r#"[1] t: [[1.000000000, {"m"=>1}], {}]"#,
            "\n"
        );
        assert_eq!(String::from_utf8(lines("t", &records)).unwrap(), expected);
    }
}
