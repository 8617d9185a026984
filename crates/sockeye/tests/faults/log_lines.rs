//! Row 48: what peers send is one line of the log, escaped, whatever is in it.

use crate::lab::{Lab, eventually, frame};

/// Texts that would end a line, forge one, steer a terminal or turn a line around.
const PAYLOADS: [&str; 15] = [
    "one\ntwo",
    "one\r\n2026-01-01T00:00:00Z  INFO forged",
    "one\rtwo",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]0;title\u{7}",
    "\u{1b}[2J\u{1b}[1;1H",
    "\u{9b}31mred",
    "a\u{0}b",
    "back\u{8}\u{8}\u{8}\u{8}space",
    "\u{202e}gnp.exe",
    "\u{2066}isolate\u{2069}",
    "line\u{2028}separator\u{2029}",
    "next\u{85}line\u{b}tab\u{c}page",
    "\u{feff}mark\u{200f}\u{61c}",
    "tag\u{e0041}\u{e007f}",
];

/// Whether a letter does something else than being read.
fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{feff}' | '\u{2028}'..='\u{202e}'
        )
        || matches!(letter, '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}')
}

#[test]
fn f48_each_event_is_one_line_whatever_a_message_holds() {
    let file = r#"
websocket:
  handlers:
    - path: /quiet
      rules:
        - { match: { type: never }, response: never }
    - path: /says
      type: script
      script: "console.warn('said ' + message.text); throw new Error('thrown ' + message.text)"
"#;
    let server = Lab::yaml(file).arg("--log=debug").start();
    let (mut quiet, mut says) = (server.raw_socket("/quiet"), server.raw_socket("/says"));
    let opened = eventually("both are open", || {
        let log = server.log();
        (log.matches(": opened ").count() == 2).then_some(log)
    });
    let before = opened.lines().count();
    for payload in PAYLOADS {
        quiet.send(&frame(0x81, payload.as_bytes()));
        says.send(&frame(0x81, payload.as_bytes()));
    }
    // No rule, what the script says, and what it throws, of which the log tells one in a second.
    let log = eventually("all has been said", || {
        let log = server.log();
        (log.matches("no rule answered").count() == PAYLOADS.len()
            && log.matches("said ").count() == PAYLOADS.len()
            && log.contains("thrown"))
        .then_some(log)
    });
    let thrown = log.matches("thrown").count();
    let lines = log.lines().count() - before;
    assert_eq!(lines, 2 * PAYLOADS.len() + thrown, "{log}");
    let steering: Vec<char> = log
        .chars()
        .filter(|letter| steers(*letter) && *letter != '\n')
        .collect();
    assert!(steering.is_empty(), "{steering:?}");
    assert!(
        log.lines()
            .all(|line| !line.starts_with("2026-01-01T00:00:00Z")),
        "{log}"
    );
}
