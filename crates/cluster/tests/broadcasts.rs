//! Broadcasts from node to node: order, kinds, targets, and how much may wait.

use sockeye_cluster::Target;
use sockeye_script::js::Payload;

use super::lab::{Delivered, Node, Redis, eventually};

fn text(text: impl Into<String>) -> Payload {
    Payload::Text(text.into())
}

fn delivered(target: Target, message: &[u8], binary: bool) -> Delivered {
    let message = message.to_vec();
    Delivered {
        target,
        message,
        binary,
    }
}

#[test]
fn a_thousand_messages_arrive_in_their_order_and_not_at_their_sender() {
    let redis = Redis::new();
    let [from, one, other]: [Node; 3] = Node::several(&redis);
    for number in 0..1_000 {
        let target = Target::Route("/a".to_owned());
        from.cluster.broadcast(&target, &text(number.to_string()));
    }
    one.cluster.broadcast(&Target::Everyone, &text("last"));
    for node in [&one, &other] {
        let numbers = (0..)
            .map(|_| node.next())
            .filter(|it| it.message != b"last");
        for (number, message) in numbers.take(1_000).enumerate() {
            let target = Target::Route("/a".to_owned());
            let expected = delivered(target, number.to_string().as_bytes(), false);
            assert_eq!(message, expected);
        }
    }
    assert_eq!(
        from.next().message,
        b"last",
        "nothing of its own comes before"
    );
    assert_eq!(from.cluster.counts().lost_broadcasts, 0);
}

#[test]
fn text_and_bytes_of_any_kind_arrive_as_they_are() {
    let redis = Redis::new();
    let [from, to]: [Node; 2] = Node::several(&redis);
    let room = || Target::Room("a \"room\"\n\u{0}ü".to_owned());
    let all: Vec<u8> = (0..=255).collect();
    let large = vec![b'\n'; 5 << 20];
    for (target, message) in [
        (room(), text("ü\n\u{0}")),
        (Target::Everyone, text("")),
        (room(), Payload::Binary(all)),
        (Target::Everyone, Payload::Binary(Vec::new())),
        (Target::Route("/".to_owned()), Payload::Binary(large)),
    ] {
        from.cluster.broadcast(&target, &message);
        let (bytes, binary) = match message {
            Payload::Text(text) => (text.into_bytes(), false),
            Payload::Binary(bytes) => (bytes, true),
        };
        assert_eq!(to.next(), delivered(target, &bytes, binary));
    }
}

#[test]
fn what_redis_does_not_take_waits_within_bounds_and_is_counted() {
    let redis = Redis::new();
    let [from, to]: [Node; 2] = Node::several(&redis);
    redis.pause();
    for number in 0..6_000 {
        let message = text(number.to_string());
        from.cluster.broadcast(&Target::Everyone, &message);
    }
    // One batch is on its way, the rest waits or is lost at once.
    let lost = from.cluster.counts().lost_broadcasts;
    assert!(
        (6_000 - 4_096 - 64..=6_000 - 4_096).contains(&lost),
        "{lost}"
    );
    let message = Payload::Binary(vec![0; 17 << 20]);
    from.cluster.broadcast(&Target::Everyone, &message);
    assert_eq!(from.cluster.counts().lost_broadcasts, lost + 1);
    // Given up, everything that waited is lost, too.
    eventually("Redis is given up", || {
        (from.cluster.counts().lost_broadcasts == 6_001).then_some(())
    });
    redis.resume();
    from.reaches(&to);
}

#[test]
fn a_message_that_never_fits_is_lost_and_the_next_one_is_not() {
    let redis = Redis::new();
    let [from, to]: [Node; 2] = Node::several(&redis);
    let message = Payload::Binary(vec![0; 16 << 20]);
    from.cluster.broadcast(&Target::Everyone, &message);
    from.cluster.broadcast(&Target::Everyone, &text("next"));
    assert_eq!(to.next().message, b"next");
    assert_eq!(from.cluster.counts().lost_broadcasts, 1);
}

#[test]
fn what_was_sent_before_the_end_still_arrives() {
    let redis = Redis::new();
    let [from, to]: [Node; 2] = Node::several(&redis);
    for number in 0..200 {
        from.cluster
            .broadcast(&Target::Everyone, &text(number.to_string()));
    }
    drop(from);
    for number in 0..200 {
        assert_eq!(to.next().message, number.to_string().as_bytes());
    }
    to.knows(0);
}

#[test]
fn a_fault_of_the_local_node_costs_its_own_message_only() {
    let redis = Redis::new();
    let [from, to]: [Node; 2] = Node::several(&redis);
    from.cluster.broadcast(&Target::Everyone, &text("panic"));
    from.cluster.broadcast(&Target::Everyone, &text("next"));
    assert_eq!(to.next().message, b"next");
    assert_eq!(to.cluster.counts().reconnects, 0);
}
