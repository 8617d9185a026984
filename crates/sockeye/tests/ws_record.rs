//! `sockeye ws record`: a running server, a server of its own, and every way in which it can end.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::lab::{
    Client, Frame, Lab, Recorder, Server, Upstream, close, eventually, frame, said, session,
    sockeye_in,
};

const FILE: &str = r#"
websocket:
  handlers:
    - { path: /echo, type: echo }
    - { path: "/api/{name}", type: echo }
    - path: /secret
      type: echo
      record_redact: { pointers: [/user/token], patterns: ["key=(\\w+)"] }
"#;

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        Self { folder }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("session.json")
    }
}

fn server() -> Server {
    Lab::yaml(FILE).admin().start()
}

/// Says three things on a path and closes.
fn talk(server: &Server, path: &str) {
    let mut raw = server.raw_socket(path);
    raw.send(&frame(0x81, b"a text"));
    assert_eq!(raw.frame().expect("an echo").payload, b"a text");
    raw.send(&frame(0x82, &[0, 255]));
    assert_eq!(raw.frame().expect("an echo").payload, [0, 255]);
    raw.send(&frame(0x89, b"ping"));
    assert_eq!(raw.frame().expect("a pong").payload, b"ping");
    raw.send(&frame(0x8a, b"pong"));
    raw.send(&close(4001, b"enough"));
    let Frame { payload, .. } = raw.frame().expect("a Close");
    assert_eq!(payload, 4001_u16.to_be_bytes());
}

const TALKED: [&str; 9] = [
    "1 > text a text",
    "1 < text a text",
    "1 > binary AP8=",
    "1 < binary AP8=",
    "1 > ping cGluZw==",
    "1 < pong cGluZw==",
    "1 > pong cG9uZw==",
    "1 > close 4001 enough",
    "1 < close 4001",
];

#[test]
fn everything_a_client_saw_is_recorded_until_ctrl_c() {
    let (server, place) = (server(), Place::new());
    let recorder = Recorder::of(&server, &place.file(), &[]);
    talk(&server, "/echo");
    recorder.end("INT").expect_code(0);
    assert_eq!(said(&place.file()), TALKED);
    let session = session(&place.file());
    let first = &session["messages"][0];
    assert_eq!(
        (&first["path"], &first["connection_id"]),
        (&json!("/echo"), &json!("conn-1"))
    );
    assert!(session["metadata"]["duration_ms"].is_u64(), "{session}");
    assert!(!place.folder.path().join("session.json.part").exists());
}

#[test]
fn paths_and_pings_are_chosen() {
    let (server, place) = (server(), Place::new());
    let recorder = Recorder::of(
        &server,
        &place.file(),
        &["--path", "/api/*", "--exclude-ping"],
    );
    talk(&server, "/echo");
    talk(&server, "/api/a");
    recorder.end("TERM").expect_code(0);
    let without: Vec<String> = TALKED
        .iter()
        .filter(|line| !line.contains(" ping ") && !line.contains(" pong "))
        .map(|line| line.replacen('1', "2", 1))
        .collect();
    assert_eq!(said(&place.file()), without);
    assert_eq!(session(&place.file())["metadata"]["path"], "/api/*");
    let recorder = Recorder::of(
        &server,
        &place.file(),
        &["--path", "/echo", "--path", "/api/{name}"],
    );
    talk(&server, "/echo");
    talk(&server, "/api/b");
    talk(&server, "/secret");
    recorder.end("INT").expect_code(0);
    assert_eq!(said(&place.file()).len(), 2 * TALKED.len());
}

#[test]
fn a_file_is_replaced_unless_that_is_refused() {
    let (server, place) = (server(), Place::new());
    std::fs::write(place.file(), "old").expect("writable");
    let admin = format!("http://{}", server.admin());
    let file = place.file().display().to_string();
    let exit = sockeye_in(
        place.folder.path(),
        &[
            "ws",
            "record",
            "-o",
            &file,
            "--admin",
            &admin,
            "--no-clobber",
        ],
    );
    exit.expect_code(3)
        .expect_words(&["there is a file", "choose another name or remove it"]);
    assert_eq!(std::fs::read_to_string(place.file()).expect("there"), "old");
    let recorder = Recorder::of(&server, &place.file(), &[]);
    assert_eq!(std::fs::read_to_string(place.file()).expect("there"), "old");
    recorder.end("INT").expect_code(0);
    assert_eq!(session(&place.file())["metadata"]["message_count"], 0);
}

