//! Text of every kind passes through the readers here: none may panic, and every place lies in the text.

use std::sync::Arc;

use proptest::prelude::*;
use sockeye_core::document::{Node, NodeValue, parse_edn, parse_yaml};
use sockeye_core::{Mistakes, Place, Source};

/// Pieces that make a random text nearly a document.
const PIECES: [&str; 48] = [
    "a",
    "ä",
    "日",
    "\u{1f600}",
    "\u{202e}",
    "\0",
    "\u{1b}[31m",
    " ",
    "  ",
    "\t",
    "\n",
    "\n  ",
    "\r\n",
    ":",
    ": ",
    "- ",
    "? ",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "#{",
    "#_",
    "#a ",
    "##Inf",
    ",",
    "\"",
    "'",
    "''",
    "\\",
    "\\n",
    "\\u00e4",
    "\\ud83d",
    "|\n",
    ">-\n  ",
    "&x ",
    "*x",
    "!!int ",
    "<<: ",
    "---\n",
    "# ",
    ";",
    "12",
    "0x1f",
    ":k ",
    "\u{feff}",
];

fn nearly_a_document() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..40)
        .prop_map(|pieces| pieces.concat())
}

/// Everything a reader gives is looked at.
fn look_at(source: &Arc<Source>, result: Result<Node, Mistakes>) -> Result<(), TestCaseError> {
    match result {
        Ok(node) => look_at_node(source, &node),
        Err(mistakes) => look_at_mistakes(source, &mistakes),
    }
}

fn look_at_node(source: &Arc<Source>, node: &Node) -> Result<(), TestCaseError> {
    look_at_place(source, &node.place)?;
    match &node.value {
        NodeValue::Seq(items) => items.iter().try_for_each(|item| look_at_node(source, item)),
        NodeValue::Map(entries) => entries.iter().try_for_each(|(key, value)| {
            look_at_place(source, &key.place)?;
            look_at_node(source, value)
        }),
        NodeValue::Str(text) => (0..=text.len()).try_for_each(|at| {
            let inner = node.place_within(at..text.len()).span();
            let outer = node.place.span();
            prop_assert!(outer.start <= inner.start && inner.end <= outer.end);
            Ok(())
        }),
        _ => Ok(()),
    }
}

fn look_at_place(source: &Arc<Source>, place: &Place) -> Result<(), TestCaseError> {
    let span = place.span();
    prop_assert!(
        source.text().get(span.clone()).is_some(),
        "{span:?} of {:?}",
        source.text()
    );
    Ok(())
}

fn look_at_mistakes(source: &Arc<Source>, mistakes: &Mistakes) -> Result<(), TestCaseError> {
    prop_assert!(mistakes.has_errors());
    for mistake in mistakes {
        mistake
            .place()
            .map_or(Ok(()), |place| look_at_place(source, place))?;
    }
    let drawn = mistakes.draw(false, 80);
    prop_assert!(!drawn.is_empty());
    let harmful = |letter: char| letter.is_control() && letter != '\n';
    prop_assert!(!drawn.contains(harmful), "{drawn:?}");
    prop_assert!(drawn.contains("any:") || drawn.contains("any`"), "{drawn}");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nearly_documents_never_panic(text in nearly_a_document()) {
        let source = Source::new("any", text);
        look_at(&source, parse_yaml(&source))?;
        look_at(&source, parse_edn(&source))?;
    }

    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let source = Source::new("any", String::from_utf8_lossy(&bytes));
        look_at(&source, parse_yaml(&source))?;
        look_at(&source, parse_edn(&source))?;
    }

    #[test]
    fn what_json_can_say_yaml_reads(texts in proptest::collection::vec("\\PC{0,20}", 0..6)) {
        let value = serde_json::json!({ "texts": texts });
        let source = Source::new("any.json", value.to_string());
        let tree = parse_yaml(&source);
        prop_assert_eq!(tree.map(|tree| tree.to_json()).ok(), Some(value));
    }

    #[test]
    fn a_letter_of_a_quoted_text_is_found_where_it_was_written(text in "[a-z'\"\\\\ äß\u{1f600}]{1,20}") {
        let double = serde_json::json!(text).to_string();
        let single = format!("'{}'", text.replace('\'', "''"));
        for written in [double, single] {
            let source = Source::new("any", written);
            let Ok(node) = parse_yaml(&source) else { return Err(TestCaseError::fail("not read")) };
            for (at, letter) in text.char_indices() {
                let place = node.place_within(at..at + letter.len_utf8());
                let raw = place.raw();
                let escaped = matches!(letter, '"' | '\\' | '\'');
                prop_assert!(raw.ends_with(letter) && (escaped || raw.chars().count() == 1), "{raw}");
            }
        }
    }
}
