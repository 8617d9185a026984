//! What outlives the process: levels of keeping, the lock, and what an earlier run has left.

use std::time::Duration;

use sockeye_core::Clock;
use sockeye_ship::engine::{Engine, Parts};
use sockeye_ship::report::Said;
use sockeye_ship::service::LogLevel;

use super::act::Act;
use super::lab::{Setup, eventually, service};
use super::server::Server;

#[tokio::test]
async fn what_a_killed_process_had_on_disk_is_sent_first_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![Act::refusing("500 Oops")]);
    let lab = Setup::to(&server, &[]).on_disk(folder.path()).start();
    for number in 1..=5 {
        let receipt = lab.bring(number).await;
        assert!(receipt.safe().await, "on disk is safe");
    }
    lab.says("500").await;
    lab.kill().await;
    server.stop().await;
    let server = Server::start(vec![Act::default()]);
    let lab = Setup::to(&server, &[]).on_disk(folder.path()).start();
    lab.bring(6).await;
    lab.delivers(6).await;
    let (summary, log) = lab.stop().await;
    assert_eq!(server.numbers(), [1, 2, 3, 4, 5, 6], "{log}");
    assert_eq!((summary.lost, summary.kept), (0, 0));
    assert!(
        log.contains("5 records of an earlier run are sent first"),
        "{log}"
    );
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 1, "only the lock is left");
}

#[tokio::test]
async fn b11_what_is_not_delivered_at_the_end_stays_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![Act::refusing("500 Oops")]);
    let setup = Setup::to(&server, &[]).service(&[("grace", "1")]);
    let lab = setup.on_disk(folder.path()).start();
    lab.bring(1).await;
    lab.bring(2).await;
    let (summary, log) = lab.stop().await;
    assert_eq!((summary.lost, summary.kept), (0, 2), "{log}");
    assert!(
        log.contains("2 records wait on disk for the next run"),
        "{log}"
    );
    let server = Server::start(vec![Act::default()]);
    let lab = Setup::to(&server, &[]).on_disk(folder.path()).start();
    lab.delivers(2).await;
    lab.stop().await;
    assert_eq!(server.numbers(), [1, 2]);
}

#[tokio::test]
async fn what_is_delivered_is_not_sent_again_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![Act::default()]);
    let lab = Setup::to(&server, &[]).on_disk(folder.path()).start();
    lab.bring_apart(1..=3).await;
    lab.delivers(3).await;
    lab.kill().await;
    let lab = Setup::to(&server, &[]).on_disk(folder.path()).start();
    lab.bring(4).await;
    lab.delivers(1).await;
    lab.stop().await;
    assert_eq!(server.numbers(), [1, 2, 3, 4]);
}

#[tokio::test]
async fn b17_a_chunk_that_is_tried_again_is_not_changed_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![Act::refusing("500 Oops")]);
    let lines = [("format", "msgpack"), ("compat", "fluentbit")];
    let lab = Setup::to(&server, &lines).on_disk(folder.path()).start();
    lab.bring(1).await;
    eventually("attempts", || server.seen().requests.len() >= 2).await;
    lab.kill().await;
    server.stop().await;
    let server = Server::start(vec![Act::default()]);
    let lab = Setup::to(&server, &[("format", "msgpack")])
        .on_disk(folder.path())
        .start();
    lab.delivers(1).await;
    lab.stop().await;
    assert_eq!(server.seen().messages[0].2, super::lab::record(1));
}

#[tokio::test]
async fn two_processes_do_not_share_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![Act::default()]);
    let lab = Setup::to(&server, &[]).on_disk(folder.path()).start();
    let mut second = service(&[]);
    second.storage.path = Some(folder.path().to_owned());
    let (log, _) = Said::log(LogLevel::Info);
    let refused = Engine::start(Parts::default(), &second, log, Clock::system()).unwrap_err();
    assert!(refused.is_storage_owned());
    let text = refused.to_string();
    assert!(
        text.contains(&format!("in use by process {}", std::process::id())),
        "{text}"
    );
    lab.stop().await;
}

#[tokio::test]
async fn a_torn_end_is_cut_off_and_told() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![Act::refusing("500 Oops")]);
    let lab = Setup::to(&server, &[]).on_disk(folder.path()).start();
    lab.bring_apart(1..=2).await;
    lab.kill().await;
    let segment = folder.path().join("0000000000000000.seg");
    let length = std::fs::metadata(&segment).unwrap().len();
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(&segment)
        .unwrap();
    file.set_len(length - 3).unwrap();
    let server = Server::start(vec![Act::default()]);
    let lab = Setup::to(&server, &[]).on_disk(folder.path()).start();
    lab.delivers(1).await;
    let (_, log) = lab.stop().await;
    assert_eq!(server.numbers(), [1]);
    assert!(
        log.contains("the end of 0000000000000000.seg was not written in full"),
        "{log}"
    );
}

#[tokio::test]
async fn the_oldest_on_disk_go_where_an_output_has_a_limit() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![
        Act {
            hangs: true,
            ..Act::default()
        },
        Act::default(),
    ]);
    let mut setup = Setup::to(&server, &[("handshake_timeout", "1")]);
    setup.outputs[0].rules.stored_bytes = Some(150);
    let lab = setup.on_disk(folder.path()).start();
    for number in 1..=10 {
        lab.bring(number).await;
        let counters = lab.output();
        eventually("handed on", || {
            counters.queued_records.get() + counters.dropped_records.get() == number
        })
        .await;
    }
    let dropped = lab.output().dropped_records.get();
    assert!((1..10).contains(&dropped), "{dropped}");
    lab.delivers(10 - dropped).await;
    let (_, log) = lab.stop().await;
    assert_eq!(
        server.numbers(),
        (dropped + 1..=10).collect::<Vec<_>>(),
        "{log}"
    );
    assert!(log.contains("storage.total_limit_size"), "{log}");
}

#[tokio::test]
async fn every_write_counts_where_sync_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(vec![Act::default()]);
    let lab = Setup::to(&server, &[])
        .service(&[("storage.sync", "full")])
        .on_disk(folder.path())
        .start();
    for number in 1..=5 {
        let receipt = lab.bring(number).await;
        assert_eq!(receipt.now(), Some(true));
    }
    lab.delivers(5).await;
    tokio::time::timeout(Duration::from_secs(20), lab.stop())
        .await
        .unwrap();
    assert_eq!(server.numbers(), [1, 2, 3, 4, 5]);
}
