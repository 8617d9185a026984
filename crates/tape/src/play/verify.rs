//! What the other side says passes through here and is held against the recording, one by one.

use std::fmt;
use std::sync::Arc;

use super::{Difference, Part, Score, differences};
use crate::Content;

/// Something that was not as recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Another message came.
    Differs {
        /// The entry that was to come, counted from 0.
        index: usize,
        /// What is different.
        differences: Vec<Difference>,
    },
    /// A message did not come.
    Missing {
        /// The entry that was to come, counted from 0.
        index: usize,
        /// What it was.
        recorded: String,
    },
    /// A message came after all that were recorded.
    More {
        /// What it was.
        came: String,
    },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Differs { index, differences } => {
                write!(f, "messages[{index}] is different:")?;
                for difference in differences {
                    write!(f, "\n  {difference}")?;
                }
                Ok(())
            }
            Self::Missing { index, recorded } => {
                write!(f, "messages[{index}] did not come: {recorded}")
            }
            Self::More { came } => write!(f, "one more came than was recorded: {came}"),
        }
    }
}

/// Holds what comes against what was recorded.
#[derive(Debug)]
pub struct Verify {
    score: Arc<Score>,
    /// The next step that is to come, or one before it.
    next: usize,
    /// Whether a recorded message is still to come when another one came instead.
    insists: bool,
}

impl Verify {
    /// Expects what the other side says in `score`, once. With `insists`, a message that is different does not
    /// take the place of the one that was recorded.
    pub fn new(score: Arc<Score>, insists: bool) -> Self {
        Self {
            score,
            next: 0,
            insists,
        }
    }

    /// Tells of a message or a Close of the other side.
    pub fn came(&mut self, came: &Content) -> Option<Flaw> {
        // Pings and pongs are the link's own.
        if matches!(came, Content::Ping(_) | Content::Pong(_)) {
            return None;
        }
        let score = Arc::clone(&self.score);
        let Some((at, index, recorded)) = expected(&score, self.next) else {
            return Some(Flaw::More {
                came: came.to_string(),
            });
        };
        let differences = differences(recorded, came);
        if differences.is_empty() || !self.insists {
            self.next = at + 1;
        }
        (!differences.is_empty()).then_some(Flaw::Differs { index, differences })
    }

    /// Tells that the other side has closed: a Close that was recorded next has come. Gives what is different.
    pub fn closed(&mut self, code: Option<u16>) -> Option<Flaw> {
        let score = Arc::clone(&self.score);
        let (at, index, recorded) = expected(&score, self.next)?;
        let Content::Close { code: known, .. } = recorded else {
            return None;
        };
        self.next = at + 1;
        // Without a code, readers say 1005 (RFC 6455, section 7.1.5).
        let code = code.filter(|code| *code != 1005);
        if *known == code {
            return None;
        }
        let came = Content::Close {
            code,
            reason: String::new(),
        };
        let difference = Difference {
            at: String::new(),
            recorded: Some(recorded.to_string()),
            came: Some(came.to_string()),
        };
        Some(Flaw::Differs {
            index,
            differences: vec![difference],
        })
    }

    /// Messages that are still to come before the other side closes.
    pub fn messages_outstanding(&self) -> usize {
        let rest = self.score.steps.iter().skip(self.next);
        rest.filter(|step| matches!(&step.part, Part::Hear(content) if content.is_message()))
            .count()
    }

    /// Messages and Closes that are still to come.
    pub fn outstanding(&self) -> usize {
        let rest = self.score.steps.iter().skip(self.next);
        rest.filter(|step| matches!(step.part, Part::Hear(_)))
            .count()
    }

    /// What did not come, at the end.
    pub fn missing(&self) -> Vec<Flaw> {
        let mut missing = Vec::new();
        let mut from = self.next;
        while let Some((at, index, recorded)) = expected(&self.score, from) {
            missing.push(Flaw::Missing {
                index,
                recorded: recorded.to_string(),
            });
            from = at + 1;
        }
        missing
    }
}

/// The first step from `from` on that the other side says.
fn expected(score: &Score, from: usize) -> Option<(usize, usize, &Content)> {
    let mut rest = score.steps.iter().enumerate().skip(from);
    rest.find_map(|(at, step)| match &step.part {
        Part::Hear(content) => Some((at, step.index, content)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::play::Role;
    use crate::{Direction, Entry, Head, Session};

    fn verify(insists: bool) -> Verify {
        let said = [
            "{\"type\":\"subscribed\",\"n\":1,\"list\":[1,2],\"a/b\":0}",
            "plain",
        ];
        let entries = said.iter().map(|text| {
            let content = Content::Text((*text).to_owned());
            Entry::new(Duration::ZERO, Direction::Outgoing, content)
        });
        let mut entries: Vec<_> = entries.collect();
        let bytes = Content::Binary(vec![1, 2, 3]);
        entries.push(Entry::new(Duration::ZERO, Direction::Outgoing, bytes));
        let session = Session {
            head: Head::at("2024-01-15T10:30:00Z".parse().unwrap()),
            duration: Duration::ZERO,
            entries,
        };
        let score = Score::of(&session, Role::Client).unwrap().remove(0);
        Verify::new(Arc::new(score), insists)
    }

    fn text(text: &str) -> Content {
        Content::Text(text.to_owned())
    }

    #[test]
    fn differences_are_named_by_their_place() {
        let mut verify = verify(false);
        let came = text(
            "{\"a/b\": 0.0, \"n\": 2, \"list\": [1], \"more\": true, \"type\": \"subscribed\"}",
        );
        assert_eq!(
            verify.came(&came).unwrap().to_string(),
            "messages[0] is different:\n  /n: recorded 1, came 2\n  /list/1: recorded 2, not there\n  \
             /more: not recorded, came true"
        );
        assert_eq!(
            verify.came(&text("{}")).unwrap().to_string(),
            "messages[1] is different:\n  recorded \"plain\", came \"{}\""
        );
        assert_eq!(
            verify
                .came(&Content::Binary(vec![1, 9]))
                .unwrap()
                .to_string(),
            "messages[2] is different:\n  recorded 3 bytes, byte 1 is 0x02, came 2 bytes, byte 1 is 0x09"
        );
        assert_eq!(
            verify.came(&text("x\u{1b}")).unwrap().to_string(),
            "one more came than was recorded: \"x\\u{1b}\""
        );
        assert!(verify.missing().is_empty());
    }

    #[test]
    fn what_is_equal_as_json_is_equal() {
        let mut verify = verify(false);
        let came = text("{ \"a/b\": 0, \"n\": 1, \"list\": [1, 2], \"type\": \"subscribed\" }");
        assert_eq!(verify.came(&came), None);
        assert_eq!(verify.came(&Content::Pong(Vec::new())), None);
        assert_eq!(verify.outstanding(), 2);
        let missing: Vec<_> = verify.missing().iter().map(ToString::to_string).collect();
        assert_eq!(
            missing,
            [
                "messages[1] did not come: \"plain\"",
                "messages[2] did not come: a binary message of 3 bytes"
            ]
        );
    }

    #[test]
    fn one_that_insists_still_expects_what_was_recorded() {
        let mut verify = verify(true);
        assert!(verify.came(&text("x")).is_some());
        assert_eq!(verify.outstanding(), 3);
    }
}
