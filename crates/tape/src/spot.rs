//! Where a recording is to be written passes through here: a path becomes a name in a folder, and a
//! name that is still free.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{collections::HashMap, io};

use rustix::io::Errno;

use crate::limits::NUMBERS;
use crate::name::numbered;
use crate::{Folder, Name, RecordError, Sheet, Storage};

/// What happens if there is a file of that name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IfTaken {
    /// It is replaced once the recording is finished.
    #[default]
    Replace,
    /// There is no recording.
    Refuse,
    /// The recording gets the next free name: `ws-2.json`, `ws-3.json`.
    Number,
}

/// A file that a recording is to become.
#[derive(Clone)]
pub struct Spot(Where);

#[derive(Clone)]
enum Where {
    Path(PathBuf),
    Below {
        base: PathBuf,
        name: Name,
    },
    Stored {
        storage: Arc<dyn Storage>,
        name: String,
    },
}

impl fmt::Debug for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.shown().display())
    }
}

impl Spot {
    /// A path that the user wrote on the command line: links are followed, its folder has to be there.
    pub fn path(path: impl Into<PathBuf>) -> Self {
        Self(Where::Path(path.into()))
    }

    /// A name that was made of values: it stays below `base`, links are not followed, folders are made.
    pub fn below(base: impl Into<PathBuf>, name: Name) -> Self {
        Self(Where::Below {
            base: base.into(),
            name,
        })
    }

    /// A name in a storage, for tests that need one that fails.
    pub fn stored(storage: Arc<dyn Storage>, name: impl Into<String>) -> Self {
        Self(Where::Stored {
            storage,
            name: name.into(),
        })
    }

    /// The path as it is shown to the user.
    pub fn shown(&self) -> PathBuf {
        match &self.0 {
            Where::Path(path) => path.clone(),
            Where::Below { base, name } => {
                let mut path = base.clone();
                path.extend(name.folders());
                path.join(name.file())
            }
            Where::Stored { name, .. } => PathBuf::from(name),
        }
    }

    /// The folder and the name in it.
    fn resolve(&self) -> Result<(Arc<dyn Storage>, String), RecordError> {
        match &self.0 {
            Where::Path(path) => {
                let name = path.file_name().and_then(|name| name.to_str());
                let no_name = || io::Error::new(io::ErrorKind::InvalidFilename, "it names no file");
                let cannot = |problem| cannot("write", path, problem);
                let name = name.ok_or_else(|| cannot(no_name()))?;
                let folder = path.parent().unwrap_or(Path::new(""));
                let folder = Folder::open(folder).map_err(cannot)?;
                Ok((Arc::new(folder), name.to_owned()))
            }
            Where::Below { base, name } => {
                let mut folder =
                    Folder::make(base).map_err(|problem| cannot("make", base, problem))?;
                let mut path = base.clone();
                for part in name.folders() {
                    path.push(part);
                    folder = folder
                        .below(part)
                        .map_err(|problem| not_below(base, &path, problem))?;
                }
                Ok((Arc::new(folder), name.file().to_owned()))
            }
            Where::Stored { storage, name } => Ok((Arc::clone(storage), name.clone())),
        }
    }
}

fn cannot(doing: &'static str, file: &Path, problem: io::Error) -> RecordError {
    let file = file.to_owned();
    RecordError::Io {
        doing,
        file,
        problem,
    }
}

fn not_below(base: &Path, path: &Path, problem: io::Error) -> RecordError {
    match Errno::from_io_error(&problem) {
        Some(Errno::NOTDIR | Errno::LOOP) => RecordError::NoFolder {
            path: path.to_owned(),
            base: base.to_owned(),
        },
        _ => cannot("make", path, problem),
    }
}

/// A name that is taken for one recording, with its `.part` file.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub(crate) storage: Arc<dyn Storage>,
    /// The name without a number.
    pub(crate) plain: String,
    /// The name of the finished file.
    pub(crate) name: String,
    /// As it is shown to the user.
    pub(crate) shown: PathBuf,
    pub(crate) if_taken: IfTaken,
}

impl Claim {
    pub(crate) fn part(&self) -> String {
        format!("{}.part", self.name)
    }

    pub(crate) fn shown_part(&self) -> PathBuf {
        self.shown.with_file_name(self.part())
    }

    pub(crate) fn cannot(&self, doing: &'static str, problem: io::Error) -> RecordError {
        cannot(doing, &self.shown, problem)
    }

    /// The same claim under the name with this number.
    pub(crate) fn number(&self, number: u32) -> Self {
        let name = numbered(&self.plain, number);
        Self {
            shown: self.shown.with_file_name(&name),
            name,
            ..self.clone()
        }
    }
}

/// The number that was free last, for each name: a thousand connections a day do not look at all of
/// them again.
#[derive(Debug, Default)]
pub(crate) struct Numbers(HashMap<PathBuf, u32>);

/// Names whose numbers are remembered; beyond them all are forgotten.
const REMEMBERED: usize = 1024;

impl Numbers {
    fn start(&self, path: &Path) -> u32 {
        self.0.get(path).map_or(1, |last| last + 1)
    }

    fn taken(&mut self, path: &Path, number: u32) {
        if self.0.len() >= REMEMBERED {
            self.0.clear();
        }
        self.0.insert(path.to_owned(), number);
    }
}

/// Finds the name of a recording and makes its `.part` file.
pub(crate) fn claim(
    spot: &Spot,
    if_taken: IfTaken,
    numbers: &mut Numbers,
) -> Result<(Claim, Box<dyn Sheet>), RecordError> {
    let (storage, plain) = spot.resolve()?;
    let shown = spot.shown();
    let first = Claim {
        storage,
        name: plain.clone(),
        plain,
        shown: shown.clone(),
        if_taken,
    };
    if if_taken != IfTaken::Number {
        return match attempt(&first)? {
            Some(sheet) => Ok((first, sheet)),
            None => Err(RecordError::Unfinished {
                part: first.shown_part(),
            }),
        };
    }
    for number in numbers.start(&shown)..=NUMBERS {
        let claim = first.number(number);
        match attempt(&claim) {
            Ok(Some(sheet)) => {
                numbers.taken(&shown, number);
                return Ok((claim, sheet));
            }
            Ok(None) | Err(RecordError::Taken { .. }) => {}
            Err(problem) => return Err(problem),
        }
    }
    Err(RecordError::NoNumber { file: shown })
}

/// Makes the `.part` file; `None` if there is one. Whoever makes it owns the name of the finished file.
fn attempt(claim: &Claim) -> Result<Option<Box<dyn Sheet>>, RecordError> {
    let io = |problem| claim.cannot("write", problem);
    if claim.if_taken != IfTaken::Replace && claim.storage.exists(&claim.name).map_err(io)? {
        return Err(RecordError::Taken {
            file: claim.shown.clone(),
        });
    }
    match claim.storage.create(&claim.part()) {
        Ok(sheet) => Ok(Some(sheet)),
        Err(problem) if problem.kind() == io::ErrorKind::AlreadyExists => Ok(None),
        Err(problem) => Err(io(problem)),
    }
}
