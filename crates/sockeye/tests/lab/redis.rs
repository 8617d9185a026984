//! A Redis of a test's own, behind a socket in a temporary folder; gone when it is dropped.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::eventually;

/// A running Redis.
pub(crate) struct Redis {
    folder: TempDir,
    process: Child,
}

impl Redis {
    /// Starts one and waits until it answers.
    #[track_caller]
    pub(crate) fn start() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let process = spawn(&folder);
        let redis = Self { folder, process };
        redis.expect_ready();
        redis
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("unix://{}", self.socket().display())
    }

    /// Ends it without a word.
    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it was killed");
    }

    /// Starts it again, at the same address and empty.
    #[track_caller]
    pub(crate) fn restart(&mut self) {
        self.process = spawn(&self.folder);
        self.expect_ready();
    }

    /// Wants this password of everybody who connects from now on.
    #[track_caller]
    pub(crate) fn wants(&self, password: &str) {
        let mut set = Command::new("redis-cli");
        set.arg("-s").arg(self.socket());
        set.args(["config", "set", "requirepass", password]);
        let output = set.output().expect("redis-cli is installed");
        assert_eq!(output.stdout, b"OK\n");
    }

    #[track_caller]
    fn expect_ready(&self) {
        eventually("Redis answers", || {
            let mut ping = Command::new("redis-cli");
            ping.arg("-s").arg(self.socket()).arg("ping");
            let output = ping.output().expect("redis-cli is installed");
            (output.stdout == b"PONG\n").then_some(())
        });
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("redis.sock")
    }
}

fn spawn(folder: &TempDir) -> Child {
    let mut command = Command::new("redis-server");
    command.args(["--port", "0", "--unixsocket", "redis.sock"]);
    command.args(["--save", "", "--appendonly", "no", "--daemonize", "no"]);
    command.current_dir(folder.path()).stdout(Stdio::null());
    command.spawn().expect("redis-server is installed")
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
