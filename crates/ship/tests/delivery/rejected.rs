//! Records that will never be delivered: kept in a folder that people can read, within bounds, counted and told.

use std::path::Path;

use serde_json::Value;
use sockeye_ship::retry::RetryLimit;
use sockeye_ship::service::Service;

use super::act::Act;
use super::faults::records;
use super::lab::{Setup, record, service, websocket};
use super::server::Server;

fn keeping(folder: &Path, limit: &str) -> Service {
    let folder = folder.display().to_string();
    service(&[
        ("storage.keep.rejected", "on"),
        ("storage.rejected.path", &folder),
        ("storage.rejected.limit", limit),
    ])
}

fn lines(folder: &Path, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join(name)).unwrap();
    let line = |line: &str| serde_json::from_str(line).unwrap();
    text.lines().map(line).collect()
}

#[tokio::test]
async fn f54_a_record_that_the_server_refuses_can_be_looked_at_and_the_rest_is_delivered() {
    for code in [1007, 1008, 1009] {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::start(vec![Act::hating("\"n\":13}", code)]);
        let mut setup = Setup::to(&server, &[]);
        setup.service = keeping(folder.path(), "1M");
        let lab = setup.start();
        lab.bring(1).await;
        lab.delivers(1).await;
        lab.bring_bytes("app/../x", records(2..=20), 19).await;
        lab.delivers(20).await;
        let counters = lab.output();
        let (summary, log) = lab.stop().await;
        assert_eq!(summary.lost, 1);
        assert!(log.contains("records left out: 1"), "{log}");
        assert!(log.contains(&format!(
            "[error] [output:websocket.0] 127.0.0.1:{} closed the connection: {code}",
            server.address.port()
        )));
        let delivered: Vec<u64> = (1..=20).filter(|number| *number != 13).collect();
        assert_eq!(server.numbers(), delivered, "{log}");
        let kept = lines(folder.path(), "websocket.0.jsonl");
        assert_eq!(kept.len(), 1, "{code}: {kept:?}");
        assert_eq!(kept[0]["record"].to_string(), r#"{"n":13}"#);
        let hex: Vec<String> = record(13)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!(kept[0]["msgpack"], hex.concat());
        assert_eq!(kept[0]["time"], 1_700_000_000.0);
        assert_eq!(kept[0]["tag"], "app/../x");
        assert_eq!(kept[0]["input"], "fed.0");
        assert_eq!(kept[0]["output"], "websocket.0");
        let why = "the server has refused it, alone, and takes those behind";
        assert_eq!(kept[0]["why"], why);
        assert!(kept[0]["rejected"].as_str().unwrap().ends_with('Z'));
        assert_eq!(counters.dead_letters.get(), 1);
        assert_eq!(counters.rejected_kept.get(), 1);
        assert_eq!(counters.dropped_records.get(), 1);
    }
}

#[tokio::test]
async fn a_chunk_that_cannot_be_retried_is_kept_whole() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![Act::refusing("500 Oops")]);
    let mut setup = Setup::to(&server, &[]).retry_limit(RetryLimit::NoRetries);
    setup.service = keeping(folder.path(), "1M");
    let lab = setup.start();
    let receipt = lab.bring_bytes("fed.0", records(1..=3), 3).await;
    assert!(!receipt.safe().await, "it was given up");
    let counters = lab.output();
    let (summary, _) = lab.stop().await;
    assert_eq!((summary.lost, counters.rejected_kept.get()), (3, 3));
    let kept = lines(folder.path(), "websocket.0.jsonl");
    let numbers: Vec<String> = kept
        .iter()
        .map(|line| line["record"]["n"].to_string())
        .collect();
    assert_eq!(numbers, ["1", "2", "3"]);
    assert_eq!(kept[0]["why"], "is not retried (no retry config)");
}

/// `{"short_message": "x"}` is a GELF message, `{"n": 1}` is none.
#[tokio::test]
async fn a_record_that_the_format_cannot_say_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![Act::default()]);
    let mut setup = Setup::to(&server, &[("format", "gelf")]);
    setup.service = keeping(folder.path(), "1M");
    let lab = setup.start();
    let good = b"\x92\x92\xd7\x00\x65\x53\xf1\x00\x00\x00\x00\x00\x80\x81\xadshort_message\xa1x";
    let both = [good.as_slice(), &record(7)].concat();
    lab.bring_bytes("fed.0", both, 2).await;
    lab.delivers(2).await;
    lab.stop().await;
    assert_eq!(server.seen().messages.len(), 1);
    let kept = lines(folder.path(), "websocket.0.jsonl");
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(kept[0]["record"].to_string(), r#"{"n":7}"#);
    assert_eq!(kept[0]["why"], "no short_message for GELF's short_message");
}

#[tokio::test]
async fn the_folder_is_bounded_and_the_oldest_go() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![Act::default()]);
    let mut setup = Setup::to(&server, &[("format", "gelf")]);
    setup.service = keeping(folder.path(), "3000");
    let lab = setup.start();
    lab.bring_apart(1..=60).await;
    lab.delivers(60).await;
    let counters = lab.output();
    let (_, log) = lab.stop().await;
    assert_eq!(counters.rejected_kept.get(), 60);
    assert!(log.contains("the oldest are gone"), "{log}");
    let older = lines(folder.path(), "websocket.0.1.jsonl");
    let newer = lines(folder.path(), "websocket.0.jsonl");
    let kept = [older, newer].concat();
    let numbers: Vec<u64> = kept
        .iter()
        .map(|line| line["record"]["n"].as_u64().unwrap())
        .collect();
    assert_eq!(numbers.last(), Some(&60));
    let first = numbers[0];
    assert_eq!(numbers, (first..=60).collect::<Vec<_>>());
    let bytes = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().len();
    let size = bytes("websocket.0.1.jsonl") + bytes("websocket.0.jsonl");
    assert!((500..=3000).contains(&size), "{size}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[tokio::test]
async fn where_they_cannot_be_kept_that_is_told_and_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("rejected");
    let server = Server::start(vec![Act::hating("\"n\":2}", 1008)]);
    let mut setup = Setup::of(&[], &[websocket(&server, &[])]);
    setup.service = keeping(&inside, "1M");
    let lab = setup.start();
    std::fs::remove_dir(&inside).unwrap();
    lab.bring(1).await;
    lab.delivers(1).await;
    lab.bring(2).await;
    lab.bring(3).await;
    lab.delivers(3).await;
    let counters = lab.output();
    let (_, log) = lab.stop().await;
    assert_eq!(server.numbers(), [1, 3], "{log}");
    assert!(log.contains("rejected records cannot be kept in"), "{log}");
    assert_eq!(
        (counters.dead_letters.get(), counters.rejected_kept.get()),
        (1, 0)
    );
}
