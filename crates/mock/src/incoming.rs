//! A received message on its way through the rules: its JSON is parsed at most once, when asked for.

use std::cell::OnceCell;

use sockeye_net::Message;

use crate::json::Tree;

/// One received data message.
#[derive(Debug)]
pub struct Incoming<'a> {
    message: Message<'a>,
    json: OnceCell<Option<Tree<'a>>>,
}

impl<'a> Incoming<'a> {
    /// Nothing is parsed yet.
    pub fn new(message: Message<'a>) -> Self {
        Self {
            message,
            json: OnceCell::new(),
        }
    }

    /// The message as it came.
    pub fn message(&self) -> Message<'a> {
        self.message
    }

    /// The text of a text message.
    pub fn text(&self) -> Option<&'a str> {
        match self.message {
            Message::Text(text) => Some(text),
            Message::Binary(_) => None,
        }
    }

    /// The JSON value of a text message, if it is one.
    pub fn json(&self) -> Option<&Tree<'a>> {
        let parse = || match self.message {
            Message::Text(text) => Tree::parse(text).ok(),
            Message::Binary(_) => None,
        };
        self.json.get_or_init(parse).as_ref()
    }
}
