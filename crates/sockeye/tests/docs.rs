//! The manual is executed and compared: its files load, its runs and conversations happen, its tables are complete.

mod executed;
mod links;
mod markdown;
mod tables;

use std::path::{Path, PathBuf};

use markdown::Page;

/// The longest line of a page, in characters.
const LONGEST_LINE: usize = 130;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The files of a folder with one of `extensions`, in order.
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

/// The pages of the manual.
fn manual() -> Vec<Page> {
    let pages: Vec<_> = files(&root().join("docs"), &["md"])
        .iter()
        .map(|path| Page::read(path))
        .collect();
    assert!(pages.len() > 5, "the manual is found");
    pages
}

/// The manual and the pages in the root that belong to it. One that is not there yet is left out.
fn manual_and(others: &[&str]) -> Vec<Page> {
    let paths = others.iter().map(|name| root().join(name));
    let there = paths.filter(|path| path.exists());
    let mut pages = manual();
    pages.extend(there.map(|path| Page::read(&path)));
    pages
}

fn page(name: &str) -> Page {
    Page::read(&root().join("docs").join(name))
}

#[track_caller]
fn expect_none<T: std::fmt::Debug>(what: &str, found: &[T]) {
    assert!(found.is_empty(), "{what}: {found:#?}");
}

#[test]
fn lines_fit_on_a_screen() {
    let too_long = |page: &Page| -> Vec<String> {
        let lines = page.text.lines().enumerate();
        lines
            .filter(|(_, line)| line.chars().count() > LONGEST_LINE)
            .map(|(number, _)| format!("{}:{}", page.name(), number + 1))
            .collect()
    };
    let found: Vec<_> = manual().iter().flat_map(too_long).collect();
    expect_none("lines of more than 130 characters", &found);
}
