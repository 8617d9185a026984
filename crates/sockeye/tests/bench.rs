//! `sockeye bench`: what is counted and timed, against our own server, and against servers that do what they should not.

mod hostile;
mod mistakes;

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lab::{Authority, Exit, Lab, PATIENCE, Process, binary, eventually, sockeye};

const ECHO: &str = "websocket: { max_message_size: 1MiB, handlers: [{ path: /echo, type: echo }] }";

/// Runs it to its end and reads its report.
fn bench(url: &str, args: &[&str]) -> (Exit, Value) {
    let exit = sockeye(&[&["bench", url, "--json"], args].concat());
    let report = serde_json::from_str(&exit.stdout);
    let report = report.unwrap_or_else(|error| panic!("{error}: {exit:?}"));
    (exit, report)
}

/// A count of messages.
#[track_caller]
fn count(report: &Value, name: &str) -> u64 {
    let count = report["messages"][name].as_u64();
    count.unwrap_or_else(|| panic!("no {name} in {report:#}"))
}

/// A figure of the latency, in milliseconds.
#[track_caller]
fn latency(report: &Value, name: &str) -> f64 {
    let micros = report["latency_us"][name].as_f64();
    micros.unwrap_or_else(|| panic!("no {name} in {report:#}")) / 1e3
}

/// Fails unless the run was fine and each of its messages was answered.
#[track_caller]
fn expect_fine(run: &(Exit, Value), messages: u64) {
    let (exit, report) = run;
    exit.expect_code(0);
    assert_eq!(exit.stderr, "");
    assert_eq!(report["ok"], true, "{report:#}");
    for name in ["sent", "answered"] {
        assert_eq!(count(report, name), messages, "{name} of {report:#}");
    }
    for name in [
        "lost",
        "overdue",
        "wrong",
        "doubled",
        "out_of_order",
        "unasked",
        "unsent",
        "in_flight",
    ] {
        assert_eq!(count(report, name), 0, "{name} of {report:#}");
    }
}

#[test]
fn each_of_many_messages_is_answered_as_fast_as_answers_come() {
    let server = Lab::yaml(ECHO).start();
    let args = [
        "-c",
        "20",
        "--messages",
        "2003",
        "--pipelining",
        "4",
        "--threads",
        "3",
    ];
    let run = bench(&server.url("/echo"), &args);
    expect_fine(&run, 2003);
    let (_, report) = run;
    assert_eq!(count(&report, "bytes_out"), 2003 * 64);
    assert_eq!(count(&report, "bytes_in"), 2003 * 64);
    assert_eq!(report["connections"]["open"], 20);
    assert_eq!(report["connections"]["at_the_end"], 20);
    assert_eq!(report["load"]["threads"], 3);
    assert_eq!(report["lateness_us"], Value::Null, "there is no grid");
    let figures = ["p50", "p90", "p99", "p99.9", "max"].map(|name| latency(&report, name));
    assert!(figures[0] > 0.0 && figures.is_sorted(), "{figures:?}");
    assert!(
        report["cpu_us_per_message"]
            .as_f64()
            .is_some_and(|cpu| cpu > 0.0)
    );
    assert!(report["rate"].as_f64().is_some_and(|rate| rate > 0.0));
    let log = server.terminate();
    assert!(
        !log.stderr.contains("WARN"),
        "it is closed in order: {}",
        log.stderr
    );
}

#[test]
fn a_rate_has_as_many_messages_as_its_time_has_instants() {
    let server = Lab::yaml(ECHO).start();
    let args = [
        "-c",
        "7",
        "--rate",
        "1000",
        "--duration",
        "0.5",
        "--warmup",
        "0.2",
    ];
    let run = bench(&server.url("/echo"), &args);
    expect_fine(&run, 500);
    let (_, report) = run;
    assert_eq!(report["load"]["rate"], 1000.0);
    assert_eq!(report["load"]["warmup_seconds"], 0.2);
    assert!(report["lateness_us"]["p50"].as_f64().is_some());
    let seconds = report["seconds"].as_f64().expect("a time");
    assert!(seconds >= 0.49, "the last instant is at 0.499 s: {seconds}");
}

#[test]
fn a_number_of_messages_ends_a_rate() {
    let server = Lab::yaml(ECHO).start();
    let args = ["--rate", "5000", "--messages", "777", "--threads", "2"];
    expect_fine(&bench(&server.url("/echo"), &args), 777);
}

