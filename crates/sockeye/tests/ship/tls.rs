//! TLS at both ends of a shipper: senders that are not ours, servers with authorities, keys with passwords, and what is refused.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::lab::{Authority, Lab, Shipper, Sink, eventually, sockeye_in};

/// The password of the key that the network crate's tests have in both forms.
const WORD: &str = "secret word";

fn key_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../net/tests/keys")
        .join(name)
}

/// A shipper with an authority's files beside it, about to be started.
fn shipper(authority: &Authority) -> Shipper {
    let (certificate, key) = authority.issue("localhost");
    let (own, own_key) = authority.issue("sender");
    Shipper::new()
        .file("ca.pem", &authority.pem())
        .file("server.crt", &certificate)
        .file("server.key", &key)
        .file("sender.crt", &own)
        .file("sender.key", &own_key)
}

const SECURE: [&str; 6] = [
    "-p",
    "tls=on",
    "-p",
    "tls.crt_file=server.crt",
    "-p",
    "tls.key_file=server.key",
];

fn start(shipper: Shipper, sink: &Sink, input: &[&str]) -> Shipper {
    let output = format!("websocket://{}/", sink.address());
    let mut words = vec!["-f", "0.1"];
    words.extend(input);
    words.extend(["-o", &output, "-m", "*", "-p", "format=json_lines"]);
    shipper.start(&words)
}

