//! Every mistake a reader can report passes through here, drawn, and is compared with the text beside its file.
//!
//! `GOLDEN=write cargo test -p sockeye-core --test golden` writes the texts; read the difference before
//! you keep it.

#![allow(clippy::unwrap_used, reason = "a missing file fails the test")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use sockeye_core::document::{Fields, Node, parse_edn, parse_yaml};
use sockeye_core::{Mistakes, Source};

/// Columns of the terminal the texts are drawn for.
const WIDTH: usize = 100;
/// Fewer cases than this and some have been lost.
const AT_LEAST: usize = 90;

#[test]
fn every_mistake_reads_as_it_is_written_down() {
    let cases = cases();
    assert!(cases.len() >= AT_LEAST, "only {} cases", cases.len());
    let wrong: Vec<String> = cases.iter().filter_map(|case| difference(case)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let mut cases: Vec<PathBuf> = files
        .filter(|path| path.extension().is_some_and(|kind| kind != "txt"))
        .collect();
    cases.sort();
    cases
}

fn difference(case: &Path) -> Option<String> {
    let name = case.file_name()?.to_str()?;
    let drawn = mistakes(name, std::fs::read_to_string(case).unwrap()).draw(false, WIDTH);
    let beside = case.with_extension(format!("{}.txt", case.extension()?.to_str()?));
    if std::env::var_os("GOLDEN").is_some_and(|wish| wish == "write") {
        std::fs::write(&beside, &drawn).unwrap();
    }
    let expected = std::fs::read_to_string(&beside).unwrap_or_default();
    let same = expected == drawn && !drawn.is_empty();
    (!same).then(|| format!("{name}\nexpected:\n{expected}\ndrawn:\n{drawn}"))
}

fn mistakes(name: &str, text: String) -> Mistakes {
    let lenient = text.starts_with("# lenient");
    let is_edn = Path::new(name)
        .extension()
        .is_some_and(|kind| kind == "edn");
    let source: Arc<Source> = Source::new(name, text);
    let parsed = if is_edn {
        parse_edn(&source)
    } else {
        parse_yaml(&source)
    };
    let mut mistakes = Mistakes::new();
    match parsed {
        Ok(Node {
            value: sockeye_core::document::NodeValue::Seq(forms),
            ..
        }) if is_edn => {
            for form in &forms {
                listener(form, lenient, &mut mistakes);
            }
        }
        Ok(node) => listener(&node, lenient, &mut mistakes),
        Err(found) => mistakes = found,
    }
    mistakes
}

/// A section with a field of every kind.
fn listener(node: &Node, lenient: bool, m: &mut Mistakes) {
    let Some(mut fields) = Fields::of(node, "a listener", m) else {
        return;
    };
    if let Some(port) = fields.need("port", m) {
        port.as_u64("`port`", 1..=65_535, m);
    }
    fields
        .take("name")
        .map(|name| name.as_text("`name`", m).map(str::len));
    fields
        .take("rate")
        .map(|rate| rate.as_f64("`rate`", 0.0..=1.0, m));
    fields
        .take("enabled")
        .map(|enabled| enabled.as_bool("`enabled`", m));
    let types = [("echo", 1), ("static", 2), ("pattern", 3)];
    fields
        .take("type")
        .map(|kind| kind.as_choice("`type`", &types, m));
    fields
        .take("size")
        .map(|size| size.as_bytes("`size`", 1..=1 << 30, m));
    fields
        .take("rules")
        .map(|rules| rules.as_seq("`rules`", m).map(<[Node]>::len));
    fields.finish(m, lenient);
}
