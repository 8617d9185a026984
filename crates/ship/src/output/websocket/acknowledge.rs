//! What a server says passes through here: does it confirm messages, and which.

use sockeye_core::{Mistake, quoted};

use crate::properties::Properties;

/// When a record counts as delivered.
#[derive(Clone, Debug)]
pub(super) enum Ack {
    /// As `Pong`; a server that has never answered a ping is believed to have what the system took.
    Auto,
    /// As soon as the system has taken it.
    Sent,
    /// When the server has answered a ping that was sent behind it.
    Pong,
    /// When the server's own message says so.
    Message(Pattern),
}

/// The messages that confirm.
#[derive(Clone, Debug)]
pub(super) enum Pattern {
    /// `{"ack": N}`: the server has the first N messages of this connection.
    Json,
    /// A regular expression; its first group is N. Without a group each match confirms the oldest message.
    Regex(Box<regex::Regex>),
}

/// What a message confirms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Confirms {
    /// Every message of this connection up to this number.
    UpTo(u64),
    /// The oldest one.
    Oldest,
}

impl Ack {
    pub(super) fn read(properties: &Properties<'_>) -> Result<Self, Mistake> {
        let Some(text) = properties.text("ack_pattern") else {
            return Ok(match properties.choice("ack") {
                Some("none") => Self::Sent,
                Some("pong") => Self::Pong,
                Some("message") => Self::Message(Pattern::Json),
                _ => Self::Auto,
            });
        };
        if properties.has("ack") && properties.choice("ack") != Some("message") {
            let message = "`ack_pattern` is about messages, `ack` is not";
            return Err(properties
                .mistake("ack_pattern", message)
                .label("never looked at")
                .remedy("write `ack message`, or leave the pattern out"));
        }
        match regex::Regex::new(text) {
            Ok(regex) => Ok(Self::Message(Pattern::Regex(Box::new(regex)))),
            Err(error) => {
                let message = format!("{} is no regular expression: {error}", quoted(text));
                let mistake = properties.mistake("ack_pattern", message);
                Err(mistake
                    .label("cannot be read")
                    .remedy("correct it, or leave it out for `{\"ack\": N}`"))
            }
        }
    }
}

impl Pattern {
    /// What the server's message confirms; nothing unless it fits.
    pub(super) fn read(&self, message: &str) -> Option<Confirms> {
        match self {
            Self::Json => {
                let value: serde_json::Value = serde_json::from_str(message).ok()?;
                value.get("ack")?.as_u64().map(Confirms::UpTo)
            }
            Self::Regex(regex) => {
                let captures = regex.captures(message)?;
                if regex.captures_len() == 1 {
                    return Some(Confirms::Oldest);
                }
                captures.get(1)?.as_str().parse().ok().map(Confirms::UpTo)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Confirms, Pattern};

    #[test]
    fn messages_that_confirm() {
        assert_eq!(Pattern::Json.read(r#"{"ack": 3}"#), Some(Confirms::UpTo(3)));
        for text in [
            "",
            "ack 3",
            r#"{"ack":"3"}"#,
            r#"{"ack":-1}"#,
            r#"{"nack":3}"#,
        ] {
            assert_eq!(Pattern::Json.read(text), None, "{text}");
        }
        let pattern = |text| Pattern::Regex(Box::new(regex::Regex::new(text).unwrap()));
        assert_eq!(pattern("^OK$").read("OK"), Some(Confirms::Oldest));
        assert_eq!(pattern("^OK$").read("NO"), None);
        assert_eq!(
            pattern("got (\\d+)").read("got 17 of them"),
            Some(Confirms::UpTo(17))
        );
    }
}
