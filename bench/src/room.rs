//! One message to a thousand members passes through here: how long it takes to each of them, and to the last one.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use crate::cases::{Rounds, summary_of};
use crate::crowd::{Crowd, STALL_LIMIT};
use crate::error::{BenchError, LoadError};
use crate::frames::{client_frame, server_frame};
use crate::histogram::Histogram;
use crate::mocks::Mock;
use crate::proc::CpuTimes;
use crate::server::{Cores, Program, Programs, Server};
use crate::table::{Bar, Pace, Row, Unit};

/// Members of the room, if so many files may be open.
const MEMBERS: usize = 1_000;
/// Members that join at a time; each one's coming is told to all.
const JOINING: usize = 50;
/// Messages of a round, each sent when all members have the one before, and those before them.
const MESSAGES: usize = 30;
const WARM_UP: usize = 3;
/// Silence after which all has been said.
const QUIET: Duration = Duration::from_millis(50);
const JOIN: &str = r#"{"action":"join","room":"r"}"#;
/// Milliseconds from sending to arrival.
const BAR: Bar = Bar::AtMost(10.0);

/// A server and the room in it.
pub(crate) struct Room {
    server: Server,
    crowd: Crowd,
    members: usize,
    /// The bytes that say a text.
    frame: fn(&str) -> Vec<u8>,
    /// Messages so far, by which they differ.
    said: usize,
}

/// What a round came to.
pub(crate) struct Round {
    /// Server CPU time to each copy.
    pub(crate) cpu_us: f64,
    rate: f64,
    p50_us: f64,
    p99_us: f64,
    /// 99th percentile over the messages of the time to the last member: the slowest message.
    pub(crate) last_us: f64,
    /// Mean of that time.
    pub(crate) mean_last_us: f64,
}

/// Measures both rooms in turn. The servers are on both cores: `sockeye` has an I/O thread for each.
pub(crate) fn measure(
    programs: &Programs,
    connections: usize,
    rounds: Rounds,
) -> Result<Vec<Row>, BenchError> {
    let members = connections.min(MEMBERS);
    let failed = |source| BenchError::Load {
        case: format!("room of {members}"),
        source,
    };
    let mut raw =
        Room::raw(programs.start_on(Cores::Both, Program::RawToAll)?, members).map_err(failed)?;
    let sockeye = programs.start_on(Cores::Both, Program::Sockeye(Mock::Room))?;
    let mut sockeye = Room::chat(sockeye, members).map_err(failed)?;
    let (mut reference, mut subject) = (Vec::new(), Vec::new());
    for _round in 0..rounds.count {
        reference.push(raw.round().map_err(failed)?);
        subject.push(sockeye.round().map_err(failed)?);
    }
    Ok(rows(members, &reference, &subject))
}

fn rows(members: usize, reference: &[Round], subject: &[Round]) -> Vec<Row> {
    let row = |case: &str, unit, bar, figure: fn(&Round) -> f64| Row {
        case: format!("room of {members} / raw TCP to all, two cores with the client, {case}"),
        unit,
        reference: summary_of(reference, figure),
        sockeye: summary_of(subject, figure),
        bar,
        pace: None,
    };
    let bar = Some(BAR);
    let ms = Unit::Milliseconds;
    let mut cpu = row("each copy", Unit::CpuMicroseconds, None, |round| {
        round.cpu_us
    });
    cpu.pace = Some([pace(reference), pace(subject)]);
    vec![
        cpu,
        row("p99 of members and messages", ms, bar, |round| {
            round.p99_us / 1e3
        }),
        row("last member, p99 of messages", ms, bar, |round| {
            round.last_us / 1e3
        }),
    ]
}

pub(crate) fn pace(rounds: &[Round]) -> Pace {
    Pace {
        rate: summary_of(rounds, |round| round.rate).median,
        p50_us: summary_of(rounds, |round| round.p50_us).median,
        p99_us: summary_of(rounds, |round| round.p99_us).median,
    }
}

impl Room {
    fn raw(server: Server, members: usize) -> Result<Self, LoadError> {
        let frame = |text: &str| {
            let chat = format!(
                r#"{{"type":"chat","from":"conn-100","text":"{text}","timestamp":1700000000000}}"#
            );
            server_frame(chat.as_bytes())
        };
        Self::open(server, None, members, frame)
    }

