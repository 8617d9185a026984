//! Walks with known elements: recorded from the reference, or worked out by a second implementation of its rules.

use std::sync::Arc;

use serde_json::Value;
use sockeye_core::Random;
use sockeye_model::machine::{Machine, WalkError};
use sockeye_model::{Suite, json};

fn suite(text: &str) -> Suite {
    json::read(text, &mut Random::seeded(1)).expect("models")
}

fn machine(mut suite: Suite, generator: &str, seed: i64) -> Machine {
    for model in &mut suite.models {
        model.generator = Some(generator.into());
    }
    Machine::new(Arc::new(suite), seed).expect("a machine")
}

/// The ids of at most `most` elements.
fn walk(machine: &mut Machine, most: usize) -> Result<Vec<String>, WalkError> {
    let mut path = Vec::new();
    while path.len() < most && machine.has_next()? {
        let step = machine.step()?;
        path.push(machine.name(step).id.to_string());
    }
    Ok(path)
}

fn ids(path: &Value) -> Vec<String> {
    let ids = path.as_array().expect("a path").iter();
    ids.map(|id| id.as_str().expect("an id").to_owned())
        .collect()
}

#[test]
fn walks_of_the_reference_are_repeated_element_for_element() {
    let text = include_str!("../../../conformance/graphwalker/vectors.json");
    let vectors: Value = serde_json::from_str(text).expect("JSON");
    let model = vectors["model"].to_string();
    let cases = vectors["cases"].as_array().expect("cases");
    assert!(cases.len() > 30);
    for case in cases {
        let generator = case["generator"].as_str().expect("a generator");
        let mut machine = machine(
            suite(&model),
            generator,
            case["seed"].as_i64().unwrap_or(99),
        );
        let path = walk(&mut machine, 1000).expect("a walk");
        assert_eq!(
            path,
            ids(&case["path"]),
            "{generator} with seed {}",
            case["seed"]
        );
    }
}

#[test]
fn walks_of_the_second_implementation_are_repeated() {
    let text = include_str!("../../../conformance/graphwalker/walks.json");
    let cases: Value = serde_json::from_str(text).expect("JSON");
    for (number, case) in cases.as_array().expect("cases").iter().enumerate() {
        let seed = case["seed"].as_i64().expect("a seed");
        let suite = Arc::new(suite(&case.to_string()));
        let mut machine = Machine::new(suite, seed).expect("a machine");
        let expected = ids(&case["path"]);
        let path = walk(&mut machine, expected.len().max(150)).expect("a walk");
        assert_eq!(
            path, expected,
            "case {number}: {}",
            case["models"][0]["generator"]
        );
    }
}

/// A model of these vertices and edges: `A B; ab:A>B ba:B>A`, without names of its own.
fn graph(text: &str) -> Suite {
    let (vertices, edges) = text.split_once(';').expect("vertices; edges");
    let vertices = vertices
        .split_whitespace()
        .map(|id| format!("{{id:{id},name:v_{id}}}"));
    let edges = edges.split_whitespace().map(|edge| {
        let (id, ends) = edge.split_once(':').expect("id:ends");
        let (source, rest) = ends.split_once('>').expect("source>target");
        let (target, weight) = rest.split_once('@').unwrap_or((rest, "0"));
        let source = if source.is_empty() {
            String::new()
        } else {
            format!("sourceVertexId:{source},")
        };
        format!("{{id:{id},name:e_{id},{source}targetVertexId:{target},weight:{weight}}}")
    });
    let vertices: Vec<_> = vertices.collect();
    let edges: Vec<_> = edges.collect();
    suite(&format!(
        "{{models:[{{id:m,vertices:[{}],edges:[{}]}}]}}",
        vertices.join(","),
        edges.join(",")
    ))
}

fn from(mut suite: Suite, start: &str, generator: &str, seed: i64) -> Machine {
    suite.models[0].start = suite.models[0].find(start);
    machine(suite, generator, seed)
}

