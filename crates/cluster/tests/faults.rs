//! Redis is killed, paused, and throws us out: calls fail at once, nothing waits, and everything heals.

use std::time::{Duration, Instant};

use sockeye_cluster::Target;
use sockeye_script::js::Payload;

use super::lab::{AT_ONCE, Node, Redis, eventually, get, incr, lines_about, set};

/// Asks until the answer fails, which must come at once and name the address.
fn fails_at_once(node: &Node, shown: &str) {
    let text = Err(format!("Redis at {shown} is not reachable"));
    eventually("the loss is noticed", || {
        (node.ask(get("k")) == text).then_some(())
    });
    for _ in 0..10 {
        let (answer, took) = node.begin(get("k")).recv().unwrap();
        assert_eq!(answer, text);
        assert!(took < AT_ONCE, "{took:?}");
    }
}

fn heals(node: &Node) {
    let works = || node.ask(set("healed", 1)).is_ok().then_some(());
    eventually("operations work again", works);
}

#[test]
fn killed_and_restarted_it_is_found_again() {
    let mut redis = Redis::with_password("s3cret");
    let nodes: [Node; 2] = Node::several(&redis);
    nodes[0].set_presence(5, &["conn-1"]);
    eventually("it is told", || {
        (nodes[1].cluster.connections(None) == 5).then_some(())
    });
    redis.kill();
    let shown = redis.url_for(":***@");
    for node in &nodes {
        fails_at_once(node, &shown);
        assert!(node.cluster.counts().shared_state_errors >= 11);
    }
    // While it is away the others change.
    nodes[0].set_presence(6, &["conn-1", "conn-2"]);
    let start = Instant::now();
    redis.restart();
    nodes.iter().for_each(heals);
    eventually("presence heals", || {
        (nodes[1].cluster.connections(None) == 6).then_some(())
    });
    nodes[0].reaches(&nodes[1]);
    nodes[1].reaches(&nodes[0]);
    assert!(
        start.elapsed() < Duration::from_secs(6),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(nodes[0].cluster.counts().reconnects, 1);
    let lines = lines_about(&shown);
    let count = |word| lines.iter().filter(|line| line.contains(word)).count();
    assert_eq!(
        (count("Redis is lost"), count("Redis is back")),
        (2, 2),
        "{lines:#?}"
    );
    assert!(lines_about("s3cret").is_empty());
}

#[test]
fn paused_it_is_given_up_and_found_again() {
    let redis = Redis::new();
    let nodes: [Node; 2] = Node::several(&redis);
    redis.pause();
    let node = &nodes[0];
    let start = Instant::now();
    let pending: Vec<_> = (0..1_024).map(|_| node.begin(incr("n", 1))).collect();
    assert!(start.elapsed() < AT_ONCE, "asking does not wait");
    let (busy, took) = node.begin(get("k")).recv().unwrap();
    let text = "shared state is busy: 1024 operations or 64 MiB are on their way";
    assert_eq!(busy, Err(text.to_owned()));
    assert!(took < AT_ONCE);
    let late = Err("Redis did not answer in 2 s".to_owned());
    for answer in pending {
        let (answer, took) = answer.recv().unwrap();
        assert_eq!(answer, late);
        assert!(took < Duration::from_secs(3), "{took:?}");
    }
    for node in &nodes {
        fails_at_once(node, &redis.url());
    }
    redis.resume();
    nodes.iter().for_each(heals);
    nodes[0].reaches(&nodes[1]);
    for node in &nodes {
        node.knows(1);
    }
    assert!(node.cluster.counts().shared_state_errors >= 1_025);
}

#[test]
fn thrown_out_it_comes_back_by_itself() {
    let redis = Redis::new();
    let nodes: [Node; 2] = Node::several(&redis);
    for (round, kind) in ["pubsub", "normal", "pubsub"].into_iter().enumerate() {
        let start = Instant::now();
        redis.cli(&["CLIENT", "KILL", "TYPE", kind]);
        for node in &nodes {
            let again = || (node.cluster.counts().reconnects == round as u64 + 1).then_some(());
            eventually("it comes back", again);
            heals(node);
        }
        nodes[0].reaches(&nodes[1]);
        nodes[1].reaches(&nodes[0]);
        assert!(
            start.elapsed() < Duration::from_millis(1_500),
            "{:?}",
            start.elapsed()
        );
    }
    let subscribers = redis.cli(&["PUBSUB", "NUMSUB", "mockforge:ws:events"]);
    assert_eq!(subscribers.lines().last(), Some("2"));
}

#[test]
fn the_end_is_short_even_when_redis_hangs() {
    let redis = Redis::new();
    let node = Node::on(&redis);
    redis.pause();
    let store = node.cluster.store();
    let pending = node.begin(get("k"));
    let start = Instant::now();
    drop(node);
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );
    let closed = Err("shared state is closed: the server shuts down".to_owned());
    assert_eq!(pending.recv().unwrap().0, closed, "whoever waited is told");
    assert_eq!(super::lab::ask(store.as_ref(), get("k")), closed);
}

#[test]
fn a_slow_redis_is_waited_for_and_not_given_up() {
    let redis = Redis::new();
    let nodes: [Node; 2] = Node::several(&redis);
    redis.cli(&["CLIENT", "PAUSE", "700", "ALL"]);
    let pending: Vec<_> = (0..10).map(|_| nodes[0].begin(incr("slow", 1))).collect();
    for (number, answer) in (1..).zip(pending) {
        let (answer, took) = answer.recv().unwrap();
        assert_eq!(answer, Ok(number.into()), "late, and in order");
        assert!(took < Duration::from_secs(2), "{took:?}");
    }
    nodes[0].reaches(&nodes[1]);
    for node in &nodes {
        assert_eq!(node.cluster.counts().reconnects, 0);
        assert_eq!(node.cluster.counts().shared_state_errors, 0);
    }
}

#[test]
fn cut_off_for_what_it_has_not_read_it_comes_back() {
    let redis = Redis::new();
    let nodes: [Node; 2] = Node::several(&redis);
    let limit = |limit: &str| redis.cli(&["CONFIG", "SET", "client-output-buffer-limit", limit]);
    limit("pubsub 65536 65536 1");
    let large = Payload::Binary(vec![7; 4 * 1024 * 1024]);
    nodes[0].cluster.broadcast(&Target::Everyone, &large);
    let cut = || (nodes[1].cluster.counts().reconnects >= 1).then_some(());
    eventually("Redis cuts it off and it comes back", cut);
    limit("pubsub 33554432 8388608 60");
    nodes.iter().for_each(heals);
    nodes[0].reaches(&nodes[1]);
    nodes[1].reaches(&nodes[0]);
}
