//! Which files are served, those that were named or one that lies where such files usually lie; and where
//! the program keeps its own.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

/// Names that are looked for in the working folder and in the folders above it.
const GUIDE: [&str; 4] = [
    "mockforge.yaml",
    "mockforge.yml",
    ".mockforge.yaml",
    ".mockforge.yml",
];

/// Names that are looked for in the working folder only.
const MOCLOJER: [&str; 2] = ["moclojer.yml", "moclojer.yaml"];

/// How many folders above the working folder are searched.
const FOLDERS_ABOVE: usize = 5;

/// The file to serve when none was named.
pub(crate) fn discover(folder: &Path) -> Option<PathBuf> {
    let in_folder = |folder: &Path, names: &[&str]| {
        names
            .iter()
            .map(|name| folder.join(name))
            .find(|file| file.is_file())
    };
    in_folder(folder, &GUIDE)
        .or_else(|| in_folder(folder, &MOCLOJER))
        .or_else(|| {
            folder
                .ancestors()
                .skip(1)
                .take(FOLDERS_ABOVE)
                .find_map(|folder| in_folder(folder, &GUIDE))
        })
}

/// `$XDG_STATE_HOME/sockeye`, or `~/.local/state/sockeye`, which may not be there yet. None: neither
/// variable has an absolute path.
pub(crate) fn state_folder() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let state =
        variable("XDG_STATE_HOME").or(variable("HOME").map(|home| home.join(".local/state")));
    let state = state.filter(|folder| folder.is_absolute())?;
    Some(state.join("sockeye"))
}

/// Makes a folder, and those above it, for the user alone.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true).mode(0o700).create(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_file_is_found() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("a/b/c");
        std::fs::create_dir_all(&deep).unwrap();
        assert_eq!(discover(&deep), None);
        let far = root.path().join("mockforge.yml");
        std::fs::write(&far, "").unwrap();
        assert_eq!(discover(&deep), Some(far));
        let own = deep.join("moclojer.yml");
        std::fs::write(&own, "").unwrap();
        assert_eq!(discover(&deep), Some(own));
    }
}
