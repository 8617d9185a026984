//! Engines that run out of memory, threads that do not come back, servers that break down.

use std::time::Duration;

use serde_json::json;
use sockeye_script::js::{ScriptError, ScriptLimits};

use crate::world::{PATIENCE, World, eval, handle, handler, input, start, state, text};

const MEMORY: usize = 8 * 1024 * 1024;

fn small() -> World {
    World::with(ScriptLimits {
        wall: Duration::from_secs(20),
        memory_bytes: MEMORY,
        ..ScriptLimits::default()
    })
}

#[test]
fn states_survive_an_engine_that_ran_out_of_memory() {
    let world = small();
    let (greedy, other) = (
        world.open("conn-1"),
        world.open_with("conn-2", Some(json!({"a": 1}))),
    );
    handle(&greedy, "state.kept = [1]", "{}");
    handle(&other, "state.a += 1", "{}");
    let waiting = start(&other, &handler("await shared.get('later')"), input("{}"));
    let queued = start(&other, &handler("return state"), input("{}"));
    let outcome = handle(&greedy, "const all = []; for (;;) all.push({})", "{}");
    assert_eq!(
        outcome.result,
        Err(ScriptError::OutOfMemory { limit: MEMORY })
    );
    let lost = waiting.recv_timeout(PATIENCE).unwrap();
    assert_eq!(lost.result, Err(ScriptError::EngineLost));
    let queued = queued.recv_timeout(PATIENCE).unwrap();
    assert_eq!((text(&queued), queued.state_lost), (r#"{"a":2}"#, false));
    assert_eq!(eval(&greedy, "return state"), r#"{"kept":[1]}"#);
}

#[test]
fn a_state_that_fills_the_memory_is_lost_and_said() {
    let world = small();
    let greedy = world.open_with("conn-1", Some(json!({"start": 1})));
    let outcome = handle(
        &greedy,
        "state.all = []; for (;;) state.all.push([state.all.length])",
        "{}",
    );
    assert_eq!(
        outcome.result,
        Err(ScriptError::OutOfMemory { limit: MEMORY })
    );
    let next = handle(&greedy, "return state", "{}");
    assert_eq!((text(&next), next.state_lost), (r#"{"start":1}"#, true));
    assert!(!handle(&greedy, "", "{}").state_lost);
}

#[test]
fn a_server_that_breaks_down_does_not_take_the_thread_with_it() {
    let world = small();
    let (first, second) = (world.open("conn-1"), world.open("conn-2"));
    handle(&second, "state.n = 1", "{}");
    let outcome = handle(&first, "await shared.get('panic')", "{}");
    assert_eq!(outcome.result, Err(ScriptError::EngineLost));
    assert_eq!(eval(&first, "return 1"), "1");
    let next = handle(&second, "return state", "{}");
    assert_eq!((text(&next), next.state_lost), ("{}", true));
    assert_eq!(state(&second), Some(json!({})));
}

#[test]
fn a_thread_that_does_not_come_back_is_replaced() {
    let wall = Duration::from_millis(300);
    let world = World::with(ScriptLimits {
        wall,
        ..ScriptLimits::default()
    });
    let (stuck, other) = (world.open("conn-1"), world.open("conn-2"));
    let gate = world.server.gate.lock().unwrap();
    let blocked = start(&stuck, &handler("return env.BLOCK"), input("{}"));
    let queued = start(&stuck, &handler("return 'queued'"), input("{}"));
    let elsewhere = start(&other, &handler("return 'elsewhere'"), input("{}"));
    let outcome = blocked.recv_timeout(PATIENCE).unwrap();
    assert_eq!(outcome.result, Err(ScriptError::Timeout { limit: wall }));
    assert_eq!(text(&queued.recv_timeout(PATIENCE).unwrap()), "queued");
    assert_eq!(
        text(&elsewhere.recv_timeout(PATIENCE).unwrap()),
        "elsewhere"
    );
    drop(gate);
    assert_eq!(eval(&stuck, "return 'as before'"), "as before");
}

#[test]
fn scripts_that_no_plan_holds_are_forgotten() {
    let world = small();
    let connection = world.open("conn-1");
    let long = format!("return '{}'", "x".repeat(100_000));
    for n in 0..300 {
        let outcome = handle(&connection, &format!("{long} + {n}"), "{}");
        assert_eq!(text(&outcome).len(), 100_000 + n.to_string().len());
    }
}

#[test]
fn connections_that_are_gone_leave_no_memory_behind() {
    let world = small();
    for n in 0..200 {
        let connection = world.open("conn");
        assert_eq!(
            eval(
                &connection,
                "state.all = 'x'.repeat(100000) + connection.id; state.self = state; return 1"
            ),
            "1",
            "{n}"
        );
    }
}
