//! The tables of keys against the code: a key that nobody reads must say so.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use sockeye_ship::properties::{Key, Kind};
use sockeye_ship::{filter, input, output, parser, service};

/// Keys that are read without being named: by `starts_with("decode_field")`, and by the last arms of the rules of
/// modify.
const ALIKE: [&str; 3] = ["decode_field_as", "add", "add_if_not_present"];

/// All code of the crate but its tests and the table of flags, whose names are their own; without blanks, so that
/// it is found whatever its layout.
fn code(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            code(&path, all);
        } else if !path.ends_with("tests.rs") && !path.ends_with("flags.rs") {
            let text = fs::read_to_string(&path).expect("a text");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default();
            all.extend(text.split_whitespace());
        }
    }
}

fn every_key() -> Vec<Key> {
    let inputs = input::ALL.iter().flat_map(|known| known.tables);
    let outputs = output::ALL.iter().flat_map(|known| known.tables);
    let filters = filter::ALL.iter().flat_map(|known| known.tables);
    let tables = inputs.chain(outputs).chain(filters);
    let own = [service::KEYS, parser::KEYS, filter::COMMON_KEYS];
    let keys = tables.flat_map(|table| table.iter());
    keys.chain(own.into_iter().flatten()).copied().collect()
}

#[test]
fn every_key_is_read_or_says_that_it_is_not() {
    let mut all = String::new();
    code(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    // Where a table has a name it stands first.
    let tables = all.replace("Key::new(\"", "");
    let mut named = BTreeSet::new();
    for (start, _) in tables.match_indices('"') {
        let rest = &tables[start + 1..];
        named.extend(rest.find('"').map(|end| &rest[..end]));
    }
    let is_read = |name: &str| named.contains(name) || ALIKE.contains(&name);
    let keys = every_key();
    let unread: BTreeSet<&str> = keys
        .iter()
        .filter(|key| !matches!(key.kind, Kind::Unused(_)) && !is_read(key.name))
        .map(|key| key.name)
        .collect();
    assert!(
        unread.is_empty(),
        "in a table, and read by nobody: {unread:?}"
    );
    // A key may be of use to one plugin and of none to another.
    let used: BTreeSet<&str> = keys
        .iter()
        .filter(|key| !matches!(key.kind, Kind::Unused(_)))
        .map(|key| key.name)
        .collect();
    let lying: BTreeSet<&str> = keys
        .iter()
        .filter(|key| matches!(key.kind, Kind::Unused(_)))
        .map(|key| key.name)
        .filter(|name| is_read(name) && !used.contains(name))
        .collect();
    assert!(lying.is_empty(), "said to be unused, and read: {lying:?}");
}
