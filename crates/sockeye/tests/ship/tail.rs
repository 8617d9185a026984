//! Files that grow, move away and come back; offsets that are kept.

use crate::lab::{Shipper, Sink};

fn words<'a>(output: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec![
        "-f",
        "0.1",
        "-i",
        "tail",
        "-p",
        "path=*.log",
        "-p",
        "refresh_interval=100ms",
    ];
    words.extend(more);
    words.extend(["-o", output, "-m", "*", "-p", "format=json_lines"]);
    words
}

fn output(sink: &Sink) -> String {
    format!("websocket://{}/", sink.address())
}

#[test]
fn lines_of_files_that_are_there_and_that_come() {
    let sink = Sink::start();
    let output = output(&sink);
    let mut shipper = Shipper::new()
        .file("a.log", "plain line\n\n  indented\nünïcode\n")
        .start(&words(
            &output,
            &[
                "-p",
                "read_from_head=on",
                "-p",
                "path_key=file",
                "-p",
                "offset_key=at",
            ],
        ));
    assert_eq!(
        sink.values(4, "log"),
        ["plain line", "", "  indented", "ünïcode"]
    );
    assert_eq!(sink.values(4, "at"), ["0", "11", "12", "23"]);
    shipper.write("b.log", "new file\n");
    let records = sink.expect(5);
    assert_eq!(
        (records[4]["log"].as_str(), records[4]["file"].as_str()),
        (Some("new file"), Some("b.log"))
    );
    shipper.append("a.log", "more\n");
    assert_eq!(sink.values(6, "log")[5], "more");
    shipper.stop().expect_code(0);
}

#[test]
fn a_file_is_read_from_its_end_unless_asked() {
    let sink = Sink::start();
    let output = output(&sink);
    let mut shipper = Shipper::new()
        .file("a.log", "old\n")
        .start(&words(&output, &["-v"]));
    shipper.says("follows a.log from 4");
    shipper.append("a.log", "new\n");
    assert_eq!(sink.values(1, "log"), ["new"]);
    shipper.stop().expect_code(0);
}

#[test]
fn nothing_is_lost_when_a_file_is_rotated_or_cut() {
    let sink = Sink::start();
    let output = output(&sink);
    let mut shipper = Shipper::new().file("a.log", "1\n").start(&words(
        &output,
        &["-p", "read_from_head=on", "-p", "rotate_wait=300ms"],
    ));
    sink.expect(1);
    std::fs::rename(shipper.path("a.log"), shipper.path("a.log.1")).expect("it can be renamed");
    shipper.append("a.log.1", "2\n");
    shipper.write("a.log", "3\n");
    let mut values = sink.values(3, "log");
    values.sort();
    assert_eq!(values, ["1", "2", "3"]);
    shipper.append("a.log", "4\n");
    assert_eq!(sink.values(4, "log")[3], "4");
    shipper.write("a.log", "");
    shipper.says("has become shorter");
    shipper.append("a.log", "5\n");
    assert_eq!(sink.values(5, "log")[4], "5");
    shipper.stop().expect_code(0);
}

#[test]
fn b15_the_last_line_without_its_newline_is_a_record() {
    let sink = Sink::start();
    let output = output(&sink);
    let mut shipper = Shipper::new().file("a.log", "one\nrest").start(&words(
        &output,
        &["-p", "read_from_head=on", "-p", "exit_on_eof=on"],
    ));
    shipper.wait().expect_code(0);
    assert_eq!(sink.values(2, "log"), ["one", "rest"]);
}

#[test]
fn a_last_line_that_waits_is_a_record_once() {
    let sink = Sink::start();
    let output = output(&sink);
    let mut shipper = Shipper::new().file("a.log", "half").start(&words(
        &output,
        &["-p", "read_from_head=on", "-p", "last_line_wait=200ms"],
    ));
    assert_eq!(sink.values(1, "log"), ["half"]);
    shipper.append("a.log", "\nnext\n");
    assert_eq!(sink.values(2, "log"), ["half", "next"]);
    shipper.stop().expect_code(0);
}

#[test]
fn the_next_run_goes_on_where_this_one_ended() {
    let sink = Sink::start();
    let output = output(&sink);
    let more = ["-p", "read_from_head=on", "-p", "db=offsets"];
    let words = words(&output, &more);
    let mut shipper = Shipper::new().file("a.log", "1\n2\n").start(&words);
    sink.expect(2);
    shipper.stop().expect_code(0);
    shipper.append("a.log", "3\n");
    let mut shipper = shipper.start(&words);
    assert_eq!(sink.values(3, "log"), ["1", "2", "3"]);
    shipper.stop().expect_code(0);
}

#[test]
fn what_was_not_delivered_is_read_again() {
    let sink = Sink::start();
    let output = output(&sink);
    let address = sink.address();
    let more = ["-p", "read_from_head=on", "-p", "db=offsets"];
    let words = words(&output, &more);
    let mut shipper = Shipper::new()
        .file("a.log", "1\n")
        .file("s.conf", "[SERVICE]\n    Grace 1\n")
        .start(&words);
    sink.expect(1);
    drop(sink);
    shipper.append("a.log", "2\n3\n");
    shipper.stop();
    let sink = Sink::at(address);
    let mut shipper = shipper.start(&words);
    assert_eq!(sink.values(2, "log"), ["2", "3"]);
    shipper.stop().expect_code(0);
}

#[test]
fn a_star_in_the_tag_is_the_path_and_parsers_parse() {
    let sink = Sink::start();
    let output = output(&sink);
    let parsers = "[PARSER]\n    Name j\n    Format json\n    Time_Key time\n    Time_Format %Y-%m-%dT%H:%M:%S.%L%z\n";
    let mut shipper = Shipper::new().file("parsers.conf", parsers).file(
        "a.log",
        "{\"time\":\"2023-11-14T22:13:20.123+00:00\",\"a\":1}\nnot json\n",
    );
    let words = [
        "-R",
        "parsers.conf",
        "-f",
        "0.1",
        "-i",
        "tail",
        "-t",
        "kube.*",
        "-p",
        "path=a.log",
        "-p",
        "read_from_head=on",
        "-p",
        "parser=j",
        "-o",
        &output,
        "-m",
        "kube.a.log",
        "-p",
        "format=json_lines",
    ];
    shipper = shipper.start(&words);
    let records = sink.expect(2);
    assert_eq!(records[0].to_string(), r#"{"date":1700000000.123,"a":1}"#);
    assert_eq!(records[1]["log"], "not json");
    shipper.stop().expect_code(0);
}
