//! `sockeye serve` on files in a temporary folder, from the configuration to the open port.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::process::{Exit, Process};
use super::{Client, PATIENCE, Raw, Response};

/// A server about to be started.
pub(crate) struct Lab {
    folder: TempDir,
    served: Vec<String>,
    args: Vec<String>,
    env: Vec<(String, String)>,
    any_port: bool,
    admin: AdminPort,
    /// What `ulimit` is told before the server starts.
    limit: Option<String>,
    small_disk: Option<String>,
}

/// Where the admin listener of a server is.
#[derive(Clone, Copy, Debug)]
enum AdminPort {
    /// Nowhere.
    None,
    /// At any free port.
    Any,
    /// Where the environment or the files want it.
    Usual,
}

impl Lab {
    /// A server of one YAML file.
    pub(crate) fn yaml(text: &str) -> Self {
        Self::file("mock.yml", text)
    }

    /// A server of one file with a name of its own.
    pub(crate) fn file(name: &str, text: &str) -> Self {
        Self::empty().and_file(name, text)
    }

    /// A server of a file that exists already.
    pub(crate) fn existing(path: &Path) -> Self {
        let mut lab = Self::empty();
        lab.served.push(
            path.to_str()
                .expect("paths of the repository are text")
                .to_owned(),
        );
        lab
    }

    /// A server without any file.
    pub(crate) fn empty() -> Self {
        Self {
            folder: TempDir::new().expect("a temporary folder"),
            served: Vec::new(),
            args: Vec::new(),
            env: Vec::new(),
            any_port: true,
            admin: AdminPort::None,
            limit: None,
            small_disk: None,
        }
    }

    /// Serves one more file.
    pub(crate) fn and_file(mut self, name: &str, text: &str) -> Self {
        self.served.push(name.to_owned());
        self.beside(name, text)
    }

    /// Puts a file into the working folder without naming it on the command line.
    pub(crate) fn beside(self, name: &str, text: &str) -> Self {
        let path = self.folder.path().join(name);
        let folder = path.parent().expect("it is in a folder");
        std::fs::create_dir_all(folder).expect("the folder is writable");
        std::fs::write(path, text).expect("the folder is writable");
        self
    }

