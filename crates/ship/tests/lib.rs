//! What the crate says to the outside: bytes held against the captures in `conformance/fluentbit`, and
//! records against servers that misbehave.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

mod decoding;
mod delivery;
mod filters;
mod formats;
mod gelf;
mod keys;
mod parsers;
