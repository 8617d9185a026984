//! Records become lines of a file here: as the reference writes them, with what would break a line escaped.

use std::io::Write as _;

use crate::filter::show;
use crate::properties::{Key, Kind, Properties};
use crate::record::{Entries, Event, Reader, Time};

/// The words for what stands between two fields.
const DELIMITERS: Kind = Kind::Choice(&["comma", "tab", "\\t", "space"]);

pub(super) const KEYS: &[Key] = &[
    Key::new(
        "delimiter",
        DELIMITERS,
        None,
        "between two fields: comma for csv and tab for ltsv, if nothing is said",
    ),
    Key::new(
        "label_delimiter",
        DELIMITERS,
        None,
        "between label and value of ltsv; a colon, if nothing is said",
    ),
    Key::new(
        "csv_column_names",
        Kind::Bool,
        Some("off"),
        "whether a new file of csv begins with the names of the columns",
    ),
    Key::new(
        "template",
        Kind::Text,
        Some("{time} {message}"),
        "a line of template: {key} is the value under a key, {time} the record's time",
    ),
];

/// How a line is made of a record.
#[derive(Debug)]
pub(super) enum Lines {
    /// The time and the values.
    Csv {
        delimiter: &'static str,
        has_names: bool,
    },
    /// The time, labels and values.
    Ltsv {
        delimiter: &'static str,
        label: &'static str,
    },
    /// What a user wrote, with values in it.
    Template(Vec<Piece>),
}

/// A part of a template.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Key(String),
}

impl Lines {
    pub(super) fn csv(properties: &Properties<'_>) -> Self {
        Self::Csv {
            delimiter: delimiter(properties.choice("delimiter"), ","),
            has_names: properties.flag("csv_column_names"),
        }
    }

    pub(super) fn ltsv(properties: &Properties<'_>) -> Self {
        Self::Ltsv {
            delimiter: delimiter(properties.choice("delimiter"), "\t"),
            label: delimiter(properties.choice("label_delimiter"), ":"),
        }
    }

    pub(super) fn template(properties: &Properties<'_>) -> Self {
        Self::Template(pieces(properties.text("template").unwrap_or_default()))
    }

    /// Appends the line of a record; a record without a key has none in csv and ltsv.
    pub(super) fn append(&self, out: &mut Vec<u8>, event: &Event<'_>, is_new_file: bool) {
        // The records of a chunk were walked through before.
        let entries = Entries::of(event.body).unwrap_or_default();
        match self {
            Self::Template(pieces) => {
                for piece in pieces {
                    fill(out, piece, event.time, &entries);
                }
                out.push(b'\n');
            }
            _ if entries.0.is_empty() => {}
            Self::Csv {
                delimiter,
                has_names,
            } => {
                if *has_names && is_new_file {
                    let names = entries.0.iter().map(|entry| &*entry.key);
                    csv(out, format_args!("timestamp"), delimiter, names);
                }
                let Time { seconds, nanos } = event.time;
                let values = entries.0.iter().map(|entry| &*entry.value);
                csv(out, format_args!("{seconds}.{nanos:09}"), delimiter, values);
            }
            Self::Ltsv { delimiter, label } => {
                let _ = write!(out, "\"time\"{label}{:.6}", seconds(event.time));
                for entry in &entries.0 {
                    out.extend_from_slice(delimiter.as_bytes());
                    shown(out, &entry.key);
                    out.extend_from_slice(label.as_bytes());
                    shown(out, &entry.value);
                }
                out.push(b'\n');
            }
        }
    }
}

fn delimiter(word: Option<&str>, default: &'static str) -> &'static str {
    match word {
        Some("comma") => ",",
        Some("space") => " ",
        Some(_) => "\t",
        None => default,
    }
}

/// With microseconds, as the reference prints its floats.
#[expect(clippy::cast_precision_loss, reason = "six digits are shown")]
fn seconds(time: Time) -> f64 {
    time.seconds as f64 + f64::from(time.nanos) / 1e9
}

/// A value as the reference shows it; writing to a vector cannot fail.
fn shown(out: &mut Vec<u8>, value: &[u8]) {
    let _ = show::value(out, &mut Reader::new(value));
}

fn csv<'v>(
    out: &mut Vec<u8>,
    time: std::fmt::Arguments<'_>,
    delimiter: &str,
    values: impl Iterator<Item = &'v [u8]>,
) {
    let _ = out.write_fmt(time);
    for value in values {
        out.extend_from_slice(delimiter.as_bytes());
        field(out, value);
    }
    out.push(b'\n');
}

