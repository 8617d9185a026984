//! Word from outside to the links of a thread: look again, say goodbye, here is a message.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Waker};

use crate::counts::ThreadCounts;
use crate::fanout::{Audience, Fanout, Frame};
use crate::limits::{LinkSettings, OUTBOX_BYTES, WhenBehind};
use crate::{Direction, Message, Sight, Tap};

/// The links of one thread, by connection number, and the groups they are in.
#[derive(Debug)]
pub(crate) struct Roster {
    /// The thread's number, by which the fan-out knows it.
    thread: usize,
    fanout: Fanout,
    tap: Option<Arc<Tap>>,
    /// What a link is told that enters now.
    first_word: Cell<Word>,
    links: RefCell<HashMap<u64, Rc<Mailbox>>>,
    groups: RefCell<HashMap<Arc<str>, HashSet<u64>>>,
    /// Whether some mailbox is half full: whoever fills it should let its link have a turn.
    pressed: Cell<bool>,
}

/// What a link can be told. The later one includes the earlier.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Word {
    /// Nothing.
    #[default]
    Nothing,
    /// What all sessions share has changed.
    Nudge,
    /// More messages wait for the link than it may have waiting.
    Overflow,
    /// The server is closing.
    Drain,
}

/// Where a link finds what it was told.
#[derive(Debug)]
pub(crate) struct Mailbox {
    settings: Arc<LinkSettings>,
    counts: Arc<ThreadCounts>,
    word: Cell<Word>,
    frames: RefCell<VecDeque<Frame>>,
    bytes: Cell<usize>,
    /// Nothing more is put in: the link has said its last word.
    closed: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Roster {
    pub(crate) fn new(thread: usize, fanout: Fanout, tap: Option<Arc<Tap>>) -> Self {
        Self {
            thread,
            fanout,
            tap,
            first_word: Cell::default(),
            links: RefCell::default(),
            groups: RefCell::default(),
            pressed: Cell::default(),
        }
    }

    /// Enters a link; it leaves, also its groups, when the entry is dropped.
    pub(crate) fn enter(
        self: &Rc<Self>,
        number: u64,
        settings: &Arc<LinkSettings>,
        counts: &Arc<ThreadCounts>,
    ) -> Entry {
        let mailbox = Rc::new(Mailbox {
            settings: Arc::clone(settings),
            counts: Arc::clone(counts),
            word: Cell::new(self.first_word.get()),
            frames: RefCell::default(),
            bytes: Cell::default(),
            closed: Cell::default(),
            waker: RefCell::default(),
        });
        self.links.borrow_mut().insert(number, Rc::clone(&mailbox));
        self.fanout.opened();
        Entry {
            roster: Rc::clone(self),
            number,
            mailbox,
            groups: RefCell::default(),
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
            mailbox.tell(word);
        }
    }

    /// Puts a frame into the mailboxes of an audience, except that of link `except`.
    pub(crate) fn deliver(&self, audience: &Audience, frame: &Frame, except: Option<u64>) {
        let links = self.links.borrow();
        let put = |mailbox: &Rc<Mailbox>| {
            if mailbox.put(frame) {
                self.pressed.set(true);
            }
        };
        match audience {
            Audience::Everyone => {
                let others = links.iter().filter(|(number, _)| Some(**number) != except);
                others.for_each(|(_, mailbox)| put(mailbox));
            }
            Audience::Group(group) => {
                let groups = self.groups.borrow();
                let members = groups.get(group).into_iter().flatten();
                let others = members.filter(|number| Some(**number) != except);
                others.filter_map(|number| links.get(number)).for_each(put);
            }
        }
    }
}

impl Mailbox {
    fn tell(&self, word: Word) {
        self.word.set(self.word.get().max(word));
        self.wake();
    }

    /// Puts a frame in, or says that there are too many. True: it is half full.
    fn put(&self, frame: &Frame) -> bool {
        if self.closed.get() {
            return false;
        }
        let mut frames = self.frames.borrow_mut();
        let bytes = self.bytes.get() + frame.len();
        let most = self.settings.waiting_messages;
        if frames.len() >= most || bytes > OUTBOX_BYTES && !frames.is_empty() {
            self.overflow();
            return false;
        }
        self.bytes.set(bytes);
        frames.push_back(frame.clone());
        self.wake();
        frames.len() >= most / 2 || bytes >= OUTBOX_BYTES / 2
    }

