//! Files that include others: served together, read within bounds, watched together.

use std::path::Path;

use crate::lab::{Client, Exit, Lab, Server, eventually, sockeye_in};

fn handler(path: &str, answer: &str) -> String {
    format!(
        "websocket:\n  handlers:\n    - path: {path}\n      rules: [{{ response: {answer} }}]\n"
    )
}

/// A lab of `main.yaml`, with files beside it.
fn lab(main: &str, beside: &[(&str, &str)]) -> Lab {
    let lab = Lab::file("main.yaml", main);
    write(lab.folder(), beside);
    lab
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("writable");
        std::fs::write(path, text).expect("writable");
    }
}

fn check(main: &str, beside: &[(&str, &str)]) -> Exit {
    sockeye_in(lab(main, beside).folder(), &["check", "main.yaml"])
}

#[track_caller]
fn expect_answer(server: &Server, path: &str, answer: &str) {
    server.connect(path).send("ping").expect_text(answer);
}

#[test]
fn files_of_both_notations_are_served_together() {
    let server = lab(
        &format!(
            "include: [more/a.yaml, chat.yml]\n{}",
            handler("/own", "own")
        ),
        &[
            (
                "more/a.yaml",
                &format!("include: [deep/b.yaml]\n{}", handler("/a", "a")),
            ),
            ("more/deep/b.yaml", &handler("/b", "b")),
            (
                "chat.yml",
                "- websocket: { path: /chat, on-message: [{ pattern: ping, response: chat }] }\n",
            ),
        ],
    )
    .start();
    for (path, answer) in [("/own", "own"), ("/a", "a"), ("/b", "b"), ("/chat", "chat")] {
        expect_answer(&server, path, answer);
    }
    server.connect("/ws").send("x").expect_text("x");
    assert_eq!(server.upgrade("/nowhere", &[]).status, 404);
}

#[test]
fn a_file_may_do_nothing_but_include() {
    let exit = check(
        "include: [one.yaml, two.yaml]\n",
        &[
            ("one.yaml", "websocket: { port: 1111, hot_reload: true }\n"),
            ("two.yaml", "websocket: { port: 2222, host: 127.0.0.9 }\n"),
        ],
    );
    exit.expect_code(0);
    // What was said first counts, and the rest is added.
    assert!(
        exit.stdout
            .starts_with("listens on 127.0.0.9:1111\nwatches its files"),
        "{}",
        exit.stdout
    );
    assert!(exit.stderr.is_empty(), "{}", exit.stderr);
}

#[test]
fn the_including_file_counts_before_the_included_ones() {
    let exit = check(
        "include: [one.yaml]\nwebsocket: { port: 3333 }\n",
        &[("one.yaml", "websocket: { port: 1111 }\n")],
    );
    assert!(exit.stdout.starts_with("listens on 127.0.0.1:3333\n"));
}

#[test]
fn mistakes_of_an_included_file_are_told_at_their_place() {
    let beside = [
        (
            "more/a.yaml",
            "websocket:\n  handlers:\n    - path: /a\n      tpye: echo\n",
        ),
        ("more/b.yaml", "websocket: [\n"),
    ];
    let exit = check("include: [more/a.yaml, more/b.yaml]\n", &beside);
    exit.expect_code(2);
    exit.expect_words(&["more/a.yaml:4:7", "did you mean `type`?", "more/b.yaml:"]);
}

#[test]
fn a_link_that_leads_out_is_not_followed() {
    let lab = lab("include: [link.yaml]\n", &[]);
    let outside = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(outside.path(), handler("/secret", "secret")).expect("writable");
    std::os::unix::fs::symlink(outside.path(), lab.folder().join("link.yaml")).expect("a link");
    let exit = sockeye_in(lab.folder(), &["check", "main.yaml"]);
    exit.expect_code(2);
    exit.expect_words(&["main.yaml:1:11", "`link.yaml` is outside of the folder"]);
}

#[test]
fn a_file_below_does_not_reach_above_its_own_folder() {
    let exit = check(
        "include: [more/a.yaml]\n",
        &[
            ("more/a.yaml", "include: [../b.yaml]\n"),
            ("b.yaml", &handler("/b", "b")),
        ],
    );
    exit.expect_code(2);
    exit.expect_words(&["more/a.yaml:1:11", "not `../b.yaml`"]);
}

