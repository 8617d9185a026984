//! `gw offline`: a line for each step while it happens, what a line says, and how a walk ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{expect_quiet, gw, models, names};
use crate::lab::{Exit, PATIENCE, Process, binary};

fn lines(exit: &Exit) -> Vec<Value> {
    let lines = exit
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"));
    lines.collect()
}

#[test]
fn each_step_is_a_line() {
    let exit = gw("offline -m cli/simplest.graphml random(vertex_coverage(100))");
    let wanted = "{\"currentElementName\":\"e1\"}\n{\"currentElementName\":\"v1\"}\n";
    assert_eq!(expect_quiet(&exit).stdout, wanted);
    for (line, path) in [
        (
            "offline -m cli/tour.graphml shortest_all_paths(vertex_coverage(100))",
            "e1 v1 e2 v2 e4 v4 e6 v1 e3 v3",
        ),
        (
            "offline -e v1 -m cli/no_start.graphml a_star(reached_edge(e4))",
            "v1 e2 v2 e4",
        ),
        (
            "offline -m cli/blocked_vertex.graphml random(edge_coverage(100))",
            "e1 v1",
        ),
        (
            "offline -b false -m cli/blocked_vertex.graphml random(edge_coverage(100))",
            "e1 v1 e2 v2",
        ),
        ("@cli/words.txt", "e1 v1"),
        ("offline", ""),
        ("offline -d 5 -e v_A", ""),
    ] {
        let exit = gw(line);
        assert_eq!(names(expect_quiet(&exit)).join(" "), path, "{line}");
    }
}

#[test]
fn blocked_elements_are_left_out_unless_they_are_wanted() {
    let walked = |line: &str| {
        let mut names = names(expect_quiet(&gw(line)));
        names.sort();
        names.dedup();
        names.join(" ")
    };
    let some = "e1 e2 e3 e4 e7 e8 e9 v1 v2 v3 v4";
    assert_eq!(walked("offline -g cli/blocked.json"), some);
    let all = "e1 e10 e2 e3 e4 e5 e6 e7 e8 e9 v1 v2 v3 v4 v5";
    assert_eq!(walked("offline -g cli/blocked.json -b false"), all);
    assert_eq!(
        walked("offline -b FALSE -m cli/blocked.json random(edge_coverage(100))"),
        all
    );
}

#[test]
fn a_line_says_what_is_asked_for() {
    let exit = gw("offline -o -u -d 1 -m d1.json random(length(3))");
    let wanted = concat!(
        r#"{"modelName":"D1","data":[{"x":"1"}],"numberOfElements":5,"currentElementID":"e0","#,
        r#""numberOfUnvisitedElements":5,"currentElementName":"","unvisitedElements":["#,
        r#"{"elementId":"A","elementName":"v_A"},{"elementId":"B","elementName":"v_B"},{"elementId":"e0"},"#,
        r#"{"elementId":"ab","elementName":"e_ab"},{"elementId":"ba","elementName":"e_ba"}],"#,
        r#""actions":[{"Action":"x=x+1;"}],"properties":[]}"#
    );
    assert_eq!(expect_quiet(&exit).stdout.lines().next(), Some(wanted));
    let second = &lines(&exit)[1];
    let properties = json!([{"b":true},{"s":"t"},{"x":-5.5},{"y":100},{"tags":["a",1]},{"o":{}}]);
    assert_eq!(second["properties"], properties);
    assert_eq!(second.get("actions"), None, "there are none");
    let exit = gw("offline -u -g cli/shared.json");
    let wanted = concat!(
        r#"{"numberOfElements":3,"numberOfUnvisitedElements":2,"currentElementName":"v_A","#,
        r#""unvisitedElements":[{"elementName":"v_B"},{}]}"#
    );
    assert_eq!(expect_quiet(&exit).stdout.lines().next(), Some(wanted));
    let exit = gw("offline --verbose -g cli/properties.json");
    let escaped = r#""properties":[{"str":"a<\/b>é\u2028\u0085"},{"arr":[1,null,2.5]},{"a":1},{"big":1.0E7},"#;
    assert!(exit.stdout.contains(escaped), "{}", exit.stdout);
    let twice = gw("offline -o -o -d 1 -m d1.json random(length(1))");
    assert!(
        !twice.stdout.contains("modelName"),
        "said twice it is off: {}",
        twice.stdout
    );
}

