//! Mistakes pass through here to be drawn, printed in one line and written as JSON.

#![allow(clippy::unwrap_used, reason = "what is not there fails the test")]

use std::sync::Arc;

use sockeye_core::{Mistake, Mistakes, Place, Source, quoted};

fn source() -> Arc<Source> {
    Source::new(
        "mock.yaml",
        "- websocket:\n    path: /ws\n    on-message: []\n",
    )
}

fn place(text: &str) -> Place {
    let source = source();
    let start = source.text().find(text).unwrap();
    Place::new(&source, start..start + text.len())
}

fn drawn(mistake: Mistake) -> String {
    Mistakes::from(mistake).draw(false, 80)
}

#[test]
fn a_mistake_is_drawn_with_all_it_has() {
    let mistake = Mistake::at(&place("/ws"), "the path `/ws` is taken")
        .label("taken")
        .also(&place("websocket"), "by this endpoint")
        .remedy("choose another path")
        .page("docs/moclojer.md#path");
    let expected = "  × the path `/ws` is taken
   ╭─[mock.yaml:2:11]
 1 │ - websocket:
   ·   ────┬────
   ·       ╰── by this endpoint
 2 │     path: /ws
   ·           ─┬─
   ·            ╰── taken
 3 │     on-message: []
   ╰────
  help: choose another path
        see docs/moclojer.md#path
";
    assert_eq!(drawn(mistake), expected);
}

#[test]
fn a_mistake_without_a_place_is_drawn_without_a_box() {
    let mistake = Mistake::nowhere("there is no file `x`")
        .remedy("name one")
        .warning();
    assert_eq!(
        drawn(mistake),
        "  ⚠ there is no file `x`\n  help: name one\n"
    );
}

#[test]
fn a_second_place_in_another_file_is_named() {
    let other = Source::new("other.yaml", "x\npath: /ws\n");
    let second = Place::new(&other, 8..11);
    let mistake = Mistake::at(&place("/ws"), "the path `/ws` is taken").also(&second, "first here");
    let expected = "  × the path `/ws` is taken
   ╭─[mock.yaml:2:11]
 1 │ - websocket:
 2 │     path: /ws
   ·           ───
 3 │     on-message: []
   ╰────
  help: first here: other.yaml:2:7
";
    assert_eq!(drawn(mistake), expected);
}

#[test]
fn a_place_of_several_lines_is_drawn_by_its_first_one() {
    let mistake =
        Mistake::at(&place("path: /ws\n    on-message: []"), "too long").label("all of it");
    let expected = "  × too long
   ╭─[mock.yaml:2:5]
 1 │ - websocket:
 2 │     path: /ws
   ·     ────┬────
   ·         ╰── all of it
 3 │     on-message: []
   ╰────
";
    assert_eq!(drawn(mistake), expected);
}

#[test]
fn the_end_of_the_text_can_be_pointed_at() {
    let source = source();
    let end = Place::new(&source, source.text().len()..source.text().len());
    let expected = "  × something is missing
   ╭─[mock.yaml:4:1]
 3 │     on-message: []
 4 │
   · ▲
   · ╰── here
   ╰────
";
    assert_eq!(
        drawn(Mistake::at(&end, "something is missing").label("here")),
        expected
    );
    let empty = Source::new("empty.yaml", "");
    let expected = "  × nothing is here
   ╭─[empty.yaml:1:1]
 1 │
   · ▲
   ╰────
";
    assert_eq!(
        drawn(Mistake::at(&Place::new(&empty, 0..9), "nothing is here")),
        expected
    );
}

