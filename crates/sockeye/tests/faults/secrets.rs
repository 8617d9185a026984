//! Row 47: secrets are planted wherever clients and files can have them, and looked for in everything that comes out.

use serde_json::json;

use crate::lab::{Authority, Client, Lab, Receiver, Server, eventually, frame, sockeye_in};

const P: &str = "/__mockforge/ws";

/// Where each secret may be seen, and must be: what passes as a message is shown to those who ask for messages.
const SHOWN: [(&str, &[&str]); 3] = [
    ("payload", &["messages", "stream", "answers"]),
    ("binary", &["messages", "stream", "answers"]),
    ("pattern", &["handlers", "check", "check --json", "log"]),
];

/// The secret of a name: 20 letters and digits that nothing else has.
fn canary(name: &str) -> String {
    format!("{name:z<14}9q7w5e")
}

/// Everything that came out, by the place it came out of.
struct Outputs(Vec<(&'static str, String)>);

impl Outputs {
    fn add(&mut self, place: &'static str, text: impl Into<String>) {
        self.0.push((place, text.into()));
    }

    /// The places that show a secret, in the clear, in base64 or percent-encoded.
    fn places(&self, secret: &str) -> Vec<&'static str> {
        let shows = |(_, text): &&(&str, String)| {
            text.contains(secret) || text.contains(&base64(secret.as_bytes()))
        };
        let mut places: Vec<_> = self
            .0
            .iter()
            .filter(shows)
            .map(|(place, _)| *place)
            .collect();
        places.dedup();
        places
    }

    #[track_caller]
    fn expect_where_they_may_be(&self, names: &[&str]) {
        for name in names {
            let shown = SHOWN.iter().find(|(known, _)| known == name);
            let allowed = shown.map_or(&[][..], |(_, places)| places);
            let places = self.places(&canary(name));
            for place in &places {
                let text = self
                    .0
                    .iter()
                    .find(|(known, text)| known == place && (text.contains(&canary(name))));
                let text = text.map_or("", |(_, text)| text);
                assert!(allowed.contains(place), "{name} is in {place}:\n{text}");
            }
            for place in allowed
                .iter()
                .filter(|place| self.0.iter().any(|(known, _)| known == *place))
            {
                assert!(places.contains(place), "{name} is not in {place}");
            }
        }
    }
}

/// As in RFC 4648; three bytes at a time, so that a secret at the start of a text is found in longer ones.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let triple = |bytes: &[u8]| {
        let word = bytes
            .iter()
            .fold(0_usize, |word, byte| word << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(LETTERS[word >> shift & 63]))
    };
    bytes.chunks_exact(3).flat_map(triple).collect()
}

/// What clients send.
const SENT: [&str; 17] = [
    "authorization",
    "cookie",
    "xapikey",
    "proxyauth",
    "xauthtoken",
    "subprotocol",
    "qtoken",
    "qapikey",
    "qaccess",
    "qpassword",
    "qencoded",
    "referer",
    "jsonmember",
    "jsonmiss",
    "typedparam",
    "payload",
    "binary",
];

/// What files and the environment have.
const OWN: [&str; 11] = [
    "upstreamquery",
    "proxyheader",
    "proxyenv",
    "admintoken",
    "redispassword",
    "hookheader",
    "hookquery",
    "envvalue",
    "scriptenv",
    "state",
    "pattern",
];

