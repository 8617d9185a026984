//! What the manual shows is run: files are loaded, `sockeye check` prints, clients talk.

use tempfile::TempDir;

use super::markdown::{Block, Page};
use super::{files, manual, manual_and, page, root};
use crate::gw::words;
use crate::lab::{Lab, gw_in, sockeye_in};

fn place(page: &Page, block: &Block) -> String {
    format!("{}:{}", page.name(), block.line)
}

/// A folder with all files of a page that have a name.
fn folder_of(blocks: &[Block]) -> TempDir {
    let folder = TempDir::new().expect("a temporary folder");
    for block in blocks {
        let Some(name) = block.file_name() else {
            continue;
        };
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("writable");
        std::fs::write(path, &block.text).expect("writable");
    }
    folder
}

#[test]
fn every_file_of_the_manual_loads_without_a_warning() {
    let mut count = 0;
    for page in manual_and(&["README.md"]) {
        let blocks = page.blocks();
        let folder = folder_of(&blocks);
        for block in blocks {
            if !block.is_file() || !block.is_loaded {
                continue;
            }
            let name = format!("block.{}", block.language);
            std::fs::write(folder.path().join(&name), &block.text).expect("writable");
            let exit = sockeye_in(folder.path(), &["check", &name]);
            let told = (exit.code, exit.stderr.as_str());
            assert_eq!(told, (Some(0), ""), "{}", place(&page, &block));
            count += 1;
        }
    }
    assert!(count > 10, "the manual shows too few files");
}

#[test]
fn every_example_loads_and_is_served() {
    let examples = files(&root().join("examples"), &["yaml", "yml", "edn"]);
    assert!(!examples.is_empty(), "there are no examples");
    for example in examples {
        let lab = Lab::existing(&example).start();
        assert_ne!(lab.address().port(), 0, "{}", example.display());
    }
}

#[test]
fn every_model_of_the_examples_is_sound_and_walked_to_its_end() {
    let examples = files(&root().join("examples"), &["json", "graphml", "dot"]);
    assert!(!examples.is_empty(), "there are no models");
    for example in examples {
        let model = example.to_str().expect("a path of ours");
        let generator = "random(edge_coverage(100))";
        let checked = gw_in(&root(), &["check", "-m", model, generator]);
        assert_eq!(checked.code, Some(0), "{model}: {}", checked.stdout);
        let walked = gw_in(&root(), &["offline", "-m", model, generator]);
        walked.expect_code(0);
        let steps = walked.stdout.lines().count();
        assert!(steps > 5, "{model}: {steps} steps");
    }
}

/// The `sockeye` commands of a console block, each with what it is said to print.
fn commands(block: &Block) -> Vec<(Vec<&str>, String)> {
    let mut commands: Vec<(Vec<&str>, String)> = Vec::new();
    for line in block.text.lines() {
        if let Some(command) = line.strip_prefix("$ sockeye ") {
            commands.push((command.split(' ').collect(), String::new()));
        } else if let Some((_, output)) = commands.last_mut() {
            output.push_str(line.trim_end());
            output.push('\n');
        }
    }
    commands
}

/// Runs `check` as shown, in a folder with all files of the page; standard error comes first.
fn expect_printed(page: &Page, folder: &TempDir, block: &Block) -> usize {
    let commands = commands(block);
    for (args, shown) in &commands {
        let exit = sockeye_in(folder.path(), args);
        let printed: Vec<_> = [&exit.stderr, &exit.stdout]
            .into_iter()
            .flat_map(|output| output.lines())
            .map(str::trim_end)
            .collect();
        let printed = printed.join("\n");
        assert_eq!(
            printed.trim_end(),
            shown.trim_end(),
            "{}",
            place(page, block)
        );
    }
    commands.len()
}

#[test]
fn check_prints_what_is_shown() {
    let mut count = 0;
    for page in manual_and(&["README.md"]) {
        let blocks = page.blocks();
        let folder = folder_of(&blocks);
        let is_run = |block: &&Block| {
            block.language == "console" && block.text.starts_with("$ sockeye check")
        };
        let printed = blocks.iter().filter(is_run);
        count += printed
            .map(|block| expect_printed(&page, &folder, block))
            .sum::<usize>();
    }
    assert!(count > 5, "the manual shows too few runs of check");
}

/// Path and query of the server in `$ wscat -c "ws://…"` at the start of a block.
fn target(block: &Block) -> Option<&str> {
    let first = block.text.lines().next()?;
    let url = first
        .strip_prefix("$ wscat -c \"ws://")?
        .strip_suffix('"')?;
    Some(&url[url.find('/')?..])
}

/// Says and expects what is told, line by line.
fn play(file: &Block, target: &str, told: &Block, place: &str) {
    let server = Lab::file(&format!("block.{}", file.language), &file.text).start();
    let mut client = server.connect(target);
    for line in told.text.lines().skip(1) {
        match line.split_once(' ') {
            Some((">", text)) => _ = client.send(text),
            Some(("<", text)) => assert_eq!(client.text(), text, "{place}"),
            _ => panic!("{place}: `{line}` is no part of a conversation"),
        }
    }
    client.expect_silence();
}

#[test]
fn conversations_go_as_they_are_told() {
    let mut count = 0;
    for page in manual() {
        // The file that was shown last is the one that is served.
        let mut file = None;
        for block in page.blocks() {
            if block.is_file() && block.is_loaded {
                file = Some(block);
            } else if let (Some(file), Some(target)) = (&file, target(&block)) {
                play(file, target, &block, &place(&page, &block));
                count += 1;
            }
        }
    }
    assert!(count > 3, "the manual tells too few conversations");
}

/// Runs the commands of a console block in a folder with the models of the page.
fn gw_prints(page: &Page, folder: &TempDir, block: &Block) -> (usize, String) {
    let lines = block
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("$ gw "));
    let mut count = 0;
    let mut printed = String::new();
    for line in lines {
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let exit = gw_in(folder.path(), &words);
        assert!(exit.code.is_some(), "{}", place(page, block));
        let told = [exit.stderr.trim_end(), exit.stdout.trim_end()];
        let told = told.iter().filter(|text| !text.is_empty());
        let told: Vec<&str> = told.copied().collect();
        printed += &format!("$ gw {line}\n{}\n", told.join("\n"));
        count += 1;
    }
    (count, printed)
}

#[test]
fn gw_prints_what_is_shown() {
    for (name, least) in [("gw.md", 5), ("generators.md", 2)] {
        gw_prints_what_a_page_shows(&page(name), least);
    }
}

fn gw_prints_what_a_page_shows(page: &Page, least: usize) {
    let folder = TempDir::new().expect("a temporary folder");
    let blocks = page.blocks();
    for block in blocks.iter().filter(|block| block.language == "json") {
        let first = block.text.lines().next().unwrap_or_default();
        let name = first
            .strip_prefix("/* ")
            .and_then(|name| name.strip_suffix(" */"));
        let name = name.unwrap_or_else(|| panic!("{}: no name", place(page, block)));
        std::fs::write(folder.path().join(name), &block.text).expect("writable");
    }
    let mut count = 0;
    for block in blocks.iter().filter(|block| block.language == "console") {
        let (commands, printed) = gw_prints(page, &folder, block);
        assert_eq!(printed, block.text, "{}", place(page, block));
        count += commands;
    }
    assert!(count > least, "the manual shows too few runs of gw");
}
