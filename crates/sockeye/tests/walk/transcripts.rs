//! What servers of the reference said is said again, request by request.

use serde_json::{Value, json};

use super::{Walker, read};

/// Nothing but what the reference says.
const STRICT: [&str; 2] = ["--strict-silence", "--bug-compatible"];

/// Each program has a version of its own.
fn without_version(mut message: Value) -> Value {
    if let Some(version) = message.get_mut("version") {
        *version = json!("");
    }
    message
}

#[test]
fn transcripts_of_4_3_are_repeated_to_the_letter() {
    let words = ["--protocol", "4.3", STRICT[0], STRICT[1]];
    let walker = Walker::with(&words);
    for file in ["ws1.txt", "ws8.txt"] {
        let text = read(&format!("transcripts/{file}"));
        let mut client = walker.connect("/");
        let mut asked = 0;
        for turn in text
            .split("\n>> ")
            .map(|turn| turn.trim_start_matches(">> "))
        {
            let (request, replies) = turn.split_once("\n<< ").unwrap_or((turn, ""));
            let replies = replies.split("\n<< ").filter(|reply| !reply.is_empty());
            client.send(request.trim_end_matches('\n'));
            for reply in replies {
                let expected = without_version(serde_json::from_str(reply).expect(reply));
                let found = without_version(client.json());
                assert_eq!(found, expected, "{file}: {request}");
            }
            client.expect_silence();
            asked += 1;
        }
        assert!(asked > 20, "{file} has {asked} requests");
    }
}

/// Whether two messages are of one kind; which element a random walk takes is nobody's promise.
fn is_like(found: &Value, expected: &Value) -> bool {
    let kind = |message: &Value| message.get("type").or(message.get("command")).cloned();
    if kind(found) != kind(expected) || found["success"] != expected["success"] {
        return false;
    }
    let is_random = ["visitedElement", "getNext", "hasNext", "getData"]
        .iter()
        .any(|name| kind(expected) == Some(json!(name)));
    if !is_random || expected["success"] == false {
        return found == expected;
    }
    let keys = |message: &Value| -> Vec<String> {
        let members = message.as_object().expect("an object");
        let mut keys: Vec<String> = members
            .keys()
            .filter(|key| *key != "name")
            .cloned()
            .collect();
        keys.sort();
        keys
    };
    let is_same_type = |key: &String| {
        std::mem::discriminant(&found[key]) == std::mem::discriminant(&expected[key])
    };
    keys(found) == keys(expected) && keys(found).iter().all(is_same_type)
}

fn replay(walker: &Walker, version: &str, case: &str) {
    let text = read(&format!("legacy/{version}-{case}.jsonl"));
    let lines = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect(line));
    let lines: Vec<Value> = lines.collect();
    let path = format!("/?gw={}", version.rsplit_once('.').expect("a version").0);
    let mut client = walker.connect(&path);
    let mut turns = 0;
    for (at, line) in lines.iter().enumerate() {
        let data = line["data"].as_str().expect("data");
        match (line["dir"].as_str(), line["kind"].as_str()) {
            (Some("out"), Some("text")) => {
                // Whatever was said beyond the transcript would be here.
                client.expect_silence();
                client.send(data);
                turns += 1;
            }
            (Some("in"), Some("text")) => {
                let expected: Value = serde_json::from_str(data).expect(data);
                let found = client.json();
                assert!(
                    is_like(&found, &expected),
                    "{case} line {at}: {found}, not {expected}"
                );
            }
            (Some("out"), Some("binary")) => {
                client.send_binary(data.as_bytes());
                client.expect_silence();
            }
            _ => {}
        }
    }
    client.expect_silence();
    assert!(turns > 3, "{case} has {turns} requests");
}

#[test]
fn transcripts_of_3_3_are_repeated() {
    let walker = Walker::with(&STRICT);
    for case in [
        "L01-seed-contract",
        "L02-before-start",
        "L05-actions-and-data",
        "L06-call-order",
        "L11-lenient-json",
    ] {
        replay(&walker, "3.3.0", case);
    }
}

#[test]
fn transcripts_of_3_4_are_repeated() {
    let walker = Walker::with(&STRICT);
    for case in ["C01-run", "C02-before-and-faults"] {
        replay(&walker, "3.4.2", case);
    }
}
