//! Bytes that nobody would send: a corpus is replayed, and changed at random, against every reader of this crate.
//!
//! A corpus is a file beside this one, an input a line, in the notation of `../wire/notation.rs`. Inputs that were
//! found to break something stand in it. `SOCKEYE_FUZZ_INPUTS` says how many changed inputs each target gets
//! (20,000 without it), `SOCKEYE_FUZZ_SEED` which (1 without it): `scripts/fuzz` runs many.

mod mutate;
#[path = "../wire/notation.rs"]
mod notation;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use mutate::Chance;

/// How many changed inputs a target gets in a usual test.
const FEW: u64 = 20_000;

fn number(variable: &str, usual: u64) -> u64 {
    let said = std::env::var(variable).ok();
    said.map_or(usual, |said| said.parse().expect("a whole number"))
}

/// Shows `input` to the target; if it fails the input is printed, to be put into the corpus.
fn show(name: &str, target: fn(&[u8]), input: &[u8]) {
    if catch_unwind(AssertUnwindSafe(|| target(input))).is_err() {
        let hex: Vec<String> = input.iter().map(|byte| format!("{byte:02x}")).collect();
        panic!("{name} fails at this input:\n{}", hex.join(" "));
    }
}

/// The longest input that is made, in bytes, and the longest of those that are little more than a head.
const LONG: usize = 4096;
const SHORT: usize = 24;

/// Replays the corpus and then changes it.
fn run(name: &str, corpus: &str, most: usize, target: fn(&[u8])) {
    let lines = corpus.lines().filter(|line| !line.starts_with('#'));
    let corpus: Vec<Vec<u8>> = lines.map(notation::bytes).collect();
    assert!(corpus.len() >= 10, "{name} has a corpus");
    for input in &corpus {
        show(name, target, input);
    }
    let count = number("SOCKEYE_FUZZ_INPUTS", FEW);
    let mut chance = Chance::new(number("SOCKEYE_FUZZ_SEED", 1));
    let begun = Instant::now();
    let mut input = Vec::new();
    for _ in 0..count {
        chance.change(&corpus, most, &mut input);
        show(name, target, &input);
    }
    println!("{name}: {count} inputs in {} s", begun.elapsed().as_secs());
}

#[test]
fn heads() {
    run("heads", include_str!("frames.txt"), SHORT, targets::frames);
}

#[test]
fn frames() {
    run("frames", include_str!("frames.txt"), LONG, targets::frames);
}

#[test]
fn messages() {
    run(
        "messages",
        include_str!("messages.txt"),
        LONG,
        targets::messages,
    );
}

#[test]
fn deflate() {
    run(
        "deflate",
        include_str!("deflate.txt"),
        LONG,
        targets::deflate,
    );
}

#[test]
fn round_trips() {
    run(
        "round_trips",
        include_str!("messages.txt"),
        LONG,
        targets::round_trips,
    );
}

#[test]
fn extensions() {
    run(
        "extensions",
        include_str!("extensions.txt"),
        LONG,
        targets::extensions,
    );
}

#[test]
fn responses() {
    run(
        "responses",
        include_str!("responses.txt"),
        LONG,
        targets::responses,
    );
}
