//! A page of the manual taken apart: blocks, tables, sections, headings, links.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Stands before a block that is shown to be wrong, or is not a whole file.
const NOT_LOADED: &str = "<!-- not loaded -->";

/// A page and where it is.
pub(super) struct Page {
    pub(super) path: PathBuf,
    pub(super) text: String,
}

/// A fenced block as a reader sees it.
#[derive(Debug, PartialEq)]
pub(super) struct Block {
    /// Line of the fence, from 1.
    pub(super) line: usize,
    pub(super) language: String,
    pub(super) text: String,
    pub(super) is_loaded: bool,
}

impl Block {
    /// Whether it is a configuration file.
    pub(super) fn is_file(&self) -> bool {
        matches!(self.language.as_str(), "yaml" | "edn")
    }

    /// The name in the comment that is the first line: `# chat.yaml`, `; chat.edn`.
    pub(super) fn file_name(&self) -> Option<&str> {
        let first = self.text.lines().next()?.strip_prefix(['#', ';'])?.trim();
        let is_name = first.contains('.') && !first.contains(' ');
        (self.is_file() && is_name).then_some(first)
    }
}

impl Page {
    pub(super) fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path);
        let text = text.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let path = path.to_owned();
        Self { path, text }
    }

    /// The name of its file.
    pub(super) fn name(&self) -> String {
        let name = self.path.file_name().expect("a page has a name");
        name.to_string_lossy().into_owned()
    }

    pub(super) fn blocks(&self) -> Vec<Block> {
        blocks(&self.text)
    }

    /// The part under a heading, its sub-headings included.
    pub(super) fn section(&self, heading: &str) -> &str {
        let opening = format!("\n{heading}\n");
        let (_, rest) = self
            .text
            .split_once(&opening)
            .unwrap_or_else(|| panic!("{} has no heading `{heading}`", self.name()));
        let (mark, _) = heading.split_once(' ').expect("a heading has a mark");
        let next = format!("\n{mark} ");
        rest.split_once(&next).map_or(rest, |(section, _)| section)
    }

    /// What its headings are called in links.
    pub(super) fn anchors(&self) -> BTreeSet<String> {
        let prose = prose(&self.text);
        let headings = prose.lines().filter(|line| line.starts_with('#'));
        headings
            .map(|line| anchor(line.trim_start_matches('#').trim()))
            .collect()
    }

    /// The targets of its links.
    pub(super) fn links(&self) -> Vec<String> {
        let prose = prose(&self.text);
        let targets = prose.split("](").skip(1);
        targets
            .filter_map(|rest| Some(rest.split_once(')')?.0.to_owned()))
            .collect()
    }
}

/// All fenced blocks of a page.
pub(super) fn blocks(page: &str) -> Vec<Block> {
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
        let text: Vec<_> = lines
            .by_ref()
            .map(|(_, line)| line.get(indent..).unwrap_or_default())
            .take_while(|line| !line.starts_with("```"))
            .collect();
        blocks.push(Block {
            line: number + 1,
            language: language.trim().to_owned(),
            text: text.join("\n") + "\n",
            is_loaded: before != NOT_LOADED,
        });
        before = "";
    }
    blocks
}

/// The page without its blocks.
fn prose(page: &str) -> String {
    let parts = page.split("```").step_by(2);
    parts.collect()
}

/// The cells of all rows of all tables in `text`; an escaped `|` is a character of its cell.
pub(super) fn rows(text: &str) -> Vec<Vec<String>> {
    const ESCAPED: &str = "\u{0}";
    let cells = |line: &str| -> Vec<String> {
        let line = line.replace("\\|", ESCAPED);
        let inner = line.trim().trim_start_matches('|').trim_end_matches('|');
        let cells = inner
            .split('|')
            .map(|cell| cell.trim().replace(ESCAPED, "|"));
        cells.collect()
    };
    let rows = text.lines().filter(|line| line.starts_with('|'));
    rows.map(cells).collect()
}

/// What stands in backticks.
pub(super) fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// A heading's name in links: lower case, blanks as hyphens, no other punctuation.
fn anchor(heading: &str) -> String {
    let letters = heading.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        _ => letter.is_alphanumeric().then_some(letter),
    });
    letters.collect::<String>().to_lowercase()
}

#[test]
fn blocks_are_found_as_a_reader_sees_them() {
    let page = "a\n```yaml\nx: 1\n```\n<!-- not loaded -->\n\n```yaml\ny\n```\n- b\n  ```edn\n  - z\n    w\n  ```\n";
    let found: Vec<_> = blocks(page)
        .into_iter()
        .map(|block| (block.line, block.text, block.is_loaded))
        .collect();
    let expected = [
        (2, "x: 1\n", true),
        (7, "y\n", false),
        (11, "- z\n  w\n", true),
    ];
    let expected = expected.map(|(line, text, is_loaded)| (line, text.to_owned(), is_loaded));
    assert_eq!(found, expected);
}

#[test]
fn tables_and_headings_are_read_as_they_are_shown() {
    let cells = rows("| `a\\|b` | | c |\nno row\n|---|---|---|\n");
    let expected = [vec!["`a|b`", "", "c"], vec!["---", "---", "---"]];
    assert_eq!(cells, expected);
    assert_eq!(
        anchor("What `check` prints, and why"),
        "what-check-prints-and-why"
    );
}
