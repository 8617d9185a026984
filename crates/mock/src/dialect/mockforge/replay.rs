//! `replay_file`: a file of messages becomes what the default endpoint plays, and each of its mistakes one with a place.

use std::cell::OnceCell;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use sockeye_core::document::{Key, Node};
use sockeye_core::{Mistake, Place, Source, quoted};
use sockeye_script::template::Template;
use sockeye_tape::play::{Role as Side, Score};
use sockeye_tape::{Format, ReadError, Tape, read_tape};

use crate::answer::Answer;
use crate::beside::Beside;
use crate::dialect::Reading;
use crate::path::PathPattern;
use crate::replay::{Program, Role};

/// Where the manual explains these files.
const PAGE: &str = "docs/recording.md#other-formats";

/// The longest file: it stays in memory, twice while it is read anew.
const BYTES: u64 = 64 * 1024 * 1024;

/// Templates with a mistake that are told; a file may have many.
const TOLD: usize = 20;

const FORMATS: &str =
    "name a session file, a HAR, JSON lines, or a `.part` file of an unfinished recording";

const WAIT_FOR: &str =
    "write a regular expression, or a JSONPath that begins with `$.` or `$[`, such as `$.ack`";

/// What the default endpoint plays.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) program: Arc<Program>,
    /// Where the file names it; `None`: a flag or a variable did.
    pub(super) place: Option<Place>,
}

/// What a flag, a variable or else the file's own key wants played.
pub(super) fn read(entry: Option<&(Key, Node)>, reading: &mut Reading<'_>) -> Option<Wanted> {
    if let Some(wanted) = of_overrides(reading) {
        return Some(wanted);
    }
    if reading.overrides.replay_file.is_some() {
        return None;
    }
    let (key, node) = entry.filter(|(_, node)| !node.is_null())?;
    let file = reading.file_beside(node, "`replay_file`")?;
    Some(Wanted {
        program: program(&file, Some(&node.place), reading)?,
        place: Some(key.place.clone()),
    })
}

/// What a flag or a variable wants played. Its path is the user's own: it may lie anywhere.
pub(super) fn of_overrides(reading: &mut Reading<'_>) -> Option<Wanted> {
    let shown = reading.overrides.replay_file.clone()?;
    reading.note_file(shown.clone());
    let name = quoted(&shown.display().to_string());
    let wrong = match fs::metadata(&shown) {
        Ok(about) if about.is_file() => None,
        Ok(_) => Some(format!("{name} is not a file")),
        Err(problem) if problem.kind() == std::io::ErrorKind::NotFound => {
            Some(format!("there is no file {name}"))
        }
        Err(problem) => Some(format!("cannot read the file {name}: {problem}")),
    };
    if let Some(wrong) = wrong {
        let remedy = "name another with --ws-replay-file or MOCKFORGE_WS_REPLAY_FILE";
        reading.mistake(Mistake::nowhere(wrong).remedy(remedy).page(PAGE));
        return None;
    }
    let file = Beside {
        real: shown.clone(),
        shown,
    };
    let program = program(&file, None, reading)?;
    Some(Wanted {
        program,
        place: None,
    })
}

/// The user has to know: a handler stands where it would be played.
pub(super) fn warn_of_handler(place: &Place, path: &PathPattern, reading: &mut Reading<'_>) {
    let text = format!("`replay_file` is not played: a handler has the path `{path}`");
    let mistake = Mistake::at(place, text).label("has no effect");
    let remedy = "give the default endpoint another `path`, or remove one of them";
    reading.mistake(mistake.remedy(remedy).page(PAGE).warning());
}

