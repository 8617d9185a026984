//! What else the way to a server has: records that it refuses, bounds of memory, headers, other outputs.

use sockeye_ship::collector::Keeping;

use super::act::Act;
use super::faults::records;
use super::lab::{Setup, eventually, property, section, websocket};
use super::server::Server;

#[tokio::test]
async fn two_records_side_by_side_that_the_server_refuses_are_both_left_out() {
    let hating = Act::hating("\"n\":1", 1008);
    let server = Server::start(vec![hating]);
    let lab = Setup::to(&server, &[]).start();
    lab.bring(9).await;
    lab.delivers(1).await;
    lab.bring_bytes("fed.0", records(10..=11), 2).await;
    lab.bring(20).await;
    lab.delivers(4).await;
    assert_eq!(lab.output().dead_letters.get(), 2);
    lab.stop().await;
    assert_eq!(server.numbers(), [9, 20]);
}

#[tokio::test]
async fn a_server_that_refuses_everything_is_not_taken_for_one_that_dislikes_records() {
    let hating = Act::hating("n", 1008);
    let server = Server::start(vec![hating]);
    let lab = Setup::to(&server, &[]).service(&[("grace", "1")]).start();
    lab.bring_bytes("fed.0", records(1..=2), 2).await;
    eventually("attempts", || server.seen().requests.len() >= 4).await;
    let counters = lab.output();
    let (summary, log) = lab.stop().await;
    assert_eq!(counters.dead_letters.get(), 0, "{log}");
    assert_eq!(summary.lost, 2, "at the end, and told: {log}");
}

#[tokio::test]
async fn chunks_are_cut_between_records_where_messages_must_be_short() {
    let server = Server::start(vec![Act::default()]);
    let lab = Setup::to(&server, &[("max_message_size", "100")]).start();
    lab.bring_bytes("fed.0", records(1..=50), 50).await;
    lab.delivers(50).await;
    lab.stop().await;
    assert_eq!(server.numbers(), (1..=50).collect::<Vec<_>>());
    let seen = server.stop().await;
    assert!(seen.messages.len() > 10);
    assert!(
        seen.messages
            .iter()
            .all(|(_, _, payload)| payload.len() <= 100)
    );
}

#[tokio::test]
async fn headers_and_subprotocols_are_asked_for() {
    let server = Server::start(vec![Act::default()]);
    let lines = [
        ("header", "Sec-WebSocket-Protocol logs.v1, logs.v2"),
        ("header", "Authorization Basic dTpw"),
    ];
    let lab = Setup::to(&server, &lines).start();
    lab.bring(1).await;
    lab.delivers(1).await;
    let (_, log) = lab.stop().await;
    let request = server.seen().requests[0].clone();
    assert!(request.contains("Authorization: Basic dTpw\r\n"));
    assert!(!log.contains("dTpw"), "secrets stay out of the log");
}

#[tokio::test]
async fn an_input_waits_where_its_memory_is_full_and_goes_on() {
    let server = Server::start(vec![Act::default()]);
    let address = server.address;
    server.stop().await;
    let server = Server::on(address, vec![Act::refusing("500 Oops"), Act::default()]);
    let mut setup = Setup::to(&server, &[]);
    setup.memory = Some(50);
    let lab = setup.start();
    for number in 1..=8 {
        lab.bring(number).await;
    }
    lab.delivers(8).await;
    let (summary, log) = lab.stop().await;
    assert_eq!(server.numbers(), (1..=8).collect::<Vec<_>>());
    assert_eq!(summary.lost, 0);
    assert!(
        log.contains("[input] fed.0 paused (mem buf overlimit)"),
        "{log}"
    );
    assert!(
        log.contains("[input] fed.0 resume (mem buf overlimit)"),
        "{log}"
    );
}

#[tokio::test]
async fn a_ring_drops_the_oldest_and_says_so() {
    let server = Server::start(vec![Act::default()]);
    let address = server.address;
    server.stop().await;
    let server = Server::on(
        address,
        vec![
            Act {
                hangs: true,
                ..Act::default()
            },
            Act::default(),
        ],
    );
    let mut setup = Setup::to(&server, &[("handshake_timeout", "500ms")]);
    setup.memory = Some(100);
    setup.keeping = Keeping::Ring;
    let lab = setup.start();
    for number in 1..=20 {
        let before = lab.output().queued_chunks.get() + lab.output().dropped_records.get();
        lab.bring(number).await;
        let counters = lab.output();
        eventually("it is handed on", || {
            counters.queued_chunks.get() + counters.dropped_records.get() > before
        })
        .await;
    }
    let counters = lab.output();
    let dropped = counters.dropped_records.get();
    assert!(dropped > 10, "{dropped}");
    lab.delivers(20 - dropped).await;
    let (_, log) = lab.stop().await;
    assert_eq!(
        server.numbers(),
        (dropped + 1..=20).collect::<Vec<_>>(),
        "{log}"
    );
    assert!(log.contains("the ring of its input is full"));
}

#[tokio::test]
async fn retries_wait_as_the_scheduler_is_told() {
    let server = Server::start(vec![Act::refusing("500 Oops"), Act::default()]);
    let service = [("scheduler.base", "1"), ("scheduler.cap", "1")];
    let output = websocket(&server, &[]);
    let mut lines = vec![("flush", "10ms")];
    lines.extend(service);
    let setup = Setup::of(&lines, &[output]);
    let lab = setup.start();
    lab.bring(1).await;
    lab.says("retry in 2 seconds").await;
    lab.delivers(1).await;
    lab.stop().await;
}

#[tokio::test]
async fn files_and_standard_outputs_take_records_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display().to_string();
    let plain = section(
        "file",
        &[("path", &path), ("file", "plain"), ("format", "plain")],
    );
    let tagged = section("file", &[("path", &path)]);
    let lab = Setup::of(&[], &[plain, tagged, section("null", &[])]).start();
    lab.bring_bytes("../app", records(1..=2), 2).await;
    lab.delivers(2).await;
    lab.stop().await;
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("plain"), "{\"n\":1}\n{\"n\":2}\n");
    assert_eq!(
        read("_app"),
        "../app: [1700000000.000000000, {\"n\":1}]\n../app: [1700000000.000000000, {\"n\":2}]\n"
    );
}

#[test]
fn mistakes_about_an_output_have_a_place_and_a_remedy() {
    let service = super::lab::service(&[]);
    for (key, value, message, remedy) in [
        (
            "header",
            "a b\u{7}",
            "this is no header that can be sent",
            "letters",
        ),
        ("uri", "/a b", "is no path", "%XX"),
        ("ack", "maybe", "must be one of its words", "known here"),
        ("ack_pattern", "(", "no regular expression", "correct it"),
        (
            "frame_typ",
            "text",
            "unknown property `frame_typ`",
            "did you mean `frame_type`?",
        ),
        (
            "format",
            "gelff",
            "`format` must be",
            "did you mean `gelf`?",
        ),
        (
            "tls.crt_file",
            "/x",
            "a certificate needs its key",
            "tls.key_file",
        ),
    ] {
        let mut section = section("websocket", &[("tls", "on")]);
        section.properties.push(property(key, value));
        let mistakes = sockeye_ship::output::build(&section, &service).unwrap_err();
        let drawn = mistakes.draw(false, 120);
        assert!(drawn.contains(message), "{drawn}");
        assert!(drawn.contains(remedy), "{drawn}");
    }
}
