//! The faults of the reference that are about delivery, each by what we do instead.

use std::time::Duration;

use sockeye_ship::retry::RetryLimit;

use super::act::{Act, Last};
use super::lab::{Setup, eventually, record, websocket};
use super::server::Server;

/// The bytes of records in one piece.
pub(super) fn records(numbers: std::ops::RangeInclusive<u64>) -> Vec<u8> {
    numbers.flat_map(record).collect()
}

#[tokio::test]
async fn b4_msgpack_is_binary_and_text_on_request() {
    for (lines, is_text) in [
        (&[("format", "msgpack")][..], false),
        (&[("format", "msgpack"), ("frame_type", "text")], true),
        (&[("format", "msgpack"), ("compat", "fluentbit")], true),
        (&[("format", "json")], true),
    ] {
        let server = Server::start(vec![Act::default()]);
        let lab = Setup::to(&server, lines).start();
        lab.bring(1).await;
        if is_text && lines.iter().any(|(_, value)| *value == "msgpack") {
            // Our server is a right one: bytes that are no text it cannot take.
            eventually("a violation", || !server.seen().faults.is_empty()).await;
            let faults = server.seen().faults;
            assert!(faults[0].contains("UTF-8"), "{faults:?}");
            lab.kill().await;
            continue;
        }
        lab.delivers(1).await;
        let (_, text, payload) = server.seen().messages[0].clone();
        assert_eq!(text, is_text);
        if !is_text {
            assert_eq!(payload, record(1));
        }
        lab.stop().await;
    }
}

#[tokio::test]
async fn b5_several_outputs_and_retries_send_the_same_bytes() {
    let first = Server::start(vec![
        Act::refusing("503 Busy"),
        Act::after(1, Last::Reset),
        Act::default(),
    ]);
    let second = Server::start(vec![Act::default()]);
    let outputs = [
        websocket(&first, &[("format", "msgpack")]),
        websocket(&second, &[("format", "msgpack")]),
    ];
    let lab = Setup::of(&[("flush", "10ms")], &outputs).start();
    lab.bring(1).await;
    lab.bring(2).await;
    lab.delivers(2).await;
    lab.stop().await;
    for server in [first, second] {
        for (_, _, payload) in server.seen().messages {
            assert!(payload == record(1) || payload == record(2) || payload == records(1..=2));
        }
        let seen = server.stop().await;
        assert!(seen.faults.is_empty());
    }
}

#[tokio::test]
async fn b6_key_and_mask_are_random_but_for_comparisons() {
    let mut keys = Vec::new();
    let mut masks = Vec::new();
    for _ in 0..2 {
        let (request, raw) = opening(&[("format", "json_lines")]).await;
        keys.push(
            request
                .lines()
                .find(|line| line.contains("Key"))
                .unwrap()
                .to_owned(),
        );
        masks.push(raw[2..6].to_vec());
    }
    assert_ne!(keys[0], keys[1]);
    assert_ne!(masks[0], masks[1]);
    let (request, raw) = opening(&[
        ("format", "msgpack"),
        ("compat", "fluentbit"),
        ("uri", "a/b%20c?x=1&y=2"),
        ("header", "X-Token a b"),
        ("header", "X-Empty"),
    ])
    .await;
    let (host, rest) = request.split_once("Host: 127.0.0.1:").unwrap();
    let (_, rest) = rest.split_once("\r\n").unwrap();
    assert_eq!(host, "GET /a/b%20c?x=1&y=2 HTTP/1.1\r\n");
    assert_eq!(
        rest,
        "Content-Length: 0\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
         X-Token: a b\r\nX-Empty: X-Empty\r\nConnection: keep-alive\r\n\r\n"
    );
    let mut frame = vec![0x81, 0x80 | u8::try_from(record(1).len()).unwrap()];
    let mask = [0x12, 0x34, 0x56, 0x78];
    frame.extend_from_slice(&mask);
    frame.extend(
        record(1)
            .iter()
            .zip(mask.iter().cycle())
            .map(|(byte, key)| byte ^ key),
    );
    assert!(raw.starts_with(&frame), "{raw:x?}");
}

/// The request and what came behind it.
async fn opening(lines: &[(&str, &str)]) -> (String, Vec<u8>) {
    let server = Server::start(vec![Act::default()]);
    let lab = Setup::to(&server, lines).start();
    lab.bring(1).await;
    eventually("bytes", || {
        server.seen().raw.first().is_some_and(|raw| raw.len() > 10)
    })
    .await;
    lab.kill().await;
    let seen = server.stop().await;
    (seen.requests[0].clone(), seen.raw[0].clone())
}