fn forge() -> String {
    format!(
        r#"
websocket:
  shared_state: {{ redis_url: "redis://:{redis}@127.0.0.1:1/0", on_error: memory }}
  script: {{ env_allow: [SCRIPT_KEY] }}
  handlers:
    - path: /echo
      type: echo
    - path: /proxy
      type: proxy
      upstream: "ws://127.0.0.1:1/up?token={upstream}"
      on_connect: {{ headers: {{ Authorization: "Bearer {{{{env.PROXY_KEY}}}}", X-Api-Key: "{proxy}" }} }}
    - path: /rules
      rules:
        - match: {{ type: pattern, note: "{pattern}" }}
          response: never
        - match: {{ type: miss, token: right }}
          response: never
    - path: /script
      type: script
      script: |
        state.kept = {{ token: "{state}" }};
        state.seen = "visible";
        if (env.SCRIPT_KEY === undefined) throw new Error("no key");
        return "kept";
"#,
        redis = canary("redispassword"),
        upstream = canary("upstreamquery"),
        proxy = canary("proxyheader"),
        pattern = canary("pattern"),
        state = canary("state"),
    )
}

fn moclojer(hook: &str) -> String {
    let (header, query) = (canary("hookheader"), canary("hookquery"));
    format!(
        r#"
- endpoint:
    method: POST
    path: /hook
    response: {{ status: 200, body: "done" }}
    webhook:
      url: "{hook}/in?token={query}"
      method: POST
      sleep-time: 0
      headers: {{ Authorization: "Bearer {header}", X-Env: "{{{{env.HOOK_KEY}}}}" }}
- endpoint:
    method: GET
    path: /typed
    query: {{ token: int }}
    response: {{ status: 200, body: "done" }}
"#
    )
}

/// Uses the mock as a careless client would.
fn drive(server: &Server, outputs: &mut Outputs) {
    let bearer = format!("Bearer {}", canary("authorization"));
    let cookie = format!("session={}", canary("cookie"));
    let (key, proxy, auth) = (canary("xapikey"), canary("proxyauth"), canary("xauthtoken"));
    let referer = format!("http://localhost/?access_token={}", canary("referer"));
    let subprotocol = canary("subprotocol");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Cookie", &cookie),
        ("X-Api-Key", &key),
        ("Proxy-Authorization", &proxy),
        ("X-Auth-Token", &auth),
        ("Referer", &referer),
        ("X-Seen", "visible"),
        ("Sec-WebSocket-Protocol", &subprotocol),
    ];
    let names = [
        ("token", "qtoken"),
        ("api_key", "qapikey"),
        ("access_token", "qaccess"),
        ("password", "qpassword"),
        ("%74oken", "qencoded"),
    ];
    let pairs = names.map(|(name, secret)| format!("{name}={}", canary(secret)));
    let query = format!("?{}&x=visible", pairs.join("&"));
    for path in ["/nothing", "/proxy", "/hook", "/echo/../x", "//"] {
        let refused = server.upgrade(&format!("{path}{query}"), &headers);
        outputs.add("errors", refused.text());
    }
    let broken = [headers.as_slice(), &[("Sec-WebSocket-Version", "8")]].concat();
    outputs.add(
        "errors",
        server.upgrade(&format!("/echo{query}"), &broken).text(),
    );
    let answer = server.http("POST", &format!("/hook{query}"), &headers, b"{}");
    outputs.add("errors", answer.expect_status(200).text());
    let typed = server.http(
        "GET",
        &format!("/typed?token={}", canary("typedparam")),
        &headers,
        b"",
    );
    outputs.add("errors", typed.expect_status(400).text());
    let mut echo = server.raw();
    assert_eq!(echo.upgrade(&format!("/echo{query}"), &headers).status, 101);
    let payload = canary("payload");
    echo.send(&frame(0x81, payload.as_bytes()))
        .expect_text(&payload);
    echo.send(&frame(0x82, canary("binary").as_bytes()));
    let back = echo.frame().expect("an echo");
    outputs.add(
        "answers",
        format!("{payload} {}", String::from_utf8_lossy(&back.payload)),
    );
    let mut rules = server.raw();
    assert_eq!(
        rules.upgrade(&format!("/rules{query}"), &headers).status,
        101
    );
    let unanswered = [
        json!({"type": "other", "token": canary("jsonmember")}),
        json!({"type": "miss", "token": canary("jsonmiss")}),
    ];
    for message in unanswered {
        rules.send(&frame(0x81, message.to_string().as_bytes()));
    }
    let mut script = server.connect("/script");
    script.send("x").expect_text("kept");
    look_around(server, outputs);
    // A frame without a mask ends in the log, too.
    echo.send(&[0x81, 0x00]);
    assert_eq!(echo.close_code(), Some(1002));
}

