//! Machines with scripts, joined models, requirements and blocked elements; properties that hold for every walk.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use sockeye_core::Random;
use sockeye_model::blocked::without_blocked;
use sockeye_model::json::{self, Scope};
use sockeye_model::machine::{Machine, Status, WalkError};
use sockeye_model::{Element, Suite};

fn suite(text: &str) -> Suite {
    json::read(text, &mut Random::seeded(1)).expect("models")
}

fn machine(text: &str) -> Machine {
    Machine::new(Arc::new(suite(text)), 1).expect("a machine")
}

fn walk(machine: &mut Machine, most: usize) -> Result<String, WalkError> {
    let mut path = Vec::new();
    while path.len() < most && machine.has_next()? {
        let step = machine.step()?;
        path.push(machine.name(step).id.to_string());
    }
    Ok(path.join(" "))
}

fn issue(text: &str) -> String {
    let mut machine = machine(text);
    walk(&mut machine, 100).expect_err("a failure").to_string()
}

#[test]
fn guards_open_ways_and_actions_change_them() {
    let mut machine = machine(
        "{models:[{id:m,generator:'a_star(reached_edge(e_goal))',startElementId:s,actions:['x=0'],
        vertices:[{id:A,name:v_A},{id:B,name:v_B,actions:['x++']}],
        edges:[{id:s,targetVertexId:A},{id:ab,sourceVertexId:A,targetVertexId:B},{id:ba,sourceVertexId:B,targetVertexId:A},
        {id:goal,name:e_goal,sourceVertexId:B,targetVertexId:A,guard:'x>2'}]}]}",
    );
    let path = walk(&mut machine, 100).expect("a walk");
    assert_eq!(path, "s A ab B ba A ab B ba A ab B goal");
    assert_eq!(
        machine.data().expect("data"),
        [("x".to_owned(), "3".to_owned())]
    );
    machine.set_data("y = 'new'; global.z = 1").expect("runs");
    machine.set_data("x = 'new'").expect("runs");
    assert_eq!(
        machine.data().expect("data"),
        [("x".to_owned(), "new".to_owned())]
    );
    let error = machine.set_data("nosuch").expect_err("throws");
    assert_eq!(error.to_string(), "ReferenceError: nosuch is not defined");
}

