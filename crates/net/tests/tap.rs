//! What a tap shows, and the counts of a single link.

use sockeye_net::{Direction, Frame, Message};

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
