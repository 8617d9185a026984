//! Several paths through the same models: walks from one seed, and few paths that cover all edges.

mod drawn;

use std::sync::Arc;
use std::time::Duration;

use drawn::{drawn, ids, planned, suite};
use proptest::prelude::*;
use sockeye_model::machine::{Bound, Bounds, Machine, Options, Step, WalkError};
use sockeye_model::paths::{CoverError, Covering, cover, seeds};
use sockeye_model::{Element, Suite};

/// The paths of a cover as ids, walked by machines, and the ids of edges that were not walked.
fn walked(suite: Suite) -> (Vec<String>, Vec<String>) {
    let suite = Arc::new(suite);
    let mut covering = Covering::new(Arc::clone(&suite), 1, Options::default()).expect("a cover");
    let mut paths = Vec::new();
    while let Some(mut path) = covering.next_path().expect("a machine") {
        let mut ids = Vec::new();
        while let Some(step) = path.step().expect("a step") {
            ids.push(suite.models[step.model].id_of(step.element).to_owned());
        }
        paths.push(ids.join(" "));
    }
    let missed = covering.missed();
    let missed = missed
        .iter()
        .map(|missed| suite.models[missed.model].id_of(missed.element));
    (paths, missed.map(str::to_owned).collect())
}

#[test]
fn a_cover_has_as_few_paths_as_can_be() {
    for (text, start, expected) in [
        ("A B; ab:A>B ba:B>A", "A", vec!["A ab B ba A"]),
        // Two ways that end: two paths, and the edge before them twice.
        (
            "A B C D; ab:A>B bc:B>C bd:B>D",
            "A",
            vec!["A ab B bd D", "A ab B bc C"],
        ),
        // One way leads back, so that one path is enough.
        (
            "A B C; ab:A>B bc:B>C ba:B>A",
            "A",
            vec!["A ab B ba A ab B bc C"],
        ),
        (
            "A B; in:>A ab:A>B ab2:A>B",
            "in",
            vec!["in A ab2 B", "in A ab B"],
        ),
        ("A;", "A", vec!["A"]),
        // A path may begin with an edge that has a source.
        ("A B; ab:A>B ba:B>A", "ab", vec!["ab B ba A ab B"]),
    ] {
        let (mut paths, missed) = walked(planned(text, start, "random(never)"));
        let mut expected = expected;
        paths.sort_unstable();
        expected.sort_unstable();
        assert_eq!(
            (paths, missed),
            (expected.into_iter().map(str::to_owned).collect(), vec![]),
            "{text}"
        );
    }
}

#[test]
fn a_cover_goes_through_models_that_share_states() {
    let text = "{models:[{id:m,startElementId:A,vertices:[{id:A},{id:B,sharedState:S}],
        edges:[{id:ab,sourceVertexId:A,targetVertexId:B},{id:ba,sourceVertexId:B,targetVertexId:A}]},
        {id:n,vertices:[{id:C,sharedState:S},{id:D}],
        edges:[{id:cd,sourceVertexId:C,targetVertexId:D},{id:dc,sourceVertexId:D,targetVertexId:C}]},
        {id:o,startElementId:X,vertices:[{id:X},{id:Y}],edges:[{id:xy,sourceVertexId:X,targetVertexId:Y}]}]}";
    let (mut paths, missed) = walked(suite(text));
    paths.sort_unstable();
    assert_eq!(paths, ["A ab B C cd D dc C B ba A", "X xy Y"]);
    assert_eq!(missed, Vec::<String>::new());
}

#[test]
fn what_no_path_reaches_is_told_apart_from_what_guards_keep_closed() {
    let suite = planned(
        "A B C; ab:A>B?false ba:B>A ca:C>A aa:A>A",
        "A",
        "random(never)",
    );
    let unreached = cover(&suite).expect("a cover").unreached;
    let unreached: Vec<&str> = unreached
        .iter()
        .map(|step| suite.models[0].id_of(step.element))
        .collect();
    assert_eq!(unreached, ["ca"]);
    let (paths, missed) = walked(suite);
    assert_eq!(missed, ["ab", "ba"]);
    assert!(paths.len() <= 10, "{paths:?}");
}

#[test]
fn guards_that_open_later_are_come_back_to() {
    let text = "{models:[{id:m,startElementId:A,actions:['n=0'],vertices:[{id:A,actions:['n++']},{id:B}],
        edges:[{id:ab,sourceVertexId:A,targetVertexId:B,guard:'n>3'},{id:ba,sourceVertexId:B,targetVertexId:A},
        {id:aa,sourceVertexId:A,targetVertexId:A}]}]}";
    let (paths, missed) = walked(suite(text));
    assert_eq!(missed, Vec::<String>::new());
    assert!(
        paths.len() > 1,
        "a plan without a look at guards is not enough: {paths:?}"
    );
}

