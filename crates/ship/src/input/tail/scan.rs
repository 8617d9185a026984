//! Patterns of paths pass through here and come out as the files to follow.

use std::fs::{File, Metadata};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::glob;

/// Which file it is, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct FileId {
    pub(super) device: u64,
    pub(super) inode: u64,
}

impl FileId {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
        }
    }

    /// The file that is at a path now.
    pub(super) fn at(path: &Path) -> Option<Self> {
        std::fs::metadata(path)
            .ok()
            .map(|metadata| Self::of(&metadata))
    }
}

/// Which files are wanted.
#[derive(Debug)]
pub(super) struct Patterns {
    wanted: Vec<PathBuf>,
    excluded: Vec<String>,
}

impl Patterns {
    pub(super) fn new(wanted: &str, excluded: Option<&str>) -> Self {
        let list = |text: &str| -> Vec<String> {
            let parts = text.split(',').map(str::trim);
            parts
                .filter(|part| !part.is_empty())
                .map(str::to_owned)
                .collect()
        };
        Self {
            wanted: list(wanted).into_iter().map(PathBuf::from).collect(),
            excluded: list(excluded.unwrap_or_default()),
        }
    }

    /// The files that are there, each once, in the order of the patterns.
    pub(super) fn found(&self) -> Vec<PathBuf> {
        let mut found: Vec<PathBuf> = Vec::new();
        for pattern in &self.wanted {
            for path in glob::paths(pattern) {
                let is_file = std::fs::metadata(&path).is_ok_and(|metadata| metadata.is_file());
                if is_file && !self.is_excluded(&path) && !found.contains(&path) {
                    found.push(path);
                }
            }
        }
        found
    }

    /// A pattern without a slash is about the name of the file.
    fn is_excluded(&self, path: &Path) -> bool {
        let whole = path.to_string_lossy();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy())
            .unwrap_or_default();
        self.excluded.iter().any(|pattern| {
            let text = if pattern.contains('/') { &whole } else { &name };
            glob::matches(pattern, text)
        })
    }
}

/// Opens a file and says which one it is.
pub(super) fn open(path: &Path) -> std::io::Result<(File, Metadata)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    Ok((file, metadata))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_wanted_and_not_excluded() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.log", "b.log", "c.gz", "d.txt"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let at = |name: &str| folder.path().join(name).display().to_string();
        let patterns = Patterns::new(
            &format!("{}, {},{}", at("*.log"), at("d.txt"), at("a.log")),
            Some("b*, *.gz"),
        );
        assert_eq!(
            patterns.found(),
            [folder.path().join("a.log"), folder.path().join("d.txt")]
        );
    }
}
