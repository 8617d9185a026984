//! Links over TLS: the same behaviour as in the clear, and what only TLS can get wrong.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream as StdTcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use sockeye_net::{
    ClientAuth, ClientTls, ClientTrust, Drained, Ending, Limits, Received, SelfSigned, ServerTls,
    TlsConfig, TlsVersion, listen,
};
use sockeye_wire::{CloseCode, FrameLimits};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::lab::{Authority, Lab, PATIENCE, POLITE, Raw, Setup, dial_tls, soon};

/// An authority and a server with a certificate of it, for messages up to 64 MiB.
fn lab(clients: &ClientAuth) -> (Authority, Lab) {
    let authority = Authority::new();
    let lab = lab_of(authority.server(clients), Limits::default());
    (authority, lab)
}

fn lab_of(tls: ServerTls, limits: Limits) -> Lab {
    let mut setup = Setup {
        manners: POLITE,
        tls: Some(tls),
        limits,
        ..Setup::default()
    };
    setup.settings.frames = FrameLimits {
        frame_bytes: 64 << 20,
        message_bytes: 64 << 20,
        ..FrameLimits::default()
    };
    Lab::start(setup)
}

/// Words of the error of a dial that must fail.
async fn refusal(host: &str, lab: &Lab, tls: &ClientTls) -> String {
    let error = dial_tls(host, lab.address(), tls).await.unwrap_err();
    let port = lab.address().port().to_string();
    error.to_string().replace(&port, "PORT")
}

#[tokio::test]
async fn every_kind_and_size_comes_back() {
    let (authority, mut lab) = lab(&ClientAuth::Off);
    let tls = authority.client(None);
    let mut link = dial_tls("localhost", lab.address(), &tls).await.unwrap();
    for size in [0, 1, 125, 16_383, 16_384, 65_536, 1 << 20, 20 << 20] {
        let bytes: Vec<u8> = (0..=u8::MAX).cycle().take(size).collect();
        link.send_binary(&bytes).await.unwrap();
        let received = soon("an echo", link.receive()).await.unwrap();
        assert!(received == Received::Binary(bytes), "{size} bytes");
    }
    link.close(CloseCode::NORMAL, "").await.unwrap();
    let bye = soon("a goodbye", link.receive()).await.unwrap();
    assert_eq!(bye, Received::Text("bye".to_owned()));
    let close = Received::Close(Some((CloseCode::NORMAL, String::new())));
    assert_eq!(soon("a Close", link.receive()).await.unwrap(), close);
    let end = soon("the end", link.receive()).await.unwrap();
    assert_eq!(end, Received::End, "close_notify, and FIN behind it");
    assert_eq!(lab.ending().await, Ending::Peer(Some(CloseCode::NORMAL)));
}

/// Both sides write far more than fits between them: whoever stops reading while it writes is stuck.
#[tokio::test]
async fn halves_of_a_conversation_do_not_wait_for_each_other() {
    const MESSAGES: usize = 64;
    let (authority, lab) = lab(&ClientAuth::Off);
    let tls = authority.client(None);
    let link = dial_tls("localhost", lab.address(), &tls).await.unwrap();
    let (mut reader, mut writer) = link.split();
    let message = vec![7; 1 << 20];
    let speak = async {
        for _ in 0..MESSAGES {
            writer.send_binary(&message).await.unwrap();
        }
    };
    let hear = async {
        for _ in 0..MESSAGES {
            let received = reader.receive().await.unwrap();
            assert!(received == Received::Binary(message.clone()));
        }
    };
    soon("all echoes", async { tokio::join!(speak, hear) }).await;
    drop(writer);
    drop(reader);
}

/// The server keeps what the peer does not take, and does not read on meanwhile.
#[tokio::test]
async fn a_peer_that_does_not_read_is_not_read() {
    let authority = Authority::new();
    let mut setup = Setup {
        tls: Some(authority.server(&ClientAuth::Off)),
        ..Setup::default()
    };
    setup.settings.write_timeout = Duration::from_millis(300);
    let mut lab = Lab::start(setup);
    let tls = authority.client(None);
    let link = dial_tls("localhost", lab.address(), &tls).await.unwrap();
    let (reader, mut writer) = link.split();
    let message = vec![7; 60_000];
    let mut sent = 0;
    while writer.send_binary(&message).await.is_ok() {
        sent += 1;
        assert!(sent < 10_000, "600 MB were taken and not given back");
    }
    assert_eq!(lab.ending().await, Ending::SlowConsumer);
    drop(reader);
}

/// Forwards both ways, never more than `piece` bytes at once.
fn relay(to: SocketAddr, piece: usize) -> SocketAddr {
    let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    let listener = TcpListener::from_std(listener).unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (near, _) = listener.accept().await.unwrap();
        let far = TcpStream::connect(to).await.unwrap();
        for socket in [&near, &far] {
            socket.set_nodelay(true).unwrap();
        }
        let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
        tokio::spawn(forward(from_near, to_far, piece));
        forward(from_far, to_near, piece).await;
    });
    address
}

