//! Kill -9 while a recording goes on: what is left can be read, and hardly anything is missing.
//!
//! A few rounds here; `scripts/kill-tape` plays 200 and wants at most 100 ms to be lost.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sockeye_tape::{Content, Deck, Direction, Entry, RecordOptions, Spot, repair};

use crate::lab::{Told, entries, head};

/// Where the child records to.
const FOLDER: &str = "SOCKEYE_KILL_FOLDER";
/// How many rounds, and how many milliseconds may be lost.
const ROUNDS: &str = "SOCKEYE_KILL_ROUNDS";
const LOST_MS: &str = "SOCKEYE_KILL_LOST_MS";

/// Between two messages: 5,000 in a second.
const PACE: Duration = Duration::from_micros(200);

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(usual)
}

/// Records without end and writes the time of each message, in microseconds, to standard output.
#[test]
#[ignore = "the child that the other test kills"]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let deck = Deck::start().unwrap();
    let (_told, watch) = Told::new();
    let spot = Spot::path(PathBuf::from(folder).join("a.json"));
    let recorder = deck
        .create(spot, head(), RecordOptions::default(), watch)
        .unwrap();
    let begun = Instant::now();
    let mut out = std::io::stderr().lock();
    for number in 0_u64.. {
        let at = begun.elapsed();
        let text = format!("message {number}");
        recorder.record(Entry::new(at, Direction::Incoming, Content::Text(text)));
        let micros = u64::try_from(at.as_micros()).unwrap();
        out.write_all(&micros.to_le_bytes()).unwrap();
        while begun.elapsed() < at + PACE {
            std::thread::park_timeout(PACE / 2);
        }
    }
}

/// Kills a child after a while; gives how much of its recording is missing.
fn round(number: u64) -> Duration {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--ignored", "--exact", "killed::child", "--nocapture"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut said = child.stderr.take().expect("a pipe");
    // Different times of the same cycle; each is told by the child itself.
    let until = 50_000 + number % 50 * 3_000;
    let mut micros = [0; 8];
    loop {
        said.read_exact(&mut micros).expect("it goes on");
        if u64::from_le_bytes(micros) >= until {
            break;
        }
    }
    child.kill().expect("it runs");
    child.wait().expect("it is ours");
    let mut rest = Vec::new();
    said.read_to_end(&mut rest).expect("a pipe");
    let last = rest.as_chunks().0.last().unwrap_or(&micros);
    let part = folder.path().join("a.json.part");
    let kept = entries(File::open(&part).expect("it is there"));
    for (number, entry) in kept.iter().enumerate() {
        assert_eq!(
            entry.content,
            Some(Content::Text(format!("message {number}")))
        );
    }
    let repaired = repair(&part, None).expect("it can be repaired");
    assert_eq!(repaired.messages, kept.len() as u64);
    let end = kept.last().map_or(Duration::ZERO, |entry| entry.at);
    Duration::from_micros(u64::from_le_bytes(*last)).saturating_sub(end)
}

#[test]
fn a_recording_survives_its_process() {
    let rounds = setting(ROUNDS, 5);
    let worst = (0..rounds).map(round).max().unwrap();
    println!("{rounds} rounds, all readable; at most {worst:?} were lost");
    // Here other tests want the machine, too.
    let most = Duration::from_millis(setting(LOST_MS, 2000));
    assert!(worst <= most, "{worst:?} were lost");
}
