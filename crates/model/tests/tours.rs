//! Tours of the postman: as short as can be, open and closed, and a reason where there is none.

mod drawn;

use drawn::{drawn, ids, suite};
use proptest::prelude::*;
use sockeye_model::machine::{Machine, WalkError};
use std::sync::Arc;

fn tour(text: &str, start: &str, condition: &str) -> Result<Vec<String>, WalkError> {
    let generator = format!("directed_chinese_postman({condition})");
    ids(&mut drawn(text, start, &generator), 1000)
}

#[test]
fn a_closed_tour_comes_back_and_ends_there() {
    for (text, start, condition, expected) in [
        (
            "A B C; ab:A>B bc:B>C ca:C>A",
            "A",
            "tour(closed)",
            "A ab B bc C ca A",
        ),
        (
            "A B; ab:A>B ab2:A>B ba:B>A",
            "A",
            "tour(open)",
            "A ab B ba A ab2 B",
        ),
        (
            "A B; ab:A>B ab2:A>B ba:B>A",
            "A",
            "tour",
            "A ab B ba A ab2 B",
        ),
        ("A B; ab:A>B ab2:A>B ba:B>A", "A", "", "A ab B ba A ab2 B"),
        (
            "A B; ab:A>B ab2:A>B ba:B>A",
            "A",
            "tour(Closed)",
            "A ab B ba A ab2 B ba A",
        ),
        // The edge that leads into the model is walked once; the tour comes back to where it leads.
        (
            "A B; in:>A ab:A>B ba:B>A",
            "in",
            "tour(closed)",
            "in A ab B ba A",
        ),
        (
            "A B; in:>A ab:A>B ba:B>A",
            "in",
            "tour(open)",
            "in A ab B ba A",
        ),
        // One that begins within comes back to its own source.
        (
            "A B; ab:A>B ba:B>A aa:A>A",
            "ab",
            "tour(closed)",
            "ab B ba A aa A",
        ),
        ("A;", "A", "tour(closed)", "A"),
        (
            "A B; ab:A>B ba:B>A",
            "A",
            "tour(closed) or length(2)",
            "A ab B",
        ),
    ] {
        let path = tour(text, start, condition).expect("a tour").join(" ");
        assert_eq!(path, expected, "{text} from {start} until {condition}");
    }
}

#[test]
fn how_far_a_tour_is() {
    let mut machine = drawn(
        "A B; ab:A>B ba:B>A",
        "A",
        "directed_chinese_postman(tour(closed))",
    );
    let mut found = Vec::new();
    while machine.has_next() == Ok(true) {
        machine.step().expect("a step");
        found.push(machine.fulfilment());
    }
    assert_eq!(found, [0.0, 0.25, 0.5, 0.75, 1.0]);
}

#[test]
fn what_is_in_the_way_of_a_tour_is_said() {
    for (text, start, condition, expected) in [
        (
            "A B C; ab:A>B ac:A>C",
            "A",
            "never",
            "no tour from v_A (A) goes over all edges: whichever of e_ab (ab) and e_ac (ac) comes first, no way leads back \
             to the other; add an edge from v_B (B) to v_A (A), or cover the edges with several paths",
        ),
        (
            "A B C; ab:A>B bc:B>C cb:C>B",
            "A",
            "tour(closed)",
            "no tour comes back to v_A (A): e_ab (ab) leads away, and nothing leads back; add a way from v_B (B) to v_A \
             (A), or let the tour end anywhere: `tour(open)`",
        ),
        (
            "A B C; ab:A>B ba:B>A ca:C>A cc:C>C",
            "A",
            "edge_coverage(100)",
            "the tour is over at v_A (A), and no way led to e_ca (ca) and 1 more: add edges that lead there, or stop at a \
             smaller coverage",
        ),
        (
            "A B C; ab:A>B ba:B>A ca:C>A",
            "A",
            "tour(open)",
            "the tour is over at v_A (A), and no way led to e_ca (ca) and 0 more: add edges that lead there, or stop at a \
             smaller coverage",
        ),
        (
            "A B; ab:A>B ba:B>A",
            "A",
            "never",
            "the tour is over at v_A (A), and its stop condition is not fulfilled: stop at `tour(open)` or \
             `edge_coverage(100)`",
        ),
        (
            "A B; ab:A>B ba:B>A aa:A>A?false",
            "A",
            "tour(closed)",
            "the tour goes on over e_aa (aa), but its guard is false: change the variables it looks at, or use \
             quick_random, which looks for another way",
        ),
    ] {
        let error = tour(text, start, condition).expect_err("no tour");
        assert_eq!(error.to_string(), expected, "{text}");
    }
}

#[test]
fn a_tour_of_ten_thousand_edges_is_closed_and_covers_them() {
    // A ring with as many random ways across: uneven almost everywhere.
    let vertices = 2500;
    let mut state = 1_u64;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % vertices
    };
    let ring = (0..vertices).map(|at| (at, (at + 1) % vertices));
    let mut edges: Vec<(u64, u64)> = ring.collect();
    edges.extend((0..7500).map(|_| (draw(), draw())));
    let names: Vec<String> = (0..vertices).map(|at| format!("v{at}")).collect();
    let lines = edges
        .iter()
        .enumerate()
        .map(|(at, (from, to))| format!(" e{at}:v{from}>v{to}"));
    let text = format!("{};{}", names.join(" "), lines.collect::<String>());
    let mut machine = drawn(&text, "v0", "directed_chinese_postman(tour(closed))");
    let path = ids(&mut machine, 100_000).expect("a tour");
    assert_eq!(path.first(), path.last());
    assert_eq!(machine.statistics().visited_edges, 10_000);
    assert!(path.len() < 2 * 20_000, "{}", path.len());
}

