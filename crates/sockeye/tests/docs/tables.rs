//! Tables of the manual against the tables of the program: nothing is missing, nothing is left over.

use std::collections::BTreeSet;
use std::path::Path;

use tempfile::TempDir;

use super::markdown::{quoted, rows};
use super::{expect_none, files, page, root};
use crate::lab::sockeye_in;

#[test]
fn every_helper_filter_and_tag_is_in_the_manual() {
    use sockeye_script::template::{filters, helpers, tags};
    let page = page("templates.md");
    let in_helpers = rows(page.section("## Helpers"));
    let in_filters = rows(page.section("## Filters"));
    let in_tags = rows(page.section("## Tags"));
    let mut missing = Vec::new();
    for helper in helpers() {
        let name = format!("`{}`", helper.name);
        let row = in_helpers.iter().find(|row| row[0] == name);
        let has_aliases = row.is_some_and(|row| {
            let mut aliases = helper.aliases.iter();
            aliases.all(|alias| quoted(&row[1]).contains(alias))
        });
        missing.extend((!has_aliases).then(|| format!("{name} {:?}", helper.aliases)));
    }
    for filter in filters() {
        let name = format!("`{}`", filter.name);
        let row = in_filters.iter().find(|row| row[0] == name);
        let has_arguments = row.is_some_and(|row| row[1] == filter.arguments);
        missing.extend((!has_arguments).then(|| format!("{name} {}", filter.arguments)));
    }
    for tag in tags() {
        let start = format!("`{{% {} ", tag.name);
        let is_there = in_tags.iter().any(|row| row[0].starts_with(&start));
        missing.extend((!is_there).then_some(start));
    }
    expect_none("not in the tables of docs/templates.md", &missing);
}

#[test]
fn every_flag_of_serve_is_in_the_manual() {
    expect_flags(&["serve", "--help"], &page("serve.md").text);
}

#[test]
fn every_flag_of_connect_is_in_the_manual() {
    // `--log` and `--help` are explained where the server is.
    let text = page("ws.md").text + &page("serve.md").text;
    expect_flags(&["ws", "connect", "--help"], &text);
}

#[test]
fn every_flag_of_bench_is_in_the_manual() {
    let text = page("bench.md").text + &page("serve.md").text;
    expect_flags(&["bench", "--help"], &text);
}

#[test]
fn every_flag_of_record_is_in_the_manual() {
    let text = page("recording.md").text + &page("serve.md").text;
    expect_flags(&["ws", "record", "--help"], &text);
}

#[test]
fn every_flag_of_replay_is_in_the_manual() {
    let text = page("recording.md").text + &page("ws.md").text + &page("serve.md").text;
    for command in ["replay", "repair", "convert"] {
        expect_flags(&["ws", command, "--help"], &text);
    }
}

#[test]
fn every_option_of_gw_is_in_the_manual() {
    expect_flags(&["gw", "--help"], &page("gw.md").text);
}

#[test]
fn every_generator_and_stop_condition_is_in_the_manual() {
    let page = page("model-files.md");
    let cells: String = rows(page.section("## Generators"))
        .into_iter()
        .filter_map(|row| row.into_iter().next())
        .collect();
    let shown: BTreeSet<_> = quoted(&cells)
        .into_iter()
        .filter_map(|text| text.split('(').next())
        .collect();
    let conditions = sockeye_model::plan::condition_names();
    let known: BTreeSet<_> = sockeye_model::plan::generator_names()
        .chain(conditions)
        .collect();
    assert_eq!(
        known, shown,
        "left: the program, right: docs/model-files.md"
    );
}

/// Fails unless every flag that this help shows stands alone or with its value in the text.
#[track_caller]
fn expect_flags(help: &[&str], text: &str) {
    let help = sockeye_in(Path::new("."), help).stdout;
    let words = help.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    let flags: BTreeSet<_> = words.filter(|word| word.starts_with("--")).collect();
    assert!(flags.len() > 1, "{flags:?}");
    let shown: BTreeSet<_> = quoted(text)
        .into_iter()
        .flat_map(str::split_whitespace)
        .collect();
    let missing: Vec<_> = flags.difference(&shown).collect();
    expect_none("not in the manual", &missing);
}

#[test]
fn every_environment_variable_is_in_the_manual() {
    let flags = include_str!("../../src/cli.rs");
    let flags = flags.split("env = \"").skip(1);
    let others = include_str!("../../src/environment.rs");
    let is_variable = |word: &&str| {
        let mut letters = word.chars();
        word.len() > 3 && letters.all(|letter| letter.is_ascii_uppercase() || letter == '_')
    };
    let ends = flags.filter_map(|rest| Some(rest.split_once('"')?.0));
    let variables: BTreeSet<_> = ends.chain(others.split('"')).filter(is_variable).collect();
    assert!(variables.len() > 10, "{variables:?}");
    let page = page("serve.md");
    let shown = quoted(&page.text);
    let missing: Vec<_> = variables.difference(&shown).collect();
    expect_none("not in docs/serve.md", &missing);
}

