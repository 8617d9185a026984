//! What stands between a session and its wire: it sees every data message, holds, changes, cuts.

use std::collections::VecDeque;
use std::time::Duration;

use sockeye_net::{
    Arrival, Audience, Cut, Direction, Ending, Frame, LinkSettings, Message, OwnMessage, Shaper,
    Wire,
};
use sockeye_wire::CloseCode;
use tokio::time::Instant;

use crate::lab::{ECHO, Frame as Seen, Lab, Manners, close_frame, frame};

/// Does what the words of messages say.
#[derive(Debug, Default)]
struct ByWord {
    held: VecDeque<OwnMessage>,
    late: Vec<OwnMessage>,
    until: Option<Instant>,
}

fn cut_of(text: &str) -> Option<Cut> {
    Some(match text {
        "drop" => Cut::Drop,
        "reset" => Cut::Reset,
        "freeze" => Cut::Freeze,
        "close" => Cut::Close(CloseCode::POLICY),
        _ => return None,
    })
}

fn text<'m>(message: &Message<'m>) -> &'m str {
    match message {
        Message::Text(text) => text,
        Message::Binary(_) => "",
    }
}

impl Shaper for ByWord {
    fn inbound(&mut self, message: Message<'_>, wire: &mut Wire<'_>) -> Arrival {
        let text = text(&message);
        if let Some(cut) = cut_of(text) {
            wire.cut(cut);
            return Arrival::Instead(Vec::new());
        }
        match text {
            "nothing" => Arrival::Instead(Vec::new()),
            "two" => Arrival::Instead(vec![message.into(), OwnMessage::Binary(vec![2])]),
            "late" => {
                self.late.push(message.into());
                Arrival::Instead(Vec::new())
            }
            _ => Arrival::Pass,
        }
    }

    fn outbound(&mut self, message: Message<'_>, unprompted: bool, wire: &mut Wire<'_>) {
        match text(&message) {
            "hold" => self.held.push_back(message.into()),
            "soon" => {
                self.held.push_back(message.into());
                self.until = Some(Instant::now() + Duration::from_millis(50));
            }
            "raw" => wire.frames(message, |out| out.extend_from_slice(b"\x81\x03RAW")),
            "cut" => {
                wire.message(Message::Text("last"));
                wire.cut(Cut::Drop);
                wire.message(Message::Text("never"));
            }
            _ if unprompted => wire.message(Message::Text("unprompted")),
            _ => wire.message(message),
        }
    }

    fn release(&mut self, wire: &mut Wire<'_>) {
        self.until = None;
        self.flush(wire);
    }

    fn flush(&mut self, wire: &mut Wire<'_>) {
        for message in self.held.drain(..) {
            wire.message(message.as_message());
        }
    }

    fn late_arrivals(&mut self, all: bool) -> Vec<OwnMessage> {
        if all {
            std::mem::take(&mut self.late)
        } else {
            Vec::new()
        }
    }

    fn next(&self) -> Option<Instant> {
        self.until
    }

    /// Once something is to be released, until it is.
    fn is_full(&self) -> bool {
        self.until.is_some()
    }

    fn answers_ping(&mut self) -> bool {
        self.held.is_empty()
    }
}

const SHAPED: Manners = Manners {
    opened: |out| out.shape(Some(Box::<ByWord>::default())),
    message: |message, out| {
        if message == Message::Text("free") {
            out.shape(None);
        }
        out.message(message);
    },
    woken: |out| out.unprompted(|out| out.text("x")),
    goodbye: |out| out.text("bye"),
    ..ECHO
};

fn lab() -> Lab {
    let settings = LinkSettings {
        ping_interval: None,
        ..LinkSettings::default()
    };
    Lab::with_settings(SHAPED, settings)
}

#[tokio::test]
async fn what_is_written_is_what_counts_and_what_the_tap_shows() {
    let lab = lab();
    lab.tap().open(true);
    let mut raw = lab.raw("/").await;
    for word in ["a", "nothing", "two", "raw"] {
        raw.send(&frame(0x81, word.as_bytes())).await;
    }
    for wanted in [
        Seen::text("a"),
        Seen::text("two"),
        Seen::binary(&[2]),
        Seen::text("RAW"),
    ] {
        assert_eq!(raw.frame().await, wanted);
    }
    raw.send(&frame(0x89, b"")).await;
    assert_eq!(raw.frame().await, Seen::pong(b""));
    let totals = lab.link_counts()[0].totals();
    assert_eq!((totals.received, totals.sent), (4, 4));
    let out = lab.tapped().into_iter();
    let out: Vec<_> = out.filter(|(_, way, _)| *way == Direction::Out).collect();
    assert_eq!(out.len(), 5, "four messages and the pong: {out:?}");
    let news = Frame::new(Message::Text("news"));
    lab.fanout().send(&Audience::Everyone, &news);
    assert_eq!(
        raw.frame().await,
        Seen::text("unprompted"),
        "not by the peer"
    );
}

#[tokio::test]
async fn what_is_held_goes_out_before_a_close_or_when_its_time_has_come() {
    let lab = lab();
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x81, b"hold")).await;
    raw.send(&frame(0x89, b"unanswered")).await;
    raw.send(&frame(0x81, b"late")).await;
    raw.send(&close_frame(1000)).await;
    assert_eq!(raw.frame().await, Seen::text("late"));
    assert_eq!(raw.frame().await, Seen::text("bye"));
    assert_eq!(raw.frame().await, Seen::text("hold"));
    assert_eq!(raw.frame().await, Seen::close(1000, ""));
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x81, b"soon")).await;
    raw.send(&frame(0x81, b"not read meanwhile")).await;
    assert_eq!(raw.frame().await, Seen::text("soon"));
    assert_eq!(raw.frame().await, Seen::text("not read meanwhile"));
    raw.send(&frame(0x81, b"hold")).await;
    raw.send(&frame(0x81, b"free")).await;
    assert_eq!(raw.frame().await, Seen::text("hold"), "it is flushed");
    assert_eq!(raw.frame().await, Seen::text("free"));
    raw.send(&frame(0x81, b"drop")).await;
    assert_eq!(
        raw.frame().await,
        Seen::text("drop"),
        "nothing stands there"
    );
}

#[tokio::test]
async fn a_link_can_be_cut_in_every_way() {
    let mut lab = lab();
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x81, b"drop")).await;
    raw.end().await;
    assert_eq!(lab.ending().await, Ending::Cut);
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x81, b"cut")).await;
    assert_eq!(raw.frame().await, Seen::text("last"));
    raw.end().await;
    assert_eq!(lab.ending().await, Ending::Cut);
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x81, b"reset")).await;
    assert_eq!(lab.ending().await, Ending::Cut);
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x81, b"close")).await;
    assert_eq!(raw.frame().await, Seen::text("bye"));
    assert_eq!(raw.frame().await, Seen::close(1008, ""));
    raw.send(&close_frame(1008)).await;
    assert_eq!(lab.ending().await, Ending::Session(CloseCode::POLICY));
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x81, b"freeze")).await;
    raw.send(&frame(0x81, b"unread")).await;
    drop(raw);
    assert_eq!(lab.ending().await, Ending::Cut);
}
