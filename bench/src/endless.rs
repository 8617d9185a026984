//! Messages of the others pass through here while one connection keeps running scripts that never end.

use std::ops::Range;
use std::time::{Duration, Instant};

use crate::cases::{Rounds, summary_of};
use crate::crowd::{Crowd, STALL_LIMIT};
use crate::error::{BenchError, LoadError};
use crate::frames::client_frame;
use crate::histogram::Histogram;
use crate::mocks::Mock;
use crate::server::{Cores, Program, Programs, Server};
use crate::table::{Bar, Pace, Row, Unit};

/// Connections with an echo, and with a script.
const EACH: usize = 16;
/// A connection says something every so many turns of a millisecond, unless it still waits.
const PERIOD: usize = 8;
const TURN: Duration = Duration::from_millis(1);
/// Endless scripts that follow each other in a round. Each takes the second after which it is ended.
const ENDLESS: usize = 2;
/// A script that is answered later than this waits for the endless one: half its second.
const SAME_THREAD: Duration = Duration::from_millis(500);
/// By then an endless script that was asked for runs.
const HEAD_START: Duration = Duration::from_millis(50);
/// 99th percentile with the endless scripts as a multiple of that without.
const BAR: Bar = Bar::RatioAtMost(2.0);
const TEXT: &[u8] = br#"{"id":7}"#;

/// Whose latencies are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Echo,
    OtherThread,
    SameThread,
}

const GROUPS: [(Group, &str, Option<Bar>); 3] = [
    (Group::Echo, "echo", Some(BAR)),
    (Group::OtherThread, "script on another thread", Some(BAR)),
    (Group::SameThread, "script on the same thread", None),
];

/// Latencies of one group in one phase.
struct Heard {
    group: Group,
    pace: Pace,
}

/// The connections and who they are.
struct Field {
    crowd: Crowd,
    endless: usize,
    others: Range<usize>,
    /// By connection; the first one is nobody's.
    groups: Vec<Group>,
    frame: Vec<u8>,
}

/// Measures without and with endless scripts in turn. Of groups without connections there is no row.
pub(crate) fn measure(programs: &Programs, rounds: Rounds) -> Result<Vec<Row>, BenchError> {
    let server = programs.start_on(Cores::Both, Program::Sockeye(Mock::Scripts))?;
    let failed = |source| BenchError::Load {
        case: "endless scripts".to_owned(),
        source,
    };
    let mut field = Field::open(&server).map_err(failed)?;
    let (mut calm, mut busy) = (Vec::new(), Vec::new());
    for _round in 0..rounds.count {
        calm.extend(field.phase(Some(Duration::from_secs(1))).map_err(failed)?);
        field.hang(ENDLESS).map_err(failed)?;
        busy.extend(field.phase(None).map_err(failed)?);
    }
    let rows = GROUPS.into_iter().filter_map(|(group, name, bar)| {
        let of = |all: &[Heard]| -> Vec<Pace> {
            let own = all.iter().filter(|heard| heard.group == group);
            own.map(|heard| heard.pace).collect()
        };
        row(name, &of(&calm), &of(&busy), bar)
    });
    Ok(rows.collect())
}

fn row(name: &str, calm: &[Pace], busy: &[Pace], bar: Option<Bar>) -> Option<Row> {
    if calm.is_empty() || busy.is_empty() {
        return None;
    }
    let p99 = |paces: &[Pace]| summary_of(paces, |pace| pace.p99_us / 1e3);
    let pace = |paces: &[Pace]| Pace {
        rate: summary_of(paces, |pace| pace.rate).median,
        p50_us: summary_of(paces, |pace| pace.p50_us).median,
        p99_us: summary_of(paces, |pace| pace.p99_us).median,
    };
    Some(Row {
        case: format!("{name} beside endless scripts / without, p99"),
        unit: Unit::Milliseconds,
        reference: p99(calm),
        sockeye: p99(busy),
        bar,
        pace: Some([pace(calm), pace(busy)]),
    })
}

impl Field {
    fn open(server: &Server) -> Result<Self, LoadError> {
        let mut crowd = Crowd::new()?;
        let address = server.address();
        let endless = crowd.join(address, Some("/endless"), 1)?.start;
        let echoes = crowd.join(address, Some("/echo"), EACH)?;
        let scripts = crowd.join(address, Some("/endless"), EACH)?;
        let mut groups = vec![Group::Echo; echoes.end];
        groups.resize(scripts.end, Group::SameThread);
        let mut field = Self {
            crowd,
            endless,
            others: echoes.start..scripts.end,
            groups,
            frame: client_frame(TEXT),
        };
        // Every script has run once, and its engine is there.
        field.phase(Some(Duration::from_millis(200)))?;
        field.tell_threads_apart(scripts)?;
        Ok(field)
    }

