//! Parsers: the captures' lines, and tables of times and types.

use sockeye_ship::format::{Kind, Settings};
use sockeye_ship::parser::{Parsers, Pattern, StampFormat};
use sockeye_ship::record::{RecordWriter, Time};

use crate::filters::section;

const NOW: Time = Time {
    seconds: 1_700_000_000,
    nanos: 0,
};

/// The record that a parser makes of a line, as JSON with its time as `t`; `None` if it cannot read it.
fn parsed(parser: &str, line: &str) -> Option<String> {
    let parsers = Parsers::build(&[section("p", parser)]).unwrap();
    let mut pairs = Vec::new();
    let parsed = parsers
        .get("p")
        .unwrap()
        .parse(line.as_bytes(), NOW, &mut pairs);
    let Some(parsed) = parsed else {
        assert!(pairs.is_empty());
        return None;
    };
    let mut record = Vec::new();
    let time = parsed.time.unwrap_or(Time::new(0, 0));
    let mut writer = RecordWriter::new(&mut record, time);
    writer.pairs(parsed.pairs, &pairs);
    writer.finish();
    let settings = Settings {
        kind: Kind::JsonStream,
        date_key: parsed.time.map(|_| "t".to_owned()),
        ..Settings::default()
    };
    let mut json = Vec::new();
    let encoded = settings.build().encode(&record, &mut json);
    assert_eq!(encoded.refused, 0);
    Some(String::from_utf8(json).unwrap())
}

