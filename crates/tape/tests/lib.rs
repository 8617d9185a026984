//! The tape from outside: what is written, what a fault leaves behind, what is read again.

#[path = "tape/damage.rs"]
mod damage;
#[path = "tape/faults.rs"]
mod faults;
#[path = "tape/formats.rs"]
mod formats;
#[path = "tape/killed.rs"]
mod killed;
#[path = "tape/lab.rs"]
mod lab;
#[path = "tape/names.rs"]
mod names;
#[path = "tape/recording.rs"]
mod recording;
