//! What network interfaces carry, once per interval, from `/proc/net/dev`.

use std::collections::HashMap;
use std::fs;
use std::time::Duration;

use sockeye_core::{Clock, Mistakes};

use super::poll::{INTERVAL, Sampler, interval, poll};
use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::properties::{Key, Kind, Properties};
use crate::record::RecordWriter;

const PATH: &str = "/proc/net/dev";

/// The columns of that file, and whether they are told without `verbose`.
const COLUMNS: [(&str, bool); 16] = [
    ("rx.bytes", true),
    ("rx.packets", true),
    ("rx.errors", true),
    ("rx.drop", false),
    ("rx.fifo", false),
    ("rx.frame", false),
    ("rx.compressed", false),
    ("rx.multicast", false),
    ("tx.bytes", true),
    ("tx.packets", true),
    ("tx.errors", true),
    ("tx.drop", false),
    ("tx.fifo", false),
    ("tx.collisions", false),
    ("tx.carrier", false),
    // So spelled by the reference, and by what reads its records.
    ("tx.compressepd", false),
];

const KEYS: &[Key] = &[
    Key::new(
        "interface",
        Kind::Text,
        None,
        "interfaces whose names begin so; needed",
    ),
    Key::new(
        "verbose",
        Kind::Bool,
        Some("off"),
        "whether every column is told",
    ),
];

pub(super) const KNOWN: Known = Known {
    name: "netif",
    about: "what network interfaces carry",
    tables: &[KEYS, INTERVAL, crate::engine::INPUT_KEYS],
    build,
};

#[derive(Debug)]
struct Netif {
    interface: String,
    is_verbose: bool,
    every: Duration,
    clock: Clock,
}

fn build(properties: &Properties<'_>, context: &Context) -> Result<Box<dyn Input>, Mistakes> {
    Ok(Box::new(Netif {
        interface: properties.need("interface")?.to_owned(),
        is_verbose: properties.flag("verbose"),
        every: interval(properties),
        clock: context.clock.clone(),
    }))
}

impl Input for Netif {
    fn run(self: Box<Self>, collector: Collector) -> Running {
        Box::pin(async move {
            let before = read(&self.interface)?;
            let before = before.into_iter().collect();
            let every = self.every;
            let netif = *self;
            poll(Samples { netif, before }, every, collector).await
        })
    }
}

struct Samples {
    netif: Netif,
    before: HashMap<String, Numbers>,
}

/// What one interface has carried since it is there.
type Numbers = [u64; COLUMNS.len()];

impl Sampler for Samples {
    fn sample(&mut self, out: &mut Vec<u8>) -> Result<u32, String> {
        let interfaces = read(&self.netif.interface)?;
        if interfaces.is_empty() {
            let name = &self.netif.interface;
            return Err(format!("{PATH} has no interface {name}"));
        }
        let mut record = RecordWriter::new(out, now(&self.netif.clock));
        for (name, numbers) in &interfaces {
            // One that has just come is told with its first difference.
            let before = self.before.get(name).unwrap_or(numbers);
            for (at, (column, is_usual)) in COLUMNS.iter().enumerate() {
                if *is_usual || self.netif.is_verbose {
                    let (now, then) = (numbers.get(at), before.get(at));
                    let carried = now.zip(then).map(|(now, then)| now.saturating_sub(*then));
                    record.uint(&format!("{name}.{column}"), carried.unwrap_or_default());
                }
            }
        }
        record.finish();
        self.before = interfaces.into_iter().collect();
        Ok(1)
    }
}

fn read(interface: &str) -> Result<Vec<(String, Numbers)>, String> {
    let text = fs::read_to_string(PATH).map_err(|error| format!("cannot read {PATH}: {error}"))?;
    Ok(interfaces(&text, interface))
}

/// The interfaces whose names begin so, in their order.
fn interfaces(text: &str, prefix: &str) -> Vec<(String, Numbers)> {
    let lines = text.lines().filter_map(|line| line.split_once(':'));
    lines
        .filter_map(|(name, rest)| {
            let name = name.trim();
            let fields = rest.split_ascii_whitespace().map(str::parse);
            let numbers: Result<Vec<u64>, _> = fields.take(COLUMNS.len()).collect();
            let numbers = numbers.ok()?.try_into().ok()?;
            name.starts_with(prefix).then(|| (name.to_owned(), numbers))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Inter-|   Receive\n face |bytes packets\n    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n  eth0:17 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";

    #[test]
    fn interfaces_are_found_by_the_beginning_of_their_names() {
        let names = |prefix: &str| -> Vec<String> {
            let found = interfaces(TEXT, prefix).into_iter();
            found.map(|(name, _)| name).collect()
        };
        assert_eq!(names("lo"), ["lo"]);
        assert_eq!(names(""), ["lo", "eth0"]);
        assert!(names("eth1").is_empty());
        assert_eq!(interfaces(TEXT, "eth")[0].1[0], 17);
    }
}
