//! Files that a file names pass through here: each lies in the folder of the file that names it or below,
//! links followed. What leads elsewhere is never opened.

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use sockeye_core::document::{Node, neighbour};
use sockeye_core::{Mistake, Place, quoted};
use thiserror::Error;

use crate::dialect::Reading;

/// Where the manual explains files that name files.
const PAGE: &str = "docs/files.md#files-that-name-files";

/// Why a file is none that may be opened. `path` is as it was named.
#[derive(Debug, Error)]
pub(crate) enum NotBeside {
    #[error("there is no file {}", quoted(path))]
    Missing { path: Box<str> },
    #[error(
        "the file {} is outside of the folder of the configuration file",
        quoted(path)
    )]
    Outside { path: Box<str> },
    #[error("{} is not a file", quoted(path))]
    NotAFile { path: Box<str> },
    #[error("cannot read the file {}: {problem}", quoted(path))]
    Unreadable { path: Box<str>, problem: io::Error },
}

impl NotBeside {
    /// What the system said of `path`.
    pub(crate) fn unreadable(path: &str, problem: io::Error) -> Self {
        let path = path.into();
        match problem.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing { path },
            _ => Self::Unreadable { path, problem },
        }
    }
}

/// A file that a file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Beside {
    /// Its path from the working folder, as the user would write it.
    pub(crate) shown: PathBuf,
    /// Where it really is, all links followed.
    pub(crate) real: PathBuf,
}

/// The folder of the file that `place` is in, as the user wrote it; never empty.
pub(crate) fn folder_of(place: &Place) -> &Path {
    let folder = Path::new(place.source().name()).parent();
    // An empty path is no folder for the system.
    folder
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Where the plain file `path` below `folder` really is, all links followed.
pub(crate) fn locate(folder: &Path, path: &str) -> Result<PathBuf, NotBeside> {
    // Before anything is looked up, so that nobody learns what exists outside.
    if leaves(Path::new(path)) {
        return Err(NotBeside::Outside { path: path.into() });
    }
    let unreadable = |problem| NotBeside::unreadable(path, problem);
    let folder = fs::canonicalize(folder).map_err(unreadable)?;
    let found = fs::canonicalize(folder.join(path)).map_err(unreadable)?;
    if !found.starts_with(&folder) {
        return Err(NotBeside::Outside { path: path.into() });
    }
    match fs::metadata(&found) {
        Ok(about) if about.is_file() => Ok(found),
        Ok(_) => Err(NotBeside::NotAFile { path: path.into() }),
        Err(problem) => Err(unreadable(problem)),
    }
}

/// Whether the names in a path lead out of where it starts.
fn leaves(path: &Path) -> bool {
    let mut depth: usize = 0;
    for part in path.components() {
        match part {
            Component::Normal(_) => depth += 1,
            Component::CurDir => {}
            Component::ParentDir => match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return true,
            },
            Component::RootDir | Component::Prefix(_) => return true,
        }
    }
    false
}

impl Reading<'_> {
    /// The file that `node` names, which is there and may be opened. It is watched with the others,
    /// also if it is not there yet. `what` names the key in messages.
    pub(crate) fn file_beside(&mut self, node: &Node, what: &str) -> Option<Beside> {
        let path = self.file_below(node, what)?;
        let folder = folder_of(&node.place);
        let shown = if folder == Path::new(".") {
            PathBuf::from(path)
        } else {
            folder.join(path)
        };
        self.note_file(shown.clone());
        let wrong = match locate(folder, path) {
            Ok(real) => return Some(Beside { shown, real }),
            Err(wrong) => wrong,
        };
        let remedy = match &wrong {
            NotBeside::Missing { .. } => match near(folder, path) {
                Some(near) => format!("did you mean {}?", quoted(&near)),
                None => "write its path from the folder of this file".to_owned(),
            },
            NotBeside::Outside { .. } => "it is a link that leads there; copy the file".to_owned(),
            NotBeside::NotAFile { .. } => "name a file".to_owned(),
            NotBeside::Unreadable { .. } => "give yourself the right to read it".to_owned(),
        };
        let mistake = Mistake::at(&node.place, wrong.to_string()).page(PAGE);
        self.mistake(mistake.remedy(remedy));
        None
    }
}

/// The path of a file that is much like the one that is missing, as the user would write it.
fn near(folder: &Path, path: &str) -> Option<String> {
    let near = neighbour(&folder.join(path))?;
    let near = Path::new(&near).strip_prefix(folder).ok()?;
    Some(near.display().to_string())
}

#[cfg(test)]
mod tests {
    use sockeye_core::Source;

    use super::*;

    #[test]
    fn a_folder_is_never_empty() {
        let folder = |name: &str| {
            let place = Place::new(&Source::new(name, ""), 0..0);
            folder_of(&place).to_owned()
        };
        assert_eq!(folder("mock.yml"), Path::new("."));
        assert_eq!(folder("a/b/mock.yml"), Path::new("a/b"));
        assert_eq!(folder("/mock.yml"), Path::new("/"));
    }

    #[test]
    fn names_that_lead_out_are_told_without_a_look() {
        for path in ["a", "./a", "a/../b", "a/b/../../c"] {
            assert!(!leaves(Path::new(path)), "{path}");
        }
        for path in ["..", "../a", "a/../../b", "/a"] {
            assert!(leaves(Path::new(path)), "{path}");
        }
    }
}
