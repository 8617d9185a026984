//! `wss://`: certificates from files or made at the start, who may connect, and what is read again.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use sockeye_net::{Identity, Received};
use sockeye_wire::CloseCode;

use crate::lab::{Authority, Lab, PATIENCE, Secure, Server, eventually, snippet};

/// A file with an echo on `/ws` and these keys under `tls`.
fn config(keys: &str) -> String {
    format!(
        "websocket:\n  hot_reload: true\n  tls: {{ {keys} }}\n  handlers: [{{ path: /ws, type: echo }}]\n"
    )
}

const PAIR: &str = "cert_path: certs/server.crt, key_path: certs/server.key";

/// A server about to be started, with a certificate for localhost of this authority.
fn lab(keys: &str, authority: &Authority) -> Lab {
    let (certificate, key) = authority.issue("localhost");
    Lab::yaml(&config(keys))
        .beside("ca.pem", &authority.pem())
        .beside("certs/server.crt", &certificate)
        .beside("certs/server.key", &key)
}

fn connect(server: &Server) -> Result<Secure, String> {
    Secure::connect(server.address(), server.folder().join("ca.pem"), None)
}

/// Runs a program that is not ours and gives what it wrote.
#[track_caller]
fn run(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output();
    let output = output.unwrap_or_else(|error| panic!("{program} is needed: {error}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}:\n{complaint}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Python's own TLS and a WebSocket by hand: three messages of `size` bytes there and back.
fn python(server: &Server, authorities: &Path, version: &str, size: usize) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/wss.py");
    let port = server.address().port().to_string();
    let (script, authorities) = (script.to_str(), authorities.to_str());
    run(
        "python3",
        &[
            script.expect("text"),
            "127.0.0.1",
            &port,
            authorities.expect("text"),
            "/ws",
            version,
            &size.to_string(),
        ],
    )
}

#[test]
fn the_snippet_of_the_guide() {
    let authority = Authority::new("guide");
    let text = std::fs::read_to_string(snippet("16")).expect("the snippet");
    let (certificate, key) = authority.issue("localhost");
    let server = Lab::yaml(&text)
        .beside("ca.pem", &authority.pem())
        .beside("certs/server.crt", &certificate)
        .beside("certs/server.key", &key)
        .start();
    server.expect_log(&["listening on wss://127.0.0.1:"]);
    connect(&server).expect("a link").expect_echo("hello");
}

#[test]
fn large_messages_to_a_client_that_is_not_ours() {
    let authority = Authority::new("python");
    let keys = format!("{PAIR} }}\n  max_message_size: 16MiB\n  script: {{");
    let server = lab(&keys, &authority).start();
    let authorities = server.folder().join("ca.pem");
    for version in ["1.2", "1.3"] {
        let spoken = python(&server, &authorities, version, 5_000_000);
        assert_eq!(spoken, format!("TLSv{version}\n"));
    }
}

#[test]
fn keys_of_every_notation() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (pkcs1, sec1, pkcs8) = (path("pkcs1.key"), path("sec1.key"), path("pkcs8.key"));
    run(
        "openssl",
        &["genrsa", "-traditional", "-out", &pkcs1, "2048"],
    );
    let curve = ["ecparam", "-name", "secp384r1", "-genkey", "-noout", "-out"];
    run("openssl", &[&curve[..], &[sec1.as_str()]].concat());
    run(
        "openssl",
        &["genpkey", "-algorithm", "ED25519", "-out", &pkcs8],
    );
    for (key, label) in [
        (pkcs1, "RSA PRIVATE"),
        (sec1, "EC PRIVATE"),
        (pkcs8, "PRIVATE"),
    ] {
        let text = std::fs::read_to_string(&key).expect("a key");
        assert!(
            text.starts_with(&format!("-----BEGIN {label} KEY")),
            "{text}"
        );
        let names = "subjectAltName=DNS:localhost";
        let ask = [
            "req", "-x509", "-subj", "/CN=a", "-addext", names, "-key", &key,
        ];
        let certificate = run("openssl", &ask);
        let server = Lab::yaml(&config(PAIR))
            .beside("ca.pem", &certificate)
            .beside("certs/server.crt", &certificate)
            .beside("certs/server.key", &text)
            .start();
        let trusted = server.folder().join("ca.pem");
        python(&server, &trusted, "1.3", 65_536);
    }
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let authority = Authority::new("mistakes");
    let missing = "cert_path: certs/server.crt, key_path: certs/none.key";
    lab(missing, &authority)
        .fails()
        .expect_code(2)
        .expect_words(&["`certs/none.key` cannot be read", "mock.yml:3"]);
    let folder = "cert_path: certs, key_path: certs/server.key";
    lab(folder, &authority)
        .fails()
        .expect_code(2)
        .expect_words(&["`certs` cannot be read: it is no file"]);
    let (_, other) = authority.issue("localhost");
    lab(PAIR, &authority)
        .beside("certs/server.key", &other)
        .fails()
        .expect_code(2)
        .expect_words(&["`certs/server.key` does not hold the key of the certificate in"]);
}

#[test]
fn f10_plain_text_gets_a_400() {
    let server = lab(PAIR, &Authority::new("plain")).start();
    let response = server.get("/ws");
    assert_eq!(response.status, 400);
    assert_eq!(response.text(), "this port expects TLS\n");
}

#[test]
fn f10_the_lowest_version_is_heeded() {
    let keys = format!("{PAIR}, min_version: 1.3");
    let server = lab(&keys, &Authority::new("versions")).start();
    let address = server.address().to_string();
    let offer = |version: &str| {
        let mut command = Command::new("openssl");
        command.args(["s_client", "-connect", &address, version]);
        let output = command.stdin(std::process::Stdio::null()).output();
        output.expect("openssl is needed").status.success()
    };
    assert!(offer("-tls1_3"));
    assert!(!offer("-tls1_2"));
}

#[test]
fn clients_show_certificates() {
    let authority = Authority::new("server");
    let clients = Authority::new("clients");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let shown = |authority: &Authority| {
        let (certificate, key) = authority.issue("somebody");
        let paths = ["a.crt", "a.key"].map(|name| folder.path().join(name));
        std::fs::write(&paths[0], certificate).expect("writable");
        std::fs::write(&paths[1], key).expect("writable");
        Identity::read(&paths[0], &paths[1]).expect("a pair")
    };
    let (right, wrong) = (shown(&clients), shown(&authority));
    for (mode, none_will_do) in [("required", false), ("optional", true)] {
        let keys = format!("{PAIR}, ca_path: clients.pem, client_auth: {mode}");
        let server = lab(&keys, &authority)
            .beside("clients.pem", &clients.pem())
            .start();
        let connect = |identity: Option<&Identity>| {
            let authorities = server.folder().join("ca.pem");
            Secure::connect(server.address(), authorities, identity.cloned())
        };
        connect(Some(&right)).expect("a link").expect_echo("me");
        assert!(connect(Some(&wrong)).is_err(), "{mode}");
        assert_eq!(connect(None).is_ok(), none_will_do, "{mode}");
    }
}

/// Tries until a client that trusts `authority` only gets in.
#[track_caller]
fn until_it_shows(server: &Server, authority: &Authority) {
    server.write("new.pem", &authority.pem());
    eventually("the new certificate is shown", || {
        Secure::connect(server.address(), server.folder().join("new.pem"), None).ok()
    });
}

#[test]
fn renewed_certificates_are_read_again() {
    let old = Authority::new("old");
    let server = lab(PAIR, &old).start();
    let mut link = connect(&server).expect("a link");
    let new = Authority::new("new");
    let (certificate, key) = new.issue("localhost");
    // Half of a renewal is a mistake, and the old pair stays in force.
    server.write("certs/server.crt", &certificate);
    server.expect_log(&["not reloaded: the files have mistakes"]);
    server.expect_log(&["`certs/server.key` does not hold the key"]);
    connect(&server)
        .expect("the old certificate")
        .expect_echo("old");
    server.write("certs/server.key", &key);
    until_it_shows(&server, &new);
    assert!(connect(&server).is_err(), "the old one is gone");
    link.expect_echo("open connections stay open");
}

#[test]
fn a_signal_reads_certificates_again() {
    let old = Authority::new("old");
    let (certificate, key) = old.issue("localhost");
    let text = config(PAIR).replace("hot_reload: true", "hot_reload: false");
    let server = Lab::yaml(&text)
        .beside("certs/server.crt", &certificate)
        .beside("certs/server.key", &key)
        .start();
    let new = Authority::new("new");
    let (certificate, key) = new.issue("localhost");
    server.write("certs/server.crt", &certificate);
    server.write("certs/server.key", &key);
    server.signal("HUP");
    until_it_shows(&server, &new);
}

#[test]
fn tls_is_switched_on_by_a_restart_only() {
    let server = lab("enabled: false", &Authority::new("switch")).start();
    server.connect("/ws").send("plain").expect_text("plain");
    server.edit(&config(PAIR));
    server.expect_log(&["WARN", "TLS is switched on and off by a restart only"]);
    server.connect("/ws").send("plain").expect_text("plain");
}

/// The file that the server says its certificate is in.
fn written(server: &Server) -> PathBuf {
    let log = server.log();
    let path = log.lines().find_map(|line| {
        let path = line.strip_prefix("clients that trust ")?;
        path.strip_suffix(" accept it")
    });
    path.unwrap_or_else(|| panic!("no file in:\n{log}")).into()
}

#[test]
fn a_certificate_is_made_where_none_is_named() {
    let off = config("enabled: false");
    let labs = [
        Lab::yaml(&config("")),
        Lab::yaml(&config("enabled: true, self_signed: true")),
        Lab::yaml(&off).arg("--ws-tls"),
        Lab::empty().arg("--ws-tls").arg("--websocket"),
        Lab::yaml("- websocket: { path: /ws, on-message: [{ pattern: a, response: a }] }")
            .arg("--ws-tls"),
    ];
    for lab in labs {
        let server = lab.start();
        let file = written(&server);
        assert!(file.starts_with(server.folder().join(".local/state/sockeye")));
        let mode = file.metadata().expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let print = ["x509", "-noout", "-fingerprint", "-sha256", "-in"];
        let file_name = file.to_str().expect("text");
        let print = run("openssl", &[&print[..], &[file_name]].concat());
        let (_, print) = print.trim().split_once('=').expect("a fingerprint");
        server.expect_log(&["self-signed certificate for localhost", print]);
        let mut link = Secure::connect(server.address(), file.clone(), None).expect("a link");
        link.expect_echo("a");
        drop(link);
        server.terminate().expect_code(0);
        assert!(!file.exists(), "it is of no use any more");
    }
}

#[test]
fn the_state_folder_may_be_elsewhere() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let state = folder.path().to_str().expect("text");
    let server = Lab::yaml(&config("")).env("XDG_STATE_HOME", state).start();
    assert!(written(&server).starts_with(folder.path().join("sockeye")));
}

