//! Records become messages of a WebSocket here, and stay ours until the server has them.
//!
//! | file | what happens there |
//! |---|---|
//! | `keys`, `settings` | what the user says |
//! | `courier` | one connection after another; what was not confirmed is sent again |
//! | `request`, `refusal` | the handshake: what we ask, what a server that refuses says |
//! | `converse` | an open connection: messages out, everything else in |
//! | `link` | the connection itself, from which alone a message can be sent, and its deadlines |
//! | `cargo` | which records are sent, confirmed, or not wanted |
//! | `acknowledge`, `verdict` | what the server's words mean, and the way in which it ends |

mod acknowledge;
mod cargo;
mod converse;
mod courier;
mod keys;
mod link;
mod refusal;
mod request;
mod settings;
mod verdict;

use std::sync::Arc;

use super::{COMMON_KEYS, Known, Output, Running};
use crate::format::{self, Format};
use crate::queue::Lane;
use crate::tls;
use courier::Courier;
use settings::Settings;

pub(super) const KNOWN: Known = Known {
    name: "websocket",
    about: "sends records to a WebSocket server",
    tables: &[
        keys::KEYS,
        tls::KEYS,
        tls::CLIENT_KEYS,
        format::KEYS,
        COMMON_KEYS,
    ],
    build: |properties, service| {
        let format = super::format_settings(properties, service);
        let settings = Settings::read(properties, service, &format)?;
        Ok(Box::new(WebSocket {
            settings,
            format: format.build(),
        }))
    },
};

/// An output that speaks WebSocket.
#[derive(Debug)]
struct WebSocket {
    settings: Settings,
    format: Box<dyn Format>,
}

impl Output for WebSocket {
    fn run(self: Box<Self>, lane: Arc<Lane>) -> Running {
        Box::pin(Courier::new(self.settings, self.format, lane).run())
    }
}
