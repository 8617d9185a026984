//! `record: true`: a session file for each connection of a handler, whatever happens to client, server or disk.

mod kill;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::lab::{Lab, Server, Upstream, close, eventually, files, frame, said, session};

const FILE: &str = r#"
websocket:
  handlers:
    - { path: /echo, type: echo, record: true, record_path: "rec/{{connection.id}}.json" }
    - { path: /usual, type: echo, record: true }
    - { path: /not, type: echo }
    - { path: "/at/**", type: echo, record: true, record_path: "at/{{path}}.json" }
"#;

/// The file of this name, once it is finished.
#[track_caller]
fn finished(server: &Server, name: &str) -> PathBuf {
    let path = server.folder().join(name);
    eventually(
        &format!("{name} is there, beside {:?}", files(&server.folder())),
        || path.is_file().then_some(()),
    );
    path
}

fn today() -> String {
    let now = sockeye_core::Clock::system().now().to_string();
    now.split('T').next().expect("a date").to_owned()
}

#[test]
fn each_session_has_a_file_of_its_own() {
    let server = Lab::yaml(FILE).start();
    let date = today();
    for name in ["", "-2", "-3"] {
        let mut client = server.connect("/usual");
        client.send("hello").expect_text("hello");
        client.close().finish();
        let name = format!("recordings/ws-{date}{name}.json");
        // Around midnight the day may be another one.
        if today() == date {
            finished(&server, &name);
        }
    }
    server.connect("/not").send("x").expect_text("x");
    let exit = server.folder();
    assert_eq!(files(&exit).len(), 4, "{:?}", files(&exit));
}

