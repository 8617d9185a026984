//! Records are sent to servers that misbehave: what was sent is what was received.

mod kept;
mod lab;
mod matrix;
mod faults;
mod server;
