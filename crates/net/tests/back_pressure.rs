//! Peers that read late or not at all: nothing is lost, nothing grows, nobody else waits.

use std::time::Duration;

use sockeye_net::{Ending, LinkSettings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;

use crate::lab::{ECHO, Frame, Lab, Manners, Setup, frame, soon};

const MESSAGES: u64 = 10_000;

/// The most that two kernel buffers each way and a link hold, with room to spare: a quarter of what
/// is sent in all.
const HELD: usize = 40 << 20;

fn patient() -> LinkSettings {
    LinkSettings {
        ping_interval: None,
        write_timeout: Duration::from_mins(1),
        ..LinkSettings::default()
    }
}

/// Frame number `number`: 16 KiB that begin with the number, under a mask of zeros.
fn numbered(number: u64) -> Vec<u8> {
    let mut frame = vec![0x82, 0xFE, 0x40, 0x00, 0, 0, 0, 0];
    frame.extend(number.to_be_bytes());
    frame.resize(8 + (16 << 10), 7);
    frame
}

/// The writer pauses the reader's start until nothing moves: the server no longer reads. A machine
/// that is slow enough to fool the pause makes the test weaker, not wrong.
#[tokio::test]
async fn a_peer_that_reads_late_loses_nothing_and_is_not_read_meanwhile() {
    let lab = Lab::with_settings(ECHO, patient());
    let raw = lab.raw("/").await;
    let (mut reader, mut writer) = raw.socket.into_split();
    let mut sent = 0;
    let mut frames = (0..MESSAGES).map(numbered);
    let mut pending = Vec::new();
    loop {
        if pending.is_empty() {
            pending = frames.next().expect("the server reads without end");
        }
        let writing = timeout(Duration::from_millis(500), writer.write(&pending)).await;
        let Ok(count) = writing else { break };
        let count = count.unwrap();
        pending.drain(..count);
        sent += count;
    }
    assert!(sent < HELD, "{sent} bytes are held");
    let writing = tokio::spawn(async move {
        writer.write_all(&pending).await.unwrap();
        for frame in frames {
            writer.write_all(&frame).await.unwrap();
        }
        writer
    });
    let mut echo = vec![0; 4 + (16 << 10)];
    for number in 0..MESSAGES {
        let reading = reader.read_exact(&mut echo);
        soon("an echo", reading).await.unwrap();
        assert_eq!(echo[..4], [0x82, 126, 0x40, 0x00]);
        assert_eq!(echo[4..12], number.to_be_bytes(), "in order");
    }
    soon("the last write", writing).await.unwrap();
    assert_eq!(lab.counts().totals().received, MESSAGES);
}

#[tokio::test]
async fn many_small_messages_come_back_in_order() {
    let lab = Lab::with_settings(ECHO, patient());
    let raw = lab.raw("/").await;
    let (mut reader, mut writer) = raw.socket.into_split();
    let all: Vec<u8> = (0..200_000_u64)
        .flat_map(|number| frame(0x82, &number.to_be_bytes()))
        .collect();
    let writing = tokio::spawn(async move {
        writer.write_all(&all).await.unwrap();
        writer
    });
    let mut echoes = vec![0; 200_000 * 10];
    soon("the echoes", reader.read_exact(&mut echoes))
        .await
        .unwrap();
    for (number, echo) in (0_u64..).zip(echoes.chunks(10)) {
        assert_eq!(echo[..2], [0x82, 8]);
        assert_eq!(echo[2..], number.to_be_bytes());
    }
    soon("the last write", writing).await.unwrap();
}

/// A mebibyte for every byte. Pings of ours must not count as progress.
#[tokio::test]
async fn a_peer_that_asks_for_much_and_reads_nothing_is_dropped() {
    let settings = LinkSettings {
        ping_interval: Some(Duration::from_millis(50)),
        pong_timeout: Duration::from_mins(1),
        write_timeout: Duration::from_millis(200),
        ..LinkSettings::default()
    };
    let amplify = Manners {
        message: |_, out| out.binary(&vec![0; 1 << 20]),
        ..ECHO
    };
    let mut lab = Lab::with_settings(amplify, settings);
    let mut greedy = lab.raw("/").await;
    greedy.send(&frame(0x81, b"x").repeat(10_000)).await;
    let mut other = lab.raw("/echo").await;
    other.send(&frame(0x81, b"still here")).await;
    loop {
        let frame = other.frame().await;
        if frame == Frame::text("still here") {
            break;
        }
        assert_eq!(frame.first, 0x89, "only pings come before the echo");
    }
    assert_eq!(lab.ending().await, Ending::SlowConsumer);
    let sent = lab.counts().totals().bytes_sent;
    assert!(sent < 64 << 20, "{sent} bytes for a peer that reads none");
    greedy.gone().await;
}

/// What was said before the peer's half of the connection ended still arrives.
#[tokio::test]
async fn a_peer_that_has_finished_sending_still_gets_its_answers() {
    let mut lab = Lab::start(Setup::default());
    let mut raw = lab.raw("/").await;
    raw.send(&frame(0x81, b"last words").repeat(1_000)).await;
    raw.socket.shutdown().await.unwrap();
    for _ in 0..1_000 {
        assert_eq!(raw.frame().await, Frame::text("last words"));
    }
    raw.end().await;
    assert_eq!(lab.ending().await, Ending::Lost);
}