#[test]
fn every_test_and_every_type_of_a_parameter_is_in_the_manual() {
    let (mockforge, files) = (page("mockforge.md"), page("files.md"));
    let first_cells = |section: &str| -> String {
        let rows = rows(section).into_iter();
        rows.filter_map(|row| row.into_iter().next()).collect()
    };
    let tests = first_cells(mockforge.section("## Tests"));
    let types = first_cells(files.section("## Paths"));
    let known = sockeye_mock::matcher::operator::names().map(|name| (name, &tests));
    let kinds = sockeye_mock::KINDS.iter().map(|(name, _)| (*name, &types));
    let missing: Vec<_> = known
        .chain(kinds)
        .filter(|(name, shown)| !quoted(shown).contains(name))
        .map(|(name, _)| name)
        .collect();
    expect_none("not in a table of the manual", &missing);
}

#[test]
fn every_key_of_chaos_is_in_the_manual_with_its_default() {
    let page = page("chaos.md");
    let rows = rows(page.section("## Keys"));
    let mut missing = Vec::new();
    for (path, default) in sockeye_mock::chaos::chaos_keys() {
        let row = rows.iter().find(|row| quoted(&row[0]).contains(&path));
        let is_right = |row: &Vec<String>| {
            let shown = row[2].trim_matches('`');
            shown == default || default.is_empty() || path == "slow_consumer.enabled"
        };
        missing.extend((!row.is_some_and(is_right)).then_some((path, default)));
    }
    expect_none("not in docs/chaos.md, or with another default", &missing);
    let listed = rows.iter().flat_map(|row| quoted(&row[0]));
    assert_eq!(listed.count(), sockeye_mock::chaos::chaos_keys().count());
}

/// Files that use everything that is read and not served, few things in each: twenty mistakes are drawn.
const UNSERVED: [&str; 2] = [
    "
admin: {}
websocket:
  { on_slow: wait }
",
    r#"
websocket:
  handlers:
    - { path: /c, type: proxy, upstream: "ws://a" }
    - { path: /f, schema: {} }
"#,
];

/// The parts of a file that `check` says are not served.
fn unserved(folder: &Path, file: &str) -> Vec<String> {
    let exit = sockeye_in(folder, &["check", file, "--json"]);
    assert_eq!(exit.code, Some(0), "{file}: {}", exit.stdout);
    let told: serde_json::Value = serde_json::from_str(&exit.stdout).expect("JSON");
    let warnings = &told["warnings"];
    let shown = warnings["mistakes"].as_array().expect("a list");
    assert_eq!(warnings["warnings"], shown.len(), "{file}: all are shown");
    let messages = shown
        .iter()
        .filter_map(|mistake| mistake["message"].as_str());
    messages
        .filter_map(|text| text.strip_suffix(" is understood but not served by this version"))
        .map(|part| part.trim_matches('`').to_owned())
        .collect()
}

#[test]
fn what_is_not_served_is_what_the_manual_says_is_not_served() {
    let folder = TempDir::new().expect("a temporary folder");
    let mut found = BTreeSet::new();
    for text in UNSERVED {
        std::fs::write(folder.path().join("mock.yaml"), text).expect("writable");
        found.extend(unserved(folder.path(), "mock.yaml"));
    }
    for file in files(&root().join("conformance/contracts/guide"), &["yaml"]) {
        found.extend(unserved(folder.path(), file.to_str().expect("text")));
    }
    let page = page("mockforge.md");
    let rows = rows(page.section("## Not served yet"));
    let parts = rows
        .iter()
        .map(|row| row[0].split(" beside ").next().unwrap_or_default());
    let listed: BTreeSet<String> = parts.flat_map(quoted).map(ToOwned::to_owned).collect();
    assert_eq!(found, listed, "left: the program, right: docs/mockforge.md");
}

/// The foreign crates in the dependency tables of a manifest.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut is_table = false;
    let mut found = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_table = line.ends_with("dependencies]");
        } else if let Some((name, _)) = line.split_once(" = ").filter(|_| is_table) {
            found.insert(name.to_owned());
        }
    }
    found.retain(|name| !name.starts_with("sockeye"));
    found
}

/// The packages of the dashboard, of its build and of its tests.
fn packages() -> Vec<String> {
    let text =
        std::fs::read(root().join("web/package.json")).expect("the dashboard has a manifest");
    let manifest: serde_json::Value = serde_json::from_slice(&text).expect("JSON");
    let tables = ["dependencies", "devDependencies"].map(|table| manifest[table].as_object());
    let names = tables.into_iter().flatten().flat_map(|table| table.keys());
    names.cloned().collect()
}

#[test]
fn every_direct_dependency_has_its_reason() {
    let manifest = |folder: &Path| std::fs::read_to_string(folder.join("Cargo.toml"));
    let crates = std::fs::read_dir(root().join("crates")).expect("a readable folder");
    let mut folders: Vec<_> = crates
        .map(|entry| entry.expect("readable").path())
        .collect();
    folders.push(root().join("bench"));
    let mut used: BTreeSet<String> = folders
        .iter()
        .flat_map(|folder| dependencies(&manifest(folder).expect("a crate has a manifest")))
        .collect();
    used.extend(packages());
    assert!(used.contains("tokio"), "{used:?}");
    let rows = rows(&page("dependencies.md").text);
    let listed: BTreeSet<String> = rows
        .iter()
        .flat_map(|row| quoted(&row[0]))
        .map(ToOwned::to_owned)
        .collect();
    assert_eq!(
        used, listed,
        "left: the manifests, right: docs/dependencies.md"
    );
}
