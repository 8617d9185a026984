//! The editor's test of itself, a walk through a model of it, is walked by our engine against our service.

use std::sync::Arc;

use serde_json::json;
use sockeye_core::Random;
use sockeye_model::json as model_json;
use sockeye_model::machine::Machine;

use super::editor::{change, model};
use super::{Walker, read};
use crate::lab::Client;

/// What the test of the editor knows of the service.
#[derive(Default)]
struct Drawn {
    models: Vec<String>,
    vertices: Vec<String>,
    edges: Vec<String>,
    made: usize,
}

impl Drawn {
    fn fresh(&mut self) -> String {
        self.made += 1;
        format!("x{}", self.made)
    }

    /// Does what an edge of the editor's own model stands for. Vertices and edges are all in the oldest model.
    fn act(&mut self, client: &mut Client, name: &str) {
        let at = self.models.first().cloned().unwrap_or_default();
        let id = self.fresh();
        match name {
            "e_AddModel" => {
                change(client, "addModel", json!({ "id": id }));
                self.models.push(id);
            }
            "e_RemoveModel" => {
                let gone = self.models.pop().expect("the guard says that there is one");
                change(client, "removeModel", json!({ "id": gone }));
            }
            "e_SelectModel" => {
                model(client, &at);
            }
            "e_AddVertex" => {
                change(
                    client,
                    "addVertex",
                    json!({ "modelId": at, "vertexId": id }),
                );
                self.vertices.push(id);
            }
            "e_RemoveVertex" => {
                let gone = self.vertices.pop().expect("the guard says so");
                change(
                    client,
                    "removeVertex",
                    json!({ "modelId": at, "vertexId": gone }),
                );
            }
            "e_AddEdge" => {
                let [source, target] = [&self.vertices[0], &self.vertices[1]];
                let edge = json!({ "modelId": at, "edgeId": id, "sourceVertexId": source, "targetVertexId": target });
                change(client, "addEdge", edge);
                self.edges.push(id);
            }
            "e_RemoveEdge" => {
                let gone = self.edges.pop().expect("the guard says so");
                change(
                    client,
                    "removeEdge",
                    json!({ "modelId": at, "edgeId": gone }),
                );
            }
            "e_ChangeVertex" => {
                let vertex = json!({ "id": self.vertices[0], "name": id });
                change(
                    client,
                    "updateVertex",
                    json!({ "modelId": at, "vertex": vertex }),
                );
            }
            "e_ChangeEdge" => {
                let edge = json!({ "id": self.edges[0], "name": id });
                change(client, "updateEdge", json!({ "modelId": at, "edge": edge }));
            }
            "e_SetNextElement" => {
                let next = json!({ "modelId": at, "nextElementId": self.vertices[0] });
                change(client, "setNextElement", next);
            }
            other => panic!("what is {other}?"),
        }
    }
}

#[test]
fn the_editor_follows_the_model_of_its_own_test() {
    let walker = Walker::start();
    let mut client = walker.connect("/?gw=editor");
    let suite = model_json::read(&read("models/Editor-2015-11.json"), &mut Random::seeded(1));
    let mut machine =
        Machine::new(Arc::new(suite.expect("a model")), 20_151_113).expect("it starts");
    let mut drawn = Drawn::default();
    let mut steps = 0;
    while machine.has_next().expect("a walk") {
        let step = machine.step().expect("a step");
        let name = machine.name(step).name.unwrap_or_default();
        if name.starts_with("e_") {
            drawn.act(&mut client, &name);
        }
        if drawn.models.is_empty() {
            // With its model an element is gone.
            drawn.vertices.clear();
            drawn.edges.clear();
            machine
                .set_data("num_of_vertices=0;num_of_edges=0;")
                .expect("numbers");
        }
        steps += 1;
        assert!(steps < 100_000, "it does not come to its end");
        if machine.statistics().edge_coverage() >= 91 {
            machine
                .set_data("allDone=true;")
                .expect("the last edge opens");
        }
    }
    assert_eq!(machine.statistics().edge_coverage(), 100);
    let shown = drawn.models.first().map(|id| model(&mut client, id));
    let count = |shown: &serde_json::Value, part: &str| shown[part].as_array().map(Vec::len);
    if let Some(shown) = shown {
        assert_eq!(
            count(&shown, "vertices"),
            Some(drawn.vertices.len()),
            "{shown}"
        );
        assert_eq!(count(&shown, "edges"), Some(drawn.edges.len()), "{shown}");
    }
}
