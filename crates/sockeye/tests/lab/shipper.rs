//! `sockeye ship` in a temporary folder: files, a command line, and where its inputs listen.

use std::fs::File;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::eventually;
use super::process::{Exit, Process};

/// A shipper about to be started, or one that runs.
pub(crate) struct Shipper {
    folder: TempDir,
    process: Option<Process>,
    /// What a shell does before it becomes the shipper.
    before: Option<String>,
}

impl Shipper {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder"),
            process: None,
            before: None,
        }
    }

    /// A file in its folder.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        self.write(name, text);
        self
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("a writable folder");
    }

    /// Adds to a file in its folder.
    pub(crate) fn append(&self, name: &str, text: &str) {
        let mut options = File::options();
        let mut file = options
            .append(true)
            .create(true)
            .open(self.path(name))
            .expect("a writable file");
        file.write_all(text.as_bytes()).expect("a writable file");
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("a readable file")
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Lets a shell do this first, in its folder; the script's end is `"$@"`, the shipper.
    pub(crate) fn behind(mut self, script: &str) -> Self {
        self.before = Some(script.to_owned());
        self
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.process().id()
    }

    /// Starts it with a command line.
    pub(crate) fn start(self, args: &[&str]) -> Self {
        self.start_reading(Stdio::null(), args)
    }

    /// Starts it with something on standard input.
    pub(crate) fn start_reading(mut self, stdin: Stdio, args: &[&str]) -> Self {
        let binary = env!("CARGO_BIN_EXE_sockeye");
        let mut command = match &self.before {
            None => Command::new(binary),
            Some(script) => {
                let mut shell = Command::new("/bin/sh");
                shell.args(["-c", script, "sh", binary]);
                shell
            }
        };
        let out = File::create(self.path("stdout")).expect("a writable folder");
        command
            .arg("ship")
            .args(args)
            .current_dir(self.folder.path());
        command
            .env_clear()
            .env("NO_COLOR", "1")
            .env("PATH", "/usr/bin:/bin")
            .stdout(out);
        self.process = Some(Process::spawn_reading(&mut command, stdin).0);
        self
    }

    fn process(&self) -> &Process {
        self.process.as_ref().expect("it was started")
    }

    pub(crate) fn log(&self) -> String {
        self.process().log()
    }

    /// Waits until the log says so.
    #[track_caller]
    pub(crate) fn says(&self, words: &str) -> &Self {
        eventually(&format!("the log says {words}:\n{}", self.log()), || {
            self.log().contains(words).then_some(())
        });
        self
    }

    /// Where an input listens, by its name: `tcp.0`.
    #[track_caller]
    pub(crate) fn address(&self, input: &str) -> SocketAddr {
        let says = format!("{input}] listening on ");
        let port = eventually(&format!("{input} listens"), || {
            let log = self.log();
            let line = log.lines().rev().find_map(|line| line.split_once(&says))?.1;
            line.rsplit(':').next()?.trim().parse::<u16>().ok()
        });
        SocketAddr::from((Ipv4Addr::LOCALHOST, port))
    }

    /// Says something to an input over TCP and hangs up, as `nc` does.
    #[track_caller]
    pub(crate) fn netcat(&self, input: &str, text: &[u8]) {
        let mut stream = TcpStream::connect(self.address(input)).expect("the input listens");
        stream.write_all(text).expect("the input reads");
    }

    /// Ends it at once, without a word.
    pub(crate) fn kill(&mut self) {
        drop(self.process.take());
    }

    pub(crate) fn signal(&self, name: &str) -> &Self {
        self.process().signal(name);
        self
    }

    /// Waits for its end; gives it with what it wrote.
    #[track_caller]
    pub(crate) fn wait(&mut self) -> Exit {
        let process = self.process.take().expect("it was started");
        let mut exit = process.wait_patiently();
        exit.stdout = self.read("stdout");
        exit
    }

    /// Asks it to end, and waits for that.
    #[track_caller]
    pub(crate) fn stop(&mut self) -> Exit {
        self.signal("TERM");
        self.wait()
    }
}
