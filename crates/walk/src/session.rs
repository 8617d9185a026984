//! A client's link passes through here: messages to its conversation, on this thread or another, answers to the link.

use std::sync::Arc;

use sockeye_net::{Ending, Message, Outbox, Pace, Session};
use sockeye_wire::CloseCode;
use tracing::debug;

use crate::conversation::{Conversation, Next, Order};
use crate::failure;
use crate::limits::THREADS;
use crate::profile::Dialect;
use crate::registry::{ENDINGS, EVERYBODY, PLAYBACK, state_group};
use crate::reply::Replies;
use crate::request::Key;
use crate::rest::Playback;
use crate::service::Service;
use crate::summons::Summons;
use crate::worker::{Homecoming, Worker};

/// One client of the model service.
#[derive(Debug)]
pub struct WalkSession {
    service: Arc<Service>,
    number: u64,
    dialect: Dialect,
    playback: Option<Playback>,
    home: Home,
    replies: Replies,
    summons: Summons,
}

/// Where the conversation is.
#[derive(Debug)]
enum Home {
    /// Nowhere, before the link is open and after it is gone.
    None,
    Here(Box<Conversation>),
    Away(Worker),
}

impl WalkSession {
    pub(crate) fn new(
        service: Arc<Service>,
        number: u64,
        dialect: Dialect,
        playback: Option<Playback>,
    ) -> Self {
        Self {
            service,
            number,
            dialect,
            playback,
            home: Home::None,
            replies: Replies::default(),
            summons: Summons::default(),
        }
    }

    fn hear(&mut self, text: &str, out: &mut Outbox<'_>) {
        match &mut self.home {
            Home::None => {}
            Home::Away(worker) => {
                let pace = worker.send(text.to_owned());
                out.pace(pace);
            }
            Home::Here(conversation) => {
                let next = conversation.hear(text, &mut self.replies);
                self.say(out);
                self.settle(next, Some(text), out);
            }
        }
    }

    /// Everything that one request caused is written at once.
    fn say(&mut self, out: &mut Outbox<'_>) {
        for text in self.replies.texts() {
            out.text(text);
        }
        if !self.replies.is_empty() {
            self.replies.clear();
        }
        if let Home::Here(conversation) = &mut self.home {
            let orders = std::mem::take(&mut conversation.orders);
            obey(&self.service, orders, out);
        }
    }

    fn settle(&mut self, next: Next, text: Option<&str>, out: &mut Outbox<'_>) {
        match next {
            Next::Done | Next::Held(None) => {}
            Next::Held(Some(due)) => out.wake_at(due.into()),
            Next::Elsewhere => self.leave(text, out),
        }
    }

    /// Moves the conversation to a thread of its own, where `text` is said again.
    fn leave(&mut self, text: Option<&str>, out: &mut Outbox<'_>) {
        let Some(permit) = self.service.thread() else {
            let reason = format!(
                "all {THREADS} threads for large models and long scripts are taken: try again later"
            );
            failure::refused(Key::Command, &reason, &mut self.replies);
            if let Home::Here(conversation) = &mut self.home {
                conversation.forget_held();
            }
            return self.say(out);
        };
        let Home::Here(conversation) = std::mem::replace(&mut self.home, Home::None) else {
            return;
        };
        let Some(mut worker) = Worker::start(conversation.pack(), self.summons.bell(), permit)
        else {
            return out.close(
                CloseCode::INTERNAL,
                "the system has no thread for this model",
            );
        };
        if let Some(text) = text {
            out.pace(worker.send(text.to_owned()));
        }
        self.home = Home::Away(worker);
    }

    fn take_tray(&mut self, out: &mut Outbox<'_>) {
        let Home::Away(worker) = &mut self.home else {
            return;
        };
        let (parcel, pace) = worker.take();
        out.pace(pace);
        for text in &parcel.texts {
            out.text(text);
        }
        obey(&self.service, parcel.orders, out);
        if parcel.is_broken {
            out.close(CloseCode::INTERNAL, "the machine came to a bad end");
        }
        if let Some(homecoming) = parcel.home {
            self.come_home(homecoming, out);
        }
    }

    /// Takes the conversation back, and says again what it has not heard.
    fn come_home(&mut self, homecoming: Homecoming, out: &mut Outbox<'_>) {
        let Some((conversation, requests)) = homecoming.unpack() else {
            return out.close(CloseCode::INTERNAL, "the machine has not come back");
        };
        self.home = Home::Here(Box::new(conversation));
        out.pace(Pace::Ready);
        // Somebody may have asked for its state while it was on its way.
        self.go_on(out);
        for text in requests {
            self.hear(&text, out);
        }
    }

    fn go_on(&mut self, out: &mut Outbox<'_>) {
        if let Home::Here(conversation) = &mut self.home {
            let next = conversation.go_on(&mut self.replies);
            self.say(out);
            self.settle(next, None, out);
        }
    }
}

fn obey(service: &Service, orders: Vec<Order>, out: &mut Outbox<'_>) {
    for order in orders {
        match order {
            Order::Join(group) => {
                out.join(&group);
            }
            Order::Leave(group) => out.leave(&group),
            Order::Ask(card) => card.want_state(),
            Order::CatchUp(number) => {
                for text in service.registry.begun_since(number).texts() {
                    out.text(text);
                }
            }
        }
    }
}

impl Session for WalkSession {
    fn opened(&mut self, out: &mut Outbox<'_>) {
        self.summons = Summons::new(out.bell());
        let service = Arc::clone(&self.service);
        let mut conversation =
            Conversation::new(service, self.number, self.summons.clone(), self.dialect);
        if let Some(playback) = self.playback.take() {
            for group in [PLAYBACK, EVERYBODY, ENDINGS] {
                out.join(group);
            }
            out.join(&state_group(PLAYBACK));
            conversation.playback = Some(playback);
        }
        self.home = Home::Here(Box::new(conversation));
    }

    fn message(&mut self, message: Message<'_>, out: &mut Outbox<'_>) {
        match message {
            Message::Text(text) => self.hear(text, out),
            Message::Binary(_) if self.service.options.strict_silence => {}
            // What is no text is no request either, and is told so.
            Message::Binary(bytes) => self.hear(&String::from_utf8_lossy(bytes), out),
        }
    }

    fn woken(&mut self, out: &mut Outbox<'_>) {
        match &mut self.home {
            Home::None => {}
            Home::Here(_) => self.go_on(out),
            Home::Away(worker) => {
                if self.summons.heard() {
                    worker.look();
                }
                self.take_tray(out);
            }
        }
    }

    fn goodbye(&mut self, _out: &mut Outbox<'_>) {}

    fn ended(&mut self, ending: &Ending) {
        self.home = Home::None;
        debug!("{ending}");
    }
}
