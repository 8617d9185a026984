//! What a server may do to a connection, one by one: sent = received, in order, once.

use std::time::Duration;

use super::act::{Act, Last};
use super::lab::{Setup, eventually};
use super::server::Server;

/// Sends records to a server that does this to its first connections and then behaves.
struct Case {
    name: &'static str,
    acts: Vec<Act>,
    lines: &'static [(&'static str, &'static str)],
    /// How many records may come twice: those that nobody could know about.
    twice: usize,
}

const RECORDS: u64 = 8;

fn case(name: &'static str, acts: Vec<Act>) -> Case {
    Case {
        name,
        acts: acts.into_iter().chain([Act::default()]).collect(),
        lines: &[],
        twice: 0,
    }
}

async fn run(case: Case) {
    let acts = case.acts.len();
    let server = Server::start(case.acts);
    let lab = Setup::to(&server, case.lines).start();
    lab.bring_apart(1..=RECORDS).await;
    lab.delivers(RECORDS).await;
    let (summary, log) = lab.stop().await;
    let numbers = server.numbers();
    let seen = server.stop().await;
    let name = case.name;
    assert_eq!(summary.lost, 0, "{name}: {log}");
    assert!(seen.faults.is_empty(), "{name}: {:?}", seen.faults);
    let mut once = Vec::new();
    for number in &numbers {
        if !once.contains(number) {
            once.push(*number);
        }
    }
    let all: Vec<u64> = (1..=RECORDS).collect();
    assert_eq!(
        once, all,
        "{name}: all of them, in order; {numbers:?}\n{log}"
    );
    let twice = numbers.len() - once.len();
    assert!(twice <= case.twice, "{name}: {numbers:?}\n{log}");
    // Where the server has ended the last connection as well, nobody is left to say it to.
    if seen.requests.len() >= acts {
        let last = seen.closes.last().map(|(_, code)| *code);
        assert_eq!(last, Some(Some(1000)), "{name}: the end is said\n{log}");
    }
}

async fn all(cases: Vec<Case>) {
    let mut running = tokio::task::JoinSet::new();
    for case in cases {
        running.spawn(run(case));
    }
    while let Some(outcome) = running.join_next().await {
        outcome.unwrap();
    }
}

#[tokio::test]
async fn a_server_that_takes_everything() {
    all(vec![case("accept", vec![])]).await;
}

#[tokio::test]
async fn every_refusal_is_waited_out() {
    let statuses = [
        "200 OK",
        "204 No Content",
        "301 Moved",
        "307 Elsewhere",
        "400 Bad Request",
        "401 Unauthorized",
        "403 Forbidden",
        "404 Not Found",
        "407 Proxy Authentication Required",
        "410 Gone",
        "421 Misdirected",
        "426 Upgrade Required",
        "429 Too Many",
        "431 Too Large",
        "500 Oops",
        "502 Bad Gateway",
        "503 Busy",
        "504 Late",
    ];
    let cases = statuses.map(|status| case("refused", vec![Act::refusing(status)]));
    all(cases.into()).await;
}

#[tokio::test]
async fn b6_an_accept_that_is_wrong_or_missing_opens_nothing() {
    let with = |accept| Act {
        accept: Some(accept),
        ..Act::default()
    };
    all(vec![
        case("wrong accept", vec![with("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")]),
        case("no accept", vec![with("")]),
    ])
    .await;
}

#[tokio::test]
async fn an_answer_that_is_no_http_or_none_at_all_is_waited_out() {
    let saying = |text: &str| Act {
        refusal: Some(text.to_owned()),
        ..Act::default()
    };
    all(vec![
        case("nothing", vec![saying("")]),
        case("no HTTP", vec![saying("SSH-2.0-OpenSSH_9.2\r\n")]),
        case("half a head", vec![saying("HTTP/1.1 101 Switching")]),
        case("endless head", vec![saying(&"x".repeat(100_000))]),
    ])
    .await;
}

#[tokio::test]
async fn b9_a_handshake_that_hangs_ends() {
    let hang = |says_first| Act {
        hangs: true,
        says_first,
        ..Act::default()
    };
    let cases = ["", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: web"].map(|says_first| {
        let mut case = case("hang", vec![hang(says_first)]);
        case.lines = &[("handshake_timeout", "200ms")];
        case
    });
    all(cases.into()).await;
}

#[tokio::test]
async fn b1_b10_a_connection_that_ends_is_replaced_by_one_with_a_handshake() {
    let mut cases = Vec::new();
    for count in [1, 3] {
        for (name, last) in [("drop", Last::Drop), ("reset", Last::Reset)] {
            let mut case = case(name, vec![Act::after(count, last), Act::after(count, last)]);
            // The last message of a connection may have arrived, and nobody said so.
            case.twice = 2 * 16;
            cases.push(case);
        }
    }
    all(cases).await;
}

/// What was confirmed is not sent again, however the connection ends.
#[tokio::test]
async fn b1_b7_what_was_confirmed_comes_once() {
    let mut cases = Vec::new();
    for count in [1, 3] {
        for (name, last) in [("drop", Last::Drop), ("reset", Last::Reset)] {
            let acts = vec![Act::fair(count, last), Act::fair(count, last)];
            cases.push(case(name, acts));
        }
    }
    for code in CODES {
        let last = Last::Close(code);
        cases.push(case("close", vec![Act::fair(2, last), Act::fair(1, last)]));
    }
    all(cases).await;
}

