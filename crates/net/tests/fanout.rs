//! What reaches a link from outside: messages of others, word of a change, a time that has come.

use std::time::Duration;

use sockeye_net::{
    Audience, Conversation, Ending, Frame, LinkSettings, Message, Outbox, Received, WhenBehind,
};
use tokio::time::Instant;

use crate::lab::{ECHO, Lab, Manners, Setup, soon};

/// `join G`, `leave G`, `say G TEXT`, `all TEXT`, `flood G N`; everything is acknowledged.
const CHATTY: Manners = Manners {
    message: obey,
    ..ECHO
};

fn obey(message: Message<'_>, out: &mut Outbox<'_>) {
    let Message::Text(text) = message else { return };
    let words: Vec<&str> = text.splitn(3, ' ').collect();
    let group = |name: &str| Audience::Group(name.into());
    let text = |text: &str| Frame::new(Message::Text(text));
    let result = match words.as_slice() {
        ["join", name] => usize::from(out.join(name)),
        ["leave", name] => {
            out.leave(name);
            out.groups().len()
        }
        ["say", name, said] => out.broadcast(&group(name), &text(said)),
        ["all", said] => out.broadcast(&Audience::Everyone, &text(said)),
        ["flood", name, count] => {
            for number in 0..count.parse().unwrap() {
                out.broadcast(&group(name), &text(&format!("{number:0>100}")));
            }
            0
        }
        other => panic!("{other:?}"),
    };
    out.text(&format!("= {result}"));
}

fn lab(threads: usize) -> Lab {
    Lab::start(Setup {
        manners: CHATTY,
        threads,
        ..Setup::default()
    })
}

async fn text(client: &mut Conversation) -> String {
    match soon("a message", client.receive()).await.unwrap() {
        Received::Text(text) => text,
        other => panic!("{other:?} instead of a text"),
    }
}

async fn ask(client: &mut Conversation, command: &str) -> String {
    client.send_text(command).await.unwrap();
    text(client).await
}

#[tokio::test]
async fn a_group_hears_its_members_on_all_threads_the_sender_first() {
    let lab = lab(2);
    let mut members = Vec::new();
    for _ in 0..4 {
        let mut client = lab.dial("/").await;
        assert_eq!(ask(&mut client, "join a").await, "= 1");
        members.push(client);
    }
    let mut stranger = lab.dial("/").await;
    assert_eq!(ask(&mut stranger, "join b").await, "= 1");

    let [first, others @ ..] = members.as_mut_slice() else {
        unreachable!()
    };
    assert_eq!(
        ask(first, "say a hello").await,
        "hello",
        "before its own answer"
    );
    assert_eq!(text(first).await, "= 4");
    for client in others {
        assert_eq!(text(client).await, "hello");
    }
    assert_eq!(
        ask(&mut stranger, "say a psst").await,
        "= 4",
        "it is no member itself"
    );
    for client in &mut members {
        assert_eq!(text(client).await, "psst");
    }
    assert_eq!(ask(&mut stranger, "say nobody hello").await, "= 0");
    let frame = Frame::new(Message::Binary(b"\x00"));
    assert_eq!(lab.fanout().send(&Audience::Everyone, &frame), 5);
    for client in members.iter_mut().chain([&mut stranger]) {
        let received = soon("a message", client.receive()).await.unwrap();
        assert_eq!(received, Received::Binary(vec![0]));
    }
}

#[tokio::test]
async fn leaving_and_ending_leave_nothing_behind() {
    let mut lab = lab(1);
    let fanout = lab.fanout();
    let group = Audience::Group("a".into());
    let (mut one, mut two) = (lab.dial("/").await, lab.dial("/").await);
    for client in [&mut one, &mut two] {
        ask(client, "join a").await;
        ask(client, "join a").await;
    }
    assert_eq!(fanout.size(&group), 2);
    assert_eq!(ask(&mut one, "leave a").await, "= 0");
    assert_eq!(
        ask(&mut one, "leave a").await,
        "= 0",
        "leaving twice is no mistake"
    );
    assert_eq!(fanout.size(&group), 1);
    drop(two);
    assert_eq!(lab.ending().await, Ending::Lost);
    assert_eq!(fanout.size(&group), 0);
    assert_eq!(fanout.size(&Audience::Everyone), 1);
}

#[tokio::test]
async fn a_link_is_in_64_groups_at_most() {
    let lab = lab(1);
    let mut client = lab.dial("/").await;
    for number in 0..64 {
        assert_eq!(ask(&mut client, &format!("join g{number}")).await, "= 1");
    }
    assert_eq!(ask(&mut client, "join g64").await, "= 0");
    assert_eq!(
        ask(&mut client, "join g63").await,
        "= 1",
        "it is a member already"
    );
}

