//! Documents pass through here as users write them: notations, limits, files, and what places they get.

#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use sockeye_core::document::{MAX_BYTES, MAX_NODES, Node, NodeValue, parse_edn, parse_yaml, read};
use sockeye_core::{Mistakes, Place, Source};

fn yaml(text: &str) -> Result<Node, Mistakes> {
    parse_yaml(&Source::new("t.yaml", text))
}

fn edn(text: &str) -> Result<Node, Mistakes> {
    parse_edn(&Source::new("t.edn", text))
}

fn said(result: Result<Node, Mistakes>) -> String {
    result.unwrap_err().to_string()
}

#[test]
fn yaml_means_what_the_core_schema_says() {
    for (text, value) in [
        ("answer: no", json!({"answer": "no"})),
        (
            "[yes, no, on, off, y, n]",
            json!(["yes", "no", "on", "off", "y", "n"]),
        ),
        ("[true, False, null, ~, ]", json!([true, false, null, null])),
        (
            "[0x1f, 0o17, 017, 1.50, 1e3]",
            json!([31, 15, 17, 1.5, 1000.0]),
        ),
        (
            "[2025-03-20, 12:30:45, 1_000]",
            json!(["2025-03-20", "12:30:45", "1_000"]),
        ),
        ("[\"42\", '42', 42]", json!(["42", "42", 42])),
        ("18446744073709551615", json!(u64::MAX)),
        ("12345678901234567890123", json!(1.234_567_890_123_456_8e22)),
        ("[.inf, .nan]", json!([null, null])),
        (
            "404: a\ntrue: b\n~: c\n1.50: d",
            json!({"404": "a", "true": "b", "~": "c", "1.50": "d"}),
        ),
        ("!!str 12", json!("12")),
        ("! 12", json!("12")),
        ("!!float 1", json!(1.0)),
        ("!!int \"1\"", json!(1)),
        (
            "a: |\n  one\n   two\n\nb: >-\n  x\n  y\n",
            json!({"a": "one\n two\n", "b": "x y"}),
        ),
        ("? a\n: 1", json!({"a": 1})),
        ("{a, b: 1}", json!({"a": null, "b": 1})),
        ("\u{feff}a: 1", json!({"a": 1})),
        ("a: 1\r\nb: |\r\n  x\r\n", json!({"a": 1, "b": "x\n"})),
        ("---\na: 1\n...\n", json!({"a": 1})),
        ("null", Value::Null),
    ] {
        assert_eq!(yaml(text).unwrap().to_json(), value, "{text}");
    }
}

#[test]
fn json_is_read_as_yaml() {
    for (text, value) in [
        (
            "{\n\t\"a\": [1, 2.0, true, null],\n\t\"b\": \"\\u00e4\\/\\n\"\n}",
            json!({"a": [1, 2.0, true, null], "b": "ä/\n"}),
        ),
        ("{\"a\":\"\\ud83d\\ude00\"}", json!({"a": "😀"})),
        (
            "[{\"a\":{\"b\":1}},{\"a\":2}]",
            json!([{"a": {"b": 1}}, {"a": 2}]),
        ),
    ] {
        assert_eq!(yaml(text).unwrap().to_json(), value, "{text}");
    }
    let long = json!([{"k": {"deep": "x".repeat(5000)}, "list": vec!["y".repeat(50); 200]}]);
    assert_eq!(yaml(&long.to_string()).unwrap().to_json(), long);
}

#[test]
fn anchors_and_merge_keys_bring_in_what_they_name() {
    let text = "base: &b {x: 1, y: 2}\nmore: &m {y: 3, z: 4}\none:\n  <<: *b\n  x: 9\nboth:\n  <<: [*b, *m]\nsame: *b\nquoted: {\"<<\": 1}\n";
    let value = yaml(text).unwrap().to_json();
    assert_eq!(value["one"], json!({"x": 9, "y": 2}));
    assert_eq!(value["both"], json!({"x": 1, "y": 2, "z": 4}));
    assert_eq!(value["same"], json!({"x": 1, "y": 2}));
    assert_eq!(value["quoted"], json!({"<<": 1}));
}

#[test]
fn an_alias_stands_where_its_value_was_written() {
    let tree = yaml("a: &x [1]\nb: *x\n").unwrap();
    assert_eq!(tree.get("b").unwrap().place.to_string(), "t.yaml:1:7");
}