    fn chat(server: Server, members: usize) -> Result<Self, LoadError> {
        let frame = |text: &str| {
            let chat = format!(r#"{{"action":"message","room":"r","text":"{text}"}}"#);
            client_frame(chat.as_bytes())
        };
        let mut room = Self::open(server, Some("/chat"), members, frame)?;
        let join = client_frame(JOIN.as_bytes());
        let numbers: Vec<usize> = (0..members).collect();
        for some in numbers.chunks(JOINING) {
            for member in some {
                room.crowd.send(*member, &join)?;
            }
            // Each is told of its own coming, and perhaps of others'.
            room.until_all(some, |text| contains(text, b"user_joined"))?;
        }
        room.crowd.settle(QUIET)?;
        Ok(room)
    }

    /// Everybody who connects is a member.
    pub(crate) fn open(
        server: Server,
        path: Option<&str>,
        members: usize,
        frame: fn(&str) -> Vec<u8>,
    ) -> Result<Self, LoadError> {
        let address: SocketAddr = server.address();
        let mut crowd = Crowd::new()?;
        crowd.join(address, path, members)?;
        // The raw one has accepted all of them a moment after they are connected.
        crowd.settle(QUIET)?;
        Ok(Self {
            server,
            crowd,
            members,
            frame,
            said: 0,
        })
    }

    /// Listens until each of `some` has heard what `is_it` knows.
    fn until_all(
        &mut self,
        some: &[usize],
        is_it: impl Fn(&[u8]) -> bool,
    ) -> Result<(), LoadError> {
        let mut missing = vec![false; self.members];
        for member in some {
            missing[*member] = true;
        }
        let begun = Instant::now();
        let mut left = some.len();
        while left > 0 {
            stalled(begun, left)?;
            self.crowd.listen(QUIET, |heard| {
                if is_it(heard.text) && std::mem::take(&mut missing[heard.member]) {
                    left -= 1;
                }
            })?;
        }
        Ok(())
    }

    /// One message after another, each when all members have the one before.
    pub(crate) fn round(&mut self) -> Result<Round, LoadError> {
        let (mut each, mut last) = (Histogram::new(), Histogram::new());
        for _message in 0..WARM_UP {
            self.say(&mut each)?;
        }
        each.clear();
        let pid = self.server.pid();
        let mut slowest_ones = Duration::ZERO;
        let before = (Instant::now(), CpuTimes::of(pid)?);
        for _message in 0..MESSAGES {
            let slowest = self.say(&mut each)?;
            last.record(slowest, 1);
            slowest_ones += slowest;
        }
        let (elapsed, cpu) = (
            before.0.elapsed(),
            CpuTimes::of(pid)?.spent_since(&before.1),
        );
        let copies = f64::from(u32::try_from(MESSAGES * self.members).unwrap_or(u32::MAX));
        let micros = |time: Duration| time.as_secs_f64() * 1e6;
        Ok(Round {
            cpu_us: micros(cpu) / copies,
            rate: copies / elapsed.as_secs_f64(),
            p50_us: micros(each.percentile(50)),
            p99_us: micros(each.percentile(99)),
            last_us: micros(last.percentile(99)),
            mean_last_us: micros(slowest_ones) / f64::from(u32::try_from(MESSAGES).unwrap_or(1)),
        })
    }

    /// One member says something; gives the time until the last one has it.
    fn say(&mut self, each: &mut Histogram) -> Result<Duration, LoadError> {
        self.said += 1;
        let text = format!("{:08}", self.said);
        let frame = (self.frame)(&text);
        // Another member each time, spread over the order in which they came.
        let speaker = (self.said * 389) % self.members;
        let mut missing = vec![true; self.members];
        let (mut left, mut slowest, mut surprise) = (self.members, Duration::ZERO, None);
        let begun = Instant::now();
        self.crowd.send(speaker, &frame)?;
        while left > 0 {
            stalled(begun, left)?;
            self.crowd.listen(QUIET, |heard| {
                if !contains(heard.text, text.as_bytes())
                    || !std::mem::take(&mut missing[heard.member])
                {
                    surprise.get_or_insert(heard.member);
                    return;
                }
                let taken = heard.at.saturating_duration_since(begun);
                each.record(taken, 1);
                slowest = slowest.max(taken);
                left -= 1;
            })?;
            if let Some(connection) = surprise {
                return Err(LoadError::Unasked { connection });
            }
        }
        Ok(slowest)
    }
}

fn stalled(begun: Instant, left: usize) -> Result<(), LoadError> {
    if begun.elapsed() > STALL_LIMIT {
        let outstanding = u32::try_from(left).unwrap_or(u32::MAX);
        return Err(LoadError::Stalled { outstanding });
    }
    Ok(())
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_found_anywhere() {
        assert!(contains(br#"{"text":"00000007"}"#, b"00000007"));
        assert!(!contains(br#"{"text":"00000007"}"#, b"00000008"));
        assert!(!contains(b"", b"x"));
    }

    #[test]
    fn the_rows_tell_copies_members_and_the_last_one() {
        let round = |scale: f64| Round {
            cpu_us: scale,
            rate: 1e5,
            p50_us: 1e3 * scale,
            p99_us: 4e3 * scale,
            last_us: 6e3 * scale,
            mean_last_us: 5e3 * scale,
        };
        let rows = rows(1_000, &[round(1.0)], &[round(2.0), round(2.0)]);
        let figures: Vec<(f64, Option<bool>)> = rows
            .iter()
            .map(|row| (row.sockeye.median, row.met()))
            .collect();
        assert_eq!(
            figures,
            [(2.0, None), (8.0, Some(true)), (12.0, Some(false))]
        );
    }
}
