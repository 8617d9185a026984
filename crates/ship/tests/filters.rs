//! Filters, each against what the reference makes of the same records.

use sockeye_core::{Place, Source};
use sockeye_ship::filter::{Filtered, build};
use sockeye_ship::format::{Compat, Kind, Settings};
use sockeye_ship::json::{Rules, append_value};
use sockeye_ship::parser::Parsers;
use sockeye_ship::plan::{Property, Section};
use sockeye_ship::record::{Time, append_record};

pub(crate) fn section(plugin: &str, lines: &str) -> Section {
    let mut section = Section::new(
        plugin,
        Place::new(&Source::new("t.conf", plugin), 0..plugin.len()),
    );
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (key, value) = line.split_once(' ').unwrap();
        let source = Source::new("t.conf", line);
        section.properties.push(Property {
            key: key.to_lowercase(),
            value: value.to_owned(),
            place: Place::new(&source, key.len() + 1..line.len()),
            key_place: Place::new(&source, 0..key.len()),
        });
    }
    section
}

fn records(bodies: &[&str]) -> Vec<u8> {
    let mut records = Vec::new();
    for json in bodies {
        let mut body = Vec::new();
        append_value(json.as_bytes(), Rules::STRICT, &mut body).unwrap();
        append_record(&mut records, Time::new(1_700_000_000, 0), &[0x80], &body);
    }
    records
}

/// The lines that are left, as JSON without a time, and what the filter says it did.
fn filtered(plugin: &str, lines: &str, bodies: &[&str]) -> (Vec<String>, Filtered) {
    filtered_with(&Parsers::default(), plugin, lines, bodies)
}

fn filtered_with(
    parsers: &Parsers,
    plugin: &str,
    lines: &str,
    bodies: &[&str],
) -> (Vec<String>, Filtered) {
    let mut filter = build(&section(plugin, lines), parsers).unwrap();
    let records = records(bodies);
    let mut out = Vec::new();
    let done = filter.apply("tag", &records, &mut out);
    if done == Filtered::Unchanged {
        assert!(out.is_empty());
        out = records;
    }
    let settings = Settings {
        kind: Kind::JsonLines,
        date_key: None,
        compat: Compat::FluentBit,
        ..Settings::default()
    };
    let mut json = Vec::new();
    settings.build().encode(&out, &mut json);
    let text = String::from_utf8(json).unwrap();
    (text.lines().map(str::to_owned).collect(), done)
}

fn mistake(plugin: &str, lines: &str) -> String {
    let mistakes = build(&section(plugin, lines), &Parsers::default()).unwrap_err();
    mistakes.draw(false, 100)
}

