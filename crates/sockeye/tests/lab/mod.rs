//! The words the black-box tests are written in: a server, its clients, and waiting for something.

mod authority;
mod bytes;
mod client;
mod process;
mod raw;
mod receiver;
mod recorder;
mod redis;
mod response;
mod secure;
mod server;
mod shipper;
mod sink;
mod upstream;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub(crate) use authority::Authority;
pub(crate) use bytes::{Frame, close, frame, frame_head, plain_frame};
pub(crate) use client::Client;
pub(crate) use process::{Exit, Process, binary, gw_in, sockeye, sockeye_in};
pub(crate) use raw::Raw;
pub(crate) use receiver::Receiver;
pub(crate) use recorder::{Recorder, files, said, session};
pub(crate) use redis::Redis;
pub(crate) use response::Response;
pub(crate) use secure::Secure;
pub(crate) use server::{Lab, Server};
pub(crate) use shipper::Shipper;
pub(crate) use sink::Sink;
pub(crate) use upstream::{Called, Upstream};

/// How long anything may take before a test gives up on it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Asks again and again until `attempt` gives something; fails after 5 s saying what was awaited.
pub(crate) fn eventually<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(5);
    loop {
        if let Some(found) = attempt() {
            return found;
        }
        assert!(
            Instant::now() < deadline,
            "in 5 s it never happened that {what}"
        );
        pause();
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that polls")]
pub(crate) fn pause() {
    std::thread::sleep(Duration::from_millis(10));
}

/// A snippet of the guide, by its number.
pub(crate) fn snippet(number: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = folder.join("../../conformance/contracts/guide");
    let files = std::fs::read_dir(folder).expect("the snippets are there");
    let mut files = files.filter_map(|file| Some(file.ok()?.path()));
    let file = files.find(|file| {
        let name = file.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| name.starts_with(number))
    });
    file.expect("a snippet of this number")
}