#[test]
fn a_file_has_what_the_client_saw() {
    let server = Lab::yaml(FILE).start();
    let mut raw = server.raw_socket("/echo");
    raw.send(&frame(0x81, "é\u{0}".as_bytes()));
    raw.frame();
    raw.send(&frame(0x89, b""));
    raw.frame();
    raw.send(&close(1000, b""));
    raw.frame();
    let file = finished(&server, "rec/conn-1.json");
    let said = said(&file);
    let wanted = [
        "> text é\u{0}",
        "< text é\u{0}",
        "> ping",
        "< pong",
        "> close 1000",
        "< close 1000",
    ];
    assert_eq!(said, wanted);
    let metadata = &session(&file)["metadata"];
    assert_eq!(metadata["path"], "/echo");
    let mode = std::fs::metadata(&file).expect("there");
    let mode = std::os::unix::fs::PermissionsExt::mode(&mode.permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_server_that_ends_finishes_its_recordings() {
    let server = Lab::yaml(FILE).start();
    let mut client = server.connect("/echo");
    client.send("open").expect_text("open");
    server.signal("TERM");
    client.expect_close(1001);
    client.finish();
    let file = finished(&server, "rec/conn-1.json");
    assert_eq!(said(&file)[0], "> text open");
    assert_eq!(files(&server.folder()), ["mock.yml", "rec/conn-1.json"]);
}

/// Row 43: what a client can choose leads nowhere.
#[test]
fn names_that_clients_choose_stay_in_the_folder() {
    let server = Lab::yaml(FILE).start();
    let long = format!("/at/{}", "x".repeat(4000));
    let tricks = [
        "/at/../../../../tmp/out",
        "/at/%2e%2e/%2e%2e/out",
        "/at/..%2f..%2fout",
        "/at/%00/out",
        "/at/a%0ab",
        "/at//etc/passwd",
        "/at/.hidden",
        "/at/-rf",
        "/at/CON",
        "/at/con.json",
        "/at/{{env.HOME}}",
        "/at/$HOME",
        "/at/~",
        "/at/%ff%fe",
        "/at/\"quoted\"",
        "/at/",
        &long,
    ];
    let mut count = 0;
    for path in tricks {
        let mut raw = server.raw();
        if raw.upgrade(path, &[]).status == 101 {
            raw.send(&close(1000, b""));
            raw.frame();
            count += 1;
        }
    }
    assert!(count > 10, "{count}");
    let folder = server.folder();
    let recorded = eventually("all are finished", || {
        let names = files(&folder);
        let is_running = |name: &String| name.contains(".part") || name.contains(".new");
        let running = names.iter().any(is_running);
        (names.len() == count + 1 && !running).then_some(names)
    });
    for name in recorded.iter().filter(|name| *name != "mock.yml") {
        let (parent, file) = name.rsplit_once('/').unwrap_or(("", name));
        assert_eq!(parent, "at", "{name}");
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        assert!(
            file.chars().all(is_plain) && !file.starts_with(['.', '-']),
            "{name}"
        );
        assert!(file.len() <= 255, "{name}");
        assert!(!file.to_ascii_lowercase().starts_with("con."), "{name}");
    }
    assert!(!Path::new("/tmp/out").exists());
}

/// A folder of recordings that leads elsewhere is not followed.
#[test]
fn links_are_not_followed() {
    let lab = Lab::yaml(FILE).admin();
    let outside = tempfile::TempDir::new().expect("a temporary folder");
    std::os::unix::fs::symlink(outside.path(), lab.folder().join("rec")).expect("writable");
    let server = lab.start();
    server.connect("/echo").send("x").expect_text("x");
    let view = failed(&server);
    let error = view["error"].as_str().expect("a sentence");
    assert!(error.contains("is a link or not a folder"), "{error}");
    assert_eq!(files(outside.path()), [""; 0]);
}

/// The recording that failed, as operators see it.
#[track_caller]
fn failed(server: &Server) -> Value {
    eventually("a recording failed", || {
        let list = server.ask("GET", "/__mockforge/ws/recordings?state=failed", &[], b"");
        let list: Value = serde_json::from_slice(&list.body).ok()?;
        list["recordings"].get(0).cloned()
    })
}

#[track_caller]
fn metric(server: &Server, line: &str) {
    eventually(&format!("the metrics say `{line}`"), || {
        let page = server.ask("GET", "/metrics", &[], b"").text();
        page.lines().any(|known| known == line).then_some(())
    });
}

/// Row 45: the disk is full. Nobody notices but those who run the server.
#[test]
fn a_full_disk_ends_a_recording_and_no_session() {
    let server = Lab::yaml(FILE).admin().small_disk("rec").start();
    let mut events = crate::lab::Client::connect(server.admin(), "/__mockforge/ws");
    let mut client = server.connect("/echo");
    metric(&server, "ws_recordings_active 1");
    let message = "x".repeat(20_000);
    for _ in 0..10 {
        client.send(&message).expect_text(&message);
    }
    let view = failed(&server);
    assert_eq!(
        (&view["state"], &view["name"]),
        (&json!("failed"), &json!("rec/conn-1.json"))
    );
    let error = view["error"].as_str().expect("a sentence");
    let words = ["make room and start the recording again", "File too large"];
    assert!(words.iter().any(|words| error.contains(words)), "{error}");
    metric(&server, "ws_recordings_active 0");
    metric(&server, "ws_recordings_failed_total 1");
    let told = eventually("the event is told", || {
        let batch = events.json();
        batch["failed_recordings"].get(0).cloned()
    });
    assert_eq!(told["connection"], "conn-1");
    client.send("still served").expect_text("still served");
    client.close().finish();
    server
        .connect("/echo")
        .send("and others")
        .expect_text("and others");
    server.expect_log(&["conn-1 is no longer recorded"]);
}

/// Row 45: the folder is removed under a recording.
#[test]
fn a_folder_that_goes_ends_a_recording_and_no_session() {
    let server = Lab::yaml(FILE).admin().start();
    let mut client = server.connect("/echo");
    client.send("one").expect_text("one");
    let folder = server.folder().join("rec");
    eventually("it is recorded", || {
        folder.join("conn-1.json.part").is_file().then_some(())
    });
    std::fs::remove_dir_all(&folder).expect("writable");
    client.send("two").expect_text("two");
    client.close().finish();
    let view = failed(&server);
    assert_eq!(view["connection"], "conn-1");
    let mut client = server.connect("/echo");
    client.send("three").expect_text("three");
    client.close().finish();
    finished(&server, "rec/conn-2.json");
}

/// Row 47: what is secret is in no recording, list, metric or log.
#[test]
fn canaries_are_in_no_recording() {
    let file = r#"
websocket:
  handlers:
    - path: /secret
      type: echo
      record: true
      record_path: rec/s.json
      record_redact:
        pointers: [/user/token, /list/0, /deep]
        patterns: ["key=(\\w+)", "(?i)bearer \\S+"]
"#;
    let server = Lab::yaml(file).admin().arg("--log").arg("debug").start();
    let headers = [
        ("authorization", "Bearer canary01"),
        ("cookie", "session=canary02"),
        ("x-key", "canary03"),
        ("sec-websocket-protocol", "canary04"),
    ];
    let mut raw = server.raw();
    assert_eq!(raw.upgrade("/secret?token=canary05", &headers).status, 101);
    for (first, payload) in [
        (0x81, &br#"{"user":{"token":"canary06","id":1}}"#[..]),
        (0x81, br#"{"list":["canary07","open"]}"#),
        (0x81, br#"{"deep":{"a":{"b":"canary08"}}}"#),
        (0x81, br#"{"user":{"token":123456}}"#),
        (0x81, b"a text with key=canary09 in it"),
        (0x81, b"authorization: BEARER canary10"),
        (0x82, b"\x00\xffkey=canary11\xff"),
    ] {
        raw.send(&frame(first, payload));
        raw.frame();
    }
    raw.send(&frame(0x89, b"key=canary12"));
    raw.frame();
    raw.send(&close(4000, b"key=canary13"));
    raw.frame();
    let path = finished(&server, "rec/s.json");
    let list = server
        .ask("GET", "/__mockforge/ws/recordings", &[], b"")
        .text();
    let metrics = server.ask("GET", "/metrics", &[], b"").text();
    let text = std::fs::read_to_string(&path).expect("there");
    let decoded = said(&path).join("\n");
    for (name, all) in [
        ("file", &text),
        ("list", &list),
        ("metrics", &metrics),
        ("log", &server.log()),
        ("said", &decoded),
    ] {
        assert!(
            !all.contains("canary") && !all.contains("123456"),
            "{name}: {all}"
        );
    }
    // Base64 hides what it holds from a search.
    for message in session(&path)["messages"].as_array().expect("a list") {
        let data = message["data"].as_str().expect("text");
        assert!(
            !unbase64(data).windows(6).any(|part| part == b"canary"),
            "{message}"
        );
    }
    assert!(
        text.contains("\\\"id\\\":1") && text.contains("a text with key="),
        "{text}"
    );
}

fn unbase64(text: &str) -> Vec<u8> {
    use base64::Engine as _;
    let decoded = base64::engine::general_purpose::STANDARD.decode(text);
    decoded.unwrap_or_default()
}

/// The guide's own: what the client saw, before and behind the transforms.
#[test]
fn a_proxy_is_recorded_as_the_client_sees_it() {
    let upstream = Upstream::start();
    let file = r#"
websocket:
  handlers:
    - path: /p
      type: proxy
      upstream: UPSTREAM
      on_connect: { headers: { Authorization: "Bearer {{env.API_TOKEN}}" } }
      transform: { incoming: "return 'in ' + msg", outgoing: "return 'out ' + msg" }
      record: true
      record_path: p.json
"#;
    let file = file.replace("UPSTREAM", &upstream.url("/u"));
    let server = Lab::yaml(&file)
        .env("API_TOKEN", "canary-of-the-environment")
        .start();
    let mut client = server.connect("/p");
    let mut called = upstream.next();
    assert_eq!(
        called.header("authorization"),
        ["Bearer canary-of-the-environment"]
    );
    client.send("question");
    called.socket.expect_text("in question");
    called.socket.send("canary-of-the-environment and more");
    client.expect_text("out canary-of-the-environment and more");
    client.close();
    called.socket.finish();
    client.finish();
    let path = finished(&server, "p.json");
    let said = said(&path);
    assert_eq!(said[0], "> text question");
    assert!(
        said[1].starts_with("< text out «redacted:") && said[1].ends_with(" and more"),
        "{said:?}"
    );
    let text = std::fs::read_to_string(&path).expect("there");
    assert!(!text.contains("canary"), "{text}");
}
#[test]
fn recordings_are_listed() {
    let server = Lab::yaml(FILE).admin().start();
    for _ in 0..3 {
        server
            .connect("/echo")
            .send("x")
            .expect_text("x")
            .close()
            .finish();
    }
    finished(&server, "rec/conn-3.json");
    let ask = |query: &str| -> Value {
        let target = format!("/__mockforge/ws/recordings{query}");
        let answer = server.ask("GET", &target, &[], b"");
        serde_json::from_slice(&answer.body).expect("JSON")
    };
    let list = eventually("all are finished", || {
        let list = ask("?state=finished&limit=2&offset=1");
        (list["count"] == 3).then_some(list)
    });
    let names = |list: &Value| -> Vec<String> {
        let views = list["recordings"].as_array().expect("a list").iter();
        views
            .map(|view| view["name"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(names(&list), ["rec/conn-2.json", "rec/conn-1.json"]);
    let view = &ask("")["recordings"][0];
    assert_eq!(
        (&view["messages"], &view["error"]),
        (&json!(4), &Value::Null)
    );
    assert_eq!(ask("?state=running")["count"], 0);
    let wrong = server.ask("GET", "/__mockforge/ws/recordings?state=x", &[], b"");
    assert_eq!(wrong.status, 400);
    let here = server.folder().display().to_string();
    assert!(!ask("").to_string().contains(&here));
}

/// A reload reaches connections that are open: recorded ones stay so, others begin.
#[test]
fn a_reload_begins_recordings() {
    let server = Lab::yaml("websocket: { handlers: [{ path: /e, type: echo }] }").start();
    let mut client = server.connect("/e");
    client.send("before").expect_text("before");
    server.edit(
        "websocket: { handlers: [{ path: /e, type: echo, record: true, record_path: e.json }] }",
    );
    server.signal("HUP");
    eventually("it is recorded", || {
        server.folder().join("e.json.part").is_file().then_some(())
    });
    client.send("after").expect_text("after");
    client.close().finish();
    let said = said(&finished(&server, "e.json"));
    assert_eq!(said[..2], ["> text after", "< text after"]);
}
