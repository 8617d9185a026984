//! `sockeye ws connect` in a pipe: lines out, lines in, and how it ends.

use std::io::{Read as _, Seek as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::{Message, WebSocket, accept};

use crate::lab::{Authority, Exit, Lab, PATIENCE, sockeye};

const ECHO: &str = "websocket: { handlers: [{ path: /echo, type: echo }] }";

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
    command.args(["ws", "connect"]).args(args).env_clear();
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Runs it to its end with this standard input.
fn connect(input: &[u8], args: &[&str]) -> Exit {
    let mut file = tempfile::tempfile().expect("a temporary file");
    file.write_all(input).expect("writable");
    file.rewind().expect("a plain file");
    let child = command(args).stdin(file).spawn();
    ended(child.expect("it starts"))
}

fn ended(child: Child) -> Exit {
    let output = child.wait_with_output().expect("it ends");
    Exit {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).expect("text"),
        stderr: String::from_utf8(output.stderr).expect("text"),
    }
}

/// The lines of standard output, each JSON.
fn lines(exit: &Exit) -> Vec<Value> {
    let lines = exit.stdout.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

/// A server of one connection that is not ours; gives its URL.
pub(super) fn peer<T: Send + 'static>(
    serve: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (String, JoinHandle<T>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("ws://{}/", listener.local_addr().expect("an address"));
    let thread = std::thread::spawn(move || {
        let (stream, _) = listener.accept().expect("a client");
        let patience = stream.set_read_timeout(Some(PATIENCE));
        patience.expect("a timeout above zero");
        serve(stream)
    });
    (url, thread)
}

/// The same with an open WebSocket.
pub(super) fn socket<T: Send + 'static>(
    serve: impl FnOnce(&mut WebSocket<TcpStream>) -> T + Send + 'static,
) -> (String, JoinHandle<T>) {
    peer(|stream| serve(&mut accept(stream).expect("a handshake")))
}

/// Closes with a code and waits for the answer.
pub(super) fn bye(socket: &mut WebSocket<TcpStream>, code: u16, reason: &'static str) {
    let frame = CloseFrame {
        code: code.into(),
        reason: reason.into(),
    };
    socket.close(Some(frame)).expect("an open socket");
    while socket.read().is_ok() {}
}

/// The code of the Close that comes next.
fn close_code(socket: &mut WebSocket<TcpStream>) -> Option<u16> {
    loop {
        if let Message::Close(frame) = socket.read().expect("a Close") {
            while socket.read().is_ok() {}
            return frame.map(|frame| frame.code.into());
        }
    }
}

#[test]
fn a_thousand_lines_come_back_in_their_order() {
    let server = Lab::yaml(ECHO).start();
    let input = (0..1000).fold(String::new(), |lines, n| lines + &format!("line {n} é\n"));
    let exit = connect(
        input.as_bytes(),
        &[&server.url("/echo"), "--count", "1000", "--wait", "10"],
    );
    exit.expect_code(0);
    assert_eq!((exit.stdout, exit.stderr), (input, String::new()));
}

#[test]
fn large_messages_do_not_stand_in_each_others_way() {
    let file = "websocket: { max_message_size: 4000000, handlers: [{ path: /echo, type: echo }] }";
    let server = Lab::yaml(file).start();
    let input = format!("{}\n", "x".repeat(3_000_000)).repeat(6);
    let exit = connect(
        input.as_bytes(),
        &[&server.url("/echo"), "--count", "6", "--wait", "10"],
    );
    exit.expect_code(0);
    assert!(exit.stdout == input, "{} bytes came", exit.stdout.len());
}

#[test]
fn json_tells_what_came_and_how_it_ended() {
    let (url, peer) = socket(|socket| {
        for message in [Message::text("a\nb"), Message::binary([0, 255])] {
            socket.send(message).expect("an open socket");
        }
        bye(socket, 1001, "so long");
    });
    let exit = connect(b"", &[&url, "--json", "--wait", "10"]);
    peer.join().expect("a good client");
    exit.expect_code(0);
    let lines = lines(&exit);
    assert_eq!(lines.len(), 3, "{}", exit.stdout);
    assert_eq!(lines[0]["text"], "a\nb");
    assert_eq!(lines[0]["kind"], "text");
    let at = lines[0]["at"].as_str().expect("a time");
    assert!(at.starts_with("20") && at.ends_with('Z'), "{at}");
    assert_eq!(lines[1]["kind"], "binary");
    assert_eq!(lines[1]["base64"], "AP8=");
    let closed = json!({"closed": {"code": 1001, "reason": "so long"}});
    assert_eq!(lines[2], closed);
}