    /// Who is answered while an endless script runs is on another thread.
    fn tell_threads_apart(&mut self, scripts: Range<usize>) -> Result<(), LoadError> {
        self.hang(1)?;
        // It must run before the others ask.
        self.crowd.settle(HEAD_START)?;
        let begun = Instant::now();
        for script in scripts.clone() {
            self.crowd.send(script, &self.frame)?;
        }
        let mut left = scripts.len() + 1;
        let groups = &mut self.groups;
        while left > 0 {
            stalled(begun)?;
            self.crowd.listen(TURN, |heard| {
                left -= 1;
                if scripts.contains(&heard.member) && begun.elapsed() < SAME_THREAD {
                    groups[heard.member] = Group::OtherThread;
                }
            })?;
        }
        Ok(())
    }

    /// Asks for endless scripts; what is asked after them is answered when they are over.
    fn hang(&mut self, times: usize) -> Result<(), LoadError> {
        let hang = client_frame(b"hang");
        for _time in 0..times {
            self.crowd.send(self.endless, &hang)?;
        }
        self.crowd.send(self.endless, &client_frame(b"over"))
    }

    /// The others speak at their pace for so long, or until the endless scripts are over; then all are heard out.
    fn phase(&mut self, time: Option<Duration>) -> Result<Vec<Heard>, LoadError> {
        let mut phase = Phase::new(self.groups.len());
        for turn in 0.. {
            let speaking = time.map_or(!phase.over, |time| phase.begun.elapsed() < time);
            if !speaking && phase.sent.iter().all(Option::is_none) {
                break;
            }
            stalled(phase.begun)?;
            if speaking {
                self.speak(turn, &mut phase.sent)?;
            }
            self.listen(&mut phase)?;
        }
        Ok(phase.heard())
    }

    /// Listens for a turn.
    fn listen(&mut self, phase: &mut Phase) -> Result<(), LoadError> {
        let until = Instant::now() + TURN;
        let (groups, endless) = (&self.groups, self.endless);
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            self.crowd.listen(left, |heard| {
                phase.over |= heard.member == endless;
                if let Some(at) = phase.sent[heard.member].take() {
                    phase.record(groups[heard.member], heard.at.saturating_duration_since(at));
                }
            })?;
        }
        Ok(())
    }

    /// Those whose turn it is say something, unless they wait.
    fn speak(&mut self, turn: usize, sent: &mut [Option<Instant>]) -> Result<(), LoadError> {
        for member in self.others.clone() {
            if (turn + member).is_multiple_of(PERIOD) && sent[member].is_none() {
                sent[member] = Some(Instant::now());
                self.crowd.send(member, &self.frame)?;
            }
        }
        Ok(())
    }
}

/// What is on the way in a phase, and what has come.
struct Phase {
    begun: Instant,
    /// By connection, when it spoke.
    sent: Vec<Option<Instant>>,
    /// The endless scripts have ended.
    over: bool,
    /// By group.
    latencies: Vec<Histogram>,
    counts: [u32; GROUPS.len()],
}

impl Phase {
    fn new(connections: usize) -> Self {
        Self {
            begun: Instant::now(),
            sent: vec![None; connections],
            over: false,
            latencies: GROUPS.iter().map(|_| Histogram::new()).collect(),
            counts: [0; GROUPS.len()],
        }
    }

    fn record(&mut self, group: Group, latency: Duration) {
        self.latencies[group as usize].record(latency, 1);
        self.counts[group as usize] += 1;
    }

    /// The groups of which something was heard.
    fn heard(&self) -> Vec<Heard> {
        let seconds = self.begun.elapsed().as_secs_f64();
        let mut all = Vec::new();
        for (group, _, _) in GROUPS {
            let (latencies, count) = (&self.latencies[group as usize], self.counts[group as usize]);
            let micros = |percent| latencies.percentile(percent).as_secs_f64() * 1e6;
            if count > 0 {
                let pace = Pace {
                    rate: f64::from(count) / seconds,
                    p50_us: micros(50),
                    p99_us: micros(99),
                };
                all.push(Heard { group, pace });
            }
        }
        all
    }
}

fn stalled(begun: Instant) -> Result<(), LoadError> {
    if begun.elapsed() > STALL_LIMIT {
        return Err(LoadError::Stalled { outstanding: 1 });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_in_the_order_of_their_numbers() {
        for (number, (group, _, _)) in GROUPS.into_iter().enumerate() {
            assert_eq!(group as usize, number);
        }
    }

    #[test]
    fn a_row_is_the_ratio_of_the_percentiles_and_needs_both_sides() {
        let pace = |p99_us| Pace {
            rate: 1.0,
            p50_us: 1.0,
            p99_us,
        };
        let met = |busy| {
            let row = row("echo", &[pace(200.0)], &[pace(busy)], Some(BAR)).unwrap();
            (row.reference.median, row.met())
        };
        assert_eq!(met(400.0), (0.2, Some(true)));
        assert_eq!(met(401.0), (0.2, Some(false)));
        assert!(row("echo", &[pace(1.0)], &[], None).is_none());
    }
}
