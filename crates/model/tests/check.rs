//! Models with one fault each go through the checker; its words are known.

use sockeye_core::Random;
use sockeye_model::check::check;
use sockeye_model::json;

fn findings(text: &str) -> Vec<String> {
    let suite = json::read(text, &mut Random::seeded(1)).expect("models");
    check(&suite)
        .into_iter()
        .map(|finding| finding.text)
        .collect()
}

/// What is found in one model that is right but for these members.
fn one(members: &str) -> Vec<String> {
    findings(&format!("{{models:[{{id:m,name:M,{members}}}]}}"))
}

const RIGHT: &str = "generator:'random(edge_coverage(100))',startElementId:e,vertices:[{id:a,name:v_a},{id:b,name:v_b}],
    edges:[{id:e,targetVertexId:a},{id:ab,sourceVertexId:a,targetVertexId:b},{id:ba,sourceVertexId:b,targetVertexId:a}]";

#[test]
fn a_model_without_faults_has_no_findings() {
    assert_eq!(one(RIGHT), Vec::<String>::new());
}

#[test]
fn what_the_reference_finds_is_found_in_its_words() {
    let dead = "and is requested to run using a random path generator and 100% edge coverage. That";
    for (from, to, expected) in [
        (
            "{id:a,name:v_a}",
            "{id:a}",
            "Name of vertex cannot be null".to_owned(),
        ),
        (
            "name:v_a",
            "name:''",
            "Name of vertex cannot be an empty string".to_owned(),
        ),
        (
            "name:v_a",
            "name:'v a'",
            "Name of vertex cannot have any white spaces.".to_owned(),
        ),
        (
            "name:v_a",
            "name:v_a,requirements:['']",
            "Requirement cannot be an empty string".to_owned(),
        ),
        (
            "name:v_a",
            "name:v_a,actions:['']",
            "Script statement cannot be an empty string".to_owned(),
        ),
        (
            "{id:ab,",
            "{id:ab,name:'a b',",
            "Name of edge cannot have any white spaces.".to_owned(),
        ),
        (
            "{id:e,",
            "{id:n},{id:e,",
            "Edge must have a target vertex.".to_owned(),
        ),
        (
            "[{id:e,",
            "[{id:l,sourceVertexId:a,targetVertexId:a},{id:e,",
            "Vertex: v_a (a), have a unnamed self loop edge.".to_owned(),
        ),
        (
            "startElementId:e,",
            "",
            "The model has neither a start element or a defined shared state.".to_owned(),
        ),
        (
            "{id:ba,sourceVertexId:b,",
            "{id:ba,name:l,sourceVertexId:a,",
            format!("The model has one cul-de-sacs, {dead} might not work."),
        ),
        (
            "{id:ba,sourceVertexId:b,targetVertexId:a}",
            "{id:ba,sourceVertexId:a,targetVertexId:c}],vertices:[{id:a,name:v_a},{id:b,name:v_b},{id:c,name:v_c}",
            format!("The model has multiple cul-de-sacs, {dead} will not work."),
        ),
    ] {
        let found = one(&RIGHT.replacen(from, to, 1));
        assert_eq!(found.first(), Some(&expected), "{from} -> {to}: {found:#?}");
    }
}

#[test]
fn ids_and_weights_are_found_in_its_words() {
    for (from, to, expected) in [
        ("{id:a,name:v_a}", "{name:v_a}", "Id cannot be null"),
        (
            "{id:b,name:v_b}",
            "{id:b,name:v_b},{id:b,name:v_c}",
            "Id of the vertex is not unique: b",
        ),
        (
            "{id:ab,",
            "{id:ab,weight:1.5,",
            "The weight must be a value between 0 and 1.",
        ),
        (
            "{id:ab,",
            "{id:ab,weight:-0.5,",
            "The weight must be a value between 0 and 1.",
        ),
        ("{id:ab,", "{id:ba,", "Id of the edge is not unique: ba"),
        ("{id:ab,", "{id:a,", "Id of the edge is not unique: a"),
    ] {
        let found = one(&RIGHT.replacen(from, to, 1));
        assert_eq!(
            found.first().map(String::as_str),
            Some(expected),
            "{from} -> {to}"
        );
    }
}

#[test]
fn findings_come_in_the_order_of_the_reference() {
    let found = one(
        "requirements:[''],actions:[''],generator:'random(edge_coverage(100))',vertices:[{id:a},{id:a,name:v_b}],\
         edges:[{id:e,name:'e e',targetVertexId:a},{id:l,sourceVertexId:a,targetVertexId:a}]",
    );
    let expected = [
        "Requirement cannot be an empty string",
        "Script statement cannot be an empty string",
        "Name of vertex cannot be null",
        "Name of edge cannot have any white spaces.",
        "Id of the vertex is not unique: a",
        "Vertex: v_b (a), have a unnamed self loop edge.",
        // Cul-de-sacs are not looked for then.
        "The model has neither a start element or a defined shared state.",
    ];
    assert_eq!(
        found.get(..expected.len()),
        Some(&expected.map(str::to_owned)[..])
    );
    assert!(
        !found.iter().any(|text| text.contains("cul-de-sac")),
        "{found:#?}"
    );
}

#[test]
fn a_shared_state_is_a_start_and_a_way_out() {
    let joined = RIGHT
        .replace("startElementId:e,", "")
        .replace("{id:a,", "{id:a,sharedState:S,")
        .replace(
            "{id:ba,sourceVertexId:b,",
            "{id:ba,name:l,sourceVertexId:a,",
        )
        .replace("{id:b,", "{id:b,sharedState:T,");
    let found = one(&joined);
    let texts = ["neither a start element", "cul-de-sac"];
    assert!(
        !found
            .iter()
            .any(|text| texts.iter().any(|wrong| text.contains(wrong))),
        "{found:#?}"
    );
}

