//! A client of `wss://`: the crate's own dialling, waited for.

use std::net::SocketAddr;
use std::path::PathBuf;

use sockeye_net::{ClientTls, ClientTrust, Conversation, Identity, Received, Target, dial};
use sockeye_wire::FrameLimits;
use sockeye_wire::handshake::{ClientRequest, fresh_key};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use super::PATIENCE;

/// One open WebSocket over TLS.
pub(crate) struct Secure {
    runtime: Runtime,
    link: Conversation,
}

impl Secure {
    /// Connects to `localhost`, whose certificate must come from the authorities in this file. The
    /// error is what a user would be told.
    pub(crate) fn connect(
        address: SocketAddr,
        authorities: PathBuf,
        identity: Option<Identity>,
    ) -> Result<Self, String> {
        let trust = ClientTrust {
            authorities: Some(authorities),
            identity,
            ..ClientTrust::default()
        };
        let tls = ClientTls::new(&trust).map_err(|error| error.to_string())?;
        let headers = http::HeaderMap::new();
        let request = ClientRequest::new("localhost", "/ws", &headers, &[], fresh_key());
        let request = request.expect("a right request");
        let target = Target::new("localhost", address.port())
            .over(Some(tls))
            .at(address);
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let link = runtime.block_on(dial(&target, &request, FrameLimits::default(), PATIENCE));
        let link = link.map_err(|error| error.to_string())?;
        Ok(Self { runtime, link })
    }

    /// Sends a text and expects it back.
    #[track_caller]
    pub(crate) fn expect_echo(&mut self, text: &str) {
        let sent = self.runtime.block_on(self.link.send_text(text));
        sent.expect("the socket is open");
        assert_eq!(self.next(), Received::Text(text.to_owned()));
    }

    /// Sends a text.
    #[track_caller]
    pub(crate) fn send(&mut self, text: &str) {
        let sent = self.runtime.block_on(self.link.send_text(text));
        sent.expect("the socket is open");
    }

    /// How the connection ends; nothing if that is an error.
    #[track_caller]
    pub(crate) fn end(&mut self) -> Option<Received> {
        let received = async { timeout(PATIENCE, self.link.receive()).await };
        let received = self.runtime.block_on(received);
        received.expect("an end").ok()
    }

    /// What comes next.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Received {
        let received = async { timeout(PATIENCE, self.link.receive()).await };
        let received = self.runtime.block_on(received);
        received.expect("an event").expect("the socket is open")
    }
}