#[test]
fn a_message_is_a_line() {
    let (url, peer) = socket(|socket| {
        for text in ["a\nb\r", "{\n \"a\": 1\r\n}", "\x1b[2J"] {
            socket.send(Message::text(text)).expect("an open socket");
        }
        socket.send(Message::binary([1])).expect("an open socket");
        bye(socket, 1000, "");
    });
    let exit = connect(b"", &[&url, "--wait", "10"]);
    peer.join().expect("a good client");
    assert_eq!(exit.stdout, "a\\nb\\r\n{  \"a\": 1  }\n\x1b[2J\n");
    exit.expect_code(0)
        .expect_words(&["sockeye: a binary message of 1 byte came; --json shows it"]);
}

#[test]
fn a_count_ends_it_while_input_is_open() {
    let (url, peer) = socket(|socket| {
        for text in ["1", "2", "3"] {
            socket.send(Message::text(text)).expect("an open socket");
        }
        close_code(socket)
    });
    let child = command(&[&url, "--count", "2"]).spawn();
    let mut child = child.expect("it starts");
    let input = child.stdin.take();
    let exit = ended(child);
    drop(input);
    assert_eq!(exit.expect_code(0).stdout, "1\n2\n");
    assert_eq!(peer.join().expect("a good client"), Some(1000));
}

#[test]
fn after_the_end_of_input_silence_ends_it() {
    let (url, peer) = socket(|socket| {
        let asked = socket.read().expect("a message");
        socket.send(asked).expect("an open socket");
        close_code(socket)
    });
    let exit = connect(b"a\r\n", &[&url, "--wait", "0.3"]);
    assert_eq!(exit.expect_code(0).stdout, "a\n");
    assert_eq!(peer.join().expect("a good client"), Some(1000));
}

#[test]
fn a_signal_closes() {
    let (url, peer) = socket(|socket| {
        socket.send(Message::text("on")).expect("an open socket");
        close_code(socket)
    });
    let mut child = command(&[&url]).spawn().expect("it starts");
    let mut first = [0; 3];
    let output = child.stdout.as_mut().expect("a pipe");
    output.read_exact(&mut first).expect("a message");
    let killed = Command::new("kill")
        .args(["-s", "INT", &child.id().to_string()])
        .status();
    assert!(killed.expect("`kill` exists").success());
    let input = child.stdin.take();
    ended(child).expect_code(0);
    drop(input);
    assert_eq!(peer.join().expect("a good client"), Some(1000));
}

#[test]
fn the_status_tells_how_the_peer_closed() {
    for (code, reason, status) in [
        (1000, "", 0),
        (1001, "", 0),
        (1008, "no", 1),
        (4001, "\x1b", 1),
    ] {
        let (url, peer) = socket(move |socket| bye(socket, code, reason));
        let exit = connect(b"", &[&url, "--wait", "10"]);
        peer.join().expect("a good client");
        exit.expect_code(status);
        if code == 4001 {
            exit.expect_words(&["sockeye: closed by the peer: 4001 \"\\u{1b}\""]);
        }
    }
    let (url, peer) = socket(|_| ());
    let exit = connect(b"", &[&url, "--wait", "10"]);
    peer.join().expect("a good client");
    exit.expect_code(1)
        .expect_words(&["the peer is gone without a Close"]);
}

#[test]
fn messages_have_a_bound() {
    let (url, peer) = socket(|socket| {
        socket
            .send(Message::text("123456"))
            .expect("an open socket");
        close_code(socket)
    });
    let exit = connect(b"", &[&url, "--max-message-size", "5", "--wait", "10"]);
    exit.expect_code(1)
        .expect_words(&["the peer broke the protocol: 1009", "limit of 5 bytes"]);
    assert_eq!(peer.join().expect("a good client"), Some(1009));
}