#[test]
fn models_are_compared_with_one_another() {
    let model = format!("{{id:m,name:M,{RIGHT}}}");
    let found = findings(&format!("{{models:[{model},{model}]}}"));
    assert_eq!(
        found,
        [
            "Id of the model is not unique: m",
            "Internal id of the element is not unique: v_a (a)",
            "Internal id of the element is not unique: v_b (b)"
        ]
    );
}

#[test]
fn what_the_reference_does_not_look_at_is_found_too() {
    for (from, to, expected) in [
        (
            "startElementId:e",
            "startElementId:x",
            "the start element `x` does not exist: name the id of a vertex or an edge",
        ),
        (
            "sourceVertexId:b",
            "sourceVertexId:x",
            "the edge null (ba) comes from `x`, which no vertex has as its id: correct it",
        ),
        (
            "{id:ab,",
            "{id:ab,guard:'x >',",
            "the guard of null (ab) is no JavaScript, `x >`: SyntaxError: unexpected token in expression: '}'",
        ),
        (
            "{id:ab,",
            "{id:ab,guard:' ',",
            "the guard of null (ab) is blank, which is neither true nor false: remove it",
        ),
        (
            "{id:ab,",
            "{id:ab,actions:['if ('],",
            "an action of null (ab) is no JavaScript, `if (`: SyntaxError: unexpected token in expression: '}'",
        ),
        (
            "{id:ab,",
            "{id:x,name:e,sourceVertexId:a,targetVertexId:b,weight:0.7},{id:ab,weight:0.6,",
            "the weights of the edges from v_a (a) are 1.2999999999999998 together: make them at most 1",
        ),
        (
            "targetVertexId:b}",
            "targetVertexId:a,name:l}",
            "no walk can reach v_b (b), null (ba): add edges that lead there",
        ),
        (
            "random(",
            "foo(",
            "the generator `foo(edge_coverage(100))` cannot be used: No suitable generator found with name: foo in classpath",
        ),
        (
            "edge_coverage(100)",
            "reached_vertex(zz)",
            "the generator `random(reached_vertex(zz))` cannot be used: Vertex [zz] not found",
        ),
        (
            "100))",
            "100%))",
            "the generator has `%` as its character 25, which means nothing: remove it",
        ),
        (
            "(100)",
            "(200)",
            "the condition EdgeCoverage(200) is never fulfilled, more than 100 percent are never covered: ask for at most 100",
        ),
        (
            "edge_coverage(100)",
            "dependency_edge_coverage(80)",
            "the condition DependencyEdgeCoverage(80) is never fulfilled, no edge has a dependency of 80 or more: lower the number",
        ),
        (
            "generator:'random(edge_coverage(100))',",
            "",
            "the model has no generator: add one, such as `random(edge_coverage(100))`",
        ),
        (
            "startElementId:e,vertices:[{",
            "vertices:[{sharedState:S,",
            "no other model has a shared state of this one, so it is never walked and the walk never ends: add a start \
             element, or the shared state to another model",
        ),
    ] {
        let found = one(&RIGHT.replacen(from, to, 1));
        assert!(
            found.iter().any(|text| text == expected),
            "{from} -> {to}: {found:#?}"
        );
    }
}

#[test]
fn a_graph_without_a_single_path_over_all_edges_is_explained() {
    let text = RIGHT.replace("random(", "shortest_all_paths(").replace(
        "{id:ab,",
        "{id:x,name:x,sourceVertexId:a,targetVertexId:b},{id:y,name:y,sourceVertexId:a,targetVertexId:b},{id:ab,",
    );
    assert_eq!(
        one(&text),
        [
            "no single path goes once over each edge, because at 3 vertices as many edges must end as begin: v_a (a) has 2 in \
          and 3 out, v_b (b) has 3 in and 1 out, the outside has 0 in and 1 out; add or remove edges there, or use \
          quick_random"
        ]
    );
}

#[test]
fn a_condition_on_what_cannot_be_reached_is_never_fulfilled() {
    let text = RIGHT
        .replace(
            "edge_coverage(100)",
            "reached_vertex(v_c) or vertex_coverage(100)",
        )
        .replace("{id:b,", "{id:c,name:v_c},{id:b,");
    assert_eq!(
        one(&text),
        [
            "no walk can reach v_c (c): add edges that lead there",
            "the condition ReachedVertex(v_c) is never fulfilled, no walk can reach its target: add edges that lead there",
            "the condition VertexCoverage(100) is never fulfilled, some vertices cannot be reached: connect them"
        ]
    );
}

#[test]
fn weights_with_a_gap_are_found_where_chance_can_hit_it() {
    let weighted = RIGHT.replace("random(", "weighted_random(");
    let one_way = weighted.replace("{id:ab,", "{id:ab,weight:0.6,");
    assert_eq!(one(&one_way), Vec::<String>::new(), "there is no other way");
    let second = "{id:x,name:e,sourceVertexId:a,targetVertexId:b,weight:0.25},{id:ab,weight:0.5,";
    let two_ways = weighted.replace("{id:ab,", second);
    assert_eq!(
        one(&two_ways),
        [
            "the weights of the edges from v_a (a) are only 0.75 together, so weighted_random may fail there: make them 1, \
          or leave out one weight"
        ]
    );
    let by_chance = RIGHT.replace("{id:ab,", second);
    assert_eq!(
        one(&by_chance),
        Vec::<String>::new(),
        "weights are not looked at"
    );
}
