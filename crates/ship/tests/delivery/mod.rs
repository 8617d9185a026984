//! Records are sent to servers that misbehave: what was sent is what was received.

mod act;
mod bounds;
mod clocks;
mod faults;
mod handshakes;
mod kept;
mod lab;
mod matrix;
mod monitor;
mod rejected;
mod secure;
mod server;
