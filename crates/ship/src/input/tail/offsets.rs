//! Up to where files were read passes through here, between this run and the next.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::scan::FileId;

/// What the file of offsets says first.
const TITLE: &str = "sockeye tail offsets 1";
/// The most bytes that a file of offsets may have.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// How many bytes of the beginning of a file it is known by.
const HEAD_BYTES: usize = 256;

/// The beginning of a file: an inode may be used again for another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    length: u64,
    sum: u32,
}

impl Head {
    /// Of a file of which `offset` bytes were read.
    pub(super) fn of(file: &File, offset: u64) -> io::Result<Self> {
        let mut bytes = [0; HEAD_BYTES];
        let length = usize::try_from(offset).map_or(HEAD_BYTES, |offset| offset.min(HEAD_BYTES));
        let bytes = bytes.split_at_mut(length).0;
        file.read_exact_at(bytes, 0)?;
        Ok(Self {
            length: bytes.len() as u64,
            sum: crc32c::crc32c(bytes),
        })
    }

    /// Whether the file still begins like this.
    fn is_of(self, file: &File) -> bool {
        Self::of(file, self.length).is_ok_and(|head| head == self)
    }
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    pub(super) path: String,
    pub(super) offset: u64,
    pub(super) head: Head,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    device: u64,
    inode: u64,
    #[serde(flatten)]
    mark: Mark,
}

/// The places in all files.
#[derive(Clone, Debug, Default)]
pub(super) struct Offsets(BTreeMap<FileId, Mark>);

impl Offsets {
    /// Reads them; a file that is not there has none.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let length = match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(format!("cannot read the offsets in {shown}: {error}")),
            Ok(metadata) => metadata.len(),
        };
        let foreign = || {
            format!(
                "{shown} holds no offsets of ours (a database of another program, say); name another file with `db`"
            )
        };
        if length > MOST_BYTES {
            return Err(foreign());
        }
        let text = fs::read(path)
            .map_err(|error| format!("cannot read the offsets in {shown}: {error}"))?;
        let text = String::from_utf8(text).map_err(|_| foreign())?;
        let mut lines = text.lines();
        match lines.next() {
            None => return Ok(Self::default()),
            Some(TITLE) => {}
            Some(_) => return Err(foreign()),
        }
        let mut offsets = Self::default();
        for line in lines {
            let entry: Entry = serde_json::from_str(line).map_err(|_| foreign())?;
            let id = FileId {
                device: entry.device,
                inode: entry.inode,
            };
            offsets.0.insert(id, entry.mark);
        }
        Ok(offsets)
    }

    /// Where to go on in a file that was read before.
    pub(super) fn find(&self, id: FileId, file: &File) -> Option<u64> {
        let mark = self.0.get(&id)?;
        mark.head.is_of(file).then_some(mark.offset)
    }

    pub(super) fn set(&mut self, id: FileId, mark: Mark) {
        self.0.insert(id, mark);
    }

    pub(super) fn forget(&mut self, id: FileId) {
        self.0.remove(&id);
    }

    /// Writes them beside the old ones and puts them in their place: a reader sees these or those.
    pub(super) fn write(&self, path: &Path, is_synced: bool) -> io::Result<()> {
        let mut text = format!("{TITLE}\n");
        for (id, mark) in &self.0 {
            let entry = Entry {
                device: id.device,
                inode: id.inode,
                mark: mark.clone(),
            };
            text.push_str(&serde_json::to_string(&entry)?);
            text.push('\n');
        }
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let mut file = File::create(&name)?;
        file.write_all(text.as_bytes())?;
        if is_synced {
            file.sync_all()?;
        }
        fs::rename(&name, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_found_again_unless_it_is_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("a.log");
        let db = folder.path().join("offsets");
        fs::write(&log, "one\ntwo\n").unwrap();
        let file = File::open(&log).unwrap();
        let id = FileId::at(&log).unwrap();
        let mut offsets = Offsets::default();
        let head = Head::of(&file, 4).unwrap();
        let path = log.display().to_string();
        offsets.set(
            id,
            Mark {
                path,
                offset: 4,
                head,
            },
        );
        offsets.write(&db, true).unwrap();
        let offsets = Offsets::read(&db).unwrap();
        assert_eq!(offsets.find(id, &file), Some(4));
        fs::write(&log, "other\n").unwrap();
        assert_eq!(offsets.find(id, &file), None);
    }

    #[test]
    fn a_database_of_somebody_else_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("offsets");
        assert!(Offsets::read(&db).is_ok());
        fs::write(&db, b"SQLite format 3\0\xff").unwrap();
        let refusal = Offsets::read(&db).unwrap_err();
        assert!(refusal.contains("holds no offsets of ours"), "{refusal}");
        assert!(fs::read(&db).unwrap().starts_with(b"SQLite"));
    }
}
