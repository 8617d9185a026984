//! Time and memory of inputs: one that never ends is printed and ends the process.

use std::fs;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// An input that takes longer than this has no end.
const ENDLESS: Duration = Duration::from_mins(2);

/// What is being read, and the how manieth it is.
type Current = Arc<Mutex<(u64, Vec<u8>)>>;

/// A thread that looks whether inputs come to their end.
pub(crate) struct Watch {
    current: Current,
    over: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    pub(crate) fn over(name: &'static str) -> Self {
        let current = Current::default();
        let (over, heard) = channel();
        let seen = Arc::clone(&current);
        let thread = std::thread::spawn(move || watch(name, &seen, &heard));
        Self {
            current,
            over: Some(over),
            thread: Some(thread),
        }
    }

    /// The next input begins.
    pub(crate) fn begins(&self, input: &[u8]) {
        if let Ok(mut current) = self.current.lock() {
            current.0 += 1;
            current.1.clear();
            current.1.extend_from_slice(input);
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.over = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn watch(name: &str, current: &Mutex<(u64, Vec<u8>)>, over: &Receiver<()>) {
    let mut seen = 0;
    while over.recv_timeout(ENDLESS) == Err(RecvTimeoutError::Timeout) {
        let Ok(current) = current.lock() else { return };
        if current.0 == seen {
            eprintln!("{name} has no end with this input:\n{}", hex(&current.1));
            std::process::abort();
        }
        seen = current.0;
    }
}

/// The bytes in the notation of a corpus.
pub(crate) fn hex(input: &[u8]) -> String {
    let bytes: Vec<_> = input.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes.join(" ")
}

/// The most memory that this process ever held, in KiB; 0 where the system does not tell.
pub(crate) fn peak_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|kib| kib.parse().ok()).unwrap_or(0)
}
