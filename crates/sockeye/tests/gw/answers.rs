//! What each command answers: results, statuses, the first lines of what is wrong. All of it is the reference's.

use serde_json::Value;

use super::{expect_quiet, gw, models, words};
use crate::lab::{Exit, gw_in, sockeye, sockeye_in};

/// Fails unless standard error begins with `text` behind the command line, and a blank line follows.
#[track_caller]
fn expect_failure(line: &str, code: i32, text: &str) -> Exit {
    let exit = gw(line);
    exit.expect_code(code);
    let said = words(line).join(" ");
    let block = format!("An error occurred when running command: '{said}'.\n{text}\n\n");
    assert!(
        exit.stderr.starts_with(&block),
        "wanted:\n{block}found:\n{}",
        exit.stderr
    );
    exit
}

#[test]
fn links_and_the_sub_command_are_the_same() {
    let by_link = gw("methods -m g1.json");
    for prefix in ["gw", "--log off gw"] {
        let line = format!("{prefix} methods -m g1.json");
        let args: Vec<&str> = line.split(' ').collect();
        let exit = sockeye_in(&models(), &args);
        assert_eq!(expect_quiet(&exit).stdout, by_link.stdout, "{line}");
    }
    assert!(
        sockeye(&["--help"]).stdout.contains("\n  gw "),
        "help lists the command"
    );
    let help = sockeye(&["gw", "--help"]);
    assert_eq!(expect_quiet(&help).stdout, gw("--help").stdout);
    assert_eq!(sockeye(&["gw", "-v"]).stdout, gw("--version").stdout);
}

#[test]
fn help_shows_every_command_and_option() {
    let help = gw("--help").stdout;
    assert!(
        help.starts_with("Usage: graphwalker [options] [command] [command options]\n"),
        "{help}"
    );
    for command in [
        "offline",
        "online",
        "methods",
        "requirements",
        "convert",
        "source",
        "check",
    ] {
        assert!(
            help.contains(&format!("Usage: {command} [options]")),
            "{command}"
        );
    }
    assert_eq!(
        help.matches("--blocked, -b\n").count(),
        7,
        "each command has it"
    );
    assert_eq!(
        help.matches("* --").count(),
        4,
        "methods, requirements, convert, source"
    );
    for names in [
        "--gw, -g",
        "--start-element, -e",
        "--seed, -d",
        "--port, -p",
        "--service, -s",
    ] {
        assert!(help.contains(names), "{names}");
    }
    assert!(help.lines().all(|line| line.chars().count() < 80), "{help}");
    assert_eq!(gw("-h -v").stdout, help);
    assert_eq!(gw("-h offline").stdout, help);
}

#[test]
fn the_version_is_read_as_programs_read_it() {
    let exit = gw("--version");
    let first = expect_quiet(&exit).stdout.lines().next().expect("a line");
    assert!(
        first.starts_with("org.graphwalker version: 4.3.4-"),
        "{first}"
    );
    let (_, version) = first.rsplit_once(':').expect("a colon");
    let numbers = version
        .split('-')
        .next()
        .expect("a version")
        .trim()
        .split('.');
    let numbers: Vec<u32> = numbers
        .map(|part| part.parse().expect("a number"))
        .collect();
    assert_eq!(numbers.len(), 3, "{first}");
    assert!(exit.stdout.ends_with("\n\n"), "{}", exit.stdout);
    assert_eq!(exit.stdout.lines().count(), 6, "{}", exit.stdout);
    assert_eq!(gw("-v offline").stdout, exit.stdout);
}

#[test]
fn without_a_command_there_is_one_line() {
    for (line, text) in [
        (
            "",
            "Missing a command. Use the '--help' option to list all available commands.",
        ),
        (
            "-d ALL",
            "Missing a command. Use the '--help' option to list all available commands.",
        ),
        ("bogus", "Expected a command, got bogus"),
        ("--bogus", "Expected a command, got --bogus"),
        ("OFFLINE", "Expected a command, got OFFLINE"),
        (
            "methods -m model.xml",
            "File format for file: model.xml, is not supported",
        ),
        (
            "convert -i g1.json -f foo",
            "File format for file: foo.foo, is not supported",
        ),
    ] {
        let exit = gw(line);
        exit.expect_code(1);
        assert!(
            exit.stderr.starts_with(&format!("{text}\n\n")),
            "{line}: {}",
            exit.stderr
        );
        assert_eq!(exit.stdout, "", "{line}");
    }
}

