//! `sockeye ws repair` and `sockeye ws convert`: files of messages in, files of messages out.

use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use sockeye_core::quoted;
use sockeye_tape::{Format, RepairError, Tape, read_tape, write_har, write_session};

use crate::exit::Exit;
use crate::report::{self, counted};

/// What `ws repair` takes.
#[derive(Args, Debug)]
pub(crate) struct RepairArgs {
    /// The `.part` file that a recording left when it was cut off
    pub(crate) file: PathBuf,

    /// Where to write the session file [default: FILE without `.part`, if there is none yet]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `ws convert` takes.
#[derive(Args, Debug)]
pub(crate) struct ConvertArgs {
    /// A session file, a HAR with WebSocket messages, JSON lines, or a `.part` file
    pub(crate) input: PathBuf,

    /// A HAR if its name ends with `.har`, a session file otherwise; an existing file is replaced
    pub(crate) output: PathBuf,
}

/// Makes a session file of what a recording left.
pub(crate) fn repair(args: &RepairArgs) -> Exit {
    let repaired = match sockeye_tape::repair(&args.file, args.output.as_deref()) {
        Ok(repaired) => repaired,
        Err(problem) => {
            report::sentence(&problem.to_string());
            return match problem {
                RepairError::Write { .. } => Exit::Io,
                _ => Exit::Usage,
            };
        }
    };
    let part = args.file.display().to_string();
    if let Some(damage) = &repaired.damage {
        report::sentence(&format!(
            "{part}:{}: {}; nothing after it is kept",
            damage.line, damage.what
        ));
    }
    if args.json {
        let damage = repaired.damage.as_ref();
        let damage = damage.map(|damage| json!({ "line": damage.line, "what": damage.what }));
        return print(&json!({
            "file": repaired.file.display().to_string(),
            "messages": repaired.messages,
            "damage": damage,
            "part_removed": repaired.removed,
        }));
    }
    let messages = counted(repaired.messages, "message");
    let left = if repaired.removed {
        ""
    } else {
        ", the .part file stays"
    };
    report::sentence(&format!(
        "wrote {messages} to {}{left}",
        quoted(&repaired.file.display().to_string())
    ));
    Exit::Done
}

/// Reads a file in one format and writes it in another.
pub(crate) fn convert(args: &ConvertArgs) -> Exit {
    let tape = match read(&args.input) {
        Ok(tape) => tape,
        Err(exit) => return exit,
    };
    let is_har = args
        .output
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("har"));
    let has_waits = tape.session.entries.iter().any(|entry| entry.cue.is_some());
    if is_har && tape.format == Format::JsonLines && has_waits {
        report::sentence("an archive has no place for `waitFor` and templates: they are left out");
    }
    if let Err(problem) = write(&tape, &args.output, is_har) {
        report::sentence(&format!(
            "cannot write {}: {problem}",
            quoted(&args.output.display().to_string())
        ));
        return Exit::Io;
    }
    let messages = counted(tape.session.entries.len(), "message");
    report::sentence(&format!(
        "wrote {messages} to {}",
        quoted(&args.output.display().to_string())
    ));
    Exit::Done
}

/// Reads a file and says what had to be put right in it.
pub(super) fn read(path: &Path) -> Result<Tape, Exit> {
    match read_tape(path) {
        Ok(tape) => {
            for note in &tape.notes {
                report::sentence(&format!("{}: {note}", path.display()));
            }
            Ok(tape)
        }
        Err(problem) => {
            report::sentence(&problem.to_string());
            Err(Exit::Usage)
        }
    }
}

/// Writes beside the file first: a disk that is full leaves the old one as it was.
fn write(tape: &Tape, output: &Path, is_har: bool) -> io::Result<()> {
    let mut name = output
        .file_name()
        .ok_or(io::ErrorKind::InvalidFilename)?
        .to_owned();
    name.push(".new");
    let draft = output.with_file_name(name);
    let written = File::create(&draft).and_then(|file| {
        let to = BufWriter::new(file);
        if is_har {
            write_har(&tape.session, to)
        } else {
            write_session(&tape.session, to)
        }
    });
    let placed = written.and_then(|()| std::fs::rename(&draft, output));
    if placed.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    placed
}

/// Writes one value to standard output.
pub(super) fn print(value: &serde_json::Value) -> Exit {
    use std::io::Write as _;

    let mut out = io::stdout().lock();
    match writeln!(out, "{value}").and_then(|()| out.flush()) {
        Ok(()) => Exit::Done,
        Err(problem) => {
            report::sentence(&format!("cannot write standard output: {problem}"));
            Exit::Io
        }
    }
}
