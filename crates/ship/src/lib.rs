//! Journey 3: from an input's bytes to a record, through filters and a buffer, into a format, onto a socket.
//!
//! Records travel as msgpack bytes, back to back, from the input to the socket: nothing builds a tree of
//! them unless a filter has to. [`record`] reads and writes those bytes. What happens to them on the way
//! stands in `pipeline.rs`; [`engine`] starts and ends it.

pub mod assemble;
mod building;
mod calendar;
pub mod catalogue;
pub mod chunk;
pub mod collector;
pub mod config;
pub mod decode;
pub mod ending;
pub mod engine;
pub mod filter;
mod filtering;
pub mod format;
pub mod glob;
pub mod input;
pub mod json;
pub mod known;
pub mod matching;
pub mod monitor;
pub mod output;
pub mod parser;
pub mod parts;
mod pipeline;
pub mod plan;
pub mod properties;
pub mod queue;
pub mod record;
pub mod rejected;
pub mod report;
pub mod retry;
pub mod service;
mod starting;
