//! Every filter.

use serde_json::{Value, json};
use sockeye_script::template::{Dialect, filters};

use crate::world::{mockforge, moclojer, try_text};

/// One case: the filters behind `message.v`, the value, and the text they give.
type Case = (&'static str, Value, &'static str);

fn cases() -> Vec<Case> {
    [numbers(), texts(), formats(), presence(), lists()].concat()
}

fn numbers() -> Vec<Case> {
    vec![
        ("add:2", json!(3), "5"),
        ("add:2:1.5", json!("3"), "6.5"),
        ("add:b:c", json!("a"), "abc"),
        ("add:2", json!("a"), "a2"),
        ("multiply:3", json!(4), "12"),
        ("divide:2", json!(7), "3.5"),
        ("divide:2", json!(8), "4"),
        ("round", json!(2.5), "3"),
        ("round", json!(-2.5), "-2"),
        ("round", json!(7), "7"),
        ("between?:5:1", json!(3), "true"),
        ("between?:1:5", json!(6), "false"),
        ("get-digit:1", json!(123), "3"),
        ("get-digit:3", json!(123), "1"),
        ("get-digit:9", json!(123), "123"),
        ("pluralize", json!(1), ""),
        ("pluralize", json!(2), "s"),
        ("pluralize:es", json!(["a", "b"]), "es"),
        ("pluralize:y:ies", json!(1), "y"),
        ("pluralize:y:ies", json!(0), "ies"),
    ]
}

fn formats() -> Vec<Case> {
    vec![
        ("double-format", json!(2.71911), "2.7"),
        ("double-format:3", json!("2.71911"), "2.719"),
        ("number-format:%.2f", json!(2.71911), "2.72"),
        ("number-format:%05d", json!(-42), "-0042"),
        ("number-format:%,d", json!(1_234_567), "1,234,567"),
        ("number-format:\"<%6.1f>\"", json!(2.25), "<   2.2>"),
        ("number-format:%-4dx", json!(7), "7   x"),
        ("number-format:%+d", json!(7), "+7"),
        ("number-format:%x", json!(255), "ff"),
        ("number-format:%s", json!(2.5), "2.5"),
        ("currency-format", json!(1234.5), "$1,234.50"),
        ("currency-format", json!(-0.5), "-$0.50"),
        ("currency-format:pt:BR", json!(1234.5), "R$\u{a0}1.234,50"),
        ("currency-format:de", json!(1234.5), "1.234,50\u{a0}€"),
        (
            "date:yyyy-MM-dd",
            json!("2025-03-20T23:59:00-03:00"),
            "2025-03-21",
        ),
        (
            "date:\"HH:mm 'on' d MMM\"",
            json!("2025-03-20T10:05:00Z"),
            "10:05 on 20 Mar",
        ),
        ("date:yyyy", json!(1_705_314_600_123_i64), "2024"),
        ("date:shortDate", json!("2025-03-20"), "3/20/25"),
        (
            "date:mediumTime:en",
            json!("2025-03-20T15:04:05"),
            "3:04:05 PM",
        ),
        ("hash:md5", json!("abc"), "900150983cd24fb0d6963f7d28e17f72"),
        (
            "hash:sha",
            json!("abc"),
            "a9993e364706816aba3e25717850c26c9cd0d89d",
        ),
        ("hash:sha256|subs:0:8", json!("abc"), "ba7816bf"),
        ("hash:sha384|count", json!("abc"), "96"),
        ("hash:sha512|count", json!("abc"), "128"),
        (
            "email",
            json!("a@b.org"),
            "<a href='mailto:a@b.org'>a@b.org</a>",
        ),
        (
            "email:false",
            json!("nobody"),
            "<a href='mailto:nobody'>nobody</a>",
        ),
        ("phone", json!("01 23"), "<a href='tel:01-23'>01 23</a>"),
        ("phone:44", json!("0123"), "<a href='tel:+44-123'>0123</a>"),
        ("phone:44:false", json!("0x"), "<a href='tel:+44-x'>0x</a>"),
    ]
}

