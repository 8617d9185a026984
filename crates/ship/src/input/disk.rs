//! What disks have read and written, once per interval, from `/proc/diskstats`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use sockeye_core::Clock;

use super::poll::{INTERVAL, Sampler, interval, poll};
use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::properties::{Key, Kind, Properties};
use crate::record::RecordWriter;

const PATH: &str = "/proc/diskstats";

/// Bytes of a sector there, whatever the disk has.
const SECTOR: u64 = 512;

const KEYS: &[Key] = &[Key::new(
    "dev_name",
    Kind::Text,
    None,
    "a device such as sda, instead of all together",
)];

pub(super) const KNOWN: Known = Known {
    name: "disk",
    about: "what disks read and write",
    tables: &[KEYS, INTERVAL, crate::engine::INPUT_KEYS],
    build: |properties, context| Ok(build(properties, context)),
};

#[derive(Debug)]
struct Disk {
    device: Option<String>,
    every: Duration,
    clock: Clock,
}

fn build(properties: &Properties<'_>, context: &Context) -> Box<dyn Input> {
    Box::new(Disk {
        device: properties.text("dev_name").map(str::to_owned),
        every: interval(properties),
        clock: context.clock.clone(),
    })
}

impl Input for Disk {
    fn run(self: Box<Self>, collector: Collector) -> Running {
        Box::pin(async move {
            let before = read(self.device.as_deref())?;
            let every = self.every;
            let disk = *self;
            poll(Samples { disk, before }, every, collector).await
        })
    }
}

struct Samples {
    disk: Disk,
    before: Sectors,
}

impl Sampler for Samples {
    fn sample(&mut self, out: &mut Vec<u8>) -> Result<u32, String> {
        let sectors = read(self.disk.device.as_deref())?;
        let mut record = RecordWriter::new(out, now(&self.disk.clock));
        // Counters begin anew when a device is replaced.
        let bytes = |now: u64, before: u64| now.saturating_sub(before).saturating_mul(SECTOR);
        record.uint("read_size", bytes(sectors.read, self.before.read));
        record.uint("write_size", bytes(sectors.written, self.before.written));
        record.finish();
        self.before = sectors;
        Ok(1)
    }
}

/// Since the start of the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sectors {
    read: u64,
    written: u64,
}

fn read(device: Option<&str>) -> Result<Sectors, String> {
    let text = fs::read_to_string(PATH).map_err(|error| format!("cannot read {PATH}: {error}"))?;
    // What a partition has read its disk has, too.
    let is_partition = |name: &str| {
        Path::new("/sys/class/block")
            .join(name)
            .join("partition")
            .exists()
    };
    sum(&text, device, is_partition).ok_or_else(|| {
        device.map_or_else(
            || format!("{PATH} is not as expected"),
            |device| format!("{PATH} has no device {device}"),
        )
    })
}

/// Of one device, or of all that are no partitions.
fn sum(text: &str, device: Option<&str>, is_partition: impl Fn(&str) -> bool) -> Option<Sectors> {
    let mut sum = None;
    for line in text.lines() {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        let [_, _, name, _, _, read, _, _, _, written, ..] = fields.as_slice() else {
            return None;
        };
        if device.map_or_else(|| is_partition(name), |device| device != *name) {
            continue;
        }
        let all: &mut Sectors = sum.get_or_insert_default();
        all.read = all.read.saturating_add(read.parse().ok()?);
        all.written = all.written.saturating_add(written.parse().ok()?);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sectors_of_one_device_and_of_all() {
        let text =
            "   8   0 sda 10 0 100 5 7 0 40 3 0 0 0 0\n   8   1 sda1 1 0 2 0 1 0 3 0 0 0 0\n";
        let of = |read, written| Some(Sectors { read, written });
        let sum = |text: &str, device| sum(text, device, |name| name == "sda1");
        assert_eq!(sum(text, Some("sda")), of(100, 40));
        assert_eq!(sum(text, Some("sda1")), of(2, 3));
        assert_eq!(sum(text, None), of(100, 40));
        assert_eq!(sum(text, Some("sd")), None);
        assert_eq!(sum("8 0 sda", None), None);
    }
}
