//! Room for connections: who does not fit is told so, and fits when another one has gone.

use std::time::Duration;

use sockeye_net::Limits;

use crate::lab::{Frame, Lab, Raw, Setup, close_frame, frame};

#[tokio::test]
async fn a_full_server_says_so_and_has_room_again_when_a_link_ends() {
    let mut lab = Lab::start(Setup {
        limits: Limits {
            connections: 1,
            ..Limits::default()
        },
        ..Setup::default()
    });
    let mut first = lab.raw("/").await;
    let mut second = lab.connect().await;
    second.send(Raw::request("/", "").as_bytes()).await;
    let (head, body) = second.response().await;
    assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
    assert!(head.contains("\r\nretry-after: 1\r\n"), "{head}");
    assert_eq!(body, r#"{"error":"too many connections","limit":1}"#);
    first.send(&close_frame(1000)).await;
    assert_eq!(first.frame().await, Frame::close(1000, ""));
    drop(first);
    lab.ending().await;
    // The refused connection is still good for another try.
    second.upgrade("/").await;
    second.send(&frame(0x81, b"room")).await;
    assert_eq!(second.frame().await, Frame::text("room"));
    let totals = lab.counts().totals();
    assert_eq!((totals.opened, totals.ended, totals.rejected), (2, 1, 1));
}

/// The permit of a socket that became a link is free for the next one.
#[tokio::test]
async fn links_do_not_count_as_waiting_sockets() {
    let lab = Lab::start(Setup {
        limits: Limits {
            waiting_sockets: 1,
            head_deadline: Duration::from_mins(1),
            ..Limits::default()
        },
        ..Setup::default()
    });
    let mut links = Vec::new();
    for _ in 0..5 {
        links.push(lab.raw("/").await);
    }
    for link in &mut links {
        link.send(&frame(0x81, b"all open")).await;
        assert_eq!(link.frame().await, Frame::text("all open"));
    }
}

/// With one permit the second request is answered only when the first socket has lost its own.
#[tokio::test]
async fn a_socket_that_says_nothing_or_reads_nothing_gives_its_permit_back() {
    let lab = Lab::start(Setup {
        limits: Limits {
            waiting_sockets: 1,
            head_deadline: Duration::from_millis(200),
            write_timeout: Duration::from_millis(200),
            ..Limits::default()
        },
        ..Setup::default()
    });
    let _silent = lab.connect().await;
    let mut greedy = lab.connect().await;
    greedy
        .send(b"GET /big HTTP/1.1\r\nHost: here\r\n\r\n")
        .await;
    let mut third = lab.raw("/").await;
    third.send(&frame(0x81, b"my turn")).await;
    assert_eq!(third.frame().await, Frame::text("my turn"));
    greedy.gone().await;
}
