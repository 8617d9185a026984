//! `sockeye serve`: where settings come from, several files, exit codes, and an orderly end.

use std::io::{BufRead, BufReader};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::lab::{Lab, Raw, Server, sockeye};

const MOCLOJER: &str = "- websocket: { path: /moclojer, on-connect: { response: hi } }\n";
const FORGE: &str = "
websocket:
  handlers:
    - { path: /echo, type: echo }
";

/// A port that nobody else can have while the listener lives.
fn taken() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener
        .local_addr()
        .expect("it is bound")
        .port()
        .to_string();
    (listener, port)
}

fn forge_with(keys: &str) -> String {
    format!("websocket:\n{keys}  handlers:\n    - {{ path: /echo, type: echo }}\n")
}

#[track_caller]
fn expect_echo(lab: &Server) {
    lab.connect("/echo").send("x").expect_text("x");
}

#[test]
fn the_port_comes_from_flag_then_environment_then_file() {
    let (_listener, taken) = taken();
    let file = forge_with(&format!("  port: {taken}\n"));
    let lab = || Lab::yaml(&file).port_not_given();
    lab().fails().expect_code(3);
    for variable in ["MOCKFORGE_WS_PORT", "SOCKEYE_PORT"] {
        expect_echo(&lab().env(variable, "0").start());
        let from_variable = Lab::yaml(&forge_with("  port: 0\n")).port_not_given();
        from_variable.env(variable, &*taken).fails().expect_code(3);
        expect_echo(&lab().env(variable, &*taken).arg("--port").arg("0").start());
    }
    Lab::yaml(MOCLOJER)
        .port_not_given()
        .env("PORT", &*taken)
        .fails()
        .expect_code(3);
    let lab = Lab::yaml(MOCLOJER)
        .port_not_given()
        .env("PORT", "0")
        .start();
    lab.connect("/moclojer").expect_text("hi");
}

#[test]
fn the_host_comes_from_flag_then_environment_then_file() {
    let address = |text: &str| text.parse::<IpAddr>().expect("an address");
    let lab = Lab::yaml(FORGE).start();
    assert_eq!(
        lab.address().ip(),
        address("127.0.0.1"),
        "loopback unless told otherwise"
    );
    let file = forge_with("  host: 127.0.0.2\n");
    let lab = Lab::yaml(&file).start();
    assert_eq!(lab.address().ip(), address("127.0.0.2"));
    let lab = Lab::yaml(&file)
        .env("MOCKFORGE_WS_HOST", "127.0.0.3")
        .start();
    assert_eq!(lab.address().ip(), address("127.0.0.3"));
    let lab = Lab::yaml(&file)
        .env("MOCKFORGE_WS_HOST", "127.0.0.3")
        .arg("--host");
    let lab = lab.arg("127.0.0.4").start();
    assert_eq!(lab.address().ip(), address("127.0.0.4"));
    expect_echo(&lab);
    let lab = Lab::yaml(MOCLOJER).env("HOST", "127.0.0.5").start();
    assert_eq!(lab.address().ip(), address("127.0.0.5"));
}

#[test]
fn the_default_path_comes_from_flag_then_environment_then_file() {
    let served = |lab: Lab| {
        let lab = lab.start();
        ["/ws", "/file", "/variable", "/flag"].map(|path| lab.upgrade(path, &[]).status == 101)
    };
    let file = forge_with("  path: /file\n");
    let lab = || Lab::yaml(&file);
    assert_eq!(served(Lab::yaml(FORGE)), [true, false, false, false]);
    assert_eq!(served(lab()), [false, true, false, false]);
    let with_variable = || lab().env("MOCKFORGE_WS_PATH", "/variable");
    assert_eq!(served(with_variable()), [false, false, true, false]);
    let with_flag = with_variable().arg("--ws-path").arg("/flag");
    assert_eq!(served(with_flag), [false, false, false, true]);
}

#[test]
fn the_other_variables_of_the_guide() {
    let lab = Lab::yaml(&forge_with("  max_message_size: 5\n"));
    let lab = lab.env("MOCKFORGE_WS_MAX_MESSAGE_SIZE", "10").start();
    lab.connect("/echo")
        .send("0123456789")
        .expect_text("0123456789");
    lab.connect("/echo").send("0123456789a").expect_close(1009);
    let lab = Lab::yaml(FORGE)
        .env("MOCKFORGE_WS_MAX_CONNECTIONS", "1")
        .start();
    let _only = lab.connect("/echo");
    assert_eq!(lab.upgrade("/echo", &[]).status, 503);
    let lab = Lab::yaml(FORGE)
        .env("MOCKFORGE_WS_PING_INTERVAL", "1")
        .start();
    assert_eq!(lab.raw_socket("/echo").frame().expect("a ping").first, 0x89);
}

