//! Lines for parsers: each of the inputs is read by a parser of every format.

use std::sync::LazyLock;

use sockeye_core::{Place, Source};
use sockeye_ship::parser::{Parsers, Pattern, StampFormat};
use sockeye_ship::plan::{Property, Section};
use sockeye_ship::record::{Events, RecordWriter, Time};

const NOW: Time = Time {
    seconds: 1_700_000_000,
    nanos: 0,
};

/// A parser of every format, with times and types.
const PARSERS: [&str; 9] = [
    "Format json\nTime_Key time\nTime_Format %Y-%m-%dT%H:%M:%S.%L%z",
    "Format json\nTime_Key ts\nTime_Format %s.%L\nTime_Keep on",
    r#"Format regex
       Regex ^(?<ip>[^ ]*) [^ ]* (?<user>[^ ]*) \[(?<time>[^\]]*)\] "(?<method>\S+)(?: +(?<path>[^\"]*?)(?: +\S*)?)?" (?<code>[^ ]*) (?<size>[^ ]*)$
       Time_Key time
       Time_Format %d/%b/%Y:%H:%M:%S %z
       Types code:integer size:float"#,
    r"Format regex
       Regex ^\<(?<pri>[0-9]{1,5})\>1 (?<time>[^ ]+) (?<host>[^ ]+) (?<ident>[^ ]+) (?<pid>[-0-9]+) (?<msgid>[^ ]+) (?<extradata>(\[(.*?)\]|-)) (?<message>.+)$
       Time_Key time
       Time_Format %Y-%m-%dT%H:%M:%S.%L%z",
    r"Format regex
       Regex ^\<(?<pri>[0-9]+)\>(?<time>[^ ]* {1,2}[^ ]* [^ ]*) (?<host>[^ ]*) (?<ident>[a-zA-Z0-9_\/\.\-]*)(?:\[(?<pid>[0-9]+)\])?(?:[^\:]*\:)? *(?<message>.*)$
       Time_Key time
       Time_Format %b %d %H:%M:%S",
    "Format logfmt\nTypes n:integer b:bool h:hex f:float",
    "Format logfmt\nLogfmt_No_Bare_Keys true",
    "Format ltsv\nTime_Key time\nTime_Format %H:%M:%S\nTypes size:integer",
    "Format json\nDecode_Field_As escaped log\nDecode_Field json log",
];

static READY: LazyLock<Parsers> = LazyLock::new(|| {
    let named = PARSERS.iter().zip(0..);
    let sections: Vec<_> = named
        .map(|(keys, number)| section(&number.to_string(), keys))
        .collect();
    Parsers::build(&sections).expect("parsers")
});

fn section(name: &str, lines: &str) -> Section {
    let source = Source::new("t.conf", name);
    let mut section = Section::new(name, Place::new(&source, 0..name.len()));
    for line in lines.lines().map(str::trim) {
        let (key, value) = line.split_once(' ').expect("key and value");
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

/// The whole input is a line; its first line also a pattern and a form of times.
pub(crate) fn parsed(input: &[u8]) -> String {
    let mut found = String::new();
    for number in 0..PARSERS.len() {
        let parser = READY.get(&number.to_string()).expect("it is there");
        let mut pairs = Vec::new();
        let Some(parsed) = parser.parse(input, NOW, &mut pairs) else {
            assert!(pairs.is_empty(), "nothing is left over");
            continue;
        };
        assert!(
            pairs.len() <= 10 * input.len() + 1024,
            "memory follows the bytes"
        );
        let mut record = Vec::new();
        let mut writer = RecordWriter::new(&mut record, parsed.time.unwrap_or(NOW));
        writer.pairs(parsed.pairs, &pairs);
        writer.finish();
        let whole = Events::new(&record).all(|event| event.is_ok());
        assert!(whole, "parser {number} makes a record");
        found += &format!("{number} {parsed:?} {record:?}");
    }
    let text = String::from_utf8_lossy(input);
    let (first, rest) = text.split_once('\n').unwrap_or((&text, "2024-01-15 x"));
    if let Ok(pattern) = Pattern::new(first) {
        pattern.groups(rest.as_bytes(), |name, value| {
            found += &format!("{name} {value:?}");
        });
        let names: Vec<_> = pattern.names().collect();
        found += &format!("{} {names:?}", pattern.matches(rest.as_bytes()));
    }
    for offset in [0, -3600] {
        let form = StampFormat::new(first, offset);
        found += &format!("{:?}", form.map(|form| form.read(rest.as_bytes(), NOW)));
    }
    found
}
