//! The admin listener: the guide's five calls, what goes beyond them, and who may ask.

use serde_json::{Value, json};

use crate::lab::{Lab, Response, Server, eventually};

const P: &str = "/__mockforge/ws";

const FILE: &str = r#"
websocket:
  handlers:
    - path: /echo
      type: echo
    - path: "/chat/{room}"
      state: { initial: { n: 0 } }
      rules:
        - match: { type: join }
          handler: "state.n++; rooms.join(message.room); return 'in'"
        - match: { type: hi }
          response: { hello: "{{message.name}}" }
        - match: { type: hi, name: "*" }
          response: never
"#;

fn server() -> Server {
    Lab::yaml(FILE).admin().start()
}

fn get(server: &Server, path: &str) -> Value {
    server
        .ask("GET", &format!("{P}{path}"), &[], b"")
        .expect_status(200)
        .json()
}

fn post(server: &Server, path: &str, kind: &str, body: &[u8]) -> Response {
    let headers = [("Content-Type", kind)];
    server.ask("POST", &format!("{P}{path}"), &headers, body)
}

#[test]
fn connections_are_listed_filtered_sorted_and_paged() {
    let server = server();
    let mut one = server.connect("/echo");
    let mut two = server.connect("/chat/a?token=canary&x=1");
    one.send("12345").expect_text("12345");
    two.send(r#"{"type":"join","room":"r1"}"#).expect_text("in");
    let all = get(&server, "/connections");
    assert_eq!(
        (&all["count"], &all["limit"], &all["offset"]),
        (&json!(2), &json!(100), &json!(0))
    );
    let first = &all["connections"][0];
    assert_eq!(first["id"], "conn-1");
    assert_eq!(
        (&first["path"], &first["route"]),
        (&json!("/echo"), &json!("/echo"))
    );
    eventually("the counts are there", || {
        let list = get(&server, "/connections");
        let first = &list["connections"][0];
        let counts = [
            "messages_received",
            "messages_sent",
            "bytes_received",
            "bytes_sent",
        ];
        let counts = counts.map(|name| first[name].as_u64().expect("a number"));
        (counts == [1, 1, 5, 5]).then_some(())
    });
    let ids = |query: &str| -> Vec<String> {
        let list = get(&server, &format!("/connections{query}"));
        let list = list["connections"].as_array().expect("a list").clone();
        list.iter()
            .map(|view| view["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    assert_eq!(ids("?path=/echo"), ["conn-1"]);
    assert_eq!(ids("?path=/chat/%7Broom%7D"), ["conn-2"]);
    assert_eq!(ids("?room=r1"), ["conn-2"]);
    assert_eq!(ids("?q=chat"), ["conn-2"]);
    assert_eq!(ids("?sort=-id"), ["conn-2", "conn-1"]);
    assert_eq!(ids("?sort=-path&limit=1"), ["conn-1"]);
    assert_eq!(ids("?limit=1&offset=1"), ["conn-2"]);
    assert_eq!(ids("?room=nobody"), Vec::<String>::new());
    for wrong in [
        "?limit=0",
        "?limit=x",
        "?sort=size",
        "?paht=/echo",
        "?limit=1&limit=2",
        "?sort=",
    ] {
        let answer = server.ask("GET", &format!("{P}/connections{wrong}"), &[], b"");
        answer.expect_status(400);
        assert!(answer.json()["error"].is_string(), "{wrong}");
    }
}

#[test]
fn one_connection_is_shown_in_full_without_its_secrets() {
    let server = server();
    let mut raw = server.raw();
    let secret = [
        ("Authorization", "Bearer canary"),
        ("Cookie", "session=canary"),
        ("X-Api-Key", "canary"),
        ("X-Seen", "seen"),
    ];
    let target = "/chat/a?access_token=canary&x=1&x=2";
    assert_eq!(raw.upgrade(target, &secret).status, 101);
    raw.send(&crate::lab::frame(0x81, br#"{"type":"join","room":"r1"}"#));
    raw.expect_text("in");
    let detail = get(&server, "/connections/conn-1");
    assert_eq!(detail["state"], json!({"n": 1}));
    assert_eq!(detail["rooms"], json!(["r1"]));
    assert_eq!(detail["params"], json!({"room": "a"}));
    assert_eq!(detail["query"]["x"], json!(["1", "2"]));
    assert_eq!(detail["headers"]["x-seen"], "seen");
    assert!(detail["last_activity_at"].is_string());
    assert!(!detail.to_string().contains("canary"), "{detail}");
    let missing = server.ask("GET", &format!("{P}/connections/conn-9"), &[], b"");
    missing.expect_status(404);
    assert_eq!(
        missing.json(),
        json!({"error": "connection not found", "id": "conn-9"})
    );
}

#[test]
fn messages_are_sent_to_one_and_to_many() {
    let server = server();
    let mut one = server.connect("/echo");
    let mut two = server.connect("/chat/a");
    two.send(r#"{"type":"join","room":"r"}"#).expect_text("in");
    let body = br#"{ "type": "notification",  "message": "Hello" }"#;
    let sent = post(
        &server,
        "/connections/conn-1/send",
        "application/json",
        body,
    );
    assert_eq!(
        sent.expect_status(200).json(),
        json!({"success": true, "id": "conn-1", "bytes": 47})
    );
    one.expect_text(r#"{ "type": "notification",  "message": "Hello" }"#);
    post(&server, "/connections/conn-1/send", "text/plain", b"plain").expect_status(200);
    one.expect_text("plain");
    post(
        &server,
        "/connections/conn-1/send",
        "application/octet-stream",
        &[0, 255],
    )
    .expect_status(200);
    one.expect_binary(&[0, 255]);
    for (kind, body, status) in [
        ("application/json", b"{".as_slice(), 400),
        ("text/plain", b"\xff", 400),
        ("image/png", b"x", 415),
        ("text/plain", &vec![b'x'; 1024 * 1024 + 1], 413),
    ] {
        post(&server, "/connections/conn-1/send", kind, body).expect_status(status);
    }
    post(&server, "/connections/conn-7/send", "text/plain", b"x").expect_status(404);
    let delivered = |query: &str, body: &[u8]| {
        let answer = post(&server, &format!("/broadcast{query}"), "text/plain", body);
        answer.expect_status(200).json()["delivered"].as_u64()
    };
    assert_eq!(delivered("", b"all"), Some(2));
    one.expect_text("all");
    two.expect_text("all");
    assert_eq!(delivered("?room=r", b"room"), Some(1));
    two.expect_text("room");
    assert_eq!(delivered("?path=/echo", b"path"), Some(1));
    one.expect_text("path");
    assert_eq!(delivered("?room=nobody", b"x"), Some(0));
    post(&server, "/broadcast?room=r&path=/echo", "text/plain", b"x").expect_status(409);
}

#[test]
fn connections_are_closed_with_code_and_reason() {
    let server = server();
    let close = |id: &str, query: &str| {
        server.ask("DELETE", &format!("{P}/connections/{id}{query}"), &[], b"")
    };
    let mut one = server.connect("/echo");
    let mut two = server.connect("/echo");
    close("conn-1", "?code=1005").expect_status(400);
    close("conn-1", "?code=99").expect_status(400);
    close("conn-1", &format!("?reason={}", "x".repeat(124))).expect_status(400);
    let closed = close("conn-1", "");
    assert_eq!(
        closed.expect_status(200).json(),
        json!({"success": true, "id": "conn-1"})
    );
    one.expect_farewell(1000, "");
    close("conn-2", "?code=4001&reason=go+away").expect_status(200);
    two.expect_farewell(4001, "go away");
    one.finish();
    eventually("it is gone", || {
        (close("conn-1", "").status == 404).then_some(())
    });
}

#[test]
fn rooms_handlers_and_counts() {
    let server = server();
    let mut one = server.connect("/chat/a");
    one.send(r#"{"type":"join","room":"r"}"#).expect_text("in");
    one.send(r#"{"type":"hi","name":"ann"}"#)
        .expect_json(json!({"hello": "ann"}));
    one.send(r#"{"type":"hi","name":"bob"}"#)
        .expect_json(json!({"hello": "bob"}));
    one.send("not JSON").send(r#"{"type":"hi"}"#);
    one.expect_json(json!({"hello": null}));
    assert_eq!(
        get(&server, "/rooms"),
        json!({"count": 1, "rooms": [{"name": "r", "members": ["conn-1"], "size": 1}]})
    );
    let handlers = get(&server, "/handlers");
    let chat = &handlers["handlers"][1];
    assert_eq!(
        (&chat["path"], &chat["connections"]),
        (&json!("/chat/{room}"), &json!(1))
    );
    let hits: Vec<u64> = chat["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .map(|rule| rule["hits"].as_u64().expect("a number"))
        .collect();
    assert_eq!(hits, [1, 3, 0]);
    let stats = get(&server, "/stats");
    assert_eq!(stats["connections"]["active"], 1);
    assert_eq!(
        (&stats["unanswered"], &stats["errors"]["parse"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(stats["rooms"], 1);
}

#[test]
fn a_message_is_tried_out_and_nothing_is_sent() {
    let server = server();
    let mut listener = server.connect("/chat/a");
    let question = json!({"path": "/chat/a", "message": r#"{"type":"hi","name":"eve"}"#});
    let tried = post(
        &server,
        "/try",
        "application/json",
        question.to_string().as_bytes(),
    );
    let tried = tried.expect_status(200).json();
    assert_eq!(
        (&tried["route"], &tried["answered_by"]),
        (&json!("/chat/{room}"), &json!(2))
    );
    assert_eq!(tried["answers"], json!([r#"{"hello":"eve"}"#]));
    let rules = tried["rules"].as_array().expect("rules");
    assert_eq!(rules[0]["matches"], false);
    assert!(
        rules[0]["reason"]
            .as_str()
            .expect("a reason")
            .contains("`type`"),
        "{tried}"
    );
    assert_eq!(rules[2]["note"], "an earlier rule has answered");
    listener.expect_silence();
    for (body, status) in [
        (r#"{"path":"/nothing","message":""}"#, 404),
        (r#"{"path":"/chat/a"}"#, 422),
        ("[]", 422),
    ] {
        post(&server, "/try", "application/json", body.as_bytes()).expect_status(status);
    }
    assert_eq!(
        get(&server, "/handlers")["handlers"][1]["rules"][1]["hits"],
        0
    );
}

#[test]
fn messages_are_kept_while_somebody_asks() {
    let server = server();
    let mut client = server.connect("/echo");
    client.send("unseen").expect_text("unseen");
    let first = get(&server, "/messages");
    assert_eq!(first["count"], 0);
    client.send("seen").expect_text("seen");
    client.send_binary(&[1, 2, 3]).expect_binary(&[1, 2, 3]);
    let seen = get(&server, &format!("/messages?after={}", first["next"]));
    let messages = seen["messages"].as_array().expect("a list");
    let shown: Vec<(Value, Value)> = messages
        .iter()
        .map(|message| {
            let content = message.get("text").or(message.get("base64"));
            (
                message["direction"].clone(),
                content.cloned().unwrap_or_default(),
            )
        })
        .collect();
    let wanted = [
        ("in", "seen"),
        ("out", "seen"),
        ("in", "AQID"),
        ("out", "AQID"),
    ];
    assert_eq!(shown, wanted.map(|(way, text)| (json!(way), json!(text))));
    let way_in = get(&server, "/messages?direction=in&limit=1");
    assert_eq!(way_in["messages"][0]["base64"], "AQID", "the newest count");
    assert_eq!(get(&server, "/messages?path=/chat")["count"], 0);
    assert_eq!(get(&server, "/messages?connection=conn-1")["count"], 4);
}

#[test]
fn a_reload_is_asked_for_and_tells_its_mistakes() {
    let server = server();
    server.edit(&FILE.replace("response: never", "response: \"{{nonsense}}\""));
    let refused = post(&server, "/reload", "text/plain", b"");
    let refused = refused.expect_status(422).json();
    assert!(
        refused["error"]
            .as_str()
            .expect("a sentence")
            .contains("stay in force")
    );
    assert_eq!(
        refused["mistakes"].as_array().map(Vec::len),
        Some(1),
        "{refused}"
    );
    server.edit(&FILE.replace("/echo", "/other"));
    let done = post(&server, "/reload", "text/plain", b"")
        .expect_status(200)
        .json();
    assert_eq!(
        (&done["success"], &done["generation"]),
        (&json!(true), &json!(1))
    );
    server.connect("/other").send("x").expect_text("x");
}

#[test]
fn events_are_streamed() {
    let server = server();
    let mut stream = crate::lab::Client::connect(server.admin(), P);
    let hello = stream.json();
    assert_eq!(hello["type"], "hello");
    assert_eq!(hello["stats"]["connections"]["active"], 0);
    stream.send(r#"{"type":"filter","messages":true,"path":"/echo"}"#);
    // The filter is in force when nonsense behind it is answered.
    stream.send("nonsense");
    while stream.json()["type"] != "error" {}
    let mut client = server.connect("/echo");
    let mut other = server.connect("/chat/a");
    client.send("<b>hi</b>").expect_text("<b>hi</b>");
    other.send(r#"{"type":"hi"}"#).json();
    client.close();
    client.finish();
    let (mut opened, mut messages, mut closed) = (Vec::new(), Vec::new(), Vec::new());
    while closed.is_empty() {
        let batch = stream.json();
        for (name, list) in [
            ("opened", &mut opened),
            ("messages", &mut messages),
            ("closed", &mut closed),
        ] {
            list.extend(batch[name].as_array().cloned().unwrap_or_default());
        }
    }
    assert_eq!(closed[0]["id"], "conn-1");
    assert!(opened.len() <= 2, "{opened:?}");
    let texts: Vec<&Value> = messages.iter().map(|message| &message["text"]).collect();
    assert_eq!(texts, ["<b>hi</b>", "<b>hi</b>"]);
}

#[test]
fn metrics_have_the_guides_names() {
    let server = server();
    let mut client = server.connect("/echo");
    client.send("12345").expect_text("12345");
    server.upgrade("/nothing", &[]).expect_status(404);
    server.raw_socket("/chat/a").send(&[0x01, 0x00]);
    let series = |text: &str| -> Vec<String> {
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .map(ToOwned::to_owned)
            .collect()
    };
    let text = eventually("all is counted", || {
        let text = server
            .ask("GET", "/metrics", &[], b"")
            .expect_status(200)
            .text();
        let all = series(&text);
        let wanted = [
            "ws_connections_active 1",
            "ws_connections_total 2",
            "ws_messages_received_total 1",
            "ws_messages_sent_total 1",
            "ws_messages_bytes_received 5",
            "ws_messages_bytes_sent 5",
            "ws_errors_total{type=\"parse\"} 0",
            "ws_errors_total{type=\"timeout\"} 0",
            "ws_errors_total{type=\"protocol\"} 1",
            "ws_path_messages_total{path=\"/echo\",direction=\"in\"} 1",
            "ws_connection_duration_seconds_count 1",
        ];
        wanted
            .iter()
            .all(|line| all.iter().any(|series| series == line))
            .then_some(text)
    });
    assert!(text.contains("\nws_connections_rejected "), "{text}");
    let other = server.ask("GET", "/__mockforge/metrics", &[], b"");
    assert_eq!(series(&other.text()).len(), series(&text).len());
}

/// All routes of the description, with something in the place of `{id}`.
fn routes(server: &Server) -> Vec<(String, String)> {
    let document = server
        .ask("GET", "/openapi.json", &[], b"")
        .expect_status(200)
        .json();
    let paths = document["paths"].as_object().expect("paths").clone();
    let routes = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().expect("methods").clone();
        let path = path.replace("{id}", "conn-1");
        methods
            .into_iter()
            .map(move |(method, _)| (method.to_uppercase(), path.clone()))
    });
    routes.collect()
}

#[test]
fn a_token_is_wanted_on_every_guarded_route() {
    let server = Lab::yaml(FILE)
        .admin()
        .arg("--admin-token")
        .arg("s3cret")
        .start();
    let bearer = |token: &str| format!("Bearer {token}");
    for (method, path) in routes(&server) {
        let is_open = ["/healthz", "/readyz", "/openapi.json"].contains(&path.as_str());
        for headers in [&[][..], &[("Authorization", bearer("wrong").as_str())]] {
            let status = server.ask(&method, &path, headers, b"").status;
            assert_eq!(status == 401, !is_open, "{method} {path}");
        }
        let in_address = format!("{path}?token=s3cret");
        assert_eq!(
            server.ask(&method, &in_address, &[], b"").status == 401,
            !is_open
        );
        let right = bearer("s3cret");
        let headers = [("Authorization", right.as_str())];
        assert_ne!(
            server.ask(&method, &path, &headers, b"").status,
            401,
            "{method} {path}"
        );
    }
    let offered = "sockeye.events, sockeye.token.czNjcmV0";
    let headers = [("Sec-WebSocket-Protocol", offered)];
    let mut raw = crate::lab::Raw::connect(server.admin());
    let answer = raw.upgrade(P, &headers);
    assert_eq!(answer.status, 101);
    assert_eq!(
        answer.header("sec-websocket-protocol"),
        Some("sockeye.events")
    );
}

#[test]
fn other_methods_and_paths_have_one_form_of_error() {
    let server = server();
    for (method, path, status) in [
        ("PUT", format!("{P}/connections"), 405),
        ("GET", format!("{P}/broadcast"), 405),
        ("GET", format!("{P}/nothing"), 404),
        ("GET", P.to_owned(), 426),
    ] {
        let answer = server.ask(method, &path, &[], b"");
        answer.expect_status(status);
        assert!(answer.json()["error"].is_string());
        assert_eq!(answer.header("allow").is_some(), status == 405);
    }
}

#[test]
fn the_port_is_3000_unless_it_is_taken_or_said_otherwise() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let exit = Lab::yaml(FILE)
        .admin_not_given()
        .arg("--admin-port")
        .arg(&port)
        .fails();
    exit.expect_code(3);
    exit.expect_words(&["cannot listen on", &port, "for the admin", "--admin-port"]);
    let file = format!("admin: {{ port: 0, host: localhost }}\n{FILE}");
    let server = Lab::yaml(&file).admin_not_given().start();
    assert_ne!(server.admin().port(), 3000);
    let server = Lab::yaml(FILE)
        .admin_not_given()
        .env("SOCKEYE_ADMIN_PORT", "0")
        .start();
    server.ask("GET", "/healthz", &[], b"").expect_status(200);
    let off = Lab::yaml(&format!("admin: {{ enabled: false }}\n{FILE}"))
        .admin_not_given()
        .start();
    off.connect("/echo").send("x").expect_text("x");
    assert!(!off.log().contains("admin on"), "{}", off.log());
}

#[test]
fn beyond_this_machine_a_token_is_made_up() {
    let server = Lab::yaml(FILE)
        .admin()
        .arg("--admin-host")
        .arg("0.0.0.0")
        .start();
    let token = eventually("the token is told", || {
        let log = server.log();
        let line = log
            .lines()
            .find_map(|line| line.strip_prefix("admin token: "))?;
        Some(line.to_owned())
    });
    assert_eq!(token.len(), 32);
    let port = server.admin().port();
    let mut raw = crate::lab::Raw::connect(std::net::SocketAddr::from(([127, 0, 0, 1], port)));
    let host = format!("127.0.0.1:{port}");
    let stats = format!("{P}/stats");
    raw.request("GET", &stats, &[("Host", &host)], b"")
        .expect_status(401);
    let bearer = format!("Bearer {token}");
    let headers = [("Host", host.as_str()), ("Authorization", bearer.as_str())];
    raw.request("GET", &stats, &headers, b"").expect_status(200);
}

#[test]
fn the_port_has_a_second_name_in_files_for_all_protocols() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let with = |head: &str| Lab::yaml(&format!("{head}\n{FILE}")).admin_not_given();
    let exit = with(&format!("http: {{ port: {port} }}")).fails();
    exit.expect_code(3);
    exit.expect_words(&[&port, "for the admin"]);
    // The section of its own counts more, and the flag more than both.
    let server = with(&format!("http: {{ port: {port} }}\nadmin: {{ port: 0 }}")).start();
    server.ask("GET", "/healthz", &[], b"").expect_status(200);
    let flag = with(&format!("http: {{ port: {port}, cors: true }}"));
    let server = flag.arg("--admin-port").arg("0").start();
    server.ask("GET", "/healthz", &[], b"").expect_status(200);
    server.expect_log(&["of section `http` only `port` is read"]);
}
