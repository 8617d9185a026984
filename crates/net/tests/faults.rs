//! Peers that break the rules are told which, even if they do not stop to listen.

use sockeye_net::{Ending, LinkSettings};
use sockeye_wire::FrameLimits;
use tokio::io::AsyncWriteExt as _;

use crate::lab::{Frame, Lab, POLITE, Seen, frame, soon};

fn small() -> LinkSettings {
    LinkSettings {
        frames: FrameLimits {
            frame_bytes: 1_000,
            message_bytes: 1_500,
            fragments: 4,
            loose_text: false,
        },
        ..LinkSettings::default()
    }
}

#[tokio::test]
async fn f11_f13_f14_f18_every_violation_has_its_close_code() {
    let mut lab = Lab::with_settings(POLITE, small());
    let table: [(Vec<u8>, u16, &str); 9] = [
        (
            b"\x81\x02hi".to_vec(),
            1002,
            "frame is not masked; clients mask every frame",
        ),
        (
            frame(0xC1, b"hi"),
            1002,
            "reserved bits 100 are set and no extension was agreed",
        ),
        (frame(0x83, b""), 1002, "unknown opcode 0x3"),
        (
            frame(0x09, b""),
            1002,
            "fragmented Ping frame; control frames are never fragmented",
        ),
        (
            frame(0x88, b"\x03\xED"),
            1002,
            "close code 1005 must not be sent",
        ),
        (
            frame(0x81, b"good \xFF"),
            1007,
            "text is not UTF-8 at byte 5 of the message",
        ),
        (
            frame(0x82, &[0; 1_001]),
            1009,
            "frame of 1001 bytes exceeds the limit of 1000 bytes",
        ),
        (
            [frame(0x02, &[0; 1_000]), frame(0x80, &[0; 501])].concat(),
            1009,
            "message of at least 1501 bytes exceeds the limit of 1500 bytes",
        ),
        (
            [frame(0x02, b""), frame(0x00, b"").repeat(9)].concat(),
            1008,
            "message of at least 5 frames exceeds the limit of 4 frames",
        ),
    ];
    for (bytes, code, reason) in table {
        let mut raw = lab.raw("/").await;
        raw.send(&[frame(0x81, b"before"), bytes].concat()).await;
        assert_eq!(raw.frame().await, Frame::text("before"));
        assert_eq!(raw.frame().await, Frame::close(code, reason));
        raw.end().await;
        drop(raw);
        let (_, opened) = lab.seen().await;
        assert!(matches!(opened, Seen::Opened(_)), "{opened:?}");
        let (_, ended) = lab.seen().await;
        let Seen::Ended(Ending::Violation(violation)) = ended else {
            panic!("no goodbye, but the end: {ended:?}")
        };
        assert_eq!(violation.code.get(), code);
    }
}

/// Bytes that nobody reads are answered with a reset, which overtakes the Close.
#[tokio::test]
async fn the_close_arrives_although_the_peer_keeps_sending() {
    let lab = Lab::with_settings(POLITE, small());
    let mut raw = lab.raw("/").await;
    raw.send(b"\x83\x00").await;
    let rest = vec![0; 8 << 20];
    soon("8 MiB", raw.socket.write_all(&rest)).await.unwrap();
    assert_eq!(raw.frame().await, Frame::close(1002, "unknown opcode 0x3"));
    raw.end().await;
}

#[tokio::test]
async fn f17_a_flood_of_control_frames_ends_the_link() {
    for first in [0x89, 0x8A] {
        let mut lab = Lab::with_settings(POLITE, small());
        let mut raw = lab.raw("/").await;
        raw.send(&frame(first, b"").repeat(10_000)).await;
        let mut pongs = 0;
        let close = loop {
            let frame = raw.frame().await;
            if frame != Frame::pong(b"") {
                break frame;
            }
            pongs += 1;
        };
        assert_eq!(close, Frame::close(1008, "too many control frames"));
        assert_eq!(pongs, if first == 0x89 { 200 } else { 0 });
        raw.end().await;
        drop(raw);
        assert_eq!(lab.ending().await, Ending::ControlFlood);
    }
}