#[tokio::test]
async fn b7_what_no_pong_confirms_is_sent_again_with_a_note() {
    let deaf = Act {
        is_deaf_to_pings: true,
        after: Some((2, Last::Reset)),
        ..Act::default()
    };
    let server = Server::start(vec![deaf, Act::default()]);
    let lab = Setup::to(&server, &[]).start();
    lab.bring_apart(1..=2).await;
    lab.delivers(2).await;
    let counters = lab.output();
    let (_, log) = lab.stop().await;
    assert_eq!(server.numbers(), [1, 2, 1, 2]);
    assert!(
        log.contains("2 records that it has not confirmed are sent again"),
        "{log}"
    );
    assert_eq!(counters.resent_records.get(), 2);
}

#[tokio::test]
async fn b7_a_server_that_knows_no_pings_is_believed_unless_told_otherwise() {
    let deaf = Act {
        is_deaf_to_pings: true,
        ..Act::default()
    };
    let server = Server::start(vec![deaf.clone()]);
    let lab = Setup::to(&server, &[("ack_timeout", "200ms")]).start();
    lab.bring_apart(1..=2).await;
    lab.delivers(2).await;
    lab.says("answers no pings").await;
    lab.bring_apart(3..=4).await;
    lab.delivers(4).await;
    lab.stop().await;
    assert_eq!(server.numbers(), [1, 2, 3, 4]);
    let server = Server::start(vec![deaf, Act::default()]);
    let lab = Setup::to(&server, &[("ack_timeout", "200ms"), ("ack", "pong")]).start();
    lab.bring(1).await;
    lab.delivers(1).await;
    lab.says("has not answered").await;
    lab.stop().await;
    assert_eq!(server.numbers(), [1, 1]);
}

#[tokio::test]
async fn b7_messages_of_the_server_acknowledge() {
    let acking = Act {
        acks: true,
        is_deaf_to_pings: true,
        ..Act::default()
    };
    let silent = Act::after(2, Last::Reset);
    let server = Server::start(vec![silent, acking]);
    let lab = Setup::to(&server, &[("ack", "message")]).start();
    lab.bring_apart(1..=2).await;
    lab.delivers(2).await;
    lab.bring(3).await;
    lab.delivers(3).await;
    let counters = lab.output();
    lab.stop().await;
    assert_eq!(server.numbers(), [1, 2, 1, 2, 3]);
    assert_eq!(counters.acknowledgements.get(), 3);
}

#[tokio::test]
async fn b8_a_refused_upgrade_is_one_line_and_its_retry_after_is_kept() {
    let refusal = "HTTP/1.1 403 Forbidden\r\nRetry-After: 1\r\nContent-Length: 7\r\n\r\nnot you";
    let act = Act {
        refusal: Some(refusal.to_owned()),
        ..Act::default()
    };
    let server = Server::start(vec![act, Act::default()]);
    let lab = Setup::to(&server, &[]).start();
    lab.bring(1).await;
    lab.says("403 Forbidden").await;
    let asked = tokio::time::Instant::now();
    lab.delivers(1).await;
    assert!(
        asked.elapsed() > Duration::from_millis(800),
        "it stayed away"
    );
    let refused = lab.output().refused.all();
    let (_, log) = lab.stop().await;
    let line = log.lines().find(|line| line.contains("403")).unwrap();
    assert!(
        line.contains("[ warn] [output:websocket.0] 127.0.0.1:"),
        "{line}"
    );
    assert!(line.ends_with(
        "refused the upgrade: 403 Forbidden (the server does not let us in: check credentials and headers): not you"
    ));
    assert!(
        log.contains("retry in 1 seconds: task_id=0, input=fed.0 > output=websocket.0 (out_id=0)")
    );
    assert_eq!(refused.get(&403), Some(&1));
}

#[tokio::test]
async fn b10_an_outage_loses_nothing_and_keeps_the_order() {
    let server = Server::start(vec![Act::default()]);
    let address = server.address;
    let lab = Setup::to(&server, &[]).start();
    server.stop().await;
    for number in 1..=50 {
        lab.bring(number).await;
    }
    lab.says("no upstream connections available").await;
    let server = Server::on(address, vec![Act::default()]);
    lab.delivers(50).await;
    lab.stop().await;
    assert_eq!(server.numbers(), (1..=50).collect::<Vec<_>>());
}

