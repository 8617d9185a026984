//! A part is played here: the caller asks what to do at an instant and tells what it heard.

use std::collections::VecDeque;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use super::{Part, Score, Step, same};
use crate::Content;

/// Messages that came before they were waited for and are remembered. A peer that sends more has the oldest
/// forgotten.
const REMEMBERED: usize = 1024;

/// Bytes of such messages; the last one is remembered however long it is.
const REMEMBERED_BYTES: usize = 1024 * 1024;

/// Timers come up to a millisecond late. What is due this soon is said now: the error is half of that, and
/// as often early as late.
pub const GRAIN: Duration = Duration::from_micros(500);

/// How fast a session is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    /// So many times as fast as it was recorded; more than nothing.
    Times(f64),
    /// Without waiting.
    Max,
}

/// Why a text is no speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a number above 0, such as 2 or 0.5, or max")]
pub struct SpeedError;

impl FromStr for Speed {
    type Err = SpeedError;

    fn from_str(text: &str) -> Result<Self, SpeedError> {
        if text == "max" {
            return Ok(Self::Max);
        }
        let times: f64 = text.parse().map_err(|_| SpeedError)?;
        // Below, a second would last eleven days; above, nothing lasts any more.
        if (1e-6..=1e9).contains(&times) {
            Ok(Self::Times(times))
        } else {
            Err(SpeedError)
        }
    }
}

impl Speed {
    /// How long it takes to play this time of a recording.
    pub fn scaled(self, time: Duration) -> Duration {
        match self {
            Self::Max => Duration::ZERO,
            Self::Times(times) => {
                Duration::try_from_secs_f64(time.as_secs_f64() / times).unwrap_or(Duration::MAX)
            }
        }
    }
}

/// How a part is played.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// How fast.
    pub speed: Speed,
    /// Whether the clock stops before what the other side says.
    pub waits: bool,
    /// Whether only what was recorded lets it go on.
    pub strict: bool,
    /// Whether it begins again at its end.
    pub repeats: bool,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Say what this step of the score says; then ask again.
    Say(usize),
    /// Nothing before this time.
    At(Duration),
    /// Nothing before something is heard.
    Wait,
    /// The part is over.
    End,
}

/// Plays one part. Times are since the part's beginning.
#[derive(Debug)]
pub struct Player {
    score: Arc<Score>,
    manner: Manner,
    next: usize,
    /// This time of ours is that time of the recording; the clock is set anew where it had stopped.
    ours: Duration,
    theirs: Duration,
    /// What came and was not waited for yet.
    heard: VecDeque<Content>,
    heard_bytes: usize,
}

impl Player {
    /// Plays a part from its beginning.
    pub fn new(score: Arc<Score>, manner: Manner) -> Self {
        Self {
            score,
            manner,
            next: 0,
            ours: Duration::ZERO,
            theirs: Duration::ZERO,
            heard: VecDeque::new(),
            heard_bytes: 0,
        }
    }

    /// The part.
    pub fn score(&self) -> &Arc<Score> {
        &self.score
    }

    /// What to do at this time. What is to be said counts as said.
    pub fn next(&mut self, now: Duration) -> Next {
        let score = Arc::clone(&self.score);
        loop {
            let Some(step) = score.steps.get(self.next) else {
                if !self.manner.repeats || score.steps.is_empty() {
                    return Next::End;
                }
                self.next = 0;
                self.set(now, Duration::ZERO);
                continue;
            };
            if self.waits_for(step) {
                if !self.is_heard(step) {
                    return Next::Wait;
                }
                self.set(now, step.at);
            }
            let due = self.due(step.at);
            if due > now {
                return Next::At(due);
            }
            let said = self.next;
            self.next += 1;
            if matches!(step.part, Part::Say(_)) {
                return Next::Say(said);
            }
        }
    }

