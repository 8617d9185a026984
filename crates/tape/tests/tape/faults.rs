//! Disks that fail: the recording ends, is told once, and what was written can be read.

use std::fs::{self, File};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sockeye_tape::{Deck, Direction, Folder, RecordOptions, Recorder, Spot};

use crate::lab::{Tight, Told, entries, head, text};

const NO_SPACE: i32 = 28;
const BROKEN: i32 = 5;

struct Disk {
    folder: tempfile::TempDir,
    room: Arc<AtomicUsize>,
    deck: Deck,
    told: Told,
    recorder: Option<Recorder>,
}

fn disk(room: usize, errno: i32, broken_sync: bool) -> Disk {
    let folder = tempfile::tempdir().expect("it works");
    let room = Arc::new(AtomicUsize::new(room));
    let storage = Tight {
        folder: Folder::open(folder.path()).expect("it works"),
        room: Arc::clone(&room),
        errno,
        broken_sync,
    };
    let deck = Deck::start().expect("it works");
    let (told, watch) = Told::new();
    let spot = Spot::stored(Arc::new(storage), "a.json");
    let recorder = deck
        .create(spot, head(), RecordOptions::default(), watch)
        .expect("it works");
    Disk {
        folder,
        room,
        deck,
        told,
        recorder: Some(recorder),
    }
}

impl Disk {
    fn record(&self, range: std::ops::Range<u64>) {
        for ms in range {
            let recorder = self.recorder.as_ref().expect("it works");
            recorder.record(text(ms, Direction::Incoming, "a message of some length"));
        }
    }

    fn kept(&self) -> usize {
        entries(File::open(self.folder.path().join("a.json.part")).expect("it works")).len()
    }
}

#[test]
fn a_full_disk_ends_the_recording_and_is_told_once() {
    let disk = disk(2000, NO_SPACE, false);
    disk.record(0..1000);
    let said = disk.told.end();
    assert_eq!(
        said,
        "cannot write `a.json`: No space left on device (os error 28); \
         make room and start the recording again"
    );
    assert!(!disk.recorder.as_ref().unwrap().is_recording());
    // Room that is made again does not mend it: there would be a gap.
    disk.room.store(1 << 20, Ordering::SeqCst);
    disk.record(1000..2000);
    assert!(
        (5..20).contains(&disk.kept()),
        "whole lines up to the end of the disk"
    );
    let Disk {
        deck,
        told,
        recorder,
        folder,
        ..
    } = disk;
    recorder.unwrap().finish(Duration::ZERO);
    drop(deck);
    assert!(told.is_silent());
    assert!(!folder.path().join("a.json").exists());
}

#[test]
fn a_disk_that_is_full_when_a_recording_is_finished_keeps_the_part_file() {
    let mut disk = disk(2200, NO_SPACE, false);
    disk.record(0..10);
    disk.recorder.take().unwrap().finish(Duration::ZERO);
    let said = disk.told.end();
    assert!(
        said.starts_with("cannot finish `a.json`: No space left"),
        "{said}"
    );
    assert_eq!(disk.kept(), 10);
    let left: Vec<_> = fs::read_dir(disk.folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "half a session file is removed: {left:?}");
}

#[test]
fn a_disk_that_cannot_write_is_told() {
    let disk = disk(300, BROKEN, false);
    disk.record(0..100);
    let said = disk.told.end();
    assert_eq!(
        said,
        "cannot write `a.json`: Input/output error (os error 5)"
    );
}

#[test]
fn a_disk_that_cannot_sync_keeps_the_part_file() {
    let mut disk = disk(1 << 20, BROKEN, true);
    disk.record(0..10);
    disk.recorder.take().unwrap().finish(Duration::ZERO);
    let said = disk.told.end();
    assert_eq!(
        said,
        "cannot finish `a.json`: Input/output error (os error 5)"
    );
    assert_eq!(disk.kept(), 10);
}

#[test]
fn a_folder_that_is_removed_is_told_at_the_end() {
    let mut disk = disk(1 << 20, BROKEN, false);
    disk.record(0..10);
    let (told, watch) = Told::new();
    let other = disk.folder.path().join("other.json");
    let beside = disk
        .deck
        .create(Spot::path(&other), head(), RecordOptions::default(), watch);
    let beside = beside.unwrap();
    fs::remove_dir_all(disk.folder.path()).unwrap();
    disk.record(10..20);
    disk.recorder.take().unwrap().finish(Duration::ZERO);
    assert!(
        disk.told
            .end()
            .starts_with("cannot finish `a.json`: No such file")
    );
    drop(beside);
    assert!(told.end().contains("No such file"));
}

#[test]
fn a_disk_that_stands_still_stops_the_recording_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let deck = Deck::start().unwrap();
    let (gate, held) = std::sync::mpsc::channel::<()>();
    let held = std::sync::Mutex::new(held);
    let (told, watch) = Told::new();
    // The watch stands for a disk that does not answer: the deck's thread waits in it.
    let stuck: sockeye_tape::Watch = Arc::new(move |event| {
        let _ = held.lock().unwrap().recv();
        watch(event);
    });
    let spot = Spot::path(folder.path().join("a.json"));
    let recorder = deck.begin(spot, head(), RecordOptions::default(), stuck);
    let long = "x".repeat(64 * 1024);
    let mut taken = 0;
    while recorder.is_recording() {
        recorder.record(text(0, Direction::Incoming, &long));
        taken += 1;
        assert!(taken < 10_000, "there is a bound");
    }
    assert!(taken * long.len() <= sockeye_tape::limits::WAITING_BYTES + 2 * long.len());
    drop(gate);
    let said = told.end();
    assert!(
        said.contains("stops: more than 65536 messages or 16 MiB wait for the disk"),
        "{said}"
    );
    let part = File::open(folder.path().join("a.json.part")).unwrap();
    assert_eq!(entries(part).len(), taken - 1);
}
