//! The store on a disk that fails: full, torn, forgetful, broken. What was promised is there.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use proptest::prelude::*;
use sockeye_core::Random;

use super::disk::{Disk, Leaf};
use super::store::Belongings;
use super::{Backlog, Piece, Store, StoreSettings, Sync};
use crate::report::{Log, Said};
use crate::service::LogLevel;

/// A disk in memory that can be worse than a real one.
#[derive(Clone, Debug, Default)]
struct Worse(Arc<Mutex<Files>>);

#[derive(Clone, Debug, Default)]
struct Files {
    by_name: HashMap<String, Data>,
    /// Names that survive.
    kept_names: Vec<String>,
    /// Bytes that there is room for.
    room: Option<usize>,
    /// Writes that fail from now on, half done.
    failing_writes: usize,
    /// Syncs that fail from now on, and lose what was not kept.
    failing_syncs: usize,
    syncs: usize,
}

#[derive(Clone, Debug, Default)]
struct Data {
    bytes: Vec<u8>,
    kept: Vec<u8>,
}

#[derive(Debug)]
struct WorseLeaf(Worse, String);

impl Worse {
    fn files(&self) -> MutexGuard<'_, Files> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The disk as it is after the power was gone: what was not kept is there in part, or not at all.
    fn after_power_loss(&self, random: &mut Random) -> Self {
        let mut files = self.files().clone();
        let kept = files.kept_names.clone();
        files.by_name.retain(|name, _| kept.contains(name));
        for data in files.by_name.values_mut() {
            let more = data.bytes.len().saturating_sub(data.kept.len());
            let most = i64::try_from(more).unwrap();
            let survived = usize::try_from(random.between(0, most)).unwrap();
            let upto = data.kept.len() + survived;
            let mut bytes = data.kept.clone();
            bytes.extend_from_slice(data.bytes.get(data.kept.len()..upto).unwrap_or_default());
            data.bytes.clone_from(&bytes);
            data.kept = bytes;
        }
        files.failing_syncs = 0;
        files.failing_writes = 0;
        files.room = None;
        Self(Arc::new(Mutex::new(files)))
    }
}

impl Disk for Worse {
    fn create(&self, name: &str) -> io::Result<Arc<dyn Leaf>> {
        let mut files = self.files();
        assert!(!files.by_name.contains_key(name), "{name} is there");
        files.by_name.insert(name.to_owned(), Data::default());
        Ok(Arc::new(WorseLeaf(self.clone(), name.to_owned())))
    }

    fn open(&self, name: &str) -> io::Result<Arc<dyn Leaf>> {
        assert!(self.files().by_name.contains_key(name));
        Ok(Arc::new(WorseLeaf(self.clone(), name.to_owned())))
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let mut names: Vec<String> = self.files().by_name.keys().cloned().collect();
        names.push("lock".to_owned());
        Ok(names)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        let mut files = self.files();
        files.kept_names.retain(|kept| kept != name);
        files.by_name.remove(name);
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut files = self.files();
        files.kept_names = files.by_name.keys().cloned().collect();
        Ok(())
    }
}

impl Leaf for WorseLeaf {
    fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let mut files = self.0.files();
        let used: usize = files.by_name.values().map(|data| data.bytes.len()).sum();
        let mut take = bytes.len();
        let mut result = Ok(());
        if files.failing_writes > 0 {
            files.failing_writes -= 1;
            take /= 2;
            result = Err(io::Error::other("EIO"));
        }
        if let Some(room) = files.room
            && used + take > room
        {
            take = room.saturating_sub(used);
            result = Err(io::ErrorKind::StorageFull.into());
        }
        let data = files.by_name.get_mut(&self.1).unwrap();
        data.bytes.truncate(usize::try_from(offset).unwrap());
        assert_eq!(data.bytes.len() as u64, offset, "no holes");
        data.bytes.extend_from_slice(bytes.get(..take).unwrap());
        result
    }

    fn read(&self, offset: u64, room: &mut [u8]) -> io::Result<()> {
        let files = self.0.files();
        let data = files.by_name.get(&self.1).ok_or(io::ErrorKind::NotFound)?;
        let offset = usize::try_from(offset).unwrap();
        let bytes = data.bytes.get(offset..offset + room.len());
        room.copy_from_slice(bytes.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.0.files().by_name.get(&self.1).unwrap().bytes.len() as u64)
    }

    fn cut(&self, len: u64) -> io::Result<()> {
        let mut files = self.0.files();
        let data = files.by_name.get_mut(&self.1).unwrap();
        data.bytes.truncate(usize::try_from(len).unwrap());
        Ok(())
    }

    fn sync(&self) -> io::Result<()> {
        let mut files = self.0.files();
        files.syncs += 1;
        let is_failing = files.failing_syncs > 0;
        let Some(data) = files.by_name.get_mut(&self.1) else {
            return Ok(());
        };
        if is_failing {
            files.failing_syncs -= 1;
            return Err(io::Error::other("EIO"));
        }
        data.kept.clone_from(&data.bytes);
        Ok(())
    }
}

