//! A shipper is killed again and again, at any moment: with records on disk and acknowledgements none is lost.

use std::collections::HashSet;
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::lab::{Lab, Process, Server, eventually};

const SINK: &str = r"
websocket:
  handlers:
    - { path: /logs, type: sink, sink: { mode: strict, format: json_lines, file: got/all.jsonl, ack: true } }
";

fn number(name: &str, default: u64) -> u64 {
    let value = std::env::var(name).ok();
    value.map_or(default, |value| value.parse().expect("a number"))
}

/// Where the rounds draw their moments from: said when something fails.
struct Moments(u64);

impl Moments {
    /// Between 20 and 420 milliseconds.
    fn next(&mut self) -> Duration {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        Duration::from_millis(20 + (self.0 >> 33) % 400)
    }
}

fn start(folder: &Path) -> Process {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
    command
        .args(["ship", "-c", "ship.conf"])
        .current_dir(folder)
        .env_clear()
        .env("NO_COLOR", "1");
    Process::spawn(&mut command).0
}

/// The numbers that the sink has written, in the order in which they came.
fn got(server: &Server) -> Vec<u64> {
    // Nothing may have come yet.
    let text = std::fs::read_to_string(server.folder().join("got/all.jsonl")).unwrap_or_default();
    let number = |line: &str| {
        let (_, rest) = line.split_once("record ")?;
        let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
        rest.get(..end)?.parse().ok()
    };
    text.lines().filter_map(number).collect()
}

/// Records that may be under way.
const WINDOW: u64 = 256;

#[test]
fn f49_nothing_is_lost_by_a_shipper_that_is_killed() {
    kill_loop(number("SOCKEYE_KILL_ROUNDS", 8), "Ack message");
}

#[test]
fn f50_nothing_is_lost_where_pongs_confirm() {
    kill_loop(number("SOCKEYE_KILL_ROUNDS", 4), "Ack pong");
}

fn kill_loop(rounds: u64, ack: &str) {
    let lines = number("SOCKEYE_KILL_LINES", 500);
    let seed = number("SOCKEYE_KILL_SEED", u64::from(std::process::id()));
    let mut moments = Moments(seed);
    let server = Lab::yaml(SINK).start();
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let port = server.address().port();
    let config = format!(
        "[SERVICE]\n    Flush 0.05\n    storage.path chunks\n\
         [INPUT]\n    Name tail\n    Path in.log\n    Read_From_Head on\n    DB offsets.db\n    \
         storage.type filesystem\n    Refresh_Interval 1\n\
         [OUTPUT]\n    Name websocket\n    Match *\n    Host 127.0.0.1\n    Port {port}\n    Uri /logs\n    \
         Format json_lines\n    {ack}\n    Ack_Window {WINDOW}\n"
    );
    std::fs::write(folder.path().join("ship.conf"), config).expect("a writable folder");
    let mut input = File::create(folder.path().join("in.log")).expect("a writable folder");
    let mut last = 0;
    for _ in 0..rounds {
        let shipper = start(folder.path());
        let end = Instant::now() + moments.next();
        let mut text = String::new();
        for _ in 0..lines {
            last += 1;
            text.push_str(&format!("record {last} of many\n"));
        }
        // In pieces that end anywhere; the last ones may come when it is gone.
        for piece in text.as_bytes().chunks(997) {
            input.write_all(piece).expect("a writable file");
        }
        eventually("the moment has come", || {
            (Instant::now() >= end).then_some(())
        });
        // Dropping it kills it.
        drop(shipper);
    }
    let shipper = start(folder.path());
    let deadline = Instant::now() + Duration::from_mins(1);
    let all = loop {
        let all = got(&server);
        let different: HashSet<u64> = all.iter().copied().collect();
        if different.len() as u64 == last {
            break all;
        }
        let missing = last - different.len() as u64;
        assert!(
            Instant::now() < deadline,
            "seed {seed}: {missing} of {last} records are lost; the log:\n{}",
            shipper.log()
        );
        let look = Instant::now() + Duration::from_millis(50);
        eventually("it is time to look", || {
            (Instant::now() >= look).then_some(())
        });
    };
    let twice = all.len() as u64 - last;
    eprintln!("{rounds} kills: 0 of {last} records lost, {twice} came twice (seed {seed})");
    let mut once = HashSet::new();
    let first: Vec<u64> = all
        .into_iter()
        .filter(|number| once.insert(*number))
        .collect();
    assert!(first.is_sorted(), "seed {seed}: in order");
    // What was sent and not confirmed, and what was confirmed of the chunk that was under way: about what came
    // between two kills.
    let allowed = rounds * (WINDOW + lines);
    assert!(twice <= allowed, "seed {seed}: {twice} came twice");
}
