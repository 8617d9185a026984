//! A server under test passes through here: started, found by the address it prints, ended with its guard.

use std::collections::VecDeque;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use tempfile::TempDir;
use thiserror::Error;

use crate::mocks::Mock;
use crate::peers::Peer;
use crate::placement::Placement;
use crate::replay;

/// How long a server may take until it prints its address.
const START_LIMIT: Duration = Duration::from_secs(10);
/// Lines of a failed server's stderr that the error shows.
const LINES_SHOWN: usize = 20;
/// What a server prints before its port.
const LOOPBACK: &str = "127.0.0.1:";
/// A server that did not come up.
#[derive(Debug, Error)]
pub(crate) enum StartError {
    /// The program could not be started.
    #[error("cannot start {program}: {source}")]
    Spawn {
        /// The command's program.
        program: String,
        /// Why.
        source: io::Error,
    },
    /// It ended, or closed stderr, before it printed an address.
    #[error("{program} ended without printing `127.0.0.1:PORT` on stderr:\n{stderr}")]
    Ended {
        /// The command's program.
        program: String,
        /// The last lines it wrote.
        stderr: String,
    },
    /// It runs and has not printed an address.
    #[error("{program} has not printed `127.0.0.1:PORT` on stderr within {START_LIMIT:?}")]
    Silent {
        /// The command's program.
        program: String,
    },
    /// The temporary file with the configuration could not be written.
    #[error("cannot write the configuration: {0}")]
    Configuration(#[source] io::Error),
    /// The path of this program, which is the raw echo too, is not known.
    #[error("cannot find the path of this program: {0}")]
    OwnPath(#[source] io::Error),
}

/// The servers that can be measured, and how each is started.
pub(crate) struct Programs {
    placement: Placement,
    sockeye: PathBuf,
    raw_echo: PathBuf,
    configuration: TempDir,
}

/// What can be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// The raw TCP echo of this binary.
    RawEcho,
    /// The same, writing what it reads to every connection.
    RawToAll,
    /// The same, writing a scheduled message to every connection by itself.
    RawTicker,
    /// The raw TCP relay of this binary to a server.
    RawRelay(SocketAddr),
    /// The `sockeye` under test as a proxy, at `/proxy`, to the echo of another.
    Proxy(SocketAddr),
    /// `ws replay` of the `sockeye` under test, so many messages and times as fast as recorded.
    Replay {
        /// Messages of the recording.
        messages: u32,
        /// How many times as fast.
        speed: u32,
    },
    /// The `sockeye` under test with one of the files.
    Sockeye(Mock),
    /// The same with an admin listener.
    Operated(Mock),
    /// The same over TLS, with a certificate that it makes.
    Secured(Mock),
    /// The echo of another library.
    Peer(Peer),
}

/// Where a server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cores {
    /// On the servers' core.
    Own,
    /// On the client's core, too.
    Both,
}

impl Programs {
    /// Writes the configurations to a temporary folder, which goes when this does.
    pub(crate) fn new(sockeye: &Path, placement: Placement) -> Result<Self, StartError> {
        let configuration =
            TempDir::with_prefix("sockeye-bench-").map_err(StartError::Configuration)?;
        for mock in Mock::all() {
            let file = configuration.path().join(mock.file_name());
            std::fs::write(file, mock.text()).map_err(StartError::Configuration)?;
        }
        let raw_echo = std::env::current_exe().map_err(StartError::OwnPath)?;
        Ok(Self {
            placement,
            sockeye: sockeye.to_owned(),
            raw_echo,
            configuration,
        })
    }

    /// Starts one server on a port of the system's choice and waits until it prints its address.
    pub(crate) fn start(&self, program: Program) -> Result<Server, StartError> {
        self.start_on(Cores::Own, program)
    }

