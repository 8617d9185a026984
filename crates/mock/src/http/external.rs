//! Files that responses are read from: named by the mock's author or by a template, always inside the
//! folder of the file that names them.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use sockeye_core::quoted;
use sockeye_script::template::Template;
use thiserror::Error;

use crate::beside::{NotBeside, locate};

/// The largest file that is served, in bytes: 1 MiB, as much as a template may write.
const MOST_BYTES: u64 = 1024 * 1024;

/// A response body in a file of its own, read anew for every request.
#[derive(Debug)]
pub(crate) struct File {
    /// The folder of the file that names it.
    pub(crate) folder: PathBuf,
    /// Its path below that folder.
    pub(crate) path: Template,
    /// What it must be.
    pub(crate) format: Format,
}

/// What a file must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// One JSON value. Served as it is.
    Json,
    /// UTF-8.
    Text,
}

/// Why a file is not served. `path` is as the endpoint names it.
#[derive(Debug, Error)]
pub(crate) enum FileError {
    #[error(transparent)]
    Place(#[from] NotBeside),
    #[error("the file {} is larger than {MOST_BYTES} bytes", quoted(path))]
    TooLarge { path: Box<str> },
    #[error("the file {} is not JSON: {problem}", quoted(path))]
    NotJson {
        path: Box<str>,
        problem: serde_json::Error,
    },
    #[error("the file {} is not UTF-8", quoted(path))]
    NotText { path: Box<str> },
}

/// Finds and reads `path` below `folder`. Blocks.
///
/// Errors: everything that [`FileError`] tells; nothing outside of `folder` is ever opened.
pub(crate) fn read(folder: &Path, path: &str, format: Format) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    // A named pipe would block for ever; `locate` has seen that this is a plain file.
    fs::File::open(locate(folder, path)?)
        .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|problem| NotBeside::unreadable(path, problem))?;
    let name = || path.into();
    if bytes.len() as u64 > MOST_BYTES {
        return Err(FileError::TooLarge { path: name() });
    }
    match format {
        Format::Json => serde_json::from_slice::<IgnoredAny>(&bytes)
            .map(|_| bytes)
            .map_err(|problem| FileError::NotJson {
                path: name(),
                problem,
            }),
        Format::Text if std::str::from_utf8(&bytes).is_err() => {
            Err(FileError::NotText { path: name() })
        }
        Format::Text => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder `mock` with some files, and one beside it.
    fn folder() -> tempfile::TempDir {
        let outer = tempfile::TempDir::new().unwrap();
        let write = |path: &str, text: &[u8]| fs::write(outer.path().join(path), text).unwrap();
        fs::create_dir_all(outer.path().join("mock/sub")).unwrap();
        write("secret.json", b"{}");
        write("mock/a.json", br#"{"a": 1}"#);
        write("mock/sub/b.txt", "blank and ä".as_bytes());
        write("mock/latin.txt", b"\xe4");
        write("mock/big.txt", &vec![b'x'; 1024 * 1024 + 1]);
        outer
    }

    fn text(outer: &tempfile::TempDir, path: &str, format: Format) -> Result<String, String> {
        read(&outer.path().join("mock"), path, format)
            .map(|bytes| String::from_utf8(bytes).unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn files_below_the_folder_are_served_as_they_are() {
        let outer = folder();
        assert_eq!(
            text(&outer, "a.json", Format::Json),
            Ok(r#"{"a": 1}"#.into())
        );
        assert_eq!(
            text(&outer, "./sub/../sub/b.txt", Format::Text),
            Ok("blank and ä".into())
        );
    }

    #[test]
    fn nothing_outside_is_served() {
        let outer = folder();
        let absolute = outer.path().join("mock/a.json").display().to_string();
        for path in [
            "../secret.json",
            "sub/../../secret.json",
            "/etc/passwd",
            "..",
            &absolute,
        ] {
            let refused = read(&outer.path().join("mock"), path, Format::Json);
            assert!(
                matches!(refused, Err(FileError::Place(NotBeside::Outside { .. }))),
                "{path}: {refused:?}"
            );
        }
        let error = text(&outer, "../nothing", Format::Json).unwrap_err();
        assert_eq!(
            error,
            "the file `../nothing` is outside of the folder of the configuration file"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_is_not_followed() {
        let outer = folder();
        let link = |target: &str, name: &str| {
            std::os::unix::fs::symlink(target, outer.path().join("mock").join(name)).unwrap();
        };
        link("../secret.json", "out.json");
        link("a.json", "in.json");
        let error = text(&outer, "out.json", Format::Json).unwrap_err();
        assert!(
            error.ends_with("is outside of the folder of the configuration file"),
            "{error}"
        );
        assert_eq!(
            text(&outer, "in.json", Format::Json),
            Ok(r#"{"a": 1}"#.into())
        );
    }

    #[test]
    fn what_cannot_be_served_says_why() {
        let outer = folder();
        for (path, format, why) in [
            ("none.json", Format::Json, "there is no file `none.json`"),
            ("a.json/x", Format::Json, "there is no file `a.json/x`"),
            ("sub", Format::Json, "`sub` is not a file"),
            ("", Format::Json, "`` is not a file"),
            (
                "big.txt",
                Format::Text,
                "the file `big.txt` is larger than 1048576 bytes",
            ),
            (
                "latin.txt",
                Format::Text,
                "the file `latin.txt` is not UTF-8",
            ),
            (
                "sub/b.txt",
                Format::Json,
                "the file `sub/b.txt` is not JSON: expected value at line 1 column 1",
            ),
        ] {
            assert_eq!(text(&outer, path, format), Err(why.to_owned()));
        }
    }
}