#[test]
fn scripts_that_fail_are_told_apart_by_where_they_stand() {
    let guarded = |guard: &str| {
        format!(
            "{{models:[{{generator:'random(never)',startElementId:a,vertices:[{{id:a,name:a}}],
            edges:[{{id:e,sourceVertexId:a,targetVertexId:a,guard:\"{guard}\"}}]}}]}}"
        )
    };
    for (guard, expected) in [
        (
            "nosuch",
            "org.graalvm.polyglot.PolyglotException: ReferenceError: nosuch is not defined",
        ),
        (
            "5",
            "java.lang.ClassCastException: a guard must be true or false, this one is 5",
        ),
        (
            " ",
            "java.lang.NullPointerException: a guard must be true or false, this one is undefined",
        ),
        (
            "false",
            "org.graphwalker.core.generator.NoPathFoundException: Could not find a valid path from element: a (a)",
        ),
    ] {
        assert_eq!(issue(&guarded(guard)), expected, "{guard}");
    }
    let action = guarded("true").replace("name:a", "name:a,actions:['nosuch.y']");
    assert_eq!(issue(&action), "ReferenceError: nosuch is not defined");
}

#[test]
fn a_failing_action_leaves_the_element_current_and_uncounted() {
    let mut machine = machine(include_str!("../../../conformance/graphwalker/dead.json"));
    let mut ids = Vec::new();
    let error = loop {
        match machine.step() {
            Ok(step) => ids.push(machine.name(step).id.to_string()),
            Err(error) => break error,
        }
    };
    assert_eq!(ids, ["e0", "a", "e1", "b"]);
    assert_eq!(error.to_string(), "ReferenceError: nosuch is not defined");
    let failed = Element::Edge(3);
    assert_eq!(machine.current(), Some(failed));
    assert_eq!(
        (machine.visits(0, failed), machine.is_visited(0, failed)),
        (0, true)
    );
    assert_eq!(machine.status(0), Some(Status::Executing));
    let step = machine.step().expect("goes on");
    assert_eq!(&*machine.name(step).id, "a");
}

#[test]
fn a_model_action_that_fails_keeps_the_machine_from_being_made() {
    let suite = suite("{models:[{startElementId:a,actions:['throw 5'],vertices:[{id:a}]}]}");
    let error = Machine::new(Arc::new(suite), 1).expect_err("no machine");
    assert_eq!(error.to_string(), "5");
}

#[test]
fn models_without_a_link_follow_one_another_and_need_generators() {
    let mut walked = machine(include_str!("../../../conformance/graphwalker/multi.json"));
    assert_eq!(
        walked
            .step()
            .and_then(|_| walked.step())
            .map(|step| step.model),
        Ok(0)
    );
    let error = walked.has_next().expect_err("no generator");
    assert_eq!(error.to_string(), "No path generator is defined");
    let two = include_str!("../../../conformance/graphwalker/multi.json").replace(
        "\"startElementId\":\"be\"",
        "\"startElementId\":\"be\",\"generator\":\"random(edge_coverage(100))\"",
    );
    let mut walked = machine(&two);
    assert_eq!(walk(&mut walked, 100).expect("a walk"), "ae a be b");
    let statistics = walked.statistics();
    assert_eq!(
        (
            statistics.completed,
            statistics.visited_edges,
            statistics.edge_coverage()
        ),
        (2, 2, 100)
    );
}

#[test]
fn shared_states_lead_from_model_to_model() {
    let text = "{models:[{id:m,generator:'random(vertex_coverage(100))',startElementId:A,actions:['x=1'],
        vertices:[{id:A,name:A},{id:B,name:B,sharedState:S}],edges:[{id:ab,sourceVertexId:A,targetVertexId:B}]},
        {id:n,generator:'random(vertex_coverage(100))',
        vertices:[{id:C,name:C,sharedState:S},{id:D,name:D,actions:['global.done = true']}],
        edges:[{id:cd,sourceVertexId:C,targetVertexId:D,guard:\"typeof x === 'undefined'\"}]}]}";
    let mut machine = machine(text);
    assert_eq!(walk(&mut machine, 20).expect("a walk"), "A ab B C cd D");
    assert_eq!(
        (machine.status(0), machine.status(1)),
        (Some(Status::Completed), Some(Status::Completed))
    );
    assert_eq!(machine.model(), 1);
}

#[test]
fn requirements_pass_with_their_vertex_and_one_step_after_their_edge() {
    let text = "{models:[{id:m,generator:'random(requirement_coverage(100))',startElementId:e,requirements:[M],
        vertices:[{id:A,requirements:[R1]},{id:B,requirements:[R1,R3]}],
        edges:[{id:e,targetVertexId:A,requirements:[R2]},{id:ab,sourceVertexId:A,targetVertexId:B},
        {id:ba,sourceVertexId:B,targetVertexId:A}]}]}";
    let mut machine = machine(text);
    let passed = |machine: &Machine| machine.statistics().requirements.passed.len();
    machine.step().expect("e");
    assert_eq!((passed(&machine), machine.fulfilment()), (0, 0.0));
    machine.step().expect("A");
    assert_eq!((passed(&machine), machine.fulfilment()), (2, 0.5));
    assert_eq!(machine.has_next(), Ok(true));
    walk(&mut machine, 100).expect("a walk");
    let requirements = machine.statistics().requirements;
    assert_eq!((requirements.total(), requirements.coverage()), (5, 100));
    assert_eq!(
        &*requirements.passed[0].1, "M",
        "the model's own, because it is completed"
    );
}

#[test]
fn a_failed_step_fails_its_requirements_and_its_model() {
    let text = "{models:[{id:m,generator:'random(never)',startElementId:e,
        vertices:[{id:A,requirements:[R1]}],edges:[{id:e,targetVertexId:A,requirements:[R2]}]}]}";
    let mut machine = machine(text);
    assert!(walk(&mut machine, 100).is_err());
    let statistics = machine.statistics();
    let failed: Vec<&str> = statistics
        .requirements
        .failed
        .iter()
        .map(|(_, key)| &**key)
        .collect();
    assert_eq!(failed, ["R1", "R2"]);
    assert_eq!((statistics.failed, machine.has_next()), (1, Ok(false)));
}