#[test]
fn mistakes_of_the_line_show_the_usage() {
    let usage = gw("--help").stdout;
    for (line, text) in [
        ("offline -m a.json", "Expected 2 values after -m"),
        ("offline -m", "Expected a value after parameter -m"),
        ("offline -d", "Expected a value after parameter -d"),
        (
            "offline -d abc",
            "\"-d\": couldn't convert \"abc\" to a long",
        ),
        ("offline -d 1 -d 1", "Can only specify option -d once."),
        (
            "offline -b maybe",
            "\"-b\": couldn't convert \"maybe\" to a boolean",
        ),
        (
            "online --port abc",
            "\"--port\": couldn't convert \"abc\" to an integer",
        ),
        (
            "online -s FOO",
            "--service expected either WEBSOCKET or RESTFUL.",
        ),
        (
            "methods",
            "The following option is required: [--model | -m]",
        ),
        ("-d loud check", "Incorrect argument to --debug"),
        (
            "offline --bogus",
            "Was passed main parameter '--bogus' but no main parameter was defined in your arg class",
        ),
        (
            "offline -e none -m g1.json random(never)",
            "--start-element Did not find matching element in the model: 'g1.json'.",
        ),
        (
            "offline -e v_A -m cli/twins.json random(never)",
            "--start-element There are more than one matching element in the model: 'cli/twins.json'.",
        ),
    ] {
        let exit = expect_failure(line, 1, text);
        assert_eq!(exit.stdout, usage, "{line}");
    }
}

#[test]
fn mistakes_in_models_are_told_in_the_words_of_the_reference() {
    let label = |file: &str, text: &str| {
        format!(
            "The following syntax error occurred when parsing: '{file}'.\nSyntax Error: The string '{text}' did not \
             conform to GraphWalker syntax rules."
        )
    };
    let random = "random(edge_coverage(100))";
    for (file, text) in [
        (
            "cli/wrong_vertex.graphml",
            label("cli/wrong_vertex.graphml", "1"),
        ),
        (
            "cli/bad_edge_name.graphml",
            label("cli/bad_edge_name.graphml", "1_badName"),
        ),
        (
            "cli/bad_vertex_name.graphml",
            label("cli/bad_vertex_name.graphml", "1_badName"),
        ),
        (
            "cli/single_vertex.graphml",
            "No start context found".to_owned(),
        ),
        (
            "cli/single_start.graphml",
            "No start context found".to_owned(),
        ),
        ("none.graphml", "Could not read the file.".to_owned()),
        ("none.json", "Could not read resource: none.json".to_owned()),
        ("none.dot", "Could not read resource: none.dot".to_owned()),
        (
            "cli/no_models.json",
            "The json file is not a valid GraphWalker model(s) file".to_owned(),
        ),
        (
            "cli/bad_init.json",
            "ReferenceError: nope is not defined".to_owned(),
        ),
    ] {
        let exit = expect_failure(&format!("offline -m {file} {random}"), 2, &text);
        assert_eq!(exit.stdout, "", "{file}");
    }
    let file = "cli/wrong_vertex.graphml";
    let text = label(file, "1") + "\n";
    expect_failure(&format!("convert -i {file}"), 2, &text);
    expect_failure(
        "convert -i a.java",
        2,
        "Creating a context from a java file is not supported.",
    );
}

#[test]
fn mistakes_in_generators_are_told_in_the_words_of_the_reference() {
    for (generator, text) in [
        (
            "random(never",
            "The string 'random(never' did not conform to GraphWalker syntax rules.",
        ),
        ("random(foo)", "No valid stop condition found."),
        ("random(reached_vertex(zz))", "Vertex [zz] not found"),
        (
            "random(length(3000000000))",
            "For input string: \"3000000000\"",
        ),
        ("", "No valid generator found."),
    ] {
        let exit = expect_failure(&format!("offline -m g1.json '{generator}'"), 2, text);
        assert_eq!(exit.stdout, "", "{generator}");
    }
}

#[test]
fn characters_that_mean_nothing_are_told_and_left_out() {
    let exit = gw("offline -d 1 -m g1.json 'random(length(1)%)'");
    exit.expect_code(0);
    assert_eq!(exit.stderr, "line 1:16 token recognition error at: '%'\n");
    assert_eq!(exit.stdout.lines().count(), 2);
}

#[test]
fn models_without_issues_pass_the_check() {
    for line in [
        "check",
        "check -m cli/cart.graphml 'random(edge_coverage(100))' --blocked True",
    ] {
        let exit = gw(line);
        assert_eq!(
            expect_quiet(&exit).stdout,
            "No issues found with the model(s).\n"
        );
    }
}

#[test]
fn issues_of_the_reference_come_first() {
    let exit = gw("check -m multi.json 'random(edge_coverage(100))'");
    exit.expect_code(1);
    assert_eq!(exit.stderr, "");
    let lines: Vec<&str> = exit.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "The model has one cul-de-sacs, and is requested to run using a random path generator and 100% edge coverage. \
         That might not work."
    );
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[1].contains("no generator"), "{lines:?}");
}

