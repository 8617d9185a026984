//! The state in Redis and the state in memory answer alike, values and errors.

use std::time::Duration;

use serde_json::{Value, json};
use sockeye_script::js::{MemoryStore, Operation};

use super::lab::{Node, Redis, ask, del, exists, get, incr, keys, set, set_for};

fn values() -> Vec<Operation> {
    let values = [
        json!(null),
        json!(true),
        json!(0),
        json!(-7),
        json!(1.5),
        json!(-0.0),
        json!(1.0),
        json!(1e300),
        json!(u64::MAX),
        json!("text"),
        json!("5"),
        json!("ü \u{0} \n \" \u{1f41f}"),
        json!(""),
        json!([1, [2, {"b": 1, "a": 2}]]),
    ];
    let each = |value: Value| {
        [
            set("v", value),
            get("v"),
            exists("v"),
            incr("v", 1),
            get("v"),
        ]
    };
    values.into_iter().flat_map(each).collect()
}

fn numbers() -> Vec<Operation> {
    vec![
        incr("n", 1),
        incr("n", -3),
        get("n"),
        incr("n", i64::MAX),
        incr("n", i64::MAX),
        get("n"),
        del("n"),
        incr("n", i64::MIN),
        incr("n", -1),
        incr("n", 0),
        set("n", "x"),
        incr("n", 1),
        get("n"),
        set("n", 41),
        incr("n", 1),
    ]
}

fn names() -> Vec<Operation> {
    let mut operations = Vec::new();
    for key in [
        "user:2", "user:10", "order:1", "a[b]", "ab", r"a\b", "", "ä", "*", "a*b", "x y", "Z",
    ] {
        operations.push(set(key, 1));
    }
    for glob in [
        "*", "user:*", "*:?", "*r*:*1*", "x", "", "a[b]", "a[*]", r"a\b", r"a\*", "??", "?",
        "a**b", "a?b", "[a]b", "^*",
    ] {
        operations.push(keys(glob));
    }
    operations.extend([del("ab"), del("ab"), exists("ab"), get("ab"), keys("a*")]);
    operations
}

fn times() -> Vec<Operation> {
    vec![
        set_for("t", Duration::ZERO),
        exists("t"),
        set("t", 1),
        set_for("t", Duration::ZERO),
        get("t"),
        set_for("t", Duration::MAX),
        get("t"),
        set_for("t", Duration::from_mins(1)),
        incr("t", 1),
        keys("t"),
    ]
}

#[test]
fn every_operation_answers_as_the_memory_does() {
    let redis = Redis::new();
    let node = Node::on(&redis);
    let memory = MemoryStore::new();
    let operations = [values(), numbers(), times(), names()].concat();
    assert!(operations.len() > 100);
    for operation in operations {
        let expected = ask(&memory, operation.clone());
        assert_eq!(node.ask(operation.clone()), expected, "{operation:?}");
    }
    assert_eq!(node.cluster.counts().shared_state_errors, 0);
}
