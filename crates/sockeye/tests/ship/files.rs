//! Both notations of configuration files, from the file to the server's records, and their mistakes.

use crate::lab::{Shipper, Sink};

#[test]
fn the_classic_notation_with_filters_variables_and_includes() {
    let sink = Sink::start();
    let main = format!(
        "@SET fmt=json_lines\n[SERVICE]\n    Flush 0.1\n@INCLUDE in*.conf\n[FILTER]\n    Name grep\n    Match a.*\n    \
         Exclude level debug\n[FILTER]\n    Name modify\n    Match a.b\n    Add host h1\n    Rename msg message\n[FILTER]\n    \
         Name record_modifier\n    Match *\n    Record extra ${{USERX:-u}}\n    Remove_key n\n[OUTPUT]\n    Name websocket\n    \
         Match *\n    Port {}\n    Format ${{fmt}}\n    Uri /${{NOPE}}x\n",
        sink.port()
    );
    let fixed = "    Samples 1\n    Start_Time_Sec 1700000000\n    Start_Time_Nsec 0\n    Fixed_Timestamp On\n";
    let inputs = format!(
        "[INPUT]\n    Name dummy\n    Tag a.b\n    Dummy {{\"level\":\"info\",\"msg\":\"x\",\"n\":1}}\n{fixed}\
         [INPUT]\n    Name dummy\n    Tag a.c\n    Dummy {{\"level\":\"debug\",\"msg\":\"y\"}}\n{fixed}"
    );
    let mut shipper = Shipper::new()
        .file("a.conf", &main)
        .file("in1.conf", &inputs)
        .start(&["-c", "a.conf"]);
    let records = sink.expect(1);
    assert_eq!(
        records[0].to_string(),
        r#"{"date":1700000000.0,"level":"info","message":"x","host":"h1","extra":"u"}"#
    );
    shipper.says("the variable `NOPE` is not set");
    assert_eq!(sink.targets(), ["/x"]);
    shipper.stop().expect_code(0);
}

#[test]
fn yaml_with_includes_env_lists_processors_and_camel_case() {
    let sink = Sink::start();
    let main = format!(
        "includes:\n  - inc.yaml\nenv:\n  body: '{{\"y\":1}}'\nservice:\n  flush: 0.1\n  logLevel: info\npipeline:\n  outputs:\n    \
         - name: websocket\n      match: '*'\n      port: {}\n      uri: /yaml\n      format: json_lines\n      header:\n        \
         - X-A one\n        - X-B two words\n",
        sink.port()
    );
    let included = "pipeline:\n  inputs:\n    - name: dummy\n      tag: t\n      dummy: ${body}\n      samples: 1\n      \
                    startTimeSec: 1700000000\n      start_time_nsec: 0\n      fixedTimestamp: true\n      processors:\n        \
                    logs:\n          - name: record_modifier\n            record: who me\n";
    let mut shipper = Shipper::new()
        .file("a.yaml", &main)
        .file("inc.yaml", included)
        .start(&["-c", "a.yaml"]);
    assert_eq!(
        sink.expect(1)[0].to_string(),
        r#"{"date":1700000000.0,"y":1,"who":"me"}"#
    );
    assert_eq!(sink.targets(), ["/yaml"]);
    shipper.stop().expect_code(0);
}

#[test]
fn file_and_command_line_add_up() {
    let sink = Sink::start();
    let file = format!(
        "[SERVICE]\n    Flush 0.1\n[INPUT]\n    Name dummy\n    Dummy {{\"file\":1}}\n    Samples 1\n[OUTPUT]\n    Name websocket\n    \
         Match *\n    Port {}\n    URI /file\n    Format json_lines\n",
        sink.port()
    );
    let output = format!("websocket://{}/cli", sink.address());
    let words = [
        "-c",
        "a.conf",
        "-i",
        "dummy",
        "-p",
        "dummy={\"cli\":1}",
        "-p",
        "samples=1",
        "-o",
        &output,
        "-m",
        "*",
        "-p",
        "format=json_lines",
    ];
    let mut shipper = Shipper::new().file("a.conf", &file).start(&words);
    sink.expect(4);
    let mut targets = sink.targets();
    targets.sort();
    assert_eq!(targets, ["/cli", "/file"]);
    shipper.stop().expect_code(0);
}

/// What is wrong with a file, as it is drawn.
fn mistake(name: &str, text: &str) -> String {
    let mut shipper = Shipper::new().file(name, text).start(&["-c", name]);
    let exit = shipper.wait();
    exit.expect_code(1)
        .expect_words(&["configuration file contains errors, aborting."]);
    exit.stderr
}

#[test]
fn mistakes_are_drawn_with_a_place_and_a_remedy() {
    let said = mistake("a.conf", "[INPUT]\n    Name tcp\n      Port 1\n");
    assert_eq!(
        said,
        "  × a line that is indented unlike the first one of this file\n   ╭─[a.conf:3:7]\n 2 │     Name tcp\n 3 │       Port 1\n   \
         ·       ───┬──\n   ·          ╰── starts here\n   ╰────\n  help: indent it by 4 blanks\n        see docs/ship.md\n\n\
         sockeye: configuration file contains errors, aborting.\n"
    );
    let said = mistake(
        "a.yaml",
        "pipeline:\n  inputs:\n    - name: tcp\n      prt: 1\n  output: []\n",
    );
    for words in [
        "[a.yaml:5:3]",
        "unknown key `output` under `pipeline`",
        "did you mean `outputs`?",
    ] {
        assert!(said.contains(words), "no {words} in:\n{said}");
    }
}

#[test]
fn rejected_records_need_a_folder() {
    let said = mistake(
        "a.conf",
        "[SERVICE]\n    storage.keep.rejected on\n[INPUT]\n    Name dummy\n",
    );
    for words in [
        "[a.conf:2:27]",
        "`storage.keep.rejected` needs a folder",
        "add `storage.path`, or a `storage.rejected.path` that begins with `/`",
    ] {
        assert!(said.contains(words), "no {words} in:\n{said}");
    }
}

#[test]
fn b16_what_is_not_known_to_the_file_is_a_warning() {
    let file = "[SERVICE]\n    Flush 1\n    Blah 2\n[FOO]\n    a b\n[INPUT]\n    Name dummy\n[OUTPUT]\n    Name null\n    Match *\n";
    let mut shipper = Shipper::new().file("a.conf", file).start(&["-c", "a.conf"]);
    shipper.says("[engine] started");
    let exit = shipper.stop();
    exit.expect_code(0).expect_words(&[
        "unknown key `blah` in the service section",
        "a section `FOO` is not known",
    ]);
}