fn four_edges() -> Suite {
    graph("A B; ab:A>B ab_2:A>B ab_3:A>B ba:B>A")
}

#[test]
fn seeded_walks_of_the_reference_s_own_tests() {
    for (generator, expected) in [
        (
            "random(length(30))",
            "A ab B ba A ab_2 B ba A ab_2 B ba A ab_2 B ba A ab B ba A ab_3 B ba A ab_2 B ba A ab B",
        ),
        (
            "quick_random(length(30))",
            "A ab B ba A ab_3 B ba A ab_2 B ba A ab B ba A ab_3 B ba A ab_2 B ba A ab B ba A ab_2 B",
        ),
    ] {
        let mut machine = from(four_edges(), "A", generator, 1_349_327_921);
        let path = walk(&mut machine, 100).expect("a walk").join(" ");
        assert_eq!(path.get(..expected.len()), Some(expected), "{generator}");
    }
}

#[test]
fn weights_decide_how_often_an_edge_is_taken() {
    let text = "A B; edge1:A>B@0.5 edge2:A>B@0.25 edge3:A>B@0.15 edge4:A>B edge5:A>B back:B>A";
    let mut machine = from(
        graph(text),
        "A",
        "weighted_random(length(30))",
        1_349_327_921,
    );
    let path = walk(&mut machine, 100).expect("a walk");
    let taken: Vec<&str> = path
        .iter()
        .map(String::as_str)
        .filter(|id| id.starts_with("edge"))
        .collect();
    assert_eq!(
        taken,
        [
            "edge1", "edge1", "edge1", "edge1", "edge1", "edge2", "edge2", "edge1"
        ]
    );
    let mut machine = from(
        graph("A B; a:A>B@0.8 b:A>B@0.3"),
        "A",
        "weighted_random(never)",
        1,
    );
    let error = walk(&mut machine, 9).expect_err("too much");
    assert_eq!(
        error.to_string(),
        "org.graphwalker.core.machine.MachineException: The sum of all weights in edges from vertex: 'v_A', adds up to \
         more than 1.00"
    );
    let mut machine = from(
        graph("A B; a:A>B@0.01"),
        "A",
        "weighted_random(length(3))",
        1,
    );
    assert_eq!(
        walk(&mut machine, 9).expect("the only edge"),
        ["A", "a", "B"]
    );
}

#[test]
fn what_stops_a_walk_is_said_in_the_reference_s_words() {
    for (text, generator, expected) in [
        (
            "A B; ab:A>B",
            "random(never)",
            "org.graphwalker.core.generator.NoPathFoundException: Could not find a valid path from element: v_B (B)",
        ),
        (
            "A B C; ab:A>B ac:A>C",
            "shortest_all_paths(never)",
            "org.graphwalker.core.algorithm.AlgorithmException: The model is not eulerian or semi eulerian, no single \
             path can cover the entire graph",
        ),
        (
            "A B; ab:A>B ba:B>A",
            "shortest_all_paths(never)",
            "java.util.NoSuchElementException",
        ),
        (
            "A B; ab:A>B ba:B>A",
            "new_shortest_all_paths(never)",
            "java.util.NoSuchElementException",
        ),
        (
            "A B C; ab:A>B ba:B>A ca:C>A",
            "shortest_all_paths(never)",
            "org.graphwalker.core.algorithm.AlgorithmException",
        ),
        (
            "A B; ab:A>B ba:B>A",
            "predefined_path(predefined_path)",
            "NONE",
        ),
        (
            "A B C; ab:A>B ba:B>A cb:C>B",
            "a_star(reached_vertex(v_C))",
            "none of the targets can be reached from v_A (A): add an edge that leads there, or choose another target",
        ),
    ] {
        let mut machine = from(graph(text), "A", generator, 1);
        let end =
            walk(&mut machine, 100).map_or_else(|error| error.to_string(), |_| "NONE".to_owned());
        assert_eq!(end, expected, "{generator} on {text}");
    }
    for (generator, expected) in [
        ("random(reached_vertex(zz))", "Vertex [zz] not found"),
        ("random(reached_edge(v_A))", "Edge [v_A] not found"),
        ("random(reached_shared_state(s))", "Shared state not found"),
        ("random(foo)", "No valid stop condition found."),
    ] {
        let mut suite = four_edges();
        suite.models[0].generator = Some(generator.into());
        let error = Machine::new(Arc::new(suite), 1).expect_err("refused");
        assert_eq!(error.to_string(), expected);
    }
    let error = Machine::new(Arc::new(four_edges()), 1).expect_err("no start");
    assert_eq!(error.to_string(), "No start context found");
}

