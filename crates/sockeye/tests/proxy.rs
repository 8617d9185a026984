//! `type: proxy`: a real server behind the mock, reached before the client is let in.

mod closing;
mod foreign;
mod handshake;
mod messages;
mod reach;
mod reload;
mod tls;

use crate::lab::{Called, Client, Lab, Server, Upstream};

/// A proxy on `/p` to `path` of a server, with more keys of the handler and more of the section.
fn proxy(upstream: &Upstream, path: &str, handler: &str, section: &str) -> Lab {
    let url = upstream.url(path);
    let handler = handler.replace('\n', "\n      ");
    Lab::yaml(&format!(
        "websocket:\n  {section}\n  handlers:\n    - path: /p\n      type: proxy\n      upstream: \"{url}\"\n      {handler}\n"
    ))
}

/// A client on `/p`, and what the server behind sees of it.
fn through(server: &Server, upstream: &Upstream) -> (Client, Called) {
    let client = server.connect("/p");
    (client, upstream.next())
}
