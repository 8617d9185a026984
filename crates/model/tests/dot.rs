//! Graphviz texts go in and come out; the whole grammar is read.

use proptest::prelude::*;
use sockeye_core::Random;
use sockeye_model::dot::{read, write};
use sockeye_model::{Element, End, Model};

fn parse(text: &str) -> Model {
    read(text, "file", &mut Random::seeded(1)).expect("a model")
}

#[test]
fn nodes_and_arrows_become_vertices_and_edges() {
    let model = parse(
        "/* c */ strict digraph \"My graph\" { // c
        # a line
        rankdir=LR; node [shape=box]; edge [color=red, style=bold]
        start; a [label=\"v_A SHARED: S\"][color=red]; \"b c\" [label=v_B, color=\"red\"]
        start -> a [label=e_Init]; a:n -> \"b c\":p:s -> a [label=\"e_Go [x>1]\\n/x++; y--;\", id=go];
        A -- -1.5 ; a -> {c d}; subgraph cluster_x { e }
        }",
    );
    assert_eq!(model.name.as_deref(), Some("My graph"));
    let ids: Vec<_> = model
        .vertices
        .iter()
        .map(|vertex| vertex.id.as_deref().unwrap_or_default())
        .collect();
    assert_eq!(ids, ["a", "b c", "A", "-1.5", "c", "d", "e"]);
    assert_eq!(
        (
            model.vertices[0].name.as_deref(),
            model.vertices[0].shared.as_deref()
        ),
        (Some("v_A"), Some("S"))
    );
    assert_eq!(
        (
            model.vertices[1].name.as_deref(),
            model.vertices[4].name.as_deref()
        ),
        (Some("v_B"), Some("c"))
    );
    assert_eq!(model.start, Some(Element::Edge(0)));
    assert_eq!(
        (&*model.edges[0].id, &model.edges[0].source),
        ("e_Init", &End::None)
    );
    let edge = &model.edges[1];
    assert_eq!(
        (&*edge.id, edge.name.as_deref(), edge.guard.as_deref()),
        ("go", Some("e_Go"), Some("x>1"))
    );
    assert_eq!(&*edge.actions, ["x++; y--;".into()]);
    assert_eq!(model.edges.len(), 6, "an arrow for each pair");
    assert_eq!(model.edges[5].target, End::Vertex(5));
    assert_eq!(model.edges[5].id.len(), 36, "a UUID without a label");
}

#[test]
fn what_is_no_graph_is_refused_with_its_place() {
    for (text, expected) in [
        (
            "",
            "line 1, column 1: `digraph` or `graph` is expected here",
        ),
        (
            "digraph {a -> }",
            "line 1, column 15: the name of a node is expected here",
        ),
        (
            "digraph {\n a",
            "line 2, column 3: the graph ends too early",
        ),
        (
            "digraph {a [label=]}",
            "line 1, column 19: a value is expected here",
        ),
    ] {
        let error = read(text, "file", &mut Random::seeded(1))
            .expect_err(text)
            .to_string();
        assert_eq!(
            error,
            format!("{expected}; see Graphviz's page on the DOT language")
        );
    }
    let error = read("graph {a %}", "file", &mut Random::seeded(1))
        .expect_err("a mark")
        .to_string();
    assert_eq!(
        error,
        "line 1, column 10: `%` means nothing here; put names with such characters in quotes"
    );
    let deep = format!("graph {}", "{".repeat(100_000));
    assert!(read(&deep, "file", &mut Random::seeded(1)).is_err());
}

#[test]
fn what_is_written_is_read_back() {
    let text = "digraph M {s [label=start]; a [label=\"v_A SHARED:S INIT: x=\\\"\\\\\\\\\\\"; REQTAG=q,r\"]; b [label=BLOCKED];
        s -> a [label=e_Init]; a -> b [id=e1, label=\"[x>1] weight=.25 dependency=7 BLOCKED\\n/x='a';\"]; b -> a [id=e2]}";
    let model = parse(text);
    let written = write(&model).expect("a text");
    let mut again = parse(&written);
    again.id = model.id.clone();
    assert_eq!(again, model, "{written}");
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "[a-c{}\\[\\];,=:<>\" \n/*#-]{0,40}") {
        let _ = read(&text, "file", &mut Random::seeded(1));
        let _ = read(&format!("digraph {{{text}"), "file", &mut Random::seeded(1));
    }
}
