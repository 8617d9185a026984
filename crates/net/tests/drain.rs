//! The end of a server: goodbyes, 1001 for everybody, and no waiting for those who do not answer.

use std::collections::HashMap;
use std::time::Duration;

use sockeye_net::{Drained, Ending, Limits, LinkSettings, Received};
use sockeye_wire::CloseCode;
use tokio::net::TcpStream;

use crate::lab::{ECHO, Frame, Lab, POLITE, Raw, Seen, Setup, close_frame, frame, soon};

#[tokio::test]
async fn every_link_of_every_thread_gets_a_goodbye_and_1001() {
    let lab = Lab::start(Setup {
        manners: POLITE,
        threads: 2,
        ..Setup::default()
    });
    let address = lab.address();
    let mut links = Vec::new();
    for _ in 0..20 {
        links.push(lab.dial("/").await);
    }
    let counts = lab.counts();
    let (server, mut events) = lab.split();
    let draining = tokio::spawn(server.drain());
    for link in &mut links {
        for expected in [
            Received::Text("bye".to_owned()),
            Received::Close(Some((
                CloseCode::GOING_AWAY,
                "server is shutting down".to_owned(),
            ))),
            Received::End,
        ] {
            assert_eq!(soon("an event", link.receive()).await.unwrap(), expected);
        }
    }
    assert!(TcpStream::connect(address).await.is_err(), "still listens");
    drop(links);
    let drained = soon("the end", draining).await.unwrap();
    assert_eq!(drained, Drained::All);
    let mut threads: HashMap<String, u32> = HashMap::new();
    let mut endings = 0;
    while let Ok((_, seen)) = events.try_recv() {
        match seen {
            Seen::Opened(thread) => *threads.entry(thread).or_default() += 1,
            Seen::Ended(ending) => {
                assert_eq!(ending, Ending::Drained);
                endings += 1;
            }
            Seen::Goodbye => {}
        }
    }
    assert_eq!(endings, 20);
    let shared = HashMap::from([("io-0".to_owned(), 10), ("io-1".to_owned(), 10)]);
    assert_eq!(threads, shared, "the threads share the links");
    let totals = counts.totals();
    assert_eq!((totals.opened, totals.ended, totals.sent), (20, 20, 20));
}

#[tokio::test]
async fn an_empty_server_drains_at_once_and_so_do_waiting_sockets() {
    let lab = Lab::start(Setup::default());
    let mut waiting = lab.connect().await;
    waiting
        .send(b"GET /http HTTP/1.1\r\nHost: here\r\n\r\n")
        .await;
    waiting.response().await;
    assert_eq!(lab.drain().await, Drained::All);
    waiting.end().await;
}

#[tokio::test]
async fn a_peer_that_never_closes_is_dropped_in_the_end() {
    let lab = Lab::start(Setup {
        settings: LinkSettings {
            close_timeout: Duration::from_mins(1),
            ..LinkSettings::default()
        },
        limits: Limits {
            drain: Duration::from_millis(200),
            ..Limits::default()
        },
        ..Setup::default()
    });
    let mut raw = lab.raw("/").await;
    let counts = lab.counts();
    let (server, mut events) = lab.split();
    let drained = soon("the end", server.drain()).await;
    assert_eq!(drained, Drained::Some);
    let close = Frame::close(1001, "server is shutting down");
    assert_eq!(raw.frame().await, close);
    raw.end().await;
    let mut last = events.try_recv().unwrap();
    while let Ok(event) = events.try_recv() {
        last = event;
    }
    assert_eq!(last, (1, Seen::Ended(Ending::Drained)));
    let totals = counts.totals();
    assert_eq!((totals.opened, totals.ended), (1, 1));
}

/// The application would still have opened it.
#[tokio::test]
async fn a_request_under_way_is_refused() {
    let mut lab = Lab::polite();
    let mut witness = lab.raw("/").await;
    let mut late = lab.connect().await;
    let requests = ["/http", "/gate"].map(|path| Raw::request(path, ""));
    late.send(requests.concat().as_bytes()).await;
    // Answered in order: the second request is read when the first response is there.
    late.response().await;
    witness.send(&frame(0x81, b"hi")).await;
    assert_eq!(witness.frame().await, Frame::text("hi"));
    assert!(matches!(lab.seen().await.1, Seen::Opened(_)));
    let open_gate = lab.open_gate();
    let (server, mut events) = lab.split();
    let draining = tokio::spawn(server.drain());
    let goodbye = soon("a goodbye", events.recv()).await;
    assert_eq!(goodbye, Some((1, Seen::Goodbye)));
    open_gate();
    let (head, body) = late.response().await;
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
    assert!(head.contains("\r\nconnection: close\r\n"), "{head}");
    assert_eq!(body, r#"{"error":"the server is shutting down"}"#);
    late.end().await;
    assert_eq!(witness.frame().await, Frame::text("bye"));
    let close = Frame::close(1001, "server is shutting down");
    assert_eq!(witness.frame().await, close);
    witness.send(&close_frame(1001)).await;
    witness.end().await;
    drop((late, witness));
    let drained = soon("the end", draining).await.unwrap();
    assert_eq!(drained, Drained::All);
}

#[tokio::test]
async fn a_server_that_is_dropped_closes_everything() {
    let mut lab = Lab::with_settings(ECHO, LinkSettings::default());
    let address = lab.address();
    let mut raw = lab.raw("/").await;
    lab.seen().await;
    let (server, mut events) = lab.split();
    drop(server);
    raw.gone().await;
    let ended = soon("the end", events.recv()).await;
    assert_eq!(ended, Some((1, Seen::Ended(Ending::Lost))));
    // The listener goes when the runtime comes to it, and tells nobody.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}
