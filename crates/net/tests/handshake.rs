//! Upgrades: what is agreed, what is refused, and frames that come before the answer.

use crate::lab::{Frame, Lab, Raw, Seen, Setup, dial_with, frame};

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn a_subprotocol_is_agreed() {
    let table: [(&'static [&'static str], &[&str], Option<&str>); 5] = [
        (&[], &[], None),
        (&[], &["chat", "json"], Some("chat")),
        (&["json", "chat"], &["chat", "json"], Some("json")),
        (&["xml"], &["chat", "json"], None),
        (&["xml"], &[], None),
    ];
    for (ours, offered, agreed) in table {
        let lab = Lab::start(Setup {
            subprotocols: ours,
            ..Setup::default()
        });
        let link = dial_with(lab.address(), "/", &names(offered)).await;
        assert_eq!(link.subprotocol(), agreed, "{ours:?} {offered:?}");
    }
}

#[tokio::test]
async fn frames_may_come_right_behind_the_request() {
    let lab = Lab::start(Setup::default());
    let mut raw = lab.connect().await;
    let request = Raw::request("/", "");
    let early = frame(0x82, &[7; 5_000]);
    let (now, later) = early.split_at(4_000);
    let first = frame(0x81, b"early");
    raw.send(&[request.as_bytes(), &first, now].concat()).await;
    raw.switched().await;
    assert_eq!(raw.frame().await, Frame::text("early"));
    raw.send(later).await;
    assert_eq!(raw.frame().await, Frame::binary(&[7; 5_000]));
}

#[tokio::test]
async fn a_bad_handshake_is_refused_and_the_connection_stays() {
    let mut lab = Lab::start(Setup::default());
    let mut raw = lab.connect().await;
    let good = Raw::request("/", "");
    let table = [
        (good.replacen("GET", "PUT", 1), "405", "method must be GET"),
        (
            good.replace("Version: 13", "Version: 8"),
            "426",
            "Sec-WebSocket-Version must be 13",
        ),
        (
            good.replace("dGhlIHNhbXBsZSBub25jZQ==", "short"),
            "400",
            "Sec-WebSocket-Key must be 16 bytes in base64, which are 24 characters",
        ),
        (
            good.replace("Upgrade: websocket\r\n", ""),
            "426",
            "this is a WebSocket endpoint: send Upgrade: websocket and Connection: Upgrade",
        ),
    ];
    for (request, status, text) in table {
        raw.send(request.as_bytes()).await;
        let (head, body) = raw.response().await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{head}");
        assert_eq!(body, format!(r#"{{"error":"{text}"}}"#));
    }
    raw.upgrade("/").await;
    assert!(matches!(lab.seen().await, (1, Seen::Opened(_))));
    let totals = lab.counts().totals();
    // The last of the four did not ask for an upgrade.
    assert_eq!((totals.opened, totals.rejected), (1, 3));
}
