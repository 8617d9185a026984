//! The client's end: why a dial fails, in words, and what a conversation does on its own.

use std::net::SocketAddr;
use std::time::Duration;

use sockeye_net::{Conversation, DialError, Received, Target, dial, listen};
use sockeye_wire::handshake::{ClientRequest, accept_key, fresh_key};
use sockeye_wire::{CloseCode, FrameLimits};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::lab::soon;

fn local_listener() -> (TcpListener, u16) {
    let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let port = listener.local_addr().unwrap().port();
    (TcpListener::from_std(listener).unwrap(), port)
}

async fn dial_port(port: u16, within: Duration) -> Result<Conversation, DialError> {
    let headers = http::HeaderMap::new();
    let request = ClientRequest::new("stub", "/", &headers, &[], fresh_key()).unwrap();
    let target = Target::new("127.0.0.1", port);
    dial(&target, &request, FrameLimits::default(), within).await
}

/// Accepts a connection and reads its request.
async fn accept(listener: &TcpListener) -> (TcpStream, String) {
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        assert!(socket.read_buf(&mut request).await.unwrap() > 0);
    }
    (socket, String::from_utf8(request).unwrap())
}

/// Accepts a connection, upgrades it, and sends `early` in the same write as the 101.
async fn accept_and_switch(listener: &TcpListener, early: &[u8]) -> TcpStream {
    let (mut socket, request) = accept(listener).await;
    let (_, key) = request.split_once("Sec-WebSocket-Key: ").unwrap();
    let (key, _) = key.split_once("\r\n").unwrap();
    let head = format!(
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Accept: {}\r\n\r\n",
        accept_key(key.as_bytes())
    );
    let all = [head.as_bytes(), early].concat();
    socket.write_all(&all).await.unwrap();
    socket
}

const PATIENCE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn nobody_listens() {
    let (listener, port) = local_listener();
    drop(listener);
    let error = dial_port(port, PATIENCE).await.unwrap_err();
    assert!(matches!(error, DialError::Socket { .. }));
    assert_eq!(
        error.to_string(),
        format!("cannot connect to 127.0.0.1:{port}: Connection refused (os error 111)")
    );
}

#[tokio::test]
async fn nobody_answers() {
    let (_listener, port) = local_listener();
    let within = Duration::from_millis(50);
    let error = dial_port(port, within).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("127.0.0.1:{port} did not finish the handshake in 50ms")
    );
}

#[tokio::test]
async fn the_peer_hangs_up() {
    let (listener, port) = local_listener();
    let peer = async {
        let (mut socket, _) = accept(&listener).await;
        socket.write_all(b"HTTP/1.1 101 Swit").await.unwrap();
    };
    let (error, ()) = tokio::join!(dial_port(port, PATIENCE), peer);
    assert_eq!(
        error.unwrap_err().to_string(),
        format!("127.0.0.1:{port} closed the connection during the handshake")
    );
}

#[tokio::test]
async fn the_peer_refuses() {
    let (listener, port) = local_listener();
    let peer = async {
        let (mut socket, _) = accept(&listener).await;
        let head = b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\n";
        socket.write_all(head).await.unwrap();
        socket.write_all(b"body").await.unwrap();
        // It stays open: the length says where the answer ends.
        socket
    };
    let (error, _open) = tokio::join!(dial_port(port, PATIENCE), peer);
    let error = error.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("127.0.0.1:{port} refused the upgrade: server answered 404, not 101")
    );
    let DialError::Handshake { answer, .. } = error else {
        panic!("{error}");
    };
    assert!(answer.ends_with(b"\r\n\r\nbody"), "{answer:?}");
}

/// Ours, the peer's, and no third.
#[tokio::test]
async fn a_close_is_said_once() {
    let (listener, port) = local_listener();
    let peer = async {
        let mut socket = accept_and_switch(&listener, b"\x81\x05early").await;
        let mut close = [0; 8];
        socket.read_exact(&mut close).await.unwrap();
        assert_eq!(close[..2], [0x88, 0x82], "Close, masked, two bytes");
        socket.write_all(b"\x88\x02\x03\xE8").await.unwrap();
        socket.shutdown().await.unwrap();
        let mut rest = Vec::new();
        socket.read_to_end(&mut rest).await.unwrap();
        assert!(rest.is_empty(), "{rest:?}");
    };
    let client = async {
        let mut link = dial_port(port, PATIENCE).await.unwrap();
        let early = Received::Text("early".to_owned());
        assert_eq!(link.receive().await.unwrap(), early);
        link.close(CloseCode::NORMAL, "").await.unwrap();
        link.close(CloseCode::GOING_AWAY, "again").await.unwrap();
        let close = Received::Close(Some((CloseCode::NORMAL, String::new())));
        assert_eq!(link.receive().await.unwrap(), close);
        assert_eq!(link.receive().await.unwrap(), Received::End);
    };
    soon("the end", async { tokio::join!(client, peer) }).await;
}

/// The peer asks with pings, reads nothing for a while, and goes on only when all its pings are
/// heard: a client that waits to write before it reads on would wait for ever.
#[tokio::test]
async fn pings_are_heard_although_their_answers_do_not_fit() {
    const PINGS: usize = 200_000;
    let (listener, port) = local_listener();
    let (heard, all_heard) = tokio::sync::oneshot::channel();
    let ping = [&[0x89, 125][..], &[b'p'; 125]].concat();
    let peer = async {
        let mut socket = accept_and_switch(&listener, b"").await;
        for _ in 0..PINGS / 100 {
            socket.write_all(&ping.repeat(100)).await.unwrap();
        }
        all_heard.await.unwrap();
        socket.write_all(b"\x88\x00").await.unwrap();
        let mut pongs = Vec::new();
        socket.read_to_end(&mut pongs).await.unwrap();
        assert_eq!(pongs.len(), PINGS * (2 + 4 + 125) + 6, "and a Close");
    };
    let client = async {
        let mut link = dial_port(port, PATIENCE).await.unwrap();
        for _ in 0..PINGS {
            let received = link.receive().await.unwrap();
            assert!(matches!(received, Received::Ping(_)));
        }
        heard.send(()).unwrap();
        assert_eq!(link.receive().await.unwrap(), Received::Close(None));
        // Our Close is said already: this only writes what is left.
        link.close(CloseCode::NORMAL, "").await.unwrap();
    };
    soon("the end", async { tokio::join!(client, peer) }).await;
}

#[tokio::test]
async fn a_peer_that_breaks_the_rules_is_told() {
    let (listener, port) = local_listener();
    let peer = async {
        let mut socket = accept_and_switch(&listener, b"\x83\x00").await;
        let mut close = vec![0; 2 + 4 + 2 + 18];
        socket.read_exact(&mut close).await.unwrap();
        assert_eq!(close[..2], [0x88, 0x80 | 0x14]);
    };
    let client = async {
        let mut link = dial_port(port, PATIENCE).await.unwrap();
        let received = link.receive().await.unwrap();
        let Received::Broken(violation) = received else {
            panic!("{received:?}")
        };
        assert_eq!(violation.to_string(), "unknown opcode 0x3");
        assert_eq!(violation.code, CloseCode::PROTOCOL_ERROR);
        link
    };
    soon("the end", async { tokio::join!(client, peer) }).await;
}
