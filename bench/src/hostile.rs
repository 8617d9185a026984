//! Files that are made to exhaust their reader pass through here: how long `sockeye check` takes to refuse
//! each, and how much memory at its peak.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use thiserror::Error;

use crate::proc::{ProcError, peak_kib};
use crate::statistics::Summary;
use crate::table::{Bar, Row, Unit};

/// Checks of each file whose time is taken.
const RUNS: usize = 7;
/// Median of the runs, ms.
const TIME_BAR: Bar = Bar::AtMost(500.0);
/// Largest resident memory, KiB: 64 MiB.
const MEMORY_BAR: Bar = Bar::AtMost(65_536.0);
/// Levels of lists in each other.
const LEVELS: usize = 100_000;
/// Bytes of the large file.
const LARGE: usize = 100 * 1024 * 1024;
/// Bytes that a pipe is filled with at once.
const PIECE: usize = 4096;
/// How long weighing may take, and how often it is looked at.
const LIMIT: Duration = Duration::from_mins(1);
const LOOK_INTERVAL: Duration = Duration::from_millis(10);
/// It is done when its peak has not changed over this many looks while it waited for its reader.
const STILL_LOOKS: u32 = 5;

/// Why a check was not measured.
#[derive(Debug, Error)]
pub(crate) enum CheckError {
    /// A file could not be written, or the program not be started.
    #[error("{name}: {source}")]
    Io {
        /// The file.
        name: &'static str,
        /// Why.
        source: io::Error,
    },
    /// It was refused with another status, or not at all.
    #[error("{name}: exit status {status:?} instead of {wanted}")]
    Status {
        /// The file.
        name: &'static str,
        /// What the check ended with; none after a signal.
        status: Option<i32>,
        /// What it should end with.
        wanted: i32,
    },
    /// It was not done in time.
    #[error("{name}: not weighed within {LIMIT:?}")]
    NotWeighed {
        /// The file.
        name: &'static str,
    },
    /// Its memory could not be read.
    #[error(transparent)]
    Proc(#[from] ProcError),
}

/// A file, what it is called in the table, and the status that `check` must end with.
struct Case {
    name: &'static str,
    title: &'static str,
    status: i32,
    write: fn(&mut dyn Write) -> io::Result<()>,
}

/// What one file cost.
struct Cost {
    milliseconds: Summary,
    kib: Summary,
}

/// A right file: what a check costs at all.
const REFERENCE: Case = Case {
    name: "right.yaml",
    title: "a right file",
    status: 0,
    write: |out| out.write_all(b"websocket: { handlers: [{ path: /echo, type: echo }] }\n"),
};

const CASES: [Case; 3] = [
    Case {
        name: "bomb.yaml",
        title: "check / right file, aliases of aliases",
        status: 2,
        write: bomb,
    },
    Case {
        name: "deep.yaml",
        title: "check / right file, 100 000 levels",
        status: 2,
        write: deep,
    },
    Case {
        name: "large.yaml",
        title: "check / right file, 100 MiB",
        status: 2,
        write: large,
    },
];

/// Nine levels of ten aliases each: a thousand million values in a few lines.
fn bomb(out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"
    )?;
    for level in 1..=9 {
        let alias = format!("*a{}", level - 1);
        writeln!(out, "a{level}: &a{level} [{}]", vec![alias; 10].join(", "))?;
    }
    writeln!(out, "websocket: {{ handlers: *a9 }}")
}

fn deep(out: &mut dyn Write) -> io::Result<()> {
    write!(out, "websocket: {{ handlers: ")?;
    out.write_all("[".repeat(LEVELS).as_bytes())?;
    out.write_all("]".repeat(LEVELS).as_bytes())?;
    writeln!(out, " }}")
}

fn large(out: &mut dyn Write) -> io::Result<()> {
    let head = b"websocket:\n  handlers:\n";
    let item = b"    - { path: /echo, type: echo }\n";
    out.write_all(head)?;
    for _item in 0..LARGE / item.len() {
        out.write_all(item)?;
    }
    Ok(())
}

/// Checks the files with the program at `sockeye`; two rows for each.
pub(crate) fn measure(sockeye: &Path) -> Result<Vec<Row>, CheckError> {
    let name = REFERENCE.name;
    let folder = TempDir::with_prefix("sockeye-bench-");
    let folder = folder.map_err(|source| CheckError::Io { name, source })?;
    let reference = cost(sockeye, folder.path(), &REFERENCE)?;
    let mut rows = Vec::new();
    for case in &CASES {
        let subject = cost(sockeye, folder.path(), case)?;
        rows.push(row(
            case,
            Unit::Milliseconds,
            TIME_BAR,
            &reference,
            &subject,
        ));
        rows.push(row(case, Unit::Kibibytes, MEMORY_BAR, &reference, &subject));
    }
    Ok(rows)
}