/// All that a server may close with.
const CODES: [u16; 15] = [
    1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4999,
];

#[tokio::test]
async fn b2_every_close_code_is_heard_and_records_go_on() {
    let cases = CODES.map(|code| {
        let mut case = case("close", vec![Act::after(2, Last::Close(code))]);
        case.twice = 16;
        case
    });
    all(cases.into()).await;
}

#[tokio::test]
async fn b2_pings_of_the_server_are_answered() {
    let pinging = Act {
        pings: true,
        ..Act::default()
    };
    let server = Server::start(vec![pinging]);
    let lab = Setup::to(&server, &[]).start();
    lab.bring_apart(1..=RECORDS).await;
    lab.delivers(RECORDS).await;
    // One as soon as it was open, and one behind each message.
    eventually("pongs", || {
        let seen = server.seen();
        seen.pongs == 1 + seen.messages.len()
    })
    .await;
    lab.stop().await;
    assert_eq!(server.numbers(), (1..=RECORDS).collect::<Vec<_>>());
}

/// The reference is thrown out by such a server, and loses everything from there on.
#[tokio::test]
async fn b2_a_server_with_a_keepalive_keeps_the_connection() {
    let server = Server::start(vec![Act {
        keepalive: Some(Duration::from_millis(50)),
        ..Act::default()
    }]);
    let lab = Setup::to(&server, &[]).start();
    for round in 1..=4 {
        let before = server.seen().pongs;
        lab.bring(round).await;
        lab.delivers(round).await;
        eventually("pongs", || server.seen().pongs >= before + 3).await;
    }
    lab.stop().await;
    assert_eq!(server.numbers(), [1, 2, 3, 4]);
    let seen = server.stop().await;
    assert!(seen.faults.is_empty(), "{:?}", seen.faults);
    assert_eq!(seen.requests.len(), 1, "one connection all the time");
}

#[tokio::test]
async fn b3_silence_is_broken_by_a_ping_and_never_delays_a_record() {
    let server = Server::start(vec![Act::default()]);
    let lab = Setup::to(&server, &[("idle_interval", "100ms")]).start();
    lab.bring(1).await;
    lab.delivers(1).await;
    let before = server.seen().pings;
    eventually("pings", || server.seen().pings >= before + 2).await;
    lab.bring(2).await;
    lab.delivers(2).await;
    let (_, log) = lab.stop().await;
    assert_eq!(server.numbers(), [1, 2]);
    assert_eq!(server.seen().requests.len(), 1, "one connection: {log}");
    assert!(!log.contains("retry"), "{log}");
}

#[tokio::test]
async fn a_server_that_freezes_is_left() {
    let mut frozen = case("freeze", vec![Act::after(2, Last::Freeze)]);
    frozen.lines = &[("ack_timeout", "300ms")];
    frozen.twice = 16;
    all(vec![frozen]).await;
}

#[tokio::test]
async fn b3_a_connection_that_died_in_silence_is_found_by_the_ping() {
    let server = Server::start(vec![Act::after(1, Last::Freeze), Act::default()]);
    let lines = [
        ("idle_interval", "100ms"),
        ("ack_timeout", "200ms"),
        ("ack", "none"),
    ];
    let lab = Setup::to(&server, &lines).start();
    lab.bring(1).await;
    lab.delivers(1).await;
    lab.says("has not answered").await;
    lab.bring(2).await;
    lab.delivers(2).await;
    lab.stop().await;
    assert_eq!(server.numbers(), [1, 2]);
}

#[tokio::test]
async fn a_server_that_reads_slowly_gets_all() {
    let slow = Act {
        stalls: Some(Duration::from_millis(600)),
        ..Act::default()
    };
    all(vec![case("stall", vec![slow])]).await;
}

#[tokio::test]
async fn a_server_that_restarts_quickly_or_slowly_misses_nothing() {
    for pause in [Duration::ZERO, Duration::from_millis(700)] {
        let server = Server::start(vec![Act::default()]);
        let lab = Setup::to(&server, &[]).start();
        lab.bring_apart(1..=3).await;
        lab.delivers(3).await;
        let (address, first) = (server.address, server.numbers());
        server.stop().await;
        if pause.is_zero() {
            let server = Server::on(address, vec![Act::default()]);
            lab.bring_apart(4..=6).await;
            lab.delivers(6).await;
            assert_eq!([first, server.numbers()].concat(), [1, 2, 3, 4, 5, 6]);
        } else {
            for number in 4..=6 {
                lab.bring(number).await;
            }
            lab.says("no upstream connections available").await;
            tokio::time::sleep(pause).await;
            let server = Server::on(address, vec![Act::default()]);
            lab.delivers(6).await;
            assert_eq!([first, server.numbers()].concat(), [1, 2, 3, 4, 5, 6]);
            lab.says("succeeded at retry").await;
        }
        lab.stop().await;
    }
}