#[test]
fn what_a_cover_cannot_be_made_of_is_said() {
    let error = cover(&drawn::graph("A B; ab:A>B")).expect_err("no start");
    assert_eq!(error, CoverError::NoStart);
    let vertices = |name: &str| {
        let vertices: Vec<_> = (0..500)
            .map(|at| format!("{{id:{name}{at},sharedState:S}}"))
            .collect();
        vertices.join(",")
    };
    let text = format!(
        "{{models:[{{id:m,startElementId:a0,vertices:[{}]}},{{id:n,startElementId:b0,vertices:[{}]}}]}}",
        vertices("a"),
        vertices("b")
    );
    let mut wide = suite(&text);
    let joined = |model: usize, count: u32| {
        (1..count).map(move |at| sockeye_model::Edge {
            id: format!("{model}e{at}").into(),
            source: sockeye_model::End::Vertex(0),
            target: sockeye_model::End::Vertex(at),
            ..Default::default()
        })
    };
    for (number, model) in wide.models.iter_mut().enumerate() {
        model.edges = joined(number, 500).collect();
    }
    let error = cover(&wide).expect_err("too many links");
    assert!(
        error.to_string().contains("more than 200000 ways"),
        "{error}"
    );
}

#[test]
fn the_first_of_many_walks_is_the_only_one() {
    let walks = |count| -> Vec<String> {
        let suite = Arc::new(planned(
            "A B; ab:A>B ac:A>B ba:B>A",
            "A",
            "random(length(40))",
        ));
        let machines = seeds(7)
            .take(count)
            .map(|seed| Machine::new(Arc::clone(&suite), seed));
        machines
            .map(|machine| {
                ids(&mut machine.expect("a machine"), 100)
                    .expect("a walk")
                    .join(" ")
            })
            .collect()
    };
    let (one, many) = (walks(1), walks(5));
    assert_eq!(one[0], many[0]);
    assert_eq!(many, walks(5));
    let different: std::collections::HashSet<_> = many.iter().collect();
    assert_eq!(different.len(), 5);
}

#[test]
fn bounds_end_every_walk() {
    let text = "A B; ab:A>B ba:B>A";
    let mut machine = drawn(text, "A", "random(never)");
    machine.set_bounds(Bounds {
        steps: Some(5),
        time: None,
    });
    assert_eq!(machine.bound(), None);
    assert_eq!(
        ids(&mut machine, 100).expect("a walk").join(" "),
        "A ab B ba A"
    );
    assert_eq!(machine.bound(), Some(Bound::Steps(5)));
    let second = Duration::from_secs(1);
    machine.set_bounds(Bounds {
        steps: Some(100),
        time: Some(second),
    });
    assert_eq!(machine.has_next(), Ok(true));
    machine.set_elapsed(second);
    assert_eq!(
        (machine.has_next(), machine.bound()),
        (Ok(false), Some(Bound::Time(second)))
    );
    machine.set_bounds(Bounds {
        steps: Some(0),
        time: None,
    });
    assert_eq!(machine.has_next(), Ok(false));
}

#[test]
fn a_step_that_cannot_follow_is_not_made() {
    let mut machine = drawn("A B; ab:A>B ba:B>A aa:A>A?false", "A", "random(never)");
    let step = |element| Step { model: 0, element };
    let refused = |machine: &mut Machine, element| {
        let error = machine.step_to(step(element)).expect_err("refused");
        assert!(matches!(error, WalkError::NotNext { .. }), "{error}");
    };
    refused(&mut machine, Element::Edge(0));
    machine
        .step_to(step(Element::Vertex(0)))
        .expect("the start");
    for element in [
        Element::Edge(1),
        Element::Edge(2),
        Element::Vertex(0),
        Element::Vertex(1),
    ] {
        refused(&mut machine, element);
    }
    machine.step_to(step(Element::Edge(0))).expect("open");
    machine
        .step_to(step(Element::Vertex(1)))
        .expect("its target");
    assert!(
        machine
            .step_to(Step {
                model: 9,
                element: Element::Vertex(0)
            })
            .is_err()
    );
    assert_eq!(machine.total_visits(), 3);
    let error = machine
        .step_to(step(Element::Edge(2)))
        .expect_err("not next")
        .to_string();
    assert_eq!(
        error,
        "e_aa (aa) cannot follow here: choose an element that is open and next to where the walk is"
    );
}

proptest! {
    #[test]
    fn a_cover_is_whole_and_stays_in_the_graph(edges in prop::collection::vec((0..6_u32, 0..6_u32), 0..20)) {
        let lines = edges.iter().enumerate().map(|(at, (from, to))| format!(" e{at}:v{from}>v{to}"));
        let text = format!("v0 v1 v2 v3 v4 v5;{}", lines.collect::<String>());
        let suite = planned(&text, "v0", "random(never)");
        let plan = cover(&suite).expect("a cover");
        let mut left: std::collections::HashSet<u32> = (0..).zip(&edges).map(|(at, _)| at).collect();
        for step in &plan.unreached {
            if let Element::Edge(at) = step.element {
                left.remove(&at);
            }
        }
        let suite = Arc::new(suite);
        for path in &plan.paths {
            let mut machine = Machine::new(Arc::clone(&suite), 1).expect("a machine");
            for step in path {
                machine.step_to(*step).expect("a step of the graph");
                if let Element::Edge(at) = step.element {
                    left.remove(&at);
                }
            }
        }
        prop_assert!(left.is_empty(), "{:?} in {}", left, text);
    }
}
