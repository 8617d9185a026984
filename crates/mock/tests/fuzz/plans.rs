//! A document to a plan: every mistake has its place, and what is a plan can be explained.

use std::fs;

use sockeye_core::{Mistakes, Source};
use sockeye_mock::{LoadOptions, Loaded, explain, load};
use tempfile::TempDir;

thread_local! {
    /// Where the inputs of this thread are put, with nothing beside them.
    static FOLDER: TempDir = TempDir::new().expect("a folder");
}

/// Every mistake lies in a text, and its drawing steers no terminal.
fn told(mistakes: &Mistakes) -> String {
    for mistake in mistakes {
        if let Some(place) = mistake.place() {
            place.raw();
        }
    }
    let drawn = mistakes.draw(false, 80);
    let harmful = |letter: char| letter.is_control() && letter != '\n';
    assert!(!drawn.contains(harmful), "{drawn:?}");
    drawn
}

fn judged(loaded: Result<Loaded, Mistakes>) -> String {
    match loaded {
        Ok(loaded) => {
            assert!(!loaded.warnings.has_errors());
            let explained = explain(&loaded.plan).to_string();
            told(&loaded.warnings) + &explained
        }
        Err(mistakes) => {
            assert!(mistakes.has_errors(), "a refusal has its reason");
            told(&mistakes)
        }
    }
}

/// The whole input is a document of YAML, read leniently and not.
pub(crate) fn yaml(input: &[u8]) -> [String; 2] {
    let text = String::from_utf8_lossy(input);
    [true, false].map(|lenient| {
        let options = LoadOptions {
            lenient,
            written: Some(Source::new("input.yaml", text.clone())),
            ..LoadOptions::default()
        };
        judged(load(&[], &options, 1))
    })
}

/// The whole input is a file of EDN.
pub(crate) fn edn(input: &[u8]) -> String {
    let path = FOLDER.with(|folder| folder.path().join("input.edn"));
    fs::write(&path, input).expect("room for a file");
    judged(load(&[path], &LoadOptions::default(), 1))
}
