//! `{{…}}` in MockForge responses: types, missing values, helpers, and what is never expanded.

use serde_json::{Value, json};

use crate::lab::{Lab, Server, eventually};

const FILE: &str = r#"
websocket:
  handlers:
    - path: /t
      rules:
        - match: { t: typed }
          response: { v: "{{message.v}}", spaced: " {{ message.v }} ", s: "v={{message.v}}" }
        - match: { t: path }
          response: { id: "{{message.items[0].id}}", none: "{{message.items[9].id}}" }
        - match: { t: uuid }
          response: { pair: "{{uuid}} {{uuid}}" }
        - match: { t: time }
          response: { now: "{{now}}", date: "{{date}}" }
        - match: { t: int }
          response: ["{{random_int 1 3}}", "{{random_int 3 1}}", "{{random_int -5 -5}}"]
        - match: { t: float }
          response: ["{{random_float 1 2}}", "{{random_float -1 -2}}"]
        - match: { t: env }
          response: { greeting: "{{env.GREETING}}", none: "{{env.NO_SUCH_VARIABLE}}" }
        - match: { t: escaped }
          response: 'a \{{now}} b'
        - match: { t: count }
          response: { n: "{{connection_count}}" }
        - match: { t: back }
          response: { id: "{{message.id}}", text: "<{{message.id}}>" }
    - path: /text
      rules: [{ response: "got {{message}}" }]
    - path: /said
      rules: [{ response: { said: "{{message}}" } }]
    - path: /other
"#;

fn lab() -> Server {
    Lab::yaml(FILE).env("GREETING", "hi").start()
}

fn ask(lab: &Server, kind: &str) -> Value {
    lab.connect("/t")
        .send(&json!({"t": kind}).to_string())
        .json()
}

