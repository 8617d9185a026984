//! The order of calls, what waits and what does not, and what becomes of calls that cannot end.

use std::sync::mpsc::TryRecvError;
use std::time::{Duration, Instant};

use serde_json::json;
use sockeye_script::js::{Outcome, Returned, ScriptError, ScriptLimits};

use crate::world::{PATIENCE, World, eval, handle, handler, input, run, send, start, state, text};

#[test]
fn an_await_keeps_its_own_connection_waiting_and_no_other() {
    let world = World::new();
    let (first, second) = (world.open("conn-1"), world.open("conn-2"));
    let waits = handler(
        "connection.send('before'); await shared.get('later'); connection.send('after'); state.n = 1",
    );
    let next = handler("return state.n");
    let waiting = start(&first, &waits, input("{}"));
    let queued = start(&first, &next, input("{}"));
    assert_eq!(eval(&second, "return 'not kept'"), "not kept");
    assert_eq!(waiting.try_recv(), Err(TryRecvError::Empty));
    assert_eq!(queued.try_recv(), Err(TryRecvError::Empty));
    assert_eq!(world.server.store.let_go(), 1);
    let outcome = waiting.recv_timeout(PATIENCE).unwrap();
    assert_eq!(outcome.effects, [send("before"), send("after")]);
    assert_eq!(text(&queued.recv_timeout(PATIENCE).unwrap()), "1");
}

#[test]
fn many_calls_of_a_connection_keep_their_order() {
    let world = World::new();
    let connection = world.open("conn-1");
    let plain = handler("return state.n = (state.n ?? 0) + 1");
    let awaits = handler("const n = state.n + 1; await shared.incr('x'); return state.n = n");
    let calls: Vec<_> = (0..200)
        .map(|n| {
            start(
                &connection,
                if n % 3 == 1 { &awaits } else { &plain },
                input("{}"),
            )
        })
        .collect();
    for (n, outcome) in calls.into_iter().enumerate() {
        let outcome = outcome.recv_timeout(PATIENCE).unwrap();
        assert_eq!(text(&outcome), (n + 1).to_string());
    }
}

#[test]
fn calls_that_wait_at_the_same_time_do_not_mix() {
    let world = World::new();
    let source = "const own = connection.id; state.own = own;
      for (let n = 0; n < 5; n += 1) { await shared.incr('n'); connection.send(connection.id + n); }
      return [own, connection.id, state.own, message.own]";
    let waits = handler(source);
    let connections: Vec<_> = (0..20).map(|n| world.open(&format!("conn-{n}"))).collect();
    let calls: Vec<_> = connections
        .iter()
        .enumerate()
        .map(|(n, connection)| start(connection, &waits, input(&json!({ "own": n }).to_string())))
        .collect();
    for (n, outcome) in calls.into_iter().enumerate() {
        let outcome = outcome.recv_timeout(PATIENCE).unwrap();
        let id = format!("conn-{n}");
        assert_eq!(text(&outcome), json!([id, id, id, n]).to_string());
        let sent: Vec<_> = (0..5).map(|n| send(&format!("{id}{n}"))).collect();
        assert_eq!(outcome.effects, sent);
    }
}

#[test]
fn a_call_ends_with_its_promise() {
    let world = World::new();
    let connection = world.open("conn-1");
    let source = "shared.get('later').then(() => connection.send('too late')); return 'done'";
    let outcome = handle(&connection, source, "{}");
    assert_eq!((text(&outcome), outcome.effects.len()), ("done", 0));
    world.server.store.let_go();
    assert_eq!(handle(&connection, "return 1", "{}").effects, []);
}

