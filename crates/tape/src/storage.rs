//! Every file that a recording makes passes through here: a folder that stays the same folder whatever
//! happens to its path, and names in it.

use std::fmt::Debug;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags, RenameFlags};

/// Files of a recording are for the one who recorded.
const FILE_MODE: u32 = 0o600;
/// So are folders.
const FOLDER_MODE: u32 = 0o700;

/// A file that is being written.
pub trait Sheet: Write + Send + Debug {
    /// Waits until what was written is on the disk.
    fn sync(&mut self) -> io::Result<()>;
}

impl Sheet for File {
    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// One folder. Tests put one that fails in its place.
pub trait Storage: Send + Sync + Debug {
    /// Makes a new file that is appended to. An existing one is an error, also if it is a link.
    fn create(&self, name: &str) -> io::Result<Box<dyn Sheet>>;
    /// Opens a file for reading.
    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>>;
    /// Whether there is something of this name.
    fn exists(&self, name: &str) -> io::Result<bool>;
    /// Gives a file another name, which may be taken if `replace`.
    fn rename(&self, from: &str, to: &str, replace: bool) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Waits until names are on the disk.
    fn sync(&self) -> io::Result<()>;
}

/// A folder of the machine.
#[derive(Debug)]
pub struct Folder(OwnedFd);

impl Folder {
    /// The folder at a path that the user wrote; links are followed.
    pub fn open(path: &Path) -> io::Result<Self> {
        // An empty path is no folder for the system.
        let path = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Ok(Self(rustix::fs::open(path, flags, Mode::empty())?))
    }

    /// Like [`Folder::open`], and makes what is missing of the path.
    pub fn make(path: &Path) -> io::Result<Self> {
        match Self::open(path) {
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => {}
            done => return done,
        }
        fs::create_dir_all(path)?;
        Self::open(path)
    }

    /// The folder `name` in this one, made if it is missing. A link is not followed but an error.
    pub fn below(&self, name: &str) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let open = || rustix::fs::openat(&self.0, name, flags, Mode::empty());
        let found = match open() {
            Err(rustix::io::Errno::NOENT) => {
                let made = rustix::fs::mkdirat(&self.0, name, Mode::from_raw_mode(FOLDER_MODE));
                match made {
                    // Somebody was quicker.
                    Ok(()) | Err(rustix::io::Errno::EXIST) => open(),
                    Err(problem) => Err(problem),
                }
            }
            found => found,
        };
        Ok(Self(found?))
    }
}

impl Storage for Folder {
    fn create(&self, name: &str) -> io::Result<Box<dyn Sheet>> {
        let flags = OFlags::WRONLY
            | OFlags::APPEND
            | OFlags::CREATE
            | OFlags::EXCL
            | OFlags::CLOEXEC
            | OFlags::NOFOLLOW;
        let file = rustix::fs::openat(&self.0, name, flags, Mode::from_raw_mode(FILE_MODE))?;
        // For `is_locked`. Without locks, as on some network disks, only that is less certain.
        let _ = rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive);
        Ok(Box::new(File::from(file)))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        let file = rustix::fs::openat(&self.0, name, flags, Mode::empty())?;
        Ok(Box::new(File::from(file)))
    }

    fn exists(&self, name: &str) -> io::Result<bool> {
        match rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Ok(true),
            Err(rustix::io::Errno::NOENT) => Ok(false),
            Err(problem) => Err(problem.into()),
        }
    }

    fn rename(&self, from: &str, to: &str, replace: bool) -> io::Result<()> {
        if replace {
            return Ok(rustix::fs::renameat(&self.0, from, &self.0, to)?);
        }
        let flags = RenameFlags::NOREPLACE;
        match rustix::fs::renameat_with(&self.0, from, &self.0, to, flags) {
            // Not every file system can; a hard link cannot replace anything either.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {
                rustix::fs::linkat(&self.0, from, &self.0, to, AtFlags::empty())?;
                self.remove(from)
            }
            done => Ok(done?),
        }
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    fn sync(&self) -> io::Result<()> {
        Ok(rustix::fs::fsync(&self.0)?)
    }
}

/// Whether some process is writing this file.
pub(crate) fn is_locked(file: &File) -> bool {
    match rustix::fs::flock(file, FlockOperation::NonBlockingLockShared) {
        Ok(()) => {
            let _ = rustix::fs::flock(file, FlockOperation::Unlock);
            false
        }
        Err(problem) => problem == rustix::io::Errno::WOULDBLOCK,
    }
}
