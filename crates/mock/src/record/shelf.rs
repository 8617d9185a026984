//! The last recordings of handlers, as operators see them: names, states, counts.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use sockeye_tape::RecordEvent;

use crate::operate::{RecordingState, RecordingView, stamp};

/// Recordings that are listed; the oldest give way.
const MOST_LISTED: usize = 1_000;

/// Recordings of a mock since its start.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    listed: Mutex<VecDeque<Arc<Label>>>,
    active: AtomicU64,
    failed: AtomicU64,
}

/// How many recordings there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct RecordingCounts {
    /// Those that are going on.
    pub(crate) active: u64,
    /// Those that have failed.
    pub(crate) failed: u64,
}

/// One recording.
#[derive(Debug)]
pub(super) struct Label(Mutex<RecordingView>);

impl Label {
    pub(super) fn new(connection: u64, path: &str, began: Timestamp) -> Self {
        Self(Mutex::new(RecordingView {
            name: None,
            state: RecordingState::Running,
            connection: format!("conn-{connection}"),
            path: path.to_owned(),
            began: stamp(began),
            messages: None,
            error: None,
        }))
    }

    /// What the recording tells, with names from `folder` on.
    fn note(&self, event: &RecordEvent, folder: &Path) -> RecordingView {
        let mut view = self.view();
        match event {
            RecordEvent::Started { file } => view.name = Some(name_in(file, folder)),
            RecordEvent::Finished { file, messages } => {
                view.state = RecordingState::Finished;
                view.name = Some(name_in(file, folder));
                view.messages = Some(*messages);
            }
            RecordEvent::Failed { error } => {
                view.state = RecordingState::Failed;
                view.error = Some(without(&error.to_string(), folder));
            }
        }
        view.clone()
    }

    fn view(&self) -> MutexGuard<'_, RecordingView> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shelf {
    pub(super) fn add(&self, label: &Arc<Label>) {
        self.active.fetch_add(1, Relaxed);
        let mut listed = self.listed();
        listed.push_back(Arc::clone(label));
        if listed.len() > MOST_LISTED {
            listed.pop_front();
        }
    }

    /// A recording could not even begin.
    pub(super) fn miss(&self) {
        self.failed.fetch_add(1, Relaxed);
    }

    /// Notes what a recording tells; gives it back if it has failed.
    pub(super) fn note(
        &self,
        label: &Label,
        event: &RecordEvent,
        folder: &Path,
    ) -> Option<RecordingView> {
        let view = label.note(event, folder);
        match view.state {
            RecordingState::Running => return None,
            RecordingState::Finished => {}
            RecordingState::Failed => drop(self.failed.fetch_add(1, Relaxed)),
        }
        self.active.fetch_sub(1, Relaxed);
        (view.state == RecordingState::Failed).then_some(view)
    }

    /// The last recordings, the newest first.
    pub(super) fn views(&self) -> Vec<RecordingView> {
        let listed = self.listed();
        listed
            .iter()
            .rev()
            .map(|label| label.view().clone())
            .collect()
    }

    pub(super) fn counts(&self) -> RecordingCounts {
        RecordingCounts {
            active: self.active.load(Relaxed),
            failed: self.failed.load(Relaxed),
        }
    }

    fn listed(&self) -> MutexGuard<'_, VecDeque<Arc<Label>>> {
        self.listed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name of a file from `folder` on; whoever asks does not learn where that is.
fn name_in(file: &Path, folder: &Path) -> String {
    let below = file.strip_prefix(folder).ok();
    let below = below.or(file.file_name().map(Path::new));
    below.unwrap_or(file).display().to_string()
}

fn without(text: &str, folder: &Path) -> String {
    if folder == Path::new(".") {
        return text.replace("./", "");
    }
    text.replace(&format!("{}/", folder.display()), "")
}
