//! The rules of the house that no other tool checks: file sizes, first lines, forbidden words.

use std::path::{Path, PathBuf};

/// Lines that a file may have beside its tests.
const LONGEST_FILE: usize = 500;

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    for path in entries.map(|entry| entry.expect("a readable folder").path()) {
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Path and text of every Rust file of the workspace and the bench.
fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    rust_files(&crates(), &mut files);
    rust_files(&crates().join("../bench/src"), &mut files);
    rust_files(&crates().join("../bench/peers/src"), &mut files);
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a readable file");
        (path.display().to_string(), text)
    };
    let sources: Vec<_> = files.into_iter().map(read).collect();
    assert!(sources.len() > 100, "the sources are found");
    sources
}

#[test]
fn every_file_says_first_what_passes_through_it() {
    let silent: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| path)
        .collect();
    assert!(silent.is_empty(), "no first sentence: {silent:#?}");
}

#[test]
fn no_file_grows_past_one_thing() {
    let code = |text: &str| {
        let tests = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
        text.get(..tests).unwrap_or(text).lines().count()
    };
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|(path, _)| !path.contains("/tests/"))
        .map(|(path, text)| (path, code(&text)))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .collect();
    assert!(long.is_empty(), "more than {LONGEST_FILE} lines: {long:#?}");
}

#[test]
fn nothing_is_left_for_later_in_a_comment() {
    let words = ["TODO", "FIXME", "XXX", "HACK"];
    let unfinished: Vec<_> = sources()
        .into_iter()
        .filter(|(path, _)| !path.ends_with("house.rs"))
        .filter(|(_, text)| words.iter().any(|word| text.contains(word)))
        .map(|(path, _)| path)
        .collect();
    assert!(unfinished.is_empty(), "unfinished: {unfinished:#?}");
}

#[test]
fn a_pipeline_fits_on_a_screen() {
    let pipelines: Vec<_> = sources()
        .into_iter()
        .filter(|(path, _)| path.ends_with("pipeline.rs"))
        .collect();
    assert!(!pipelines.is_empty(), "there is a pipeline");
    for (path, text) in pipelines {
        assert!(text.lines().count() <= 80, "{path} is longer than 80 lines");
    }
}
