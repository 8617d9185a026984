//! Every mistake on the command line and in models, with all that is said about it and the exit status.
//!
//! A file of `golden/gw` is a list of command lines with what they print. `SOCKEYE_BLESS=1` writes it anew; the difference
//! is then reviewed.

use std::path::Path;

use super::gw;

/// What a command printed, as the golden files show it. The usage is shown by its name.
fn shown(line: &str, usage: &str) -> String {
    let exit = gw(line);
    let mut text = format!("$ gw {line}\n");
    for part in exit.stderr.lines() {
        text.push_str(format!("! {part}").trim_end());
        text.push('\n');
    }
    if exit.stdout == usage {
        text.push_str("(usage)\n");
    } else {
        text.push_str(&exit.stdout);
    }
    let code = exit.code.expect("it ends by itself");
    text + &format!("-> {code}\n\n")
}

#[test]
fn everything_that_is_said_is_as_it_was_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/gw");
    let usage = gw("--help").stdout;
    for (name, at_least) in [("lines.txt", 25), ("models.txt", 20), ("checks.txt", 5)] {
        let path = folder.join(name);
        let golden = std::fs::read_to_string(&path).expect("the file is there");
        let lines: Vec<_> = golden
            .lines()
            .filter_map(|line| line.strip_prefix("$ gw"))
            .collect();
        assert!(
            lines.len() >= at_least,
            "{name} has lost cases: {}",
            lines.len()
        );
        let found: String = lines
            .iter()
            .map(|line| shown(line.trim_start(), &usage))
            .collect();
        if std::env::var_os("SOCKEYE_BLESS").is_some() {
            std::fs::write(&path, found).expect("writable");
        } else {
            assert_eq!(golden, found, "{name}");
        }
    }
}
