//! What the crate says to the outside, held against the captures in `conformance/fluentbit`.

mod formats;
mod gelf;
