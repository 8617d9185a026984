//! The command line: questions, dry runs, names, exit statuses.

use std::os::unix::fs::symlink;
use std::process::Command;

use crate::lab::{Shipper, Sink, sockeye};

#[test]
fn questions_are_answered_on_standard_output() {
    let exit = sockeye(&["ship", "-h"]);
    exit.expect_code(0);
    for word in ["--dry-run", "websocket", "record_modifier", "Exit status"] {
        assert!(exit.stdout.contains(word), "no {word} in:\n{}", exit.stdout);
    }
    let exit = sockeye(&["ship", "-o", "websocket", "-h"]);
    assert!(
        exit.expect_code(0).stdout.contains("idle_interval"),
        "{}",
        exit.stdout
    );
    let exit = sockeye(&["ship", "-i", "tcp", "-J"]);
    let schema: serde_json::Value =
        serde_json::from_str(&exit.expect_code(0).stdout).expect("JSON");
    assert_eq!(schema["name"], "tcp");
    let exit = sockeye(&["ship", "-o", "websockets", "-h"]);
    exit.expect_code(1).expect_words(&[
        "there is no output `websockets`",
        "did you mean `websocket`?",
    ]);
    assert!(
        sockeye(&["ship", "-V"])
            .stdout
            .starts_with("sockeye ship v")
    );
}

#[test]
fn a_link_named_fluent_bit_is_the_same_command() {
    let lab = Shipper::new();
    let link = lab.path("fluent-bit");
    symlink(env!("CARGO_BIN_EXE_sockeye"), &link).expect("a link can be made");
    let output = Command::new(&link)
        .args(["-i", "dummy", "-o", "stdout", "-D"])
        .output()
        .expect("it runs");
    assert!(output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("configuration test is successful"));
}

#[test]
fn a_dry_run_opens_nothing() {
    let sink = Sink::start();
    let port = format!("port={}", sink.port());
    sockeye(&[
        "ship",
        "-D",
        "-i",
        "tcp",
        "-p",
        &port,
        "-o",
        "websocket://127.0.0.1:1/",
        "-m",
        "*",
    ])
    .expect_code(0)
    .expect_words(&["configuration test is successful"]);
    sockeye(&["ship", "-D", "-i", "tcp", "-p", "prt=1"])
        .expect_code(1)
        .expect_words(&[
            "unknown property `prt` in tcp",
            "did you mean `port`?",
            "configuration file contains errors, aborting.",
        ]);
}

#[test]
fn b16_mistakes_of_the_command_line_have_a_place_and_a_remedy() {
    for (words, said) in [
        (
            &["-p", "orphan=1", "-i", "dummy"][..],
            "`-p` before any plugin",
        ),
        (&["--nope"], "unknown flag `--nope`"),
        (
            &["-i", "dummy", "-p", "rate=many"],
            "`rate` must be a whole number, not `many`",
        ),
        (&["-f", "0", "-i", "dummy"], "`flush` must be more than 0"),
        (
            &["-o", "http://127.0.0.1:1/x"],
            "write `websocket://127.0.0.1:1/x`",
        ),
        (
            &["-o", "websocket", "-p", "tls=maybe"],
            "`tls` must be on or off, not `maybe`",
        ),
        (&["-c", "none.conf"], "there is no file `none.conf`"),
        (&["-i", "tail"], "tail needs `path`"),
        (&["-i", "syslog"], "syslog needs `parser`"),
        (&["-i", "tcp", "-p", "parser=x"], "no parser `x` is defined"),
        (&["-i", "kmsg"], "there is no input `kmsg`"),
        (&["-w", "/none"], "cannot work in /none"),
        (
            &["-i", "dummy", "-F", "throttle", "-p", "retain_data=on"],
            "records over the rate are left out and not kept: `retain_data` cannot be on",
        ),
    ] {
        let words: Vec<&str> = [&["ship"], words].concat();
        sockeye(&words).expect_code(1).expect_words(&[said]);
    }
}

#[test]
fn b16_quiet_says_nothing_and_the_command_line_wins() {
    let sink = Sink::start();
    let output = format!("websocket://{}/cli", sink.address());
    let mut shipper = Shipper::new()
        .file("a.conf", "[SERVICE]\n    Flush 100\n    Log_Level debug\n[INPUT]\n    Name dummy\n    Samples 1\n    Flush_On_Startup on\n")
        .start(&["-c", "a.conf", "-q", "-f", "0.1", "-o", &output, "-p", "format=json"]);
    assert_eq!(sink.values(1, "message"), ["dummy"]);
    let exit = shipper.stop();
    exit.expect_code(0);
    assert_eq!(exit.stderr, "");
    assert_eq!(sink.targets(), ["/cli"]);
}

#[test]
fn without_an_input_it_idles_until_it_is_told_to_end() {
    let mut shipper = Shipper::new().start(&[]);
    shipper.says("there is no input").says("there is no output");
    shipper
        .stop()
        .expect_code(0)
        .expect_words(&["caught signal (SIGTERM)"]);
}

#[test]
fn b11_lost_records_are_told_and_have_a_status_if_asked() {
    let mut shipper = Shipper::new()
        .file("a.conf", "[SERVICE]\n    Flush 0.1\n    Grace 1\n    Loss_Exit_Code 7\n[INPUT]\n    Name dummy\n    Samples 3\n    Rate 100\n[OUTPUT]\n    Name websocket\n    Port 1\n")
        .start(&["-c", "a.conf"]);
    shipper.says("[engine] started");
    shipper.says("127.0.0.1:1");
    shipper
        .stop()
        .expect_code(7)
        .expect_words(&["records were lost"]);
}
