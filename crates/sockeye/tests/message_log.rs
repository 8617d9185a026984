//! `log_messages:` each message is a line of the log, with its text only for those who debug.

use crate::lab::{Lab, Server};

fn server(said: &str, level: &str) -> Server {
    let file = format!(
        "
websocket:
  {said}
  handlers:
    - {{ path: /echo, type: echo }}
    - {{ path: /greet, on_connect: {{ response: 'hello' }} }}
"
    );
    Lab::yaml(&file).arg("--log").arg(level).start()
}

/// Says something on both paths and gives the log up to the server's end.
fn log_of(server: Server) -> String {
    server.connect("/greet").expect_text("hello");
    let mut client = server.connect("/echo");
    let message = r#"{"name":"Ann","password":"canary"}"#;
    client.send(message).expect_text(message);
    client.send_binary(&[0; 300]).expect_binary(&[0; 300]);
    let long = "ä".repeat(300);
    client.send(&long).expect_text(&long);
    client.close().finish();
    server.terminate().stderr
}

/// The lines that have all these words.
fn lines<'l>(log: &'l str, words: &[&str]) -> Vec<&'l str> {
    let has_all = |line: &&str| words.iter().all(|word| line.contains(word));
    log.lines().filter(has_all).collect()
}

#[test]
fn meta_tells_of_each_message_and_not_what_it_says() {
    let log = log_of(server("log_messages: meta", "info"));
    let greeting = [
        "INFO message",
        "path=\"/greet\"",
        "direction=\"out\"",
        "bytes=5",
    ];
    assert_eq!(lines(&log, &greeting).len(), 1, "{log}");
    for (kind, bytes) in [("text", 34), ("binary", 300), ("text", 600)] {
        for direction in ["in", "out"] {
            let words = [
                "INFO message connection=\"conn-2\" path=\"/echo\"",
                &format!("direction=\"{direction}\" kind=\"{kind}\" bytes={bytes}"),
            ];
            assert_eq!(lines(&log, &words).len(), 1, "{words:?}\n{log}");
        }
    }
    for text in ["Ann", "canary", "hello", "ää"] {
        assert!(!log.contains(text), "{log}");
    }
}

#[test]
fn full_shows_the_start_of_texts_to_those_who_debug() {
    let log = log_of(server("log_messages: full", "debug"));
    let shown = lines(&log, &["DEBUG", "message", "Ann", "«redacted»"]);
    assert_eq!(shown.len(), 2, "{log}");
    assert!(!log.contains("canary"), "{log}");
    let cut = format!("text=\"{}…\"", "ä".repeat(200));
    assert_eq!(lines(&log, &[&cut]).len(), 2, "{log}");
    assert_eq!(
        lines(&log, &["kind=\"binary\" bytes=300"]).len(),
        2,
        "{log}"
    );
}

#[test]
fn without_debug_full_is_meta_and_off_is_silent() {
    let log = log_of(server("log_messages: full", "info"));
    assert_eq!(lines(&log, &["INFO message", "/echo"]).len(), 6, "{log}");
    assert!(!log.contains("Ann"), "{log}");
    for said in ["log_messages: off", "seed: 1"] {
        let log = log_of(server(said, "debug"));
        assert_eq!(lines(&log, &["direction="]).len(), 0, "{log}");
    }
}

#[test]
fn a_reload_changes_it() {
    let server = server("log_messages: off", "info");
    let file = "websocket: { log_messages: meta, handlers: [{ path: /echo, type: echo }] }\n";
    let mut client = server.connect("/echo");
    client.send("before").expect_text("before");
    server.edit(file);
    server.signal("HUP");
    server.expect_log(&["reload"]);
    client.send("behind it").expect_text("behind it");
    client.send("and again").expect_text("and again");
    server.expect_log(&["INFO message", "direction=\"out\"", "bytes=9"]);
    assert!(!server.log().contains("bytes=6"), "{}", server.log());
}