#[test]
fn a_tour_that_another_model_interrupts_comes_back_to_its_place() {
    let text = "{models:[{id:m,generator:'directed_chinese_postman(edge_coverage(100))',startElementId:A,
        vertices:[{id:A,sharedState:S},{id:B,sharedState:T},{id:C}],
        edges:[{id:ab,sourceVertexId:A,targetVertexId:B},{id:ba,sourceVertexId:B,targetVertexId:A},
        {id:bc,sourceVertexId:B,targetVertexId:C},{id:cb,sourceVertexId:C,targetVertexId:B}]},
        {id:n,generator:'random(edge_coverage(100))',vertices:[{id:D,name:D,sharedState:S},{id:E,name:E,sharedState:T}],
        edges:[{id:de,sourceVertexId:D,targetVertexId:E},{id:ed,sourceVertexId:E,targetVertexId:D}]}]}";
    let models = Arc::new(suite(text));
    for seed in 0..50 {
        let mut machine = Machine::new(Arc::clone(&models), seed).expect("a machine");
        let path = ids(&mut machine, 10_000).expect("a walk");
        let statistics = machine.statistics();
        assert_eq!(statistics.visited_edges, 6, "seed {seed}: {path:?}");
        for pair in path.windows(2) {
            let is_step = match (pair[0].as_str(), pair[1].as_str()) {
                ("A", to) => ["ab", "D"].contains(&to),
                ("B", to) => ["ba", "bc", "E"].contains(&to),
                ("C", to) => to == "cb",
                ("D", to) => ["de", "A"].contains(&to),
                ("E", to) => ["ed", "B"].contains(&to),
                (edge, to) => edge.to_uppercase().ends_with(to),
            };
            assert!(is_step, "seed {seed}: {pair:?} in {path:?}");
        }
    }
}

/// A planned path of the reference goes on where it stopped, wherever the walk is brought back (it hands out what it has
/// worked out, element by element, and looks at nothing else). For the sake of the same walks ours does the same.
#[test]
fn a_planned_path_of_the_reference_goes_on_where_it_stopped() {
    let text = "{models:[{id:m,generator:'shortest_all_paths(never)',startElementId:A,
        vertices:[{id:A},{id:B,sharedState:S},{id:C,sharedState:T}],
        edges:[{id:ab,sourceVertexId:A,targetVertexId:B},{id:bc,sourceVertexId:B,targetVertexId:C},
        {id:ca,sourceVertexId:C,targetVertexId:A}]},
        {id:n,generator:'random(never)',vertices:[{id:D,name:D,sharedState:S},{id:E,name:E,sharedState:T}],
        edges:[{id:de,sourceVertexId:D,targetVertexId:E}]}]}";
    let models = Arc::new(suite(text));
    let mut has_come_back = false;
    for seed in 0..20 {
        let mut machine = Machine::new(Arc::clone(&models), seed).expect("a machine");
        let path = match ids(&mut machine, 12) {
            Ok(path) => path.join(" "),
            Err(error) => error.to_string(),
        };
        // Left at B, back at C: the path says `bc` there.
        has_come_back |= path.starts_with("A ab B D de E C bc C");
    }
    assert!(has_come_back);
}

/// The fewest edges of a closed path over all edges from vertex 0, by trying all paths, shortest first.
fn fewest(edges: &[(usize, usize)]) -> Option<usize> {
    let all = (1_u32 << edges.len()) - 1;
    let mut seen = std::collections::HashSet::from([(0, 0)]);
    let mut level = vec![(0_usize, 0_u32)];
    for steps in 0.. {
        if level.contains(&(0, all)) {
            return Some(steps);
        }
        let mut next = Vec::new();
        for (vertex, done) in level {
            for (at, (source, target)) in edges.iter().enumerate() {
                let state = (*target, done | 1 << at);
                next.extend((*source == vertex && seen.insert(state)).then_some(state));
            }
        }
        if next.is_empty() {
            return None;
        }
        level = next;
    }
    None
}

proptest! {
    #[test]
    fn no_closed_tour_is_shorter(edges in prop::collection::vec((0..4_usize, 0..4_usize), 1..9)) {
        let lines = edges.iter().enumerate().map(|(at, (from, to))| format!(" e{at}:v{from}>v{to}"));
        let text = format!("v0 v1 v2 v3;{}", lines.collect::<String>());
        let path = tour(&text, "v0", "tour(closed)");
        match (fewest(&edges), path) {
            (Some(fewest), Ok(path)) => prop_assert_eq!(path.len(), 2 * fewest + 1),
            (None, Err(WalkError::Torn(_) | WalkError::TourOver(_))) => {}
            (fewest, path) => prop_assert!(false, "{:?} {:?} in {}", fewest, path, text),
        }
    }
}
