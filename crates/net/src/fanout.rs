//! One message to many links: encoded once, shared by all who receive it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use sockeye_wire::{Encoder, Recipe};
use tokio::sync::mpsc;
use tracing::warn;

use crate::Message;

/// An encoded data message. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Frame(Arc<Encoded>);

#[derive(Debug)]
struct Encoded {
    bytes: Vec<u8>,
    payload: usize,
    is_text: bool,
    /// The compressed form, as the first link wanted it that compresses every message by itself.
    packed: OnceLock<(Recipe, Vec<u8>)>,
}

impl Frame {
    /// Encodes `message` as a server sends it.
    pub fn new(message: Message<'_>) -> Self {
        let mut bytes = Vec::new();
        encode(&mut Encoder::server(), message, &mut bytes);
        Self(Arc::new(Encoded {
            bytes,
            payload: message.bytes().len(),
            is_text: matches!(message, Message::Text(_)),
            packed: OnceLock::new(),
        }))
    }

    /// The message in it.
    pub fn message(&self) -> Message<'_> {
        let payload = &self.0.bytes[self.0.bytes.len() - self.0.payload..];
        match std::str::from_utf8(payload) {
            Ok(text) if self.0.is_text => Message::Text(text),
            _ => Message::Binary(payload),
        }
    }

    /// Writes the frame as it goes over the wire of `encoder`.
    pub(crate) fn write(&self, encoder: &mut Encoder, output: &mut Vec<u8>) {
        if encoder.packs() {
            self.write_packed(encoder, output);
        } else {
            output.extend_from_slice(&self.0.bytes);
        }
    }

    /// Links that keep no window, and have the same recipe, share the compressed form, too.
    #[cold]
    fn write_packed(&self, encoder: &mut Encoder, output: &mut Vec<u8>) {
        let shared = encoder.recipe().and_then(|recipe| {
            let (of, bytes) = self.0.packed.get_or_init(|| {
                let mut bytes = Vec::new();
                encode(&mut Encoder::of_recipe(recipe), self.message(), &mut bytes);
                (recipe, bytes)
            });
            (*of == recipe).then_some(bytes)
        });
        match shared {
            Some(bytes) => output.extend_from_slice(bytes),
            None => encode(encoder, self.message(), output),
        }
    }

    /// Bytes of the frame, as it is when it is not compressed.
    pub(crate) fn len(&self) -> usize {
        self.0.bytes.len()
    }

    /// Length of the message, in bytes.
    pub fn payload(&self) -> usize {
        self.0.payload
    }
}

fn encode(encoder: &mut Encoder, message: Message<'_>, output: &mut Vec<u8>) {
    match message {
        Message::Text(text) => encoder.text(output, text),
        Message::Binary(bytes) => encoder.binary(output, bytes),
    }
}

/// Whom a frame is for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Audience {
    /// All links of the server.
    Everyone,
    /// The links that joined a group of this name.
    Group(Arc<str>),
}

/// A frame on its way to the links of another thread.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) audience: Audience,
    pub(crate) frame: Frame,
}

/// Reaches the links of all threads of a server. Cheap to clone.
///
/// Delivery is at most once: a link that does not take its messages in time is closed with 1013, and
/// a thread that is hopelessly behind misses messages, which is logged.
#[derive(Clone, Debug)]
pub struct Fanout(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    threads: Vec<mpsc::Sender<Delivery>>,
    /// Members per group, over all threads.
    groups: Mutex<HashMap<Arc<str>, usize>>,
    everyone: Mutex<usize>,
}

impl Fanout {
    pub(crate) fn new(threads: Vec<mpsc::Sender<Delivery>>) -> Self {
        let groups = Mutex::default();
        let everyone = Mutex::default();
        Self(Arc::new(Shared {
            threads,
            groups,
            everyone,
        }))
    }

    /// Sends `frame` to an audience; gives the number of links in it.
    pub fn send(&self, audience: &Audience, frame: &Frame) -> usize {
        self.send_to_others(None, audience, frame);
        self.size(audience)
    }

    /// Sends `frame` to the links of all threads but one.
    pub(crate) fn send_to_others(&self, own: Option<usize>, audience: &Audience, frame: &Frame) {
        if self.size(audience) == 0 {
            return;
        }
        for (number, thread) in self.0.threads.iter().enumerate() {
            if Some(number) == own {
                continue;
            }
            let delivery = Delivery {
                audience: audience.clone(),
                frame: frame.clone(),
            };
            if let Err(mpsc::error::TrySendError::Full(_)) = thread.try_send(delivery) {
                warn!("an I/O thread is too far behind; a broadcast was lost");
            }
        }
    }

    /// The number of links in an audience.
    pub fn size(&self, audience: &Audience) -> usize {
        match audience {
            Audience::Everyone => *self
                .0
                .everyone
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
            Audience::Group(group) => {
                let groups = self.0.groups.lock().unwrap_or_else(PoisonError::into_inner);
                groups.get(group).copied().unwrap_or(0)
            }
        }
    }

    pub(crate) fn opened(&self) {
        *self
            .0
            .everyone
            .lock()
            .unwrap_or_else(PoisonError::into_inner) += 1;
    }

    pub(crate) fn ended(&self) {
        *self
            .0
            .everyone
            .lock()
            .unwrap_or_else(PoisonError::into_inner) -= 1;
    }

    pub(crate) fn joined(&self, group: &Arc<str>) {
        let mut groups = self.0.groups.lock().unwrap_or_else(PoisonError::into_inner);
        *groups.entry(Arc::clone(group)).or_default() += 1;
    }

    /// A group exists while it has members.
    pub(crate) fn left(&self, group: &Arc<str>) {
        let mut groups = self.0.groups.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(members) = groups.get_mut(group) {
            *members -= 1;
            if *members == 0 {
                groups.remove(group);
            }
        }
    }
}