#[tokio::test]
async fn b10_a_retry_limit_is_kept_and_every_drop_is_counted_and_told() {
    let server = Server::start(vec![Act::refusing("500 Oops")]);
    let limits = [
        (
            RetryLimit::NoRetries,
            1,
            "is not retried (no retry config)",
            0,
        ),
        (RetryLimit::Times(1), 2, "cannot be retried", 1),
    ];
    for (limit, attempts, line, exhausted) in limits {
        let before = server.seen().requests.len();
        let lab = Setup::to(&server, &[]).retry_limit(limit).start();
        let receipt = lab.bring(1).await;
        assert!(!receipt.safe().await, "it was given up");
        lab.says(line).await;
        let counters = lab.output();
        assert_eq!(counters.dropped_records.get(), 1);
        assert_eq!(counters.retries_failed.get(), exhausted);
        assert_eq!(counters.retries.get(), attempts - 1);
        let (summary, _) = lab.stop().await;
        assert_eq!(summary.lost, 1);
        let requests = server.seen().requests.len() - before;
        assert_eq!(requests as u64, attempts);
    }
}

#[tokio::test]
async fn b11_what_is_lost_at_the_end_is_told() {
    let server = Server::start(vec![Act::refusing("500 Oops")]);
    let lab = Setup::to(&server, &[]).service(&[("grace", "1")]).start();
    for number in 1..=4 {
        lab.bring(number).await;
    }
    lab.says("500").await;
    let (summary, log) = lab.stop().await;
    assert_eq!(summary.lost, 4, "{log}");
    assert!(log.contains("[output:websocket.0] 4 records were not delivered in time and are lost"));
    assert!(log.contains("[engine] service has stopped"), "{log}");
}

#[tokio::test]
async fn b11_a_server_that_is_back_within_the_grace_gets_all() {
    let server = Server::start(vec![Act::default()]);
    let address = server.address;
    server.stop().await;
    let server = Server::on(address, vec![Act::refusing("500 Oops"), Act::default()]);
    let lab = Setup::to(&server, &[]).start();
    for number in 1..=4 {
        lab.bring(number).await;
    }
    let (summary, log) = lab.stop().await;
    assert_eq!(summary.lost, 0, "{log}");
    assert_eq!(server.numbers(), [1, 2, 3, 4]);
    assert_eq!(server.seen().closes.last(), Some(&(2, Some(1000))), "b18");
}

#[tokio::test]
async fn b18_the_end_is_said_and_not_waited_for_for_ever() {
    for last in [None, Some((1, Last::Freeze))] {
        let server = Server::start(vec![Act {
            after: last,
            ..Act::default()
        }]);
        let lab = Setup::to(&server, &[("ack", "none")])
            .service(&[("grace", "1")])
            .start();
        lab.bring(1).await;
        lab.delivers(1).await;
        let stopping = tokio::time::timeout(Duration::from_secs(10), lab.stop());
        let (summary, log) = stopping.await.unwrap();
        assert_eq!(summary.lost, 0, "{log}");
        if last.is_none() {
            assert_eq!(server.seen().closes, [(1, Some(1000))]);
        }
    }
}

#[tokio::test]
async fn b14_a_key_that_takes_the_place_of_the_date_is_told_once() {
    let server = Server::start(vec![Act::default()]);
    let lab = Setup::to(&server, &[("json_date_key", "n")]).start();
    lab.bring_apart(1..=3).await;
    lab.delivers(3).await;
    let (_, log) = lab.stop().await;
    assert_eq!(log.matches("json_date_key").count(), 1, "{log}");
    assert_eq!(server.numbers(), [1, 2, 3]);
}

#[tokio::test]
async fn b20_what_happens_on_the_wire_is_counted() {
    let server = Server::start(vec![
        Act::refusing("403 No"),
        Act::after(1, Last::Close(1012)),
        Act::default(),
    ]);
    let lab = Setup::to(&server, &[]).start();
    lab.bring_apart(1..=2).await;
    lab.delivers(2).await;
    let counters = lab.output();
    eventually("nothing is under way", || counters.in_flight.get() == 0).await;
    assert_eq!(counters.handshakes.get(), 2);
    assert_eq!(counters.reconnects.get(), 1);
    assert_eq!(counters.refused.all().get(&403), Some(&1));
    assert_eq!(counters.closes.all().get(&1012), Some(&1));
    assert!(counters.pongs.get() >= 1 && counters.pings.get() >= counters.pongs.get());
    let length = server.seen().messages[0].2.len() as u64;
    assert_eq!(counters.wire_bytes.get(), counters.messages.get() * length);
    assert!(counters.messages.get() >= 2);
    assert_eq!(counters.queued_records.get(), 0);
    assert_eq!(counters.open.get(), 1);
    lab.stop().await;
    assert_eq!(counters.open.get(), 0);
}
