//! Generator texts of every kind: accepted with their canonical form, or refused with a known text.

use sockeye_model::plan::{Condition, Plan, condition_names, generator_names};

fn canonical(text: &str) -> String {
    Plan::parse(text).map_or_else(|error| error.to_string(), |plan| plan.to_string())
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn every_alias_has_one_canonical_text() {
    for (text, expected) in [
        (
            "random(edge_coverage(100))",
            "RandomPath(EdgeCoverage(100))",
        ),
        (
            "RandomPath(EdgeCoverage(100))",
            "RandomPath(EdgeCoverage(100))",
        ),
        (
            "WEIGHTED_RANDOM(vertexcoverage(0))",
            "WeightedRandomPath(VertexCoverage(0))",
        ),
        (
            "WeightedRandomPath(length(20))",
            "WeightedRandomPath(Length(20))",
        ),
        (
            "quick_random(time_duration(9999999999))",
            "QuickRandomPath(TimeDuration(9999999999))",
        ),
        (
            "quickrandom(timeduration(1))quickRandomPath(never)",
            "QuickRandomPath(TimeDuration(1)) QuickRandomPath(Never())",
        ),
        (
            "a_star(reached_vertex(v_A))",
            "AStarPath(ReachedVertex(v_A))",
        ),
        (
            "AStarPath((reachedEdge(e-1)))",
            "AStarPath(ReachedEdge(e-1))",
        ),
        (
            "a_star(reached_shared_state(7))",
            "AStarPath(ReachedSharedState(7))",
        ),
        ("shortest_all_paths(never(5))", "ShortestAllPaths(Never())"),
        (
            "shortestAllPaths(requirement_coverage(50))",
            "ShortestAllPaths(RequirementCoverage(50))",
        ),
        (
            "random(dependencyedgecoverage(80))",
            "RandomPath(DependencyEdgeCoverage(80))",
        ),
        (
            "predefined_path(predefined_path)",
            "PredefinedPath(PredefinedPathStopCondition(PredefinedPath))",
        ),
        (
            "PredefinedPath(PredefinedPathStopCondition(PredefinedPath))",
            "PredefinedPath(PredefinedPathStopCondition(PredefinedPath))",
        ),
        ("random(Never())", "RandomPath(Never())"),
        (
            "random((edge_coverage(100) and vertex_coverage(100)) or never)",
            "RandomPath(((EdgeCoverage(100) AND VertexCoverage(100)) OR Never()))",
        ),
        (
            "random(length(1) && length(2) AND length(3))",
            "RandomPath((Length(1) AND Length(2) AND Length(3)))",
        ),
        ("random(nosuch(1) or length(2))", "RandomPath(Length(2))"),
        (
            "random(edge_coverage(100%)), random(never);",
            "RandomPath(EdgeCoverage(100)) RandomPath(Never())",
        ),
        (
            "random(reached_vertex(\"v_A\"))",
            "RandomPath(ReachedVertex(v_A))",
        ),
        (
            "random(reached_vertex(\"v A.b\", x))",
            "RandomPath(ReachedVertex(\"v A.b\", x))",
        ),
        (
            "directed_chinese_postman(edge_coverage(100))",
            "DirectedChinesePostman(EdgeCoverage(100))",
        ),
        (
            "new_shortest_all_paths(edge_coverage(100))",
            "NewShortestAllPaths(EdgeCoverage(100))",
        ),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
        assert_eq!(canonical(expected), expected, "read back");
    }
}

#[test]
fn what_breaks_the_grammar_is_repeated() {
    for text in [
        "random",
        "random()",
        "random(never())",
        "random(never",
        "random(never))",
        "(random(never))",
        "random(never) junk",
        "random(edge_coverage(1.5))",
        "random(never and length(1) or length(2))",
        "random(edge_coverage(100) And never)",
        "reached_vertex(a b)",
        "reached_vertex(or)",
        "random(edge_coverage(100)ORnever)",
        "random(reached_vertex(a b))",
    ] {
        let expected = format!("The string '{text}' did not conform to GraphWalker syntax rules.");
        assert_eq!(canonical(&format!(" {text} ")), expected);
    }
    let deep = format!("random({}never{})", "(".repeat(5000), ")".repeat(5000));
    assert!(Plan::parse(&deep).is_err());
}

#[test]
fn what_does_not_exist_is_named() {
    for (text, expected) in [
        ("", "No valid generator found."),
        (" % ", "No valid generator found."),
        (
            "Foo(never)",
            "No suitable generator found with name: foo in classpath",
        ),
        (
            "astar(never)",
            "No suitable generator found with name: astar in classpath",
        ),
        ("random(foo)", "No valid stop condition found."),
        ("random(foo and bar)", "No valid stop condition found."),
        (
            "random(never) random(foo)",
            "No valid stop condition found.",
        ),
        ("random(edge_coverage(abc))", "For input string: \"abc\""),
        (
            "random(length(3000000000))",
            "For input string: \"3000000000\"",
        ),
        ("random(edge_coverage(-1))", "A coverage cannot be negative"),
        (
            "random(length(-1))",
            "The length of the test, cannot be negative",
        ),
        ("random(time_duration(-1))", "A duration cannot be negative"),
        (
            "random(dependency_edge_coverage(-1))",
            "A dependency cannot be negative",
        ),
        (
            "predefined_path(never)",
            "PredefinedPath generator can only work with a PredefinedPathStopCondition instance",
        ),
        (
            "a_star(edge_coverage(100))",
            "the generator a_star needs a single target: write `a_star(reached_vertex(name))`, or reached_edge or \
             reached_shared_state",
        ),
        (
            "random(length)",
            "the stop condition `length` needs a number of steps in parentheses: write `length(20)`",
        ),
        (
            "directed_chinese_postman(tour(round))",
            "a tour is `tour(open)` or `tour(closed)`, not `tour(round)`",
        ),
        (
            "shortest_all_paths(never or tour(open))",
            "only the generator directed_chinese_postman ends with its `tour`: use it, or another stop condition",
        ),
        (
            "random()",
            "The string 'random()' did not conform to GraphWalker syntax rules.",
        ),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
    }
}

#[test]
fn what_was_left_out_is_told() {
    let plan = Plan::parse("random(edge_coverage(100%))").expect("a plan");
    assert_eq!(plan.dropped, [(24, '%')]);
    assert_eq!(plan.stages[0].condition, Condition::Edges(100));
}

#[test]
fn every_first_name_is_read() {
    assert_eq!(generator_names().count(), 8);
    for name in condition_names() {
        let text = match name {
            "tour" => "directed_chinese_postman(tour)".to_owned(),
            _ => format!("random({name}(1))"),
        };
        assert!(Plan::parse(&text).is_ok(), "{text}");
    }
}