#[test]
fn three_in_a_row_as_in_the_capture() {
    let capture =
        include_str!("../../../conformance/fluentbit/cases/conf-classic-filter/frames.jsonl");
    assert!(capture.contains("7b2264617465223a313730303030303030302e302c226c6576656c22"));
    let (kept, _) = filtered(
        "grep",
        "Exclude level debug",
        &[
            r#"{"level":"info","msg":"x","n":1}"#,
            r#"{"level":"debug","msg":"y"}"#,
        ],
    );
    assert_eq!(kept, [r#"{"level":"info","msg":"x","n":1}"#]);
    let (kept, _) = filtered("modify", "Add host h1\nRename msg message", &[&kept[0]]);
    let (kept, _) = filtered(
        "record_modifier",
        "Record extra u\nRemove_key n",
        &[&kept[0]],
    );
    assert_eq!(
        kept,
        [r#"{"level":"info","message":"x","host":"h1","extra":"u"}"#]
    );
}

#[test]
fn grep_decides_by_its_rules() {
    let bodies = [
        r#"{"a":"x1","b":"y"}"#,
        r#"{"a":"z"}"#,
        r#"{"n":{"m":["q"]}}"#,
        r#"{"a":15}"#,
    ];
    let left = |lines: &str| -> Vec<usize> {
        let (kept, _) = filtered("grep", lines, &bodies);
        kept.iter()
            .map(|line| bodies.iter().position(|body| body == line).unwrap())
            .collect()
    };
    assert_eq!(left("Regex a ^x"), [0]);
    assert_eq!(left("Exclude a ^x"), [1, 2, 3]);
    assert_eq!(left("Regex $n['m'][0] ^q$"), [2]);
    assert_eq!(left("Regex a ^1.$"), [3]);
    assert_eq!(left("Regex a x\nRegex b y"), [0]);
    assert_eq!(left("Regex a z\nRegex b y\nLogical_op or"), [0, 1]);
    assert_eq!(left("Exclude a x\nExclude b y\nLogical_op and"), [1, 2, 3]);
    assert_eq!(left("Regex a x\nExclude b y"), Vec::<usize>::new());
    assert_eq!(
        filtered("grep", "Regex a .", &bodies[..2]).1,
        Filtered::Unchanged
    );
    assert_eq!(
        filtered("grep", "Regex a x", &bodies[..2]).1,
        Filtered::Changed { records: 1 }
    );
}

#[test]
fn modify_follows_its_rules_in_order() {
    let table = [
        ("Set a new", r#"{"a":1,"b":2}"#, r#"{"b":2,"a":"new"}"#),
        (
            "Set c new value",
            r#"{"a":1}"#,
            r#"{"a":1,"c":"new value"}"#,
        ),
        ("Add a new", r#"{"a":1}"#, r#"{"a":1}"#),
        ("Add c \"a b\"", r#"{"a":1}"#, r#"{"a":1,"c":"a b"}"#),
        ("Remove a", r#"{"a":1,"b":2}"#, r#"{"b":2}"#),
        (
            "Remove_wildcard Mem.*",
            r#"{"Mem.a":1,"Mem.b":2,"c":3}"#,
            r#"{"c":3}"#,
        ),
        ("Remove_regex ^a\\d$", r#"{"a1":1,"a":2}"#, r#"{"a":2}"#),
        ("Rename a c", r#"{"a":1,"b":2}"#, r#"{"c":1,"b":2}"#),
        ("Rename a b", r#"{"a":1,"b":2}"#, r#"{"a":1,"b":2}"#),
        ("Hard_rename a b", r#"{"a":1,"b":2}"#, r#"{"b":1}"#),
        ("Copy a c", r#"{"a":1,"b":2}"#, r#"{"a":1,"c":1,"b":2}"#),
        ("Copy a b", r#"{"a":1,"b":2}"#, r#"{"a":1,"b":2}"#),
        ("Hard_copy a b", r#"{"b":2,"a":1}"#, r#"{"a":1,"b":1}"#),
        (
            "Move_to_start b",
            r#"{"a":1,"b":2,"c":3}"#,
            r#"{"b":2,"a":1,"c":3}"#,
        ),
        (
            "Move_to_end a*",
            r#"{"a":1,"a2":2,"b":3}"#,
            r#"{"b":3,"a":1,"a2":2}"#,
        ),
        ("Rename a b\nRename b c", r#"{"a":1}"#, r#"{"c":1}"#),
    ];
    for (lines, before, after) in table {
        assert_eq!(filtered("modify", lines, &[before]).0, [after], "{lines}");
    }
}

#[test]
fn modify_asks_its_conditions_first() {
    let table = [
        (
            "Condition Key_exists a\nAdd x y",
            r#"{"a":1}"#,
            r#"{"a":1,"x":"y"}"#,
        ),
        (
            "Condition Key_exists b\nAdd x y",
            r#"{"a":1}"#,
            r#"{"a":1}"#,
        ),
        (
            "Condition Key_does_not_exist b\nAdd x y",
            r#"{"a":1}"#,
            r#"{"a":1,"x":"y"}"#,
        ),
        (
            "Condition A_key_matches ^a\nAdd x y",
            r#"{"ab":1}"#,
            r#"{"ab":1,"x":"y"}"#,
        ),
        (
            "Condition No_key_matches ^a\nAdd x y",
            r#"{"ab":1}"#,
            r#"{"ab":1}"#,
        ),
        (
            "Condition Key_value_equals a z\nAdd x y",
            r#"{"a":"z"}"#,
            r#"{"a":"z","x":"y"}"#,
        ),
        (
            "Condition Key_value_does_not_equal a z\nAdd x y",
            r#"{"a":"z"}"#,
            r#"{"a":"z"}"#,
        ),
        (
            "Condition Key_value_matches a ^z+$\nAdd x y",
            r#"{"a":"zz"}"#,
            r#"{"a":"zz","x":"y"}"#,
        ),
        (
            "Condition Key_value_does_not_match a q\nAdd x y",
            r#"{"b":1}"#,
            r#"{"b":1}"#,
        ),
        (
            "Condition Matching_keys_have_matching_values ^a ^z\nAdd x y",
            r#"{"a":"z","a2":"q"}"#,
            r#"{"a":"z","a2":"q"}"#,
        ),
        (
            "Condition Key_exists $n['m']\nAdd x y",
            r#"{"n":{"m":1}}"#,
            r#"{"n":{"m":1},"x":"y"}"#,
        ),
    ];
    for (lines, before, after) in table {
        assert_eq!(filtered("modify", lines, &[before]).0, [after], "{lines}");
    }
}

#[test]
fn record_modifier_adds_takes_away_and_keeps() {
    let body = r#"{"a":1,"b":2,"c":3}"#;
    let table = [
        (
            "Record x some text",
            r#"{"a":1,"b":2,"c":3,"x":"some text"}"#,
        ),
        ("Remove_key B\nRemove_key nothing", r#"{"a":1,"c":3}"#),
        ("Allowlist_key a\nWhitelist_key c", r#"{"a":1,"c":3}"#),
        ("Remove_key nothing", body),
    ];
    for (lines, after) in table {
        assert_eq!(
            filtered("record_modifier", lines, &[body]).0,
            [after],
            "{lines}"
        );
    }
}

#[test]
fn nest_puts_under_and_lifts_out() {
    let table = [
        (
            "Operation nest\nWildcard Mem.*\nNest_under Mem\nRemove_prefix Mem.",
            r#"{"Mem.total":1,"x":0,"Mem.used":2}"#,
            r#"{"x":0,"Mem":{"total":1,"used":2}}"#,
        ),
        (
            "Operation nest\nWildcard a\nWildcard b\nNest_under n\nAdd_prefix p_",
            r#"{"a":1,"b":2,"ab":3}"#,
            r#"{"ab":3,"n":{"p_a":1,"p_b":2}}"#,
        ),
        (
            "Operation nest\nWildcard q*\nNest_under n",
            r#"{"a":1}"#,
            r#"{"a":1}"#,
        ),
        (
            "Operation lift\nNested_under n\nAdd_prefix n_",
            r#"{"n":{"a":1,"b":2},"c":3}"#,
            r#"{"c":3,"n_a":1,"n_b":2}"#,
        ),
        (
            "Operation lift\nNested_under n",
            r#"{"n":"text"}"#,
            r#"{"n":"text"}"#,
        ),
    ];
    for (lines, before, after) in table {
        assert_eq!(filtered("nest", lines, &[before]).0, [after], "{lines}");
    }
}

#[test]
fn parser_puts_pairs_in_the_place_of_the_record() {
    let sections = [
        section("j", "Format json\nTime_Key t\nTime_Format %s"),
        section("kv", "Format logfmt"),
    ];
    let parsers = Parsers::build(&sections).unwrap();
    let body = r#"{"log":"{\"a\":1}","host":"h"}"#;
    let table = [
        ("Key_name log\nParser j", body, r#"{"a":1}"#),
        (
            "Key_name log\nParser j\nReserve_data on",
            body,
            r#"{"a":1,"host":"h"}"#,
        ),
        (
            "Key_name log\nParser j\nReserve_data on\nPreserve_key on",
            body,
            r#"{"a":1,"log":"{\"a\":1}","host":"h"}"#,
        ),
        (
            "Key_name log\nParser j\nParser kv",
            r#"{"log":"a=b"}"#,
            r#"{"a":"b"}"#,
        ),
        (
            "Key_name log\nParser j",
            r#"{"log":"no json"}"#,
            r#"{"log":"no json"}"#,
        ),
        ("Key_name log\nParser j", r#"{"other":1}"#, r#"{"other":1}"#),
    ];
    for (lines, before, after) in table {
        assert_eq!(
            filtered_with(&parsers, "parser", lines, &[before]).0,
            [after],
            "{lines}"
        );
    }
    let mut filter = build(&section("parser", "Key_name log\nParser j"), &parsers).unwrap();
    let mut out = Vec::new();
    filter.apply(
        "t",
        &records(&[r#"{"log":"{\"t\":\"1600000000\"}"}"#]),
        &mut out,
    );
    let event = sockeye_ship::record::Events::new(&out)
        .next()
        .unwrap()
        .unwrap();
    assert_eq!(event.time, Time::new(1_600_000_000, 0));
}

#[tokio::test(start_paused = true)]
async fn throttle_lets_the_average_of_its_window_pass() {
    let throttle = section("throttle", "Rate 2\nWindow 3\nInterval 1s");
    let mut filter = build(&throttle, &Parsers::default()).unwrap();
    let ten = records(&[r#"{"a":1}"#; 10]);
    let mut pass = || match filter.apply("t", &ten, &mut Vec::new()) {
        Filtered::Unchanged => 10,
        Filtered::Changed { records } => records,
    };
    assert_eq!(pass(), 6);
    assert_eq!(pass(), 0);
    tokio::time::advance(std::time::Duration::from_secs(2)).await;
    assert_eq!(pass(), 0);
    tokio::time::advance(std::time::Duration::from_secs(1)).await;
    assert_eq!(pass(), 6);
    tokio::time::advance(std::time::Duration::from_hours(1)).await;
    assert_eq!(pass(), 6);
}

#[test]
fn marks_of_groups_and_broken_records_pass() {
    let mut filter = build(&section("grep", "Regex a nothing"), &Parsers::default()).unwrap();
    let mut input = Vec::new();
    append_record(&mut input, Time::new(1, 0), &[0x80], &[0x80]);
    // The seconds of a mark, which no record of ours can have.
    input[4..8].copy_from_slice(&[0xff; 4]);
    append_record(&mut input, Time::new(1, 0), &[0x80], b"\x81\xa1a\x01");
    input.extend_from_slice(&[0x92, 0x92, 0xd7]);
    let mut out = Vec::new();
    assert_eq!(
        filter.apply("t", &input, &mut out),
        Filtered::Changed { records: 0 }
    );
    let record = 17;
    let expected = [&input[..record - 3], &input[input.len() - 3..]].concat();
    assert_eq!(out, expected);
}

#[test]
fn mistakes_say_what_to_do() {
    let table = [
        ("grep", "Regex level", "write `regex KEY PATTERN`"),
        (
            "grep",
            "Regex level (",
            "the regular expression of `regex` cannot be read",
        ),
        (
            "grep",
            "Regex a b\nExclude c d\nLogical_op and",
            "use two filters, one after the other",
        ),
        ("modify", "Rename a", "write `rename KEY VALUE`"),
        ("modify", "Remove a b", "`remove` wants one word"),
        (
            "modify",
            "Condition Key_exist a",
            "did you mean `key_exists`?",
        ),
        (
            "modify",
            "Condition Key_exists a b",
            "write `condition key_exists KEY`",
        ),
        ("modify", "Renam a b", "did you mean `rename`?"),
        ("nest", "Wildcard a", "nest needs `operation`"),
        ("nest", "Operation lift", "nest needs `nested_under`"),
        (
            "nest",
            "Operation nest\nNest_under n\nAdd_prefix a\nRemove_prefix b",
            "keep one of them",
        ),
        ("record_modifier", "Record a", "`record KEY VALUE`"),
        (
            "record_modifier",
            "Remove_key a\nAllowlist_key b",
            "keep one of them",
        ),
        (
            "parser",
            "Key_name a\nParser none",
            "no parser `none` is defined",
        ),
        ("throttle", "Rate 0", "a rate of 0 lets no record pass"),
        (
            "throttle",
            "Retain_Data on",
            "records over the rate are left out and not kept",
        ),
        ("grepp", "Regex a b", "did you mean `grep`?"),
    ];
    for (plugin, lines, expected) in table {
        let drawn = mistake(plugin, lines);
        assert!(drawn.contains(expected), "{plugin} {lines}:\n{drawn}");
    }
}