#[test]
fn nothing_of_a_file_reaches_the_terminal_unescaped() {
    let hostile = Source::new("a\u{1b}[2J.yaml", "x: \u{1b}[31m\u{7}\u{202e}\rb\u{9b}\n");
    let mistake = Mistake::at(&Place::new(&hostile, 3..8), "bad \u{1b}[0m word\nhere")
        .label("a\u{8}b")
        .remedy("do \u{1b}c");
    let expected = "  × bad \\u{1b}[0m word\\nhere
   ╭─[a\\u{1b}[2J.yaml:1:4]
 1 │ x: \\u{1b}[31m\\u{7}\\u{202e}\\rb\\u{9b}
   ·    ─────┬────
   ·         ╰── a\\u{8}b
   ╰────
  help: do \\u{1b}c
";
    assert_eq!(
        mistake.to_string(),
        "a\\u{1b}[2J.yaml:1:4: bad \\u{1b}[0m word\\nhere"
    );
    assert_eq!(drawn(mistake), expected);
}

#[test]
fn colour_is_given_on_request_only() {
    let mistakes = Mistakes::from(Mistake::at(&place("/ws"), "no"));
    assert!(mistakes.draw(true, 80).contains("\u{1b}[31m×"));
    assert!(!mistakes.draw(false, 80).contains('\u{1b}'));
}

#[test]
fn a_narrow_terminal_gets_short_lines() {
    let long = Source::new("long.yaml", "x".repeat(500) + "wrong" + &"y".repeat(500));
    let message = "a sentence that is so long that it must be broken";
    let mistake = Mistake::at(&Place::new(&long, 500..505), message);
    let expected = "  × a sentence that is so long that it
  │ must be broken
   ╭─[long.yaml:1:501]
 1 │ …xxxxxxxxxxxxxxwrongyyyyyyyyyyyyyyyyyyyyy…
   ·                ─────
   ╰────
";
    assert_eq!(Mistakes::from(mistake).draw(false, 10), expected);
}

#[test]
fn errors_are_shown_before_warnings_and_the_rest_is_counted() {
    let mut mistakes = Mistakes::new();
    mistakes.push(Mistake::at(&place("path"), "odd").warning());
    assert!(!mistakes.has_errors());
    mistakes.extend((0..600).map(|number| Mistake::nowhere(format!("wrong {number}"))));
    assert!(mistakes.has_errors());
    assert_eq!(mistakes.len(), 601);
    let lines: Vec<String> = mistakes.to_string().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 21);
    assert_eq!(
        (lines[0].as_str(), lines[19].as_str()),
        ("wrong 0", "wrong 19")
    );
    assert_eq!(lines[20], "and 581 more");
    assert!(mistakes.draw(false, 80).ends_with("\n  and 581 more\n"));
    assert_eq!(mistakes.iter().count(), 501);
}

#[test]
fn warnings_alone_let_the_value_through() {
    let warning = Mistake::at(&place("path"), "odd").warning();
    assert_eq!(warning.to_string(), "mock.yaml:2:5: warning: odd");
    assert_eq!(Mistakes::from(warning).into_result(7), Ok(7));
    let error = Mistakes::from(Mistake::nowhere("wrong"));
    assert_eq!(error.clone().into_result(7), Err(error));
}

#[test]
fn mistakes_are_written_as_json() {
    let mistakes: Mistakes = [
        Mistake::at(&place("/ws"), "taken")
            .label("here")
            .remedy("move")
            .page("docs/x.md"),
        Mistake::nowhere("odd").warning(),
    ]
    .into_iter()
    .collect();
    let expected = serde_json::json!({
        "errors": 1,
        "warnings": 1,
        "mistakes": [
            {
                "severity": "error", "message": "taken", "file": "mock.yaml", "line": 2, "column": 11,
                "span": [23, 26], "label": "here", "remedy": "move", "page": "docs/x.md",
            },
            {
                "severity": "warning", "message": "odd", "file": null, "line": null, "column": null,
                "span": null, "label": "", "remedy": null, "page": null,
            },
        ],
    });
    assert_eq!(serde_json::to_value(&mistakes).unwrap(), expected);
}

#[test]
fn a_word_is_quoted_so_that_it_stays_in_its_line() {
    assert_eq!(quoted("path"), "`path`");
    assert_eq!(quoted("a`b"), "\"a`b\"");
    assert_eq!(quoted("a\nb\u{1b}"), "`a\\nb\\u{1b}`");
    assert_eq!(quoted(&"ä".repeat(61)), format!("`{}…`", "ä".repeat(60)));
    assert_eq!(quoted(&"ä".repeat(60)), format!("`{}`", "ä".repeat(60)));
}

#[test]
fn without_a_near_word_the_known_ones_are_named_if_they_are_few() {
    let known: Vec<String> = (0..21).map(|number| format!("field{number}")).collect();
    let some = |count: usize| {
        let words = known.iter().take(count).map(String::as_str);
        Mistake::nowhere("no").did_you_mean("zzzzzzzz", words)
    };
    assert_eq!(some(0), Mistake::nowhere("no"));
    assert_eq!(
        some(2),
        Mistake::nowhere("no").remedy("known here: `field0`, `field1`")
    );
    assert_eq!(some(21), Mistake::nowhere("no"));
}

#[test]
fn a_mistake_is_as_small_as_a_pointer() {
    assert_eq!(size_of::<Mistake>(), size_of::<usize>());
}
