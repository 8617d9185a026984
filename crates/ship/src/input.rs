//! Where records come from: one file per input, and the table of them.

mod address;
mod cpu;
mod disk;
mod documents;
mod dummy;
mod exec;
mod forward;
mod head;
mod health;
mod http;
mod kmsg;
mod last_work;
mod line;
mod listener;
mod mem;
mod netif;
mod poll;
mod proc;
mod random;
mod socket_file;
mod stdin;
mod syslog;
mod tail;
mod tcp;
mod udp;

use std::fmt::Debug;
use std::pin::Pin;

use sockeye_core::{Clock, Mistake, Mistakes, quoted};

use crate::collector::Collector;
use crate::parser::Parsers;
use crate::plan::Section;
use crate::properties::{Key, Properties};
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
type Build = fn(&Properties<'_>, &Context) -> Result<Box<dyn Input>, Mistakes>;

/// An input that can be named.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// Its name in files.
    pub name: &'static str,
    /// One line for `-h`.
    pub about: &'static str,
    /// Its keys; those of every input are not among them.
    pub tables: &'static [&'static [Key]],
    build: Build,
}

/// The time of a record that brings none.
fn now(clock: &Clock) -> Time {
    let now = clock.now();
    Time::new(now.as_second(), now.subsec_nanosecond().unsigned_abs())
}

/// Every input.
pub const ALL: &[Known] = &[
    cpu::KNOWN,
    disk::KNOWN,
    dummy::KNOWN,
    exec::KNOWN,
    forward::KNOWN,
    head::KNOWN,
    health::KNOWN,
    http::KNOWN,
    kmsg::KNOWN,
    mem::KNOWN,
    netif::KNOWN,
    proc::KNOWN,
    random::KNOWN,
    stdin::KNOWN,
    syslog::KNOWN,
    tail::KNOWN,
    tcp::KNOWN,
    udp::KNOWN,
];

/// Inputs of the reference that are not built in.
const FOREIGN: [&str; 7] = [
    "docker",
    "mqtt",
    "serial",
    "statsd",
    "systemd",
    "thermal",
    "unix_socket",
];

/// The input of that name.
pub fn named(name: &str) -> Option<&'static Known> {
    ALL.iter().find(|known| known.name == name)
}

/// The input that a section describes.
pub fn build(section: &Section, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    let known = named(&section.plugin).ok_or_else(|| unknown(section))?;
    let properties = Properties::read(section, known.tables)?;
    (known.build)(&properties, context)
}

fn unknown(section: &Section) -> Mistake {
    let name = section.plugin.as_str();
    let message = format!("there is no input {}", quoted(name));
    let mistake = Mistake::at(&section.place, message).label("not known here");
    if FOREIGN.contains(&name) {
        return mistake.remedy("nothing of the kind is built in; `exec` runs a command instead");
    }
    mistake.did_you_mean(name, ALL.iter().map(|known| known.name))
}
