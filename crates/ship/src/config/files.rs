//! Every configuration file passes through here as text: found beside those that name it, each once, not too many.

use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sockeye_core::document::{MAX_BYTES, neighbour};
use sockeye_core::{Mistake, Mistakes, Place, Source, quoted};

use crate::glob;

/// How many files one configuration may be made of.
const MOST_FILES: usize = 1000;

/// The files of a configuration.
#[derive(Debug, Default)]
pub(super) struct Files {
    folder: PathBuf,
    read: Vec<PathBuf>,
    /// The same ones under their real names, so that each is read once.
    real: Vec<PathBuf>,
}

/// Whether a file is YAML, by its extension.
pub(super) fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    })
}

impl Files {
    /// Names from now on are relative to the folder of this file.
    pub(super) fn start_beside(&mut self, path: &Path) {
        self.folder = path.parent().map(Path::to_owned).unwrap_or_default();
    }

    /// The files that were read.
    pub(super) fn read(&self) -> impl Iterator<Item = &PathBuf> {
        self.read.iter()
    }

    /// A name as it is seen from the working folder if it is there, else from the main file's.
    pub(super) fn beside_or_here(&self, name: &str) -> PathBuf {
        let here = PathBuf::from(name);
        if here.exists() {
            here
        } else {
            self.folder.join(here)
        }
    }

    /// The files that an include means, from the main file's folder. None is a mistake.
    pub(super) fn included(&self, name: &str, place: &Place) -> Result<Vec<PathBuf>, Mistake> {
        let path = self.folder.join(name);
        if !glob::is_pattern(name) {
            return Ok(vec![path]);
        }
        let found = glob::paths(&path);
        if found.is_empty() {
            let message = format!("no file matches {}", quoted(name));
            return Err(Mistake::at(place, message)
                .label("nothing there")
                .remedy("correct the pattern, or remove the line"));
        }
        Ok(found)
    }

    /// The text of a file; none after a mistake. `named` is where another file names it.
    pub(super) fn open(
        &mut self,
        path: &Path,
        named: Option<&Place>,
        mistakes: &mut Mistakes,
    ) -> Option<Arc<Source>> {
        match self.text(path) {
            Ok(source) => Some(source),
            Err((message, remedy)) => {
                let mistake = match named {
                    Some(place) => Mistake::at(place, message).label("named here"),
                    None => Mistake::nowhere(message),
                };
                mistakes.push(mistake.remedy(remedy));
                None
            }
        }
    }

    fn text(&mut self, path: &Path) -> Result<Arc<Source>, (String, String)> {
        let name = path.display().to_string();
        if self.read.len() >= MOST_FILES {
            let message = format!("more than {MOST_FILES} files");
            return Err((message, "put several into one".to_owned()));
        }
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if self.real.contains(&real) {
            let message = format!("{} is included twice", quoted(&name));
            return Err((message, "include it once".to_owned()));
        }
        let text = read(path, &name)?;
        self.real.push(real);
        self.read.push(path.to_owned());
        Ok(Source::new(name, text))
    }
}

fn read(path: &Path, name: &str) -> Result<String, (String, String)> {
    let mut bytes = Vec::new();
    let opened =
        File::open(path).and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes));
    if let Err(error) = opened {
        return Err(unreadable(path, name, error.kind()));
    }
    if bytes.len() > MAX_BYTES {
        let message = format!("{} is larger than {MAX_BYTES} bytes", quoted(name));
        return Err((message, "split the file".to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.as_bytes().get(..error.utf8_error().valid_up_to());
        let line = 1 + String::from_utf8_lossy(valid.unwrap_or_default())
            .matches('\n')
            .count();
        let message = format!("{} is not UTF-8 text in line {line}", quoted(name));
        (message, "save the file as UTF-8".to_owned())
    })
}

fn unreadable(path: &Path, name: &str, kind: ErrorKind) -> (String, String) {
    let shown = quoted(name);
    match kind {
        ErrorKind::NotFound => {
            let remedy = neighbour(path).map_or_else(
                || "create it, or correct the name".to_owned(),
                |near| format!("did you mean {}?", quoted(&near)),
            );
            (format!("there is no file {shown}"), remedy)
        }
        ErrorKind::IsADirectory => (
            format!("{shown} is a folder, not a file"),
            "name a file in it".to_owned(),
        ),
        other => (
            format!("cannot read {shown}: {other}"),
            "give yourself the right to read it".to_owned(),
        ),
    }
}