#[test]
fn every_payload_comes_back() {
    let server = Lab::yaml(ECHO)
        .beside("letter.bin", "\u{e9}\0 letter")
        .start();
    let file = server.folder().join("letter.bin");
    let file = format!("@{}", file.display());
    let huge = "300KiB";
    for (payload, length) in [
        ("0", 0),
        ("3", 3),
        ("8", 8),
        (huge, 300 << 10),
        ("a text", 6),
        (&file, 10),
    ] {
        for kind in [&[][..], &["--binary"][..]] {
            let args = [
                "--messages",
                "50",
                "--payload",
                payload,
                "--pipelining",
                "3",
                "-c",
                "2",
            ];
            let run = bench(&server.url("/echo"), &[&args, kind].concat());
            expect_fine(&run, 50);
            assert_eq!(count(&run.1, "bytes_in"), 50 * length, "{payload}");
        }
    }
}

#[test]
fn compression_is_offered_if_asked_for() {
    let server = Lab::yaml(ECHO).start();
    for (flags, compressed) in [(&[][..], 0), (&["--compression"][..], 3)] {
        let args = ["-c", "3", "--messages", "60", "--payload", "2KiB"];
        let run = bench(&server.url("/echo"), &[&args, flags].concat());
        expect_fine(&run, 60);
        assert_eq!(run.1["connections"]["compressed"], compressed);
    }
}

#[test]
fn it_speaks_tls_in_large_messages() {
    let authority = Authority::new("of the load");
    let (certificate, key) = authority.issue("localhost");
    let file = "websocket:\n  max_message_size: 1MiB\n  tls: { cert_path: c.pem, key_path: k.pem }\n  handlers: [{ path: /echo, type: echo }]\n";
    let server = Lab::yaml(file)
        .beside("c.pem", &certificate)
        .beside("k.pem", &key)
        .beside("ca.pem", &authority.pem())
        .start();
    let port = server.address().port();
    let url = format!("wss://localhost:{port}/echo");
    let exit = sockeye(&["bench", &url, "--messages", "1"]);
    exit.expect_code(3)
        .expect_words(&["cannot speak TLS", "--ca FILE", "--insecure"]);
    let ca = server.folder().join("ca.pem");
    let ca = ca.to_str().expect("text");
    let args = [
        "--ca",
        ca,
        "-c",
        "3",
        "--messages",
        "60",
        "--payload",
        "200KiB",
        "--pipelining",
        "2",
    ];
    expect_fine(&bench(&url, &args), 60);
}

#[test]
fn any_answer_or_none_is_enough_if_that_is_asked_for() {
    let server = Lab::yaml("- websocket:\n    path: /pong\n    on-message:\n      - pattern: hello\n        response: pong\n").start();
    let args = ["--messages", "40", "--payload", "hello", "-c", "2"];
    let any = [&args[..], &["--expect", "any"]].concat();
    expect_fine(&bench(&server.url("/pong"), &any), 40);
    let (exit, report) = bench(&server.url("/pong"), &args);
    exit.expect_code(1);
    assert_eq!(count(&report, "wrong"), 40);
    // Nothing is answered there.
    let mute = [
        "--messages",
        "4000",
        "--payload",
        "say nothing",
        "--expect",
        "none",
        "-c",
        "2",
    ];
    expect_fine(&bench(&server.url("/pong"), &mute), 4000);
    let mute = [
        "--rate",
        "4000",
        "--duration",
        "0.25",
        "--payload",
        "x",
        "--expect",
        "none",
    ];
    expect_fine(&bench(&server.url("/pong"), &mute), 1000);
}

#[test]
fn connections_that_are_refused_are_counted_by_status() {
    let file = "websocket: { max_connections: 3, handlers: [{ path: /echo, type: echo }] }";
    let server = Lab::yaml(file).start();
    let args = ["-c", "5", "--messages", "30"];
    let (exit, report) = bench(&server.url("/echo"), &args);
    exit.expect_code(1)
        .expect_words(&["2 connections did not open", "503"]);
    let connections = &report["connections"];
    assert_eq!(
        (&connections["open"], &connections["refused"]),
        (&json!(3), &json!({"503": 2}))
    );
    assert_eq!(count(&report, "answered"), 30, "the others take their part");
    assert_eq!(report["ok"], false);
}

