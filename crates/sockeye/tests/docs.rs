//! The manual is executed and compared: its files load, its conversations happen, its tables are complete.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::lab::{Lab, sockeye_in};

/// The longest line of a page, in characters. Tables of what a page cannot wrap are no exception.
const LONGEST_LINE: usize = 130;

/// Before a block that is shown to be wrong, or is not a whole file.
const NOT_LOADED: &str = "<!-- not loaded -->";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn page(name: &str) -> String {
    read(&root().join("docs").join(name))
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

/// The pages of the manual; with `others` also the README and the architecture.
fn pages(others: &[&str]) -> Vec<PathBuf> {
    let mut pages = files(&root().join("docs"), &["md"]);
    assert!(pages.len() > 5, "the manual is found");
    pages.extend(others.iter().map(|name| root().join(name)));
    pages
}

/// A fenced block as a reader sees it.
#[derive(Debug, PartialEq)]
struct Block {
    /// Line of the fence.
    line: usize,
    language: String,
    text: String,
    is_loaded: bool,
}

impl Block {
    fn is_file(&self) -> bool {
        matches!(self.language.as_str(), "yaml" | "edn")
    }

    /// The name in the first line's comment: `# chat.yaml`, `; chat.edn`.
    fn file_name(&self) -> Option<&str> {
        let first = self.text.lines().next()?.strip_prefix(['#', ';'])?.trim();
        (self.is_file() && first.contains('.') && !first.contains(' ')).then_some(first)
    }
}

fn blocks(page: &str) -> Vec<Block> {
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

/// Cells of all table rows, an escaped `|` being a character.
fn rows(page: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| -> Vec<String> {
        let line = line.replace("\\|", "\u{0}");
        let cells = line.trim().trim_matches('|').split('|');
        cells
            .map(|cell| cell.trim().replace('\u{0}', "|"))
            .collect()
    };
    let rows = page.lines().filter(|line| line.starts_with('|'));
    rows.map(cells).collect()
}

/// The part of a page under a heading, its sub-headings included.
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let start = page
        .find(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("there is no heading {heading}"));
    let rest = &page[start + heading.len() + 2..];
    let mark = heading.split(' ').next().unwrap_or_default();
    rest.split(&format!("\n{mark} "))
        .next()
        .unwrap_or_default()
}

/// What stands in backticks.
fn quoted(text: &str) -> BTreeSet<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[track_caller]
fn expect_none(what: &str, missing: &[String]) {
    assert!(missing.is_empty(), "{what}: {missing:#?}");
}

#[test]
fn every_file_of_the_manual_loads() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut count = 0;
    for page in pages(&["README.md"]) {
        let blocks = blocks(&read(&page));
        for block in blocks.iter().filter(|block| block.is_file() && block.is_loaded) {
            let name = format!("block.{}", block.language);
            std::fs::write(folder.path().join(&name), &block.text).expect("writable");
            let exit = sockeye_in(folder.path(), &["check", &name]);
            let place = format!("{}:{}", page.display(), block.line);
            assert_eq!(exit.code, Some(0), "{place}\n{}", exit.stderr);
            assert_eq!(exit.stderr, "", "{place} is warned about");
            count += 1;
        }
    }
    assert!(count > 10, "the manual shows too few configurations");
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

/// The commands of a console block, each with what it is said to print.
fn commands(block: &Block) -> Vec<(Vec<&str>, String)> {
    let mut commands: Vec<(Vec<&str>, String)> = Vec::new();
    for line in block.text.lines() {
        if let Some(command) = line.strip_prefix("$ sockeye ") {
            commands.push((command.split(' ').collect(), String::new()));
        } else if let Some((_, output)) = commands.last_mut() {
            output.push_str(line.trim_end());
            output.push('\n');
        }
    }
    commands
}

#[test]
fn check_prints_what_is_shown() {
    let mut count = 0;
    for page in pages(&["README.md"]) {
        let text = read(&page);
        let blocks = blocks(&text);
        let folder = TempDir::new().expect("a temporary folder");
        for block in &blocks {
            if let Some(name) = block.file_name() {
                std::fs::write(folder.path().join(name), &block.text).expect("writable");
            }
        }
        let consoles = blocks.iter().filter(|block| {
            block.language == "console" && block.text.starts_with("$ sockeye check")
        });
        for block in consoles {
            for (args, shown) in commands(block) {
                let exit = sockeye_in(folder.path(), &args);
                let printed: Vec<_> = [exit.stderr.as_str(), exit.stdout.as_str()]
                    .into_iter()
                    .flat_map(str::lines)
                    .map(str::trim_end)
                    .collect();
                let place = format!("{}:{}", page.display(), block.line);
                assert_eq!(printed.join("\n").trim_end(), shown.trim_end(), "{place}");
                count += 1;
            }
        }
    }
    assert!(count > 5, "the manual shows too few runs of check");
}

#[test]
fn conversations_happen_as_they_are_told() {
    let mut count = 0;
    for page in pages(&[]) {
        let mut file = None;
        for block in blocks(&read(&page)) {
            if block.is_file() && block.is_loaded {
                file = Some(block);
            } else if let (Some(file), Some(target)) = (&file, conversation(&block)) {
                play(file, target, &block);
                count += 1;
            }
        }
    }
    assert!(count > 3, "the manual tells too few conversations");
}

/// Path and query of `$ wscat -c "ws://…"` at the start of a block.
fn conversation(block: &Block) -> Option<&str> {
    let command = block.text.lines().next()?.strip_prefix("$ wscat -c \"ws://")?;
    let url = command.strip_suffix('"')?;
    Some(&url[url.find('/')?..])
}

fn play(file: &Block, target: &str, told: &Block) {
    let server = Lab::file(&format!("block.{}", file.language), &file.text).start();
    let mut client = server.connect(target);
    for line in told.text.lines().skip(1) {
        match line.split_once(' ') {
            Some((">", text)) => drop(client.send(text)),
            Some(("<", text)) => drop(client.expect_text(text)),
            _ => panic!("line {}: `{line}` is no part of a conversation", told.line),
        }
    }
    client.expect_silence();
}

#[test]
fn every_helper_filter_and_tag_is_in_the_manual() {
    use sockeye_script::template::{filters, helpers, tags};
    let page = page("templates.md");
    let (in_helpers, in_filters, in_tags) = (
        section(&page, "## Helpers"),
        section(&page, "## Filters"),
        section(&page, "## Tags"),
    );
    let mut missing = Vec::new();
    for helper in helpers() {
        let name = format!("`{}`", helper.name);
        let row = rows(in_helpers).into_iter().find(|row| row[0] == name);
        let complete = row.is_some_and(|row| {
            let mut aliases = helper.aliases.iter();
            aliases.all(|alias| row[1].contains(&format!("`{alias}`")))
        });
        missing.extend((!complete).then_some(name));
    }
    for filter in filters() {
        let name = format!("`{}`", filter.name);
        let row = rows(in_filters).into_iter().find(|row| row[0] == name);
        let complete = row.is_some_and(|row| row[1] == filter.arguments);
        missing.extend((!complete).then(|| format!("{name} {}", filter.arguments)));
    }
    for tag in tags() {
        let start = format!("`{{% {} ", tag.name);
        let is_there = rows(in_tags).iter().any(|row| row[0].starts_with(&start));
        missing.extend((!is_there).then_some(start));
    }
    expect_none("not in docs/templates.md", &missing);
}

#[test]
fn every_flag_of_serve_is_in_the_manual() {
    let help = sockeye_in(Path::new("."), &["serve", "--help"]).stdout;
    let page = page("serve.md");
    let words = help.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let flags: BTreeSet<_> = words.filter(|word| word.starts_with("--")).collect();
    assert!(flags.len() > 8, "{flags:?}");
    let missing: Vec<_> = flags
        .into_iter()
        .filter(|flag| !quoted(&page).contains(flag))
        .map(ToOwned::to_owned)
        .collect();
    expect_none("not in docs/serve.md", &missing);
}

#[test]
fn every_environment_variable_is_in_the_manual() {
    let sources = [
        include_str!("../src/environment.rs"),
        include_str!("../src/cli.rs"),
    ];
    let is_variable = |word: &&str| {
        word.len() > 3 && word.chars().all(|c| c.is_ascii_uppercase() || c == '_')
    };
    let texts = sources.iter().flat_map(|text| text.split('"').skip(1).step_by(2));
    let variables: BTreeSet<_> = texts.filter(is_variable).collect();
    assert!(variables.len() > 10, "{variables:?}");
    let page = page("serve.md");
    let missing: Vec<_> = variables
        .into_iter()
        .filter(|name| !page.contains(&format!("`{name}`")))
        .map(ToOwned::to_owned)
        .collect();
    expect_none("not in docs/serve.md", &missing);
}

#[test]
fn every_test_and_every_type_of_a_parameter_is_in_the_manual() {
    let (mockforge, files) = (page("mockforge.md"), page("files.md"));
    let tests = section(&mockforge, "## Tests");
    let described: String = rows(tests).into_iter().map(|row| row[0].clone()).collect();
    let types: String = rows(section(&files, "## Paths"))
        .into_iter()
        .map(|row| row[0].clone())
        .collect();
    let known = sockeye_mock::matcher::operator::names().map(|name| (name, &described));
    let kinds = sockeye_mock::KINDS.iter().map(|(name, _)| (*name, &types));
    let missing: Vec<_> = known
        .chain(kinds)
        .filter(|(name, described)| !described.contains(&format!("`{name}`")))
        .map(|(name, _)| name.to_owned())
        .collect();
    expect_none("not in a table of the manual", &missing);
}

/// Uses everything that is read and not served.
const UNSERVED: &str = r#"
admin: {}
include: []
websocket:
  tls: { self_signed: true }
  chaos: {}
  shared_state: {}
  script: {}
  replay_file: a.jsonl
  outbound_queue: 9
  on_slow: close
  log_messages: meta
  handlers:
    - { path: /a, type: jsonrpc, methods: [] }
    - { path: /b, type: script, script: "return 1" }
    - { path: /c, type: rooms }
    - { path: /d, type: proxy, upstream: "ws://a", transform: {}, record: true, record_path: a, forward_headers: [] }
    - { path: /e, broadcast: { interval_ms: 9, message: a }, scheduled: [] }
    - { path: /f, state: {}, auth: { query: a, equals: b }, schema: {}, chaos: {}, on_connect: {}, on_close: {} }
    - path: /g
      rules:
        - { when: a, then: [], delay_ms: 1, times: 1, close: {}, broadcast: { room: a, message: a } }
        - { handler: a }
"#;

#[test]
fn what_is_not_served_is_what_the_manual_says_is_not_served() {
    let folder = TempDir::new().expect("a temporary folder");
    std::fs::write(folder.path().join("all.yaml"), UNSERVED).expect("writable");
    let guide = files(&root().join("conformance/contracts/guide"), &["yaml"]);
    let paths = guide.iter().map(|path| path.to_str().expect("text"));
    let mut found = BTreeSet::new();
    for path in paths.chain(["all.yaml"]) {
        let exit = sockeye_in(folder.path(), &["check", path]);
        assert_eq!(exit.code, Some(0), "{path}: {}", exit.stderr);
        let marked = |line: &str| Some(line.split_once('`')?.1.split_once("` is understood")?.0.to_owned());
        found.extend(exit.stderr.lines().filter_map(marked));
        // Twenty are drawn; the route's own first part is told in the explanation.
        let told = exit.stdout.lines().filter_map(|line| line.trim().strip_prefix("not served by this version: `"));
        found.extend(told.filter_map(|line| Some(line.split_once('`')?.0.to_owned())));
    }
    let page = page("mockforge.md");
    let table = rows(section(&page, "## Not served yet"));
    let cells: Vec<_> = table.iter().map(|row| row[0].split(" beside ").next().unwrap_or_default()).collect();
    let listed: BTreeSet<_> = cells.iter().flat_map(|cell| quoted(cell)).map(ToOwned::to_owned).collect();
    assert_eq!(found, listed);
}
