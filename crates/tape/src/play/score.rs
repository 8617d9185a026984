//! A session becomes the parts of its connections here: what one side says and what it waits for.

use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use super::WaitFor;
use crate::{Content, Direction, Entry, Session};

/// Which side is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Says what the server said.
    Server,
    /// Says what the client said.
    Client,
}

impl Role {
    fn says(self) -> Direction {
        match self {
            Self::Server => Direction::Outgoing,
            Self::Client => Direction::Incoming,
        }
    }
}

/// Something that is said.
#[derive(Clone, Debug)]
pub struct Line {
    /// A text, a binary message, or a Close.
    pub content: Content,
    /// The text is a template.
    pub template: bool,
}

/// One step of a part.
#[derive(Clone, Debug)]
pub struct Step {
    /// When, since the part began.
    pub at: Duration,
    /// Which entry of the session, counted from 0.
    pub index: usize,
    /// A message of the other side before which the clock stops.
    pub wait: Option<Arc<WaitFor>>,
    /// What is said then, or what the other side says.
    pub part: Part,
}

/// What happens at a step.
#[derive(Clone, Debug)]
pub enum Part {
    /// We say something.
    Say(Line),
    /// The other side says something.
    Hear(Content),
    /// Nothing but the wait.
    Rest,
}

/// The part of one connection.
#[derive(Clone, Debug)]
pub struct Score {
    /// The path of the connection, if the file knows it.
    pub path: Option<Arc<str>>,
    /// When the connection's first entry was, since the session began.
    pub begins: Duration,
    /// Its steps, in the order of time.
    pub steps: Vec<Step>,
}

/// Why a session cannot be played.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("`messages[{index}]`: {what}")]
pub struct ScoreError {
    /// Which entry, counted from 0.
    pub index: usize,
    /// What is wrong with it.
    pub what: String,
}

impl Score {
    /// The parts of `role` in a session, in the order in which its connections appear; at least one. Pings and
    /// pongs are left out: every link sends and answers its own.
    ///
    /// In a session of several connections the time of each begins with its first entry, in one of a
    /// single connection with the session.
    pub fn of(session: &Session, role: Role) -> Result<Vec<Self>, ScoreError> {
        let mut scores: Vec<(Option<&Arc<str>>, Self)> = Vec::new();
        let several = session
            .entries
            .iter()
            .any(|entry| entry.connection != session.entries[0].connection);
        for (index, entry) in session.entries.iter().enumerate() {
            let connection = entry.connection.as_ref();
            let known = scores.iter().position(|(known, _)| *known == connection);
            let number = known.unwrap_or_else(|| {
                let begins = if several { entry.at } else { Duration::ZERO };
                let score = Self {
                    path: entry.path.clone(),
                    begins,
                    steps: Vec::new(),
                };
                scores.push((connection, score));
                scores.len() - 1
            });
            if let Some((_, score)) = scores.get_mut(number) {
                score.add(index, entry, role)?;
            }
        }
        if scores.is_empty() {
            let score = Self {
                path: None,
                begins: Duration::ZERO,
                steps: Vec::new(),
            };
            scores.push((None, score));
        }
        // A recording of one connection says once where it was.
        let path: Option<Arc<str>> = session.head.path.as_deref().map(Arc::from);
        let placed = |(_, score): (_, Self)| Self {
            path: score.path.or_else(|| path.clone()),
            ..score
        };
        Ok(scores.into_iter().map(placed).collect())
    }

    fn add(&mut self, index: usize, entry: &Entry, role: Role) -> Result<(), ScoreError> {
        self.path = self.path.take().or_else(|| entry.path.clone());
        let cue = entry.cue.as_deref();
        let wait = cue
            .and_then(|cue| cue.wait_for.as_deref())
            .filter(|_| role == Role::Server);
        let wait = wait.map(WaitFor::parse).transpose();
        let wait = wait
            .map_err(|what| ScoreError { index, what })?
            .map(Arc::new);
        let part = match &entry.content {
            Some(Content::Ping(_) | Content::Pong(_)) | None => Part::Rest,
            Some(content) if entry.direction == role.says() => Part::Say(Line {
                content: content.clone(),
                template: cue.is_some_and(|cue| cue.template) && role == Role::Server,
            }),
            Some(content) => Part::Hear(content.clone()),
        };
        if wait.is_some() || !matches!(part, Part::Rest) {
            let at = entry.at.saturating_sub(self.begins);
            self.steps.push(Step {
                at,
                index,
                wait,
                part,
            });
        }
        Ok(())
    }

    /// Messages and Closes that are said.
    pub fn lines(&self) -> usize {
        self.steps
            .iter()
            .filter(|step| matches!(step.part, Part::Say(_)))
            .count()
    }
}
