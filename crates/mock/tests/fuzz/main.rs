//! Files that nobody would serve, and requests that no operator makes.
//!
//! Corpora are files beside this one, the contracts of `conformance`, the examples, and the mistakes of the golden
//! tests; inputs that were found to break something stand in them.

mod admin;
mod plans;

use std::path::{Path, PathBuf};

use sockeye_fuzz::{Target, files, texts};

fn repository(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(folder)
}

#[test]
fn yaml_plans() {
    let mut corpus = files(&repository("conformance/contracts"), &[".yaml"]);
    corpus.extend(files(&repository("examples"), &[".yaml"]));
    corpus.extend(files(
        &repository("crates/sockeye/tests/golden/errors"),
        &[".yaml"],
    ));
    Target::new("yaml_plans", corpus, plans::yaml)
        .text()
        .few(300)
        .run();
}

#[test]
fn edn_plans() {
    let mut corpus = texts(include_str!("edn.txt"));
    corpus.extend(files(
        &repository("crates/sockeye/tests/golden/errors"),
        &[".edn"],
    ));
    Target::new("edn_plans", corpus, plans::edn)
        .text()
        .few(1000)
        .run();
}

#[test]
fn admin_bodies() {
    let corpus = texts(include_str!("admin.txt"));
    Target::new("admin_bodies", corpus, admin::asked)
        .text()
        .longest(1024)
        .few(2000)
        .run();
}
