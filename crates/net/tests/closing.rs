//! Every order in which a link can close: who says Close first, what comes before it and after.

use std::time::Duration;

use sockeye_net::{Ending, LinkSettings, Message, Received};
use sockeye_wire::CloseCode;

use crate::lab::{ECHO, Frame, Lab, Manners, POLITE, Seen, Setup, close_frame, frame, soon};

/// Sessions that close at the message "close" and echo anything else.
const CLOSER: Manners = Manners {
    message: |message, out| match message {
        Message::Text("close") => {
            out.text("as you wish");
            out.close(CloseCode::new(4000).unwrap(), "asked to");
            out.close(CloseCode::NORMAL, "the first call counts");
        }
        _ => out.message(message),
    },
    ..POLITE
};

#[tokio::test]
async fn the_goodbye_comes_before_the_answer_to_a_close() {
    let mut lab = Lab::polite();
    let mut raw = lab.raw("/").await;
    raw.send(&close_frame(4001)).await;
    assert_eq!(raw.frame().await, Frame::text("bye"));
    assert_eq!(raw.frame().await, Frame::close(4001, ""));
    raw.end().await;
    drop(raw);
    assert_eq!(lab.seen().await, (1, Seen::Opened("io-0".to_owned())));
    assert_eq!(lab.seen().await, (1, Seen::Goodbye));
    let ending = Ending::Peer(CloseCode::new(4001));
    assert_eq!(lab.seen().await, (1, Seen::Ended(ending)));
}

#[tokio::test]
async fn a_close_without_a_code_is_answered_without_one() {
    let mut lab = Lab::start(Setup::default());
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x88, b"")).await;
    let close = raw.frame().await;
    assert_eq!((close.first, close.payload.as_slice()), (0x88, &b""[..]));
    raw.end().await;
    drop(raw);
    assert_eq!(lab.ending().await, Ending::Peer(None));
}

#[tokio::test]
async fn a_session_closes_when_it_opens() {
    let mut lab = Lab::start(Setup {
        manners: Manners {
            opened: |out| {
                out.text("not today");
                out.close(CloseCode::TRY_AGAIN, "closed on Sundays");
            },
            ..POLITE
        },
        ..Setup::default()
    });
    let mut link = lab.dial("/").await;
    for expected in [
        Received::Text("not today".to_owned()),
        Received::Text("bye".to_owned()),
        Received::Close(Some((CloseCode::TRY_AGAIN, "closed on Sundays".to_owned()))),
        Received::End,
    ] {
        assert_eq!(soon("an event", link.receive()).await.unwrap(), expected);
    }
    assert_eq!(lab.ending().await, Ending::Session(CloseCode::TRY_AGAIN));
}

#[tokio::test]
async fn a_session_closes_at_a_message_and_hears_no_other() {
    let mut lab = Lab::start(Setup {
        manners: CLOSER,
        ..Setup::default()
    });
    let mut raw = lab.raw("/").await;
    let frames = [
        frame(0x81, b"one"),
        frame(0x81, b"close"),
        frame(0x81, b"two"),
        frame(0x89, b"no pong either"),
    ];
    raw.send(&frames.concat()).await;
    assert_eq!(raw.frame().await, Frame::text("one"));
    assert_eq!(raw.frame().await, Frame::text("as you wish"));
    assert_eq!(raw.frame().await, Frame::text("bye"));
    assert_eq!(raw.frame().await, Frame::close(4000, "asked to"));
    let frames = [frame(0x81, b"three"), close_frame(4000)];
    raw.send(&frames.concat()).await;
    raw.end().await;
    drop(raw);
    let ending = Ending::Session(CloseCode::new(4000).unwrap());
    assert_eq!(lab.ending().await, ending);
    assert_eq!(lab.counts().totals().received, 2);
}

#[tokio::test]
async fn a_peer_that_does_not_answer_our_close_is_dropped() {
    let settings = LinkSettings {
        // Comes due while the answer is awaited, and is no longer sent.
        ping_interval: Some(Duration::from_millis(100)),
        close_timeout: Duration::from_millis(300),
        ..LinkSettings::default()
    };
    let closes = Manners {
        opened: |out| out.close(CloseCode::NORMAL, ""),
        ..ECHO
    };
    let mut lab = Lab::with_settings(closes, settings);
    let mut raw = lab.raw("/").await;
    assert_eq!(raw.frame().await, Frame::close(1000, ""));
    raw.end().await;
    assert_eq!(lab.ending().await, Ending::Session(CloseCode::NORMAL));
}

#[tokio::test]
async fn a_peer_that_vanishes_is_lost_and_gets_no_goodbye() {
    let mut lab = Lab::polite();
    let raw = lab.raw("/").await;
    drop(raw);
    assert_eq!(lab.seen().await, (1, Seen::Opened("io-0".to_owned())));
    assert_eq!(lab.seen().await, (1, Seen::Ended(Ending::Lost)));
}

#[tokio::test]
async fn a_peer_that_resets_is_lost() {
    let mut lab = Lab::polite();
    let raw = lab.raw("/").await;
    raw.socket.set_zero_linger().unwrap();
    drop(raw);
    assert_eq!(lab.ending().await, Ending::Lost);
}