#[test]
fn time_and_number_end_a_recording() {
    let (server, place) = (server(), Place::new());
    let recorder = Recorder::of(&server, &place.file(), &["--max-messages", "3", "--json"]);
    talk(&server, "/echo");
    recorder.wait().expect_code(0);
    assert_eq!(said(&place.file()), TALKED[..3]);
    let admin = format!("http://{}", server.admin());
    let file = place.file().display().to_string();
    let began = Instant::now();
    let args = [
        "ws",
        "record",
        "-o",
        &file,
        "--admin",
        &admin,
        "--duration",
        "300ms",
        "--json",
    ];
    let exit = sockeye_in(place.folder.path(), &args);
    assert!(began.elapsed() >= Duration::from_millis(300));
    let told: Value = serde_json::from_str(&exit.expect_code(0).stdout).expect("JSON");
    assert_eq!(
        (&told["output"], &told["messages"]),
        (&json!(file), &json!(0))
    );
    let ran = session(&place.file())["metadata"]["duration_ms"].as_u64();
    assert!(ran.is_some_and(|ran| (300..2000).contains(&ran)), "{ran:?}");
}

#[test]
fn a_server_that_ends_ends_the_recording() {
    let (server, place) = (server(), Place::new());
    let recorder = Recorder::of(&server, &place.file(), &[]);
    let mut client = server.connect("/echo");
    client.send("last words").expect_text("last words");
    server.signal("TERM");
    client.expect_close(1001);
    client.finish();
    recorder.wait().expect_code(0);
    let last = [
        "1 > text last words",
        "1 < text last words",
        "1 < close 1001 server is shutting down",
    ];
    assert_eq!(said(&place.file())[..3], last);
}

#[test]
fn a_server_that_is_lost_is_told_and_what_came_is_kept() {
    let (server, place) = (server(), Place::new());
    let recorder = Recorder::of(&server, &place.file(), &[]);
    let mut client = server.connect("/echo");
    client.send("before").expect_text("before");
    eventually("it was written", || {
        let part = place.folder.path().join("session.json.part");
        let text = std::fs::read_to_string(part).ok()?;
        (text.matches("before").count() == 2).then_some(())
    });
    server.signal("KILL");
    let exit = recorder.wait();
    exit.expect_code(1)
        .expect_words(&["the server was lost", "what came before is in"]);
    assert_eq!(said(&place.file()), ["1 > text before", "1 < text before"]);
}

#[test]
fn secrets_of_a_handler_and_of_the_flags_are_not_written() {
    let (server, place) = (server(), Place::new());
    let args = ["--redact-pointer", "/pin", "--redact-pattern", "pw=\\d+"];
    let recorder = Recorder::of(&server, &place.file(), &args);
    let mut client = server.connect("/secret");
    for secret in [
        r#"{"user":{"token":"canary1"}}"#,
        "key=canary2",
        r#"{"pin":"canary3"}"#,
        "pw=4711",
    ] {
        client.send(secret).expect_text(secret);
    }
    client
        .send_binary(b"\xffkey=canary5")
        .expect_binary(b"\xffkey=canary5");
    recorder.end("INT").expect_code(0);
    let text = std::fs::read_to_string(place.file()).expect("there");
    assert!(!text.contains("canary") && !text.contains("4711"), "{text}");
    assert_eq!(text.matches("redacted:").count(), 8, "{text}");
}

/// The mock goes on at its own speed, and nothing is left out in silence.
#[test]
fn a_recorder_that_stands_still_loses_its_recording_and_nobody_else_anything() {
    let file = "websocket: { max_message_size: 1048576, handlers: [{ path: /e, type: echo }] }";
    let (server, place) = (Lab::yaml(file).admin().start(), Place::new());
    let recorder = Recorder::of(&server, &place.file(), &[]);
    recorder.signal("STOP");
    let mut client = server.connect("/e");
    let message = "x".repeat(1_000_000);
    for _ in 0..20 {
        client.send(&message).expect_text(&message);
    }
    recorder.signal("CONT");
    let exit = recorder.wait_for(Duration::from_mins(1));
    exit.expect_code(1)
        .expect_words(&["faster than the recording took them"]);
    let kept = said(&place.file());
    assert!(!kept.is_empty() && kept.len() < 40, "{}", kept.len());
    client.send("still here").expect_text("still here");
}

