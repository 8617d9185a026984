//! `GraphML` of yEd goes in and comes out; what cannot be drawn is named.

use sockeye_core::Random;
use sockeye_model::graphml::{read, write};
use sockeye_model::{Element, End, Model};

fn parse(text: &str) -> Model {
    read(text, "M", &mut Random::seeded(1)).expect("a model")
}

fn refusal(text: &str) -> String {
    read(text, "M", &mut Random::seeded(1))
        .expect_err("a mistake")
        .to_string()
}

/// A document with these nodes and edges: `id label` and `id source target label`, fields of a line divided by `|`.
fn document(nodes: &[&str], edges: &[&str]) -> String {
    let nodes = nodes.iter().map(|line| {
        let (id, label) = line.split_once('|').expect("id|label");
        format!(
            "<node id='{id}'><data key='d6'><y:ShapeNode><y:Geometry x='1.5' y='-2'/><y:NodeLabel a='b'>{label}\
             <y:LabelModel/></y:NodeLabel></y:ShapeNode></data></node>"
        )
    });
    let edges = edges.iter().map(|line| {
        let mut fields = line.splitn(4, '|');
        let mut next = || fields.next().expect("id|source|target|label");
        format!(
            "<edge id='{}' source='{}' target='{}'><data key='d10'><y:PolyLineEdge><y:EdgeLabel>{}</y:EdgeLabel>\
             </y:PolyLineEdge></data></edge>",
            next(), next(), next(), next()
        )
    });
    let (nodes, edges): (String, String) = (nodes.collect(), edges.collect());
    format!(
        "<?xml version='1.0'?><!-- c --><graphml xmlns='g' xmlns:y='y'><key for='node' id='d6' yfiles.type='nodegraphics'/>\
         <key attr.name='color' attr.type='string' for='node' id='d3'><default>red</default></key>\
         <graph id='G'>{nodes}{edges}</graph></graphml>"
    )
}

#[test]
fn labels_become_fields_and_start_becomes_an_edge() {
    let model = parse(&document(
        &[
            "n0|Start",
            "n1|v_A SHARED:S INIT: x=1; y=2; REQTAG=r1,r2",
            "n2|v_B\nBLOCKED",
        ],
        &[
            "e0|n0|n1|e_Init",
            "e1|n1|n2|e_Go [x &gt; 1 &amp;&amp; a[0]] /x++; y--; ",
            "e2|n2|n1|weight=0.5 dependency=80",
            "e3|n2|n9|lost",
        ],
    ));
    assert_eq!(model.name.as_deref(), Some("M"));
    assert_eq!((model.vertices.len(), model.edges.len()), (2, 3));
    assert_eq!(model.actions, ["x=1; y=2;".into()]);
    assert_eq!(model.start, Some(Element::Edge(0)));
    assert_eq!(model.edges[0].source, End::None);
    let vertex = &model.vertices[0];
    assert_eq!(
        (vertex.name.as_deref(), vertex.shared.as_deref()),
        (Some("v_A"), Some("S"))
    );
    assert_eq!(&*vertex.requirements, ["r1".into(), "r2".into()]);
    assert_eq!(
        vertex
            .properties
            .get("x")
            .and_then(serde_json::Value::as_f64),
        Some(1.5)
    );
    assert_eq!(
        vertex
            .properties
            .get("color")
            .and_then(serde_json::Value::as_str),
        Some("red")
    );
    assert_eq!(
        model.vertices[1].properties.get("blocked"),
        Some(&true.into())
    );
    let edge = &model.edges[1];
    assert_eq!(edge.guard.as_deref(), Some("x > 1 && a[0]"));
    assert_eq!(
        &*edge.actions,
        ["x++; y--;".into()],
        "one action of all statements"
    );
    assert_eq!(
        (model.edges[2].weight, model.edges[2].dependency),
        (0.5, 80)
    );
}