fn row(case: &Case, unit: Unit, bar: Bar, reference: &Cost, subject: &Cost) -> Row {
    let of = |cost: &Cost| match unit {
        Unit::Kibibytes => cost.kib,
        _ => cost.milliseconds,
    };
    Row {
        case: case.title.to_owned(),
        unit,
        reference: of(reference),
        sockeye: of(subject),
        bar: Some(bar),
        pace: None,
    }
}

fn cost(sockeye: &Path, folder: &Path, case: &Case) -> Result<Cost, CheckError> {
    let name = case.name;
    let failed = |source| CheckError::Io { name, source };
    let file = folder.join(name);
    write_file(&file, case).map_err(failed)?;
    let mut times = Vec::new();
    for _run in 0..RUNS {
        let begun = Instant::now();
        let mut child = command(sockeye, &file, Stdio::null()).map_err(failed)?;
        let status = child.0.wait().map_err(failed)?.code();
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        if status != Some(case.status) {
            let wanted = case.status;
            return Err(CheckError::Status {
                name,
                status,
                wanted,
            });
        }
    }
    let kib = f64::from(weigh(sockeye, &file, name)?);
    let once = Summary::of([kib]).expect("there is one value");
    Ok(Cost {
        milliseconds: Summary::of(times).expect("there is at least one run"),
        kib: once,
    })
}

fn write_file(path: &Path, case: &Case) -> io::Result<()> {
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    (case.write)(&mut out)?;
    out.flush()
}

/// A started process. Dropping it ends the process, whatever happened meanwhile.
struct Guard(Child);

impl Drop for Guard {
    fn drop(&mut self) {
        // Both fail only when the process has already ended and been waited for.
        let _killed = self.0.kill();
        let _waited = self.0.wait();
    }
}

fn command(sockeye: &Path, file: &PathBuf, stdout: Stdio) -> io::Result<Guard> {
    let mut command = Command::new(sockeye);
    command.arg("check").arg(file).arg("--json");
    command.stdin(Stdio::null()).stdout(stdout);
    command.stderr(Stdio::null()).spawn().map(Guard)
}

/// The peak of the memory, KiB. The result is written into a pipe that is full: the process waits
/// there, with all its work behind it, until it is ended.
fn weigh(sockeye: &Path, file: &PathBuf, name: &'static str) -> Result<u32, CheckError> {
    let failed = |source| CheckError::Io { name, source };
    let (reader, mut filler) = io::pipe().map_err(failed)?;
    let stdout = Stdio::from(filler.try_clone().map_err(failed)?);
    let (progress, pieces) = mpsc::channel();
    // Ends with an error when the reader is gone.
    thread::spawn(
        move || {
            while filler.write_all(&[b' '; PIECE]).is_ok() && progress.send(()).is_ok() {}
        },
    );
    // No further piece fits.
    while pieces.recv_timeout(LOOK_INTERVAL).is_ok() {}
    let child = command(sockeye, file, stdout).map_err(failed)?;
    let peak = settled(child.0.id(), name);
    drop((child, reader));
    peak
}

/// The peak when it no longer changes.
#[expect(
    clippy::disallowed_methods,
    reason = "nobody tells when a process waits"
)]
fn settled(pid: u32, name: &'static str) -> Result<u32, CheckError> {
    let limit = Instant::now() + LIMIT;
    let (mut last, mut still) = (0, 0);
    while still < STILL_LOOKS {
        thread::sleep(LOOK_INTERVAL);
        let (peak, waits) = peak_kib(pid)?;
        still = if waits && peak == last { still + 1 } else { 0 };
        last = peak;
        if Instant::now() > limit {
            return Err(CheckError::NotWeighed { name });
        }
    }
    Ok(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: fn(&mut dyn Write) -> io::Result<()>) -> String {
        let mut text = Vec::new();
        write(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn the_files_are_what_they_are_called() {
        let bomb = written(bomb);
        assert_eq!(bomb.matches("*a8").count(), 10);
        assert!(bomb.len() < 1_000);
        assert_eq!(written(deep).matches('[').count(), LEVELS);
        let large = written(large).len();
        assert!((LARGE - 100..LARGE + 100).contains(&large), "{large}");
    }

    #[test]
    fn this_process_is_weighed() {
        let (peak, _) = peak_kib(std::process::id()).unwrap();
        assert!(peak > 0);
    }
}