#[test]
fn lines_of_the_captures() {
    let json = "Format json\nTime_Key time\nTime_Format %Y-%m-%dT%H:%M:%S.%L%z";
    let regex = "Format regex\nRegex ^(?<ip>[^ ]*) (?<code>\\d+) (?<rest>.*)$\nTypes code:integer";
    let table = [
        (
            json,
            r#"{"time":"2023-11-14T22:13:20.123+00:00","a":1}"#,
            Some(r#"{"t":1700000000.123,"a":1}"#),
        ),
        (
            json,
            r#"{"a":2,"s":"\u00e9"}"#,
            Some(r#"{"a":2,"s":"\u00e9"}"#),
        ),
        (json, "not json", None),
        (
            regex,
            "1.2.3.4 200 GET /",
            Some(r#"{"ip":"1.2.3.4","code":200,"rest":"GET /"}"#),
        ),
        (regex, "nomatch", None),
        (
            "Format logfmt",
            r#"level=info msg="hello \"w\"" n=1 flag"#,
            Some(r#"{"level":"info","msg":"hello \"w\"","n":"1","flag":true}"#),
        ),
    ];
    for (parser, line, expected) in table {
        assert_eq!(parsed(parser, line).as_deref(), expected, "{line}");
    }
}

/// `\<` is a letter to Ruby and to everybody's parsers of syslog.
#[test]
fn the_reference_s_own_parsers_of_syslog() {
    let rfc5424 = concat!(
        "Format regex\nRegex ^\\<(?<pri>[0-9]{1,5})\\>1 (?<time>[^ ]+) (?<host>[^ ]+) (?<ident>[^ ]+) ",
        "(?<pid>[-0-9]+) (?<msgid>[^ ]+) (?<extradata>(\\[(.*?)\\]|-)) (?<message>.+)$\n",
        "Time_Key time\nTime_Format %Y-%m-%dT%H:%M:%S.%L%z\nTime_Keep On"
    );
    let line = "<34>1 2023-11-14T22:13:20.003Z host.example su 77 ID47 - su root failed";
    let expected = concat!(
        r#"{"t":1700000000.003,"pri":"34","time":"2023-11-14T22:13:20.003Z","host":"host.example","ident":"su","#,
        r#""pid":"77","msgid":"ID47","extradata":"-","message":"su root failed"}"#
    );
    assert_eq!(parsed(rfc5424, line).as_deref(), Some(expected));
    let local = concat!(
        "Format regex\nRegex ^\\<(?<pri>[0-9]+)\\>(?<time>[^ ]* {1,2}[^ ]* [^ ]*) (?<ident>[a-zA-Z0-9_\\/\\.\\-]*)",
        "(?:\\[(?<pid>[0-9]+)\\])?(?:[^\\:]*\\:)? *(?<message>.*)$"
    );
    let line = "<13>Nov 14 22:13:20 cron/a.b-c[12]: done";
    let expected =
        r#"{"pri":"13","time":"Nov 14 22:13:20","ident":"cron/a.b-c","pid":"12","message":"done"}"#;
    assert_eq!(parsed(local, line).as_deref(), Some(expected));
}

#[test]
fn the_time_s_key_goes_or_stays_and_a_time_that_cannot_be_read_stays() {
    let json = "Format json\nTime_Key ts\nTime_Format %s";
    let keep = &format!("{json}\nTime_Keep on");
    let table = [
        (
            json,
            r#"{"ts":"1600000000","a":1}"#,
            r#"{"t":1600000000.0,"a":1}"#,
        ),
        (
            json,
            r#"{"ts":1600000000,"a":1}"#,
            r#"{"t":1600000000.0,"a":1}"#,
        ),
        (
            json,
            r#"{"a":1,"ts":1600000000.5}"#,
            r#"{"t":1600000000.5,"a":1}"#,
        ),
        (
            keep,
            r#"{"ts":"1600000000","a":1}"#,
            r#"{"t":1600000000.0,"ts":"1600000000","a":1}"#,
        ),
        (json, r#"{"ts":"soon","a":1}"#, r#"{"ts":"soon","a":1}"#),
        (
            "Format logfmt\nTime_Format %s",
            "time=1600000000 a=b",
            r#"{"t":1600000000.0,"a":"b"}"#,
        ),
        (
            "Format ltsv\nTime_Key t0\nTime_Format %s",
            "a:b\tt0:1600000000\tc:d:e",
            r#"{"t":1600000000.0,"a":"b","c":"d:e"}"#,
        ),
    ];
    for (parser, line, expected) in table {
        assert_eq!(parsed(parser, line).as_deref(), Some(expected), "{line}");
    }
}

#[test]
fn texts_that_are_no_whole_object_are_not_read() {
    for text in [
        "",
        "{",
        "[1]",
        "1",
        r#"{"a":1} x"#,
        r#"{"a":1}{"b":2}"#,
        "{\"a\":\"\n\"}",
    ] {
        assert_eq!(parsed("Format json", text), None, "{text}");
    }
    assert_eq!(
        parsed("Format json", " {\"a\":012} \n").as_deref(),
        Some(r#"{"a":12}"#)
    );
    assert_eq!(parsed("Format json", "{}").as_deref(), Some("{}"));
}

#[test]
fn values_get_their_types() {
    let parser = "Format logfmt\nTypes i:integer f:float b:bool h:hex s:string";
    let table = [
        ("i=42", r#"{"i":42}"#),
        ("i=-7x", r#"{"i":-7}"#),
        ("i=-", r#"{"i":0}"#),
        ("i=99999999999999999999", r#"{"i":9223372036854775807}"#),
        ("f=1.5", r#"{"f":1.5}"#),
        ("f=1.5-2", r#"{"f":1.5}"#),
        ("f=x", r#"{"f":0.0}"#),
        ("b=TRUE", r#"{"b":true}"#),
        ("b=false", r#"{"b":false}"#),
        ("b=maybe", r#"{"b":"maybe"}"#),
        ("h=0xff", r#"{"h":255}"#),
        ("h=1F", r#"{"h":31}"#),
        ("s=1", r#"{"s":"1"}"#),
    ];
    for (line, expected) in table {
        assert_eq!(parsed(parser, line).as_deref(), Some(expected), "{line}");
    }
}

#[test]
fn logfmt_reads_what_is_not_tidy() {
    let table = [
        (r#"a= b="" c="x"#, r#"{"a":true,"b":"","c":"x"}"#),
        (r#"  = "" a=1 "#, r#"{"a":"1"}"#),
        (
            r#"a="\n\t\u00e9\ud83d\ude00\\""#,
            r#"{"a":"\n\t\u00e9\ud83d\ude00\\"}"#,
        ),
        ("a=b\r\nc=d", r#"{"a":"b"}"#),
    ];
    for (line, expected) in table {
        assert_eq!(
            parsed("Format logfmt", line).as_deref(),
            Some(expected),
            "{line}"
        );
    }
    assert_eq!(
        parsed("Format logfmt\nLogfmt_no_bare_keys on", "a=1 b"),
        None
    );
    assert_eq!(parsed("Format logfmt", " = "), None);
}

#[test]
fn empty_groups_are_left_out_or_kept() {
    let regex = "Format regex\nRegex ^(?<a>.*?):(?<b>.*)$";
    assert_eq!(parsed(regex, ":x").as_deref(), Some(r#"{"b":"x"}"#));
    let keep = format!("{regex}\nSkip_Empty_Values off");
    assert_eq!(parsed(&keep, ":x").as_deref(), Some(r#"{"a":"","b":"x"}"#));
}

#[test]
fn regular_expressions_are_ruby_s() {
    let names = |text: &str| {
        Pattern::new(text)
            .unwrap()
            .names()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(r"(?<@time>\d+) \(?<no> (?<x-y>a)(?<x-y>b)"),
        ["@time", "x-y", "x-y"]
    );
    assert_eq!(names("/^(?<a>x)/i"), ["a"]);
    assert!(Pattern::new("/ABC/i").unwrap().matches(b"xabcx"));
    assert!(Pattern::new("^b").unwrap().matches(b"a\nb"));
    assert!(Pattern::new("(?<!a)b").unwrap().matches(b"cb"));
    assert!(!Pattern::new("(?<!a)b").unwrap().matches(b"ab"));
    let quoted = Pattern::new(r"(?<q>['`])x\k<q>").unwrap();
    assert!(quoted.matches(b"'x'") && !quoted.matches(b"'x`"));
    assert!(Pattern::new("^.*(?<a>b)$").unwrap().matches(b"\xff\xffb"));
    assert!(Pattern::new("(").is_err());
}

#[test]
fn times_as_strptime_reads_them() {
    let table = [
        (
            "%Y-%m-%dT%H:%M:%S.%L%z",
            "2023-11-14T22:13:20.5+01:30",
            (1_699_994_600, 500_000_000),
        ),
        (
            "%Y-%m-%dT%H:%M:%S%z",
            "2023-11-14T22:13:20Z",
            (1_700_000_000, 0),
        ),
        (
            "%d/%b/%Y:%H:%M:%S %z",
            "14/Nov/2023:22:13:20 +0000",
            (1_700_000_000, 0),
        ),
        ("%b %d %H:%M:%S", "Nov 14 22:13:20", (1_700_000_000, 0)),
        ("%b %e %H:%M:%S", "Nov  4 22:13:20", (1_699_136_000, 0)),
        ("%H:%M:%S", "22:13:20", (1_700_000_000, 0)),
        (
            "%s.%L",
            "1700000000.123456789",
            (1_700_000_000, 123_456_789),
        ),
        ("%s", "-5", (-5, 0)),
        (
            "%a, %d %B %y %I:%M:%S %p",
            "Tue, 14 November 23 10:13:20 PM",
            (1_700_000_000, 0),
        ),
        (
            "%F %T,%L",
            "2023-11-14 22:13:20,001",
            (1_700_000_000, 1_000_000),
        ),
        ("%Y %j", "2023 318", (1_699_920_000, 0)),
        ("%D %R", "11/14/23 22:13", (1_699_999_980, 0)),
        (
            "%Y-%m-%d %H:%M:%S %Z",
            "2023-11-14 22:13:20 UTC",
            (1_700_000_000, 0),
        ),
        ("%Y", "1968", (-63_158_400, 0)),
    ];
    for (format, text, (seconds, nanos)) in table {
        let format = StampFormat::new(format, 0).unwrap();
        assert_eq!(
            format.read(text.as_bytes(), NOW),
            Some(Time::new(seconds, nanos)),
            "{text}"
        );
    }
    let offset = StampFormat::new("%H:%M:%S", 7200).unwrap();
    assert_eq!(offset.read(b"00:13:20", NOW), Some(NOW));
    let unread = [
        ("%Y", "year"),
        ("%m", "13"),
        ("%d", "0"),
        ("%S.%L", "1."),
        ("%H", "24"),
        ("%z", "+"),
        ("x", "y"),
        ("%b", "no"),
        ("%p", "x"),
    ];
    for (format, text) in unread {
        let read = StampFormat::new(format, 0)
            .unwrap()
            .read(text.as_bytes(), NOW);
        assert_eq!(read, None, "{format} {text}");
    }
}

#[test]
fn texts_within_are_read_once_more() {
    let line = r#"{"log":"{\"a\":1}\n","b":"x\\ty"}"#;
    let table = [
        ("Decode_Field_As json log", r#"{"log":{"a":1},"b":"x\\ty"}"#),
        (
            "Decode_Field json log",
            r#"{"log":"{\"a\":1}\n","b":"x\\ty","a":1}"#,
        ),
        (
            "Decode_Field_As escaped b",
            r#"{"log":"{\"a\":1}\n","b":"x\ty"}"#,
        ),
        (
            "Decode_Field_As json b try_next\nDecode_Field_As escaped_utf8 b",
            r#"{"log":"{\"a\":1}\n","b":"x\ty"}"#,
        ),
        (
            "Decode_Field_As json b\nDecode_Field_As escaped b",
            r#"{"log":"{\"a\":1}\n","b":"x\\ty"}"#,
        ),
        (
            "Decode_Field_As json none",
            r#"{"log":"{\"a\":1}\n","b":"x\\ty"}"#,
        ),
    ];
    for (decoders, expected) in table {
        let parser = format!("Format json\n{decoders}");
        assert_eq!(
            parsed(&parser, line).as_deref(),
            Some(expected),
            "{decoders}"
        );
    }
}

#[test]
fn mistakes_of_a_parser() {
    let mistake = |lines: &str| {
        Parsers::build(&[section("p", lines)])
            .unwrap_err()
            .draw(false, 100)
    };
    let table = [
        ("Regex x", "p needs `format`"),
        (
            "Format xml",
            "known here: `json`, `regex`, `logfmt`, `ltsv`",
        ),
        ("Format regex", "p needs `regex`"),
        (
            "Format regex\nRegex (?<a>[",
            "the regular expression cannot be read",
        ),
        ("Format regex\nRegex ^a$", "names no group"),
        (
            "Format json\nTime_Format %Q",
            "`%Q`, which is no conversion",
        ),
        ("Format json\nTime_Offset soon", "write it as `+0200`"),
        (
            "Format json\nTypes a:number",
            "`a:number` is no type of a key",
        ),
        (
            "Format json\nDecode_Field_As xml log",
            "unknown decoder `xml`",
        ),
        (
            "Format json\nDecode_Field json",
            "a decoder wants what the text is, and its key",
        ),
        ("Format json\nTime_Kee on", "did you mean `time_key`?"),
    ];
    for (lines, expected) in table {
        let drawn = mistake(lines);
        assert!(drawn.contains(expected), "{lines}:\n{drawn}");
    }
    let twice = [section("p", "Format json"), section("p", "Format ltsv")];
    assert!(
        Parsers::build(&twice)
            .unwrap_err()
            .draw(false, 100)
            .contains("a second parser `p`")
    );
}