    /// The same, on the cores given.
    pub(crate) fn start_on(&self, cores: Cores, program: Program) -> Result<Server, StartError> {
        let raw = |options: &[&str]| {
            let options = std::iter::once(&"raw-echo").chain(options);
            (self.raw_echo.clone(), options.map(OsString::from).collect())
        };
        let (path, arguments): (PathBuf, Vec<OsString>) = match program {
            Program::RawEcho => raw(&[]),
            Program::RawToAll => raw(&["--to-all"]),
            Program::RawTicker => raw(&["--tick"]),
            Program::Sockeye(mock) => self.serve(self.file(mock), &["--no-admin"]),
            Program::Operated(mock) => self.serve(self.file(mock), &["--admin-port", "0"]),
            Program::Secured(mock) => self.serve(self.file(mock), &["--no-admin", "--ws-tls"]),
            Program::RawRelay(to) => {
                let options = ["raw-relay".to_owned(), "--to".to_owned(), to.to_string()];
                (self.raw_echo.clone(), options.map(OsString::from).to_vec())
            }
            Program::Peer(peer) => peer.command(),
            Program::Proxy(to) => {
                let file = self.configuration.path().join("proxy.yaml");
                std::fs::write(&file, proxy_to(to)).map_err(StartError::Configuration)?;
                self.serve(file, &["--no-admin"])
            }
            Program::Replay { messages, speed } => {
                let file = self.configuration.path().join("replay.json");
                std::fs::write(&file, replay::session(messages))
                    .map_err(StartError::Configuration)?;
                (self.sockeye.clone(), replay_of(file, speed))
            }
        };
        let mut command = self.placement.server_command(cores, path.as_os_str());
        command.args(arguments).args(["--port", "0"]);
        // A certificate that is made is written there, and not among the user's.
        command.env("XDG_STATE_HOME", self.configuration.path());
        Server::start(command, path.display().to_string())
    }
}

impl Programs {
    fn file(&self, mock: Mock) -> PathBuf {
        self.configuration.path().join(mock.file_name())
    }

    fn serve(&self, file: PathBuf, options: &[&str]) -> (PathBuf, Vec<OsString>) {
        let options = options.iter().map(OsString::from);
        let arguments = [OsString::from("serve"), file.into()];
        (
            self.sockeye.clone(),
            arguments.into_iter().chain(options).collect(),
        )
    }
}

/// It stays open at its end, so that its Close is no failure of the connection.
fn replay_of(file: PathBuf, speed: u32) -> Vec<OsString> {
    let words = ["ws", "replay", "--as", "server", "--keep-open", "--speed"];
    let mut arguments: Vec<OsString> = words.map(OsString::from).to_vec();
    arguments.extend([speed.to_string().into(), "--input".into(), file.into()]);
    arguments
}

fn proxy_to(server: SocketAddr) -> String {
    format!(
        "websocket:\n  handlers:\n    - {{path: /proxy, type: proxy, upstream: \"ws://{server}/echo\"}}\n"
    )
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

/// A running server. Dropping it ends the process.
pub(crate) struct Server {
    process: Guard,
    address: SocketAddr,
    program: String,
    /// The ports that it prints after the first.
    ports: Receiver<Result<u16, String>>,
}

impl Server {
    /// The process. `taskset` becomes the server, so this is the server itself.
    pub(crate) fn pid(&self) -> u32 {
        self.process.0.id()
    }

    /// Where it listens: always loopback.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where its admin listener is, which it prints behind its own address.
    pub(crate) fn admin(&self) -> Result<SocketAddr, StartError> {
        match self.ports.recv_timeout(START_LIMIT) {
            Ok(Ok(port)) => Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port))),
            _ => Err(StartError::Silent {
                program: self.program.clone(),
            }),
        }
    }

    fn start(mut command: Command, program: String) -> Result<Self, StartError> {
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command.env("NO_COLOR", "1");
        let mut process = match command.spawn() {
            Ok(child) => Guard(child),
            Err(source) => return Err(StartError::Spawn { program, source }),
        };
        let (sender, receiver) = mpsc::channel();
        if let Some(stderr) = process.0.stderr.take() {
            // Reads to the end, so that a server that logs is never stopped by a full pipe.
            std::thread::spawn(move || follow(BufReader::new(stderr), &sender));
        }
        match receiver.recv_timeout(START_LIMIT) {
            Ok(Ok(port)) => Ok(Self {
                process,
                address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
                program,
                ports: receiver,
            }),
            Ok(Err(stderr)) => Err(StartError::Ended { program, stderr }),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                Err(StartError::Silent { program })
            }
        }
    }
}

