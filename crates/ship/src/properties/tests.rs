//! What a section's properties mean, and what is said about those that mean nothing.

use std::time::Duration;

use sockeye_core::{Place, Source};

use super::*;

const KEYS: &[Key] = &[
    Key::new("flag", Kind::Bool, Some("off"), "a flag"),
    Key::new("wait", Kind::Time, Some("1m"), "a time"),
    Key::new("room", Kind::Size, Some("32k"), "a size"),
    Key::new(
        "format",
        Kind::Choice(&["json", "none"]),
        Some("json"),
        "a word",
    ),
    Key::new("header", Kind::Texts, None, "several"),
    Key::new("path", Kind::Text, None, "a text"),
];

fn section(lines: &[(&str, &str)]) -> Section {
    let mut section = Section::new("tcp", Place::new(&Source::new("t", "tcp"), 0..3));
    for (key, value) in lines {
        let source = Source::new("t", format!("{key} {value}"));
        section.properties.push(Property {
            key: (*key).to_owned(),
            value: (*value).to_owned(),
            place: Place::new(&source, key.len() + 1..source.text().len()),
            key_place: Place::new(&source, 0..key.len()),
        });
    }
    section
}

fn mistake(lines: &[(&str, &str)]) -> String {
    let section = section(lines);
    let mistakes = Properties::read(&section, &[KEYS]).unwrap_err();
    let drawn = mistakes.draw(false, 100);
    let first = mistakes.iter().next().unwrap();
    format!("{first}\n{drawn}")
}

#[test]
fn defaults_are_read_like_values() {
    let section = section(&[]);
    let properties = Properties::read(&section, &[KEYS]).unwrap();
    assert!(!properties.flag("flag"));
    assert_eq!(properties.time("wait"), Some(Duration::from_mins(1)));
    assert_eq!(properties.size("room"), Some(32_000));
    assert_eq!(properties.choice("format"), Some("json"));
    assert_eq!(properties.text("path"), None);
    assert!(properties.need("path").is_err());
}

#[test]
fn values_are_typed() {
    let section = section(&[
        ("flag", "Yes"),
        ("wait", "1.5"),
        ("room", "5MB"),
        ("format", "NONE"),
        ("header", "a 1"),
        ("header", "b 2"),
    ]);
    let properties = Properties::read(&section, &[KEYS]).unwrap();
    assert!(properties.flag("flag"));
    assert_eq!(properties.time("wait"), Some(Duration::from_millis(1500)));
    assert_eq!(properties.size("room"), Some(5_000_000));
    assert_eq!(properties.choice("format"), Some("none"));
    let headers: Vec<&str> = properties
        .texts("header")
        .map(|property| property.value.as_str())
        .collect();
    assert_eq!(headers, ["a 1", "b 2"]);
}

#[test]
fn what_is_neither_on_nor_off_is_refused() {
    assert!(
        mistake(&[("flag", "maybe")]).starts_with("t:1:6: `flag` must be on or off, not `maybe`")
    );
}

#[test]
fn an_unknown_key_names_the_nearest() {
    let said = mistake(&[("formt", "json")]);
    assert!(
        said.starts_with("t:1:1: unknown property `formt` in tcp"),
        "{said}"
    );
    assert!(said.contains("did you mean `format`?"), "{said}");
}

#[test]
fn a_key_is_there_once_unless_it_may_repeat() {
    let said = mistake(&[("path", "a"), ("path", "b")]);
    assert!(said.contains("`path` is there twice in tcp"), "{said}");
}

#[test]
fn times_and_sizes_that_are_none() {
    for text in ["", "x", "-1", "5y", "1e3", "99999999999999999999", "1.2.3"] {
        assert_eq!(time(text), None, "{text}");
    }
    for text in ["", "k", "-1", "5x", "99999999999999999999G"] {
        assert_eq!(size(text), None, "{text}");
    }
    assert_eq!(time("250ms"), Some(Duration::from_millis(250)));
    assert_eq!(size("2G"), Some(2_000_000_000));
}