    /// Tells of a message of the other side.
    pub fn hear(&mut self, came: Content) {
        if !self.manner.waits || !came.is_message() {
            return;
        }
        self.heard_bytes += came.len();
        self.heard.push_back(came);
        while self.heard.len() > 1
            && (self.heard.len() > REMEMBERED || self.heard_bytes > REMEMBERED_BYTES)
        {
            self.oldest();
        }
    }

    fn oldest(&mut self) -> Option<Content> {
        let oldest = self.heard.pop_front()?;
        self.heard_bytes -= oldest.len();
        Some(oldest)
    }

    fn waits_for(&self, step: &Step) -> bool {
        let is_message = matches!(&step.part, Part::Hear(content) if content.is_message());
        self.manner.waits && (step.wait.is_some() || is_message)
    }

    /// Whether what a step waits for has come; it is used up then, with all that came before it.
    fn is_heard(&mut self, step: &Step) -> bool {
        while let Some(came) = self.oldest() {
            let fits = match (&step.wait, &step.part, &came) {
                (Some(wait), _, Content::Text(text)) => wait.fits(text),
                (Some(_), _, _) => false,
                (None, Part::Hear(recorded), came) if self.manner.strict => same(recorded, came),
                _ => true,
            };
            if fits {
                return true;
            }
        }
        false
    }

    fn set(&mut self, ours: Duration, theirs: Duration) {
        self.ours = ours;
        self.theirs = theirs;
    }

