//! Sessions and applications that panic end their own connection and nothing else.

use std::time::Duration;

use sockeye_net::{Ending, LinkSettings, Message};

use crate::lab::{ECHO, Frame, Lab, Manners, Raw, close_frame, frame};

const TOLD: (u16, &str) = (1011, "internal error");

/// A server whose sessions panic somewhere, and a link on the same thread that must not notice.
async fn lab_and_witness(manners: Manners) -> (Lab, Raw) {
    let settings = LinkSettings {
        ping_interval: None,
        idle_timeout: None,
        ..LinkSettings::default()
    };
    let lab = Lab::with_settings(manners, settings);
    let witness = lab.raw("/echo").await;
    (lab, witness)
}

async fn still_echoes(mut witness: Raw) {
    witness.send(&frame(0x81, b"what was that?")).await;
    assert_eq!(witness.frame().await, Frame::text("what was that?"));
}

/// Expects 1011, the end, and counts without a gap.
async fn ends_alone(mut lab: Lab, mut raw: Raw, witness: Raw) {
    assert_eq!(raw.frame().await, Frame::close(TOLD.0, TOLD.1));
    raw.end().await;
    drop(raw);
    assert_eq!(lab.ending().await, Ending::Panicked);
    let totals = lab.counts().totals();
    assert_eq!((totals.opened, totals.ended), (2, 1));
    still_echoes(witness).await;
}

#[tokio::test]
async fn f63_in_opened() {
    let manners = Manners {
        opened: |_| panic!("in opened"),
        ..ECHO
    };
    let (lab, witness) = lab_and_witness(manners).await;
    let raw = lab.raw("/").await;
    ends_alone(lab, raw, witness).await;
}

#[tokio::test]
async fn f63_in_message_after_what_was_said_before() {
    let manners = Manners {
        message: |message, out| {
            out.message(message);
            assert!(message != Message::Text("panic"), "in message");
        },
        ..ECHO
    };
    let (lab, witness) = lab_and_witness(manners).await;
    let mut raw = lab.raw("/").await;
    let frames = [
        frame(0x81, b"fine"),
        frame(0x81, b"panic"),
        frame(0x81, b"too late"),
    ];
    raw.send(&frames.concat()).await;
    assert_eq!(raw.frame().await, Frame::text("fine"));
    assert_eq!(raw.frame().await, Frame::text("panic"));
    ends_alone(lab, raw, witness).await;
}

const PANICS_IN_GOODBYE: Manners = Manners {
    message: |_, out| out.close(sockeye_wire::CloseCode::NORMAL, ""),
    goodbye: |_| panic!("in goodbye"),
    ..ECHO
};

#[tokio::test]
async fn f63_in_goodbye_when_the_peer_closes() {
    let (lab, witness) = lab_and_witness(PANICS_IN_GOODBYE).await;
    let mut raw = lab.raw("/").await;
    raw.send(&close_frame(1000)).await;
    ends_alone(lab, raw, witness).await;
}

#[tokio::test]
async fn f63_in_goodbye_when_the_session_closes() {
    let (lab, witness) = lab_and_witness(PANICS_IN_GOODBYE).await;
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x81, b"close")).await;
    ends_alone(lab, raw, witness).await;
}

#[tokio::test]
async fn f63_in_goodbye_when_the_server_closes() {
    let settings = LinkSettings {
        idle_timeout: Some(Duration::from_millis(50)),
        ..LinkSettings::default()
    };
    let mut lab = Lab::with_settings(PANICS_IN_GOODBYE, settings);
    let mut raw = lab.raw("/").await;
    assert_eq!(raw.frame().await, Frame::close(TOLD.0, TOLD.1));
    raw.end().await;
    drop(raw);
    assert_eq!(lab.ending().await, Ending::Panicked);
}

#[tokio::test]
async fn f63_in_written_after_what_was_said() {
    let manners = Manners {
        written: |_| panic!("in written"),
        ..ECHO
    };
    let lab = Lab::with_settings(manners, LinkSettings::default());
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x81, b"fine")).await;
    assert_eq!(raw.frame().await, Frame::text("fine"));
    // The thread goes on: another link on it opens, and meets the same end.
    let mut other = lab.raw("/").await;
    other.send(&frame(0x81, b"fine")).await;
    assert_eq!(other.frame().await, Frame::text("fine"));
    for mut raw in [raw, other] {
        assert_eq!(raw.frame().await, Frame::close(TOLD.0, TOLD.1));
        raw.end().await;
    }
}

#[tokio::test]
async fn f63_in_ended() {
    let manners = Manners {
        ended: || panic!("in ended"),
        ..ECHO
    };
    let (mut lab, witness) = lab_and_witness(manners).await;
    let mut raw = lab.raw("/").await;
    raw.send(&close_frame(1000)).await;
    assert_eq!(raw.frame().await, Frame::close(1000, ""));
    raw.end().await;
    drop(raw);
    lab.ending().await;
    let totals = lab.counts().totals();
    assert_eq!((totals.opened, totals.ended), (2, 1));
    still_echoes(witness).await;
}

#[tokio::test]
async fn f63_before_there_is_a_session() {
    let (lab, witness) = lab_and_witness(ECHO).await;
    let mut raw = lab.raw("/panic-start").await;
    assert_eq!(raw.frame().await, Frame::close(TOLD.0, TOLD.1));
    raw.end().await;
    assert_eq!(lab.counts().totals().opened, 1);
    still_echoes(witness).await;
}

#[tokio::test]
async fn f63_in_the_answer_to_a_request() {
    let (lab, witness) = lab_and_witness(ECHO).await;
    let mut raw = lab.connect().await;
    raw.send(Raw::request("/panic-answer", "").as_bytes()).await;
    let (head, body) = raw.response().await;
    assert!(head.starts_with("HTTP/1.1 500 "), "{head}");
    assert_eq!(body, r#"{"error":"internal error"}"#);
    raw.upgrade("/echo").await;
    still_echoes(raw).await;
    still_echoes(witness).await;
}
