//! What a tap shows, and the counts of a single link.

use std::time::Duration;

use sockeye_net::{Direction, Frame, LinkSettings, Message};

use crate::lab::{Frame as Wire, Lab, POLITE, Seen, Setup, frame};

#[tokio::test]
async fn a_tap_shows_what_passes_both_ways_while_it_is_open() {
    let lab = Lab::start(Setup {
        manners: POLITE,
        ..Setup::default()
    });
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x81, b"unseen")).await;
    assert_eq!(raw.frame().await, Wire::text("unseen"));
    lab.tap().open(true);
    raw.send(&frame(0x81, b"text")).await;
    assert_eq!(raw.frame().await, Wire::text("text"));
    raw.send(&frame(0x82, &[1, 2])).await;
    assert_eq!(raw.frame().await, Wire::binary(&[1, 2]));
    let news = Frame::new(Message::Text("news"));
    lab.fanout().send(&sockeye_net::Audience::Everyone, &news);
    assert_eq!(raw.frame().await, Wire::text("news"));
    lab.tap().open(false);
    raw.send(&frame(0x88, b"")).await;
    assert_eq!(raw.frame().await, Wire::text("bye"));
    let (way_in, way_out) = (Direction::In, Direction::Out);
    let seen = lab.tapped();
    let wanted: [(Direction, &[u8]); 5] = [
        (way_in, b"text"),
        (way_out, b"text"),
        (way_in, &[1, 2]),
        (way_out, &[1, 2]),
        (way_out, b"news"),
    ];
    let wanted = wanted.map(|(way, bytes)| (1, way, bytes.to_vec()));
    assert_eq!(seen, wanted);
}

#[tokio::test]
async fn a_tap_shows_control_frames_in_their_order() {
    let lab = Lab::start(Setup {
        manners: POLITE,
        ..Setup::default()
    });
    lab.tap().open(true);
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x89, b"are you there")).await;
    assert_eq!(raw.frame().await, Wire::pong(b"are you there"));
    raw.send(&frame(0x8a, b"unasked")).await;
    raw.send(&frame(0x88, &[0x0f, 0xa1, b'w', b'h', b'y']))
        .await;
    assert_eq!(raw.frame().await, Wire::text("bye"));
    assert_eq!(raw.frame().await, Wire::close(4001, ""));
    let (way_in, way_out) = (Direction::In, Direction::Out);
    let wanted: [(Direction, &[u8]); 6] = [
        (way_in, b"ping are you there"),
        (way_out, b"pong are you there"),
        (way_in, b"pong unasked"),
        (way_in, b"close 4001 why"),
        (way_out, b"bye"),
        (way_out, b"close 4001 "),
    ];
    let wanted = wanted.map(|(way, bytes)| (1, way, bytes.to_vec()));
    assert_eq!(lab.tapped(), wanted);
}

#[tokio::test]
async fn a_tap_shows_the_closes_and_pings_of_the_server() {
    let lab = Lab::start(Setup {
        settings: LinkSettings {
            ping_interval: Some(Duration::from_millis(20)),
            ..LinkSettings::default()
        },
        ..Setup::default()
    });
    lab.tap().open(true);
    let mut raw = lab.raw("/").await;
    let Wire { payload, .. } = raw.frame().await;
    raw.send(&frame(0x81, &[0xff])).await;
    let closing = loop {
        let next = raw.frame().await;
        if next.first == 0x88 {
            break next;
        }
    };
    let seen = lab.tapped();
    assert_eq!(seen[0], (1, Direction::Out, [b"ping ", &*payload].concat()));
    let reason = String::from_utf8_lossy(&closing.payload[2..]).into_owned();
    let told = format!("close 1007 {reason}").into_bytes();
    assert_eq!(seen.last(), Some(&(1, Direction::Out, told)));
}

#[tokio::test]
async fn a_link_counts_for_itself() {
    let mut lab = Lab::start(Setup::default());
    let mut one = lab.raw("/").await;
    assert!(matches!(lab.seen().await, (1, Seen::Opened(_))));
    let mut two = lab.raw("/").await;
    assert!(matches!(lab.seen().await, (2, Seen::Opened(_))));
    let counts = lab.link_counts();
    assert_eq!(counts[0].silent_for(), None);
    one.send(&frame(0x81, b"abc")).await;
    assert_eq!(one.frame().await, Wire::text("abc"));
    two.send(&frame(0x89, b"no data")).await;
    assert_eq!(two.frame().await, Wire::pong(b"no data"));
    // The counts are added when the turn is over.
    one.send(&frame(0x89, b"")).await;
    assert_eq!(one.frame().await, Wire::pong(b""));
    let totals = counts[0].totals();
    assert_eq!((totals.received, totals.sent), (1, 1));
    assert_eq!((totals.bytes_received, totals.bytes_sent), (3, 3));
    assert!(counts[0].silent_for().is_some());
    assert_eq!(counts[1].totals(), sockeye_net::Totals::default());
}
