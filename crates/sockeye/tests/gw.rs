//! `sockeye gw`: the reference's command line, its output and its mistakes, as a user and a program meet them.

mod altwalker;
mod answers;
mod golden;
mod offline;
mod paths;
mod vectors;

use std::path::PathBuf;

use crate::lab::{Exit, gw_in};

/// The folder with the models of these tests.
fn models() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    folder.join("../../conformance/graphwalker")
}

/// Runs a command line as a shell would take it apart: single quotes keep words together.
fn gw(line: &str) -> Exit {
    let words = words(line);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    gw_in(&models(), &words)
}

pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' if !is_quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// The names of the elements in the lines of a walk.
#[track_caller]
fn names(exit: &Exit) -> Vec<String> {
    members(exit, "currentElementName")
}

#[track_caller]
fn members(exit: &Exit, name: &str) -> Vec<String> {
    let lines = exit.stdout.lines().map(|line| {
        let step: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error} in {line}"));
        step[name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name} in {line}"))
            .to_owned()
    });
    lines.collect()
}

/// Fails unless a command ended well and said nothing beside its result.
#[track_caller]
fn expect_quiet(exit: &Exit) -> &Exit {
    exit.expect_code(0);
    assert_eq!(
        exit.stderr, "",
        "programs take any word there for a failure"
    );
    exit
}