#[test]
fn a_server_of_its_own_is_recorded_from_the_first_message_to_the_last() {
    let place = Place::new();
    let folder = place.folder.path();
    std::fs::write(folder.join("mockforge.yaml"), FILE).expect("writable");
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let admin = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    // Nothing listens there, so the file is served that lies here; and once as it is named.
    for named in [
        &["--admin", admin.as_str()][..],
        &["--config", "mockforge.yaml"],
    ] {
        let mut command = Recorder::command(named, &place.file(), &["--port", "0"]);
        command.current_dir(folder);
        let (served, address) = Recorder::serving(&mut command);
        let mut client = Client::connect(address, "/echo");
        client.send("hello").expect_text("hello");
        served.signal("INT");
        client.expect_close(1001);
        client.finish();
        served.wait().expect_code(0);
        let talked = [
            "1 > text hello",
            "1 < text hello",
            "1 < close 1001 server is shutting down",
        ];
        assert_eq!(said(&place.file())[..3], talked);
    }
}

#[test]
fn a_server_of_its_own_ends_with_the_recording() {
    let place = Place::new();
    std::fs::write(place.folder.path().join("mock.yaml"), FILE).expect("writable");
    let args = ["--port", "0", "--max-messages", "2"];
    let mut command = Recorder::command(&["--config", "mock.yaml"], &place.file(), &args);
    let (served, address) = Recorder::serving(command.current_dir(place.folder.path()));
    let mut client = Client::connect(address, "/echo");
    client.send("hello").expect_text("hello");
    client.expect_close(1001);
    client.finish();
    served.wait().expect_code(0);
    assert_eq!(said(&place.file()), ["1 > text hello", "1 < text hello"]);
}

#[test]
fn a_proxy_before_a_real_server_is_recorded() {
    let (upstream, place) = (Upstream::start(), Place::new());
    let url = upstream.url("/real");
    let args = ["--port", "0", "--path", "/any/**"];
    let mut command = Recorder::command(&["--upstream", &url], &place.file(), &args);
    let (recorder, address) = Recorder::serving(&mut command);
    for path in ["/ws", "/any/where?a=b"] {
        let mut client = Client::connect(address, path);
        let mut called = upstream.next();
        client.send("question");
        called.socket.expect_text("question").send("answer");
        client.expect_text("answer").close();
        called.socket.finish();
        client.finish();
    }
    recorder.end("INT").expect_code(0);
    let talked = [
        "2 > text question",
        "2 < text answer",
        "2 > close",
        "2 < close",
    ];
    assert_eq!(said(&place.file()), talked);
    let exit = sockeye_in(
        place.folder.path(),
        &[
            "ws",
            "record",
            "-o",
            "s.json",
            "--upstream",
            "http://a/",
            "--port",
            "0",
        ],
    );
    exit.expect_code(2).expect_words(&["--upstream", "`ws://`"]);
}

#[test]
fn what_cannot_be_recorded_is_told() {
    let place = Place::new();
    let run = |args: &[&str]| {
        let all: Vec<&str> = ["ws", "record", "-o", "s.json"]
            .iter()
            .chain(args)
            .copied()
            .collect();
        sockeye_in(place.folder.path(), &all)
    };
    run(&["--path", "no-slash"])
        .expect_code(2)
        .expect_words(&["--path \"no-slash\""]);
    run(&["--redact-pattern", "("])
        .expect_code(2)
        .expect_words(&["--redact-pattern"]);
    run(&["--duration", "0s"])
        .expect_code(2)
        .expect_words(&["such as 30s"]);
    run(&["--config", "none.yaml"])
        .expect_code(2)
        .expect_words(&["none.yaml"]);
    let guarded = Lab::yaml(FILE)
        .admin()
        .arg("--admin-token")
        .arg("t")
        .start();
    let admin = format!("http://{}", guarded.admin());
    run(&["--admin", &admin])
        .expect_code(1)
        .expect_words(&["needs the admin token"]);
    let token = [
        "--admin",
        &admin,
        "--admin-token",
        "t",
        "--duration",
        "10ms",
    ];
    run(&token).expect_code(0);
    std::fs::remove_file(place.folder.path().join("s.json")).expect("it was recorded");
    let mock = format!("http://{}", guarded.address());
    run(&["--admin", &mock])
        .expect_code(3)
        .expect_words(&["is no admin listener of sockeye"]);
    let nowhere = sockeye_in(
        place.folder.path(),
        &[
            "ws",
            "record",
            "-o",
            "no/such/s.json",
            "--admin",
            &admin,
            "--token",
            "t",
        ],
    );
    nowhere.expect_code(3).expect_words(&["no/such/s.json"]);
    assert_eq!(crate::lab::files(place.folder.path()), [""; 0]);
}
