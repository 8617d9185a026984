//! Row 33: files that are made to cost much cost little, when they are checked and when they are read again.

use std::fmt::Write as _;

use crate::lab::{Lab, sockeye_in};

/// What a server may need at its most, in KiB.
const MOST_MEMORY: u64 = 64 << 10;

/// Nine aliases of nine aliases, twelve levels of them: 9^13 values in 400 bytes.
fn bomb() -> String {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..=12 {
        let alias = format!("*a{}", level - 1);
        let aliases = [alias.as_str(); 9].join(", ");
        writeln!(text, "a{level}: &a{level} [{aliases}]").expect("a String takes all");
    }
    text
}

/// Files, and what is said about each of them.
fn files() -> Vec<(&'static str, String, &'static [&'static str])> {
    let keys = |number: usize| format!("  key{number}: 1\n");
    let many: String = (0..130_000).map(keys).collect();
    vec![
        ("bomb", bomb(), &["mock.yml:6:", "split the file"]),
        (
            "deep lists",
            format!("websocket:\n  handlers: {}", "[".repeat(100_000)),
            &["mock.yml:2:", "deeper than 64 levels"],
        ),
        (
            "deep maps",
            format!("websocket: {}", "{a: ".repeat(100_000)),
            &["mock.yml:1:", "deeper than 64 levels"],
        ),
        (
            "100 MiB",
            format!("websocket: {{}}\n# {}", "x".repeat(100 << 20)),
            &["larger than 4194304 bytes"],
        ),
        (
            "many keys",
            format!("websocket:\n{many}"),
            &["mock.yml:125000:", "split the file"],
        ),
        (
            "one key again and again",
            format!("websocket:\n{}", "  port: 1\n".repeat(50_000)),
            &["mock.yml:", "`port`"],
        ),
        (
            "a long line that never ends",
            format!("websocket: {{ path: \"{}", "x".repeat(4_000_000)),
            &["mock.yml:1:", "never closed"],
        ),
    ]
}

#[test]
fn f33_files_made_to_cost_much_are_refused_with_their_place() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text, words) in files() {
        std::fs::write(folder.path().join("mock.yml"), text).expect("writable");
        let exit = sockeye_in(folder.path(), &["check", "mock.yml"]);
        assert_eq!(exit.code, Some(2), "{name}: {}", exit.stderr);
        exit.expect_words(words);
        let drawn = exit.stderr.len();
        assert!(drawn < 8_000, "{name}: {drawn} bytes are drawn");
    }
}

#[test]
fn f33_such_an_edit_leaves_the_old_plan_and_little_memory_is_used() {
    let good = "websocket: { handlers: [{ path: /echo, type: echo }] }\n";
    let server = Lab::yaml(good).admin().start();
    let mut client = server.connect("/echo");
    for (name, text, words) in files() {
        server.edit(&text);
        let told = server.ask("POST", "/__mockforge/ws/reload", &[], b"");
        assert!(told.status >= 400, "{name}: {}", told.text());
        server.expect_log(&[words[words.len() - 1]]);
        client.send(name).expect_text(name);
    }
    let most = server.memory("VmHWM");
    assert!(most < MOST_MEMORY, "{most} KiB");
    let generation = server.ask("GET", "/metrics", &[], b"").text();
    assert!(
        generation.contains("\nws_plan_generation 0\n"),
        "{generation}"
    );
}