#[test]
fn a_variable_that_makes_no_sense_is_refused() {
    for (name, value) in [
        ("MOCKFORGE_WS_PORT", "many"),
        ("MOCKFORGE_WS_PORT", "65536"),
        ("MOCKFORGE_WS_MAX_CONNECTIONS", "-1"),
        ("MOCKFORGE_WS_ENABLED", "perhaps"),
        ("MOCKFORGE_WS_PATH", "no-slash"),
    ] {
        let exit = Lab::yaml(FORGE).port_not_given().env(name, value).fails();
        exit.expect_code(2).expect_words(&[name, value]);
    }
}

#[test]
fn without_a_file_the_flag_or_the_variable_starts_the_default_endpoint() {
    let pong = |lab: &Server| lab.connect("/ws").send(r#"{"type":"ping"}"#).json()["type"].clone();
    assert_eq!(pong(&Lab::empty().arg("--websocket").start()), "pong");
    assert_eq!(
        pong(&Lab::empty().env("MOCKFORGE_WS_ENABLED", "TRUE").start()),
        "pong"
    );
    Lab::empty().fails().expect_code(2);
}

#[test]
fn enabled_false_yields_to_the_flag() {
    let file = forge_with("  enabled: false\n");
    expect_echo(&Lab::yaml(&file).arg("--websocket").start());
    expect_echo(&Lab::yaml(&file).env("MOCKFORGE_WS_ENABLED", "1").start());
}

#[test]
fn the_file_may_be_named_by_option_by_variable_or_be_found() {
    let beside = || Lab::empty().beside("mock.yml", MOCLOJER);
    let greets = |lab: Lab| {
        lab.start().connect("/moclojer").expect_text("hi");
    };
    greets(beside().arg("--config").arg("mock.yml"));
    greets(beside().env("CONFIG", "mock.yml"));
    let found = Lab::empty()
        .beside("mockforge.yaml", FORGE)
        .arg("--websocket")
        .start();
    expect_echo(&found);
    assert_eq!(
        found.upgrade("/elsewhere", &[]).status,
        404,
        "the found file has handlers"
    );
    let lab = Lab::file("other.yml", FORGE)
        .beside("mock.yml", MOCLOJER)
        .env("CONFIG", "mock.yml");
    expect_echo(&lab.start());
}

#[test]
fn files_of_both_kinds_are_served_together() {
    let lab = Lab::yaml(MOCLOJER)
        .and_file("forge.yaml", FORGE)
        .and_file(
            "third.edn",
            r#"{:websocket {:path "/edn" :on-connect {:response "edn"}}}"#,
        )
        .start();
    lab.connect("/moclojer").expect_text("hi");
    lab.connect("/edn").expect_text("edn");
    expect_echo(&lab);
}

#[test]
fn one_path_in_two_files_is_refused_with_both_places() {
    let forge = "websocket:\n  handlers:\n    - { path: /moclojer, type: echo }\n";
    let exit = Lab::yaml(MOCLOJER).and_file("forge.yaml", forge).fails();
    exit.expect_code(2)
        .expect_words(&["/moclojer", "mock.yml", "forge.yaml"]);
}

#[test]
fn usage_and_configuration_mistakes_end_with_2() {
    sockeye(&["nonsense"]).expect_code(2);
    sockeye(&["serve", "--nonsense"]).expect_code(2);
    sockeye(&["serve", "--port", "65536", "--websocket"]).expect_code(2);
    Lab::yaml("- websocket: { pth: /ws }\n")
        .fails()
        .expect_code(2)
        .expect_words(&["pth", "path"]);
    let missing = sockeye(&["serve", "no-such-file.yml"]);
    assert!(matches!(missing.code, Some(2 | 3)), "{missing:?}");
    missing.expect_words(&["no-such-file.yml"]);
}

#[test]
fn help_and_version_go_to_standard_output() {
    for args in [["--help"], ["--version"]] {
        let exit = sockeye(&args);
        exit.expect_code(0);
        assert!(
            exit.stdout.contains("sockeye") && exit.stderr.is_empty(),
            "{exit:?}"
        );
    }
    let help = sockeye(&["serve", "--help"]);
    for flag in [
        "--port",
        "--host",
        "--seed",
        "--watch",
        "--websocket",
        "--ws-path",
        "--lenient",
    ] {
        assert!(help.stdout.contains(flag), "no {flag} in:\n{}", help.stdout);
    }
}

#[test]
fn sigterm_says_goodbye_closes_with_1001_and_ends_with_0() {
    let file = r"
websocket:
  handlers:
    - path: /status
      type: static
      messages:
        - on_connect: hello
        - on_close: goodbye
";
    for signal in ["TERM", "INT"] {
        let lab = Lab::yaml(file).start();
        let mut clients: Vec<_> = (0..10).map(|_| lab.connect("/status")).collect();
        for client in &mut clients {
            client.expect_text("hello");
        }
        lab.signal(signal);
        for client in &mut clients {
            client.expect_text("goodbye").expect_close(1001);
            // Reading on sends the answer to the Close.
            client.finish();
        }
        let exit = lab.wait(Duration::from_secs(10));
        assert_eq!(exit.expect_code(0).summary(), [10, 0, 20, 0]);
    }
}

#[test]
fn another_address_than_loopback_is_a_warning_line() {
    let lab = Lab::yaml(FORGE).arg("--host").arg("0.0.0.0").start();
    let log = lab.log();
    assert!(
        log.to_lowercase().contains("warn") && log.contains("0.0.0.0"),
        "{log}"
    );
    let near = SocketAddr::from(([127, 0, 0, 1], lab.address().port()));
    let mut raw = Raw::connect(near);
    assert_eq!(raw.upgrade("/echo", &[]).status, 101);
}

#[test]
fn what_clients_send_cannot_forge_the_log() {
    let lab = Lab::yaml("websocket: { handlers: [{ path: /quiet }] }");
    let lab = lab.arg("--log").arg("debug").start();
    let mut client = lab.connect("/quiet");
    client
        .send("one\r\nforged line \u{1b}[31m\u{7}")
        .expect_silence();
    let log = crate::lab::eventually("the message is in the log", || {
        let log = lab.log();
        log.contains("no rule answered").then_some(log)
    });
    assert!(!log.contains(['\u{1b}', '\u{7}', '\r']), "{log:?}");
    assert!(!log.lines().any(|line| line.starts_with("forged")), "{log}");
}

#[test]
fn a_lenient_server_warns_of_unknown_keys() {
    let file = forge_with("  colour: red\n");
    Lab::yaml(&file)
        .fails()
        .expect_code(2)
        .expect_words(&["colour", "mock.yml:2:"]);
    let lab = Lab::yaml(&file).arg("--lenient").start();
    expect_echo(&lab);
    assert!(lab.log().contains("colour"), "{}", lab.log());
}

#[test]
fn two_mockforge_files_share_the_default_endpoint() {
    let file =
        |path: &str| format!("websocket:\n  handlers:\n    - {{path: {path}, type: echo}}\n");
    let server = Lab::file("one.yaml", &file("/one"))
        .and_file("two.yaml", &file("/two"))
        .start();
    for path in ["/one", "/two"] {
        server.connect(path).send("hello").expect_text("hello");
    }
    server.connect("/ws").send("hello").expect_text("hello");
    let own = "websocket:\n  handlers:\n    - {path: /ws, messages: [{on_message: mine}], type: static}\n";
    let server = Lab::file("one.yaml", &file("/one"))
        .and_file("two.yaml", own)
        .start();
    server.connect("/ws").send("hello").expect_text("mine");
}

#[test]
fn an_empty_variable_is_an_unset_one() {
    let server = Lab::yaml("websocket: {}")
        .env("SOCKEYE_PORT", "")
        .env("SOCKEYE_SEED", "")
        .env("SOCKEYE_HOST", "")
        .start();
    server.connect("/ws").send("hello").expect_text("hello");
}

/// A reader that goes away, and one that stays and reads no more: neither holds up the server.
#[test]
fn a_log_that_nobody_reads_stops_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("mock.yml");
    std::fs::write(&file, MOCLOJER).expect("the folder is writable");
    for reads_on in [true, false] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_sockeye"))
            .args([
                "--log",
                "debug",
                "serve",
                "mock.yml",
                "--port",
                "0",
                "--no-admin",
            ])
            .current_dir(folder.path())
            .env_clear()
            .stderr(Stdio::piped())
            .spawn()
            .expect("the built binary starts");
        let mut log = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        log.read_line(&mut line).expect("a first line");
        let address = line
            .split(['/', ' '])
            .find(|word| word.starts_with("127.0.0.1:"));
        let address: SocketAddr = address
            .and_then(|word| word.parse().ok())
            .expect("an address");
        // Kept open without a reader, or closed.
        let _unread = reads_on.then_some(log);
        let mut client = crate::lab::Client::connect(address, "/moclojer");
        client.expect_text("hi");
        for _ in 0..3_000 {
            client.send("nobody answers this, and the log says so at some length");
        }
        client.expect_silence();
        let mut next = crate::lab::Client::connect(address, "/moclojer");
        next.expect_text("hi");
        let killed = Command::new("kill").arg(child.id().to_string()).status();
        assert!(killed.expect("`kill` exists").success());
        client.expect_close(1001);
        next.expect_close(1001);
        drop((client, next));
        let status = crate::lab::eventually("the server ends", || child.try_wait().ok().flatten());
        assert_eq!(status.code(), Some(0));
    }
}

#[test]
fn a_bad_default_path_is_a_mistake_and_not_an_empty_server() {
    for path in ["/a b", "/a?x", "/ws#x", "ws"] {
        let exit = Lab::yaml(FORGE).arg("--ws-path").arg(path).fails();
        exit.expect_code(2).expect_words(&["--ws-path"]);
        let exit = Lab::yaml(FORGE).env("MOCKFORGE_WS_PATH", path).fails();
        exit.expect_code(2).expect_words(&["MOCKFORGE_WS_PATH"]);
    }
}
