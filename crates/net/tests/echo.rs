//! Messages of all kinds and sizes come back as they were sent, however their bytes arrive.

use futures_util::{SinkExt as _, StreamExt as _};
use sockeye_net::{Ending, Received};
use sockeye_wire::CloseCode;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode as TheirCode;

use crate::lab::{Frame, Lab, Setup, close_frame, frame, soon};

#[tokio::test]
async fn every_kind_and_size_comes_back() {
    let mut lab = Lab::start(Setup::default());
    let mut link = lab.dial("/").await;
    for size in [0, 1, 125, 126, 65_535, 65_536, 1 << 20] {
        let text: String = "aé€😀".chars().cycle().take(size / 4).collect();
        link.send_text(&text).await.unwrap();
        let received = soon("an echo", link.receive()).await.unwrap();
        assert!(received == Received::Text(text), "text of {size} bytes");
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(size).collect();
        link.send_binary(&bytes).await.unwrap();
        let received = soon("an echo", link.receive()).await.unwrap();
        assert!(received == Received::Binary(bytes), "{size} bytes");
    }
    link.ping(b"are you there").await.unwrap();
    let received = soon("a pong", link.receive()).await.unwrap();
    assert_eq!(received, Received::Pong(b"are you there".to_vec()));
    link.close(CloseCode::NORMAL, "enough").await.unwrap();
    let received = soon("a Close", link.receive()).await.unwrap();
    assert_eq!(
        received,
        Received::Close(Some((CloseCode::NORMAL, String::new())))
    );
    let received = soon("the end", link.receive()).await.unwrap();
    assert_eq!(received, Received::End);
    assert_eq!(lab.ending().await, Ending::Peer(Some(CloseCode::NORMAL)));
}

#[tokio::test]
async fn a_ping_between_fragments_is_answered_before_the_message() {
    let lab = Lab::start(Setup::default());
    let mut raw = lab.raw("/").await;
    let fragments = [
        frame(0x01, b"one "),
        frame(0x00, b"two "),
        frame(0x89, b"ping"),
        frame(0x00, b""),
        frame(0x80, b"three"),
    ];
    raw.send(&fragments.concat()).await;
    assert_eq!(raw.frame().await, Frame::pong(b"ping"));
    assert_eq!(raw.frame().await, Frame::text("one two three"));
}

/// The first echo proves that the first part was read before the second is sent.
#[tokio::test]
async fn messages_may_be_cut_at_every_byte() {
    let lab = Lab::start(Setup::default());
    let mut raw = lab.raw("/").await;
    let long = "€".repeat(100);
    let bytes = [
        frame(0x81, "hé".as_bytes()),
        frame(0x02, b"frag"),
        frame(0x80, b"ment"),
        frame(0x81, long.as_bytes()),
    ]
    .concat();
    for cut in 0..=bytes.len() {
        let (now, later) = bytes.split_at(cut);
        let first = frame(0x81, b"first");
        raw.send(&[&first, now].concat()).await;
        assert_eq!(raw.frame().await, Frame::text("first"));
        raw.send(later).await;
        assert_eq!(raw.frame().await, Frame::text("hé"), "cut at {cut}");
        assert_eq!(
            raw.frame().await,
            Frame::binary(b"fragment"),
            "cut at {cut}"
        );
        assert_eq!(raw.frame().await, Frame::text(&long), "cut at {cut}");
    }
}

#[tokio::test]
async fn a_client_that_is_not_ours_is_understood() {
    let mut lab = Lab::polite();
    let url = format!("ws://{}/", lab.address());
    let (mut socket, _) = connect_async(url).await.unwrap();
    for message in [
        Message::text("héllo"),
        Message::text(""),
        Message::binary(vec![0xFF; 100_000]),
    ] {
        socket.send(message.clone()).await.unwrap();
        let echo = soon("an echo", socket.next()).await.unwrap().unwrap();
        assert!(echo == message);
    }
    socket.send(Message::Ping(vec![1, 2, 3])).await.unwrap();
    let pong = soon("a pong", socket.next()).await.unwrap().unwrap();
    assert_eq!(pong, Message::Pong(vec![1, 2, 3]));
    let close = CloseFrame {
        code: TheirCode::Library(4321),
        reason: "done".into(),
    };
    socket.close(Some(close)).await.unwrap();
    let goodbye = soon("a goodbye", socket.next()).await.unwrap().unwrap();
    assert_eq!(goodbye, Message::text("bye"));
    let answer = soon("a Close", socket.next()).await.unwrap().unwrap();
    let Message::Close(Some(answer)) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(u16::from(answer.code), 4321);
    assert!(soon("the end", socket.next()).await.is_none());
    assert_eq!(lab.ending().await, Ending::Peer(CloseCode::new(4321)));
}

#[tokio::test]
async fn counts_are_exact() {
    let mut lab = Lab::start(Setup::default());
    let mut raw = lab.raw("/").await;
    let frames = [
        frame(0x81, b"four"),
        frame(0x89, b"not counted"),
        frame(0x02, b"fi"),
        frame(0x80, b"ve!"),
        close_frame(1000),
        frame(0x81, b"behind the Close: ignored"),
    ];
    raw.send(&frames.concat()).await;
    assert_eq!(raw.frame().await, Frame::text("four"));
    assert_eq!(raw.frame().await, Frame::pong(b"not counted"));
    assert_eq!(raw.frame().await, Frame::binary(b"five!"));
    assert_eq!(raw.frame().await, Frame::close(1000, ""));
    raw.end().await;
    drop(raw);
    assert_eq!(lab.ending().await, Ending::Peer(Some(CloseCode::NORMAL)));
    let totals = lab.counts().totals();
    assert_eq!((totals.opened, totals.ended, totals.rejected), (1, 1, 0));
    assert_eq!((totals.received, totals.bytes_received), (2, 9));
    assert_eq!((totals.sent, totals.bytes_sent), (2, 9));
}
