//! Rows 36 to 39: who may ask the admin listener, and what its pages do with what strangers have written.

use serde_json::{Value, json};

use crate::lab::{Lab, Raw, Server, frame};

const P: &str = "/__mockforge/ws";

const FILE: &str = r#"
websocket:
  handlers:
    - path: "/chat/{room}"
      rules:
        - match: { type: join }
          handler: "rooms.join(message.room); return 'in'"
    - { path: /echo, type: echo }
"#;

/// Every method and path of the description, those of pages, and some that are not there.
fn routes(server: &Server, headers: &[(&str, &str)]) -> Vec<(String, String)> {
    let document = server
        .ask("GET", "/openapi.json", headers, b"")
        .expect_status(200)
        .json();
    let paths = document["paths"].as_object().expect("paths").clone();
    let mut routes = Vec::new();
    for (path, methods) in paths {
        for (method, _) in methods.as_object().expect("methods") {
            routes.push((method.to_uppercase(), path.replace("{id}", "conn-1")));
        }
    }
    assert!(routes.len() >= 17, "{routes:?}");
    for path in [
        "/",
        "/index.html",
        "/nothing",
        "/assets/",
        "//",
        "/__mockforge",
    ] {
        routes.push(("GET".to_owned(), path.to_owned()));
    }
    for method in ["HEAD", "OPTIONS", "PUT", "PATCH", "TRACE", "BREW"] {
        routes.push((method.to_owned(), format!("{P}/stats")));
    }
    routes
}

/// Asks on one connection after another; the headers are given as they are.
#[track_caller]
fn status(server: &Server, route: &(String, String), headers: &[(&str, &str)]) -> u16 {
    server.ask(&route.0, &route.1, headers, b"").status
}

#[test]
fn f36_without_the_token_or_with_another_there_is_nothing() {
    let server = Lab::yaml(FILE).admin().arg("--admin-token=s3cret").start();
    let wrong = [
        ("Authorization", ""),
        ("Authorization", "Bearer"),
        ("Authorization", "Bearer "),
        ("Authorization", "Bearer s3cre"),
        ("Authorization", "Bearer s3crets"),
        ("Authorization", "Bearer S3CRET"),
        ("Authorization", "Basic s3cret"),
        ("Authorization", "s3cret"),
        ("X-Token", "s3cret"),
        ("Cookie", "token=s3cret"),
        ("Sec-WebSocket-Protocol", "sockeye.token.s3cret"),
        ("Sec-WebSocket-Protocol", "sockeye.token.!!"),
    ];
    let open = ["/healthz", "/readyz", "/openapi.json", "/", "/index.html"];
    for route in routes(&server, &[]) {
        let (method, path) = &route;
        let is_known = server_knows(method, path);
        if open.contains(&path.as_str()) || !is_known {
            continue;
        }
        for header in wrong {
            assert_eq!(
                status(&server, &route, &[header]),
                401,
                "{route:?} {header:?}"
            );
        }
        for query in [
            "?token=s3cret",
            "?access_token=s3cret",
            "?authorization=Bearer%20s3cret",
        ] {
            let answer = server.ask(method, &format!("{path}{query}"), &[], b"");
            assert_eq!(answer.status, 401, "{route:?} {query}");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
        let right = [("Authorization", "bearer s3cret")];
        assert_ne!(status(&server, &route, &right), 401, "{route:?}");
    }
}

/// Whether there is something of its own at a path: pages and other paths have nothing that a token guards.
fn server_knows(method: &str, path: &str) -> bool {
    let is_route = path.starts_with("/__mockforge/") || path == "/metrics";
    is_route && !["OPTIONS", "PUT", "PATCH", "TRACE", "BREW"].contains(&method)
}

#[test]
fn f37_pages_of_other_sites_are_refused_on_every_route() {
    let server = Lab::yaml(FILE).admin().start();
    let port = server.admin().port();
    let origins = [
        "null".to_owned(),
        "http://evil.example".to_owned(),
        format!("https://127.0.0.1:{port}"),
        "http://127.0.0.1:1".to_owned(),
        format!("http://10.0.0.1:{port}"),
        format!("http://127.0.0.1:{port}.evil.example"),
    ];
    let plain = ("Content-Type", "text/plain");
    for route in routes(&server, &[]) {
        for origin in &origins {
            let headers = [("Origin", origin.as_str()), plain];
            assert_eq!(status(&server, &route, &headers), 403, "{route:?} {origin}");
        }
        for site in ["cross-site", "same-site"] {
            for mode in ["no-cors", "cors", "websocket"] {
                let headers = [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode)];
                assert_eq!(
                    status(&server, &route, &headers),
                    403,
                    "{route:?} {site} {mode}"
                );
            }
        }
    }
    for origin in origins
        .iter()
        .map(String::as_str)
        .chain(["", "http://", "*"])
    {
        let headers = [("Origin", origin)];
        // An empty value leaves the header out, as programs do that are no browsers.
        let status = Raw::connect(server.admin()).upgrade(P, &headers).status;
        assert_eq!(
            status,
            if origin.is_empty() { 101 } else { 403 },
            "{origin}"
        );
    }
    let own = format!("http://127.0.0.1:{port}");
    for headers in [
        &[("Origin", own.as_str())][..],
        &[
            ("Sec-Fetch-Site", "same-origin"),
            ("Sec-Fetch-Mode", "cors"),
        ],
        &[("Sec-Fetch-Site", "none"), ("Sec-Fetch-Mode", "navigate")],
        &[
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Mode", "navigate"),
        ],
    ] {
        let answer = server.ask("GET", "/", headers, b"");
        answer.expect_status(200);
        assert_eq!(answer.header("access-control-allow-origin"), None);
    }
}