#[test]
fn every_value_and_key_knows_where_it_stands() {
    let text = "# head\nä:\n  - 'it''s' # c\n  - {k: \"v\"}\nb: |-\n  one\n  two\n\nc: x y # z\n";
    let tree = yaml(text).unwrap();
    let NodeValue::Map(entries) = &tree.value else {
        panic!("no map")
    };
    let keys: Vec<&str> = entries.iter().map(|(key, _)| key.place.raw()).collect();
    assert_eq!(keys, ["ä", "b", "c"]);
    let values: Vec<&str> = entries.iter().map(|(_, node)| node.place.raw()).collect();
    assert_eq!(
        values,
        ["- 'it''s' # c\n  - {k: \"v\"}", "|-\n  one\n  two", "x y"]
    );
    let NodeValue::Seq(items) = &entries[0].1.value else {
        panic!("no list")
    };
    assert_eq!(items[0].place.raw(), "'it''s'");
    assert_eq!(items[1].place.raw(), "{k: \"v\"}");
    assert_eq!(items[1].get("k").unwrap().place.to_string(), "t.yaml:4:9");
    assert_eq!(
        tree.place.raw(),
        text["# head\n".len()..].trim_end_matches(" # z\n")
    );
}

#[test]
fn an_alias_bomb_is_stopped_by_the_number_of_values() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = level - 1;
        let aliases = vec![format!("*a{before}"); 9].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{aliases}]").unwrap();
    }
    let said = said(yaml(&bomb));
    assert_eq!(
        said,
        "t.yaml:6:15: the document holds more than 250000 keys and values"
    );
}

#[test]
fn aliases_cannot_nest_deeper_than_lists_can() {
    let text = format!("a: &a {}1{}\nb: [[[*a]]]\n", "[".repeat(62), "]".repeat(62));
    assert_eq!(
        said(yaml(&text)),
        "t.yaml:2:7: lists and maps nest deeper than 64 levels"
    );
    let text = format!("a: &a {}1{}\nb: [*a]\n", "[".repeat(62), "]".repeat(62));
    assert!(yaml(&text).is_ok());
}

#[test]
fn what_nests_too_deep_is_refused() {
    let message = "lists and maps nest deeper than 64 levels";
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("[[", "")] {
        let text = open.repeat(100_000) + &close.repeat(100_000);
        let said = said(yaml(&text));
        assert!(
            said.starts_with("t.yaml:1:") && said.ends_with(message),
            "{said}"
        );
    }
    for open in ["[", "{:a ", "(", "#{", "#_", "#inst ", "#_["] {
        let said = said(edn(&open.repeat(100_000)));
        assert!(
            said.starts_with("t.edn:1:") && said.ends_with(message),
            "{said}"
        );
    }
    assert!(yaml(&("[".repeat(64) + &"]".repeat(64))).is_ok());
    assert!(edn(&("[".repeat(64) + &"]".repeat(64))).is_ok());
}

#[test]
fn as_many_values_as_allowed_are_read_and_one_more_is_not() {
    let list = |items: usize| "1,".repeat(items);
    assert!(yaml(&format!("[{}]", list(MAX_NODES - 1))).is_ok());
    assert!(edn(&format!("[{}]", list(MAX_NODES - 1))).is_ok());
    let message = "the document holds more than 250000 keys and values";
    assert!(said(yaml(&format!("[{}]", list(MAX_NODES)))).ends_with(message));
    assert!(said(edn(&format!("[{}]", list(MAX_NODES)))).ends_with(message));
}

#[test]
fn a_text_above_the_limit_is_refused() {
    let long = "#".repeat(MAX_BYTES + 1);
    assert_eq!(said(yaml(&long)), "`t.yaml` is larger than 4194304 bytes");
    assert_eq!(said(edn(&long)), "`t.edn` is larger than 4194304 bytes");
    let just = format!("a: 1\n{}", "#".repeat(MAX_BYTES - 5));
    assert!(yaml(&just).is_ok());
}

#[test]
fn many_keys_that_are_there_twice_are_counted_and_some_are_shown() {
    let text = "a: 1\n".repeat(20_001);
    let mistakes = yaml(&text).unwrap_err();
    assert_eq!(mistakes.len(), 20_000);
    assert!(mistakes.draw(false, 80).ends_with("\n  and 19980 more\n"));
}

#[test]
fn every_example_of_the_contracts_is_read() {
    for (blocks, count) in [
        (include_str!("contract/moclojer-websocket.yaml"), 2),
        (include_str!("contract/mockforge-websocket.yaml"), 18),
    ] {
        let blocks: Vec<&str> = blocks.split("---\n").collect();
        assert_eq!(blocks.len(), count);
        for block in blocks {
            let tree =
                yaml(block).unwrap_or_else(|mistakes| panic!("{}", mistakes.draw(false, 100)));
            assert!(matches!(tree.value, NodeValue::Map(_) | NodeValue::Seq(_)));
        }
    }
}

