//! The shared state: what is in Redis, what others put there, and bounds.

use std::sync::mpsc::channel;
use std::time::Duration;

use serde_json::{Value, json};
use sockeye_cluster::ClusterSettings;

use super::lab::{Node, Redis, eventually, get, incr, keys, set, set_for};

#[test]
fn values_are_json_and_numbers_are_plain() {
    let redis = Redis::new();
    let node = Node::on(&redis);
    assert_eq!(node.ask(set("a", json!({"b": [1]}))), Ok(true.into()));
    assert_eq!(redis.cli(&["GET", "mockforge:ws:a"]), r#"{"b":[1]}"#);
    assert_eq!(node.ask(incr("n", 5)), Ok(5.into()));
    assert_eq!(redis.cli(&["GET", "mockforge:ws:n"]), "5");
    assert_eq!(redis.cli(&["INCR", "mockforge:ws:n"]), "6");
    assert_eq!(node.ask(get("n")), Ok(6.into()));
}

#[test]
fn what_others_put_there_is_read_as_far_as_it_can_be() {
    let redis = Redis::new();
    let node = Node::on(&redis);
    for (stored, seen) in [
        ("plain text", json!("plain text")),
        ("{broken", json!("{broken")),
        ("", json!("")),
        ("1e999", json!("1e999")),
        (" [1] ", json!([1])),
    ] {
        redis.cli(&["SET", "mockforge:ws:k", stored]);
        assert_eq!(node.ask(get("k")), Ok(seen), "{stored}");
    }
    redis.cli(&["SETRANGE", "mockforge:ws:zero", "1", "x"]);
    assert_eq!(node.ask(get("zero")), Ok(json!("\0x")));
    redis.cli(&["LPUSH", "mockforge:ws:list", "1"]);
    let error = "the value of `list` is a list or another type of Redis that scripts cannot use";
    assert_eq!(node.ask(get("list")), Err(error.to_owned()));
    assert_eq!(node.ask(incr("list", 1)), Err(error.to_owned()));
    assert_eq!(node.cluster.counts().shared_state_errors, 0);
}

#[test]
fn a_value_is_gone_when_its_time_is_over() {
    let redis = Redis::new();
    let node = Node::on(&redis);
    let brief = Duration::from_micros(20_500);
    assert_eq!(node.ask(set_for("brief", brief)), Ok(true.into()));
    eventually("the value goes", || {
        (node.ask(get("brief")) == Ok(Value::Null)).then_some(())
    });
    let long = Duration::from_secs(100);
    assert_eq!(node.ask(set_for("long", long)), Ok(true.into()));
    let left = redis.cli(&["PTTL", "mockforge:ws:long"]);
    assert!((90_000..=100_000).contains(&left.parse().unwrap()));
    assert_eq!(node.ask(set("long", 1)), Ok(true.into()));
    assert_eq!(redis.cli(&["PTTL", "mockforge:ws:long"]), "-1");
}

#[test]
fn a_prefix_keeps_two_clusters_apart_whatever_signs_it_has() {
    let redis = Redis::new();
    let with = |prefix: &str| {
        let key_prefix = prefix.to_owned();
        Node::start(ClusterSettings {
            key_prefix,
            ..redis.settings()
        })
        .unwrap()
    };
    let (odd, plain) = (with(r"a*[x]\?:"), with("abc:"));
    assert_eq!(odd.ask(set("k", 1)), Ok(true.into()));
    assert_eq!(plain.ask(set("k2", 2)), Ok(true.into()));
    assert_eq!(odd.ask(keys("*")), Ok(json!(["k"])));
    assert_eq!(plain.ask(keys("*")), Ok(json!(["k2"])));
    assert_eq!(odd.ask(get("k2")), Ok(Value::Null));
    odd.cluster.presence_changed();
    assert_eq!(plain.ask(get("k2")), Ok(2.into()));
    assert_eq!(
        plain.cluster.counts().nodes,
        0,
        "they do not hear each other"
    );
}

#[test]
fn databases_are_apart_too() {
    let redis = Redis::new();
    let first = Node::on(&redis);
    let second = super::lab::settings(&format!("{}?db=1", redis.url()));
    let second = Node::start(second).unwrap();
    assert_eq!(second.ask(set("k", 1)), Ok(true.into()));
    assert_eq!(first.ask(get("k")), Ok(Value::Null));
    assert_eq!(redis.cli(&["-n", "1", "GET", "mockforge:ws:k"]), "1");
}

#[test]
fn a_hundred_increments_at_once_from_two_nodes_are_all_counted() {
    let redis = Redis::new();
    let nodes: [Node; 2] = Node::several(&redis);
    let (sender, answers) = channel();
    std::thread::scope(|scope| {
        for number in 0..10 {
            let (store, sender) = (nodes[number % 2].cluster.store(), sender.clone());
            scope.spawn(move || {
                for _ in 0..10 {
                    let sender = sender.clone();
                    let reply = move |answer| drop(sender.send(answer));
                    store.run(incr("n", 1), Box::new(reply));
                }
            });
        }
    });
    drop(sender);
    let mut seen: Vec<i64> = answers
        .iter()
        .map(|answer: Result<Value, String>| answer.unwrap().as_i64().unwrap())
        .collect();
    seen.sort_unstable();
    assert!(seen.into_iter().eq(1..=100), "each number once");
    assert_eq!(nodes[0].ask(get("n")), Ok(100.into()));
}

#[test]
fn what_one_thread_asks_for_happens_in_its_order() {
    let redis = Redis::new();
    let node = Node::on(&redis);
    let pending: Vec<_> = (0..1_000).map(|n| node.begin(set("k", n))).collect();
    assert_eq!(node.ask(get("k")), Ok(999.into()));
    for answer in pending {
        assert_eq!(answer.recv().unwrap().0, Ok(true.into()));
    }
}

#[test]
fn keys_and_values_have_bounds() {
    let redis = Redis::new();
    let node = Node::on(&redis);
    let fill = "for i=1,10000 do redis.call('SET', 'mockforge:ws:k' .. i, i) end";
    redis.cli(&["EVAL", fill, "0"]);
    let found = node.ask(keys("k*")).unwrap();
    let found = found.as_array().unwrap();
    assert_eq!(
        (found.len(), &found[0], &found[9999]),
        (10_000, &json!("k1"), &json!("k9999"))
    );
    redis.cli(&["SET", "mockforge:ws:k0", "0"]);
    let error = "more than 10000 keys match `k*`".to_owned();
    assert_eq!(node.ask(keys("k*")), Err(error));
    let error = "a glob may have 16 `*`, this one has 17".to_owned();
    assert_eq!(node.ask(keys(&"*a".repeat(17))), Err(error));
    let error = "the value of `big` has 16777217 bytes as JSON, 16777216 are allowed".to_owned();
    let value = "x".repeat((16 << 20) - 1);
    assert_eq!(node.ask(set("big", value.clone())), Err(error));
    assert_eq!(node.ask(set("big", &value[1..])), Ok(true.into()));
    assert_eq!(node.ask(get("big")), Ok(value[1..].into()));
}

#[test]
fn what_redis_refuses_is_told_in_its_words() {
    let redis = Redis::new();
    let node = Node::on(&redis);
    redis.cli(&["CONFIG", "SET", "maxmemory", "1"]);
    let error = node.ask(set("k", 1)).unwrap_err();
    assert!(
        error.starts_with("Redis refuses: OOM command not allowed"),
        "{error}"
    );
    assert_eq!(node.ask(get("k")), Ok(Value::Null));
    assert_eq!(node.cluster.counts().shared_state_errors, 1);
}
