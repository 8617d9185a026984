//! The file system as the store sees it: files written at an offset, read, kept, removed. Tests put one that fails in its place.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustix::fs::FlockOperation;

/// What is in the folder is for the one who runs the process.
const FILE_MODE: u32 = 0o600;
/// So is the folder.
const FOLDER_MODE: u32 = 0o700;

/// The file whose lock says that somebody uses the folder; it holds that process's number.
const LOCK: &str = "lock";

/// Bytes of the lock file that are read: a process number is shorter.
const LOCK_BYTES: u64 = 32;

/// A file of a [`Disk`].
pub trait Leaf: Send + Sync + Debug {
    /// Writes all of `bytes` from `offset` on. After an error any part of them may be there.
    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Reads exactly as many bytes as there is room for.
    fn read(&self, offset: u64, room: &mut [u8]) -> io::Result<()>;
    /// How long it is, in bytes.
    fn size(&self) -> io::Result<u64>;
    /// Makes it so long: what is behind goes.
    fn cut(&self, len: u64) -> io::Result<()>;
    /// Waits until what was written would survive the loss of power.
    fn sync(&self) -> io::Result<()>;
}

/// One folder.
pub trait Disk: Send + Sync + Debug {
    /// Makes a new file; an existing one is an error.
    fn create(&self, name: &str) -> io::Result<Arc<dyn Leaf>>;
    /// Opens a file for reading.
    fn open(&self, name: &str) -> io::Result<Arc<dyn Leaf>>;
    /// The names in it, in any order.
    fn names(&self) -> io::Result<Vec<String>>;
    /// Removes a file.
    fn remove(&self, name: &str) -> io::Result<()>;
    /// Waits until new names would survive the loss of power.
    fn sync(&self) -> io::Result<()>;
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process uses it.
    #[error("`{}` is in use by process {pid}", path.display())]
    Owned {
        /// The folder.
        path: PathBuf,
        /// The number of that process, or `?`.
        pid: String,
    },
    /// The system says no.
    #[error("cannot use `{}`: {error}", path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

/// A folder of the machine, held against other processes for as long as this lives.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The lock goes with it.
    _lock: File,
}

impl Folder {
    /// Takes the folder, and makes it if it is not there.
    pub fn take(path: &Path) -> Result<Self, OpenError> {
        let failed = |error| OpenError::Io {
            path: path.to_owned(),
            error,
        };
        fs::DirBuilder::new()
            .recursive(true)
            .mode(FOLDER_MODE)
            .create(path)
            .map_err(failed)?;
        let mut lock = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(FILE_MODE)
            .open(path.join(LOCK))
            .map_err(failed)?;
        match rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => {
                let mut pid = String::new();
                // What cannot be read stays unknown.
                let _ = (&lock).take(LOCK_BYTES).read_to_string(&mut pid);
                let digits = pid.trim();
                let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                return Err(OpenError::Owned {
                    path: path.to_owned(),
                    pid: if is_number { digits } else { "?" }.to_owned(),
                });
            }
            Err(error) => return Err(failed(error.into())),
        }
        lock.set_len(0).map_err(failed)?;
        writeln!(lock, "{}", std::process::id()).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            _lock: lock,
        })
    }
}

impl Disk for Folder {
    fn create(&self, name: &str) -> io::Result<Arc<dyn Leaf>> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(FILE_MODE)
            .open(self.path.join(name))?;
        Ok(Arc::new(file))
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn Leaf>> {
        Ok(Arc::new(File::open(self.path.join(name))?))
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            // Names that are not UTF-8 are not ours.
            names.extend(entry?.file_name().into_string());
        }
        Ok(names)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.path.join(name))
    }

    fn sync(&self) -> io::Result<()> {
        File::open(&self.path)?.sync_all()
    }
}

impl Leaf for File {
    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.write_all_at(bytes, offset)
    }

    fn read(&self, offset: u64, room: &mut [u8]) -> io::Result<()> {
        self.read_exact_at(room, offset)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn cut(&self, len: u64) -> io::Result<()> {
        self.set_len(len)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }
}
