//! What servers of the reference said is said again, request by request.

use std::sync::Arc;

use serde_json::{Value, json};
use sockeye_core::Random;
use sockeye_model::json as model_json;
use sockeye_model::machine::Machine;

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

/// The model of a run whose transcript cuts its own `start` short.
fn small_model() -> Value {
    json!({ "models": [{
        "name": "SmallModel", "id": "6f69fcd0-0c4d-4beb-a63a-e446f9b25b20",
        "generator": "random(edge_coverage(100))", "startElementId": "e0", "actions": ["value=54686327;"],
        "vertices": [{ "name": "v_VerifySomeAction", "id": "n0" }, { "name": "v_VerifySomeOtherAction", "id": "n1" }],
        "edges": [
            { "name": "e_FirstAction", "id": "e0", "targetVertexId": "n0" },
            { "name": "e_AnotherAction", "id": "e1", "sourceVertexId": "n0", "targetVertexId": "n1" },
            { "name": "e_SomeOtherAction", "id": "e2", "sourceVertexId": "n1", "targetVertexId": "n1" },
            { "name": "e_SomeOtherAction", "id": "e3", "sourceVertexId": "n1", "targetVertexId": "n0" },
        ],
    }]})
}

/// A seed with which a walk takes this way: the reference was asked without one.
fn seed_of(way: &[&str]) -> i64 {
    let suite = model_json::read(&small_model().to_string(), &mut Random::seeded(1));
    let suite = Arc::new(suite.expect("a model"));
    let goes = |seed: &i64| {
        let mut machine = Machine::new(Arc::clone(&suite), *seed).expect("it starts");
        way.iter().all(|id| {
            let step = machine.step().expect("a step");
            *machine.name(step).id == **id
        })
    };
    (1..100_000).find(goes).expect("some seed goes that way")
}

/// What differs from run to run, or tells of the reference's parts: texts of its script engine, the hash of an object, the
/// order of members inside of a text.
fn without_engine(mut message: Value) -> Value {
    if let Some(context) = message.pointer_mut("/data/JsonContext") {
        *context = json!("");
    }
    if let Some(models) = message.get_mut("models") {
        *models = serde_json::from_str(models.as_str().expect("a text")).expect("models");
    }
    if let Some(issue) = message.pointer_mut("/issues/0") {
        let text = issue.as_str().unwrap_or_default();
        *issue = json!(if text.starts_with("SyntaxError: ") {
            "SyntaxError"
        } else {
            text
        });
    }
    message
}

#[test]
fn a_run_of_4_3_with_all_kinds_of_values_is_repeated() {
    let walker = Walker::with(&["--protocol", "4.3", STRICT[0], STRICT[1]]);
    let text = read("transcripts/ws2.txt");
    let way = text
        .split("<< ")
        .filter(|reply| reply.contains("\"visitedElement\""));
    let way = way.map(|reply| reply.split("\"elementId\":\"").nth(1).expect(reply));
    let way: Vec<&str> = way
        .map(|rest| rest.split('"').next().expect(rest))
        .collect();
    assert_eq!(way.len(), 16, "{way:?}");
    let start =
        json!({ "command": "start", "gw": small_model(), "seed": seed_of(&way) }).to_string();
    let mut client = walker.connect("/");
    let mut asked = 0;
    for turn in text.split(">> ").skip(1) {
        let mut parts = turn.split("\n<< ").map(|part| part.trim_end_matches('\n'));
        let request = parts.next().expect(turn);
        let is_cut = request.starts_with("{\"command\": \"start\"") && request.ends_with("...");
        client.send(if is_cut { &start } else { request });
        for reply in parts {
            let expected = without_engine(serde_json::from_str(reply).expect(reply));
            assert_eq!(without_engine(client.json()), expected, "{request}");
        }
        asked += 1;
    }
    client.expect_silence();
    assert!(asked > 40, "{asked} requests");
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
        "L03-unknown-and-bad-json",
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