/// Says something to an input as Python does; gives the first bytes of the answer.
fn say(shipper: &Shipper, input: &str, words: &[u8], is_known: bool, wanted: usize) -> Output {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/tls.py");
    let (certificate, key) = if is_known {
        (shipper.path("sender.crt"), shipper.path("sender.key"))
    } else {
        (PathBuf::new(), PathBuf::new())
    };
    let mut child = Command::new("python3")
        .arg(script)
        .arg(shipper.address(input).port().to_string())
        .arg(shipper.path("ca.pem"))
        .args([certificate, key])
        .arg(wanted.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 is needed");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(words).expect("it reads");
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

#[test]
fn tcp_takes_records_from_those_who_show_a_certificate() {
    let sink = Sink::start();
    let authority = Authority::new("tcp");
    let mut input = vec!["-i", "tcp", "-p", "port=0"];
    input.extend(SECURE);
    input.extend(["-p", "tls.ca_path=.", "-p", "tls.verify_client_cert=on"]);
    let mut shipper = start(shipper(&authority), &sink, &input);
    let lines: Vec<String> = (0..5000).map(|n| format!("{{\"n\":{n}}}\n")).collect();
    let all = lines.concat();
    let said = say(&shipper, "tcp.0", all.as_bytes(), true, 0);
    assert!(said.status.success(), "{said:?}");
    let expected: Vec<String> = (0..5000).map(|n| n.to_string()).collect();
    assert_eq!(sink.values(5000, "n"), expected);
    let said = say(&shipper, "tcp.0", b"{\"n\":-1}\n", false, 1);
    assert!(!said.status.success(), "{said:?}");
    shipper.says("is not let in: the handshake of TLS failed");
    shipper.netcat("tcp.0", b"{\"n\":-2}\n");
    shipper.says("is not let in: it does not speak TLS");
    sink.expect(5000);
    shipper.stop().expect_code(0);
}

#[test]
fn http_and_forward_answer_over_tls() {
    let sink = Sink::start();
    let authority = Authority::new("answers");
    let mut input = vec!["-i", "http", "-p", "port=0"];
    input.extend(SECURE);
    input.extend(["-i", "forward", "-p", "port=0"]);
    input.extend(SECURE);
    let mut shipper = start(shipper(&authority), &sink, &input);
    let request = b"POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
        Content-Length: 7\r\nConnection: close\r\n\r\n{\"n\":1}";
    let said = say(&shipper, "http.0", request, false, 12);
    assert!(said.stdout.starts_with(b"HTTP/1.1 201"), "{said:?}");
    // ["t", 1, {"n": 2}, {"chunk": "c"}]
    let message = b"\x94\xa1t\x01\x81\xa1n\x02\x81\xa5chunk\xa1c";
    let said = say(&shipper, "forward.0", message, false, 7);
    assert_eq!(said.stdout, b"\x81\xa3ack\xa1c", "{said:?}");
    let mut values = sink.values(2, "n");
    values.sort();
    assert_eq!(values, ["1", "2"]);
    shipper.stop().expect_code(0);
}

#[test]
fn an_output_shows_a_certificate_whose_key_has_a_password() {
    let authority = Authority::new("output");
    let (certificate, key) = authority.issue("logs.example");
    let file = "websocket:\n  tls: { cert_path: a.crt, key_path: a.key, min_version: '1.2', client_auth: required, ca_path: ca.pem }\n  \
                handlers: [{ path: /logs, type: sink }]\n";
    let server = Lab::yaml(file)
        .beside("ca.pem", &authority.pem())
        .beside("a.crt", &certificate)
        .beside("a.key", &key)
        .admin()
        .start();
    let plain = std::fs::read_to_string(key_file("plain.pem")).expect("the key");
    let locked = std::fs::read_to_string(key_file("aes256.pem")).expect("the key");
    let port = server.address().port();
    let conf = format!(
        "[SERVICE]\n    Flush 0.1\n[INPUT]\n    Name dummy\n    Samples 1\n[OUTPUT]\n    Name websocket\n    Match *\n    \
         Host 127.0.0.1\n    Port {port}\n    Uri /logs\n    tls on\n    tls.vhost logs.example\n    tls.ca_path authorities\n    \
         tls.crt_file own.crt\n    tls.key_file own.key\n    tls.key_passwd {WORD}\n    tls.max_version TLSv1.2\n"
    );
    let shipper = Shipper::new()
        .file("a.conf", &conf)
        .file("own.crt", &authority.issue_for("sender", &plain))
        .file("own.key", &locked);
    std::fs::create_dir(shipper.path("authorities")).expect("a folder");
    shipper.write("authorities/README", "not a certificate");
    shipper.write("authorities/one.pem", &authority.pem());
    let mut shipper = shipper.start(&["-c", "a.conf"]);
    eventually("the record is there", || {
        let sinks = server.ask("GET", "/__mockforge/ws/sinks", &[], b"").json();
        (sinks["sinks"][0]["records"] == 1).then_some(())
    });
    shipper.stop().expect_code(0);
}

const OUTPUT: &str = "[INPUT]\n    Name dummy\n[OUTPUT]\n    Name websocket\n    tls on\n";
const INPUT: &str = "[OUTPUT]\n    Name null\n    Match *\n[INPUT]\n    tls on\n";

/// Where they stand, keys that are wrong, and what is said about them.
const WRONG: &[(&str, &str, [&str; 2])] = &[
    (
        OUTPUT,
        "tls.ca_path empty",
        ["empty holds no file with a certificate", "folder with PEM"],
    ),
    (
        OUTPUT,
        "tls.ca_path none",
        ["none cannot be read", "may be read"],
    ),
    (
        OUTPUT,
        "tls.crt_file own.crt\n    tls.key_file aes256.pem",
        ["encrypted", "add `tls.key_passwd`"],
    ),
    (
        OUTPUT,
        "tls.crt_file own.crt\n    tls.key_file aes256.pem\n    tls.key_passwd x",
        ["this password does not open", "password that"],
    ),
    (
        OUTPUT,
        "tls.crt_file own.crt\n    tls.key_file des3.pem\n    tls.key_passwd x",
        ["an unusual way", "openssl pkey -in"],
    ),
    (
        OUTPUT,
        "tls.max_version TLSv1.1",
        ["before 1.2 are not safe", "`TLSv1.2` or"],
    ),
    (
        OUTPUT,
        "tls.min_version TLSv1.3\n    tls.max_version TLSv1.2",
        ["no version of TLS is left", "lower `tls.min_version`"],
    ),
    (
        OUTPUT,
        "net.source_address here",
        ["`here` is no address", "address of this machine"],
    ),
    (
        INPUT,
        "Name tcp",
        ["has to show a certificate", "add `tls.crt_file`"],
    ),
    (
        INPUT,
        "Name tcp\n    tls.crt_file own.crt",
        ["needs its key", "add `tls.key_file`"],
    ),
    (
        INPUT,
        "Name syslog\n    parser x\n    mode udp",
        ["no TLS over this `mode`", "remove `tls on`"],
    ),
    (
        INPUT,
        "Name forward\n    unix_path f",
        ["no TLS over a socket", "a port of TCP"],
    ),
];

#[test]
fn what_cannot_be_spoken_is_a_mistake_at_its_place() {
    let authority = Authority::new("mistakes");
    let plain = std::fs::read_to_string(key_file("plain.pem")).expect("the key");
    let folder = tempfile::TempDir::new().expect("a folder");
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect("a writable folder");
    };
    write("own.crt", &authority.issue_for("sender", &plain));
    for name in ["aes256.pem", "des3.pem"] {
        std::fs::copy(key_file(name), folder.path().join(name)).expect("a writable folder");
    }
    std::fs::create_dir(folder.path().join("empty")).expect("a folder");
    for (start, keys, words) in WRONG {
        write("a.conf", &format!("{start}    {keys}\n"));
        let exit = sockeye_in(folder.path(), &["ship", "-c", "a.conf", "-D"]);
        exit.expect_code(1).expect_words(words);
        assert!(exit.stderr.contains("a.conf:"), "{}", exit.stderr);
        assert!(!exit.stderr.contains(WORD), "{}", exit.stderr);
    }
}