    /// Adds one argument of the command line.
    pub(crate) fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// Sets one variable of the otherwise empty environment.
    pub(crate) fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.env.push((name.to_owned(), value.into()));
        self
    }

    /// Leaves out the `--port 0` that every other server gets.
    pub(crate) fn port_not_given(mut self) -> Self {
        self.any_port = false;
        self
    }

    /// Gives it an admin listener.
    pub(crate) fn admin(mut self) -> Self {
        self.admin = AdminPort::Any;
        self
    }

    /// Leaves out the `--no-admin` that every other server gets.
    pub(crate) fn admin_not_given(mut self) -> Self {
        self.admin = AdminPort::Usual;
        self
    }

    /// Lets the process hold at most `limit` file descriptors.
    pub(crate) fn open_files(mut self, limit: u32) -> Self {
        self.limit = Some(format!("-n {limit}"));
        self
    }

    /// Lets the process have at most so many KiB of addresses.
    pub(crate) fn address_space(mut self, kib: u64) -> Self {
        self.limit = Some(format!("-v {kib}"));
        self
    }

    /// Gives the process, and nobody else, a disk of 64 KiB at this folder beside its files.
    pub(crate) fn small_disk(mut self, name: &str) -> Self {
        std::fs::create_dir(self.folder.path().join(name)).expect("the folder is writable");
        self.small_disk = Some(name.to_owned());
        self
    }

    /// Where its files lie, for other sub-commands.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Starts the server and waits until it listens.
    #[track_caller]
    pub(crate) fn start(self) -> Server {
        let (process, ready) = Process::spawn(&mut self.command());
        let Ok(address) = ready.recv_timeout(PATIENCE) else {
            panic!(
                "the server did not say that it listens; it wrote:\n{}",
                process.log()
            );
        };
        let address = address
            .parse()
            .unwrap_or_else(|_| panic!("`{address}` is no address"));
        let file = self.served.first().cloned().unwrap_or_default();
        Server {
            process,
            address,
            file,
            folder: self.folder,
        }
    }

    /// Starts the server and waits for it to give up by itself.
    #[track_caller]
    pub(crate) fn fails(self) -> Exit {
        let (process, ready) = Process::spawn(&mut self.command());
        let listens = ready.recv_timeout(PATIENCE).is_ok();
        assert!(
            !listens,
            "it listens instead of giving up; it wrote:\n{}",
            process.log()
        );
        process.wait_patiently()
    }

    fn command(&self) -> Command {
        let binary = env!("CARGO_BIN_EXE_sockeye");
        let mut command = match (&self.limit, &self.small_disk) {
            (None, None) => Command::new(binary),
            (_, Some(name)) => {
                // A mount that only this process sees, and that ends with it. Where the system lets nobody
                // mount anything, no file may be longer than such a disk.
                let mount = format!("mount -t tmpfs -o size=64k none {name} && exec \"$0\" \"$@\"");
                let script = format!(
                    "for how in --map-root-user --mount; do \
                     if unshare $how --mount /bin/sh -c 'mount -t tmpfs none {name}' 2>/dev/null; then \
                     exec unshare $how --mount /bin/sh -c '{mount}' \"$0\" \"$@\"; fi; done; \
                     trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\""
                );
                let mut shell = Command::new("/bin/sh");
                shell.args(["-c", &script, binary]);
                shell
            }
            (Some(limit), None) => {
                let mut shell = Command::new("/bin/sh");
                shell
                    .arg("-c")
                    .arg(format!("ulimit {limit} && exec \"$0\" \"$@\""))
                    .arg(binary);
                shell
            }
        };
        command.arg("serve").args(&self.served);
        if self.any_port {
            command.args(["--port", "0"]);
        }
        match self.admin {
            AdminPort::None => command.arg("--no-admin"),
            AdminPort::Any => command.args(["--admin-port", "0"]),
            AdminPort::Usual => &mut command,
        };
        command.args(&self.args).current_dir(self.folder.path());
        command.stdout(Stdio::null());
        command
            .env_clear()
            .env("NO_COLOR", "1")
            .env("HOME", self.folder.path());
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// A server that listens. Dropping it kills it.
pub(crate) struct Server {
    process: Process,
    address: SocketAddr,
    file: String,
    folder: TempDir,
}

impl Server {
    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a path, for clients of other libraries.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("ws://{}{path}", self.address)
    }

    /// Opens a WebSocket; fails if it is refused.
    #[track_caller]
    pub(crate) fn connect(&self, path: &str) -> Client {
        Client::connect(self.address, path)
    }

    /// Opens a TCP connection and says nothing.
    #[track_caller]
    pub(crate) fn raw(&self) -> Raw {
        Raw::connect(self.address)
    }

    /// Opens a WebSocket whose frames the test writes and reads itself.
    #[track_caller]
    pub(crate) fn raw_socket(&self, path: &str) -> Raw {
        let mut raw = self.raw();
        let response = raw.upgrade(path, &[]);
        assert_eq!(response.status, 101, "{}", response.text());
        raw
    }

    /// Asks for an upgrade and gives the answer, 101 or not.
    #[track_caller]
    pub(crate) fn upgrade(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        self.raw().upgrade(path, headers)
    }

    /// One HTTP request on a connection of its own.
    #[track_caller]
    pub(crate) fn http(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        self.raw().request(method, target, headers, body)
    }

    /// One HTTP GET without headers or body.
    #[track_caller]
    pub(crate) fn get(&self, target: &str) -> Response {
        self.http("GET", target, &[], b"")
    }

    /// The address of its admin listener.
    #[track_caller]
    pub(crate) fn admin(&self) -> SocketAddr {
        super::eventually("the admin listener is announced", || {
            let log = self.log();
            let line = log
                .lines()
                .find_map(|line| line.strip_prefix("admin on http://"))?;
            line.trim().parse().ok()
        })
    }

    /// One request to its admin listener.
    #[track_caller]
    pub(crate) fn ask(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Response {
        Raw::connect(self.admin()).request(method, target, headers, body)
    }

    /// What it has written to standard error so far.
    pub(crate) fn log(&self) -> String {
        self.process.log()
    }

    /// Waits for a line with all these words on standard error.
    #[track_caller]
    pub(crate) fn expect_log(&self, words: &[&str]) {
        super::eventually(&format!("a log line has {words:?}"), || {
            let log = self.log();
            let mut lines = log.lines();
            lines
                .any(|line| words.iter().all(|word| line.contains(word)))
                .then_some(())
        });
    }

    /// Where its files lie.
    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Replaces the first served file in one step, as editors do.
    pub(crate) fn edit(&self, text: &str) {
        let mut new = tempfile::NamedTempFile::new_in(self.folder.path()).expect("writable");
        new.write_all(text.as_bytes()).expect("writable");
        new.persist(self.folder.path().join(&self.file))
            .expect("a rename in one folder");
    }

    /// The same, and has it read: the admin listener must be there.
    #[track_caller]
    pub(crate) fn edit_and_reload(&self, text: &str) {
        self.edit(text);
        let reloaded = self.ask("POST", "/__mockforge/ws/reload", &[], b"");
        assert_eq!(reloaded.status, 200, "{}", reloaded.text());
    }

    /// Writes a file beside the served one, in place.
    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).expect("the folder is writable");
    }

    /// A figure of its memory in KiB: `VmRSS` now, `VmHWM` at the most.
    #[track_caller]
    pub(crate) fn memory(&self, name: &str) -> u64 {
        self.process.memory(name)
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Sends a signal by its name, such as `TERM`.
    pub(crate) fn signal(&self, name: &str) {
        self.process.signal(name);
    }

    /// Waits for the end after a signal, at most `limit`.
    #[track_caller]
    pub(crate) fn wait(self, limit: Duration) -> Exit {
        self.process.wait(limit)
    }

    /// Sends SIGTERM and waits for the end.
    #[track_caller]
    pub(crate) fn terminate(self) -> Exit {
        self.signal("TERM");
        self.process.wait_patiently()
    }
}
