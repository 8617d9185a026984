//! A Redis that belongs to one test: nothing is written to disk, and it ends with the test.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;

use sockeye_cluster::ClusterSettings;
use tempfile::TempDir;

use super::{eventually, settings};

pub(crate) struct Redis {
    child: Child,
    arguments: Vec<String>,
    folder: TempDir,
    port: Option<u16>,
    password: Option<String>,
}

impl Redis {
    /// On a socket in a folder of its own.
    pub(crate) fn new() -> Self {
        Self::spawn(None, None)
    }

    /// On a free port of this machine, too, with a password.
    pub(crate) fn with_password(password: &str) -> Self {
        Self::spawn(Some(free_port()), Some(password.to_owned()))
    }

    fn spawn(port: Option<u16>, password: Option<String>) -> Self {
        super::log::keep();
        let folder = TempDir::new().unwrap();
        let socket = folder.path().join("redis.sock");
        let mut arguments = vec![
            "--port".to_owned(),
            port.unwrap_or(0).to_string(),
            "--bind".to_owned(),
            "127.0.0.1".to_owned(),
            "--unixsocket".to_owned(),
            socket.to_str().unwrap().to_owned(),
            "--dir".to_owned(),
            folder.path().to_str().unwrap().to_owned(),
            "--logfile".to_owned(),
            "redis.log".to_owned(),
        ];
        arguments.extend(["--save", "", "--appendonly", "no"].map(str::to_owned));
        if let Some(password) = &password {
            arguments.extend(["--requirepass".to_owned(), password.clone()]);
        }
        let redis = Self {
            child: run(&arguments),
            arguments,
            folder,
            port,
            password,
        };
        redis.answers();
        redis
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }

    /// Waits until it can be connected to.
    fn answers(&self) {
        eventually("redis-server starts", || {
            let tcp = self
                .port
                .map(|port| TcpStream::connect(("127.0.0.1", port)));
            let tcp = tcp.is_none_or(|tcp| tcp.is_ok());
            (tcp && UnixStream::connect(self.socket()).is_ok()).then_some(())
        });
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        match (self.port, &self.password) {
            (Some(port), Some(password)) => format!("redis://:{password}@127.0.0.1:{port}"),
            _ => format!("unix://{}", self.socket().display()),
        }
    }

    /// The address of its socket, which needs the password, too.
    pub(crate) fn url_of_socket(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// The address of the port without a login, or with one of `user:password`.
    pub(crate) fn url_for(&self, login: &str) -> String {
        let port = self.port.expect("a port");
        format!("redis://{login}127.0.0.1:{port}")
    }

    pub(crate) fn settings(&self) -> ClusterSettings {
        settings(&self.url())
    }

    /// What `redis-cli` prints for a command.
    pub(crate) fn cli(&self, command: &[&str]) -> String {
        let mut cli = Command::new("redis-cli");
        cli.arg("-s").arg(self.socket());
        if let Some(password) = &self.password {
            cli.args(["--no-auth-warning", "-a", password]);
        }
        let output = cli.args(command).output().expect("redis-cli is installed");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Listens to a channel: each line with `word` in it comes through the receiver until the child is killed.
    pub(crate) fn listen(&self, channel: &str, word: &str) -> (Child, Receiver<String>) {
        let mut cli = Command::new("redis-cli");
        cli.arg("-s")
            .arg(self.socket())
            .args(["SUBSCRIBE", channel]);
        let mut child = cli.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let subscribed = lines.find(|line| line.as_ref().is_ok_and(|line| line == "subscribe"));
        assert!(subscribed.is_some());
        let (sender, receiver) = std::sync::mpsc::channel();
        let word = word.to_owned();
        std::thread::spawn(move || {
            let lines = lines.map_while(Result::ok);
            for line in lines.filter(|line| line.contains(&word)) {
                // A test that is over no longer listens.
                let _ = sender.send(line);
            }
        });
        (child, receiver)
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts it again, as it was, without its data.
    pub(crate) fn restart(&mut self) {
        self.child = run(&self.arguments);
        self.answers();
    }

    /// Stops it without ending it: it takes connections and does not answer.
    pub(crate) fn pause(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let kill = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(kill.success());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // A paused one is killed as well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody listens on any more.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn run(arguments: &[String]) -> Child {
    let mut server = Command::new("redis-server");
    server.args(arguments).stdout(Stdio::null());
    server.spawn().expect("redis-server is installed")
}
