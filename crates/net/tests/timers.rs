//! Pings, the wait for what answers them, idleness: what is sent, and in which order.

use std::time::Duration;

use sockeye_net::{Ending, LinkSettings};

use crate::lab::{ECHO, Frame, Lab, POLITE, frame};

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_mins(1);

#[tokio::test]
async fn pings_count_up_whatever_the_traffic() {
    let settings = LinkSettings {
        ping_interval: Some(SHORT),
        pong_timeout: LONG,
        ..LinkSettings::default()
    };
    let lab = Lab::with_settings(ECHO, settings);
    let mut raw = lab.raw("/").await;
    for count in 1..=5_u64 {
        assert_eq!(raw.frame().await, Frame::ping(&count.to_be_bytes()));
        raw.send(&frame(0x81, b"traffic")).await;
        assert_eq!(raw.frame().await, Frame::text("traffic"));
    }
}

#[tokio::test]
async fn a_peer_that_is_silent_after_a_ping_is_closed() {
    let settings = LinkSettings {
        ping_interval: Some(SHORT),
        pong_timeout: 3 * SHORT,
        close_timeout: SHORT,
        ..LinkSettings::default()
    };
    let mut lab = Lab::with_settings(POLITE, settings);
    let mut raw = lab.raw("/").await;
    assert_eq!(raw.frame().await, Frame::ping(&1_u64.to_be_bytes()));
    let goodbye = loop {
        let frame = raw.frame().await;
        if frame.first != 0x89 {
            break frame;
        }
    };
    assert_eq!(goodbye, Frame::text("bye"));
    assert_eq!(raw.frame().await, Frame::close(1001, "ping timeout"));
    raw.end().await;
    assert_eq!(lab.ending().await, Ending::PingTimeout);
}

#[tokio::test]
async fn a_link_without_data_is_closed_though_it_is_alive() {
    let settings = LinkSettings {
        ping_interval: Some(SHORT),
        pong_timeout: LONG,
        idle_timeout: Some(4 * SHORT),
        ..LinkSettings::default()
    };
    let mut lab = Lab::with_settings(POLITE, settings);
    let mut raw = lab.raw("/").await;
    let goodbye = loop {
        let ping = raw.frame().await;
        if ping.first != 0x89 {
            break ping;
        }
        raw.send(&frame(0x8A, &ping.payload)).await;
    };
    assert_eq!(goodbye, Frame::text("bye"));
    assert_eq!(raw.frame().await, Frame::close(1000, "idle"));
    raw.send(&frame(0x88, b"")).await;
    raw.end().await;
    drop(raw);
    assert_eq!(lab.ending().await, Ending::Idle);
}
