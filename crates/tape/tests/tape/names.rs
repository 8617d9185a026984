//! Paths that are made of values: whatever the values are, the file lies below the folder.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use proptest::prelude::*;
use sockeye_tape::{
    Deck, IfTaken, Name, NameMistake, NameTemplate, RecordError, RecordOptions, Recorder, Spot,
};

use crate::lab::{Told, head};

const KNOWN: [&str; 3] = ["date", "connection.id", "path"];

fn filled(template: &str, value: &str) -> Name {
    let template = NameTemplate::parse(template, &KNOWN).expect("it works");
    template.fill(|_| value.to_owned())
}

fn shown(name: &Name) -> String {
    let mut parts = name.folders().to_vec();
    parts.push(name.file().to_owned());
    parts.join("/")
}

#[test]
fn values_are_reduced() {
    let reduced = [
        ("conn-7", "conn-7"),
        ("", "_"),
        (".", "_"),
        ("..", "_."),
        ("../../etc/passwd", "_._.._etc_passwd"),
        ("/ws?x=1", "_ws_x_1"),
        ("-rf", "_rf"),
        (".hidden", "_hidden"),
        ("a\0b\nc", "a_b_c"),
        ("ä", "_"),
        ("CON", "_CON"),
        ("nul.json", "_nul.json"),
        ("console", "console"),
    ];
    for (value, expected) in reduced {
        assert_eq!(shown(&filled("{{path}}", value)), expected, "{value:?}");
    }
    let long = filled("{{path}}", &"x".repeat(4096));
    assert_eq!(long.file(), "x".repeat(64));
}

#[test]
fn paths_are_folders_and_a_file() {
    let name = filled("./recordings//{{ date }}/./ws-{{connection.id}}.json", "v");
    assert_eq!(name.folders(), ["recordings", "v"]);
    assert_eq!(name.file(), "ws-v.json");
    let long = format!("{}/{{{{path}}}}.json", "ä".repeat(400));
    assert!(filled(&long, "v").folders()[0].len() <= 200);
    let literal = format!("{}.json", "x".repeat(400));
    let literal = filled(&literal, "");
    assert!(literal.file().len() <= 200 && literal.file().rsplit('.').next() == Some("json"));
}

#[test]
fn mistakes_have_a_place_and_words() {
    let mistakes = [
        ("a/{{date", 2, "`{{` has no `}}`"),
        (
            "a/{{ data }}",
            5,
            "there is no `data` in the path of a recording",
        ),
        (
            "/a",
            0,
            "the path of a recording stays below its folder: it has no `..` and does not begin with `/`",
        ),
        (
            "a/../b",
            2,
            "the path of a recording stays below its folder: it has no `..` and does not begin with `/`",
        ),
        (
            "a/",
            2,
            "the path of a recording ends with the name of a file",
        ),
        (
            "",
            0,
            "the path of a recording ends with the name of a file",
        ),
        (
            "a\0b",
            1,
            "the path of a recording has no control characters",
        ),
    ];
    for (text, at, words) in mistakes {
        let mistake = NameTemplate::parse(text, &KNOWN).unwrap_err();
        assert_eq!(
            (mistake.at(), mistake.to_string().as_str()),
            (at, words),
            "{text:?}"
        );
    }
    assert!(matches!(
        NameTemplate::parse("{{env.HOME}}", &KNOWN),
        Err(NameMistake::Unknown { .. })
    ));
}

fn create(base: &Path, name: Name) -> Result<Recorder, RecordError> {
    let deck = Deck::start().expect("it works");
    let (_told, watch) = Told::new();
    let options = RecordOptions {
        if_taken: IfTaken::Number,
        ..RecordOptions::default()
    };
    deck.create(Spot::below(base, name), head(), options, watch)
}

#[test]
fn links_are_not_followed() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let base = folder.path().join("base");
    fs::create_dir(&base).unwrap();
    symlink(outside.path(), base.join("link")).unwrap();
    let refused = create(&base, filled("link/a.json", ""))
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("is a link or not a folder; recordings are only written"),
        "{refused}"
    );
    // A file of that name is not written through either: neither as the draft nor as the result.
    symlink(outside.path().join("x"), base.join("a.json.part")).unwrap();
    symlink(outside.path().join("x"), base.join("a-2.json")).unwrap();
    drop(create(&base, filled("a.json", "")).unwrap());
    assert!(base.join("a-3.json").exists());
    fs::write(base.join("file"), "").unwrap();
    assert!(create(&base, filled("file/a.json", "")).is_err());
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, ..ProptestConfig::default() })]

    #[test]
    fn no_value_leads_out(value in ".{0,80}|(\\.|/|-|\\\\|\0|a){0,12}", literal in "[.a/ -]{0,6}") {
        let template = format!("{literal}{{{{date}}}}{literal}/{{{{path}}}}{literal}x");
        let Ok(template) = NameTemplate::parse(&template, &KNOWN) else { return Ok(()) };
        let name = template.fill(|_| value.clone());
        for part in name.folders().iter().map(String::as_str).chain([name.file()]) {
            prop_assert!(!part.is_empty() && part != "." && part != "..");
            prop_assert!(!part.contains(['/', '\0', '\n']) && part.len() <= 255);
        }
        prop_assert!(!Path::new(&shown(&name)).is_absolute());
    }
}
