//! Every mistake a user can make in a file, with the words it is answered with.
//!
//! `SOCKEYE_BLESS=1` writes the `.stderr` files; their difference is then reviewed.

use std::path::{Path, PathBuf};

use crate::lab::sockeye_in;

/// Fewer cases than this mean that files were lost.
const AT_LEAST: usize = 60;

fn cases(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the folder of cases");
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    let known = |path: &PathBuf| {
        path.extension()
            .is_some_and(|ext| ["yaml", "yml", "edn"].iter().any(|known| ext == *known))
    };
    let mut cases: Vec<_> = paths.filter(known).collect();
    cases.sort();
    cases
}

#[test]
fn every_mistake_is_explained() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/errors");
    let bless = std::env::var_os("SOCKEYE_BLESS").is_some();
    let cases = cases(&folder);
    assert!(
        cases.len() >= AT_LEAST,
        "{} cases, at least {AT_LEAST} wanted",
        cases.len()
    );
    let complaints: Vec<_> = cases
        .iter()
        .filter_map(|case| compare(&folder, case, bless).err())
        .collect();
    assert!(
        complaints.is_empty(),
        "{} of them:\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

fn compare(folder: &Path, case: &Path, bless: bool) -> Result<(), String> {
    let name = case
        .file_name()
        .and_then(|name| name.to_str())
        .expect("names of cases are text");
    let exit = sockeye_in(folder, &["check", name]);
    if exit.code != Some(2) || !exit.stderr.contains(name) {
        return Err(format!(
            "{name}: status {:?}, wanted 2, saying:\n{}",
            exit.code, exit.stderr
        ));
    }
    let expected = PathBuf::from(format!("{}.stderr", case.display()));
    if bless {
        std::fs::write(&expected, &exit.stderr).expect("the folder of cases is writable");
        return Ok(());
    }
    let golden = std::fs::read_to_string(&expected)
        .map_err(|_| format!("{name}: no {name}.stderr; SOCKEYE_BLESS=1 writes it"))?;
    if golden == exit.stderr {
        return Ok(());
    }
    Err(format!(
        "{name}:\n--- expected\n{golden}--- got\n{}",
        exit.stderr
    ))
}