#[test]
fn how_far_a_condition_is_fulfilled() {
    let line = "vertices:[{id:A,name:A},{id:B,name:B}],edges:[{id:ab,name:ab,sourceVertexId:A,targetVertexId:B,dependency:80},
        {id:ba,name:ba,sourceVertexId:B,targetVertexId:A,dependency:20}]";
    for (condition, expected) in [
        ("edge_coverage(100)", [0.0, 0.5, 0.5, 1.0]),
        ("edge_coverage(50)", [0.0, 1.0, 1.0, 2.0]),
        ("vertex_coverage(100)", [0.5, 0.5, 1.0, 1.0]),
        ("dependency_edge_coverage(50)", [0.0, 1.0, 1.0, 1.0]),
        ("dependency_edge_coverage(90)", [0.0, 0.0, 0.0, 0.0]),
        ("length(4)", [0.25, 0.5, 0.75, 1.0]),
        ("time_duration(4)", [0.25, 0.5, 0.75, 1.0]),
        ("never", [0.0, 0.0, 0.0, 0.0]),
        ("edge_coverage(0)", [0.0, 1.0, 1.0, 1.0]),
        ("length(4) and edge_coverage(100)", [0.125, 0.5, 0.625, 1.0]),
        ("length(4) or edge_coverage(100)", [0.25, 0.5, 0.75, 1.0]),
        (
            "reached_vertex(B)",
            [1.0 - 2.0 / 3.0, 1.0 - 1.0 / 3.0, 1.0, 0.0],
        ),
    ] {
        let text =
            format!("{{models:[{{startElementId:A,generator:'random({condition})',{line}}}]}}");
        let mut machine = machine(&text);
        let mut found = Vec::new();
        for second in 1..=4 {
            machine.step().expect("a step");
            machine.set_elapsed(Duration::from_secs(second));
            found.push(machine.fulfilment());
        }
        assert_eq!(found, expected, "{condition}");
    }
}

#[test]
fn a_target_that_nothing_leads_to_is_not_reached() {
    let text = "{models:[{startElementId:e,generator:'random(reached_vertex(B))',vertices:[{id:A,name:A},{id:B,name:B}],
        edges:[{id:e,targetVertexId:A},{id:aa,sourceVertexId:A,targetVertexId:A}]}]}";
    let mut machine = machine(text);
    machine.step().expect("a step");
    assert_eq!((machine.fulfilment(), machine.has_next()), (0.0, Ok(true)));
}

#[test]
fn a_search_that_cannot_end_says_what_it_misses() {
    let text = "{models:[{startElementId:A,generator:'quick_random(edge_coverage(100))',vertices:[{id:A,name:A},{id:B,name:B}],
        edges:[{id:ab,sourceVertexId:A,targetVertexId:B},{id:ba,sourceVertexId:B,targetVertexId:A},
        {id:closed,name:e_closed,sourceVertexId:A,targetVertexId:B,guard:'false'}]}]}";
    let error = issue_within(text, 10_000);
    assert!(
        error.starts_with(
            "quick_random finds no way to e_closed (closed) and 0 more: nothing new was reached"
        ),
        "{error}"
    );
}

fn issue_within(text: &str, most: usize) -> String {
    let mut machine = machine(text);
    walk(&mut machine, most).expect_err("a failure").to_string()
}

#[test]
fn blocked_elements_are_taken_out_with_their_edges() {
    let text = "{models:[{startElementId:e,predefinedPathEdgeIds:[ab],
        vertices:[{id:A},{id:X,properties:{blocked:true}},{id:B,properties:{blocked:false}}],
        edges:[{id:e,targetVertexId:A},{id:ax,sourceVertexId:A,targetVertexId:X},{id:xb,sourceVertexId:X,targetVertexId:B},
        {id:gone,sourceVertexId:A,targetVertexId:B,properties:{blocked:true}},
        {id:ab,sourceVertexId:A,targetVertexId:B,dependency:70}]}]}";
    let kept = without_blocked(&suite(text)).expect("models");
    let model = &kept.models[0];
    let ids: Vec<&str> = model.edges.iter().map(|edge| &*edge.id).collect();
    assert_eq!((model.vertices.len(), ids), (2, vec!["e", "ab"]));
    assert_eq!(model.edges[1].target.vertex(), Some(1));
    assert_eq!(
        (model.edges[1].dependency, &*model.path, model.start),
        (70, &[1][..], Some(Element::Edge(0)))
    );
    let path = text.replace("[ab]", "[gone]");
    let error = without_blocked(&suite(&path))
        .expect_err("a blocked path")
        .to_string();
    assert_eq!(
        error,
        "Not all edges from predefined path exist in the model"
    );
    let odd = text.replace("blocked:false", "blocked:'no'");
    let error = without_blocked(&suite(&odd))
        .expect_err("no truth")
        .to_string();
    assert_eq!(
        error,
        "the property `blocked` of null (B) is \"no\", it must be true or false: write `\"blocked\": true`"
    );
}

