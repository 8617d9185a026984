//! Letters wait here for somebody to carry them: so many, and so many bytes of them.

use std::fmt::Display;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::http::Request;
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Body as _;
use tokio::sync::mpsc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tracing::warn;

use super::Target;
use crate::complaint::Complaint;

/// Webhooks that may wait for their time or for others to end. Further ones are not made.
const MOST_WAITING: usize = 1_024;

/// Bytes of the bodies of all webhooks that wait or run: 16 MiB. Beyond: as above.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// A webhook on its way.
#[derive(Debug)]
pub(super) struct Letter {
    pub(super) request: Request<Full<Bytes>>,
    pub(super) target: Arc<Target>,
    /// When it is sent.
    pub(super) due: Instant,
    pub(super) room: Room,
}

/// The room that a letter takes; given back piece by piece.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// Until it is sent.
    pub(super) waiting: Option<OwnedSemaphorePermit>,
    /// Until it is over.
    _bytes: Option<OwnedSemaphorePermit>,
}

impl Letter {
    /// A letter that is sent after `delay`.
    pub(super) fn new(request: Request<Full<Bytes>>, target: Arc<Target>, delay: Duration) -> Self {
        Self {
            request,
            target,
            due: Instant::now() + delay,
            room: Room::default(),
        }
    }
}

/// Where letters are posted, and what became of them.
#[derive(Debug)]
pub(crate) struct Post {
    sender: mpsc::Sender<Letter>,
    /// Until somebody delivers.
    letters: Mutex<Option<mpsc::Receiver<Letter>>>,
    waiting: Arc<Semaphore>,
    bytes: Arc<Semaphore>,
    sent: AtomicU64,
    failed: AtomicU64,
    complaint: Complaint,
}

impl Post {
    pub(crate) fn new() -> Self {
        let (sender, letters) = mpsc::channel(MOST_WAITING);
        Self {
            sender,
            letters: Mutex::new(Some(letters)),
            waiting: Arc::new(Semaphore::new(MOST_WAITING)),
            bytes: Arc::new(Semaphore::new(MOST_BYTES)),
            sent: AtomicU64::new(0),
            failed: AtomicU64::new(0),
            complaint: Complaint::default(),
        }
    }

    /// Takes a letter, if there is room for it.
    pub(super) fn take(&self, mut letter: Letter) {
        let target = Arc::clone(&letter.target);
        let Some(room) = self.room(&letter) else {
            return self.fail(&target, &"too many others wait");
        };
        letter.room = room;
        // There is room in the channel, too: whatever is in it has a permit.
        if self.sender.try_send(letter).is_err() {
            self.fail(&target, &"nobody delivers it");
        }
    }

    fn room(&self, letter: &Letter) -> Option<Room> {
        let bytes = letter.request.body().size_hint().lower();
        let bytes = u32::try_from(bytes).ok()?;
        let waiting = Arc::clone(&self.waiting).try_acquire_owned().ok()?;
        let bytes = Arc::clone(&self.bytes).try_acquire_many_owned(bytes).ok()?;
        Some(Room {
            waiting: Some(waiting),
            _bytes: Some(bytes),
        })
    }

    /// The letters as they come, for the first who asks.
    pub(super) fn letters(&self) -> Option<mpsc::Receiver<Letter>> {
        let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
        letters.take()
    }

    /// Counts a webhook that arrived.
    pub(super) fn arrive(&self) {
        self.sent.fetch_add(1, Relaxed);
    }

    /// Counts a webhook that failed, and says why.
    pub(super) fn fail(&self, target: &Target, why: &dyn Display) {
        self.failed.fetch_add(1, Relaxed);
        if self.complaint.may_be_logged() {
            warn!(place = %target.place, "a webhook failed: {why}");
        }
    }

    pub(crate) fn sent(&self) -> u64 {
        self.sent.load(Relaxed)
    }

    pub(crate) fn failed(&self) -> u64 {
        self.failed.load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use ::http::HeaderValue;
    use sockeye_core::{Place, Source};

    use super::*;

    fn letter(body: usize) -> Letter {
        let place = Place::new(&Source::new("t.yml", ""), 0..0);
        let authority = HeaderValue::from_static("a.example");
        let target = Target::new("a.example", 80, authority, &place);
        let request = Request::new(Full::new(vec![b'x'; body].into()));
        Letter::new(request, Arc::new(target), Duration::ZERO)
    }

    #[test]
    fn so_many_wait_and_no_more() {
        let post = Post::new();
        for _ in 0..MOST_WAITING + 3 {
            post.take(letter(1));
        }
        assert_eq!(post.failed(), 3);
        let mut letters = post.letters().unwrap();
        drop(letters.try_recv().unwrap());
        post.take(letter(1));
        assert_eq!(post.failed(), 3, "one that is over makes room");
        assert!(post.letters().is_none(), "one delivers");
    }

    #[test]
    fn so_many_bytes_wait_and_no_more() {
        let post = Post::new();
        for _ in 0..17 {
            post.take(letter(1024 * 1024));
        }
        assert_eq!(post.failed(), 1);
    }
}
