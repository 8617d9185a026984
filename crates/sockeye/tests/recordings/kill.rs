//! Row 44: the server is killed while it records 5,000 messages each second; what was written stays readable.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use sockeye_tape::{Content, PartReader};

use crate::lab::{Lab, files, frame};

const FILE: &str =
    "websocket: { handlers: [{ path: /e, type: echo, record: true, record_path: e.json }] }";

/// Messages each second, in bursts.
const RATE: u64 = 5_000;
const BURST: u64 = 50;

/// What a kill may cost.
const LOSS: Duration = Duration::from_millis(100);

/// How often a server is killed; `scripts/kill-recording` asks for more.
fn rounds() -> u64 {
    let rounds = std::env::var("SOCKEYE_KILL_ROUNDS").ok();
    rounds.map_or(4, |rounds| rounds.parse().expect("a number of rounds"))
}

#[test]
fn a_server_that_is_killed_leaves_what_it_has_recorded() {
    for round in 0..rounds() {
        let server = Lab::yaml(FILE).start();
        let folder = server.folder();
        let socket = server.raw_socket("/e").writer();
        let (stop, stopped) = mpsc::channel::<()>();
        let client = std::thread::spawn(move || talk(socket, &stopped));
        // A time that differs from round to round, so that kills come at every moment of a write.
        wait(Duration::from_millis(150 + (round * 37) % 211));
        let killed = Instant::now();
        server.signal("KILL");
        drop(stop);
        let echoed = client.join().expect("the client does not panic");
        let due = echoed.iter().filter(|at| **at + LOSS < killed).count();
        let recorded = recorded(&folder.join("e.json.part"));
        assert!(
            due > 0 && recorded >= due,
            "round {round}: {recorded} of {due}"
        );
        assert_eq!(files(&folder), ["e.json.part", "mock.yml"]);
        println!(
            "round {round}: {} echoed, {due} due, {recorded} recorded",
            echoed.len()
        );
    }
}

fn wait(time: Duration) {
    let (_nobody, nothing) = mpsc::channel::<()>();
    // Nothing comes: it is the time that counts.
    let _ = nothing.recv_timeout(time);
}

/// Has bursts echoed until the server is gone; gives the time of each echo.
fn talk(mut socket: TcpStream, stopped: &mpsc::Receiver<()>) -> Vec<Instant> {
    let mut echoed = Vec::new();
    let mut due = Instant::now();
    loop {
        let mut burst = Vec::new();
        for number in 0..BURST {
            let number = echoed.len() as u64 + number;
            burst.extend(frame(0x81, format!("m{number:08}").as_bytes()));
        }
        if socket.write_all(&burst).is_err() {
            return echoed;
        }
        for _ in 0..BURST {
            let mut echo = [0; 11];
            if socket.read_exact(&mut echo).is_err() {
                return echoed;
            }
            echoed.push(Instant::now());
        }
        due += Duration::from_micros(1_000_000 * BURST / RATE);
        // Whoever kills the server need not wait for the next burst.
        let _ = stopped.recv_timeout(due.saturating_duration_since(Instant::now()));
    }
}

/// The number of echoes in a `.part` file, which must be there without a gap; a torn last line is allowed.
fn recorded(part: &Path) -> usize {
    let file = std::fs::File::open(part).expect("the `.part` file is there");
    let mut reader = PartReader::begin(file).expect("its first line is whole");
    let mut next = [0, 0];
    while let Some(entry) = reader.next_entry().expect("it can be read") {
        let way = usize::from(entry.direction == sockeye_tape::Direction::Outgoing);
        let wanted = format!("m{:08}", next[way]);
        assert_eq!(entry.content, Some(Content::Text(wanted)));
        next[way] += 1;
    }
    next[1]
}
