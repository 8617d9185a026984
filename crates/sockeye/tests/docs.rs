//! The manual is executed: its YAML blocks load, and every example is served.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::lab::{Lab, sockeye_in};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    let wanted = |path: &PathBuf| {
        path.extension()
            .is_some_and(|found| extensions.iter().any(|known| found == *known))
    };
    let mut files: Vec<_> = paths.filter(wanted).collect();
    files.sort();
    files
}

/// The line number and text of every yaml block that is not marked as an extract.
fn blocks(page: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().enumerate();
    let mut before = "";
    while let Some((number, line)) = lines.next() {
        let Some(language) = line.trim_start().strip_prefix("```") else {
            before = if line.trim().is_empty() {
                before
            } else {
                line.trim()
            };
            continue;
        };
        let indent = line.len() - line.trim_start().len();
        let block: Vec<_> = lines
            .by_ref()
            .map(|(_, line)| line.get(indent..).unwrap_or_default())
            .take_while(|line| !line.starts_with("```"))
            .collect();
        if language.trim() == "yaml" && before != "<!-- not loaded -->" {
            blocks.push((number + 1, block.join("\n") + "\n"));
        }
        before = "";
    }
    blocks
}

#[test]
fn every_yaml_block_of_the_manual_loads() {
    let mut pages = files(&root().join("docs"), &["md"]);
    pages.push(root().join("README.md"));
    let folder = TempDir::new().expect("a temporary folder");
    let mut count = 0;
    for page in pages {
        let text = std::fs::read_to_string(&page)
            .unwrap_or_else(|error| panic!("{}: {error}", page.display()));
        for (line, block) in blocks(&text) {
            std::fs::write(folder.path().join("block.yaml"), block).expect("writable");
            let exit = sockeye_in(folder.path(), &["check", "block.yaml"]);
            assert_eq!(
                exit.code,
                Some(0),
                "{}:{line}\n{}",
                page.display(),
                exit.stderr
            );
            count += 1;
        }
    }
    assert!(count > 0, "the manual shows no configuration at all");
}

#[test]
fn every_example_loads_and_is_served() {
    let examples = files(&root().join("examples"), &["yaml", "yml", "edn"]);
    assert!(!examples.is_empty(), "there are no examples");
    for example in examples {
        let lab = Lab::existing(&example).start();
        assert_ne!(lab.address().port(), 0, "{}", example.display());
    }
}

#[test]
fn blocks_are_found_as_a_reader_sees_them() {
    let page = "a\n```yaml\nx: 1\n```\n<!-- not loaded -->\n\n```yaml\ny\n```\n- b\n  ```yaml\n  - z\n    w\n  ```\n```sh\nno\n```\n";
    let found = blocks(page);
    assert_eq!(
        found,
        [(2, "x: 1\n".to_owned()), (11, "- z\n  w\n".to_owned())]
    );
}
