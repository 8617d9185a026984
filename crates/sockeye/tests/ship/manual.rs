//! The manual's page on shipping is run: its files load, its commands print what is shown, nothing is left out of its tables.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::lab::{sockeye, sockeye_in};

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/ship.md");
    std::fs::read_to_string(path).expect("the page is there")
}

/// Language and text of each fenced block.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let blocks = page.split("\n```").skip(1).step_by(2);
    blocks.filter_map(|block| block.split_once('\n')).collect()
}

/// The file that a block is, by the comment in its first line.
fn named(text: &str) -> Option<&str> {
    let name = text.lines().next()?.strip_prefix("# ")?.split(' ').next()?;
    name.contains('.').then_some(name)
}

fn folder() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for (_, text) in blocks(&page()) {
        if let Some(name) = named(text) {
            std::fs::write(folder.path().join(name), format!("{text}\n")).expect("writable");
        }
    }
    folder
}

#[test]
fn every_file_of_the_page_is_right() {
    let folder = folder();
    let mut count = 0;
    for (language, text) in blocks(&page()) {
        let Some(name) = named(text).filter(|_| !text.contains("(not loaded)")) else {
            continue;
        };
        let flag = if text.contains("[PARSER]") {
            "-R"
        } else {
            "-c"
        };
        assert!(["conf", "yaml"].contains(&language), "{name}");
        let exit = sockeye_in(folder.path(), &["ship", flag, name, "-D"]);
        assert_eq!(
            (exit.code, exit.stderr.as_str()),
            (Some(0), "configuration test is successful\n"),
            "{name}"
        );
        count += 1;
    }
    assert!(count >= 4, "{count}");
}

#[test]
fn every_command_of_the_page_prints_what_is_shown() {
    let folder = folder();
    let page = page();
    let shown = blocks(&page)
        .into_iter()
        .filter(|(language, _)| *language == "console");
    let mut count = 0;
    for (_, text) in shown {
        let (command, expected) = text.split_once('\n').expect("a command and what it prints");
        let words: Vec<&str> = command
            .trim_start_matches("$ sockeye ")
            .split(' ')
            .collect();
        let exit = sockeye_in(folder.path(), &words);
        let printed = format!("{}{}", exit.stderr, exit.stdout);
        let lines: Vec<&str> = printed.lines().map(str::trim_end).collect();
        assert_eq!(
            lines.join("\n").trim_end(),
            expected.trim_end(),
            "{command}"
        );
        count += 1;
    }
    assert!(count >= 3, "{count}");
}

#[test]
fn every_key_without_an_effect_is_on_the_page_and_no_other() {
    let page = page();
    let (_, section) = page
        .split_once("\n## Keys without an effect\n")
        .expect("the section");
    let (section, _) = section.split_once("\n## ").expect("a section behind it");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let mut shown = BTreeSet::new();
    for row in rows {
        let (keys, why) = row.split_once("` | ").expect("two cells");
        let why = why.trim_end_matches(" |");
        shown.extend(keys.split("`, `").map(|key| (key, why)));
    }
    let known: BTreeSet<_> = sockeye_ship::catalogue::unused().into_iter().collect();
    assert_eq!(known, shown, "left: the program, right: docs/ship.md");
}

#[test]
fn every_flag_and_every_key_of_an_input_is_on_the_page() {
    let page = page();
    let is_there = |word: &str| {
        let words = page.split(|letter: char| " `,|(".contains(letter));
        words.into_iter().any(|found| found == word)
    };
    let mut missing = Vec::new();
    let help = sockeye(&["ship", "-h"]).stdout;
    for flag in help.split(|letter: char| !letter.is_ascii_alphanumeric() && !"-_".contains(letter))
    {
        missing.extend((flag.starts_with("--") && !is_there(flag)).then(|| flag.to_owned()));
    }
    let schema: Value = serde_json::from_str(&sockeye(&["ship", "-J"]).stdout).expect("JSON");
    for input in schema["inputs"].as_array().expect("inputs") {
        for key in input["options"].as_array().expect("options") {
            let is_used = key["description"] != "accepted";
            let name = key["name"].as_str().expect("a name");
            missing
                .extend((is_used && !is_there(name)).then(|| format!("{} {name}", input["name"])));
        }
    }
    for key in sockeye_ship::service::KEYS
        .iter()
        .filter(|key| key.help != "accepted")
    {
        missing.extend((!is_there(key.name) && key.name != "daemon").then(|| key.name.to_owned()));
    }
    assert!(missing.is_empty(), "{missing:?}");
}