#[test]
fn a_circle_is_one_mistake() {
    let exit = check(
        "include: [a.yaml]\n",
        &[
            ("a.yaml", "include: [b.yaml]\n"),
            ("b.yaml", "include: [a.yaml]\n"),
        ],
    );
    exit.expect_code(2);
    exit.expect_words(&["files include each other in a circle", "b.yaml:1:11"]);
    assert_eq!(exit.stderr.matches('×').count(), 1, "{}", exit.stderr);
}

#[test]
fn a_file_of_the_command_line_is_not_included_again() {
    let lab = lab("include: [a.yaml]\n", &[("a.yaml", &handler("/a", "a"))]);
    let exit = sockeye_in(lab.folder(), &["check", "main.yaml", "a.yaml"]);
    exit.expect_code(2);
    exit.expect_words(&["main.yaml:1:11", "named on the command line"]);
}

#[test]
fn levels_and_files_are_bounded() {
    let chain = |levels: usize| {
        let mut files = Vec::new();
        for level in 1..levels {
            files.push((
                format!("{level}.yaml"),
                format!("include: [{}.yaml]\n", level + 1),
            ));
        }
        files.push((format!("{levels}.yaml"), handler("/last", "last")));
        files
    };
    let checked = |main: &str, files: Vec<(String, String)>| {
        let files: Vec<_> = files
            .iter()
            .map(|(name, text)| (&**name, &**text))
            .collect();
        check(main, &files)
    };
    checked("include: [1.yaml]\n", chain(8)).expect_code(0);
    let exit = checked("include: [1.yaml]\n", chain(9));
    exit.expect_code(2);
    exit.expect_words(&["8.yaml:1:11", "more than 8 levels deep"]);
    let many = |count: usize| {
        let names: Vec<String> = (0..count).map(|number| format!("{number}.yaml")).collect();
        let files = names
            .iter()
            .map(|name| (name.clone(), handler(&format!("/{name}"), "x")));
        let files = files.collect();
        checked(&format!("include: [{}]\n", names.join(", ")), files)
    };
    many(256).expect_code(0);
    let exit = many(257);
    exit.expect_code(2);
    exit.expect_words(&["more than 256 files are included"]);
}

#[track_caller]
fn until_answer(client: &mut Client, answer: &str) {
    eventually(&format!("the answer is `{answer}`"), || {
        (client.send("ping").text() == answer).then_some(())
    });
}

#[test]
fn an_edit_of_an_included_file_takes_effect() {
    let server = lab(
        "include: [more/a.yaml]\n",
        &[
            ("more/a.yaml", "include: [deep/b.yaml]\n"),
            ("more/deep/b.yaml", &handler("/b", "old")),
        ],
    )
    .arg("--watch")
    .start();
    let mut client = server.connect("/b");
    client.send("ping").expect_text("old");
    write(
        &server.folder(),
        &[("more/deep/b.yaml", &handler("/b", "new"))],
    );
    until_answer(&mut client, "new");
    // A file that is included from now on is watched from now on.
    write(&server.folder(), &[("more/c.yaml", &handler("/c", "old"))]);
    write(
        &server.folder(),
        &[("more/a.yaml", "include: [deep/b.yaml, c.yaml]\n")],
    );
    eventually("the new file is served", || {
        (server.upgrade("/c", &[]).status == 101).then_some(())
    });
    let mut other = server.connect("/c");
    other.send("ping").expect_text("old");
    write(&server.folder(), &[("more/c.yaml", &handler("/c", "new"))]);
    until_answer(&mut other, "new");
    client.send("ping").expect_text("new");
}

#[test]
fn an_included_file_that_is_gone_changes_nothing_until_it_is_back() {
    let server = lab(
        &format!("include: [a.yaml]\n{}", handler("/own", "own")),
        &[("a.yaml", &handler("/a", "old"))],
    )
    .arg("--watch")
    .start();
    let mut client = server.connect("/a");
    client.send("ping").expect_text("old");
    std::fs::remove_file(server.folder().join("a.yaml")).expect("the file is there");
    eventually("the log says so", || {
        let log = server.log();
        let told = ["there is no file `a.yaml`", "not reloaded"];
        told.iter().all(|words| log.contains(words)).then_some(())
    });
    client.send("ping").expect_text("old");
    expect_answer(&server, "/a", "old");
    write(&server.folder(), &[("a.yaml", &handler("/a", "new"))]);
    until_answer(&mut client, "new");
}
