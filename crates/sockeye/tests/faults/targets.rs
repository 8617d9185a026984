//! Row 20: readers that are tried with changed inputs, and the table of them in the manual.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files in which targets are: `tests/fuzz/main.rs` of a crate, or `fuzz.rs` beside a reader.
fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.ends_with("tests/fuzz/main.rs") || path.ends_with("fuzz.rs") {
            found.push(path);
        }
    }
}

#[test]
fn f20_every_target_is_in_the_table_of_the_manual() {
    let mut files = Vec::new();
    collect(&root().join("crates"), &mut files);
    let (mut targets, mut used) = (BTreeSet::new(), 0);
    for file in &files {
        let text = fs::read_to_string(file).expect("a file");
        let tests = text.split("#[test]\nfn ").skip(1);
        targets.extend(tests.filter_map(|test| Some(test.split_once('(')?.0.to_owned())));
        let text: String = text.split_whitespace().collect();
        used += text.matches("target(\"").count() + text.matches("Target::new(\"").count();
    }
    assert!(targets.len() > 30, "the targets are found: {targets:?}");
    assert!(used >= targets.len(), "each of them runs");
    let page = fs::read_to_string(root().join("docs/robustness.md")).expect("the page");
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let table: BTreeSet<_> = rows
        .filter_map(|row| Some(row.split_once('`')?.0.to_owned()))
        .collect();
    assert_eq!(
        table, targets,
        "the table of docs/robustness.md and the targets"
    );
}