fn texts() -> Vec<Case> {
    vec![
        ("upper", json!("aé"), "AÉ"),
        ("lower", json!("AÉ"), "aé"),
        ("capitalize", json!("hELLO wORLD"), "Hello world"),
        ("title", json!("hELLO wORLD"), "Hello World"),
        ("str", json!([1]), "[1]"),
        ("name", json!("key"), "key"),
        ("subs:1:3", json!("abcd"), "bc"),
        ("subs:0:2:...", json!("abcd"), "ab..."),
        ("subs:0:9:...", json!("abcd"), "abcd"),
        ("addslashes", json!("a\"b'c"), "a\\\"b\\'c"),
        ("center:7", json!("ab"), "   ab  "),
        ("center:1", json!("ab"), "ab"),
        ("replace:a:bb", json!("banana"), "bbbnbbnbb"),
        ("remove:an", json!("banana"), "b"),
        (
            "remove-tags:b:i",
            json!("<b>x</b><p>y</p><I class='c'>z</I> 1<2"),
            "x<p>y</p>z 1<2",
        ),
        ("linebreaks", json!("a\nb\n\nc"), "<p>a<br />b</p><p>c</p>"),
        ("linebreaks-br", json!("a\nb"), "a<br />b"),
        ("linenumbers", json!("a\nb"), "1. a\n2. b"),
        ("urlescape", json!("a b&é*"), "a+b%26%C3%A9*"),
        ("abbreviate:5", json!("abcdefgh"), "ab..."),
        ("abbreviate:8", json!("abcdefgh"), "abcdefgh"),
        ("abbreviate:7:5", json!("abcdefgh"), "ab..."),
        ("abbr-left|abbreviate:5", json!("abcdefgh"), "...gh"),
        (
            "abbr-middle|abbr-ellipsis:-|abbreviate:5",
            json!("abcdefgh"),
            "ab-gh",
        ),
        (
            "abbr-right|abbr-ellipsis:…|abbreviate:5",
            json!("abcdefgh"),
            "abcd…",
        ),
    ]
}

fn presence() -> Vec<Case> {
    vec![
        ("default:\"a\"", json!(null), "a"),
        ("default:a", json!(""), ""),
        ("default:a", json!(false), "false"),
        ("default:@message.other", json!(null), "looked up"),
        ("default-if-empty:a", json!([]), "a"),
        ("default-if-empty:a", json!(""), "a"),
        ("default-if-empty:a", json!("b"), "b"),
        ("empty?", json!([]), "true"),
        ("empty?", json!(0), "false"),
        ("not-empty", json!({}), ""),
        ("not-empty", json!([1]), "[1]"),
        ("safe", json!("<b>"), "<b>"),
        ("json", json!("a\"b"), "\"a\\\"b\""),
        ("json", json!(null), "null"),
    ]
}

fn lists() -> Vec<Case> {
    vec![
        ("first", json!([3, 1, 2]), "3"),
        ("first", json!("abc"), "a"),
        ("last", json!([3, 1, 2]), "2"),
        ("last", json!("abc"), "c"),
        ("take:2", json!([3, 1, 2]), "[3,1]"),
        ("take:2", json!("abc"), "ab"),
        ("drop:2", json!([3, 1, 2]), "[2]"),
        ("drop-last:2", json!([3, 1, 2]), "[3]"),
        ("rand-nth", json!([7, 7]), "7"),
        ("rand-nth", json!([]), ""),
        ("join:\", \"", json!(["a", 1, null]), "a, 1, "),
        ("join", json!(["a", "b"]), "ab"),
        (
            "sort",
            json!([3, "b", 1.5, "a", null]),
            "[null,1.5,3,\"a\",\"b\"]",
        ),
        ("sort-reversed", json!([1, 3, 2]), "[3,2,1]"),
        ("sort-by:n|first", json!([{"n": 2}, {"n": 1}]), "{\"n\":1}"),
        (
            "sort-by-reversed:n|first",
            json!([{"n": 1}, {"n": 2}]),
            "{\"n\":2}",
        ),
        ("range", json!(3), "[0,1,2]"),
        ("range:5", json!(3), "[3,4]"),
        ("range:0:-2", json!(5), "[5,3,1]"),
        ("count", json!([1, 2]), "2"),
        ("count", json!(null), "0"),
        ("length", json!("äb"), "2"),
        ("length", json!({"a": 1}), "1"),
        ("count-is:2", json!([1, 2]), "true"),
        ("length-is:3", json!([1, 2]), "false"),
    ]
}