#[test]
fn issues_are_read_by_programs_with_their_place() {
    let exit = gw("check --json -m cli/weights.json 'weighted_random(length(10))'");
    exit.expect_code(1);
    let report: Value = serde_json::from_str(&exit.stdout).expect("JSON");
    let issue = &report["issues"][0];
    assert_eq!(issue["element"]["id"], "a", "{report}");
    assert_eq!(issue["element"]["kind"], "vertex", "{report}");
    assert_eq!(issue["model"]["name"], "B", "{report}");
    assert_eq!(issue["reference"], false, "{report}");
    let exit = gw("check --json -b false -m cli/faults.json 'random(length(10))'");
    let report: Value = serde_json::from_str(&exit.stdout).expect("JSON");
    let issues = report["issues"].as_array().expect("a list");
    let known: Vec<_> = issues
        .iter()
        .filter(|issue| issue["reference"] == true)
        .collect();
    assert!(known.len() > 10, "{report}");
    assert!(
        known.iter().all(|issue| issue["remedy"].is_string()),
        "{report}"
    );
    let exit = gw("check --json -m g1.json 'random(edge_coverage(100))'");
    let report: Value = serde_json::from_str(&expect_quiet(&exit).stdout).expect("JSON");
    assert_eq!(report, serde_json::json!({ "issues": [] }));
}

#[test]
fn names_and_requirements_are_sorted_and_said_once() {
    let all = "e1 e10 e2 e3 e4 e5 e6 e7 e8 e9 v1 v2 v3 v4 v5";
    let some = "e1 e2 e3 e4 e7 e8 e9 v1 v2 v3 v4";
    for (line, wanted) in [
        ("methods -b false -m cli/blocked.json", all),
        ("methods -m cli/blocked.json", some),
        ("methods --model cli/blocked.json --blocked False", all),
        ("methods -m d1.json -m nost.json", "e_ab e_ba v_A v_B v_a"),
        ("requirements -m d1.json", "R1"),
    ] {
        let exit = gw(line);
        let lines: Vec<&str> = expect_quiet(&exit).stdout.lines().collect();
        assert_eq!(lines.join(" "), wanted, "{line}");
    }
    let exit = gw("requirements -m cli/cart.graphml");
    let wanted = "UC01 2.2.1\nUC01 2.2.2\nUC01 2.2.3\nUC01 2.3\nUC01 2.4\n";
    assert_eq!(expect_quiet(&exit).stdout, wanted);
}

#[test]
fn documents_are_converted() {
    let exit = gw("convert -i g1.json");
    let json = expect_quiet(&exit).stdout.clone();
    let start = r#"{"models":[{"name":"G1","id":"G1","generator":"RandomPath(EdgeCoverage(100))","startElementId":"e0","#;
    assert!(json.starts_with(start), "{json}");
    assert!(json.ends_with("]}]}\n"), "{json}");
    let weight = r#"{"id":"ab1","name":"e_ab1","weight":0.6,"dependency":0,"sourceVertexId":"A","targetVertexId":"B"}"#;
    assert!(json.contains(weight), "{json}");
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    for format in ["graphml", "DOT", "Json"] {
        let exit = gw(&format!("convert --input g1.json --format {format}"));
        let name = format!("again.{}", format.to_lowercase());
        std::fs::write(folder.path().join(&name), &expect_quiet(&exit).stdout).expect("writable");
        let line = [
            "offline",
            "-o",
            "-d",
            "42",
            "-m",
            &name,
            "random(edge_coverage(100))",
        ];
        let again = gw_in(folder.path(), &line);
        let once = gw("offline -o -d 42 -m g1.json random(edge_coverage(100))");
        let names = super::names;
        assert_eq!(names(expect_quiet(&again)), names(&once), "{format}");
    }
    let java = gw("convert --input g1.json --format java");
    assert!(
        expect_quiet(&java).stdout.contains("public class G1 "),
        "{}",
        java.stdout
    );
}

#[test]
fn templates_are_filled_with_every_name() {
    let exit = gw("source --input g1.json cli/perl.template");
    let names = "e_Init e_ab1 e_ab2 e_ac e_ba e_bc e_ca v_A v_B v_C";
    let mut wanted = String::from("\n# made from a model\nuse strict;\n\n");
    for name in names.split(' ') {
        wanted += &format!("\nsub {name} {{\n  # what {name} does\n}}\n\n");
    }
    wanted += "\n1;\n\n";
    assert_eq!(expect_quiet(&exit).stdout, wanted);
    let exit = gw("source --input d1.json cli/words.txt");
    assert_eq!(
        expect_quiet(&exit).stdout,
        "\n\n\n\n\n\n",
        "a template without its marks is empty"
    );
}
