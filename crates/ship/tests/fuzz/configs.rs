//! Configurations: files to a plan, and the plan to the parts of an engine that nobody starts.

use std::fs;

use sockeye_core::{Clock, Mistakes};
use sockeye_ship::assemble::parts;
use sockeye_ship::config::{Environment, Reading};
use sockeye_ship::input::{Context, LastWork};
use sockeye_ship::parser::Parsers;
use sockeye_ship::service::Service;
use tempfile::TempDir;

thread_local! {
    /// Where the inputs of this thread are put.
    static FOLDER: TempDir = TempDir::new().expect("a folder");
}

fn environment(name: &str) -> Option<String> {
    (name == "USER_NAME").then(|| "somebody".to_owned())
}

/// Every mistake has a text and a drawing without anything that steers a terminal.
fn told(mistakes: &Mistakes) -> String {
    let drawn = mistakes.draw(false, 80);
    let harmful = |letter: char| letter.is_control() && letter != '\n';
    assert!(!drawn.contains(harmful), "{drawn:?}");
    drawn
}

fn read(name: &str, input: &[u8]) -> String {
    let path = FOLDER.with(|folder| folder.path().join(name));
    fs::write(&path, input).expect("room for a file");
    let mut reading = Reading::new(Environment(&environment));
    reading.main_file(&path);
    let mut found = told(&reading.mistakes);
    if reading.mistakes.has_errors() {
        return found;
    }
    let plan = reading.plan;
    found += &format!("{plan:?}");
    let mut mistakes = Mistakes::new();
    let service = Service::read(&plan.service, &mut mistakes);
    let parsers = Parsers::build(&plan.parsers);
    if let (Some(service), Ok(parsers)) = (&service, parsers) {
        let context = Context {
            parsers,
            clock: Clock::fixed("2024-01-15T10:30:00Z".parse().expect("a time")),
            last_work: LastWork::default(),
        };
        match parts(&plan, service, &context) {
            Ok((_, warnings)) => mistakes.extend(warnings),
            Err(wrong) => mistakes.extend(wrong),
        }
    }
    found + &told(&mistakes)
}

/// The whole input is a file in the classic notation.
pub(crate) fn classic(input: &[u8]) -> String {
    read("main.conf", input)
}

/// The whole input is a file of YAML.
pub(crate) fn yaml(input: &[u8]) -> String {
    read("main.yaml", input)
}
