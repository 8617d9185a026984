//! The README's session happens as it is told there: the file, the conversation, the log, the mistake.

use std::path::Path;

use tempfile::TempDir;

use crate::lab::{Lab, eventually, sockeye_in};

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    std::fs::read_to_string(path).expect("the README is there")
}

/// The first fenced block of a language that contains `part`.
fn block(page: &str, language: &str, part: &str) -> String {
    let fence = format!("```{language}\n");
    page.split(&fence)
        .skip(1)
        .filter_map(|rest| rest.split_once("\n```").map(|(block, _)| block))
        .find(|block| block.contains(part))
        .unwrap_or_else(|| panic!("no {language} block with {part}"))
        .to_owned()
}

fn chat(page: &str) -> String {
    block(page, "yaml", "# chat.yaml")
}

#[test]
fn the_conversation_is_the_one_that_is_shown() {
    let page = readme();
    let transcript = block(&page, "text", "$ npx wscat");
    let target = transcript
        .split_once("\"ws://127.0.0.1:8000")
        .and_then(|(_, rest)| rest.split_once('"'))
        .expect("a client is started")
        .0;
    let server = Lab::file("chat.yaml", &chat(&page))
        .arg("--log")
        .arg("debug")
        .start();
    let mut client = server.connect(target);
    let mut said = 0;
    for line in transcript.lines() {
        if let Some(text) = line.strip_prefix("< ") {
            client.expect_text(text);
        } else if let Some(text) = line.strip_prefix("> ") {
            client.send(text);
            said += 1;
        }
    }
    client.expect_silence();
    assert_eq!(said, 3, "three messages are shown");
    assert!(transcript.contains(&"listening on ws://127.0.0.1:8000 (1 route)".to_owned()));

    let explained = block(&page, "text", "no rule answered").replace('\n', " ");
    let (_, reason) = explained
        .split_once("hello?")
        .expect("the unanswered message is shown");
    eventually("the log explains the silence", || {
        server.log().contains(reason).then_some(())
    });
}

#[test]
fn the_mistake_is_drawn_as_shown() {
    let page = readme();
    let drawing = block(&page, "text", "×");
    let wrong = chat(&page).replace("typing\n        response:", "typing\n        respones:");
    let wrong = wrong.replace(
        r#"respones: '{"type": "typing", "user": "{{query-params.user}}"}'"#,
        r#"respones: '{"type": "typing"}'"#,
    );
    let folder = TempDir::new().expect("a temporary folder");
    std::fs::write(folder.path().join("chat.yaml"), wrong).expect("the folder is writable");
    let exit = sockeye_in(folder.path(), &["check", "chat.yaml"]);
    exit.expect_code(2);
    let ends_alike = |text: &str| {
        text.lines()
            .map(|line| line.trim_end().to_owned())
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(ends_alike(exit.stderr.trim_end()), ends_alike(&drawing));
}

#[test]
fn the_figures_are_those_of_the_last_measurement() {
    let page = readme();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../bench/results/latest.json");
    let text = std::fs::read_to_string(path).expect("the results are there");
    let measured: serde_json::Value = serde_json::from_str(&text).expect("the results are JSON");
    let results = measured["results"].as_array().expect("a list of results");
    assert!(results.len() >= 20, "all cases were measured");
    // Rows without a bar are there to read the others by.
    for result in results.iter().filter(|result| !result["bar"].is_null()) {
        let case = result["case"].as_str().expect("a name");
        let ratio = result["ratio"].as_f64().expect("a ratio");
        let row = page
            .lines()
            .find(|line| line.contains(&format!("| {case} |")));
        let row = row.unwrap_or_else(|| panic!("the README has no row for {case}"));
        assert!(row.contains(&format!("| {ratio:.2} |")), "{row}");
        // What is not reached is told, and only that.
        let is_missed = result["met"] == false;
        assert_eq!(row.ends_with(", missed |"), is_missed, "{row}");
    }
    // Other libraries are measured where they can be installed.
    for server in measured["peers"]["servers"]
        .as_array()
        .into_iter()
        .flatten()
    {
        let name = server["server"].as_str().expect("a name");
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| {name} |")));
        let row = row.unwrap_or_else(|| panic!("the README has no row for {name}"));
        let cells = server["cells"].as_array().expect("a list of cells");
        for ratio in cells.iter().filter_map(|cell| cell["ratio"].as_f64()) {
            assert!(row.contains(&format!(" ({ratio:.2}) |")), "{row}");
        }
    }
}