#[test]
fn edn_forms_become_values() {
    for (text, value) in [
        (
            "{:on-connect {:response \"hi\"}}",
            json!([{"on-connect": {"response": "hi"}}]),
        ),
        ("{:a 1} {:b 2}", json!([{"a": 1}, {"b": 2}])),
        ("[{:a 1}, {:b 2}]", json!([{"a": 1}, {"b": 2}])),
        ("[1] [2]", json!([[1], [2]])),
        (
            "{:ns/key :get, \"s\" sym, k 1, 4 5, nil 6}",
            json!([{"ns/key": "get", "s": "sym", "k": 1, "4": 5, "nil": 6}]),
        ),
        (
            "[42 -1 +7 0 10N -3N 017]",
            json!([42, -1, 7, 0, 10, -3, 17]),
        ),
        (
            "[1.5 -1.5e3 1.5M 2M 1e3]",
            json!([1.5, -1500.0, 1.5, 2.0, 1000.0]),
        ),
        ("[2r101 0x1F -16rff 36rZ]", json!([5, 31, -255, 35])),
        ("[nil true false ##Inf]", json!([null, true, false, null])),
        ("(1 2) #{3 4}", json!([[1, 2], [3, 4]])),
        (
            "[\"a\\tb\\\"\\\\\\n\\u00e4\\ud83d\\ude00/\\/\"]",
            json!(["a\tb\"\\\nä😀//"]),
        ),
        ("[\"two\nlines\"]", json!(["two\nlines"])),
        (
            "[\\a \\newline \\space \\tab \\u00e4 \\( \\\" \\ä]",
            json!(["a", "\n", " ", "\t", "ä", "(", "\"", "ä"]),
        ),
        ("[1 ; two\n 2 #_ 3 #_ #_ 4 5 6]", json!([1, 2, 6])),
        (
            "[#inst \"2025-03-20\" #uuid {:a 1} #uuid #_ 1 \"u\"]",
            json!(["2025-03-20", {"a": 1}, "u"]),
        ),
        (
            "[a.b/c -x + - <= foo? *v* 'q]",
            json!(["a.b/c", "-x", "+", "-", "<=", "foo?", "*v*", "'q"]),
        ),
        ("{:a{:b[]}}", json!([{"a": {"b": []}}])),
        ("\u{feff}{:a 1}", json!([{"a": 1}])),
        ("[99999999999999999999N]", json!([1e20])),
    ] {
        let tree = edn(text).unwrap_or_else(|mistakes| panic!("{}", mistakes.draw(false, 100)));
        assert_eq!(tree.to_json(), value, "{text}");
    }
}

#[test]
fn edn_keys_and_values_know_where_they_stand() {
    let tree = edn("{:a \"x\"}\n{:bc [1 2]}").unwrap();
    let NodeValue::Seq(forms) = &tree.value else {
        panic!("no list")
    };
    let NodeValue::Map(entries) = &forms[1].value else {
        panic!("no map")
    };
    assert_eq!(entries[0].0.place.raw(), ":bc");
    assert_eq!(entries[0].1.place.raw(), "[1 2]");
    assert_eq!(entries[0].1.place.to_string(), "t.edn:2:6");
    assert_eq!(tree.place.raw(), "{:a \"x\"}\n{:bc [1 2]}");
}

/// A text as a file in a folder of its own, read.
fn read_as(name: &str, bytes: &[u8]) -> Result<Node, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let shown = format!("{}/", folder.path().display());
    read(&path).map_err(|mistakes| mistakes.draw(false, 200).replace(&shown, ""))
}

#[test]
fn the_ending_of_a_file_says_how_it_is_read() {
    for (name, text) in [
        ("a.yaml", "a: 1"),
        ("a.yml", "a: 1"),
        ("a.json", "{\"a\":1}"),
        ("a.conf", "a: 1"),
        ("a", "a: 1"),
    ] {
        assert_eq!(
            read_as(name, text.as_bytes()).unwrap().to_json(),
            json!({"a": 1}),
            "{name}"
        );
    }
    for name in ["a.edn", "a.EDN"] {
        assert_eq!(
            read_as(name, b"{:a 1}").unwrap().to_json(),
            json!([{"a": 1}]),
            "{name}"
        );
    }
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let long = vec![b'#'; 5 * 1024 * 1024];
    for (name, bytes, drawn) in [
        (
            "latin.yaml",
            &b"a: 1\nb: \xe4\n"[..],
            "  × `latin.yaml` is not UTF-8 text: byte 0xe4 in line 2\n  help: save the file as UTF-8\n",
        ),
        (
            "utf16.yaml",
            &b"\xff\xfea\0"[..],
            "  × `utf16.yaml` is not UTF-8 text: byte 0xff in line 1\n  help: save the file as UTF-8\n",
        ),
        (
            "big.yaml",
            &long[..],
            "  × `big.yaml` is larger than 4194304 bytes\n  help: split the file\n",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let drawn_here = relative(folder.path(), name);
        assert_eq!(drawn_here, drawn);
    }
}

/// What is drawn for `name` in `folder`, the folder left out of it.
fn relative(folder: &Path, name: &str) -> String {
    let mistakes = read(&folder.join(name)).unwrap_err();
    let message = mistakes.iter().next().unwrap();
    let shown = format!("{}/", folder.display());
    assert!(message.place().is_none());
    mistakes.draw(false, 400).replace(&shown, "")
}

#[test]
fn a_file_that_is_missing_is_looked_for_next_door() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("mock.yaml"), "a: 1").unwrap();
    std::fs::create_dir(folder.path().join("sub")).unwrap();
    assert_eq!(
        relative(folder.path(), "mok.yaml"),
        "  × there is no file `mok.yaml`\n  help: did you mean `mock.yaml`?\n"
    );
    assert_eq!(
        relative(folder.path(), "other.json"),
        "  × there is no file `other.json`\n"
    );
    assert_eq!(
        relative(folder.path(), "sub"),
        "  × `sub` is a folder, not a file\n  help: name a file in it\n"
    );
}

