//! Several walks of one command: so many, or as few as go over all edges.

use std::collections::BTreeSet;

use serde_json::Value;
use tempfile::TempDir;

use super::{expect_quiet, gw, names};
use crate::lab::{Exit, gw_in};

/// Two dead ends behind one vertex; one of them may be closed.
fn fork(guard: &str) -> Exit {
    let model = format!(
        r#"{{"models":[{{"name":"F","id":"f","generator":"random(never)","startElementId":"e0",
        "vertices":[{{"id":"a","name":"v_A"}},{{"id":"b","name":"v_B"}},{{"id":"c","name":"v_C"}},{{"id":"d","name":"v_D"}}],
        "edges":[{{"id":"e0","name":"e_Init","targetVertexId":"a"}},
          {{"id":"e1","name":"e_B","sourceVertexId":"a","targetVertexId":"b"}},
          {{"id":"e2","name":"e_C","sourceVertexId":"a","targetVertexId":"c","guard":"{guard}"}},
          {{"id":"e3","name":"e_D","sourceVertexId":"d","targetVertexId":"a"}}]}}]}}"#
    );
    let island = r#",
          {"id":"e3","name":"e_D","sourceVertexId":"d","targetVertexId":"a"}"#;
    let model = if guard == "true" {
        model.replace(island, "")
    } else {
        model
    };
    let folder = TempDir::new().expect("a temporary folder");
    std::fs::write(folder.path().join("fork.json"), model).expect("writable");
    gw_in(
        folder.path(),
        &["offline", "-g", "fork.json", "--suite", "-d", "1"],
    )
}

/// The names of each path, by the numbers in the lines.
fn paths(exit: &Exit) -> Vec<Vec<String>> {
    let mut paths: Vec<Vec<String>> = Vec::new();
    for line in exit.stdout.lines() {
        let step: Value = serde_json::from_str(line).expect("JSON");
        let number = step["path"].as_u64().expect("the number of a path");
        if number > paths.len() as u64 {
            paths.push(Vec::new());
        }
        assert_eq!(number, paths.len() as u64, "paths are in order");
        let name = step["currentElementName"].as_str().expect("a name");
        paths.last_mut().expect("a path").push(name.to_owned());
    }
    paths
}

#[test]
fn a_suite_has_as_few_paths_as_cover_all_edges() {
    let exit = fork("true");
    let paths = paths(expect_quiet(&exit));
    assert_eq!(paths.len(), 2, "{paths:?}");
    assert!(
        paths
            .iter()
            .all(|path| path.len() == 4 && path[0] == "e_Init"),
        "{paths:?}"
    );
    let ends: BTreeSet<_> = paths.iter().map(|path| path[2].as_str()).collect();
    assert_eq!(ends, BTreeSet::from(["e_B", "e_C"]));
    let whole = gw("offline --suite -m g1.json random(never)");
    let walked = names(expect_quiet(&whole));
    let edges = walked.iter().filter(|name| name.starts_with("e_"));
    assert_eq!(edges.count(), 7, "each edge once, in one path: {walked:?}");
}

#[test]
fn a_suite_says_what_it_leaves_out() {
    let exit = fork("false");
    exit.expect_code(2).expect_words(&[
        "the paths leave out 2 edges: e_D (e3): no way leads to them; e_C (e2): their guards, or those on the way, stayed closed\n\n",
        "add edges that lead there",
    ]);
    let walked: Vec<_> = paths(&exit).concat();
    assert!(
        walked.iter().any(|name| name == "e_B"),
        "what can be walked is: {walked:?}"
    );
}

#[test]
fn several_paths_begin_with_the_one_that_there_would_be_alone() {
    let alone = names(expect_quiet(&gw(
        "offline -d 42 -m g1.json random(length(30))",
    )));
    let line = "offline -d 42 -m g1.json random(length(30)) --paths 3";
    let several = gw(line);
    let walked = paths(expect_quiet(&several));
    assert_eq!(walked.len(), 3);
    assert_eq!(walked[0], alone);
    assert!(
        walked[1] != walked[0] && walked[2] != walked[1],
        "{walked:?}"
    );
    assert!(walked.iter().all(|path| path[0] == "e_Init"), "{walked:?}");
    assert_eq!(
        gw(line).stdout,
        several.stdout,
        "the same seed gives the same paths"
    );
    let limited = gw("offline -d 42 -m g1.json random(never) --paths 3 --steps 50");
    assert_eq!(expect_quiet(&limited).stdout.lines().count(), 50);
}