#[test]
fn a_lone_template_keeps_the_type_of_its_value() {
    let lab = lab();
    let mut client = lab.connect("/t");
    for (value, text) in [
        (json!(7), "v=7"),
        (json!("7"), "v=7"),
        (json!(1.5), "v=1.5"),
        (json!(9_007_199_254_740_993_u64), "v=9007199254740993"),
        (json!(true), "v=true"),
        (json!([1, "x"]), r#"v=[1,"x"]"#),
        (json!({"b": 1, "a": null}), r#"v={"b":1,"a":null}"#),
        (json!("quote \" and \\ and \n"), "v=quote \" and \\ and \n"),
    ] {
        client.send(&json!({"t": "typed", "v": value}).to_string());
        client.expect_json(json!({"v": value, "spaced": value, "s": text}));
    }
}

#[test]
fn a_missing_value_is_null_alone_and_nothing_within_text() {
    let lab = lab();
    assert_eq!(
        ask(&lab, "typed"),
        json!({"v": null, "spaced": null, "s": "v="})
    );
    let mut client = lab.connect("/t");
    client
        .send(r#"{"t":"path","items":[{"id":3}]}"#)
        .expect_text(r#"{"id":3,"none":null}"#);
    client
        .send(r#"{"t":"path","items":"no list"}"#)
        .expect_text(r#"{"id":null,"none":null}"#);
}

#[test]
fn the_whole_message() {
    let lab = lab();
    lab.connect("/text")
        .send(r#"x"y"#)
        .expect_text(r#"got x"y"#);
    let mut client = lab.connect("/said");
    client.send(r#"x"y"#).expect_json(json!({"said": "x\"y"}));
    client.send(r#"{"a":1}"#).expect_text(r#"{"said":{"a":1}}"#);
}

#[test]
fn uuids_are_version_4_and_fresh_at_every_place() {
    let lab = lab();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..20 {
        let answer = ask(&lab, "uuid");
        for uuid in answer["pair"].as_str().expect("text").split(' ') {
            let shape: Vec<_> = uuid.split('-').map(str::len).collect();
            assert_eq!(shape, [8, 4, 4, 4, 12], "{uuid}");
            assert!(
                uuid.chars()
                    .all(|c| c == '-' || matches!(c, '0'..='9' | 'a'..='f')),
                "{uuid}"
            );
            assert_eq!(&uuid[14..15], "4", "{uuid}");
            assert!(seen.insert(uuid.to_owned()), "{uuid} came twice");
        }
    }
}

#[test]
fn times_are_rfc_3339_in_utc_with_milliseconds() {
    let answer = ask(&lab(), "time");
    let (now, date) = (answer["now"].as_str(), answer["date"].as_str());
    let (now, date) = (now.expect("text"), date.expect("text"));
    let shape = |text: &str| text.replace(|c: char| c.is_ascii_digit(), "0");
    assert_eq!(shape(now), "0000-00-00T00:00:00.000Z", "{now}");
    assert_eq!(shape(date), "0000-00-00", "{date}");
}

#[test]
fn random_numbers_stay_in_their_range() {
    let lab = lab();
    let mut client = lab.connect("/t");
    let mut seen = [false; 4];
    for _ in 0..100 {
        let answer = client.send(r#"{"t":"int"}"#).json();
        for number in [&answer[0], &answer[1]] {
            let number = number
                .as_i64()
                .unwrap_or_else(|| panic!("an integer: {answer}"));
            let place = usize::try_from(number).ok().filter(|n| (1..=3).contains(n));
            seen[place.unwrap_or_else(|| panic!("1 to 3: {answer}"))] = true;
        }
        assert_eq!(answer[2], json!(-5));
        let answer = client.send(r#"{"t":"float"}"#).json();
        let pair = (answer[0].as_f64(), answer[1].as_f64());
        let (up, down) = (pair.0.expect("a number"), pair.1.expect("a number"));
        assert!(
            (1.0..2.0).contains(&up) && (-2.0..=-1.0).contains(&down),
            "{answer}"
        );
    }
    assert_eq!(seen, [false, true, true, true], "both ends are included");
}

#[test]
fn the_environment_and_an_escaped_template() {
    let lab = lab();
    assert_eq!(ask(&lab, "env")["greeting"], json!("hi"));
    lab.connect("/t")
        .send(r#"{"t":"escaped"}"#)
        .expect_text("a {{now}} b");
}

#[test]
fn what_a_client_sends_is_never_expanded() {
    let lab = lab();
    let mut client = lab.connect("/t");
    for text in [
        "{{env.HOME}}",
        "{{env.GREETING}}",
        "{{{{uuid}}}}",
        "${HOME}",
        "#(x)",
        "\\{{now}}",
    ] {
        client.send(&json!({"t": "back", "id": text}).to_string());
        client.expect_json(json!({"id": text, "text": format!("<{text}>")}));
    }
    lab.connect("/text")
        .send("{{env.HOME}}")
        .expect_text("got {{env.HOME}}");
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let run = |seed: &str| {
        let lab = Lab::yaml(FILE).arg("--seed").arg(seed).start();
        let mut client = lab.connect("/t");
        let mut ask = |message: &str| client.send(message).text();
        let kinds = [
            r#"{"t":"uuid"}"#,
            r#"{"t":"int"}"#,
            r#"{"t":"float"}"#,
            r#"{"t":"uuid"}"#,
        ];
        kinds.map(&mut ask)
    };
    assert_eq!(run("7"), run("7"));
    assert_ne!(run("7"), run("8"));
}

#[test]
fn connection_count_counts_the_path() {
    let lab = lab();
    let _elsewhere = lab.connect("/other");
    let mut one = lab.connect("/t");
    let two = lab.connect("/t");
    let mut count = || one.send(r#"{"t":"count"}"#).json();
    assert_eq!(count(), json!({"n": 2}));
    drop(two);
    eventually("the other connection is gone", || {
        (count() == json!({"n": 1})).then_some(())
    });
}
