//! Models of a hundred thousand elements in the shapes that exhaust readers and searches: everything ends, on a small stack.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sockeye_core::Random;
use sockeye_model::check::check;
use sockeye_model::json::{self, Scope};
use sockeye_model::machine::{Bounds, Machine, WalkError};
use sockeye_model::paths::cover;
use sockeye_model::{Edge, Element, End, Model, Suite, Vertex, dot, graphml};

const MANY: usize = 100_000;
/// Enough to leave what was worked out before the first.
const STEPS: u64 = 2_000;
/// What a thread of a service has is several times this.
const STACK: usize = 256 * 1024;
/// Scripts may have 512 KiB, in an engine that is not built for speed here.
const SCRIPT_STACK: usize = 2 * 1024 * 1024;
/// Much more than any of these takes, much less than a search that looks at everything for each element.
const LONG: Duration = Duration::from_mins(2);

const GENERATORS: [&str; 10] = [
    "random(edge_coverage(100))",
    "weighted_random(vertex_coverage(100))",
    "quick_random(edge_coverage(100))",
    "a_star(reached_vertex(last))",
    "random(reached_vertex(last))",
    "shortest_all_paths(never)",
    "new_shortest_all_paths(never)",
    "directed_chinese_postman(tour(open))",
    "directed_chinese_postman(tour(closed))",
    "random(length(1000) or reached_edge(e))",
];

/// A model of these edges between so many vertices, the last of which is called `last`.
fn model(vertices: usize, edges: impl Iterator<Item = (usize, usize)>) -> Suite {
    let vertex = |at: usize| Vertex {
        id: Some(format!("v{at}").into()),
        name: Some(if at + 1 == vertices { "last" } else { "v" }.into()),
        ..Vertex::default()
    };
    let end = |at: usize| End::Vertex(u32::try_from(at).expect("a number"));
    let edge = |(at, (from, to)): (usize, (usize, usize))| Edge {
        id: format!("e{at}").into(),
        name: Some("e".into()),
        source: end(from),
        target: end(to),
        ..Edge::default()
    };
    let model = Model {
        id: "m".into(),
        start: Some(Element::Vertex(0)),
        vertices: (0..vertices).map(vertex).collect(),
        edges: edges.enumerate().map(edge).collect(),
        ..Model::default()
    };
    Suite {
        models: vec![model],
        ..Suite::default()
    }
}

/// Runs this on a thread with little stack.
fn on_small_stack(work: impl FnOnce() + Send + 'static) {
    on_stack(STACK, work);
}

fn on_stack(bytes: usize, work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .stack_size(bytes)
        .spawn(work)
        .expect("a thread");
    thread.join().expect("it ends without a fault");
}

fn read(text: &str) -> Suite {
    json::read(text, &mut Random::seeded(1)).expect("models")
}

/// Checks, plans and walks a model in every way.
fn use_up(suite: &Suite) {
    let begun = Instant::now();
    check(suite);
    cover(suite).expect("a cover");
    for generator in GENERATORS {
        let mut suite = suite.clone();
        suite.models[0].generator = Some(generator.into());
        let has_edges = !suite.models[0].edges.is_empty();
        let mut machine = match Machine::new(Arc::new(suite), 1) {
            Err(WalkError::NoEdge(_)) if !has_edges => continue,
            built => built.expect("a machine"),
        };
        machine.set_bounds(Bounds {
            steps: Some(STEPS),
            time: None,
        });
        let mut steps = 0;
        while machine.has_next() == Ok(true) && machine.step().is_ok() {
            steps += 1;
        }
        assert!(
            steps <= 3 * MANY && machine.fulfilment().is_finite(),
            "{generator}"
        );
        machine.statistics();
        assert!(
            begun.elapsed() < LONG,
            "{generator} took until {:?}",
            begun.elapsed()
        );
    }
}