#[test]
fn the_models_of_a_walk_have_canonical_generators_and_no_start_that_was_passed() {
    let mut machine = machine(include_str!("../../../conformance/graphwalker/g1.json"));
    let text = |machine: &Machine| json::write(&machine.models(), Scope::Reference);
    assert!(
        text(&machine)
            .contains(r#""generator":"RandomPath(EdgeCoverage(100))","startElementId":"e0""#)
    );
    machine.step().expect("a step");
    assert!(!text(&machine).contains("startElementId"));
}

fn any_model() -> impl Strategy<Value = String> {
    let edges = prop::collection::vec(
        (
            0..6_u32,
            0..6_u32,
            prop::option::of(0..4_u32),
            any::<bool>(),
        ),
        0..20,
    );
    let generators = prop::sample::select(vec![
        "random(edge_coverage(100))",
        "weighted_random(vertex_coverage(100) or length(30))",
        "quick_random(edge_coverage(100))",
        "a_star(reached_vertex(v3)) random(length(40))",
        "shortest_all_paths(never)",
        "new_shortest_all_paths(edge_coverage(100))",
        "random(reached_vertex(v2) and edge_coverage(50))",
    ]);
    (edges, generators, prop::collection::vec(any::<bool>(), 6)).prop_map(|(edges, generator, shared)| {
        // A planned tour goes on where it stopped, wherever a shared state brings the walk back to, as in the
        // reference: what is planned is asked for in models that are not left.
        let is_planned = generator.contains("all_paths");
        let shared: Vec<bool> = shared.into_iter().map(|is_shared| is_shared && !is_planned).collect();
        let model = |id: &str, start: &str| {
            let vertices = shared.iter().enumerate().map(|(at, shared)| {
                let shared = if *shared { ",sharedState:S" } else { "" };
                format!("{{id:v{at},name:v{at},actions:['n=(typeof n===\"undefined\"?0:n)+1'],requirements:[R]{shared}}}")
            });
            let vertices: Vec<_> = vertices.collect();
            let edges = edges.iter().enumerate().map(|(at, (source, target, weight, guarded))| {
                let guard = if *guarded { ",guard:'n%3!=1'" } else { "" };
                let weight = weight.map_or(0.0, |weight| f64::from(weight) / 16.0);
                format!("{{id:e{at},sourceVertexId:v{source},targetVertexId:v{target},weight:{weight}{guard}}}")
            });
            let edges: Vec<_> = edges.collect();
            let (vertices, edges) = (vertices.join(","), edges.join(","));
            format!("{{id:{id},{start}generator:'{generator}',vertices:[{vertices}],edges:[{edges}]}}")
        };
        format!("{{models:[{},{}]}}", model("a", "startElementId:v0,"), model("b", ""))
    })
}

/// The elements of a walk and how it ended.
fn trace(machine: &mut Machine) -> (Vec<(usize, Element)>, String) {
    let mut steps = Vec::new();
    while steps.len() < 300 {
        match machine.has_next() {
            Ok(true) => {}
            other => return (steps, format!("{other:?}")),
        }
        match machine.step() {
            Ok(step) => steps.push((step.model, step.element)),
            Err(error) => return (steps, error.to_string()),
        }
    }
    (steps, String::new())
}

proptest! {
    #[test]
    fn every_walk_stays_in_the_graph_and_is_counted(text in any_model(), seed in any::<i64>()) {
        let suite = Arc::new(suite(&text));
        let mut machine = Machine::new(Arc::clone(&suite), seed).expect("a machine");
        let (steps, end) = trace(&mut machine);
        for pair in steps.windows(2) {
            let ((from, before), (model, after)) = (pair[0], pair[1]);
            let of = |model: usize| &suite.models[model];
            let follows = match (before, after) {
                _ if from != model => match (before, after) {
                    (Element::Vertex(a), Element::Vertex(b)) => {
                        let shared = &of(from).vertices[a as usize].shared;
                        shared.is_some() && *shared == of(model).vertices[b as usize].shared
                    }
                    // A model that was left without a shared state is begun, or gone on with, by itself.
                    _ => false,
                },
                (Element::Vertex(a), Element::Edge(b)) => of(model).edges[b as usize].source.vertex() == Some(a),
                (Element::Edge(a), Element::Vertex(b)) => of(model).edges[a as usize].target.vertex() == Some(b),
                _ => before == after,
            };
            prop_assert!(follows, "{pair:?} in {text}");
        }
        let mut counts: HashMap<(usize, Element), u32> = HashMap::new();
        for step in &steps {
            *counts.entry(*step).or_default() += 1;
        }
        for (number, model) in suite.models.iter().enumerate() {
            for element in model.elements() {
                let counted = counts.get(&(number, element)).copied().unwrap_or_default();
                prop_assert_eq!(machine.visits(number, element), counted);
            }
        }
        let statistics = machine.statistics();
        let visited = counts.keys().filter(|(_, element)| matches!(element, Element::Edge(_))).count();
        prop_assert_eq!(statistics.visited_edges as usize, visited);
        prop_assert_eq!(statistics.edges_not_visited.len(), statistics.edges as usize - visited);
        prop_assert_eq!(machine.total_visits(), steps.len() as u64);
        let mut again = Machine::new(suite, seed).expect("a machine");
        prop_assert_eq!(trace(&mut again), (steps, end));
    }
}
