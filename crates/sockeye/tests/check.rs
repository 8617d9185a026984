//! `sockeye check`: what a file means, in words and as JSON, and whether it is right.

use serde_json::Value;
use tempfile::TempDir;

use crate::lab::{Exit, sockeye_in};

const MIXED: &str = r#"
- websocket:
    path: /room/:name
    host: chat.example
    on-message:
      - { pattern: ping, response: pong }
      - { pattern: 'hi (?<name>.*)', response: 'hello {{match.name}}' }
      - { pattern: '{"echo": "{{json-params.echo}}"}', response: '{"echoed": "{{json-params.echo}}"}' }
- endpoint:
    method: POST
    path: /orders/:id|int
    response: { status: 201, body: '{}' }
"#;

const FORGE: &str = r"
websocket:
  port: 9123
  handlers:
    - { path: /echo, type: echo }
    - path: /api
      rules:
        - { match: { type: ping }, response: { type: pong } }
";

fn check(files: &[(&str, &str)], flags: &[&str]) -> Exit {
    let folder = TempDir::new().expect("a temporary folder");
    let mut args = vec!["check"];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).expect("the folder is writable");
        args.push(name);
    }
    args.extend(flags);
    sockeye_in(folder.path(), &args)
}

#[track_caller]
fn expect_shown(exit: &Exit, parts: &[&str]) {
    exit.expect_code(0);
    for part in parts {
        assert!(
            exit.stdout.contains(part),
            "no `{part}` in:\n{}",
            exit.stdout
        );
    }
}

#[test]
fn it_says_what_each_pattern_was_taken_for() {
    let exit = check(&[("mock.yml", MIXED)], &[]);
    expect_shown(
        &exit,
        &["/room/:name", "chat.example", "POST", "/orders/:id|int"],
    );
    for (pattern, kind) in [
        ("ping", "text"),
        ("hi (?<name>.*)", "regex"),
        (r#"{"echo": "{{json-params.echo}}"}"#, "JSON template"),
    ] {
        let line = exit.stdout.lines().find(|line| line.contains(pattern));
        assert!(
            line.is_some_and(|line| line.contains(kind)),
            "{pattern} is {kind}: {line:?}"
        );
    }
}

#[test]
fn it_shows_handlers_and_rules_of_mockforge_files() {
    let exit = check(&[("mockforge.yaml", FORGE)], &[]);
    expect_shown(&exit, &["/echo", "echo", "/api", "pattern", "ping", "9123"]);
}

#[test]
fn it_shows_the_port_that_would_be_used() {
    let forge = FORGE.replace("  port: 9123\n", "");
    expect_shown(&check(&[("mock.yml", MIXED)], &[]), &["8000"]);
    expect_shown(&check(&[("mockforge.yaml", &forge)], &[]), &["8080"]);
    expect_shown(
        &check(&[("mock.yml", MIXED), ("mockforge.yaml", &forge)], &[]),
        &["8080"],
    );
}

#[test]
fn it_shows_several_files_together() {
    let edn = r#"{:websocket {:path "/edn" :on-connect {:response "hi"}}}"#;
    let exit = check(
        &[
            ("mock.yml", MIXED),
            ("mockforge.yaml", FORGE),
            ("a.edn", edn),
        ],
        &[],
    );
    expect_shown(&exit, &["/room/:name", "/api", "/edn"]);
}

#[test]
fn it_speaks_json() {
    let exit = check(&[("mock.yml", MIXED)], &["--json"]);
    exit.expect_code(0);
    let shown: Value = serde_json::from_str(&exit.stdout).expect("standard output is JSON");
    let routes = shown["routes"].as_array().expect("a list of routes");
    let paths: Vec<_> = routes
        .iter()
        .filter_map(|route| route["path"].as_str())
        .collect();
    assert_eq!(paths, ["/room/:name", "/orders/:id|int"]);
    for kind in ["JSON template", "regex", "text"] {
        assert!(
            exit.stdout.contains(kind),
            "no `{kind}` in:\n{}",
            exit.stdout
        );
    }
}

#[test]
fn a_mistake_has_a_place_a_caret_and_the_nearest_word() {
    let file = MIXED.replace("on-message", "on-mesage");
    let exit = check(&[("mock.yml", &file)], &[]);
    exit.expect_code(2)
        .expect_words(&["mock.yml:5:5", "on-mesage", "on-message"]);
    assert!(exit.stdout.is_empty(), "{}", exit.stdout);
    let exit = check(&[("mock.yml", &file)], &["--lenient"]);
    exit.expect_code(0)
        .expect_words(&["mock.yml:5:5", "on-mesage"]);
}

#[test]
fn a_mistake_can_be_read_by_a_program_too() {
    let file = MIXED.replace("on-message", "on-mesage");
    let exit = check(&[("mock.yml", &file)], &["--json"]);
    exit.expect_code(2);
    let shown: Value = serde_json::from_str(&exit.stdout).expect("standard output is JSON");
    let mistake = &shown["mistakes"][0];
    assert_eq!(
        (&mistake["file"], &mistake["line"]),
        (&"mock.yml".into(), &5.into()),
        "{shown}"
    );
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let exit = check(&[], &["no-such-file.yml"]);
    assert!(matches!(exit.code, Some(2 | 3)), "{exit:?}");
    exit.expect_words(&["no-such-file.yml"]);
    check(&[], &[]).expect_code(2);
}

#[test]
fn colours_stay_away_from_pipes() {
    let file = MIXED.replace("on-message", "on-mesage");
    let wrong = check(&[("mock.yml", &file)], &[]);
    assert!(!wrong.expect_words(&["on-mesage"]).stderr.contains('\u{1b}'));
    let right = check(&[("mock.yml", MIXED)], &[]);
    expect_shown(&right, &["/room/:name"]);
    assert!(!right.stdout.contains('\u{1b}'));
}
