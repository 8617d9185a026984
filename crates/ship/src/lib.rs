//! Journey 3: from an input's bytes to a record, through filters and a buffer, into a format, onto a socket.
//!
//! Records travel as msgpack bytes, back to back, from the input to the socket: nothing builds a tree of
//! them unless a filter has to. [`record`] reads and writes those bytes.

mod calendar;
pub mod collector;
pub mod config;
pub mod engine;
pub mod format;
pub mod glob;
pub mod input;
pub mod json;
pub mod parser;
pub mod plan;
pub mod properties;
pub mod record;
pub mod report;
pub mod service;