/// Everything that an operator can ask for.
fn look_around(server: &Server, outputs: &mut Outputs) {
    let token = format!("Bearer {}", canary("admintoken"));
    let ask = |path: &str| server.ask("GET", path, &[("Authorization", &token)], b"");
    eventually("both messages are unanswered", || {
        let stats = ask(&format!("{P}/stats")).json();
        (stats["unanswered"] == 2).then_some(())
    });
    for (place, path) in [
        ("metrics", "/metrics".to_owned()),
        ("readyz", "/readyz".to_owned()),
        ("openapi", "/openapi.json".to_owned()),
        ("page", "/".to_owned()),
        ("stats", format!("{P}/stats")),
        ("rooms", format!("{P}/rooms")),
        ("handlers", format!("{P}/handlers")),
        ("connections", format!("{P}/connections")),
        ("recordings", format!("{P}/recordings")),
        ("chaos", format!("{P}/chaos")),
    ] {
        outputs.add(place, ask(&path).expect_status(200).text());
    }
    let list = ask(&format!("{P}/connections")).json();
    let open = list["connections"].as_array().expect("a list");
    assert_eq!(open.len(), 3);
    for id in open
        .iter()
        .filter_map(|connection| connection["id"].as_str())
    {
        let detail = ask(&format!("{P}/connections/{id}"));
        outputs.add("connection", detail.expect_status(200).text());
    }
    for path in [
        format!("/nothing?token={}", canary("admintoken")),
        format!("{P}/connections?token={}", canary("admintoken")),
        format!("{P}/connections/conn-99?x={}", canary("admintoken")),
    ] {
        outputs.add("errors", ask(&path).text());
        outputs.add("errors", server.ask("GET", &path, &[], b"").text());
    }
    let wrong = sockeye_in(
        &server.folder(),
        &[
            "ws",
            "connections",
            "--admin",
            "http://127.0.0.1:1",
            "--token",
            &canary("admintoken"),
        ],
    );
    outputs.add("command", wrong.expect_code(3).stderr.clone());
}

/// The messages that pass while somebody looks, told and asked for.
fn watch(server: &Server, stream: &mut Client, outputs: &mut Outputs) {
    let seen = |texts: &[String]| {
        let all = texts.concat();
        all.contains(&canary("payload")) && all.contains(&base64(canary("binary").as_bytes()))
    };
    let mut batches = Vec::new();
    while !seen(&batches) {
        batches.push(stream.text());
    }
    outputs.add("stream", batches.concat());
    let token = format!("Bearer {}", canary("admintoken"));
    let messages = server.ask(
        "GET",
        &format!("{P}/messages?path=/echo"),
        &[("Authorization", &token)],
        b"",
    );
    outputs.add("messages", messages.expect_status(200).text());
}