#[test]
fn f38_other_names_than_its_own_are_refused_on_every_route() {
    let server = Lab::yaml(FILE).admin().start();
    let port = server.admin().port();
    let hosts = [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        "127.0.0.1".to_owned(),
        format!("127.0.0.1.:{port}"),
        format!("localhost.:{port}"),
        format!("localhost.evil.example:{port}"),
        format!("[::ffff:127.0.0.1]:{port}"),
        format!("[::1%25lo]:{port}"),
        format!("2130706433:{port}"),
        format!("0x7f.1:{port}"),
        format!("127.1:{port}"),
        format!("0.0.0.0:{port}"),
        format!("127.0.0.1:{port}@evil.example"),
        format!("user@127.0.0.1:{port}"),
        format!("127.0.0.1:0{port}"),
        format!("127.0.0.1:{port}:{port}"),
        String::new(),
    ];
    for route in routes(&server, &[]) {
        for host in &hosts {
            let status = status(&server, &route, &[("Host", host)]);
            // What is no name at all may be refused before.
            assert!(matches!(status, 400 | 403), "{route:?} `{host}`: {status}");
        }
    }
    for own in [
        format!("127.0.0.1:{port}"),
        format!("localhost:{port}"),
        format!("LocalHost:{port}"),
        format!("[::1]:{port}"),
    ] {
        let route = ("GET".to_owned(), format!("{P}/stats"));
        assert_eq!(status(&server, &route, &[("Host", &own)]), 200, "{own}");
    }
    // The target counts as much as the header.
    let own = format!("127.0.0.1:{port}");
    let route = (
        "GET".to_owned(),
        format!("http://evil.example:{port}{P}/stats"),
    );
    assert_eq!(status(&server, &route, &[("Host", &own)]), 403);
}

