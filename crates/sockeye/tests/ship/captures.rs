//! What the reference did with files and command lines, and what ours makes of the same ones.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::lab::{Shipper, Sink, eventually};

pub(super) fn folder(case: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/fluentbit/cases");
    root.join(case)
}

pub(super) fn text(case: &str, name: &str) -> String {
    std::fs::read_to_string(folder(case).join(name)).expect("the capture is there")
}

/// A capture: its command line without the program, and its file.
struct Case {
    words: Vec<String>,
    file: Option<(String, String)>,
}

/// Words of a shell, of which single quotes are the only thing that is needed.
pub(super) fn split(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (index, part) in line.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

impl Case {
    /// With the port of the capture's server replaced by ours.
    fn read(name: &str, port: u16) -> Self {
        let config = text(name, "config");
        let config = replaced_port(&config, port);
        let (command, rest) = config.split_once('\n').unwrap_or((&config, ""));
        let words = split(command.trim_start_matches("fluent-bit"));
        let file = rest
            .trim_start()
            .strip_prefix("# ")
            .and_then(|rest| rest.split_once(":\n"));
        let file = file.map(|(name, text)| (name.to_owned(), text.to_owned()));
        Self { words, file }
    }

    fn start(&self) -> Shipper {
        self.start_in(Shipper::new())
    }

    fn start_in(&self, mut lab: Shipper) -> Shipper {
        if let Some((name, text)) = &self.file {
            lab = lab.file(name, text);
        }
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        lab.start(&words)
    }
}

/// The servers of the captures had ports from 28000 on.
fn replaced_port(config: &str, port: u16) -> String {
    let mut parts = config.split("280");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push_str(&port.to_string());
        text.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    }
    text
}

/// The payloads that the reference's server got.
pub(super) fn frames(case: &str) -> Vec<Vec<u8>> {
    let frames = text(case, "frames.jsonl");
    let payload = |line: &str| {
        let frame: Value = serde_json::from_str(line).expect("a line of a capture");
        let hex = frame["hex"].as_str().expect("a payload").as_bytes();
        let byte = |digits: &[u8]| {
            let digits = std::str::from_utf8(digits).expect("digits");
            u8::from_str_radix(digits, 16).expect("a byte")
        };
        hex.chunks(2).map(byte).collect()
    };
    frames.lines().map(payload).collect()
}

#[test]
fn the_same_files_and_commands_give_the_same_bytes() {
    for case in [
        "conf-classic-filter",
        "conf-classic-indent2",
        "conf-classic-unknown-section",
        "conf-cli-basic",
        "conf-cli-quiet",
        "conf-yaml",
        "conf-yaml-camel",
        "conf-yaml-filters",
    ] {
        let sink = Sink::start();
        let mut shipper = Case::read(case, sink.port()).start();
        let expected = frames(case).concat();
        let got = || -> Vec<u8> {
            sink.messages()
                .into_iter()
                .flat_map(tokio_tungstenite::tungstenite::Message::into_data)
                .collect()
        };
        eventually(&format!("{case} ships as much:\n{}", shipper.log()), || {
            (got().len() >= expected.len()).then_some(())
        });
        assert_eq!(
            String::from_utf8_lossy(&got()),
            String::from_utf8_lossy(&expected),
            "{case}"
        );
        let request = text(case, "handshake.txt");
        let target = request
            .lines()
            .find_map(|line| line.strip_prefix("GET ")?.split(' ').next());
        assert_eq!(sink.targets(), [target.expect("a request")], "{case}");
        shipper.stop().expect_code(0);
    }
}

#[test]
fn the_environment_is_asked_as_the_reference_asks_it() {
    let sink = Sink::start();
    let lab = Shipper::new().behind("FLUSHSEC=0.2 exec \"$@\"");
    let mut shipper = Case::read("conf-classic-env", sink.port()).start_in(lab);
    let expected = frames("conf-classic-env").concat();
    let message = eventually("a message", || sink.messages().first().cloned());
    assert_eq!(message.into_data(), expected);
    shipper.says("the variable `NOPE` is not set");
    assert_eq!(sink.targets(), ["/xdeftag"]);
    shipper.stop().expect_code(0);
    let sink = Sink::start();
    let lab = Shipper::new().behind("FLB_LOG_LEVEL=off exec \"$@\"");
    let mut shipper = Case::read("conf-cli-env-loglevel", sink.port()).start_in(lab);
    assert_eq!(sink.values(1, "a"), ["1"]);
    let exit = shipper.stop();
    assert_eq!((exit.code, exit.stderr.as_str()), (Some(0), ""));
}

#[test]
fn b16_what_the_reference_does_with_half_a_command_line() {
    for (case, said) in [
        ("conf-cli-no-input", "there is no input"),
        ("conf-cli-no-output", "there is no output"),
        ("conf-cli-nothing", "there is no input"),
    ] {
        let mut shipper = Case::read(case, 1).start();
        shipper.says(said).says("[engine] started");
        shipper.stop().expect_code(0);
    }
    // The page's key is right here, and its address is taken for what it means.
    let exit = Case::read("conf-cli-dryrun-bad", 1).start().wait();
    exit.expect_code(0)
        .expect_words(&["configuration test is successful"]);
    let exit = Case::read("conf-cli-bad-url", 1).start().wait();
    exit.expect_code(1)
        .expect_words(&["write `websocket://127.0.0.1:1/something`"]);
}

#[test]
fn what_the_reference_refuses_is_refused_with_a_reason() {
    for (case, said) in [
        (
            "conf-classic-bad-section",
            "a section without its closing bracket",
        ),
        ("conf-classic-flush0", "`flush` must be more than 0"),
        (
            "conf-classic-include-missing",
            "there is no file `missing.conf`",
        ),
        (
            "conf-classic-mixed-indent",
            "a line that is indented unlike the first one",
        ),
        ("conf-classic-no-value", "the key `Dummy` has no value"),
        ("conf-classic-noindent", "a line without indentation"),
        (
            "conf-classic-unknown-key",
            "unknown property `frmat` in websocket",
        ),
        ("conf-cli-bad-option", "unknown flag `--nope`"),
        ("conf-cli-order", "`-p` before any plugin"),
        (
            "conf-yaml-processors",
            "there is no filter `content_modifier`",
        ),
    ] {
        let mut shipper = Case::read(case, 1).start();
        shipper.wait().expect_code(1).expect_words(&[said]);
    }
}

/// The page's key is refused by every release of the reference; files that have it are what people have.
#[test]
fn idle_interval_is_taken() {
    for case in ["conf-yaml-unknown-prop", "idle-interval-key"] {
        let sink = Sink::start();
        let mut shipper = Case::read(case, sink.port()).start();
        shipper.says("[engine] started");
        shipper.stop().expect_code(0);
    }
}