#[test]
fn input_must_be_text() {
    let (url, peer) = socket(close_code);
    let exit = connect(b"good\n\xff\n", &[&url]);
    exit.expect_code(2)
        .expect_words(&["line 2 of standard input is not UTF-8"]);
    assert_eq!(peer.join().expect("a good client"), Some(1000));
    let (url, peer) = socket(close_code);
    let exit = connect(b"123456\n", &[&url, "--max-message-size", "5"]);
    exit.expect_code(2)
        .expect_words(&["line 1 of standard input has more than 5 bytes"]);
    assert_eq!(peer.join().expect("a good client"), Some(1000));
}

#[test]
fn what_is_asked_for_is_in_the_request() {
    let told = "{{connection.headers.x-a}} {{connection.headers.x-b}} {{connection.headers.origin}} \
                {{connection.headers.authorization}} {{connection.subprotocol}} {{connection.query.q}}";
    let server = Lab::yaml(&format!(
        "websocket:\n  handlers:\n    - {{ path: /a, type: static, subprotocols: [two, one], \
         messages: [{{ on_connect: \"{told}\" }}] }}\n"
    ))
    .start();
    let url = format!("ws://me:a%20b@{}/a?q=7", server.address());
    let exit = connect(
        b"",
        &[
            &url,
            "--header",
            "X-A: one",
            "-H",
            "x-b:two",
            "--origin",
            "http://o",
            "--subprotocol",
            "one",
            "--subprotocol",
            "two",
            "--count",
            "1",
        ],
    );
    exit.expect_code(0);
    assert_eq!(exit.stdout, "one two http://o Basic bWU6YSBi two 7\n");
}

#[test]
fn a_wrong_command_line_is_one_sentence() {
    let url = "ws://127.0.0.1:1/";
    let cases: [(&[&str], &str); 8] = [
        (
            &["127.0.0.1/a"],
            "has no scheme; write ws://HOST[:PORT]/PATH",
        ),
        (&["ws://a/#b"], "a WebSocket's URL has no fragment"),
        (
            &[url, "--header", "x"],
            "--header \"x\" is no header; write 'Name: value'",
        ),
        (&[url, "-H", "Upgrade: x"], "header upgrade cannot be given"),
        (
            &[url, "-H", "Sec-WebSocket-Protocol: x"],
            "is what --subprotocol sets",
        ),
        (
            &[url, "--subprotocol", "a b"],
            "a subprotocol must be a token",
        ),
        (
            &[url, "--insecure"],
            "--insecure is about TLS, which only wss:// speaks",
        ),
        (&["wss://a", "--ca", "/nowhere.pem"], "/nowhere.pem"),
    ];
    for (args, words) in cases {
        let args: Vec<&str> = ["ws", "connect"].iter().chain(args).copied().collect();
        let exit = sockeye(&args);
        exit.expect_code(2).expect_words(&[words]);
        assert_eq!(exit.stderr.lines().count(), 1, "{}", exit.stderr);
    }
}

#[test]
fn a_refusal_is_told_with_a_hint() {
    let server = Lab::yaml(ECHO).start();
    connect(b"", &[&server.url("/none")])
        .expect_code(3)
        .expect_words(&[
            "refused: HTTP/1.1 404 Not Found",
            "/none",
            "is the path right?",
        ]);
    for (answer, words) in [
        (
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 4\r\n\r\nno\x1b!rest",
            ["401 Unauthorized\n", "  no\\u{1b}!", "Authorization: "],
        ),
        (
            "HTTP/1.1 302 Found\r\nLocation: ws://b/\r\n\r\n",
            ["302 Found\n", "it is elsewhere:", "ws://b/"],
        ),
        (
            "HTTP/1.1 426 Upgrade Required\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n",
            ["426 Upgrade", "  abcd\n", "another protocol or version"],
        ),
        (
            "HTTP/1.1 200 OK\r\n\r\nhello",
            ["200 OK", "hello", "no WebSocket"],
        ),
    ] {
        let (url, peer) = peer(move |mut stream| {
            let mut head = [0; 1024];
            let _ = stream.read(&mut head).expect("a request");
            stream.write_all(answer.as_bytes()).expect("a client");
        });
        let exit = connect(b"", &[&url]);
        exit.expect_code(3).expect_words(&words);
        peer.join().expect("a good client");
    }
}

