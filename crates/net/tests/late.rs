//! Sessions that answer later: a bell rung on another thread, input that waits, a Close that waits.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use sockeye_net::{Bell, Drained, Ending, LinkSettings, Message, Outbox, Pace};

use crate::lab::{ECHO, Frame, Lab, Manners, POLITE, frame, soon};

/// The bells of sessions that think, by the name that the test gave them.
static BELLS: Mutex<Option<HashMap<String, Bell>>> = Mutex::new(None);

thread_local! {
    /// What the one session of this I/O thread will say when its bell rings.
    static THOUGHT: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn bells() -> MutexGuard<'static, Option<HashMap<String, Bell>>> {
    BELLS.lock().unwrap()
}

/// `busy NAME` and `full NAME` are answered when the bell of that name rings, all else at once.
const THOUGHTFUL: Manners = Manners {
    message: think,
    woken: answer,
    ..POLITE
};

fn think(message: Message<'_>, out: &mut Outbox<'_>) {
    let Message::Text(text) = message else { return };
    let pace = match text.split_once(' ') {
        Some(("busy", _)) => Pace::Busy,
        Some(("full", _)) => Pace::Full,
        _ => return out.text(text),
    };
    let name = text.split_once(' ').unwrap().1.to_owned();
    bells().get_or_insert_default().insert(name, out.bell());
    out.pace(pace);
    THOUGHT.with_borrow_mut(|thought| thought.push(text.to_owned()));
}

fn answer(out: &mut Outbox<'_>) {
    for text in THOUGHT.take() {
        out.text(&format!("late: {text}"));
    }
    out.pace(Pace::Ready);
}

/// Rings a bell on a thread of its own, once it is there.
async fn ring(name: &'static str) {
    let bell = soon("the bell", async {
        loop {
            if let Some(bell) = bells().get_or_insert_default().get(name) {
                return bell.clone();
            }
            tokio::task::yield_now().await;
        }
    });
    let bell = bell.await;
    std::thread::spawn(move || bell.ring()).join().unwrap();
}

fn messages(texts: &[&str]) -> Vec<u8> {
    texts
        .iter()
        .flat_map(|text| frame(0x81, text.as_bytes()))
        .collect()
}

#[tokio::test]
async fn a_bell_rung_on_another_thread_wakes_the_session() {
    let lab = Lab::with_settings(THOUGHTFUL, LinkSettings::default());
    let mut raw = lab.raw("/").await;
    for _ in 0..3 {
        raw.send(&messages(&["busy again", "now"])).await;
        assert_eq!(raw.frame().await, Frame::text("now"));
        ring("again").await;
        assert_eq!(raw.frame().await, Frame::text("late: busy again"));
    }
}

#[tokio::test]
async fn a_session_that_is_full_gets_no_message_until_it_says_so() {
    let lab = Lab::with_settings(THOUGHTFUL, LinkSettings::default());
    let mut raw = lab.raw("/").await;
    // Behind it in the same read, and in a later one.
    raw.send(&messages(&["full stop", "one"])).await;
    raw.send(&messages(&["two"])).await;
    ring("stop").await;
    for text in ["late: full stop", "one", "two"] {
        assert_eq!(raw.frame().await, Frame::text(text));
    }
}

#[tokio::test]
async fn what_others_send_does_not_wait_for_a_full_session() {
    let lab = Lab::with_settings(THOUGHTFUL, LinkSettings::default());
    let mut raw = lab.raw("/").await;
    raw.send(&messages(&["one", "full others"])).await;
    assert_eq!(raw.frame().await, Frame::text("one"));
    let news = sockeye_net::Frame::new(Message::Text("news"));
    lab.fanout().send(&sockeye_net::Audience::Everyone, &news);
    assert_eq!(raw.frame().await, Frame::text("news"));
    ring("others").await;
    assert_eq!(raw.frame().await, Frame::text("late: full others"));
}

#[tokio::test]
async fn a_close_waits_for_late_answers() {
    let mut lab = Lab::with_settings(THOUGHTFUL, LinkSettings::default());
    for (name, text) in [
        ("busy end", "late: busy end"),
        ("full end", "late: full end"),
    ] {
        let mut raw = lab.raw("/").await;
        raw.send(&messages(&[name])).await;
        raw.send(&frame(0x88, &1000_u16.to_be_bytes())).await;
        ring("end").await;
        assert_eq!(raw.frame().await, Frame::text(text));
        assert_eq!(raw.frame().await, Frame::text("bye"));
        assert_eq!(raw.frame().await, Frame::close(1000, ""));
        raw.end().await;
        bells().get_or_insert_default().remove("end");
        assert!(matches!(lab.ending().await, Ending::Peer(Some(_))));
    }
}

#[tokio::test]
async fn a_pong_that_waits_behind_a_full_session_is_no_ping_timeout() {
    let short = Duration::from_millis(20);
    let settings = LinkSettings {
        ping_interval: Some(short),
        pong_timeout: 2 * short,
        ..LinkSettings::default()
    };
    let lab = Lab::with_settings(THOUGHTFUL, settings);
    let mut raw = lab.raw("/").await;
    raw.send(&messages(&["full pong"])).await;
    for _ in 0..5 {
        let ping = raw.frame().await;
        assert_eq!(ping.first, 0x89, "{ping:?}");
    }
    ring("pong").await;
    let late = loop {
        let frame = raw.frame().await;
        if frame.first != 0x89 {
            break frame;
        }
    };
    assert_eq!(late, Frame::text("late: full pong"));
}

#[tokio::test]
async fn a_server_that_drains_does_not_wait_for_a_full_session() {
    let lab = Lab::with_settings(THOUGHTFUL, LinkSettings::default());
    let mut raw = lab.raw("/").await;
    raw.send(&messages(&["one", "full drain"])).await;
    assert_eq!(raw.frame().await, Frame::text("one"));
    let drained = tokio::spawn(lab.drain());
    assert_eq!(raw.frame().await, Frame::text("bye"));
    assert_eq!(
        raw.frame().await,
        Frame::close(1001, "server is shutting down")
    );
    raw.send(&frame(0x88, &1001_u16.to_be_bytes())).await;
    raw.end().await;
    assert_eq!(drained.await.unwrap(), Drained::All);
    ring("drain").await;
}

#[tokio::test]
async fn the_bell_of_a_link_that_is_gone_does_nothing() {
    let mut lab = Lab::with_settings(THOUGHTFUL, LinkSettings::default());
    let mut raw = lab.raw("/").await;
    raw.send(&messages(&["busy gone", "one"])).await;
    assert_eq!(raw.frame().await, Frame::text("one"));
    drop(raw);
    assert_eq!(lab.ending().await, Ending::Lost);
    ring("gone").await;
    let other = Lab::with_settings(ECHO, LinkSettings::default());
    let mut raw = other.raw("/").await;
    raw.send(&messages(&["still there"])).await;
    assert_eq!(raw.frame().await, Frame::text("still there"));
}
