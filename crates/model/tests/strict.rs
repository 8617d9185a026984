//! Where walks differ from the reference on purpose: each habit as it is here, and as it is there.

mod drawn;

use std::sync::Arc;

use drawn::{ids, planned, suite};
use sockeye_model::blocked::{without_blocked, without_blocked_as};
use sockeye_model::json::{Scope, write};
use sockeye_model::machine::{Compat, Machine, Options};
use sockeye_model::{JavaRandom, Suite};

/// A machine for each column.
fn both(suite: Suite) -> [Machine; 2] {
    let suite = Arc::new(suite);
    [Compat::Improved, Compat::Strict].map(|compat| {
        let options = Options {
            compat,
            ..Options::default()
        };
        Machine::with_options(Arc::clone(&suite), 1, &options).expect("a machine")
    })
}

#[test]
fn a_target_that_nothing_leads_to() {
    let suite = planned("A B; in:>A aa:A>A", "in", "random(reached_vertex(v_B))");
    let [mut ours, mut strict] = both(suite);
    ours.step().expect("a step");
    assert_eq!((ours.fulfilment(), ours.has_next()), (0.0, Ok(true)));
    let error = ours.step().expect_err("it is not chased").to_string();
    assert_eq!(
        error,
        "none of the targets can be reached from e_in (in): add an edge that leads there, or choose another target"
    );
    strict.step().expect("a step");
    assert_eq!((strict.fulfilment(), strict.has_next()), (2.0, Ok(false)));
}

#[test]
fn a_target_that_lies_behind() {
    for (generator, chased) in [
        ("random(reached_vertex(v_B))", false),
        ("random(reached_edge(e_bc))", false),
        ("a_star(reached_vertex(v_B))", false),
        ("random(reached_vertex(v_B) and never)", false),
        ("random(reached_vertex(v_B) or reached_edge(e_bc))", false),
        ("quick_random(reached_vertex(v_B))", false),
        // Something else may end these.
        ("random(reached_vertex(v_B) or length(50))", true),
        ("random(reached_vertex(v_B, v_A))", true),
    ] {
        let text = "A B C; aa:A>A bc:B>C cb:C>B ca:C>A";
        let [mut ours, mut strict] = both(planned(text, "A", generator));
        let end = ids(&mut ours, 100).map(|path| path.len());
        assert_eq!(end.is_ok(), chased, "{generator}: {end:?}");
        let path = ids(&mut strict, 200).expect("walks on");
        assert_eq!(path.len() == 200, !chased, "{generator}");
    }
}

#[test]
fn a_target_that_was_passed_unseen_and_dead_ends_are_as_there() {
    // Nobody asks between the steps: the walk goes on behind its target, as in the reference.
    let [mut ours, _] = both(planned(
        "A B; ab:A>B bb:B>B",
        "A",
        "random(reached_vertex(v_A))",
    ));
    for _ in 0..9 {
        ours.step().expect("a step");
    }
    let text = "A B C; ab:A>B ca:C>A cc:C>C";
    let end = |machine: &mut Machine| ids(machine, 10).expect_err("an end").to_string();
    let dead = "org.graphwalker.core.generator.NoPathFoundException: Could not find a valid path from element: v_B (B)";
    let [mut ours, mut strict] = both(planned(text, "B", "random(reached_vertex(v_C))"));
    assert_eq!([end(&mut ours), end(&mut strict)], [dead, dead]);
    let [mut ours, mut strict] = both(planned(text, "A", "random(reached_vertex(v_C))"));
    assert_eq!(end(&mut strict), dead);
    assert!(end(&mut ours).starts_with("none of the targets can be reached from v_A (A)"));
}

#[test]
fn a_search_that_finds_nothing_new() {
    let text = "A B; ab:A>B ba:B>A closed:A>B?false";
    let [mut ours, mut strict] = both(planned(text, "A", "quick_random(edge_coverage(100))"));
    let error = ids(&mut ours, 5000).expect_err("it gives up").to_string();
    assert!(
        error.starts_with("quick_random finds no way to e_closed (closed) and 0 more"),
        "{error}"
    );
    assert_eq!(ids(&mut strict, 5000).expect("it never does").len(), 5000);
}

#[test]
fn a_fulfilment_without_a_number() {
    let suite = suite(
        "{models:[{startElementId:A,generator:'random(edge_coverage(0))',vertices:[{id:A},{id:B}],
        edges:[{id:ab,sourceVertexId:A,targetVertexId:B}]}]}",
    );
    let [mut ours, mut strict] = both(suite);
    for (is_first, expected) in [(true, 0.0), (false, 1.0)] {
        ours.step().expect("a step");
        strict.step().expect("a step");
        assert_eq!(ours.fulfilment().to_bits(), f64::to_bits(expected));
        let there = strict.fulfilment();
        assert!(
            if is_first {
                there.is_nan()
            } else {
                there.is_infinite()
            },
            "{there}"
        );
    }
}

#[test]
fn requirements_of_models() {
    let [ours, strict] = both(suite(
        "{models:[{startElementId:A,generator:'random(never)',requirements:[M],vertices:[{id:A,requirements:[R]}]}]}",
    ));
    let total = |machine: &Machine| machine.statistics().requirements.total();
    assert_eq!((total(&ours), total(&strict)), (2, 1));
    let text = |machine: &Machine| write(&machine.models(), Scope::Reference);
    assert!(!text(&strict).contains("\"M\""), "{}", text(&strict));
}

#[test]
fn what_edges_depend_on_without_blocked_elements() {
    let suite = suite(
        "{models:[{vertices:[{id:A}],edges:[{id:aa,sourceVertexId:A,targetVertexId:A,dependency:70}]}]}",
    );
    let dependency = |suite: Suite| suite.models[0].edges[0].dependency;
    assert_eq!(dependency(without_blocked(&suite).expect("models")), 70);
    assert_eq!(
        dependency(without_blocked_as(&suite, Compat::Strict).expect("models")),
        0
    );
}

#[test]
fn random_numbers_of_one_walk_or_of_all() {
    let suite = Arc::new(planned(
        "A B; ab:A>B ac:A>B ba:B>A",
        "A",
        "random(length(60))",
    ));
    let machine = || Machine::new(Arc::clone(&suite), 5).expect("a machine");
    let path = |machine: &mut Machine| ids(machine, 100).expect("a walk");
    let (mut first, mut second) = (machine(), machine());
    let alike = path(&mut first);
    assert_eq!(alike, path(&mut second));
    // The numbers of a whole process: each machine goes on where the one before stopped.
    let mut third = machine();
    third.set_random(JavaRandom::clone(first.random()));
    assert_ne!(alike, path(&mut third));
}
