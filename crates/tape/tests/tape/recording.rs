//! A recording from its first entry to its session file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::Duration;

use sockeye_core::{RedactionRules, Redactor};
use sockeye_tape::{
    Content, Deck, Direction, Entry, Head, IfTaken, NameTemplate, RecordEvent, RecordOptions, Spot,
};

use crate::lab::{Told, entries, head, text};

const GUIDE: &str = r#"{
  "metadata": {
    "recorded_at": "2024-01-15T10:30:00Z",
    "duration_ms": 5000,
    "message_count": 2
  },
  "messages": [
    {
      "timestamp_ms": 0,
      "direction": "incoming",
      "type": "text",
      "data": "{\"type\": \"subscribe\", \"channel\": \"orders\"}"
    },
    {
      "timestamp_ms": 50,
      "direction": "outgoing",
      "type": "text",
      "data": "{\"type\": \"subscribed\", \"channel\": \"orders\"}"
    }
  ]
}
"#;

#[test]
fn a_recording_is_the_guides_file_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("session.json");
    let deck = Deck::start().unwrap();
    let (told, watch) = Told::new();
    let options = RecordOptions::default();
    let recorder = deck
        .create(Spot::path(&file), head(), options, watch)
        .unwrap();
    let subscribe = r#"{"type": "subscribe", "channel": "orders"}"#;
    let subscribed = r#"{"type": "subscribed", "channel": "orders"}"#;
    recorder.record(text(0, Direction::Incoming, subscribe));
    recorder.record(text(50, Direction::Outgoing, subscribed));
    recorder.finish(Duration::from_secs(5));
    assert_eq!(told.end(), format!("finished {} 2", file.display()));
    assert_eq!(fs::read_to_string(&file).unwrap(), GUIDE);
    assert_eq!(
        fs::metadata(&file).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "no .part file is left"
    );
}

#[test]
fn everything_that_an_entry_has_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.json");
    let deck = Deck::start().unwrap();
    let (told, watch) = Told::new();
    let head = Head {
        path: Some("/api".to_owned()),
        tool: Some("sockeye".to_owned()),
        version: Some("0.1.0".to_owned()),
        ..head()
    };
    let recorder = deck.begin(Spot::path(&file), head, RecordOptions::default(), watch);
    let contents = [
        Content::Text("ä\u{1}\"\\\n".to_owned()),
        Content::Binary(vec![0, 255]),
        Content::Ping(vec![1]),
        Content::Pong(Vec::new()),
        Content::Close {
            code: Some(1001),
            reason: "bye".to_owned(),
        },
        Content::Close {
            code: None,
            reason: String::new(),
        },
    ];
    for (at, content) in contents.into_iter().enumerate() {
        let entry = Entry::new(
            Duration::from_millis(at as u64),
            Direction::Outgoing,
            content,
        );
        recorder.record(entry.of("conn-1".into(), "/api".into()));
    }
    drop(recorder);
    assert_eq!(told.end(), format!("finished {} 6", file.display()));
    let made = fs::read_to_string(&file).unwrap();
    assert_eq!(made, include_str!("../golden/all.json"));
}

#[test]
fn times_never_go_back() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("times.json");
    let deck = Deck::start().unwrap();
    let (told, watch) = Told::new();
    let options = RecordOptions::default();
    let recorder = deck
        .create(Spot::path(&file), head(), options, watch)
        .unwrap();
    recorder.record(text(7, Direction::Incoming, "a"));
    recorder.record(text(3, Direction::Incoming, "b"));
    recorder.finish(Duration::ZERO);
    told.end();
    let made: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(made["messages"][1]["timestamp_ms"], 7);
    assert_eq!(made["metadata"]["duration_ms"], 7);
}

#[test]
fn a_deck_that_is_dropped_finishes_what_is_going_on() {
    let folder = tempfile::tempdir().unwrap();
    let deck = Deck::start().unwrap();
    let (told, watch) = Told::new();
    let recorders: Vec<_> = (0..20)
        .map(|number| {
            let spot = Spot::path(folder.path().join(format!("{number}.json")));
            let recorder = deck.begin(spot, head(), RecordOptions::default(), Arc::clone(&watch));
            recorder.record(text(1, Direction::Incoming, "a"));
            recorder
        })
        .collect();
    drop(deck);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 20);
    for recorder in &recorders {
        assert!(!recorder.is_recording());
        recorder.record(text(1, Direction::Incoming, "late"));
    }
    let ends = (0..20).filter(|_| told.end().ends_with(" 1")).count();
    assert_eq!(ends, 20);
    drop(recorders);
    assert!(told.is_silent());
}