    /// There is no room for a frame.
    fn overflow(&self) {
        match self.settings.when_behind {
            WhenBehind::Drop => {
                self.counts.left_out.fetch_add(1, Relaxed);
            }
            WhenBehind::Close => {
                self.closed.set(true);
                self.tell(Word::Overflow);
            }
        }
    }

    fn wake(&self) {
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }
}

/// A link's place in the roster.
#[derive(Debug)]
pub(crate) struct Entry {
    roster: Rc<Roster>,
    number: u64,
    mailbox: Rc<Mailbox>,
    groups: RefCell<Vec<Arc<str>>>,
}

impl Entry {
    /// Leaves all groups and takes no more messages: our Close is said.
    pub(crate) fn retire(&self) {
        self.mailbox.closed.set(true);
        self.mailbox.bytes.set(0);
        self.mailbox.frames.take();
        for group in self.groups.take() {
            self.roster.forget(&group, self.number);
        }
    }

    /// Leaves the roster and all groups, once.
    pub(crate) fn depart(&self) {
        if self
            .roster
            .links
            .borrow_mut()
            .remove(&self.number)
            .is_none()
        {
            return;
        }
        self.retire();
        self.roster.fanout.ended();
    }

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

    /// The frames that wait for the link.
    pub(crate) fn take_frames(&self) -> VecDeque<Frame> {
        if self.mailbox.bytes.take() == 0 {
            return VecDeque::new();
        }
        self.mailbox.frames.take()
    }

    /// Joins a group; true if the link was not in it.
    pub(crate) fn join(&self, group: &str) -> bool {
        let mut groups = self.roster.groups.borrow_mut();
        // Thousands may be in it: they share its name.
        let known = groups.get_key_value(group);
        let group = known.map_or_else(|| Arc::from(group), |(name, _)| Arc::clone(name));
        let members = groups.entry(Arc::clone(&group)).or_default();
        let is_new = members.insert(self.number);
        if is_new {
            self.roster.fanout.joined(&group);
            let mut own = self.groups.borrow_mut();
            // Most are in one.
            if own.is_empty() {
                own.reserve_exact(1);
            }
            own.push(group);
        }
        is_new
    }

    /// Leaves a group; true if the link was in it.
    pub(crate) fn leave(&self, group: &str) -> bool {
        let mut own = self.groups.borrow_mut();
        let Some(at) = own.iter().position(|known| **known == *group) else {
            return false;
        };
        let group = own.swap_remove(at);
        self.roster.forget(&group, self.number);
        true
    }

    /// The groups the link is in, in no order.
    pub(crate) fn groups(&self) -> Vec<Arc<str>> {
        self.groups.borrow().clone()
    }

    /// Sends a frame to an audience. True: the link itself is in it, and has not been sent anything.
    pub(crate) fn broadcast(&self, audience: &Audience, frame: &Frame) -> bool {
        let roster = &self.roster;
        // The other threads first: they work while this one does.
        roster
            .fanout
            .send_to_others(Some(roster.thread), audience, frame);
        roster.deliver(audience, frame, Some(self.number));
        match audience {
            Audience::Everyone => true,
            Audience::Group(group) => self.groups.borrow().contains(group),
        }
    }

    /// Shows what passes to whoever wants to see it.
    pub(crate) fn show<'m>(&self, direction: Direction, sight: impl Into<Sight<'m>>) {
        if let Some(tap) = &self.roster.tap {
            tap.show(self.number, direction, sight.into());
        }
    }

    /// The same for a message to the peer that has to be made for it.
    pub(crate) fn show_out<'m>(&self, message: impl FnOnce() -> Option<Message<'m>>) {
        if let Some(tap) = self.roster.tap.as_ref().filter(|tap| tap.is_open())
            && let Some(message) = message()
        {
            tap.show(self.number, Direction::Out, message.into());
        }
    }

    /// Whether messages pile up for other links of this thread since it was last asked.
    pub(crate) fn others_are_behind(&self) -> bool {
        self.roster.pressed.take()
    }

    /// The number of links in an audience.
    pub(crate) fn size(&self, audience: &Audience) -> usize {
        self.roster.fanout.size(audience)
    }
}

impl Roster {
    fn forget(&self, group: &Arc<str>, number: u64) {
        let mut groups = self.groups.borrow_mut();
        if let Some(members) = groups.get_mut(group) {
            members.remove(&number);
            if members.is_empty() {
                groups.remove(group);
            }
        }
        self.fanout.left(group);
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.depart();
    }
}
