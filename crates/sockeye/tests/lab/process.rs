//! The child process: its standard error collected line by line, its end awaited or forced.

use std::io::{BufRead, BufReader, Read, Seek};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{PATIENCE, pause};

/// How a process ended: its exit status (none after a signal) and all it wrote.
#[derive(Debug)]
pub(crate) struct Exit {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Exit {
    /// Fails unless the status is `code`.
    #[track_caller]
    pub(crate) fn expect_code(&self, code: i32) -> &Self {
        assert_eq!(
            self.code,
            Some(code),
            "exit status; it wrote:\n{}{}",
            self.stdout,
            self.stderr
        );
        self
    }

    /// Fails unless standard error contains every one of `words`.
    #[track_caller]
    pub(crate) fn expect_words(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(
                self.stderr.contains(word),
                "no `{word}` in:\n{}",
                self.stderr
            );
        }
        self
    }

    /// The figures of the last line: connections, messages in, out, unanswered.
    #[track_caller]
    pub(crate) fn summary(&self) -> Vec<u64> {
        let line = self
            .stderr
            .lines()
            .rev()
            .find(|line| line.contains("served "));
        let line = line.unwrap_or_else(|| panic!("no summary line in:\n{}", self.stderr));
        let (_, figures) = line
            .split_once("served ")
            .expect("the line was found by this word");
        let digits = figures.split(|c: char| !c.is_ascii_digit());
        digits.filter_map(|figure| figure.parse().ok()).collect()
    }
}

/// Runs the binary to its end in the current folder.
pub(crate) fn sockeye(args: &[&str]) -> Exit {
    sockeye_in(Path::new("."), args)
}

/// Runs the binary to its end in `folder`, with nothing in its environment but `NO_COLOR`.
pub(crate) fn sockeye_in(folder: &Path, args: &[&str]) -> Exit {
    run(binary("sockeye").args(args).current_dir(folder))
}

/// Runs the binary to its end in `folder` as if by a link named `gw`.
pub(crate) fn gw_in(folder: &Path, args: &[&str]) -> Exit {
    run(binary("gw").args(args).current_dir(folder))
}

/// The binary, called by this name, with nothing in its environment but `NO_COLOR`.
pub(crate) fn binary(name: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockeye"));
    command.arg0(name).env_clear().env("NO_COLOR", "1");
    command
}

fn run(command: &mut Command) -> Exit {
    // A file takes any amount of output without a reader, so the wait below has a limit.
    let mut stdout = tempfile::tempfile().expect("a temporary file");
    command.stdout(stdout.try_clone().expect("an open file"));
    let mut exit = Process::spawn(command).0.wait_patiently();
    let mut written = Vec::new();
    stdout.rewind().expect("a plain file");
    stdout.read_to_end(&mut written).expect("a plain file");
    exit.stdout = String::from_utf8_lossy(&written).into_owned();
    exit
}

/// A running child. Dropping it kills it and waits for it.
pub(crate) struct Process {
    child: Child,
    log: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Process {
    /// Starts `command`; the receiver yields the address as soon as the child says that it listens.
    pub(crate) fn spawn(command: &mut Command) -> (Self, Receiver<String>) {
        Self::spawn_reading(command, Stdio::null())
    }

    /// The same with something on its standard input.
    pub(crate) fn spawn_reading(command: &mut Command, stdin: Stdio) -> (Self, Receiver<String>) {
        command.stdin(stdin).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the built binary starts");
        let stderr = child.stderr.take().expect("standard error is a pipe");
        let (ready, address) = channel();
        let log = Arc::new(Mutex::new(String::new()));
        let shared = Arc::clone(&log);
        let reader = std::thread::spawn(move || collect(stderr, &shared, &ready));
        (
            Self {
                child,
                log,
                reader: Some(reader),
            },
            address,
        )
    }

    /// What standard error holds so far.
    pub(crate) fn log(&self) -> String {
        self.log
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Its number.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// A figure of its memory in KiB, by its name in `/proc`: `VmRSS`, `VmHWM`.
    #[track_caller]
    pub(crate) fn memory(&self, name: &str) -> u64 {
        let path = format!("/proc/{}/status", self.child.id());
        let status = std::fs::read_to_string(path).expect("the process runs");
        let line = status.lines().find(|line| line.starts_with(name));
        let figure = line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok());
        figure.expect("a figure in KiB")
    }

    /// The processor time of all its threads so far, in steps of 10 ms.
    #[track_caller]
    pub(crate) fn busy(&self) -> Duration {
        let path = format!("/proc/{}/stat", self.child.id());
        let stat = std::fs::read_to_string(path).expect("the process runs");
        let (_, fields) = stat.rsplit_once(") ").expect("a name in brackets");
        let ticks = fields.split(' ').skip(11).take(2);
        let ticks = ticks.map(|ticks| ticks.parse::<u64>().expect("a number"));
        Duration::from_millis(10 * ticks.sum::<u64>())
    }

    /// Sends a signal by its name, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .expect("`kill` exists");
        assert!(
            sent.success(),
            "the process to signal is gone; it wrote:\n{}",
            self.log()
        );
    }

    /// Waits for the end, at most `limit`.
    #[track_caller]
    pub(crate) fn wait(mut self, limit: Duration) -> Exit {
        let deadline = Instant::now() + limit;
        let status = loop {
            if let Some(status) = self.child.try_wait().expect("the child is ours") {
                break status;
            }
            assert!(
                Instant::now() < deadline,
                "still running after {limit:?}:\n{}",
                self.log()
            );
            pause();
        };
        if let Some(reader) = self.reader.take() {
            reader
                .join()
                .expect("the reader of standard error does not panic");
        }
        Exit {
            code: status.code(),
            stdout: String::new(),
            stderr: self.log(),
        }
    }

    /// Waits for the end as long as a test may.
    #[track_caller]
    pub(crate) fn wait_patiently(self) -> Exit {
        self.wait(PATIENCE + PATIENCE)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // An error means that the child has ended already, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn collect(stderr: ChildStderr, log: &Mutex<String>, ready: &Sender<String>) {
    let mut lines = BufReader::new(stderr);
    let mut line = Vec::new();
    while lines
        .read_until(b'\n', &mut line)
        .is_ok_and(|read| read > 0)
    {
        let text = String::from_utf8_lossy(&line).into_owned();
        log.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_str(&text);
        let says = ["listening on ws://", "listening on wss://"];
        if let Some((_, address)) = says.iter().find_map(|says| text.split_once(says)) {
            let end = address.find(|c: char| c.is_whitespace() || c == '/');
            // Nobody waits any more after the first address.
            let _ = ready.send(address[..end.unwrap_or(address.len())].to_owned());
        }
        line.clear();
    }
}
