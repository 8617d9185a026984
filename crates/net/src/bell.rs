//! A call for one link, from any thread: whoever has its bell can have its session woken.

use std::sync::atomic::{
    AtomicBool,
    Ordering::{Acquire, Release},
};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Waker};

/// Has [`crate::Session::woken`] called on the link that gave it away. Cheap to clone; ringing the
/// bell of a link that is gone does nothing.
#[derive(Clone, Debug, Default)]
pub struct Bell(Arc<Cord>);

#[derive(Debug, Default)]
struct Cord {
    rung: AtomicBool,
    waker: Mutex<Option<Waker>>,
}

impl Bell {
    /// Asks for a call. What was written before is seen in that call; several asks may become one.
    pub fn ring(&self) {
        if self.0.rung.swap(true, Release) {
            return;
        }
        let waker = self.waker().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Whether it was rung since this was last asked; the task is woken when it is rung next.
    pub(crate) fn heard(&self, cx: &Context<'_>) -> bool {
        // The waker first: a ring between the two is heard here, one after them wakes the task.
        let mut waker = self.waker();
        if !waker
            .as_ref()
            .is_some_and(|known| known.will_wake(cx.waker()))
        {
            *waker = Some(cx.waker().clone());
        }
        drop(waker);
        self.0.rung.swap(false, Acquire)
    }

    fn waker(&self) -> std::sync::MutexGuard<'_, Option<Waker>> {
        self.0.waker.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
