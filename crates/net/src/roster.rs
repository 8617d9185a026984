//! Word from outside to the links of a thread: look again, or say goodbye.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::task::{Context, Waker};

/// The links of one thread, by connection number.
#[derive(Debug, Default)]
pub(crate) struct Roster {
    /// What a link is told that enters now.
    first_word: Cell<Word>,
    links: RefCell<HashMap<u64, Rc<Mailbox>>>,
}

/// What a link can be told. The later one includes the earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word {
    /// Nothing.
    #[default]
    Nothing,
    /// What all sessions share has changed.
    Nudge,
    /// The server is closing.
    Drain,
}

/// Where a link finds what it was told.
#[derive(Debug, Default)]
pub(crate) struct Mailbox {
    word: Cell<Word>,
    waker: RefCell<Option<Waker>>,
}

impl Roster {
    /// Enters a link; it leaves when the entry is dropped.
    pub(crate) fn enter(self: &Rc<Self>, number: u64) -> Entry {
        let mailbox = Rc::new(Mailbox::default());
        mailbox.word.set(self.first_word.get());
        self.links.borrow_mut().insert(number, Rc::clone(&mailbox));
        Entry {
            roster: Rc::clone(self),
            number,
            mailbox,
        }
    }

    /// Tells every link, now and later, to say goodbye.
    pub(crate) fn drain(&self) {
        self.first_word.set(Word::Drain);
        self.tell(Word::Drain);
    }

    /// Tells every link that is there to look at what all share.
    pub(crate) fn nudge(&self) {
        self.tell(Word::Nudge);
    }

    fn tell(&self, word: Word) {
        for mailbox in self.links.borrow().values() {
            mailbox.word.set(mailbox.word.get().max(word));
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
    /// What the link was told since it last asked; the task is woken when it is told something new.
    pub(crate) fn word(&self, cx: &Context<'_>) -> Word {
        let mut waker = self.mailbox.waker.borrow_mut();
        if !waker
            .as_ref()
            .is_some_and(|known| known.will_wake(cx.waker()))
        {
            *waker = Some(cx.waker().clone());
        }
        self.mailbox.word.take()
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.roster.links.borrow_mut().remove(&self.number);
    }
}
