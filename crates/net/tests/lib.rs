//! The network crate from outside: bytes into real sockets, bytes out of them.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

mod back_pressure;
mod closing;
mod compression;
mod dial;
mod drain;
mod echo;
mod fanout;
mod faults;
mod handshake;
mod http;
mod lab;
mod late;
mod panics;
mod reach;
mod shaper;
mod slots;
mod tap;
mod timers;
mod tls;
mod trust;
