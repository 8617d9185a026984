//! The other libraries pass through here: pinned, from crates.io and npm, below the bench's own target folder.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::PeerError;
use crate::server::first_line;

/// The sources of the Rust ones, a package of its own, and what it is built into.
const RUST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/Cargo.toml");
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/peers");
/// What the package of Node is made of. The lock file has the version and its checksum.
const MANIFEST: &str = include_str!("../../peers/node/package.json");
const LOCK: &str = include_str!("../../peers/node/package-lock.json");
const ECHO: &str = include_str!("../../peers/node/echo.mjs");
/// Says which lock file has been installed, whole.
const MARK: &str = "installed.json";

/// The versions that are measured, as both lock files have them.
pub(super) const TUNGSTENITE: &str = "0.30.0";
pub(super) const FASTWEBSOCKETS: &str = "0.10.0";
pub(super) const WS: &str = "8.23.0";

/// The program with the Rust ones.
pub(super) fn rust_program() -> PathBuf {
    Path::new(FOLDER).join("release/sockeye-bench-peers")
}

/// The file that Node runs.
pub(super) fn node_program() -> PathBuf {
    node_folder().join("echo.mjs")
}

/// What `node --version` prints.
pub(super) fn node_version() -> String {
    let mut node = Command::new("node");
    node.arg("--version");
    first_line(node).unwrap_or_else(|| "of unknown version".to_owned())
}

/// Builds and installs what is not there. The first time it takes a minute or two.
pub(super) fn install() -> Result<(), PeerError> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--release", "--locked", "--quiet"]);
    cargo.args(["--manifest-path", RUST, "--target-dir", FOLDER]);
    run(cargo, "a way to crates.io")?;
    let folder = node_folder();
    write(&folder, "echo.mjs", ECHO)?;
    let mark = folder.join(MARK);
    if std::fs::read_to_string(&mark).is_ok_and(|installed| installed == LOCK) {
        return Ok(());
    }
    write(&folder, "package.json", MANIFEST)?;
    write(&folder, "package-lock.json", LOCK)?;
    let mut npm = Command::new("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
    npm.current_dir(&folder);
    run(npm, "Node 20 or newer and a way to the npm registry")?;
    write(&folder, MARK, LOCK)
}

fn node_folder() -> PathBuf {
    Path::new(FOLDER).join("node")
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), PeerError> {
    let path = folder.join(name);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text));
    written.map_err(|error| PeerError::Write(path.display().to_string(), error))
}

fn run(mut command: Command, needs: &'static str) -> Result<(), PeerError> {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<String> = words.map(|word| word.to_string_lossy().into()).collect();
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let why = match command.status() {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    Err(PeerError::Install(words.join(" "), why, needs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_versions_are_those_of_the_lock_files() {
        let cargo = include_str!("../../peers/Cargo.lock");
        for (name, version) in [
            ("tokio-tungstenite", TUNGSTENITE),
            ("fastwebsockets", FASTWEBSOCKETS),
        ] {
            let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
            assert!(cargo.contains(&entry), "{entry}");
        }
        let lock: serde_json::Value = serde_json::from_str(LOCK).unwrap();
        assert_eq!(lock["packages"]["node_modules/ws"]["version"], WS);
        let manifest: serde_json::Value = serde_json::from_str(MANIFEST).unwrap();
        assert_eq!(manifest["dependencies"]["ws"], WS);
    }

    #[test]
    fn what_cannot_be_installed_tells_the_command_and_what_it_needs() {
        let mut command = Command::new("false");
        command.arg("x");
        assert_eq!(
            run(command, "luck").unwrap_err().to_string(),
            "cannot install the peers, `false x`: exit status: 1; it needs luck, or leave this part out with --only"
        );
    }
}
