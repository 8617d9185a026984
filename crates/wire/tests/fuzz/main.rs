//! Bytes that nobody would send: a corpus is replayed, and changed at random, against every reader of this crate.
//!
//! A corpus is a file beside this one, an input a line, in the notation of `sockeye_fuzz::bytes`. Inputs that were
//! found to break something stand in it.

mod heads;
mod targets;

use sockeye_fuzz::{Target, lines, texts};

/// The longest of those inputs that are little more than a head, in bytes.
const SHORT: usize = 24;

fn target(name: &'static str, corpus: &str, judge: fn(&[u8])) -> Target<()> {
    Target::new(name, lines(corpus), judge)
}

#[test]
fn heads() {
    target("heads", include_str!("frames.txt"), targets::frames)
        .longest(SHORT)
        .run();
}

#[test]
fn frames() {
    target("frames", include_str!("frames.txt"), targets::frames).run();
}

#[test]
fn messages() {
    target("messages", include_str!("messages.txt"), targets::messages).run();
}

#[test]
fn deflate() {
    target("deflate", include_str!("deflate.txt"), targets::deflate).run();
}

#[test]
fn round_trips() {
    target(
        "round_trips",
        include_str!("messages.txt"),
        targets::round_trips,
    )
    .run();
}

#[test]
fn extensions() {
    target(
        "extensions",
        include_str!("extensions.txt"),
        targets::extensions,
    )
    .run();
}

#[test]
fn responses() {
    target(
        "responses",
        include_str!("responses.txt"),
        targets::responses,
    )
    .run();
}

#[test]
fn requests() {
    let corpus = texts(include_str!("requests.txt"));
    Target::new("requests", corpus, heads::requests)
        .text()
        .run();
}

#[test]
fn values() {
    let corpus = texts(include_str!("values.txt"));
    Target::new("values", corpus, heads::values).text().run();
}
