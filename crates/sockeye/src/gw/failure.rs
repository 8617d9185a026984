//! Whatever a command of `gw` could not do passes through here: first the reference's own lines, then what would be right.

use std::io::Write as _;
use std::process::ExitCode;

use sockeye_core::{nearest, quoted};

use super::usage::usage;

/// How the line begins that says what is wrong with a text.
const SYNTAX: &str = "Syntax Error: ";

/// Why a command ended, and how that is told.
#[derive(Debug)]
pub(super) struct Failure {
    kind: Kind,
    text: String,
    remedy: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// The text stands alone; status 1.
    Alone,
    /// The command line is shown before it and the usage on standard output; status 1.
    Usage,
    /// The command line is shown before it; status 2.
    Run,
    /// Whoever read standard output has gone, which is no failure.
    Closed,
}

impl Failure {
    fn new(kind: Kind, text: impl Into<String>) -> Self {
        Self {
            kind,
            text: text.into(),
            remedy: None,
        }
    }

    pub(super) fn alone(text: impl Into<String>) -> Self {
        Self::new(Kind::Alone, text)
    }

    pub(super) fn usage(text: impl Into<String>) -> Self {
        Self::new(Kind::Usage, text)
    }

    pub(super) fn run(text: impl Into<String>) -> Self {
        Self::new(Kind::Run, text)
    }

    /// What would be right.
    pub(super) fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// What is wrong with a text that stands in a file: a label, or a generator.
    pub(super) fn syntax(file: &str, text: &str) -> Self {
        Self::run(format!(
            "The following syntax error occurred when parsing: '{file}'.\n{SYNTAX}{text}"
        ))
    }

    /// The same with a mistake in a text of a file followed by one more blank line.
    pub(super) fn with_blank_line(mut self) -> Self {
        if self.text.contains(SYNTAX) {
            self.text.push('\n');
        }
        self
    }

    /// Asks whether one of the known words was meant, if one is near.
    pub(super) fn near(self, word: &str, known: impl IntoIterator<Item = &'static str>) -> Self {
        match nearest(word, known) {
            Some(near) => self.remedy(format!("did you mean {}?", quoted(near))),
            None => self.remedy("`--help` lists what is known"),
        }
    }

    /// Says it, where there is something to say.
    pub(super) fn tell(&self, args: &[String]) -> ExitCode {
        if self.kind == Kind::Closed {
            return ExitCode::SUCCESS;
        }
        let line = args.join(" ");
        let first = format!("An error occurred when running command: '{line}'.\n");
        let first = if self.kind == Kind::Alone { "" } else { &first };
        let remedy = self.remedy.as_ref().map(|remedy| format!("{remedy}\n"));
        let remedy = remedy.unwrap_or_default();
        let told = format!("{first}{}\n\n{remedy}", self.text);
        // Nobody may be there to read it.
        let _ = std::io::stderr().write_all(told.as_bytes());
        if self.kind == Kind::Usage {
            let _ = std::io::stdout().write_all(usage().as_bytes());
        }
        ExitCode::from(if self.kind == Kind::Run { 2 } else { 1 })
    }
}

/// Output that could not be written.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Self::new(Kind::Closed, "");
        }
        Self::run(format!("cannot write to standard output: {error}"))
    }
}