#[test]
fn what_cannot_settle_is_said_at_once() {
    let world = World::new();
    let connection = world.open("conn-1");
    for source in [
        "await new Promise(() => {})",
        "return new Promise(() => {})",
        "await {then() {}}",
    ] {
        let began = Instant::now();
        let outcome = handle(&connection, source, "{}");
        assert_eq!(outcome.result, Err(ScriptError::NeverSettles), "{source}");
        assert!(began.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn an_answer_that_does_not_come_is_a_timeout_and_comes_too_late_then() {
    let limits = ScriptLimits {
        wall: Duration::from_millis(200),
        ..ScriptLimits::default()
    };
    let world = World::with(limits.clone());
    let connection = world.open("conn-1");
    let outcome = handle(
        &connection,
        "connection.send(1); await shared.get('later'); connection.send(2)",
        "{}",
    );
    assert_eq!(
        outcome.result,
        Err(ScriptError::Timeout { limit: limits.wall })
    );
    assert_eq!(outcome.effects, [send("1")]);
    assert_eq!(world.server.store.let_go(), 1);
    let next = handle(&connection, "connection.send(3)", "{}");
    assert_eq!(next.effects, [send("3")]);
}

#[test]
fn too_many_waiting_calls_are_refused() {
    let world = World::with(ScriptLimits {
        waiting: 2,
        wall: Duration::from_secs(20),
        ..ScriptLimits::default()
    });
    let connection = world.open("conn-1");
    let waits = handler("await shared.get('later')");
    let calls: Vec<_> = (0..4)
        .map(|_| start(&connection, &waits, input("{}")))
        .collect();
    let refused = calls[3].recv_timeout(PATIENCE).unwrap();
    assert_eq!(
        refused.result,
        Err(ScriptError::TooManyWaiting { limit: 2 })
    );
    assert_eq!(
        refused.result.unwrap_err().to_string(),
        "2 calls of this connection already wait for the script, this one was not run"
    );
    drop(connection);
    for call in &calls[..3] {
        assert_eq!(
            call.recv_timeout(PATIENCE).unwrap().result,
            Err(ScriptError::Closed)
        );
    }
}

#[test]
fn a_dropped_pool_answers_everything() {
    let world = World::new();
    let connection = world.open("conn-1");
    let calls = [
        start(
            &connection,
            &handler("await shared.get('later')"),
            input("{}"),
        ),
        start(&connection, &handler("return 1"), input("{}")),
        start(&world.open("conn-2"), &handler("for (;;) {}"), input("{}")),
    ];
    let World { pool, .. } = world;
    drop(pool);
    for call in calls {
        assert_eq!(
            call.recv_timeout(PATIENCE).unwrap().result,
            Err(ScriptError::Closed)
        );
    }
    let late = run(&connection, &handler("return 1"), input("{}"));
    assert_eq!(late.result, Err(ScriptError::Closed));
    assert_eq!(state(&connection), None);
}

#[test]
fn connections_of_other_threads_are_not_kept_waiting() {
    let server = std::sync::Arc::new(crate::world::Server::default());
    let limits = ScriptLimits {
        wall: Duration::from_secs(5),
        ..ScriptLimits::default()
    };
    let pool = sockeye_script::js::ScriptPool::start(2, limits, server).unwrap();
    let (busy, free) = (
        pool.open(crate::world::facts("a"), None),
        pool.open(crate::world::facts("b"), None),
    );
    let endless = start(&busy, &handler("for (;;) {}"), input("{}"));
    assert_eq!(eval(&free, "return 1"), "1");
    assert_eq!(endless.try_recv(), Err(TryRecvError::Empty));
}

#[test]
fn a_call_without_a_message_has_an_empty_one() {
    let world = World::new();
    let connection = world.open("conn-1");
    let nothing = sockeye_script::js::Input {
        payload: None,
        received_at: 5,
    };
    let outcome: Outcome = run(
        &connection,
        &handler("return [message, String(message.text)]"),
        nothing.clone(),
    );
    assert_eq!(text(&outcome), r#"[{},"undefined"]"#);
    let outcome = run(
        &connection,
        &crate::world::script("return [message.size, message.timestamp]"),
        nothing,
    );
    assert_eq!(outcome.result, Ok(Returned::Text("[0,5]".to_owned())));
}