async fn forward(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    piece: usize,
) {
    let mut bytes = vec![0; piece];
    while let Ok(count @ 1..) = from.read(&mut bytes).await {
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
        // The other end reads before more comes.
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn records_and_the_handshake_may_be_cut_anywhere() {
    let (authority, lab) = lab(&ClientAuth::Off);
    let tls = authority.client(None);
    for piece in [1, 7, 1000] {
        let address = relay(lab.address(), piece);
        let mut link = dial_tls("localhost", address, &tls).await.unwrap();
        let message = vec![7; 40 * piece + 20_000];
        link.send_binary(&message).await.unwrap();
        let received = soon("an echo", link.receive()).await.unwrap();
        assert!(received == Received::Binary(message), "pieces of {piece}");
    }
}

#[tokio::test]
async fn plain_text_is_told_that_it_is_not_welcome() {
    let (_authority, lab) = lab(&ClientAuth::Off);
    let mut raw = lab.connect().await;
    raw.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let (head, body) = raw.response().await;
    assert!(head.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{head}");
    assert_eq!(body, "this port expects TLS\n");
    raw.end().await;
}

#[tokio::test]
async fn f10_garbage_that_looks_like_tls_gets_an_alert() {
    let (_authority, lab) = lab(&ClientAuth::Off);
    let mut raw = lab.connect().await;
    raw.send(b"\x16\x03\x01\x00\x04\xFF\x00\x00\x00").await;
    let mut answer = Vec::new();
    let end = raw.socket.read_to_end(&mut answer);
    soon("the end", end).await.unwrap();
    assert_eq!(answer[..3], [0x15, 0x03, 0x03], "an alert: {answer:?}");
}

/// With room for one waiting socket, the second client proves that the first has given it back.
#[tokio::test]
async fn f09_a_slow_handshake_is_cut_at_the_deadline() {
    let authority = Authority::new();
    let limits = Limits {
        head_deadline: Duration::from_millis(200),
        waiting_sockets: 1,
        ..Limits::default()
    };
    let lab = lab_of(authority.server(&ClientAuth::Off), limits);
    let mut silent = lab.connect().await;
    let mut half = lab.connect().await;
    half.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xFC").await;
    let tls = authority.client(None);
    let link = dial_tls("localhost", lab.address(), &tls);
    drop(soon("a link", link).await.unwrap());
    silent.gone().await;
    half.gone().await;
}

#[tokio::test]
async fn a_drain_says_1001_and_does_not_wait_for_handshakes() {
    let (authority, lab) = lab(&ClientAuth::Off);
    let tls = authority.client(None);
    let mut link = dial_tls("localhost", lab.address(), &tls).await.unwrap();
    let mut half = lab.connect().await;
    half.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xFC").await;
    // Proves that the accepting has got past the socket before.
    drop(dial_tls("localhost", lab.address(), &tls).await.unwrap());
    let (server, _events) = lab.split();
    let draining = tokio::spawn(server.drain());
    let bye = soon("a goodbye", link.receive()).await.unwrap();
    assert_eq!(bye, Received::Text("bye".to_owned()));
    let reason = "server is shutting down".to_owned();
    let close = Received::Close(Some((CloseCode::GOING_AWAY, reason)));
    assert_eq!(soon("a Close", link.receive()).await.unwrap(), close);
    let end = soon("the end", link.receive()).await.unwrap();
    assert_eq!(end, Received::End);
    drop(link);
    let drained = tokio::time::timeout(Duration::from_secs(4), draining).await;
    assert_eq!(drained.unwrap().unwrap(), Drained::All);
    half.gone().await;
}

#[tokio::test]
async fn clients_may_have_to_show_a_certificate() {
    let clients = Authority::new();
    let authorities = clients.authorities();
    let (authority, lab) = lab(&ClientAuth::Required(authorities.clone()));
    let right = authority.client(Some(clients.identity("client")));
    drop(dial_tls("localhost", lab.address(), &right).await.unwrap());
    let stranger = authority.client(Some(authority.identity("client")));
    for tls in [authority.client(None), stranger] {
        let refused = refusal("localhost", &lab, &tls).await;
        let start = "cannot speak TLS with localhost:PORT: it refused with the alert ";
        assert!(refused.starts_with(start), "{refused}");
    }
    let optional = lab_of(
        authority.server(&ClientAuth::Optional(authorities)),
        Limits::default(),
    );
    for tls in [authority.client(None), right] {
        drop(
            dial_tls("localhost", optional.address(), &tls)
                .await
                .unwrap(),
        );
    }
}

#[tokio::test]
async fn new_certificates_are_for_new_connections() {
    let (old, new) = (Authority::new(), Authority::new());
    let tls = old.server(&ClientAuth::Off);
    let lab = lab_of(tls.clone(), Limits::default());
    let (knows_old, knows_new) = (old.client(None), new.client(None));
    let mut link = dial_tls("localhost", lab.address(), &knows_old)
        .await
        .unwrap();
    tls.replace(new.config(&ClientAuth::Off));
    drop(
        dial_tls("localhost", lab.address(), &knows_new)
            .await
            .unwrap(),
    );
    let refused = refusal("localhost", &lab, &knows_old).await;
    assert!(refused.ends_with("nobody who is trusted here"), "{refused}");
    link.send_text("still here").await.unwrap();
    let received = soon("an echo", link.receive()).await.unwrap();
    assert_eq!(received, Received::Text("still here".to_owned()));
}

#[tokio::test]
async fn f10_a_client_says_why_it_does_not_trust() {
    let (authority, lab) = lab(&ClientAuth::Off);
    let tls = authority.client(None);
    assert_eq!(
        refusal("example.org", &lab, &tls).await,
        "cannot speak TLS with example.org:PORT: its certificate is for another name"
    );
    let stranger = ClientTls::new(&ClientTrust::default()).unwrap();
    assert_eq!(
        refusal("localhost", &lab, &stranger).await,
        "cannot speak TLS with localhost:PORT: its certificate is of nobody who is trusted here"
    );
    let careless = ClientTls::new(&ClientTrust {
        insecure: true,
        ..ClientTrust::default()
    });
    let careless = careless.unwrap();
    drop(
        dial_tls("example.org", lab.address(), &careless)
            .await
            .unwrap(),
    );
    let (certificate, key) = authority.issue("127.0.0.1", 2001);
    let identity = sockeye_net::Identity::read(&certificate, &key).unwrap();
    let config = TlsConfig::new(&identity, &ClientAuth::Off, TlsVersion::Tls13).unwrap();
    let expired = lab_of(ServerTls::new(config), Limits::default());
    assert_eq!(
        refusal("127.0.0.1", &expired, &tls).await,
        "cannot speak TLS with 127.0.0.1:PORT: its certificate has expired"
    );
    let plain = Lab::start(Setup::default());
    assert_eq!(
        refusal("localhost", &plain, &tls).await,
        "cannot speak TLS with localhost:PORT: what it says is not TLS"
    );
}

#[tokio::test]
async fn a_certificate_of_its_own_is_for_this_machine() {
    let own = SelfSigned::make().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.pem");
    std::fs::write(&file, &own.certificate).unwrap();
    let config = TlsConfig::new(&own.identity, &ClientAuth::Off, TlsVersion::Tls12).unwrap();
    let lab = lab_of(ServerTls::new(config), Limits::default());
    let tls = ClientTls::new(&ClientTrust {
        authorities: Some(file),
        ..ClientTrust::default()
    });
    let tls = tls.unwrap();
    for host in ["localhost", "127.0.0.1", "::1"] {
        drop(dial_tls(host, lab.address(), &tls).await.unwrap());
    }
    let print = own.identity.fingerprint();
    assert_eq!(print.split(':').count(), 32, "{print}");
}

/// A client of rustls alone that has shaken hands, for what no right client sends.
fn shake_hands(address: SocketAddr, authority: &Authority) -> (ClientConnection, StdTcpStream) {
    let mut roots = RootCertStore::empty();
    let pem = std::fs::read(authority.file()).unwrap();
    roots
        .add(CertificateDer::from_pem_slice(&pem).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let mut session = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut socket = StdTcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    while session.is_handshaking() {
        session.complete_io(&mut socket).unwrap();
    }
    (session, socket)
}

/// What rustls says when it meets an alert; plain bytes before it are thrown away.
fn wait_for_alert(session: &mut ClientConnection, socket: &mut StdTcpStream) -> String {
    loop {
        match session.complete_io(socket) {
            Ok(moved) => {
                let count = session.reader().read(&mut [0; 1000]);
                assert!(moved != (0, 0) || count.is_ok_and(|count| count > 0));
            }
            Err(error) => return error.to_string(),
        }
    }
}

const WRONG_RECORD: &[u8] = b"\x17\x03\x03\x00\x20 a record that nobody has sealed ";

#[tokio::test]
async fn a_wrong_record_ends_the_connection_with_an_alert() {
    let (authority, lab) = lab(&ClientAuth::Off);
    let address = lab.address();
    let client = tokio::task::spawn_blocking(move || {
        for path in [None, Some("/")] {
            let (mut session, mut socket) = shake_hands(address, &authority);
            if let Some(path) = path {
                let request = Raw::request(path, "");
                session.writer().write_all(request.as_bytes()).unwrap();
                session.complete_io(&mut socket).unwrap();
                session.complete_io(&mut socket).unwrap();
            }
            socket.write_all(WRONG_RECORD).unwrap();
            let alert = wait_for_alert(&mut session, &mut socket);
            assert_eq!(alert, "received fatal alert: BadRecordMac");
        }
    });
    soon("two alerts", client).await.unwrap();
    drop(lab);
}
