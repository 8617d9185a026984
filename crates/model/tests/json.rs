//! JSON in every dialect goes in and comes out in one form; mistakes come with their place.

use proptest::prelude::*;
use sockeye_core::Random;
use sockeye_model::json::{Scope, read, write};
use sockeye_model::{Edge, Element, End, Model, Suite, Vertex};

fn parse(text: &str) -> Suite {
    read(text, &mut Random::seeded(1)).expect("models")
}

fn refusal(text: &str) -> String {
    read(text, &mut Random::seeded(1))
        .expect_err("a mistake")
        .to_string()
}

#[test]
fn all_members_are_read_and_written_in_order() {
    let suite = parse(include_str!("../../../conformance/graphwalker/d1.json"));
    let expected = concat!(
        r#"{"models":[{"name":"dir/D1.model","id":"D1","generator":"random(edge_coverage(100))","#,
        r#""startElementId":"e0","actions":["x\u003d1;"],"properties":{"p":1.0},"vertices":[{"id":"A","name":"v_A","#,
        r#""requirements":["R1"],"properties":{"x":-5.5,"y":100.0,"tags":["a",1.0],"o":{"k":null},"b":true,"s":"t"}},"#,
        r#"{"id":"B","name":"v_B","actions":["x\u003dx*2"]}],"edges":[{"id":"e0","actions":["x\u003dx+1;"],"#,
        r#""weight":0.0,"dependency":0,"targetVertexId":"A"},{"id":"ab","name":"e_ab","guard":"x\u003e1","#,
        r#""weight":0.25,"dependency":90,"sourceVertexId":"A","targetVertexId":"B"},{"id":"ba","name":"e_ba","#,
        r#""properties":{"blocked":false},"weight":0.0,"dependency":0,"sourceVertexId":"B","targetVertexId":"A"}]}]}"#
    );
    assert_eq!(write(&suite, Scope::Reference), expected);
    assert_eq!(suite.seed, Some(5));
    assert!(write(&suite, Scope::Whole).starts_with(r#"{"name":"D1","seed":5,"models""#));
}

#[test]
fn the_oldest_dialect_is_a_bare_model() {
    let suite = parse(include_str!(
        "../../../conformance/graphwalker/dialect-a.json"
    ));
    let model = &suite.models[0];
    assert_eq!(model.name.as_deref(), Some("Small model"));
    assert_eq!(model.start, Some(Element::Edge(0)));
    assert_eq!(model.edges[1].source, End::Vertex(0));
    assert_eq!(
        model.edges[0].actions.len(),
        2,
        "all actions, however few vertices there are"
    );
    assert_eq!(&*model.edges[0].actions[1], "y=0;");
}

#[test]
fn leniency_is_that_of_the_reference() {
    let text = "\u{feff}/* licence */ {models:[{'id':1; name=>x, # a comment\n vertices:[{id:a},], // another\n \
        edges:[{id:e,targetVertexId:'a',weight:'0.5',dependency:\"7\",guard:\"a\\u0041\"}]}], seed:\"12\", other:[1,{a:tRuE}]}";
    let suite = parse(text);
    let model = &suite.models[0];
    assert_eq!((&*model.id, model.name.as_deref()), ("1", Some("x")));
    assert_eq!(model.vertices.len(), 1);
    let edge = &model.edges[0];
    assert_eq!((edge.weight, edge.dependency), (0.5, 7));
    assert_eq!(edge.guard.as_deref(), Some("aA"));
    assert_eq!(suite.seed, Some(12));
}

#[test]
fn edges_attach_to_the_last_vertex_of_an_id_and_keep_unknown_ids() {
    let suite = parse(
        r"{models:[{vertices:[{id:a},{id:a}],edges:[{sourceVertexId:a,targetVertexId:zz}]}]}",
    );
    let edge = &suite.models[0].edges[0];
    assert_eq!(edge.source, End::Vertex(1));
    assert_eq!(edge.target, End::Unknown("zz".into()));
    assert_eq!(edge.id.len(), 36, "a UUID: {}", edge.id);
    assert_ne!(edge.id, suite.models[0].id);
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let not_models = "The json file is not a valid GraphWalker model(s) file";
    for (text, message) in [
        ("{}", not_models),
        ("[]", not_models),
        ("", not_models),
        (r#"{"models":null}"#, not_models),
        (
            r#"{"models":[{"edges":[],"predefinedPathEdgeIds":["e9"]}]}"#,
            r#"Edge with id "e9" could not be found in JsonModel"#,
        ),
        (
            "{\"models\":[{\"edges\":[\n {\"dependency\":5.5}]}]}",
            "line 2, column 16: `dependency` must be a whole number, it is `5.5`; write digits",
        ),
        (
            r#"{"models":"x"}"#,
            "line 1, column 11: an array is expected here; see the manual's page on model files",
        ),
        (
            r#"{"models":[{"id":"a" "name":"b"}]}"#,
            "line 1, column 22: a comma is missing here; separate members with commas",
        ),
        (
            r#"{"seed":1e40,models:[]}"#,
            "line 1, column 9: `seed` must be a whole number, it is `1e40`; write digits",
        ),
        (
            "{models:[",
            "line 1, column 10: an object is expected here; see the manual's page on model files",
        ),
        (
            "{models:[]} x",
            "line 1, column 13: something follows the end of the document; remove it",
        ),
        (
            "{models:[{id:'a",
            "line 1, column 14: a text has no end; close it with the quote it began with",
        ),
    ] {
        assert_eq!(refusal(text), message, "{text}");
    }
    let deep = format!("{{a:{}", "[".repeat(1000));
    assert!(refusal(&deep).contains("nested too deeply"));
}

fn text() -> impl Strategy<Value = Box<str>> {
    "[a-zA-Z0-9_<>'\"\\\\\n\u{1}é=&]{1,6}".prop_map(String::into_boxed_str)
}

prop_compose! {
    fn vertex()(name in prop::option::of(text()), shared in prop::option::of(text()),
        actions in prop::collection::vec(text(), 0..3), tags in prop::collection::vec(text(), 0..3),
        blocked in prop::option::of(any::<bool>())) -> Vertex {
        let mut vertex = Vertex { name, shared, actions: actions.into(), requirements: tags.into(), ..Vertex::default() };
        if let Some(blocked) = blocked {
            vertex.properties.set("blocked", blocked.into());
        }
        vertex
    }
}

prop_compose! {
    fn edge(vertices: u32)(name in prop::option::of(text()), guard in prop::option::of(text()),
        source in prop::option::of(0..vertices), target in 0..vertices, weight in 0.0..1.0, dependency in any::<i32>(),
        actions in prop::collection::vec(text(), 0..3)) -> Edge {
        let source = source.map_or(End::None, End::Vertex);
        Edge { name, guard, source, target: End::Vertex(target), weight, dependency, actions: actions.into(), ..Edge::default() }
    }
}

prop_compose! {
    fn model()(mut vertices in prop::collection::vec(vertex(), 1..6))
        (mut edges in prop::collection::vec(edge(u32::try_from(vertices.len()).expect("few")), 0..12), vertices in Just(std::mem::take(&mut vertices)),
        id in text(), name in prop::option::of(text()), start in any::<prop::sample::Index>()) -> Model {
        let mut vertices = vertices;
        for (at, vertex) in vertices.iter_mut().enumerate() {
            vertex.id = Some(format!("v{at}").into());
        }
        for (at, edge) in edges.iter_mut().enumerate() {
            edge.id = format!("e{at}").into();
        }
        let mut model = Model { id, name, vertices, edges, ..Model::default() };
        let elements: Vec<Element> = model.elements().collect();
        model.start = Some(elements[start.index(elements.len())]);
        model.path = (0..u32::try_from(model.edges.len()).expect("few")).rev().collect();
        model
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(models in prop::collection::vec(model(), 0..3), seed in any::<Option<i64>>()) {
        let suite = Suite { name: None, seed, models };
        let text = write(&suite, Scope::Whole);
        prop_assert_eq!(&parse(&text), &suite, "{}", text);
        let strict: serde_json::Value = serde_json::from_str(&text).expect("strict JSON");
        prop_assert!(strict["models"].is_array());
    }

    #[test]
    fn no_text_is_too_strange(text in "[{}\\[\\]:,;='\"a-z0-9\\\\/*# \nu-]{0,60}") {
        let _ = read(&text, &mut Random::seeded(1));
        let _ = read(&format!("{{models:[{text}"), &mut Random::seeded(1));
    }
}
