//! Who is connected elsewhere: counts, members, changes, goodbyes, and silence.

use std::time::{Duration, Instant};

use super::lab::{Node, Redis, eventually};

const CHANNEL: &str = "mockforge:ws:events";

/// What a node of another process would say.
fn stranger(word: &str) -> String {
    format!("{{\"sockeye\":1,\"from\":\"00000000000000ff\",\"word\":{word}}}\n")
}

#[test]
fn connections_and_members_of_the_others_are_known() {
    let redis = Redis::new();
    let [first, second, third]: [Node; 3] = Node::several(&redis);
    first.set_presence(2, &["conn-1", "conn-2"]);
    second.set_presence(3, &["conn-1"]);
    let cluster = &third.cluster;
    eventually("both are told", || {
        (cluster.connections(None) == 5).then_some(())
    });
    assert_eq!(cluster.connections(Some("/a")), 5);
    assert_eq!(cluster.connections(Some("/b")), 0);
    assert_eq!(cluster.room_size("lobby"), 3);
    assert_eq!(cluster.room_size("elsewhere"), 0);
    let mut members = cluster.members("lobby");
    let mut expected = vec![
        format!("conn-1@{}", first.cluster.id()),
        format!("conn-2@{}", first.cluster.id()),
        format!("conn-1@{}", second.cluster.id()),
    ];
    members.sort_unstable();
    expected.sort_unstable();
    assert_eq!(members, expected);
    assert_eq!(first.cluster.connections(None), 3, "without its own");
    assert_eq!(first.cluster.counts().nodes, 2);
}

#[test]
fn a_change_is_told_soon_and_not_one_by_one() {
    let redis = Redis::new();
    let [from, to]: [Node; 2] = Node::several(&redis);
    let start = Instant::now();
    for connections in 1..=1_000 {
        from.set_presence(connections, &[]);
    }
    let enough = || (to.cluster.connections(None) == 1_000).then_some(());
    eventually("the last change is told", enough);
    assert!(start.elapsed() < Duration::from_secs(1), "before the beat");
    let said = redis.cli(&["INFO", "commandstats"]);
    let publishes = said
        .lines()
        .find(|line| line.starts_with("cmdstat_publish:"));
    let calls = publishes.and_then(|line| line.split(['=', ',']).nth(1));
    let calls: u64 = calls.unwrap().parse().unwrap();
    assert!(calls < 40, "{calls} publishes for 1,000 changes");
}

#[test]
fn a_change_without_a_word_is_told_with_the_next_beat() {
    let redis = Redis::new();
    let [from, to]: [Node; 2] = Node::several(&redis);
    from.set_presence_silently(7);
    eventually("it is noticed", || {
        (to.cluster.connections(None) == 7).then_some(())
    });
}

#[test]
fn a_node_that_comes_late_learns_at_once_and_one_that_goes_is_forgotten_at_once() {
    let redis = Redis::new();
    let first = Node::on(&redis);
    first.set_presence(4, &["conn-9"]);
    let start = Instant::now();
    let late = Node::on(&redis);
    eventually("it learns", || {
        (late.cluster.connections(None) == 4).then_some(())
    });
    drop(first);
    eventually("it forgets", || {
        (late.cluster.counts().nodes == 0).then_some(())
    });
    assert!(
        start.elapsed() < Duration::from_millis(1_900),
        "no beat was needed"
    );
    assert_eq!(late.cluster.connections(None), 0);
    assert_eq!(late.cluster.members("lobby"), Vec::<String>::new());
}

#[test]
fn a_node_that_is_silent_for_six_seconds_is_forgotten() {
    let redis = Redis::new();
    let node = Node::on(&redis);
    let presence = r#"{"presence":{"number":1,"routes":[["/a",9]],"rooms":[["lobby",12,["x"]]]}}"#;
    redis.cli(&["PUBLISH", CHANNEL, &stranger(presence)]);
    let heard = Instant::now();
    node.knows(1);
    assert_eq!(node.cluster.members("lobby"), ["x@00000000000000ff"]);
    assert_eq!(node.cluster.room_size("lobby"), 12);
    node.knows(0);
    let silence = heard.elapsed();
    let six = Duration::from_millis(5_900)..Duration::from_secs(7);
    assert!(six.contains(&silence), "{silence:?}");
}

#[test]
fn a_node_that_missed_something_asks_again() {
    let redis = Redis::new();
    let node = Node::on(&redis);
    let (mut listener, hellos) = redis.listen(CHANNEL, r#""word":"hello""#);
    redis.cli(&["PUBLISH", CHANNEL, &stranger(r#"{"alive":{"number":3}}"#)]);
    assert!(hellos.recv_timeout(Duration::from_secs(10)).is_ok());
    listener.kill().unwrap();
    listener.wait().unwrap();
    assert_eq!(node.cluster.counts().ignored_messages, 0);
}

#[test]
fn rubbish_on_the_channel_is_ignored_and_counted() {
    let redis = Redis::new();
    let [one, other]: [Node; 2] = Node::several(&redis);
    let line_of_bytes = "\u{1}\u{2}\n".repeat(1_000);
    let deep = stranger(&"[".repeat(100_000));
    let not_a_node = stranger(r#""hello""#).replace("00000000000000ff", "../../../../etc");
    let other_version = stranger(r#""hello""#).replace("1,", "2,");
    let rubbish = [
        "",
        "\n",
        "hello",
        "{}",
        "null\n",
        &line_of_bytes,
        &deep,
        &not_a_node,
        &other_version,
        &stranger(r#"{"presence":{"number":-1,"routes":[],"rooms":[]}}"#),
        &stranger(r#"{"broadcast":{"to":{"planet":"x"}}}"#),
    ];
    for event in rubbish {
        redis.cli(&["PUBLISH", CHANNEL, event]);
    }
    let not_text = "return redis.call('PUBLISH', KEYS[1], ARGV[1] .. '\\255')";
    let head = stranger(r#"{"broadcast":{"to":"everyone"}}"#);
    redis.cli(&["EVAL", not_text, "1", CHANNEL, &head]);
    let too_long = "return redis.call('PUBLISH', KEYS[1], string.rep('x', 17 * 1024 * 1024))";
    redis.cli(&["EVAL", too_long, "1", CHANNEL]);
    let expected = rubbish.len() as u64 + 2;
    for node in [&one, &other] {
        eventually("all of it is counted", || {
            (node.cluster.counts().ignored_messages == expected).then_some(())
        });
        assert_eq!(node.cluster.counts().reconnects, 0);
        assert_eq!(node.cluster.counts().nodes, 1);
    }
    one.reaches(&other);
}
