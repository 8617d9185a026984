//! Text from peers on its way to a terminal: what could steer it is escaped, JSON gets colours.

use std::fmt::Write as _;

use serde::de::IgnoredAny;

use crate::steering::is_steering;

/// Bytes of one message that a terminal gets to see.
const SHOWN_BYTES: usize = 64 * 1024;

/// Bytes of a binary message that are shown, and those on one line.
const DUMPED_BYTES: usize = 64;
const LINE_BYTES: usize = 16;

const RESET: &str = "\x1b[0m";
const KEY: &str = "\x1b[34m";
const STRING: &str = "\x1b[32m";
const NUMBER: &str = "\x1b[33m";
const WORD: &str = "\x1b[35m";

/// `text` with control characters, line breaks and marks of writing direction escaped.
pub(crate) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        put(&mut shown, letter);
    }
    shown
}

fn put(shown: &mut String, letter: char) {
    if is_steering(letter) {
        shown.extend(letter.escape_default());
    } else {
        shown.push(letter);
    }
}

/// A text message for a terminal: its line breaks stay and what follows them is moved in, JSON is
/// coloured if `color` says so. At most 64 KiB are shown.
pub(crate) fn message(text: &str, color: bool) -> String {
    let end = text.floor_char_boundary(SHOWN_BYTES);
    let (start, rest) = text.split_at(end);
    let is_json = color && rest.is_empty() && is_json(text);
    let mut shown = if is_json {
        colored(start)
    } else {
        lines(start)
    };
    if !rest.is_empty() {
        let _ = write!(shown, "… ({} bytes in all)", text.len());
    }
    shown
}

/// Whether `text` is an object, a list, or another value of JSON.
pub(crate) fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

fn lines(text: &str) -> String {
    let lines = text.split('\n').map(|line| {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let parts: Vec<String> = line.split('\t').map(harmless).collect();
        parts.join("    ")
    });
    lines.collect::<Vec<_>>().join("\n  ")
}

/// Right JSON as it was written, in colours.
fn colored(text: &str) -> String {
    let mut shown = String::with_capacity(text.len() * 2);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, after) = rest.split_at(token_length(rest, first));
        let color = match first {
            '"' if after.trim_start().starts_with(':') => KEY,
            '"' => STRING,
            '-' | '0'..='9' => NUMBER,
            'a'..='z' => WORD,
            _ => "",
        };
        if color.is_empty() {
            shown.push_str(&lines(token));
        } else {
            let _ = write!(shown, "{color}{}{RESET}", harmless(token));
        }
        rest = after;
    }
    shown
}

/// Bytes of the token that `rest` begins with.
fn token_length(rest: &str, first: char) -> usize {
    let is_end = |letter: char| !(letter.is_ascii_alphanumeric() || "+-.".contains(letter));
    match first {
        '"' => string_length(rest),
        '-' | '0'..='9' | 'a'..='z' => rest.find(is_end).unwrap_or(rest.len()),
        other => other.len_utf8(),
    }
}

fn string_length(rest: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// A binary message for a terminal: its length and its first 64 bytes.
pub(crate) fn dump(bytes: &[u8]) -> String {
    let mut shown = format!("binary, {} bytes", bytes.len());
    let start = bytes.get(..DUMPED_BYTES).unwrap_or(bytes);
    for (number, line) in start.chunks(LINE_BYTES).enumerate() {
        let _ = write!(shown, "\n  {:04x} ", number * LINE_BYTES);
        for byte in line {
            let _ = write!(shown, " {byte:02x}");
        }
        let gap = (LINE_BYTES - line.len()) * 3 + 2;
        let letters = line.iter().map(|byte| match byte {
            b' '..=b'~' => char::from(*byte),
            _ => '.',
        });
        let _ = write!(shown, "{:gap$}{}", "", letters.collect::<String>());
    }
    if bytes.len() > DUMPED_BYTES {
        shown.push_str("\n  …");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(harmless("a\x1b[2Jb\u{9b}"), "a\\u{1b}[2Jb\\u{9b}");
        assert_eq!(
            harmless("\u{202e}x\u{2066}\u{200f}"),
            "\\u{202e}x\\u{2066}\\u{200f}"
        );
        assert_eq!(harmless("é 漢 👩‍👧"), "é 漢 👩‍👧");
        assert_eq!(message("a\r\nb\tc\r\x07", false), "a\n  b    c\\r\\u{7}");
    }

    #[test]
    fn json_keeps_its_letters_and_gets_colours() {
        let text = r#"{"a\"": [1.5e-3, true, "x:"],"b" : null}"#;
        let shown = message(text, true);
        assert!(shown.contains(&format!(r#"{KEY}"a\""{RESET}: [{NUMBER}1.5e-3{RESET}"#)));
        assert!(shown.contains(&format!(r#"{STRING}"x:"{RESET}],{KEY}"b"{RESET} :"#)));
        let mut plain = shown;
        for color in [RESET, KEY, STRING, NUMBER, WORD] {
            plain = plain.replace(color, "");
        }
        assert_eq!(plain, text);
        assert_eq!(message("{not json}", true), "{not json}");
        assert_eq!(
            message("\"\u{7f}\"", true),
            format!("{STRING}\"\\u{{7f}}\"{RESET}")
        );
    }

    #[test]
    fn long_messages_are_cut() {
        let shown = message(&"é".repeat(SHOWN_BYTES), true);
        assert!(shown.len() < SHOWN_BYTES + 100);
        assert!(shown.ends_with("é… (131072 bytes in all)"));
    }

    #[test]
    fn bytes_are_dumped() {
        assert_eq!(dump(b""), "binary, 0 bytes");
        let shown = dump(b"ab\x00\xff");
        assert!(
            shown.starts_with("binary, 4 bytes\n  0000  61 62 00 ff "),
            "{shown}"
        );
        assert!(shown.ends_with("  ab.."), "{shown}");
        assert_eq!(dump(&[b'x'; 65]).lines().count(), 6);
    }
}
