//! Walks that the Java reference has made, made again by the command.

use serde_json::Value;
use tempfile::TempDir;

use super::{expect_quiet, members, models};
use crate::lab::gw_in;

fn conformance(name: &str) -> Value {
    let text = std::fs::read(models().join(name)).expect("the file is there");
    serde_json::from_slice(&text).expect("JSON")
}

fn path(case: &Value) -> Vec<&str> {
    let ids = case["path"].as_array().expect("a list").iter();
    ids.map(|id| id.as_str().expect("a text")).collect()
}

#[test]
fn the_same_seed_gives_the_walk_of_the_reference() {
    let vectors = conformance("vectors.json");
    let folder = TempDir::new().expect("a temporary folder");
    std::fs::write(folder.path().join("g1.json"), vectors["model"].to_string()).expect("writable");
    let cases = vectors["cases"].as_array().expect("a list");
    assert!(cases.len() >= 30, "{} cases", cases.len());
    for case in cases {
        let generator = case["generator"].as_str().expect("a text");
        let mut args = vec!["offline", "-o", "-m", "g1.json", generator];
        let seed = case["seed"].to_string();
        if !case["seed"].is_null() {
            args.extend(["-d", &seed]);
        }
        let exit = gw_in(folder.path(), &args);
        let wanted = path(case);
        assert_eq!(
            members(expect_quiet(&exit), "currentElementID"),
            wanted,
            "{args:?}"
        );
    }
}

#[test]
fn files_with_generators_and_seeds_of_their_own_are_walked_as_the_reference_does() {
    let walks = conformance("walks.json");
    let folder = TempDir::new().expect("a temporary folder");
    let cases = walks.as_array().expect("a list").iter().take(40);
    for (at, case) in cases.enumerate() {
        std::fs::write(folder.path().join("walk.json"), case.to_string()).expect("writable");
        let exit = gw_in(
            folder.path(),
            &["offline", "-o", "-g", "walk.json", "--steps", "150"],
        );
        let wanted = path(case);
        assert_eq!(
            members(expect_quiet(&exit), "currentElementID"),
            wanted,
            "case {at}"
        );
    }
}
