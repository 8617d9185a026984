//! Word from outside to the links of a thread: for now, that the server is closing.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::task::{Context, Waker};

/// The links of one thread, by connection number.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    draining: Cell<bool>,
    links: RefCell<HashMap<u64, Rc<Mailbox>>>,
}

/// Where a link finds what it was told.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    drain: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Roster {
    /// Enters a link; it leaves when the entry is dropped.
    pub(crate) fn enter(self: &Rc<Self>, number: u64) -> Entry {
        let mailbox = Rc::new(Mailbox::default());
        mailbox.drain.set(self.draining.get());
        self.links.borrow_mut().insert(number, Rc::clone(&mailbox));
        Entry {
            roster: Rc::clone(self),
            number,
            mailbox,
        }
    }

    /// Tells every link, now and later, to say goodbye.
    pub(crate) fn drain(&self) {
        self.draining.set(true);
        for mailbox in self.links.borrow().values() {
            mailbox.drain.set(true);
            if let Some(waker) = mailbox.waker.borrow_mut().take() {
                waker.wake();
            }
        }
    }
}

/// A link's place in the roster.
#[derive(Debug)]
pub(crate) struct Entry {
    roster: Rc<Roster>,
    number: u64,
    mailbox: Rc<Mailbox>,
}

impl Entry {
    /// Whether the link was told to end since it was last asked; wakes the task when it is.
    pub(crate) fn told_to_drain(&self, cx: &Context<'_>) -> bool {
        if self.mailbox.drain.take() {
            return true;
        }
        let mut waker = self.mailbox.waker.borrow_mut();
        if !waker
            .as_ref()
            .is_some_and(|known| known.will_wake(cx.waker()))
        {
            *waker = Some(cx.waker().clone());
        }
        false
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.roster.links.borrow_mut().remove(&self.number);
    }
}