/// Hears so many floods, complete and in order.
async fn hear(mut client: Conversation, rounds: usize) {
    for number in 0..rounds * 100 {
        assert_eq!(text(&mut client).await, format!("{:0>100}", number % 100));
    }
}

#[tokio::test]
async fn members_that_read_lose_nothing_and_one_that_does_not_is_closed() {
    const ROUNDS: usize = 400;
    let mut lab = lab(2);
    let mut members = Vec::new();
    for _ in 0..3 {
        let mut client = lab.dial("/").await;
        ask(&mut client, "join a").await;
        members.push(client);
    }
    let mut stuck = lab.raw("/").await;
    stuck.send(&crate::lab::frame(0x81, b"join a")).await;
    let mut sender = lab.dial("/").await;
    assert_eq!(ask(&mut sender, "flood nobody 1").await, "= 0");
    let readers = members
        .into_iter()
        .map(|client| tokio::spawn(hear(client, ROUNDS)));
    let readers: Vec<_> = readers.collect();
    for _ in 0..ROUNDS {
        assert_eq!(ask(&mut sender, "flood a 100").await, "= 0");
    }
    for reader in readers {
        soon("a reader's end", reader).await.unwrap();
    }
    // The readers have left by now, too.
    while lab.ending().await != Ending::SlowConsumer {}
    drop(stuck);
}

/// A member that does not read keeps what has room, in order, and stays; the rest is counted.
#[tokio::test]
async fn a_member_that_does_not_read_may_miss_messages_instead() {
    let settings = LinkSettings {
        ping_interval: None,
        waiting_messages: 10,
        when_behind: WhenBehind::Drop,
        ..LinkSettings::default()
    };
    let lab = Lab::with_settings(CHATTY, settings);
    let mut stuck = lab.raw("/").await;
    stuck.send(&crate::lab::frame(0x81, b"join a")).await;
    assert_eq!(stuck.frame().await, crate::lab::Frame::text("= 1"));
    let mut sender = lab.dial("/").await;
    let said = "x".repeat(20_000);
    let mut sent = 0;
    while lab.counts().totals().left_out < 5 {
        ask(&mut sender, &format!("say a {sent} {said}")).await;
        sent += 1;
        assert!(sent < 2_000, "what was never read found room all the time");
    }
    let kept = sent - lab.counts().totals().left_out;
    for number in 0..kept {
        let next = crate::lab::Frame::text(&format!("{number} {said}"));
        assert_eq!(stuck.frame().await, next, "{number} of {kept}");
    }
    stuck.send(&crate::lab::frame(0x81, b"say a again")).await;
    assert_eq!(stuck.frame().await, crate::lab::Frame::text("again"));
}

#[tokio::test]
async fn a_nudge_reaches_every_session_and_may_end_it() {
    let leaving = Manners {
        nudged: |out| out.close(sockeye_wire::CloseCode::SERVICE_RESTART, "changed"),
        ..ECHO
    };
    let mut lab = Lab::with_settings(leaving, LinkSettings::default());
    let mut client = lab.dial("/").await;
    let mut deaf = lab.dial("/echo").await;
    lab.nudge();
    let received = soon("the Close", client.receive()).await.unwrap();
    let code = sockeye_wire::CloseCode::SERVICE_RESTART;
    assert_eq!(
        received,
        Received::Close(Some((code, "changed".to_owned())))
    );
    assert_eq!(lab.ending().await, Ending::Session(code));
    assert_eq!(ask(&mut deaf, "still here").await, "still here");
}

#[tokio::test]
async fn a_session_is_woken_when_it_asked_to_be() {
    let clock = Manners {
        opened: |out| {
            let now = Instant::now();
            out.wake_at(now + Duration::from_mins(1));
            out.wake_at(now + Duration::from_millis(20));
        },
        message: |_, out| out.wake_at(Instant::now()),
        woken: |out| out.text("awake"),
        ..ECHO
    };
    let lab = Lab::with_settings(clock, LinkSettings::default());
    let mut client = lab.dial("/").await;
    assert_eq!(text(&mut client).await, "awake", "at the sooner instant");
    assert_eq!(ask(&mut client, "again").await, "awake");
}

#[tokio::test]
async fn a_session_that_talks_on_its_own_does_not_fill_the_memory() {
    let talker = Manners {
        opened: |out| out.wake_at(Instant::now()),
        woken: |out| {
            out.text(&"x".repeat(64 * 1024));
            out.wake_at(Instant::now());
        },
        ..ECHO
    };
    let settings = LinkSettings {
        close_timeout: Duration::from_millis(200),
        ..LinkSettings::default()
    };
    let mut lab = Lab::with_settings(talker, settings);
    let silent = lab.raw("/").await;
    assert_eq!(lab.ending().await, Ending::SlowConsumer);
    drop(silent);
}