/// What a server prints before the port of its admin listener.
const ADMIN: &str = "admin on http://127.0.0.1:";

/// Reads lines until the end. Sends the first port and the admin listener's, or the last lines when no port ever came.
fn follow(stderr: impl BufRead, found: &Sender<Result<u16, String>>) {
    let mut last = VecDeque::new();
    let mut announced = false;
    for line in stderr.split(b'\n').map_while(Result::ok) {
        if announced && !line.starts_with(ADMIN.as_bytes()) {
            continue;
        }
        let line = String::from_utf8_lossy(&line).into_owned();
        if let Some(port) = port_in(&line) {
            announced = true;
            // The receiver waits until this arrives or the limit passes.
            let _sent = found.send(Ok(port));
        }
        if last.len() == LINES_SHOWN {
            last.pop_front();
        }
        last.push_back(line);
    }
    if !announced {
        let _sent = found.send(Err(Vec::from(last).join("\n")));
    }
}

/// The port of the first `127.0.0.1:PORT` in a line; port 0 is none.
fn port_in(line: &str) -> Option<u16> {
    line.match_indices(LOOPBACK).find_map(|(at, _)| {
        let after = line.get(at + LOOPBACK.len()..)?;
        let digits = after
            .split(|character: char| !character.is_ascii_digit())
            .next()?;
        digits.parse().ok().filter(|port| *port != 0)
    })
}

/// The first line that a command prints on stdout; `None` when it fails or takes over five seconds.
pub(crate) fn first_line(mut command: Command) -> Option<String> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut process = Guard(command.spawn().ok()?);
    let stdout = process.0.stdout.take()?;
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let read = BufReader::new(stdout.take(1024)).read_line(&mut line);
        let _sent = sender.send(read.ok().map(|_| line));
    });
    let line = receiver.recv_timeout(Duration::from_secs(5)).ok()??;
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Result<Server, StartError> {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Server::start(command, "sh".to_owned())
    }

    #[test]
    fn the_port_is_the_digits_after_the_first_loopback_address() {
        assert_eq!(port_in("ready: ws://127.0.0.1:4021/echo"), Some(4021));
        assert_eq!(port_in("\u{1b}[1m127.0.0.1:80\u{1b}[0m"), Some(80));
        assert_eq!(
            port_in("asked for 127.0.0.1:0, got 127.0.0.1:9001"),
            Some(9001)
        );
        assert_eq!(port_in("127.0.0.1:99999"), None);
        assert_eq!(port_in("0.0.0.0:80"), None);
    }

    #[test]
    fn a_server_is_found_by_what_it_prints_and_ended_by_its_guard() {
        let server =
            shell("echo loading >&2; echo ws://127.0.0.1:4021 >&2; exec cat /dev/zero >&2")
                .unwrap();
        assert_eq!(server.address().to_string(), "127.0.0.1:4021");
        let folder = PathBuf::from(format!("/proc/{}", server.pid()));
        assert!(folder.exists());
        drop(server);
        assert!(!folder.exists());
    }

    #[test]
    fn a_server_that_ends_early_is_an_error_with_its_last_words() {
        let error = shell("echo 'mock.yaml:3: unknown key' >&2; exit 2")
            .err()
            .unwrap();
        assert_eq!(
            error.to_string(),
            "sh ended without printing `127.0.0.1:PORT` on stderr:\nmock.yaml:3: unknown key"
        );
    }

    #[test]
    fn a_program_that_does_not_exist_is_an_error_with_its_name() {
        let error = Server::start(Command::new("/nonexistent"), "/nonexistent".to_owned()).err();
        assert!(
            error
                .unwrap()
                .to_string()
                .starts_with("cannot start /nonexistent: ")
        );
    }

    #[test]
    fn the_first_line_of_a_command_is_its_version() {
        let mut command = Command::new("echo");
        command.arg("sockeye 0.1.0\nmore");
        assert_eq!(first_line(command).as_deref(), Some("sockeye 0.1.0"));
        assert_eq!(first_line(Command::new("true")), None);
        assert_eq!(first_line(Command::new("/nonexistent")), None);
    }
}