/// What would run, or leave its place, if a page took it for its own.
const PAYLOADS: [&str; 25] = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "\"><script>alert(1)</script>",
    "'><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>alert(1)//-->",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href=javascript:alert(1)>x</a>",
    "javascript:alert(1)",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
    "<style>@import'//evil.example'</style>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<form action=//evil.example><input name=x>",
    "<object data=//evil.example></object>",
    "${alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "`onmouseover=alert(1)//",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u{2028}alert(1)//",
    "+ADw-script+AD4-alert(1)",
    "]]><script>alert(1)</script>",
];

#[test]
fn f39_what_strangers_write_is_data_and_pages_run_nothing_of_it() {
    let server = Lab::yaml(FILE).admin().start();
    let ask = |path: &str| server.ask("GET", path, &[], b"");
    // The messages that pass from now on are kept.
    ask(&format!("{P}/messages")).expect_status(200);
    let mut sockets = Vec::new();
    for payload in PAYLOADS {
        let mut raw = server.raw();
        let mut escaped = String::new();
        for byte in payload.bytes() {
            escaped.push_str(&format!("%{byte:02x}"));
        }
        let agent: String = payload.chars().filter(char::is_ascii).collect();
        let target = format!("/chat/{escaped}?q={escaped}");
        assert_eq!(
            raw.upgrade(&target, &[("User-Agent", &agent)]).status,
            101,
            "{payload}"
        );
        let join = json!({"type": "join", "room": payload}).to_string();
        raw.send(&frame(0x81, join.as_bytes())).expect_text("in");
        sockets.push(raw);
    }
    let texts = |list: &Value, member: &str| -> Vec<String> {
        let list = list.as_array().expect("a list").iter();
        list.filter_map(|item| item[member].as_str().map(ToOwned::to_owned))
            .collect()
    };
    for (path, list, member) in [
        ("/rooms", "rooms", "name"),
        ("/messages?direction=in", "messages", "text"),
    ] {
        let answer = ask(&format!("{P}{path}"));
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let shown = texts(&answer.json()[list], member).concat();
        let written = |payload: &str| json!(payload).to_string().trim_matches('"').to_owned();
        for payload in PAYLOADS {
            assert!(
                shown.contains(payload) || shown.contains(&written(payload)),
                "{path} {payload}"
            );
        }
    }
    let first = ask(&format!("{P}/connections/conn-1")).json();
    assert_eq!(first["query"]["q"], PAYLOADS[0]);
    assert_eq!(first["params"]["room"], PAYLOADS[0]);
    let page = ask("/").text();
    let again = ask("/").text();
    assert_eq!(page, again, "the page has nothing of anybody's in it");
    for text in ["<script>", "javascript:", " onload=", " onerror=", "style="] {
        assert!(!page.contains(text), "{text} in the page: {page}");
    }
}

#[test]
fn f39_what_is_refused_before_a_route_is_looked_for_says_so_too() {
    let server = Lab::yaml(FILE).admin().start();
    let host = server.admin().to_string();
    let long = format!("/{}", "x".repeat(9_000));
    for (head, status) in [
        (format!("GET {long} HTTP/1.1\r\nHost: {host}\r\n"), 414),
        ("GET / HTTP/1.1\r\n".to_owned(), 400),
        (
            format!("GET / HTTP/1.1\r\nHost: {host}\r\nHost: {host}\r\n"),
            400,
        ),
        (
            format!("POST / HTTP/1.1\r\nHost: {host}\r\nContent-Length: 99999999\r\n"),
            413,
        ),
    ] {
        let mut raw = Raw::connect(server.admin());
        raw.send(head.as_bytes()).send(b"\r\n");
        let answer = raw.response("GET");
        answer.expect_status(status);
        let policy = answer.header("content-security-policy").unwrap_or_default();
        for part in ["default-src 'none'", "frame-ancestors 'none'"] {
            assert!(
                policy.split("; ").any(|known| known == part),
                "{status}: {policy}"
            );
        }
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    }
}

#[test]
fn f39_every_answer_says_that_nothing_of_others_may_run() {
    let server = Lab::yaml(FILE).admin().start();
    for (method, path) in routes(&server, &[]) {
        let answer = server.ask(&method, &path, &[], b"");
        let policy = answer.header("content-security-policy").unwrap_or_default();
        let parts: Vec<&str> = policy.split("; ").collect();
        for part in [
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(parts.contains(&part), "{method} {path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(
            answer.header("x-content-type-options"),
            Some("nosniff"),
            "{method} {path}"
        );
        assert_eq!(
            answer.header("cross-origin-resource-policy"),
            Some("same-origin")
        );
        let kind = answer.header("content-type").unwrap_or("none");
        let known = ["application/json", "text/plain", "text/html", "none"];
        assert!(
            known.iter().any(|known| kind.starts_with(known)),
            "{method} {path}: {kind}"
        );
    }
}
