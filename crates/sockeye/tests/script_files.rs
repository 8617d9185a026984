//! `script_file`: JavaScript beside the file that names it, watched with it, and never outside of its folder.

use crate::lab::{Lab, eventually, sockeye_in};

const FILE: &str = "websocket:\n  hot_reload: true\n  handlers:\n    - path: /s\n      type: script\n      \
                    script_file: answer.js\n";

#[test]
fn a_script_of_its_own_file_answers_and_is_watched() {
    let server = Lab::yaml(FILE)
        .beside("answer.js", "return 'old ' + message.text;")
        .start();
    let mut client = server.connect("/s");
    client.send("x").expect_text("old x");
    let script = server.folder().join("answer.js");
    std::fs::write(&script, "return 'new ' + message.text;").expect("writable");
    eventually("the new script answers", || {
        (client.send("x").text() == "new x").then_some(())
    });
    std::fs::write(&script, "// one\nreturn {;").expect("writable");
    server.expect_log(&["answer.js:2:9"]);
    server.expect_log(&["not reloaded"]);
    client.send("x").expect_text("new x");
    std::fs::write(&script, "// one\nno.such.name").expect("writable");
    eventually("the third script runs", || {
        client.send("x");
        server.log().contains("answer.js:2\"").then_some(())
    });
}

#[test]
fn a_script_file_is_in_the_folder_and_is_a_script() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, text: &[u8]| {
        std::fs::write(folder.path().join(name), text).expect("writable");
    };
    write("bytes.js", b"\xff");
    write("long.js", &vec![b' '; 1024 * 1024 + 1]);
    write("syntax.js", b"return 1 +");
    let outside = tempfile::NamedTempFile::new().expect("a file");
    std::os::unix::fs::symlink(outside.path(), folder.path().join("link.js")).expect("a link");
    for (name, words) in [
        ("missing.js", &["missing.js", "mock.yml:3:46"][..]),
        ("../a.js", &["must name a file in this folder or below it"]),
        (
            "/etc/passwd",
            &["must name a file in this folder or below it"],
        ),
        ("link.js", &["link"]),
        ("bytes.js", &["bytes.js is not UTF-8"]),
        ("long.js", &["long.js is longer than 1 MiB"]),
        (
            "syntax.js",
            &["`script_file` is not JavaScript", "syntax.js:1:11"],
        ),
    ] {
        let text = format!(
            "websocket:\n  handlers:\n    - {{ path: /s, type: script, script_file: \"{name}\" }}\n"
        );
        write("mock.yml", text.as_bytes());
        let exit = sockeye_in(folder.path(), &["check", "mock.yml"]);
        exit.expect_code(2);
        exit.expect_words(words);
    }
}
