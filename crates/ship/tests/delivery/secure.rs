//! Records over TLS: whom the output trusts, and by what name.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use http::Request;
use sockeye_net::{
    Answer, App, ClientAuth, Ending, Limits, LinkSettings, Message, Outbox, Port, SelfSigned,
    Server, ServerTls, Session, TlsConfig, TlsVersion, Upgrade,
};

use super::lab::{Lab, Setup, numbers, section};

/// Keeps what comes.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u64>>>);

impl Session for Sink {
    fn opened(&mut self, _out: &mut Outbox<'_>) {}

    fn message(&mut self, message: Message<'_>, _out: &mut Outbox<'_>) {
        self.0.lock().unwrap().extend(numbers(message.bytes()));
    }

    fn goodbye(&mut self, _out: &mut Outbox<'_>) {}

    fn ended(&mut self, _ending: &Ending) {}
}

impl App for Sink {
    type Session = Self;

    async fn answer(
        &self,
        _request: Request<hyper::body::Incoming>,
        _peer: SocketAddr,
    ) -> Answer<Self> {
        let sink = self.clone();
        Answer::Upgrade(Upgrade {
            settings: Arc::new(LinkSettings::default()),
            subprotocols: Arc::new([]),
            wrong_accept: false,
            upstream: None,
            start: Box::new(move |_| sink),
        })
    }
}

/// A server with a certificate for `localhost` of its own making.
struct Secure {
    server: Server,
    sink: Sink,
    folder: tempfile::TempDir,
}

impl Secure {
    fn start() -> Self {
        let made = SelfSigned::make().unwrap();
        let config = TlsConfig::new(&made.identity, &ClientAuth::Off, TlsVersion::Tls12).unwrap();
        let listener = sockeye_net::listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let port = Port::secure(listener, ServerTls::new(config));
        let sink = Sink::default();
        let app = Arc::new(sink.clone());
        let server = Server::start(port, app, Limits::default(), 1).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), &made.certificate).unwrap();
        Self {
            server,
            sink,
            folder,
        }
    }

    fn lab(&self, lines: &[(&str, &str)]) -> Lab {
        let port = self.server.address().port().to_string();
        let ca = self.folder.path().join("ca.pem").display().to_string();
        let mut all = vec![
            ("port", port.as_str()),
            ("tls", "on"),
            ("format", "json_lines"),
        ];
        for (key, value) in lines {
            all.push((key, if *value == "CA" { ca.as_str() } else { value }));
        }
        Setup::of(&[("grace", "1")], &[section("websocket", &all)]).start()
    }
}

#[tokio::test]
async fn tls_is_spoken_with_those_who_are_trusted() {
    for lines in [
        &[("host", "localhost"), ("tls.ca_file", "CA")][..],
        &[("host", "127.0.0.1"), ("tls.verify", "off")],
        &[
            ("host", "127.0.0.1"),
            ("tls.vhost", "localhost"),
            ("tls.ca_file", "CA"),
        ],
        &[
            ("host", "127.0.0.1"),
            ("tls.vhost", "elsewhere.example"),
            ("tls.verify_hostname", "off"),
            ("tls.ca_file", "CA"),
        ],
    ] {
        let secure = Secure::start();
        let lab = secure.lab(lines);
        lab.bring(1).await;
        lab.delivers(1).await;
        let (summary, log) = lab.stop().await;
        assert_eq!(summary.lost, 0, "{log}");
        assert_eq!(*secure.sink.0.lock().unwrap(), [1], "{lines:?}: {log}");
    }
}

#[tokio::test]
async fn whoever_is_not_trusted_gets_nothing_and_the_reason_is_told() {
    for (lines, why) in [
        (
            &[("host", "localhost")][..],
            "cannot speak TLS with localhost",
        ),
        (
            &[
                ("host", "127.0.0.1"),
                ("tls.vhost", "elsewhere.example"),
                ("tls.ca_file", "CA"),
            ],
            "elsewhere.example",
        ),
    ] {
        let secure = Secure::start();
        let lab = secure.lab(lines);
        lab.bring(1).await;
        lab.says("no upstream connections available").await;
        lab.says(why).await;
        let (summary, _) = lab.stop().await;
        assert_eq!(summary.lost, 1);
        assert!(secure.sink.0.lock().unwrap().is_empty());
    }
}