fn log() -> Log {
    Said::log(LogLevel::Off).0
}

fn settings(sync: Sync) -> StoreSettings {
    StoreSettings {
        segment_bytes: 200,
        sync,
        ..StoreSettings::default()
    }
}

fn open(disk: &Worse, settings: StoreSettings) -> (Store, Backlog) {
    Store::open(Arc::new(disk.clone()), settings, &log()).unwrap()
}

fn append(store: &Store, chunk: u64, text: &str) -> io::Result<(Piece, u64)> {
    let belongings = Belongings {
        chunk,
        name: "1-2.3.flb",
        tag: "tag",
        input: "in.0",
        records: 1,
    };
    store.append(belongings, text.as_bytes())
}

/// What the chunks of a backlog hold.
fn texts(store: &Store, backlog: &Backlog) -> Vec<String> {
    let chunks = backlog.chunks.iter();
    let text = |left: &super::Left| store.read(&left.pieces).unwrap();
    chunks
        .map(|left| String::from_utf8(text(left)).unwrap())
        .collect()
}

#[test]
fn chunks_come_back_in_order_and_without_those_that_are_settled() {
    let disk = Worse::default();
    let (store, backlog) = open(&disk, settings(Sync::Never));
    assert!(backlog.chunks.is_empty());
    let chunks: Vec<u64> = (0..4).map(|_| store.next_chunk()).collect();
    for round in ["a", "b"] {
        for chunk in &chunks {
            append(&store, *chunk, &format!("{round}{chunk} ")).unwrap();
        }
    }
    store.settled(2, None);
    store.settled(3, Some("websocket.1"));
    drop(store);
    let (store, backlog) = open(&disk, settings(Sync::Never));
    assert_eq!(texts(&store, &backlog), ["a1 b1 ", "a3 b3 ", "a4 b4 "]);
    assert_eq!(backlog.chunks[1].settled, ["websocket.1"]);
    assert_eq!(backlog.chunks[1].records, 2);
    assert!(store.next_chunk() > 4, "numbers are never used twice");
    for chunk in [1, 3, 4] {
        store.settled(chunk, None);
    }
    drop(store);
    assert!(
        disk.files().by_name.is_empty(),
        "nothing is left of what nobody wants"
    );
}

#[test]
fn numbers_of_settled_chunks_are_not_used_again_as_long_as_they_are_noted() {
    let disk = Worse::default();
    let (store, _) = open(&disk, settings(Sync::Never));
    let first = store.next_chunk();
    let second = store.next_chunk();
    append(&store, first, "wanted").unwrap();
    append(&store, second, "done").unwrap();
    store.settled(second, None);
    drop(store);
    let (store, _) = open(&disk, settings(Sync::Never));
    let third = store.next_chunk();
    append(&store, third, "new").unwrap();
    drop(store);
    let (store, backlog) = open(&disk, settings(Sync::Never));
    assert_eq!(texts(&store, &backlog), ["wanted", "new"]);
}

#[test]
fn f52_a_full_disk_takes_records_again_when_there_is_room() {
    let disk = Worse::default();
    let (store, _) = open(&disk, settings(Sync::Batch));
    append(&store, store.next_chunk(), "first").unwrap();
    disk.files().room = Some(100);
    let second = store.next_chunk();
    let mut refused = 0;
    while append(&store, second, "0123456789").is_ok() {
        refused += 1;
        assert!(refused < 100);
    }
    let error = append(&store, second, "0123456789").unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    // What is delivered makes room, though not even that can be noted.
    store.settled(1, None);
    store.settled(second, None);
    let third = store.next_chunk();
    let mut attempts = 0..3;
    assert!(attempts.any(|_| append(&store, third, "0123456789").is_ok()));
    drop(store);
    disk.files().room = None;
    let (store, backlog) = open(&disk, settings(Sync::Batch));
    assert_eq!(texts(&store, &backlog), ["0123456789"]);
}