#[test]
fn a_postman_repeats_as_few_edges_as_possible() {
    for (text, steps) in [
        // Two edges into B and one out: the way back is walked twice, the end is free.
        ("A B; ab:A>B ab2:A>B ba:B>A", 3),
        ("A B; ab:A>B ab2:A>B ab3:A>B ba:B>A", 5),
        ("A B C; ab:A>B bc:B>C ca:C>A ac:A>C cb:C>B", 5),
        // Three ways out to C, one of them long: back by the shorter one.
        ("A B C; ac:A>C ac2:A>C ac3:A>C ca:C>A cb:C>B ba:B>A", 6),
        ("A B C D; ab:A>B bc:B>C", 2),
    ] {
        let mut machine = from(graph(text), "A", "directed_chinese_postman(never)", 1);
        let mut path = Vec::new();
        while let Ok(step) = machine.step() {
            path.push(machine.name(step).id.to_string());
        }
        assert_eq!(path.len(), 2 * steps + 1, "{text}: {path:?}");
        let statistics = machine.statistics();
        assert_eq!(
            statistics.visited_edges, statistics.edges,
            "{text}: {path:?}"
        );
    }
}

/// The fewest steps over all edges from vertex 0, by trying all paths, shortest first.
fn fewest(edges: &[(usize, usize)]) -> Option<usize> {
    let all = (1_u32 << edges.len()) - 1;
    let mut seen = std::collections::HashSet::from([(0, 0)]);
    let mut level = vec![(0_usize, 0_u32)];
    for steps in 0.. {
        if level.iter().any(|(_, done)| *done == all) {
            return Some(steps);
        }
        let mut next = Vec::new();
        for (vertex, done) in level {
            let edges = edges
                .iter()
                .enumerate()
                .filter(|(_, (source, _))| *source == vertex);
            for (at, (_, target)) in edges {
                let state = (*target, done | 1 << at);
                next.extend(seen.insert(state).then_some(state));
            }
        }
        if next.is_empty() {
            return None;
        }
        level = next;
    }
    None
}

proptest::proptest! {
    #[test]
    fn no_path_over_all_edges_is_shorter_than_the_postman_s(
        edges in proptest::collection::vec((0..4_usize, 0..4_usize), 1..9)
    ) {
        // From A every vertex can be reached, or its edges do not count.
        let text = edges.iter().enumerate().map(|(at, (source, target))| format!(" e{at}:v{source}>v{target}"));
        let text: String = text.collect();
        let mut machine = from(graph(&format!("v0 v1 v2 v3;{text}")), "v0", "directed_chinese_postman(never)", 1);
        let mut steps = 0;
        let end = loop {
            match machine.step() {
                Ok(_) => steps += 1,
                Err(error) => break error,
            }
        };
        if let Some(fewest) = fewest(&edges) {
            proptest::prop_assert_eq!(steps, 2 * fewest + 1);
        } else {
            let statistics = machine.statistics();
            let gave_up = matches!(end, WalkError::Torn(_));
            proptest::prop_assert!(gave_up || statistics.visited_edges < statistics.edges);
        }
    }
}
