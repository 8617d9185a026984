//! The reference's test of its own service, a walk through a model of it, is walked by our engine against our service.

use std::sync::Arc;

use serde_json::{Value, json};
use sockeye_core::Random;
use sockeye_model::json as model_json;
use sockeye_model::machine::Machine;

use super::{Walker, read, ring};
use crate::lab::Client;

/// The service and what the test knows of it.
struct Flow<'a> {
    walker: &'a Walker,
    path: &'static str,
    key: &'static str,
    member: &'static str,
    client: Option<Client>,
    /// The value that was set last.
    value: Option<i32>,
    random: Random,
}

impl Flow<'_> {
    #[track_caller]
    fn call(&mut self, command: &str, more: Value) -> Value {
        let client = self.client.as_mut().expect("connected");
        let mut request = more;
        request[self.key] = json!(command);
        client.send(&request.to_string());
        loop {
            let reply = client.json();
            if reply[self.key] != "visitedElement" {
                assert_eq!(reply[self.key], command, "{reply}");
                return reply;
            }
        }
    }

    #[track_caller]
    fn succeed(&mut self, command: &str, more: Value) -> Value {
        let reply = self.call(command, more);
        assert_eq!(reply["success"], true, "{reply}");
        reply
    }

    /// Does what stands at an element of the model, and checks what must hold there.
    #[track_caller]
    fn visit(&mut self, name: &str) {
        let model = ring("random(edge_coverage(100))");
        match name {
            "e_Connect" => self.client = Some(self.walker.connect(self.path)),
            "v_EmptyMachine" | "v_ModelLoaded" => {
                let reply = self.call("hasNext", json!({}));
                assert_eq!(reply["success"], false, "{name}: no machine runs");
            }
            "e_AddInitialModel" | "e_AddModel" => {
                let mut model = model["models"][0].clone();
                model["startElement"] = json!("true");
                self.succeed("loadModel", json!({ "model": model }));
            }
            "e_StartMachine" => {
                let body = if self.key == "type" {
                    json!({})
                } else {
                    json!({ self.member: model })
                };
                self.succeed("start", body);
                self.value = None;
            }
            "v_MachineRunning" => {
                self.succeed("hasNext", json!({}));
            }
            "e_HasNext" => {
                let reply = self.succeed("hasNext", json!({}));
                assert!(reply["hasNext"].is_boolean(), "{reply}");
            }
            "e_GetNext" => {
                let reply = self.succeed("getNext", json!({}));
                let id = if self.key == "type" {
                    "id"
                } else {
                    "elementId"
                };
                assert!(reply[id].is_string(), "{reply}");
            }
            "e_GetData" => {
                let reply = self.succeed("getData", json!({}));
                if let Some(value) = self.value {
                    assert_eq!(reply["data"]["value"], value.to_string(), "{reply}");
                }
            }
            "e_SetData" => {
                let value = i32::try_from(
                    self.random
                        .between(i64::from(i32::MIN), i64::from(i32::MAX)),
                );
                let value = value.expect("within its bounds");
                self.succeed("setData", json!({ "action": format!("value={value}") }));
                self.value = Some(value);
            }
            "e_RestartMachine" => {
                self.succeed("restart", json!({}));
            }
            other => panic!("what is {other}?"),
        }
    }
}

fn walk(file: &str, path: &'static str, key: &'static str, member: &'static str) {
    let walker = Walker::start();
    let suite = model_json::read(&read(file), &mut Random::seeded(1)).expect("a model");
    let mut machine = Machine::new(Arc::new(suite), 222_930_684_376_058).expect("it starts");
    let mut flow = Flow {
        walker: &walker,
        path,
        key,
        member,
        client: None,
        value: None,
        random: Random::seeded(7),
    };
    let mut steps = 0;
    while machine.has_next().expect("a walk") {
        let step = machine.step().expect("a step");
        let name = machine.name(step).name.expect("elements have names");
        flow.visit(&name);
        steps += 1;
    }
    assert_eq!(machine.statistics().edge_coverage(), 100, "{steps} steps");
}

#[test]
fn generations_3_2_and_3_3_follow_their_model() {
    for path in ["/?gw=3.3", "/"] {
        walk("models/WebSocketFlow-3.2-3.3.json", path, "type", "");
    }
}

#[test]
fn generations_3_4_to_4_2_follow_their_model() {
    for (path, member) in [("/?gw=3.4", "gw3"), ("/?gw=4.2", "gw"), ("/", "gw3")] {
        walk("models/WebSocketFlow-3.4-4.2.json", path, "command", member);
    }
}

#[test]
fn generation_4_3_follows_its_model() {
    for path in ["/?gw=4.3", "/"] {
        walk("models/WebSocketFlow-4.3.json", path, "command", "gw");
    }
}