#[test]
fn groups_give_their_nodes_and_unknown_shapes_are_left_out() {
    let inner = "<node id='g::n1'><data><y:GenericNode><y:NodeLabel>v_</y:NodeLabel><y:NodeLabel>In</y:NodeLabel>\
        </y:GenericNode></data></node>";
    let text = document(&["n0|start", "n9|v_Out"], &["e0|n0|g::n1|", "e1|g::n1|u|", "e2|g::n1|n9|"]).replace(
        "<graph id='G'>",
        &format!(
            "<graph id='G'><node id='g'><graph>{inner}</graph></node>\
             <node id='u'><data><y:SVGNode><y:NodeLabel>1 bad</y:NodeLabel></y:SVGNode></data></node>"
        ),
    );
    let model = parse(&text);
    let names: Vec<_> = model
        .vertices
        .iter()
        .map(|vertex| vertex.name.as_deref())
        .collect();
    assert_eq!(names, [Some("v_Out"), Some("v_In")]);
    assert_eq!(model.edges.len(), 2);
}

#[test]
fn of_several_starts_the_last_one_counts() {
    let model = parse(&document(
        &["s1|start", "s2|START", "a|v_A"],
        &["e1|s1|a|", "e2|s2|a|", "e3|s2|a|", "e4|a|s2|"],
    ));
    let names: Vec<_> = model
        .vertices
        .iter()
        .map(|vertex| vertex.id.as_deref())
        .collect();
    assert_eq!(
        names,
        [Some("a"), Some("s1"), Some("s2")],
        "the others come back without names"
    );
    assert_eq!(model.start, Some(Element::Edge(2)));
    assert_eq!(model.edges[0].source, End::Vertex(1));
    let place = model.vertices[1].properties.get("x");
    assert_eq!(place, Some(&1.5.into()), "they stay where they were drawn");
}

#[test]
fn a_drawing_may_be_empty() {
    let model = parse("<graphml xmlns='http://graphml.graphdrawing.org/xmlns'/>");
    assert_eq!((model.vertices.len(), model.edges.len()), (0, 0));
}

#[test]
fn what_is_no_drawing_is_refused() {
    let not_yed = "The file appears not to be valid yEd formatted.";
    for text in [
        "",
        "nope",
        "<xml/>",
        "<graphml>",
        "<graphml/>",
        "<graphml><graph></graphml>",
        "<graphml><graph a='&zz;'/></graphml>",
    ] {
        assert_eq!(refusal(text), not_yed, "{text}");
    }
    assert_eq!(
        refusal(&document(&["n0| v A "], &[])),
        "The string 'v A' did not conform to GraphWalker syntax rules."
    );
    let deep = format!("<graphml>{}", "<graph>".repeat(100_000));
    assert_eq!(refusal(&deep), not_yed);
}

#[test]
fn what_is_drawn_is_read_back() {
    let text = document(
        &[
            "n0|Start",
            "n1|v_A SHARED:S INIT: x='&lt;'; REQTAG=r1,r2",
            "n2|BLOCKED",
        ],
        &[
            "e0|n0|n1|",
            "e1|n1|n2|e.a;b [x&gt;1]/x++;REQTAG=q",
            "e2|n2|n1|weight=0.25 dependency=80 BLOCKED",
        ],
    );
    let model = parse(&text);
    let written = write(&model).expect("a drawing");
    let mut again = parse(&written);
    again.id = model.id.clone();
    assert_eq!(again, model, "{written}");
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let mut model = parse(&document(&["n0|Start", "n1|v_A"], &["e0|n0|n1|e"]));
    model.vertices[0].actions = ["x=1".into()].into();
    let error = |model: &Model| write(model).expect_err("no drawing").to_string();
    assert_eq!(
        error(&model),
        "the label of v_A (n1) cannot hold the actions of a vertex: write the model as JSON, or change it"
    );
    model.vertices[0].actions = [].into();
    model.edges[0].guard = Some("a] [b".into());
    assert_eq!(
        error(&model),
        "the label of e (e0) cannot hold a name, a number or a script: write the model as JSON, or change it"
    );
    model.start = Some(Element::Vertex(0));
    assert_eq!(
        error(&model),
        "a drawing begins with its last edge from Start, this model begins elsewhere: write the model as JSON"
    );
}
