//! What inputs still have to do when the engine has ended: offsets of what was delivered last, say.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::JoinHandle;

/// How long it may take.
const DEADLINE: Duration = Duration::from_secs(5);

/// Tasks to be waited for at the end. Cheap to clone; all clones are the same.
#[derive(Clone, Debug, Default)]
pub struct LastWork(Arc<Mutex<Vec<JoinHandle<()>>>>);

impl LastWork {
    /// One more task; it ends by itself once the engine has ended.
    pub(super) fn add(&self, task: JoinHandle<()>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(task);
    }

    /// Waits for all of it, at most five seconds.
    pub async fn finish(&self) {
        let tasks = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let all = async {
            for task in tasks {
                // One that panicked has nothing left to do.
                let _ = task.await;
            }
        };
        let _ = tokio::time::timeout(DEADLINE, all).await;
    }
}