    fn due(&self, time: Duration) -> Duration {
        let since = time.saturating_sub(self.theirs);
        self.ours.saturating_add(self.manner.speed.scaled(since))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::play::Role;
    use crate::{Cue, Direction, Entry, Head, Session};

    const MANNER: Manner = Manner {
        speed: Speed::Times(1.0),
        waits: true,
        strict: false,
        repeats: false,
    };

    fn ms(number: u64) -> Duration {
        Duration::from_millis(number)
    }

    fn text(text: &str) -> Content {
        Content::Text(text.to_owned())
    }

    fn player(entries: &[(u64, Direction, &str, Option<&str>)], manner: Manner) -> Player {
        let entries = entries.iter().map(|(at, direction, said, wait)| Entry {
            cue: wait.map(|wait| {
                Box::new(Cue {
                    wait_for: Some(wait.to_owned()),
                    template: false,
                })
            }),
            ..Entry::new(ms(*at), *direction, text(said))
        });
        let session = Session {
            head: Head::at("2024-01-15T10:30:00Z".parse().unwrap()),
            duration: Duration::ZERO,
            entries: entries.collect(),
        };
        let score = Score::of(&session, Role::Server).unwrap().remove(0);
        Player::new(Arc::new(score), manner)
    }

    use Direction::{Incoming, Outgoing};

    #[test]
    fn each_line_is_said_at_its_time() {
        let lines = [
            (0, Outgoing, "a", None),
            (50, Outgoing, "b", None),
            (50, Outgoing, "c", None),
        ];
        let mut twice = player(
            &lines,
            Manner {
                speed: Speed::Times(2.0),
                ..MANNER
            },
        );
        assert_eq!(twice.next(ms(0)), Next::Say(0));
        assert_eq!(twice.next(ms(0)), Next::At(ms(25)));
        assert_eq!(twice.next(ms(30)), Next::Say(1));
        assert_eq!(twice.next(ms(30)), Next::Say(2));
        assert_eq!(twice.next(ms(30)), Next::End);
        let mut max = player(
            &lines,
            Manner {
                speed: Speed::Max,
                ..MANNER
            },
        );
        assert_eq!(
            [max.next(ms(0)), max.next(ms(0))],
            [Next::Say(0), Next::Say(1)]
        );
    }

    #[test]
    fn the_clock_stops_until_the_client_has_spoken() {
        let lines = [
            (100, Incoming, "ask", None),
            (120, Outgoing, "answer", None),
        ];
        let mut player = player(&lines, MANNER);
        assert_eq!(player.next(ms(0)), Next::Wait);
        assert_eq!(player.next(ms(900)), Next::Wait);
        player.hear(text("anything"));
        assert_eq!(player.next(ms(1000)), Next::At(ms(1020)));
        assert_eq!(player.next(ms(1020)), Next::Say(1));
        assert_eq!(player.next(ms(1020)), Next::End);
    }

    #[test]
    fn a_client_that_is_ahead_is_not_made_to_wait() {
        let lines = [
            (100, Outgoing, "hello", None),
            (200, Incoming, "ask", None),
            (210, Outgoing, "answer", None),
        ];
        let mut player = player(&lines, MANNER);
        player.hear(text("ask"));
        assert_eq!(player.next(ms(0)), Next::At(ms(100)));
        assert_eq!(player.next(ms(100)), Next::Say(0));
        assert_eq!(player.next(ms(100)), Next::At(ms(110)));
    }

    #[test]
    fn strictly_only_what_was_recorded_counts() {
        let lines = [
            (0, Incoming, "{\"a\":1,\"b\":2}", None),
            (0, Outgoing, "answer", None),
        ];
        let mut player = player(
            &lines,
            Manner {
                strict: true,
                ..MANNER
            },
        );
        player.hear(text("{\"a\":1}"));
        assert_eq!(player.next(ms(0)), Next::Wait);
        player.hear(text("{ \"b\": 2.0, \"a\": 1 }"));
        assert_eq!(player.next(ms(0)), Next::Say(1));
    }

    #[test]
    fn a_wait_takes_a_pattern_or_a_path() {
        let lines = [
            (0, Outgoing, "a", Some("^READY$")),
            (0, Outgoing, "b", Some("$.go")),
        ];
        let mut player = player(&lines, MANNER);
        player.hear(text("ALREADY"));
        player.hear(Content::Binary(vec![1]));
        assert_eq!(player.next(ms(0)), Next::Wait);
        player.hear(text("READY"));
        assert_eq!(player.next(ms(0)), Next::Say(0));
        player.hear(text("{\"stay\": 1}"));
        assert_eq!(player.next(ms(0)), Next::Wait);
        player.hear(text("{\"go\": null}"));
        assert_eq!(player.next(ms(0)), Next::Say(1));
    }

    #[test]
    fn what_is_not_waited_for_is_played_by_the_clock() {
        let lines = [
            (100, Incoming, "ask", None),
            (120, Outgoing, "answer", None),
        ];
        let mut player = player(
            &lines,
            Manner {
                waits: false,
                ..MANNER
            },
        );
        assert_eq!(player.next(ms(0)), Next::At(ms(100)));
        assert_eq!(player.next(ms(110)), Next::At(ms(120)));
        assert_eq!(player.next(ms(120)), Next::Say(1));
    }

    #[test]
    fn a_part_that_repeats_begins_where_it_ended() {
        let lines = [(10, Outgoing, "a", None)];
        let mut player = player(
            &lines,
            Manner {
                repeats: true,
                ..MANNER
            },
        );
        assert_eq!(player.next(ms(10)), Next::Say(0));
        assert_eq!(player.next(ms(10)), Next::At(ms(20)));
        assert_eq!(player.next(ms(20)), Next::Say(0));
    }

    #[test]
    fn a_client_that_talks_without_end_costs_little() {
        let mut player = player(&[(50, Outgoing, "a", None)], MANNER);
        for _ in 0..10_000 {
            player.hear(text("x"));
        }
        assert_eq!(player.heard.len(), REMEMBERED);
        player.hear(text(&"y".repeat(REMEMBERED_BYTES + 1)));
        assert_eq!(player.heard.len(), 1);
    }

    #[test]
    fn speeds() {
        assert_eq!("2".parse(), Ok(Speed::Times(2.0)));
        assert_eq!("max".parse(), Ok(Speed::Max));
        for wrong in ["0", "-1", "NaN", "inf", "fast", "", "1e-300"] {
            assert_eq!(wrong.parse::<Speed>(), Err(SpeedError), "{wrong}");
        }
    }
}
