//! Every YAML block of both contract documents, byte for byte, is a file that loads.

use std::path::{Path, PathBuf};

use crate::lab::sockeye;

fn snippets(document: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/contracts");
    let entries = std::fs::read_dir(folder.join(document)).expect("the folder of snippets");
    let mut paths: Vec<_> = entries
        .map(|entry| entry.expect("readable").path())
        .collect();
    paths.sort();
    paths
}

#[track_caller]
fn expect_all_load(document: &str, count: usize) {
    let snippets = snippets(document);
    assert_eq!(snippets.len(), count, "{snippets:?}");
    for snippet in snippets {
        let exit = sockeye(&[
            "check",
            snippet.to_str().expect("paths of the repository are text"),
        ]);
        assert_eq!(
            exit.code,
            Some(0),
            "{}:\n{}",
            snippet.display(),
            exit.stderr
        );
        assert!(
            exit.stdout.contains('/'),
            "{} means nothing",
            snippet.display()
        );
    }
}

#[test]
fn the_snippets_of_moclojer() {
    expect_all_load("moclojer", 2);
}

#[test]
fn the_snippets_of_the_guide() {
    expect_all_load("guide", 18);
}
