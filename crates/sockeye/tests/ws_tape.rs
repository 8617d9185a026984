//! `sockeye ws repair` and `sockeye ws convert`, and what is said of files that are none.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::lab::sockeye_in;

/// Two messages as a recording leaves them that was cut off.
const PART: &str = include_str!("golden/tapes/cut.json.part");

fn golden(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/tapes");
    std::fs::read_to_string(folder.join(name)).expect("a golden file")
}

#[test]
fn a_recording_that_was_cut_off_is_finished() {
    let folder = TempDir::new().expect("a temporary folder");
    let part = folder.path().join("cut.json.part");
    std::fs::write(&part, PART).expect("a writable folder");
    let exit = sockeye_in(folder.path(), &["ws", "repair", "cut.json.part"]);
    exit.expect_code(0)
        .expect_words(&["wrote 2 messages to `cut.json`"]);
    let made = std::fs::read_to_string(folder.path().join("cut.json")).expect("a file");
    assert_eq!(made, golden("cut.json"));
    assert!(
        !part.exists(),
        "nothing is in it that the session file lacks"
    );

    // Torn in its last line: what is whole is kept, and the rest is nothing.
    std::fs::write(&part, &PART[..PART.len() - 10]).expect("a writable folder");
    let taken = sockeye_in(folder.path(), &["ws", "repair", "cut.json.part"]);
    taken
        .expect_code(2)
        .expect_words(&["there is a file `cut.json` already", "--output"]);
    let exit = sockeye_in(
        folder.path(),
        &["ws", "repair", "cut.json.part", "-o", "x.json", "--json"],
    );
    exit.expect_code(0)
        .expect_words(&["cut.json.part:3: the line is torn; nothing after it is kept"]);
    let told: Value = serde_json::from_str(&exit.stdout).expect("JSON");
    assert_eq!(
        (&told["messages"], &told["damage"]["line"]),
        (&Value::from(1), &Value::from(3))
    );

    // Changed in the middle: the rest may still be of use to somebody.
    std::fs::remove_file(folder.path().join("cut.json")).expect("it is there");
    std::fs::write(&part, PART.replacen("subscribe", "Subscribe", 1)).expect("a writable folder");
    let exit = sockeye_in(folder.path(), &["ws", "repair", "cut.json.part"]);
    exit.expect_code(0)
        .expect_words(&["wrote 0 messages", "the .part file stays", "was changed"]);
    assert!(part.exists());
}

#[test]
fn sessions_become_archives_and_come_back() {
    let folder = TempDir::new().expect("a temporary folder");
    std::fs::write(folder.path().join("a.json"), golden("cut.json")).expect("a writable folder");
    let convert = |from: &str, to: &str| {
        sockeye_in(folder.path(), &["ws", "convert", from, to]).expect_code(0);
        std::fs::read_to_string(folder.path().join(to)).expect("a file")
    };
    let har: Value = serde_json::from_str(&convert("a.json", "a.har")).expect("JSON");
    let messages = &har["log"]["entries"][0]["_webSocketMessages"];
    assert_eq!(
        (&messages[0]["type"], &messages[0]["opcode"]),
        (&"send".into(), &1.into())
    );
    let back: Value = serde_json::from_str(&convert("a.har", "b.json")).expect("JSON");
    let first: Value = serde_json::from_str(&golden("cut.json")).expect("JSON");
    for index in 0..2 {
        for member in ["timestamp_ms", "direction", "type", "data"] {
            assert_eq!(
                back["messages"][index][member],
                first["messages"][index][member]
            );
        }
    }
    assert_eq!(
        back["metadata"]["recorded_at"],
        first["metadata"]["recorded_at"]
    );
}

/// Files that are none, and what is said of each. `SOCKEYE_BLESS=1` writes what is said.
#[test]
fn every_mistake_in_a_file_is_explained() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/tapes/mistakes");
    let mut said = String::new();
    let mut names: Vec<_> = std::fs::read_dir(&golden)
        .expect("the folder of cases")
        .map(|entry| {
            entry
                .expect("a case")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .filter(|name| name != "said.txt")
        .collect();
    names.sort();
    assert!(names.len() >= 14, "cases were lost: {names:?}");
    for name in &names {
        let exit = sockeye_in(
            &golden,
            &[
                "ws", "replay", "--as", "server", "--port", "0", "--input", name,
            ],
        );
        assert_eq!(exit.code, Some(2), "{name}: {}", exit.stderr);
        said.push_str(&exit.stderr);
    }
    let exit = sockeye_in(
        &golden,
        &["ws", "replay", "--as", "server", "--input", "nowhere.json"],
    );
    said.push_str(&exit.expect_code(2).stderr);
    let kept = golden.join("said.txt");
    if std::env::var_os("SOCKEYE_BLESS").is_some() {
        std::fs::write(&kept, &said).expect("a writable folder");
    }
    assert_eq!(
        said,
        std::fs::read_to_string(&kept).expect("what was said before")
    );
}
