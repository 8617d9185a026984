//! Where records come from: one file per input, and the table of them.

mod address;
mod cpu;
mod documents;
mod dummy;
mod exec;
mod forward;
mod head;
mod http;
mod last_work;
mod line;
mod listener;
mod mem;
mod poll;
mod random;
mod socket_file;
mod stdin;
mod syslog;
mod tail;
mod tcp;
mod udp;

use std::fmt::Debug;
use std::pin::Pin;

use sockeye_core::{Clock, Mistakes};

use crate::collector::Collector;
use crate::known;
use crate::parser::Parsers;
use crate::plan::Section;
use crate::properties::Properties;
use crate::record::Time;
use crate::report::Log;
pub use last_work::LastWork;

/// An input at work: it ends when it is asked to, and the reason is a sentence for the log.
///
/// `Ok` before that means that the process is to end: standard input is over, say.
pub type Running = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// Where records come from.
pub trait Input: Send + Debug {
    /// Opens sockets and files; called once, before [`Input::run`], within the runtime. An error is a
    /// sentence for the log, and nothing starts.
    fn open(&mut self, name: &str, log: &Log) -> Result<(), String> {
        let _ = (name, log);
        Ok(())
    }

    /// Brings records until it is asked to stop ([`Collector::stopping`]).
    fn run(self: Box<Self>, collector: Collector) -> Running;
}

/// What inputs are built with.
#[derive(Clone, Debug)]
pub struct Context {
    /// The parsers by name.
    pub parsers: Parsers,
    /// What time it is.
    pub clock: Clock,
    /// What is to be finished when the engine has ended.
    pub last_work: LastWork,
}

/// Makes an input of its properties.
pub type Build = fn(&Properties<'_>, &Context) -> Result<Box<dyn Input>, Mistakes>;

/// An input that can be named; the keys of every input are not in its tables.
pub type Known = known::Known<Build>;

/// The time of a record that brings none.
fn now(clock: &Clock) -> Time {
    let now = clock.now();
    Time::new(now.as_second(), now.subsec_nanosecond().unsigned_abs())
}

/// Every input.
pub const ALL: &[Known] = &[
    cpu::KNOWN,
    dummy::KNOWN,
    exec::KNOWN,
    forward::KNOWN,
    head::KNOWN,
    http::KNOWN,
    mem::KNOWN,
    random::KNOWN,
    stdin::KNOWN,
    syslog::KNOWN,
    tail::KNOWN,
    tcp::KNOWN,
    udp::KNOWN,
];

/// Inputs of the reference that are not built in.
const FOREIGN: [&str; 6] = ["docker", "kmsg", "mqtt", "netif", "serial", "systemd"];

/// The input of that name.
pub fn named(name: &str) -> Option<&'static Known> {
    known::named(ALL, name)
}

/// The input that a section describes.
pub fn build(section: &Section, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    let (known, properties) = known::find("input", ALL, section, |section| {
        let is_foreign = FOREIGN.contains(&section.plugin.as_str());
        let remedy = "nothing of the kind is built in; `exec` runs a command instead";
        is_foreign.then(|| remedy.to_owned())
    })?;
    (known.build)(&properties, context)
}
