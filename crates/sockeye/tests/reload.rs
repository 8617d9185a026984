//! Files edited while they are served: open sockets live on and meet the new rules.

use crate::lab::{Client, Lab, Server, eventually};

fn moclojer(answer: &str) -> String {
    format!(
        "- websocket:\n    path: /ws\n    on-message:\n      - {{ pattern: ping, response: {answer} }}\n"
    )
}

fn mockforge(answer: &str) -> String {
    format!(
        "websocket:\n  hot_reload: true\n  handlers:\n    - path: /ws\n      rules: [{{ response: {answer} }}]\n"
    )
}

/// Asks again and again on one socket until the answer is this one.
#[track_caller]
fn until_answer(client: &mut Client, answer: &str) {
    let what = format!("the answer is `{answer}`");
    eventually(&what, || {
        (client.send("ping").text() == answer).then_some(())
    });
}

#[track_caller]
fn until_logged(lab: &Server, words: &[&str]) {
    let what = format!("the log has {words:?}");
    eventually(&what, || {
        let log = lab.log();
        words.iter().all(|word| log.contains(word)).then_some(())
    });
}

#[test]
fn an_open_socket_meets_the_new_rule() {
    let lab = Lab::yaml(&moclojer("old")).start();
    let mut client = lab.connect("/ws");
    client.send("ping").expect_text("old");
    lab.edit(&moclojer("new"));
    until_answer(&mut client, "new");
    lab.edit(&moclojer("newer"));
    until_answer(&mut client, "newer");
}

#[test]
fn a_new_path_appears() {
    let lab = Lab::yaml(&moclojer("old")).start();
    assert_eq!(lab.upgrade("/more", &[]).status, 404);
    lab.edit(&(moclojer("old") + "- websocket: { path: /more, on-connect: { response: hi } }\n"));
    eventually("the new path is served", || {
        (lab.upgrade("/more", &[]).status == 101).then_some(())
    });
}

#[test]
fn a_broken_edit_changes_nothing_and_is_explained() {
    let lab = Lab::yaml(&moclojer("old")).start();
    let mut client = lab.connect("/ws");
    client.send("ping").expect_text("old");
    lab.edit("- websocket:\n    path: /ws\n    on-mesage: []\n");
    until_logged(&lab, &["mock.yml:3:", "on-mesage", "on-message"]);
    client.send("ping").expect_text("old");
    lab.connect("/ws").send("ping").expect_text("old");
    lab.edit(&moclojer("new"));
    until_answer(&mut client, "new");
}

#[test]
fn a_file_that_is_written_in_place_or_gone_for_a_while() {
    let lab = Lab::yaml(&moclojer("old")).start();
    let mut client = lab.connect("/ws");
    let file = lab.folder().join("mock.yml");
    std::fs::write(&file, moclojer("in-place")).expect("the file is writable");
    until_answer(&mut client, "in-place");
    std::fs::remove_file(&file).expect("the file exists");
    client.send("ping").expect_text("in-place");
    lab.connect("/ws").send("ping").expect_text("in-place");
    lab.edit(&moclojer("back"));
    until_answer(&mut client, "back");
}

#[test]
fn many_edits_end_with_the_last_one() {
    let lab = Lab::yaml(&moclojer("v0")).start();
    let mut client = lab.connect("/ws");
    for number in 1..=50 {
        lab.edit(&moclojer(&format!("v{number}")));
        let answer = client.send("ping").text();
        assert!(answer.starts_with('v'), "{answer}");
    }
    until_answer(&mut client, "v50");
}

#[test]
fn mockforge_files_are_watched_when_they_or_the_caller_say_so() {
    let quiet = |answer| mockforge(answer).replace("  hot_reload: true\n", "");
    let labs = [
        (Lab::yaml(&mockforge("old")), mockforge("new")),
        (Lab::yaml(&quiet("old")).arg("--watch"), quiet("new")),
        (
            Lab::yaml(&quiet("old")).env("MOCKFORGE_WS_HOTRELOAD", "true"),
            quiet("new"),
        ),
    ];
    for (lab, edited) in labs {
        let lab = lab.start();
        let mut client = lab.connect("/ws");
        client.send("ping").expect_text("old");
        lab.edit(&edited);
        until_answer(&mut client, "new");
    }
}

#[test]
fn a_handler_that_vanishes_closes_its_sockets() {
    let both = mockforge("old") + "    - { path: /gone, type: echo }\n";
    let lab = Lab::yaml(&both).start();
    let mut gone = lab.connect("/gone");
    gone.send("x").expect_text("x");
    let mut stays = lab.connect("/ws");
    stays.send("ping").expect_text("old");
    lab.edit(&mockforge("new"));
    gone.expect_close(1012);
    until_answer(&mut stays, "new");
}

#[test]
fn the_second_of_two_files_is_watched_too() {
    let other = |answer| moclojer(answer).replace("/ws", "/other");
    let lab = Lab::yaml(&moclojer("one"))
        .and_file("other.yml", &other("two"))
        .start();
    let mut client = lab.connect("/other");
    client.send("ping").expect_text("two");
    std::fs::write(lab.folder().join("other.yml"), other("three")).expect("writable");
    until_answer(&mut client, "three");
    lab.connect("/ws").send("ping").expect_text("one");
}

/// A pipe in the file's place would be waited for, and the server with it.
#[test]
fn what_is_no_file_is_not_waited_for() {
    let server = Lab::file("mock.yml", &file("one")).start();
    let path = server.folder().join("mock.yml");
    std::fs::remove_file(&path).expect("the file is there");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("`mkfifo` exists").success());
    server.signal("HUP");
    eventually("the log says so", || {
        server.log().contains("is not a file").then_some(())
    });
    std::fs::remove_file(&path).expect("the pipe is there");
    server.edit(&file("two"));
    eventually("the new file is served", || {
        let mut client = server.connect("/x");
        client.send("ping");
        client.text_or_silence().filter(|text| text == "two")
    });
}

fn file(answer: &str) -> String {
    format!("- websocket: {{ path: /x, on-message: [{{ pattern: ping, response: {answer} }}] }}\n")
}