/// Reads the file. `named` is where a file names it.
fn program(
    file: &Beside,
    named: Option<&Place>,
    reading: &mut Reading<'_>,
) -> Option<Arc<Program>> {
    let sheet = Sheet {
        name: file.shown.display().to_string(),
        real: &file.real,
        named,
        source: OnceCell::new(),
    };
    let is_long = fs::metadata(&file.real).is_ok_and(|about| about.len() > BYTES);
    if is_long {
        let text = format!("{} is longer than 64 MiB", quoted(&sheet.name));
        let remedy = "cut it into several, or play it with `sockeye ws replay`";
        reading.mistake(sheet.as_such(text).remedy(remedy));
        return None;
    }
    let tape = match read_tape(&file.real) {
        Ok(tape) => tape,
        Err(error) => {
            reading.mistake(sheet.unreadable(&error));
            return None;
        }
    };
    for note in &tape.notes {
        let text = format!("{}: {note}", sheet.name);
        reading.mistake(sheet.as_such(text).warning());
    }
    let scores = match Score::of(&tape.session, Side::Server) {
        Ok(scores) => scores,
        Err(wrong) => {
            let mistake = sheet.at_message(&tape, wrong.index, &wrong.what);
            reading.mistake(mistake.remedy(WAIT_FOR));
            return None;
        }
    };
    let mut wrongs = 0;
    let mut compile = |index: usize, text: &str| match Template::parse(text, reading.dialect) {
        Ok(template) => Some(Answer::text(template)),
        Err(wrong) => {
            wrongs += 1;
            if wrongs <= TOLD {
                let mistake = sheet.at_message(&tape, index, &wrong.message);
                reading.mistake(match wrong.remedy {
                    Some(remedy) => mistake.remedy(remedy),
                    None => mistake,
                });
            }
            None
        }
    };
    let each = |score| Role::new(score, &mut compile);
    let parts = scores.into_iter().map(each).collect();
    (wrongs == 0).then(|| Arc::new(Program::new(sheet.name, parts)))
}

/// A file of messages in which something is wrong.
struct Sheet<'f> {
    /// As the user would write it.
    name: String,
    real: &'f Path,
    /// Where a file names it.
    named: Option<&'f Place>,
    /// Its text, read again if a mistake has to be shown in it.
    source: OnceCell<Arc<Source>>,
}

impl Sheet<'_> {
    /// Something is wrong with the file as such.
    fn as_such(&self, text: String) -> Mistake {
        let mistake = match self.named {
            Some(place) => Mistake::at(place, text),
            None => Mistake::nowhere(text),
        };
        mistake.page(PAGE)
    }

    /// Something is wrong at a line and a column, both counted from 1 and the column in bytes.
    fn at(&self, line: usize, column: usize, what: &str) -> Mistake {
        let source = self.source();
        let before = source
            .text()
            .split_inclusive('\n')
            .take(line.saturating_sub(1));
        let at = before.map(str::len).sum::<usize>() + column.saturating_sub(1);
        let mistake = Mistake::at(&Place::new(source, at..at + 1), what).page(PAGE);
        match self.named {
            Some(named) => mistake.also(named, "named here"),
            None => mistake,
        }
    }

    /// Something is wrong in message number `index`: shown in its line where each has its own.
    fn at_message(&self, tape: &Tape, index: usize, what: &str) -> Mistake {
        if tape.format == Format::JsonLines
            && let Some(line) = self.line_of(index)
        {
            return self.at(line, 1, what);
        }
        self.as_such(format!("{}: `messages[{index}]`: {what}", self.name))
    }

    /// What keeps the file from being read.
    fn unreadable(&self, error: &ReadError) -> Mistake {
        let name = quoted(&self.name);
        match error {
            ReadError::Text {
                line,
                column,
                message: Some(message),
                what,
                ..
            } => self.at(*line, *column, &format!("`{message}`: {what}")),
            ReadError::Text {
                line, column, what, ..
            } => self.at(*line, *column, what),
            ReadError::Io { problem, .. } => {
                self.as_such(format!("cannot read the file {name}: {problem}"))
            }
            ReadError::Unknown { .. } => self
                .as_such(format!("{name} is no recording"))
                .remedy(FORMATS),
            ReadError::TooLarge { what, .. } => self
                .as_such(format!("{name} has more than {what}"))
                .remedy("cut it into several"),
        }
    }

    /// The line, counted from 1, of message number `index`: blank lines are none.
    fn line_of(&self, index: usize) -> Option<usize> {
        let lines = (1..).zip(self.source().text().split('\n'));
        let mut said = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
        said.nth(index).map(|(number, _)| number)
    }

    fn source(&self) -> &Arc<Source> {
        self.source.get_or_init(|| {
            let bytes = fs::read(self.real).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            Source::new(self.name.clone(), text)
        })
    }
}
