//! Every name of a generator and of a stop condition stands here: one row each, all aliases.

use super::{Generator, Kind};

/// A generator with its canonical name and the names that are read, in lower case.
type GeneratorRow = (Generator, &'static str, &'static [&'static str]);

const GENERATORS: &[GeneratorRow] = &[
    (Generator::Random, "RandomPath", &["random", "randompath"]),
    (
        Generator::Weighted,
        "WeightedRandomPath",
        &["weighted_random", "weightedrandompath"],
    ),
    (
        Generator::Quick,
        "QuickRandomPath",
        &["quick_random", "quickrandom", "quickrandompath"],
    ),
    // 3.4 had its name with a slip.
    (
        Generator::AStar,
        "AStarPath",
        &["a_star", "astarpath", "astartpath"],
    ),
    (
        Generator::Shortest,
        "ShortestAllPaths",
        &["shortest_all_paths", "shortestallpaths"],
    ),
    (
        Generator::NewShortest,
        "NewShortestAllPaths",
        &["new_shortest_all_paths", "newshortestallpaths"],
    ),
    (
        Generator::Postman,
        "DirectedChinesePostman",
        &[
            "directed_chinese_postman",
            "directedchinesepostman",
            "new_york_street_sweeper",
        ],
    ),
    (
        Generator::Predefined,
        "PredefinedPath",
        &["predefined_path", "predefinedpath"],
    ),
];

/// What a condition is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Edges,
    Vertices,
    Requirements,
    Dependencies,
    Length,
    Duration,
    Reached(Kind),
    Never,
    Predefined,
    Tour,
}

const CONDITIONS: &[(Form, &[&str])] = &[
    (Form::Edges, &["edge_coverage", "edgecoverage"]),
    (Form::Vertices, &["vertex_coverage", "vertexcoverage"]),
    (
        Form::Requirements,
        &["requirement_coverage", "requirementcoverage"],
    ),
    (
        Form::Dependencies,
        &["dependency_edge_coverage", "dependencyedgecoverage"],
    ),
    (
        Form::Reached(Kind::Vertex),
        &["reached_vertex", "reachedvertex"],
    ),
    (Form::Reached(Kind::Edge), &["reached_edge", "reachededge"]),
    (
        Form::Reached(Kind::Shared),
        &["reached_shared_state", "reachedsharedstate"],
    ),
    (Form::Duration, &["time_duration", "timeduration"]),
    (Form::Length, &["length"]),
    (Form::Never, &["never"]),
    (Form::Tour, &["tour"]),
    (
        Form::Predefined,
        &[
            "predefined_path",
            "predefinedpath",
            "predefinedpathstopcondition",
        ],
    ),
];

/// The generator of this name, which must be in lower case.
pub(super) fn generator(name: &str) -> Option<Generator> {
    let row = GENERATORS
        .iter()
        .find(|(_, _, names)| names.contains(&name));
    row.map(|(generator, _, _)| *generator)
}

/// The condition of this name, which must be in lower case.
pub(super) fn condition(name: &str) -> Option<Form> {
    let row = CONDITIONS.iter().find(|(_, names)| names.contains(&name));
    row.map(|(form, _)| *form)
}

pub(super) fn canonical(generator: Generator) -> &'static str {
    let row = GENERATORS.iter().find(|(known, _, _)| *known == generator);
    row.map_or("", |(_, name, _)| name)
}

/// The first name of every generator.
pub fn generator_names() -> impl Iterator<Item = &'static str> {
    GENERATORS
        .iter()
        .filter_map(|(_, _, names)| names.first().copied())
}

/// The first name of every stop condition.
pub fn condition_names() -> impl Iterator<Item = &'static str> {
    CONDITIONS
        .iter()
        .filter_map(|(_, names)| names.first().copied())
}