#[test]
fn connections_come_at_their_pace() {
    let server = Lab::yaml(ECHO).start();
    let begun = Instant::now();
    let args = ["-c", "11", "--ramp", "20", "--messages", "11"];
    expect_fine(&bench(&server.url("/echo"), &args), 11);
    let took = begun.elapsed();
    assert!(
        took >= Duration::from_millis(500),
        "ten pauses of 50 ms: {took:?}"
    );
}

#[test]
fn a_bound_that_does_not_hold_fails_the_run() {
    let server = Lab::yaml(ECHO).start();
    let url = server.url("/echo");
    let args = [
        "--messages",
        "20",
        "--fail-if",
        "p99>0ns",
        "--fail-if",
        "p50>60s",
        "--fail-if",
        "rate<1e9",
    ];
    let (exit, report) = bench(&url, &args);
    exit.expect_code(1);
    let failed: Vec<&str> = report["failed"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_str)
        .collect();
    assert!(
        matches!(*failed, [first, second] if first.starts_with("p99>0ns: it is ") && second.starts_with("rate<1e9: ")),
        "{failed:?}"
    );
    let exit = sockeye(&["bench", &url, "--messages", "20", "--fail-if", "p99>60s"]);
    exit.expect_code(0);
}

#[test]
fn the_text_has_what_matters_on_a_line_each() {
    let server = Lab::yaml(ECHO).start();
    let url = server.url("/echo");
    let exit = sockeye(&[
        "bench",
        &url,
        "--messages",
        "100",
        "--rate",
        "2000",
        "-c",
        "2",
    ]);
    exit.expect_code(0);
    let names: Vec<&str> = exit
        .stdout
        .lines()
        .skip(1)
        .filter_map(|line| line.get(2..14))
        .map(str::trim)
        .collect();
    assert_eq!(exit.stdout.lines().next(), Some(&*url));
    assert_eq!(
        names,
        [
            "connections",
            "messages",
            "bytes",
            "latency",
            "lateness",
            "own CPU",
            "faults"
        ]
    );
    for words in [
        "2 of 2 open",
        "100 sent, 100 answered in ",
        "6400 out, 6400 in",
        "p99.9 ",
        "none",
    ] {
        assert!(exit.stdout.contains(words), "{words}: {}", exit.stdout);
    }
}

#[test]
fn an_interrupt_prints_what_was_measured_so_far() {
    let server = Lab::yaml(ECHO).start();
    let mut stdout = tempfile::NamedTempFile::new().expect("a file");
    let mut command = binary("sockeye");
    command.args([
        "bench",
        &server.url("/echo"),
        "--duration",
        "600",
        "--rate",
        "500",
        "--progress",
        "--json",
    ]);
    command.stdout(Stdio::from(stdout.reopen().expect("a file")));
    let (process, _) = Process::spawn(&mut command);
    eventually("a second is told", || {
        process.log().contains("answered, p50 ").then_some(())
    });
    process.signal("INT");
    process.wait(PATIENCE).expect_code(0);
    let mut text = String::new();
    std::io::Read::read_to_string(&mut stdout, &mut text).expect("text");
    let report: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(report["broken_off"], true);
    assert!(count(&report, "answered") > 100, "{report:#}");
    assert_eq!((count(&report, "lost"), count(&report, "unsent")), (0, 0));
}

#[test]
fn every_member_of_the_report_is_in_the_manual() {
    let server = Lab::yaml(ECHO).start();
    let (_, report) = bench(&server.url("/echo"), &["--rate", "100", "--messages", "5"]);
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/bench.md");
    let page = std::fs::read_to_string(page).expect("the page is there");
    let mut names = Vec::new();
    members(&report, "", &mut names);
    assert!(names.len() > 30, "{names:?}");
    let missing: Vec<_> = names
        .iter()
        .filter(|name| !page.contains(&format!("`{name}`")))
        .collect();
    assert!(missing.is_empty(), "not in docs/bench.md: {missing:?}");
}

/// Paths of all members; those of a spread are the same everywhere.
fn members(value: &Value, above: &str, names: &mut Vec<String>) {
    for (name, value) in value.as_object().into_iter().flatten() {
        let path = format!("{above}{name}");
        match value {
            Value::Object(inner) if !inner.is_empty() && !name.ends_with("_us") => {
                members(value, &format!("{path}."), names);
            }
            _ => names.push(path),
        }
    }
}
