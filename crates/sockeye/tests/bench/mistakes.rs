//! Mistakes on the command line of `sockeye bench`, each with the words it is answered with.

use std::fmt::Write as _;
use std::path::Path;

use crate::lab::{binary, sockeye};

/// Command lines that are wrong, in the order of the golden file.
const WRONG: [&[&str]; 17] = [
    &[],
    &["localhost:8080"],
    &["ftp://localhost/"],
    &["ws://localhost/", "--connections", "0"],
    &["ws://localhost/", "--connections", "60001"],
    &["ws://localhost/", "--rate", "0"],
    &["ws://localhost/", "--rate", "fast"],
    &["ws://localhost/", "--pipelining", "0"],
    &["ws://localhost/", "--duration", "1m"],
    &["ws://localhost/", "--duration", "1", "--messages", "1"],
    &["ws://localhost/", "--messages", "0"],
    &["ws://localhost/", "--payload", "@/not/there"],
    &["ws://localhost/", "--payload", "17MiB"],
    &["ws://localhost/", "--expect", "all"],
    &["ws://localhost/", "--fail-if", "p98>1ms"],
    &["ws://localhost/", "--insecure"],
    &["ws://localhost/", "--header", "Upgrade: yes"],
];

#[test]
fn every_mistake_of_bench_is_explained() {
    let mut found = String::new();
    for args in WRONG {
        let exit = sockeye(&[&["bench"], args].concat());
        exit.expect_code(2);
        assert_eq!(exit.stdout, "", "{args:?}");
        // Writing to a string does not fail.
        let _ = write!(
            found,
            "$ sockeye bench {}\n{}\n",
            args.join(" "),
            exit.stderr
        );
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/bench-mistakes.txt");
    if std::env::var_os("SOCKEYE_BLESS").is_some() {
        std::fs::write(&golden, &found).expect("the folder of golden files is writable");
    }
    let expected = std::fs::read_to_string(&golden).expect("SOCKEYE_BLESS=1 writes it");
    assert_eq!(found, expected);
}

#[test]
fn bytes_that_are_no_text_want_binary_messages() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bytes");
    std::fs::write(&file, [0xff, 0xfe]).expect("the folder is writable");
    let exit = sockeye(&[
        "bench",
        "ws://127.0.0.1:1/",
        "--payload",
        &format!("@{}", file.display()),
    ]);
    exit.expect_code(2)
        .expect_words(&["is not UTF-8", "--binary sends it"]);
}

#[test]
fn too_few_open_files_are_told_before_anything_is_tried() {
    let program = binary("sockeye").get_program().to_owned();
    let mut shell = std::process::Command::new("sh");
    shell
        .args([
            "-c",
            "ulimit -n 100; exec \"$0\" bench ws://127.0.0.1:1/ -c 200",
        ])
        .arg(program);
    let output = shell.output().expect("a shell");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("200 connections need 264 open files, the system allows 100"),
        "{said}"
    );
}
