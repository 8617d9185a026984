//! The reference passes through here: installed from crates.io below the bench's own target folder.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use super::ModelError;

/// The crate and its version; the binary has the crate's name.
const CRATE: &str = "graphwalker";
const VERSION: &str = "1.0.4";
/// Where it is put, beside what the bench is built into.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/rival");

/// The reference's program. The first time it is built, which takes some minutes.
pub(super) fn installed() -> Result<PathBuf, ModelError> {
    let folder = PathBuf::from(FOLDER);
    let program = folder.join("bin").join(CRATE);
    if program.is_file() {
        return Ok(program);
    }
    let words = [
        "install",
        CRATE,
        "--version",
        VERSION,
        "--locked",
        "--root",
        FOLDER,
    ];
    let failed = |why: String| ModelError::Install(words.join(" "), why);
    let mut command = Command::new("cargo");
    command
        .args(words)
        .arg("--target-dir")
        .arg(folder.join("build"));
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let status = command
        .status()
        .map_err(|error| failed(error.to_string()))?;
    if status.success() && program.is_file() {
        return Ok(program);
    }
    Err(failed(status.to_string()))
}
