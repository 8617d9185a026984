//! The files that `sockeye` is measured with pass through here: each as short as its rows allow.

use std::fmt::Write;

/// Rules of the longer list; the shorter one has one.
pub(crate) const RULES: usize = 100;
/// What the last of the rules matches, and its answer.
pub(crate) const LAST_KIND: &str = r#"{"type":"kind-099","id":7}"#;
/// The answer of that rule.
pub(crate) const LAST_ANSWER: &str = r#"{"type":"done-099","id":7}"#;
/// Milliseconds from one scheduled message to the next.
pub(crate) const TICK_MS: u64 = 1_000;
/// The scheduled message.
pub(crate) const TICK: &str = r#"{"type":"tick"}"#;

/// Answers to one message at `/many`: the first, and the steps behind it.
pub(crate) const MANY: usize = 16;
/// Each of these answers.
pub(crate) const ONE_OF_MANY: &str = r#"{"type":"one"}"#;

/// A file to measure `sockeye` with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mock {
    /// `/echo`, and a pattern rule at `/pattern`.
    Basic,
    /// `/one` rule and `/hundred` rules of which the last matches.
    Rules,
    /// `/echo`; a script at `/script`; one that keeps state at `/state`; one that can be endless at `/endless`.
    Scripts,
    /// The chat of the guide at `/chat`.
    Room,
    /// Scheduled messages at `/ticker`.
    Ticker,
    /// `/echo`, and another one at `/recorded` of which a file is made.
    Recorded,
    /// Echoes that compress, at `/fresh` each message by itself and fast, at `/kept` with what came before and well.
    Compressed,
    /// A room at `/crowd` that tells nobody who comes, and a message with many answers at `/many`.
    Crowd,
}

const BASIC: &str = r#"websocket:
  handlers:
    - {path: /echo, type: echo}
    - path: /pattern
      type: pattern
      rules: [{match: {type: ping}, response: {type: pong, id: "{{message.id}}"}}]
"#;
const SCRIPTS: &str = r#"websocket:
  handlers:
    - {path: /echo, type: echo}
    - path: /script
      type: script
      script: |
        const m = JSON.parse(message.text);
        return {type: "response", id: m.id};
    - path: /state
      type: script
      script: |
        const state = connection.state || { messageCount: 0 };
        state.messageCount++;
        connection.state = state;
        return message.text;
    - path: /endless
      type: script
      script: |
        if (message.text === "hang") for (;;) {}
        return message.text;
"#;
const RECORDED: &str = r#"websocket:
  handlers:
    - {path: /echo, type: echo}
    - {path: /recorded, type: echo, record: true, record_path: "tapes/{{session.id}}.json"}
"#;
const COMPRESSED: &str = r"websocket:
  handlers:
    - {path: /fresh, type: echo, compression: {level: 1, min_bytes: 0}}
    - {path: /kept, type: echo, compression: {level: 6, min_bytes: 0, context_takeover: true}}
";
const ROOM: &str =
    include_str!("../../conformance/contracts/guide/07-room-based-broadcasting.yaml");

impl Mock {
    /// The name of its file.
    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::Basic => "basic.yaml",
            Self::Rules => "rules.yaml",
            Self::Scripts => "scripts.yaml",
            Self::Room => "room.yaml",
            Self::Ticker => "ticker.yaml",
            Self::Recorded => "recorded.yaml",
            Self::Compressed => "compressed.yaml",
            Self::Crowd => "crowd.yaml",
        }
    }

    /// The text of its file.
    pub(crate) fn text(self) -> String {
        match self {
            Self::Basic => BASIC.to_owned(),
            Self::Rules => rules(),
            Self::Scripts => SCRIPTS.to_owned(),
            Self::Room => ROOM.to_owned(),
            Self::Recorded => RECORDED.to_owned(),
            Self::Compressed => COMPRESSED.to_owned(),
            Self::Crowd => crowd(),
            Self::Ticker => format!(
                "websocket:\n  handlers:\n    - path: /ticker\n      scheduled: [{{interval_ms: {TICK_MS}, \
                 message: '{TICK}'}}]\n"
            ),
        }
    }

    /// All of them.
    pub(crate) fn all() -> [Self; 8] {
        [
            Self::Basic,
            Self::Rules,
            Self::Scripts,
            Self::Room,
            Self::Ticker,
            Self::Recorded,
            Self::Compressed,
            Self::Crowd,
        ]
    }
}

fn crowd() -> String {
    let step = format!("{{delay_ms: 0, response: '{ONE_OF_MANY}'}}");
    let steps = vec![step; MANY - 1].join(", ");
    format!(
        "websocket:\n  handlers:\n    - path: /crowd\n      type: rooms\n      \
         on_connect: {{handler: \"rooms.join('all')\"}}\n      \
         rules: [{{broadcast: {{room: all, message: \"{{{{message}}}}\"}}}}]\n    \
         - path: /many\n      rules: [{{response: '{ONE_OF_MANY}', then: [{steps}]}}]\n"
    )
}

fn rules() -> String {
    let mut text = "websocket:\n  handlers:\n".to_owned();
    for (path, first) in [("/one", RULES - 1), ("/hundred", 0)] {
        // Writing to a string does not fail.
        let _written = writeln!(text, "    - path: {path}\n      rules:");
        for number in first..RULES {
            let _written = writeln!(
                text,
                "        - {{match: {{type: kind-{number:03}}}, \
                 response: {{type: done-{number:03}, id: \"{{{{message.id}}}}\"}}}}"
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_differ_in_a_literal_and_the_last_is_the_one_that_is_asked_for() {
        let text = rules();
        assert_eq!(text.matches("match:").count(), RULES + 1);
        assert_eq!(text.matches("type: kind-099").count(), 2, "{text}");
        assert_eq!(text.matches("type: kind-000").count(), 1, "{text}");
        assert!(text.ends_with(
            "- {match: {type: kind-099}, response: {type: done-099, id: \"{{message.id}}\"}}\n"
        ));
        assert!(LAST_KIND.contains("kind-099") && LAST_ANSWER.contains("done-099"));
    }

    #[test]
    fn every_file_has_its_own_name_and_serves_something() {
        let mut names: Vec<&str> = Mock::all().into_iter().map(Mock::file_name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Mock::all().len());
        for mock in Mock::all() {
            assert!(mock.text().contains("    - "), "{mock:?}");
        }
    }
}