#[test]
fn f52_a_write_that_fails_half_way_leaves_nothing_behind() {
    for fault in [1, 2, 3] {
        let disk = Worse::default();
        let (store, _) = open(&disk, settings(Sync::Never));
        append(&store, 1, "before ").unwrap();
        disk.files().failing_writes = fault;
        for _ in 0..fault {
            assert!(append(&store, 1, "never ").is_err());
        }
        append(&store, 1, "behind").unwrap();
        drop(store);
        let (store, backlog) = open(&disk, settings(Sync::Never));
        assert_eq!(texts(&store, &backlog), ["before behind"]);
    }
}

#[test]
fn the_size_of_a_store_is_bounded_and_inputs_wait() {
    let disk = Worse::default();
    let bounded = StoreSettings {
        max_bytes: 1000,
        ..settings(Sync::Never)
    };
    let (store, _) = open(&disk, bounded);
    let mut chunks = Vec::new();
    let full = loop {
        let chunk = store.next_chunk();
        match append(&store, chunk, "0123456789") {
            Ok(_) => chunks.push(chunk),
            Err(error) => break error,
        }
    };
    assert_eq!(full.kind(), io::ErrorKind::StorageFull);
    assert!(store.size().0 <= 1000);
    for chunk in chunks {
        store.settled(chunk, None);
    }
    assert!(append(&store, store.next_chunk(), "0123456789").is_ok());
}

#[tokio::test]
async fn f51_where_every_write_counts_a_sync_that_fails_is_made_good() {
    let disk = Worse::default();
    let (store, _) = open(&disk, settings(Sync::Always));
    disk.files().failing_syncs = 2;
    for number in 0..3 {
        let (_, position) = append(&store, 1, &format!("{number} ")).unwrap();
        tokio::time::timeout(Duration::from_secs(20), store.synced(position))
            .await
            .unwrap();
    }
    let disk = disk.after_power_loss(&mut Random::seeded(1));
    let (store, backlog) = open(&disk, settings(Sync::Always));
    assert_eq!(texts(&store, &backlog), ["0 1 2 "]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    /// Whatever is written, settled, failing and lost: after the power is gone everything is there that
    /// was promised, in order, and nothing that was never written.
    #[test]
    fn f51_what_was_promised_survives(seed in any::<u64>()) {
        let mut random = Random::seeded(seed);
        let disk = Worse::default();
        let (store, _) = open(&disk, settings(Sync::Never));
        let mut wanted: Vec<(u64, Vec<String>)> = Vec::new();
        let mut promised: HashMap<u64, usize> = HashMap::new();
        for step in 0..random.between(1, 40) {
            match random.between(0, 9) {
                0..=5 => {
                    disk.files().failing_writes = usize::from(random.between(0, 9) == 0);
                    let chunk = if random.between(0, 3) == 0 || wanted.is_empty() {
                        store.next_chunk()
                    } else {
                        wanted.last().unwrap().0
                    };
                    let text = format!("<{step}>");
                    if append(&store, chunk, &text).is_ok() {
                        match wanted.iter_mut().find(|(id, _)| *id == chunk) {
                            Some((_, texts)) => texts.push(text),
                            None => wanted.push((chunk, vec![text])),
                        }
                    }
                    disk.files().failing_writes = 0;
                }
                6 | 7 if !wanted.is_empty() => {
                    store.settled(wanted.remove(0).0, None);
                }
                _ => {
                    // The thread's work, at a moment that the seed chooses.
                    let names = disk.files().by_name.keys().cloned().collect::<Vec<_>>();
                    for name in names {
                        WorseLeaf(disk.clone(), name).sync().unwrap();
                    }
                    Disk::sync(&disk).unwrap();
                    promised = wanted.iter().map(|(id, texts)| (*id, texts.len())).collect();
                }
            }
        }
        let disk = disk.after_power_loss(&mut random);
        drop(store);
        let (store, backlog) = open(&disk, settings(Sync::Never));
        let mut order = Vec::new();
        for (id, texts) in &wanted {
            let at = backlog.chunks.iter().position(|left| left.id == *id);
            order.extend(at);
            let left = at.and_then(|at| backlog.chunks.get(at));
            let text = left.map_or(String::new(), |left| {
                String::from_utf8(store.read(&left.pieces).unwrap()).unwrap()
            });
            let whole = texts.concat();
            prop_assert!(whole.starts_with(&text), "{whole} begins with {text}");
            let found = text.matches('<').count();
            let sure = promised.get(id).copied().unwrap_or(0);
            prop_assert!(found >= sure, "chunk {id}: {found} of {sure} in {whole}");
        }
        prop_assert!(order.is_sorted(), "{order:?}");
    }
}