#[test]
fn one_behind_the_other() {
    on_small_stack(|| use_up(&model(MANY / 2, (1..MANY / 2).map(|at| (at - 1, at)))));
}

#[test]
fn in_a_ring() {
    let half = MANY / 2;
    on_small_stack(move || use_up(&model(half, (0..half).map(|at| (at, (at + 1) % half)))));
}

#[test]
fn all_around_one() {
    let around = (1..MANY / 3).flat_map(|at| [(0, at), (at, 0)]);
    on_small_stack(move || use_up(&model(MANY / 3, around)));
}

#[test]
fn all_away_from_one() {
    on_small_stack(|| use_up(&model(MANY / 2, (1..MANY / 2).map(|at| (0, at)))));
}

#[test]
fn back_to_itself() {
    on_small_stack(|| use_up(&model(1, (0..MANY).map(|_| (0, 0)))));
}

#[test]
fn side_by_side() {
    on_small_stack(|| use_up(&model(2, (0..MANY).map(|at| (at % 2, (at + 1) % 2)))));
}

#[test]
fn as_text() {
    on_small_stack(|| {
        let suite = model(MANY, std::iter::empty());
        assert_eq!(read(&json::write(&suite, Scope::Reference)), suite);
    });
}

#[test]
fn without_edges() {
    on_small_stack(|| use_up(&model(MANY, std::iter::empty())));
}

#[test]
fn names_texts_and_labels_of_a_megabyte() {
    on_stack(SCRIPT_STACK, || {
        let long = "n".repeat(1_000_000);
        for (guard, action) in [
            (
                format!("true || '{long}' == ''"),
                format!("x = '{long}'.length;"),
            ),
            ("(".repeat(100_000), "{".repeat(100_000)),
            (format!("{}true", "!".repeat(100_000)), "[".repeat(100_000)),
        ] {
            let text = format!(
                "{{models:[{{id:m,name:'{long}',generator:'random(reached_edge(\"{long}\"))',startElementId:A,
                vertices:[{{id:A,name:'{long}',requirements:['{long}']}}],
                edges:[{{id:'{long}',name:'{long}',sourceVertexId:A,targetVertexId:A,guard:\"{guard}\",
                actions:[\"{action}\"]}}]}}]}}"
            );
            let suite = read(&text);
            check(&suite);
            let mut machine = Machine::new(Arc::new(suite), 1).expect("a machine");
            let mut steps = 0;
            while machine.has_next() == Ok(true) && machine.step().is_ok() {
                steps += 1;
            }
            assert!(steps < 10);
        }
        let begun = Instant::now();
        for label in [
            format!("v/{}", "x=1;".repeat(100_000)),
            format!("v[{}", "(".repeat(100_000)),
            format!("v\n{}", "REQTAG=".repeat(100_000)),
            "v/".repeat(100_000),
        ] {
            let graph = format!(
                "<graphml><graph><node id=\"n0\"><data><ShapeNode><NodeLabel>Start</NodeLabel></ShapeNode></data></node>
                <node id=\"n1\"><data><ShapeNode><NodeLabel>{label}</NodeLabel></ShapeNode></data></node>
                <edge id=\"e0\" source=\"n0\" target=\"n1\"><data><PolyLineEdge><EdgeLabel>{label}</EdgeLabel>
                </PolyLineEdge></data></edge></graph></graphml>"
            );
            let _read = graphml::read(&graph, "long", &mut Random::seeded(1));
        }
        let deep = format!("{}{}", "<g>".repeat(MANY), "</g>".repeat(MANY));
        assert!(graphml::read(&deep, "deep", &mut Random::seeded(1)).is_err());
        let _read = dot::read(
            &format!("digraph {{ {} }}", "{".repeat(MANY)),
            "deep",
            &mut Random::seeded(1),
        );
        let deep = format!("{{models:{}", "[".repeat(MANY));
        assert!(json::read(&deep, &mut Random::seeded(1)).is_err());
        assert!(begun.elapsed() < LONG);
    });
}