#[test]
fn a_drain_says_1001() {
    let server = lab(PAIR, &Authority::new("drain")).start();
    let mut link = connect(&server).expect("a link");
    server.signal("TERM");
    let reason = "server is shutting down".to_owned();
    let close = Received::Close(Some((CloseCode::GOING_AWAY, reason)));
    assert_eq!(link.next(), close);
    assert_eq!(link.next(), Received::End);
    drop(link);
    server.wait(PATIENCE).expect_code(0);
}

#[test]
fn handshakes_that_come_to_nothing_are_counted() {
    let authority = Authority::new("ours");
    let server = lab(PAIR, &authority).admin().start();
    let count = || {
        let metrics = server.ask("GET", "/metrics", &[], b"").text();
        let line = metrics
            .lines()
            .find(|line| line.starts_with("ws_errors_total{type=\"tls\"}"));
        let (_, count) = line
            .and_then(|line| line.rsplit_once(' '))
            .expect("a series");
        count.parse::<u64>().expect("a number")
    };
    assert_eq!(count(), 0);
    server.raw().send(b"GET / HTTP/1.1\r\n\r\n").rest();
    server.raw().send(b"\x16\x03\x01\x00\x05rubbish").rest();
    eventually("both are counted", || (count() == 2).then_some(()));
    connect(&server).expect("a right client").expect_echo("x");
    assert_eq!(count(), 2);
}

#[test]
fn chaos_cuts_a_link_over_tls_without_a_word() {
    let authority = Authority::new("chaos");
    let (certificate, key) = authority.issue("localhost");
    let file = |chaos: &str| format!("{}  chaos: {chaos}\n", config(PAIR));
    let start = |chaos: &str| {
        let lab = Lab::yaml(&file(chaos)).beside("ca.pem", &authority.pem());
        let lab = lab.beside("certs/server.crt", &certificate);
        lab.beside("certs/server.key", &key).start()
    };
    let server = start("{ message_duplicate_rate: 1 }");
    let mut client = connect(&server).expect("a connection");
    client.expect_echo("x");
    assert_eq!(client.next(), Received::Text("x".to_owned()));
    let server = start("{ disconnect_probability: 1 }");
    let mut client = connect(&server).expect("a connection");
    client.send("x");
    let end = client.end();
    assert!(!matches!(end, Some(Received::Close(_))), "{end:?}");
}