/// A field of csv (RFC 4180 section 2): text is in quotes, and quotes in it are doubled. Maps and arrays
/// are such texts, too.
fn field(out: &mut Vec<u8>, value: &[u8]) {
    let mut plain = Vec::new();
    let text = if let Some(text) = text(value) {
        text
    } else {
        shown(&mut plain, value);
        let is_nested = matches!(plain.first(), Some(b'[' | b'{' | b'('));
        if !is_nested {
            return out.extend_from_slice(&plain);
        }
        &plain
    };
    out.push(b'"');
    for byte in text {
        if *byte == b'"' {
            out.push(b'"');
        }
        out.push(*byte);
    }
    out.push(b'"');
}

fn text(value: &[u8]) -> Option<&[u8]> {
    match Reader::new(value).token() {
        Ok(crate::record::Token::Str(text)) => Some(text),
        _ => None,
    }
}

fn fill(out: &mut Vec<u8>, piece: &Piece, time: Time, entries: &Entries<'_>) {
    match piece {
        Piece::Text(words) => out.extend_from_slice(words.as_bytes()),
        Piece::Key(key) if key == "time" => drop(write!(out, "{:.6}", seconds(time))),
        Piece::Key(key) => match entries.get(key.as_bytes()) {
            Some(value) => match text(value) {
                Some(text) => out.extend_from_slice(text),
                None => shown(out, value),
            },
            None => drop(write!(out, "{{{key}}}")),
        },
    }
}

/// Braces that do not close are text.
fn pieces(template: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((key, after)) = behind.split_once('}') else {
            break;
        };
        pieces.push(Piece::Text(before.to_owned()));
        pieces.push(Piece::Key(key.to_owned()));
        rest = after;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Rules, append_value};
    use crate::record::{Events, NO_METADATA, append_record};

    fn line(lines: &Lines, json: &str, is_new: bool) -> String {
        let (mut body, mut record) = (Vec::new(), Vec::new());
        append_value(json.as_bytes(), Rules::STRICT, &mut body).unwrap();
        let time = Time::new(1_700_000_000, 123_456_789);
        append_record(&mut record, time, NO_METADATA, &body);
        let event = Events::new(&record).next().unwrap().unwrap();
        let mut out = Vec::new();
        lines.append(&mut out, &event, is_new);
        String::from_utf8(out).unwrap()
    }

    const JSON: &str = r#"{"a":1,"b":"x \"y\",z","c":[1,"q"],"d":null,"e":1.5}"#;

    #[test]
    fn csv_can_be_read_again() {
        let csv = Lines::Csv {
            delimiter: ",",
            has_names: true,
        };
        let values = "1700000000.123456789,1,\"x \"\"y\"\",z\",\"[1, \"\"q\"\"]\",nil,1.500000\n";
        assert_eq!(line(&csv, JSON, false), values);
        let names = "timestamp,\"a\",\"b\",\"c\",\"d\",\"e\"\n";
        assert_eq!(line(&csv, JSON, true), names.to_owned() + values);
        assert_eq!(line(&csv, "{}", true), "");
    }

    #[test]
    fn ltsv_is_one_line_whatever_is_in_it() {
        let ltsv = Lines::Ltsv {
            delimiter: "\t",
            label: ":",
        };
        assert_eq!(
            line(&ltsv, r#"{"a":1,"b":"x\ty\n"}"#, true),
            "\"time\":1700000000.123457\t\"a\":1\t\"b\":\"x\\ty\\n\"\n"
        );
    }

    #[test]
    fn a_template_is_filled_and_what_is_not_there_stays() {
        let template = |text: &str| Lines::Template(pieces(text));
        assert_eq!(
            line(&template("{time} {b}: {a} {none} {open"), JSON, true),
            "1700000000.123457 x \"y\",z: 1 {none} {open\n"
        );
        assert_eq!(line(&template("plain"), "{}", true), "plain\n");
    }
}
