//! A cluster that cannot start says why, and never the password.

use serde_json::json;

use super::lab::{Node, Redis, del, exists, get, incr, keys, set, settings};

#[test]
fn a_password_and_a_user_are_used_and_never_shown() {
    let redis = Redis::with_password("s3cret");
    // The line of the manual.
    let ada = "ACL SETUSER ada on >w0rd ~mockforge:ws:* &mockforge:ws:events";
    let ada = ada.split(' ');
    let may = ["+@read", "+@write", "+@connection", "+@pubsub"];
    redis.cli(&ada.chain(may).collect::<Vec<_>>());
    redis.cli(&[
        "ACL",
        "SETUSER",
        "deaf",
        "on",
        ">w0rd",
        "~*",
        "+@all",
        "resetchannels",
    ]);
    for login in [":s3cret@", "ada:w0rd@", "default:s3cret@"] {
        let node = Node::start(settings(&redis.url_for(login))).unwrap();
        assert_eq!(node.ask(set("k", 1)), Ok(true.into()), "{login}");
        assert_eq!(node.ask(get("k")), Ok(1.into()), "{login}");
        assert_eq!(node.ask(incr("n", 0)), Ok(0.into()), "{login}");
        assert_eq!(node.ask(keys("k")), Ok(json!(["k"])), "{login}");
        assert_eq!(node.ask(exists("n")), Ok(true.into()), "{login}");
        assert_eq!(node.ask(del("n")), Ok(true.into()), "{login}");
        let shown = format!("{:?}", node.cluster);
        assert!(
            !shown.contains("s3cret") && !shown.contains("w0rd"),
            "{shown}"
        );
    }
    for (login, shown, why) in [
        (
            ":wr0ng@",
            ":***@",
            "WRONGPASS invalid username-password pair or user is disabled.",
        ),
        (
            "eve:wr0ng@",
            "eve:***@",
            "WRONGPASS invalid username-password pair or user is disabled.",
        ),
        (
            "",
            "",
            "NOAUTH HELLO must be called with the client already authenticated",
        ),
        (
            "deaf:w0rd@",
            "deaf:***@",
            "NOPERM this user has no permissions to access one of the channels",
        ),
    ] {
        let error = Node::start(settings(&redis.url_for(login))).err().unwrap();
        let start = format!("Redis at {} refuses: {why}", redis.url_for(shown));
        assert!(error.starts_with(&start), "{error}");
    }
    let url = format!("{}/99", redis.url_for(":s3cret@"));
    let error = Node::start(settings(&url)).err().unwrap();
    assert!(error.contains("DB index is out of range"), "{error}");
    assert!(
        error.contains("/99 ") && !error.contains("s3cret"),
        "{error}"
    );
}

#[test]
fn a_redis_that_is_not_running_is_told_by_its_address() {
    let mut redis = Redis::with_password("s3cret");
    let (tcp, socket) = (redis.url(), redis.url_of_socket());
    redis.kill();
    let error = Node::start(settings(&tcp)).err().unwrap();
    let url = redis.url_for(":***@");
    let text = format!("cannot connect to Redis at {url}: Connection refused (os error 111)");
    assert_eq!(error, text);
    let error = Node::start(settings(&socket)).err().unwrap();
    let start = format!("cannot connect to Redis at {socket}: ");
    assert!(error.starts_with(&start), "{error}");
    let error = Node::start(settings("redis://sockeye.invalid"))
        .err()
        .unwrap();
    let start = "cannot connect to Redis at redis://sockeye.invalid:6379: ";
    assert!(error.starts_with(start), "{error}");
}

#[test]
fn a_redis_that_does_not_answer_is_waited_for_five_seconds() {
    let redis = Redis::new();
    redis.pause();
    let error = Node::start(redis.settings()).err().unwrap();
    let text = format!("Redis at {} did not answer in 5 s", redis.url());
    assert_eq!(error, text);
}