/// The stream of events of a listener that wants the token.
fn stream(server: &Server) -> Client {
    let protocols = format!(
        "sockeye.events, sockeye.token.{}",
        base64url(&canary("admintoken"))
    );
    let headers = [("sec-websocket-protocol", protocols.as_str())];
    let mut stream = Client::connect_with(server.admin(), P, &headers);
    stream.send(r#"{"type":"filter","messages":true,"path":"/echo"}"#);
    // The filter is in force when nonsense behind it is answered.
    stream.send("nonsense");
    while stream.json()["type"] != "error" {}
    stream
}

fn base64url(text: &str) -> String {
    assert_eq!(text.len() % 3, 2, "20 letters: two are left over");
    let padded = format!("{text}\0");
    let all = base64(padded.as_bytes())
        .replace('+', "-")
        .replace('/', "_");
    all[..all.len() - 1].to_owned()
}

#[test]
fn f47_no_secret_is_in_what_comes_out() {
    let mut outputs = Outputs(Vec::new());
    // Nobody is there: the webhook fails, and the log says so.
    let nobody = Receiver::start();
    let hook = nobody.url();
    drop(nobody);
    let lab = Lab::file("forge.yaml", &forge()).and_file("moclojer.yml", &moclojer(&hook));
    let folder = lab.folder().to_owned();
    for (place, args) in [
        ("check", &["check", "forge.yaml", "moclojer.yml"][..]),
        (
            "check --json",
            &["check", "--json", "forge.yaml", "moclojer.yml"],
        ),
    ] {
        let exit = sockeye_in(&folder, args);
        outputs.add(place, exit.expect_code(0).stdout.clone() + &exit.stderr);
    }
    let server = lab
        .admin()
        .arg("--log=trace")
        .env("SOCKEYE_ADMIN_TOKEN", canary("admintoken"))
        .env("HOOK_KEY", canary("envvalue"))
        .env("PROXY_KEY", canary("proxyenv"))
        .env("SCRIPT_KEY", canary("scriptenv"))
        .start();
    let mut stream = stream(&server);
    drive(&server, &mut outputs);
    watch(&server, &mut stream, &mut outputs);
    server.expect_log(&["a webhook failed"]);
    server.expect_log(&["no rule answered", "miss"]);
    server.expect_log(&["redis://"]);
    let exit = server.terminate();
    outputs.add("log", exit.stderr.clone());
    let names = [&SENT[..], &OWN[..]].concat();
    assert!(names.len() >= 20);
    outputs.expect_where_they_may_be(&names);
    // What is no secret is there: the looking finds what it looks for.
    let visible = outputs
        .0
        .iter()
        .filter(|(_, text)| text.contains("visible"));
    let visible: Vec<_> = visible.map(|(place, _)| *place).collect();
    assert_eq!(visible, ["connection", "connection", "connection"]);
    let sealed = outputs
        .0
        .iter()
        .filter(|(_, text)| text.contains("«redacted»"));
    assert!(sealed.count() >= 4);
}

#[test]
fn f47_no_secret_is_in_what_is_said_about_mistakes() {
    let authority = Authority::new("ours");
    let (certificate, key) = authority.issue("localhost");
    let lines: Vec<&str> = key.lines().filter(|line| !line.starts_with('-')).collect();
    let tls = "websocket: { tls: { cert_path: a.crt, key_path: a.key } }\n";
    let lab = Lab::file("mistakes.yaml", &format!(
        "websocket:\n  shared_state: {{ redis_url: 'redis://u:{}@host:x/0' }}\n  prot: 1\n  token: {}\n",
        canary("redispassword"),
        canary("keyed"),
    ))
    .and_file("hook.yml", &moclojer("gopher://nobody"))
    .and_file("broken.yaml", tls)
    .and_file("swapped.yaml", "websocket: { tls: { cert_path: a.key, key_path: a.crt } }\n")
    .beside("a.crt", &certificate)
    .beside("a.key", &key.replacen(lines[0], &format!("{}!", &lines[0][1..]), 1));
    for file in ["mistakes.yaml", "hook.yml", "broken.yaml", "swapped.yaml"] {
        for args in [
            &["check", file][..],
            &["check", "--json", file],
            &["serve", file],
        ] {
            let exit = sockeye_in(lab.folder(), args);
            exit.expect_code(2);
            let said = exit.stdout + &exit.stderr;
            for name in ["redispassword", "keyed", "hookheader", "hookquery"] {
                assert!(!said.contains(&canary(name)), "{name} in {args:?}:\n{said}");
            }
            for line in &lines {
                assert!(
                    !said.contains(&line[1..20.min(line.len())]),
                    "the key in {args:?}:\n{said}"
                );
            }
        }
    }
}
