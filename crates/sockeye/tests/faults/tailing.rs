//! What may happen to a file that is followed, one by one: what comes of it, and that nothing comes twice.

use std::fs;

use crate::lab::{Shipper, Sink};

/// A file with two lines is read; then this happens, and these lines come.
struct Case {
    what: &'static str,
    act: fn(&Shipper),
    lines: &'static [&'static str],
    says: &'static str,
}

const CASES: [Case; 12] = [
    Case {
        what: "it grows",
        act: |lab| lab.append("a.log", "3\n4\n"),
        lines: &["3", "4"],
        says: "",
    },
    Case {
        what: "it moves away and another takes its place",
        act: |lab| {
            moved(lab, "a.log", "a.log.1");
            lab.write("a.log", "3\n");
        },
        lines: &["3"],
        says: "",
    },
    Case {
        what: "it moves away and still gets a line",
        act: |lab| {
            moved(lab, "a.log", "a.log.1");
            lab.append("a.log.1", "3\n");
            lab.write("a.log", "4\n");
        },
        lines: &["3", "4"],
        says: "",
    },
    Case {
        what: "it moves to another name that is followed as well",
        act: |lab| {
            moved(lab, "a.log", "b.log");
            lab.append("b.log", "3\n");
        },
        lines: &["3"],
        says: "",
    },
    Case {
        what: "it is copied and emptied",
        act: |lab| {
            fs::copy(lab.path("a.log"), lab.path("a.log.1")).expect("it can be copied");
            lab.write("a.log", "");
            lab.says("has become shorter");
            lab.append("a.log", "3\n");
        },
        lines: &["3"],
        says: "has become shorter",
    },
    Case {
        what: "it is written anew, and shorter",
        act: |lab| lab.write("a.log", "3\n"),
        lines: &["3"],
        says: "has become shorter",
    },
    Case {
        what: "another is moved over it",
        act: |lab| {
            lab.write("new", "3\n4\n5\n");
            moved(lab, "new", "a.log");
        },
        lines: &["3", "4", "5"],
        says: "",
    },
    Case {
        what: "it is removed and comes again",
        act: |lab| {
            fs::remove_file(lab.path("a.log")).expect("it is there");
            lab.write("a.log", "3\n");
        },
        lines: &["3"],
        says: "",
    },
    Case {
        what: "a line is longer than the limit",
        act: |lab| lab.append("a.log", &format!("{}\n3\n", "x".repeat(5000))),
        lines: &["3"],
        says: "left out",
    },
    Case {
        what: "its last line has no newline",
        act: |lab| lab.append("a.log", "3"),
        lines: &["3"],
        says: "",
    },
    Case {
        what: "it is not UTF-8",
        act: |lab| {
            let before = fs::read(lab.path("a.log")).expect("it is there");
            let bytes = [before.as_slice(), b"\xff3\xc3\n"].concat();
            fs::write(lab.path("a.log"), bytes).expect("it can be written");
        },
        lines: &["\u{fffd}3\u{fffd}"],
        says: "",
    },
    Case {
        what: "it has a NUL and an empty line",
        act: |lab| lab.append("a.log", "3\0x\n\n4\n"),
        lines: &["3\0x", "", "4"],
        says: "",
    },
];

fn moved(lab: &Shipper, from: &str, to: &str) {
    fs::rename(lab.path(from), lab.path(to)).expect("it can be moved");
}

#[test]
fn f55_whatever_happens_to_a_file_its_lines_come_once() {
    for case in CASES {
        let sink = Sink::start();
        let output = format!("websocket://{}/", sink.address());
        let words = [
            "-f",
            "0.1",
            "-i",
            "tail",
            "-p",
            "path=*.log",
            "-p",
            "refresh_interval=100ms",
            "-p",
            "read_from_head=on",
            "-p",
            "rotate_wait=200ms",
            "-p",
            "last_line_wait=200ms",
            "-p",
            "buffer_max_size=4k",
            "-o",
            &output,
            "-m",
            "*",
            "-p",
            "format=json_lines",
        ];
        let mut shipper = Shipper::new().file("a.log", "1\n2\n").start(&words);
        assert_eq!(sink.values(2, "log"), ["1", "2"], "{}", case.what);
        (case.act)(&shipper);
        let mut lines = sink.values(2 + case.lines.len(), "log").split_off(2);
        lines.sort();
        let mut expected = case.lines.to_vec();
        expected.sort_unstable();
        assert_eq!(lines, expected, "{}", case.what);
        shipper.says(case.says);
        // What is still to come comes before the end: nothing may.
        shipper.stop().expect_code(0);
        assert_eq!(sink.records().len(), 2 + expected.len(), "{}", case.what);
    }
}
