//! The wall clock jumps: intervals do not care, times of records follow.

use std::time::Duration;

use sockeye_core::{Hands, Timestamp};
use sockeye_ship::engine::InputPart;
use sockeye_ship::input::{self, Context, LastWork};
use sockeye_ship::parser::Parsers;

use super::act::Act;
use super::lab::{Setup, eventually, section};
use super::server::Server;

/// Whole seconds of the records so far.
fn times(server: &Server) -> Vec<i64> {
    let messages = server.seen().messages.into_iter();
    let text: Vec<u8> = messages.flat_map(|(_, _, payload)| payload).collect();
    let text = String::from_utf8(text).unwrap();
    let time = |line: &str| {
        let (_, rest) = line.split_once("\"date\":").unwrap();
        let end = rest.find('.').unwrap();
        rest[..end].parse().unwrap()
    };
    text.lines().map(time).collect()
}

#[tokio::test]
async fn f57_a_clock_that_jumps_changes_times_and_no_interval() {
    const NOON: i64 = 1_700_000_000;
    let hands = Hands::at(Timestamp::from_second(NOON).unwrap());
    let server = Server::start(vec![Act::default()]);
    let mut setup = Setup::to(&server, &[("idle_interval", "10")]);
    setup.clock = hands.clock();
    let context = Context {
        parsers: Parsers::default(),
        clock: hands.clock(),
        last_work: LastWork::default(),
    };
    let dummy = section("dummy", &[("rate", "100")]);
    setup.inputs = vec![InputPart {
        name: "dummy.0".to_owned(),
        tag: "dummy.0".to_owned(),
        memory: None,
        keeping: sockeye_ship::collector::Keeping::Memory,
        log_level: None,
        processors: Vec::new(),
        input: input::build(&dummy, &context).unwrap(),
    }];
    let lab = setup.start();
    let started = tokio::time::Instant::now();
    for (round, hour) in [0, 1, -1].into_iter().enumerate() {
        let now = NOON + hour * 3600;
        hands.set(Timestamp::from_second(now).unwrap());
        let of_now = || times(&server).into_iter().filter(|time| *time == now);
        eventually("records of that time", || of_now().count() >= 20).await;
        // A hundred each second and not as many as an hour has.
        let most = started.elapsed().as_millis() / 10 + 10;
        let count = times(&server).len() as u128;
        assert!(count <= most, "round {round}: {count} of {most}");
    }
    let counters = lab.output();
    let (summary, log) = lab.stop().await;
    assert_eq!(summary.lost, 0, "{log}");
    assert_eq!(counters.handshakes.get(), 1, "nobody timed out: {log}");
    assert!(started.elapsed() < Duration::from_mins(1));
}