#[test]
fn what_cannot_be_reached_is_told() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("ws://{}", free.local_addr().expect("an address"));
    let exit = connect(b"", &[&url, "--timeout", "0.1"]);
    exit.expect_code(3)
        .expect_words(&["did not finish the handshake in 100ms; --timeout SECONDS gives it more"]);
    drop(free);
    connect(b"", &[&url])
        .expect_code(3)
        .expect_words(&["cannot connect to 127.0.0.1:", "Connection refused"]);
}

#[test]
fn tls_needs_trust() {
    let authority = Authority::new("connect");
    let (certificate, key) = authority.issue("localhost");
    let server = Lab::yaml(
        "websocket:\n  tls: { cert_path: server.crt, key_path: server.key }\n  \
         handlers: [{ path: /echo, type: echo }]\n",
    )
    .beside("ca.pem", &authority.pem())
    .beside("server.crt", &certificate)
    .beside("server.key", &key)
    .start();
    let port = server.address().port();
    let url = format!("wss://localhost:{port}/echo");
    let ca = server.folder().join("ca.pem");
    let ca = ca.to_str().expect("text");
    connect(b"", &[&url]).expect_code(3).expect_words(&[
        "of nobody who is trusted here",
        "--ca FILE",
        "--insecure",
    ]);
    let exit = connect(b"a\n", &[&url, "--ca", ca, "--count", "1", "--wait", "10"]);
    assert_eq!(exit.expect_code(0).stdout, "a\n");
    let address = format!("https://127.0.0.1:{port}/echo");
    connect(b"", &[&address, "--ca", ca])
        .expect_code(3)
        .expect_words(&["its certificate is for another name"]);
    let exit = connect(
        b"b\n",
        &[&address, "--insecure", "--count", "1", "--wait", "10"],
    );
    assert_eq!(exit.expect_code(0).stdout, "b\n");
    let plain = Lab::yaml(ECHO).start();
    connect(b"", &[&format!("wss://{}", plain.address())])
        .expect_code(3)
        .expect_words(&["what it says is not TLS; perhaps it is ws://"]);
}

#[test]
fn a_server_may_want_a_certificate() {
    let authority = Authority::new("both");
    let (certificate, key) = authority.issue("localhost");
    let (own, own_key) = authority.issue("me");
    let server = Lab::yaml(
        "websocket:\n  tls: { cert_path: server.crt, key_path: server.key, ca_path: ca.pem, \
         client_auth: required }\n  handlers: [{ path: /echo, type: echo }]\n",
    )
    .beside("ca.pem", &authority.pem())
    .beside("server.crt", &certificate)
    .beside("server.key", &key)
    .beside("me.crt", &own)
    .beside("me.key", &own_key)
    .start();
    let url = format!("wss://localhost:{}/echo", server.address().port());
    let path = |name: &str| server.folder().join(name).display().to_string();
    let (ca, own, own_key) = (path("ca.pem"), path("me.crt"), path("me.key"));
    let args = [&*url, "--ca", &ca, "--count", "1", "--wait", "10"];
    connect(b"a\n", &args)
        .expect_code(3)
        .expect_words(&["alert CertificateRequired; it may want a certificate, --cert FILE"]);
    let exit = connect(
        b"a\n",
        &[&args, &["--cert", &*own, "--key", &own_key][..]].concat(),
    );
    assert_eq!(exit.expect_code(0).stdout, "a\n");
}

#[test]
fn an_answer_to_our_close_may_be_a_complaint() {
    let (url, peer) = socket(|socket| {
        let frame = socket.read().expect("a Close");
        assert!(frame.is_close(), "{frame:?}");
        let stream = socket.get_mut();
        // The library would answer with the same code.
        let _ = stream.write_all(&[0x88, 2, 0x03, 0xf3]);
    });
    let exit = connect(b"", &[&url, "--wait", "0"]);
    exit.expect_code(1)
        .expect_words(&["closed by the peer: 1011"]);
    peer.join().expect("a good client");
}