#[test]
fn a_place_of_the_decoded_text_is_found_in_the_file() {
    for (text, part, written) in [
        ("x: plain {{b}} text", "{{b}}", "{{b}}"),
        ("x: 'it''s {{b}}'", "{{b}}", "{{b}}"),
        ("x: 'it''s'", "'", "''"),
        ("x: \"a\\\"b {{c}}\"", "{{c}}", "{{c}}"),
        ("x: \"a\\\"b {{c}}\"", "\"b", "\\\"b"),
        ("x: \"\\u00e4 {{c}}\"", "{{c}}", "{{c}}"),
        ("x: \"\\ud83d\\ude00 {{c}}\"", "😀", "\\ud83d\\ude00"),
        (
            "x: \"\\x41\\U00000042 {{c}}\"",
            "B {{c}}",
            "\\U00000042 {{c}}",
        ),
        ("x: \"one\n  two {{c}}\"", "{{c}}", "{{c}}"),
        ("x: \"one\\\n  two {{c}}\"", "{{c}}", "{{c}}"),
        ("x: \"one\n\n\n  two\"", "two", "two"),
        ("x: one\n  two {{c}}", "{{c}}", "{{c}}"),
        ("x: one\r\n  two {{c}}", "{{c}}", "{{c}}"),
        ("x: |\n  one\n   two {{c}}\n", "{{c}}", "{{c}}"),
        ("x: |\n  one\n   two {{c}}\n", "e\n", "e"),
        ("x: |2-\n   one\n\n  two {{c}}\n", "{{c}}", "{{c}}"),
        ("x: | # why\n\n  one\n\n  {{c}}\n\n", "{{c}}", "{{c}}"),
        ("x: |\r\n  one\r\n  {{c}}\r\n", "{{c}}", "{{c}}"),
        ("x: >\n  one\n  two\n\n  three {{c}}\n", "{{c}}", "{{c}}"),
        ("x: >-\n  one\n\n    more {{c}}\n  end\n", "{{c}}", "{{c}}"),
        ("x: >-\n  one\n\n    more {{c}}\n  end\n", "end", "end"),
    ] {
        let tree = yaml(text).unwrap();
        let node = tree.get("x").unwrap();
        let decoded = node.text().unwrap();
        let at = decoded.find(part).unwrap();
        assert_eq!(
            node.place_within(at..at + part.len()).raw(),
            written,
            "{text:?}"
        );
    }
}

#[test]
fn a_place_of_a_decoded_edn_text_is_found_in_the_file() {
    for (text, part, written) in [
        ("[\"a\\tb {{c}}\"]", "{{c}}", "{{c}}"),
        ("[\"one\n  two {{c}}\"]", "two {{c}}", "two {{c}}"),
        ("[\"one\n\n\n  two\"]", "\n\n  two", "\n\n  two"),
    ] {
        let tree = edn(text).unwrap();
        let NodeValue::Seq(items) = &tree.value else {
            panic!("no list")
        };
        let at = items[0].text().unwrap().find(part).unwrap();
        assert_eq!(
            items[0].place_within(at..at + part.len()).raw(),
            written,
            "{text:?}"
        );
    }
}

#[test]
fn a_place_that_cannot_be_followed_is_the_whole_value() {
    let source = Source::new("t", "\"abc\"");
    let place = Place::new(&source, 0..5);
    assert_eq!(place.within("other", 1..2), place);
    assert_eq!(place.within("abc", 1..1).span(), 2..2);
    assert_eq!(place.within("abc", 2..99).span(), 3..4);
    let number = yaml("x: 12").unwrap();
    let number = number.get("x").unwrap();
    assert_eq!(number.place_within(0..1), number.place);
}
