//! The way to a server: through proxies that agree, refuse and babble, and from an address that was named.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use sockeye_net::{DialError, Proxy, Target, dial, listen};
use sockeye_wire::FrameLimits;
use sockeye_wire::handshake::{ClientRequest, fresh_key};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::lab::{Lab, PATIENCE, Setup};

async fn dial_with(target: &Target) -> Result<(), DialError> {
    let headers = http::HeaderMap::new();
    let request = ClientRequest::new("stub", "/", &headers, &[], fresh_key()).unwrap();
    let limits = FrameLimits::default();
    dial(target, &request, limits, PATIENCE).await.map(drop)
}

fn local() -> TcpListener {
    let listener = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    TcpListener::from_std(listener).unwrap()
}

/// A proxy that takes one connection, gives `answer`, and passes bytes to `onward` if there is one. Its
/// task gives the request.
fn proxy(answer: &'static str, onward: Option<u16>) -> (u16, tokio::task::JoinHandle<String>) {
    let listener = local();
    let port = listener.local_addr().unwrap().port();
    let task = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            assert!(client.read_buf(&mut request).await.unwrap() > 0);
        }
        client.write_all(answer.as_bytes()).await.unwrap();
        if let Some(port) = onward {
            let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, port))
                .await
                .unwrap();
            // Ends with the client.
            let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
        }
        String::from_utf8(request).unwrap()
    });
    (port, task)
}

#[tokio::test]
async fn a_proxy_makes_the_way() {
    let lab = Lab::start(Setup::default());
    let own = lab.address().port();
    let (port, task) = proxy("HTTP/1.1 200 Connection established\r\n\r\n", Some(own));
    // Only the proxy knows where that is.
    let mut target = Target::new("behind.invalid", 1234);
    target.proxy = Some(Proxy::new("127.0.0.1", port).with_user("me", "word"));
    dial_with(&target).await.unwrap();
    assert_eq!(
        task.await.unwrap(),
        "CONNECT behind.invalid:1234 HTTP/1.1\r\nHost: behind.invalid:1234\r\n\
         Proxy-Authorization: Basic bWU6d29yZA==\r\n\r\n"
    );
}

#[tokio::test]
async fn what_a_proxy_says_instead_is_told() {
    for (answer, words) in [
        (
            "HTTP/1.1 407 Who\r\n\r\n",
            "it wants a user and a password (407)",
        ),
        (
            "HTTP/1.1 403 No\r\nContent-Length: 5\r\n\r\n",
            "it refused with 403",
        ),
        ("SSH-2.0\r\n\r\n", "its answer is not HTTP"),
        ("HTTP/1.1 200 OK\r\n", "it closed the connection"),
    ] {
        let (port, _task) = proxy(answer, None);
        let mut target = Target::new("server", 80);
        target.proxy = Some(Proxy::new("127.0.0.1", port));
        let error = dial_with(&target).await.unwrap_err().to_string();
        let expected = format!("the proxy 127.0.0.1:{port} makes no way to server:80: {words}");
        assert_eq!(error, expected);
    }
}

#[tokio::test]
async fn a_connection_comes_from_the_address_that_was_named() {
    let listener = local();
    let port = listener.local_addr().unwrap().port();
    let mut target = Target::new("127.0.0.1", port);
    target.source = Some(IpAddr::from([127, 0, 0, 9]));
    let dialling = tokio::spawn(async move { dial_with(&target).await });
    let (socket, peer) = listener.accept().await.unwrap();
    assert_eq!(peer.ip(), IpAddr::from([127, 0, 0, 9]));
    drop(socket);
    dialling.await.unwrap().unwrap_err();
    let mut target = Target::new("127.0.0.1", port);
    target.source = Some("::1".parse().unwrap());
    let error = dial_with(&target).await.unwrap_err().to_string();
    assert!(error.contains("no address that ::1 can reach"), "{error}");
}

#[tokio::test]
async fn a_client_in_the_clear_is_told_apart() {
    let authority = crate::lab::Authority::new();
    let tls = authority.server(&sockeye_net::ClientAuth::Off);
    let listener = local();
    let address = listener.local_addr().unwrap();
    let mut client = TcpStream::connect(address).await.unwrap();
    let (socket, _) = listener.accept().await.unwrap();
    client.write_all(b"{\"a\":1}\n").await.unwrap();
    let error = sockeye_net::secure(&tls, socket, PATIENCE)
        .await
        .unwrap_err();
    assert_eq!(error, "it does not speak TLS");
    let _silent = TcpStream::connect(address).await.unwrap();
    let (socket, _) = listener.accept().await.unwrap();
    let short = Duration::from_millis(20);
    let error = sockeye_net::secure(&tls, socket, short).await.unwrap_err();
    assert_eq!(error, "it did not finish the handshake of TLS in 20ms");
}