#[test]
fn lines_stand_before_the_actions_with_m_and_after_them_with_g() {
    let x = |line: &str| -> Vec<Value> {
        let lines = lines(expect_quiet(&gw(line)));
        lines
            .iter()
            .map(|line| line["data"][0]["x"].clone())
            .take(4)
            .collect()
    };
    assert_eq!(
        x("offline -o -m d1.json random(edge_coverage(100))"),
        ["1", "2", "2", "2"]
    );
    assert_eq!(x("offline -o -g d1.json"), ["2", "2", "2", "4"]);
    let left = |line: &str| lines(expect_quiet(&gw(line)))[0]["numberOfUnvisitedElements"].clone();
    assert_eq!(left("offline -u -m d1.json random(edge_coverage(100))"), 5);
    assert_eq!(left("offline -u -g d1.json"), 4);
    // The same step of both walks fails; with -m its line is there.
    for (line, wanted) in [
        (
            "offline -m dead.json random(edge_coverage(100)) -d 1",
            "e_0 v_a e_1 v_b e_3",
        ),
        ("offline -g dead.json -d 1", "e_0 v_a e_1 v_b"),
    ] {
        let exit = gw(line);
        exit.expect_code(2)
            .expect_words(&["ReferenceError: nosuch is not defined\n\n"]);
        assert_eq!(names(&exit).join(" "), wanted, "{line}");
    }
}

#[test]
fn what_was_printed_before_a_failure_stays() {
    let exit = gw("offline -m multi.json random(length(9))");
    exit.expect_code(2).expect_words(&[
        "org.graphwalker.core.generator.NoPathFoundException: Could not find a valid path from element: v_a (a)\n\n",
    ]);
    assert_eq!(names(&exit), ["e_a", "v_a"]);
}

#[test]
fn several_files_are_walked_together() {
    let exit = gw("offline -o -d 11 -m g1.json random(length(3)) -m d1.json random(length(9))");
    let models: Vec<_> = super::members(expect_quiet(&exit), "modelName");
    assert_eq!(models.join(" "), "G1 G1 G1 G1 D1 D1 D1 D1 D1 D1");
}

#[test]
fn a_seed_of_the_line_counts_more_than_that_of_the_file() {
    let walk = |line: &str| names(expect_quiet(&gw(line)));
    let with = |seed: &str| {
        walk(&format!(
            "offline -m g1.json random(length(60)) --seed {seed}"
        ))
    };
    assert_eq!(with("7"), with("7"));
    assert_ne!(with("7"), with("8"));
    assert_ne!(with("-7"), with("7"));
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    let text = std::fs::read_to_string(models().join("g1.json")).expect("readable");
    let seeded = folder.path().join("seeded.json");
    std::fs::write(&seeded, text.replacen('{', "{\"seed\": 7,", 1)).expect("writable");
    let of_file = |more: &str| {
        walk(&format!(
            "offline -m {} random(length(60)){more}",
            seeded.display()
        ))
    };
    assert_eq!(of_file(""), with("7"));
    assert_eq!(of_file(" -d 0"), with("7"));
    assert_eq!(of_file(" -d 8"), with("8"));
}

/// A walk without an end whose output is read here.
fn endless() -> (Process, BufReader<std::io::PipeReader>) {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    let mut command = binary("gw");
    let line = ["offline", "-m", "g1.json", "random(never)"];
    command.current_dir(models()).args(line).stdout(writer);
    let process = Process::spawn(&mut command).0;
    (process, BufReader::new(reader))
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let (process, mut reader) = endless();
    let mut line = String::new();
    reader.read_line(&mut line).expect("a line comes");
    assert_eq!(line, "{\"currentElementName\":\"e_Init\"}\n");
    drop(reader);
    let exit = process.wait(PATIENCE);
    assert_eq!((exit.code, exit.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_walk_without_an_end_goes_on_until_it_is_told_to_stop() {
    let (process, mut reader) = endless();
    let mut some = vec![0; 1 << 20];
    reader.read_exact(&mut some).expect("there is always more");
    process.signal("INT");
    let mut rest = Vec::new();
    reader
        .read_to_end(&mut rest)
        .expect("the other end is closed");
    let exit = process.wait(PATIENCE);
    assert_eq!((exit.code, exit.stderr.as_str()), (None, ""));
}

#[test]
fn steps_and_time_end_any_walk() {
    let exit = gw("offline -m g1.json random(never) --steps 12");
    assert_eq!(expect_quiet(&exit).stdout.lines().count(), 12);
    let exit = gw("offline -m cli/simplest.graphml random(vertex_coverage(100)) --steps 12");
    assert_eq!(
        expect_quiet(&exit).stdout.lines().count(),
        2,
        "the generator ends it"
    );
    for line in [
        "offline -u -m g1.json random(never) --time 1",
        "offline -u -m g1.json random(time_duration(1))",
    ] {
        let begun = Instant::now();
        let exit = gw(line);
        assert!(expect_quiet(&exit).stdout.lines().count() > 10, "{line}");
        assert!(begun.elapsed() >= Duration::from_secs(1), "{line}");
    }
}

#[test]
fn what_is_logged_stays_away_from_the_lines() {
    let exit = gw("--debug info offline -d 42 -m g1.json random(length(3))");
    exit.expect_code(0).expect_words(&["Seed: 42"]);
    assert_eq!(names(&exit).len(), 4, "standard output has lines only");
    let exit = gw("-d OFF offline -d 42 -m g1.json random(length(3))");
    assert_eq!(names(expect_quiet(&exit)).len(), 4);
}
