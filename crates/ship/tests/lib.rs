//! What the crate says to the outside, held against the captures in `conformance/fluentbit`.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on fails where it stands"
)]

mod formats;
mod gelf;