#[test]
fn every_case_gives_its_text_in_both_dialects() {
    for (filter, value, expected) in cases() {
        let message = json!({"v": value, "other": "looked up"});
        let text = format!("<{{{{message.v|{filter}}}}}>");
        assert_eq!(
            moclojer(&text, message.clone()),
            format!("<{expected}>"),
            "{filter}"
        );
        assert_eq!(
            mockforge(&text, message),
            format!("<{expected}>"),
            "{filter}"
        );
    }
}

#[test]
fn every_filter_of_the_table_has_a_case() {
    let tested: Vec<&str> = cases()
        .iter()
        .flat_map(|(filter, _, _)| filter.split('|'))
        .filter_map(|filter| filter.split(':').next())
        .collect();
    let untested: Vec<_> = filters()
        .map(|filter| filter.name)
        .filter(|name| !tested.contains(name))
        .collect();
    assert!(untested.is_empty(), "{untested:?}");
}

#[test]
fn missing_values_pass_through() {
    for filter in [
        "upper",
        "multiply:2",
        "round",
        "first",
        "take:1",
        "sort",
        "date:yyyy",
        "double-format",
        "replace:a:b",
        "email",
    ] {
        assert_eq!(
            moclojer(&format!("<{{{{message.no|{filter}}}}}>"), json!({})),
            "<>",
            "{filter}"
        );
    }
}

#[test]
fn filters_chain_with_blanks_around() {
    assert_eq!(
        moclojer(
            "{{ message.v | lower | capitalize }}",
            json!({"v": "HELLO"})
        ),
        "Hello"
    );
    assert_eq!(moclojer("{{\"a|b\"|upper}}", json!({})), "A|B");
}

#[test]
fn values_that_do_not_fit_are_errors_with_filter_and_value() {
    let table = [
        ("first", json!(5), "filter `first`: 5 is not a list"),
        ("join", json!("a"), "filter `join`: \"a\" is not a list"),
        (
            "multiply:2",
            json!("a"),
            "filter `multiply`: \"a\" is not a number",
        ),
        ("divide:0", json!(1), "filter `divide`: division by zero"),
        (
            "date:yyyy",
            json!("soon"),
            "filter `date`: \"soon\" is not a date",
        ),
        (
            "email",
            json!("a@b"),
            "filter `email`: \"a@b\" is not a mail address",
        ),
        (
            "phone",
            json!("x"),
            "filter `phone`: \"x\" is not a telephone number",
        ),
        (
            "range",
            json!(1e15),
            "filter `range`: the list has more than 10000 numbers",
        ),
        ("range:1:0", json!(1), "filter `range`: the step is 0"),
        (
            "abbreviate:2",
            json!("abc"),
            "filter `abbreviate`: the ellipsis is longer than the width of 2",
        ),
        (
            "abbreviate:2:3",
            json!("abc"),
            "filter `abbreviate`: the longest text of 2 is shorter than the width of 3",
        ),
        ("count", json!(true), "filter `count`: true is not a list"),
    ];
    for (filter, value, expected) in table {
        let text = format!("{{{{message.v|{filter}}}}}");
        let error = try_text(&text, Dialect::Moclojer, json!({"v": value})).unwrap_err();
        assert_eq!(error.to_string(), expected, "{filter}");
    }
}