#[test]
fn what_is_there_is_replaced_refused_or_numbered() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.json");
    fs::write(&file, "old").unwrap();
    let deck = Deck::start().unwrap();
    let (told, watch) = Told::new();
    let start = |if_taken| {
        let options = RecordOptions {
            if_taken,
            ..RecordOptions::default()
        };
        deck.create(Spot::path(&file), head(), options, Arc::clone(&watch))
    };
    let refused = start(IfTaken::Refuse).unwrap_err().to_string();
    assert!(refused.starts_with("there is a file"), "{refused}");
    drop(start(IfTaken::Number).unwrap());
    assert!(told.end().ends_with("a-2.json 0"));
    let going_on = start(IfTaken::Replace).unwrap();
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "old",
        "until the recording is finished"
    );
    let unfinished = start(IfTaken::Replace).unwrap_err().to_string();
    assert!(
        unfinished.contains("there is an unfinished recording"),
        "{unfinished}"
    );
    drop(going_on);
    assert!(told.end().ends_with("a.json 0"));
    assert!(fs::read_to_string(&file).unwrap().contains("metadata"));
}

#[test]
fn many_at_once_get_a_number_each() {
    let folder = tempfile::tempdir().unwrap();
    let deck = Deck::start().unwrap();
    let (told, watch) = Told::new();
    let name = NameTemplate::parse("{{date}}/ws.json", &["date"]).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..8 {
                    let name = name.fill(|_| "2026-11-21".to_owned());
                    let spot = Spot::below(folder.path(), name);
                    let options = RecordOptions {
                        if_taken: IfTaken::Number,
                        ..RecordOptions::default()
                    };
                    let made = deck
                        .create(spot, head(), options, Arc::clone(&watch))
                        .unwrap();
                    made.record(text(0, Direction::Incoming, "a"));
                }
            });
        }
    });
    drop(deck);
    assert_eq!(
        fs::read_dir(folder.path().join("2026-11-21"))
            .unwrap()
            .count(),
        64
    );
    assert!((0..64).all(|_| told.end().ends_with(" 1")));
}

#[test]
fn secrets_are_not_even_in_the_part_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("s.json");
    let rules = RedactionRules {
        pointers: vec!["/password".to_owned()],
        literals: vec!["s3same".to_owned()],
        ..RedactionRules::default()
    };
    let redaction = Arc::new(Redactor::new(&rules).unwrap());
    let deck = Deck::start().unwrap();
    let (told, watch) = Told::new();
    let options = RecordOptions {
        redaction,
        ..RecordOptions::default()
    };
    let recorder = deck
        .create(Spot::path(&file), head(), options, watch)
        .unwrap();
    let secrets = [
        Content::Text("{\"password\":\"hunter22\"}".to_owned()),
        Content::Text("say s3same".to_owned()),
        Content::Binary(b"\xFFs3same".to_vec()),
        Content::Close {
            code: Some(1000),
            reason: "s3same".to_owned(),
        },
    ];
    for content in secrets {
        let entry = Entry::new(Duration::ZERO, Direction::Incoming, content);
        recorder.record(entry.of("conn-1".into(), "/ws?key=s3same".into()));
    }
    let part = folder.path().join("s.json.part");
    let whole = || fs::read_to_string(&part).unwrap().lines().count() == 5;
    while !whole() {
        std::thread::yield_now();
    }
    let kept = fs::read_to_string(&part).unwrap();
    let read = entries(kept.as_bytes());
    assert_eq!(read.len(), 4);
    for entry in &read {
        let found = match entry.content.as_ref().unwrap() {
            Content::Text(text) | Content::Close { reason: text, .. } => text.clone(),
            content => String::from_utf8_lossy(match content {
                Content::Binary(bytes) => bytes,
                other => panic!("{other:?}"),
            })
            .into_owned(),
        };
        assert!(found.contains("«redacted:"), "{found}");
        assert!(entry.path.as_deref().unwrap().contains("«redacted:"));
    }
    recorder.finish(Duration::ZERO);
    told.end();
    let made = fs::read_to_string(&file).unwrap();
    for text in [&kept, &made] {
        assert!(
            !text.contains("hunter22") && !text.contains("s3same"),
            "{text}"
        );
    }
    assert!(
        kept.contains("\"redaction\":\"1 pointer, values of the environment\""),
        "{kept}"
    );
}

#[test]
fn the_watch_is_told_of_a_file_that_cannot_be_made() {
    let deck = Deck::start().unwrap();
    let (told, watch) = Told::new();
    let spot = Spot::path("/nowhere/at/all.json");
    let recorder = deck.begin(spot, head(), RecordOptions::default(), watch);
    recorder.record(text(0, Direction::Incoming, "a"));
    let RecordEvent::Failed { error } = told.next() else {
        panic!("it fails")
    };
    assert_eq!(
        error.to_string(),
        "cannot write `/nowhere/at/all.json`: No such file or directory (os error 2)"
    );
    recorder.finish(Duration::ZERO);
    drop(deck);
    assert!(told.is_silent());
}
