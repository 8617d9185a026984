//! Random numbers, one per interval.

use std::time::Duration;

use sockeye_core::{Clock, Random as Generator};

use super::poll::{INTERVAL, Sampler, interval, poll};
use super::{Context, Input, Known, Running, now};
use crate::collector::Collector;
use crate::properties::{Key, Kind, Properties};
use crate::record::RecordWriter;

const KEYS: &[Key] = &[Key::new(
    "samples",
    Kind::Integer,
    Some("-1"),
    "how many; -1 for no end",
)];

pub(super) const KNOWN: Known = Known {
    name: "random",
    about: "a random number per interval",
    tables: &[KEYS, INTERVAL, crate::engine::INPUT_KEYS],
    build: |properties, context| Ok(build(properties, context)),
};

#[derive(Debug)]
struct Random {
    left: Option<u64>,
    every: Duration,
    clock: Clock,
    generator: Generator,
}

fn build(properties: &Properties<'_>, context: &Context) -> Box<dyn Input> {
    let samples = properties.integer("samples").unwrap_or(-1);
    Box::new(Random {
        left: u64::try_from(samples).ok(),
        every: interval(properties),
        clock: context.clock.clone(),
        generator: Generator::from_os(),
    })
}

impl Input for Random {
    fn run(self: Box<Self>, collector: Collector) -> Running {
        let every = self.every;
        Box::pin(async move { poll(*self, every, collector).await })
    }
}

impl Sampler for Random {
    fn sample(&mut self, out: &mut Vec<u8>) -> Result<u32, String> {
        let mut record = RecordWriter::new(out, now(&self.clock));
        record.uint("rand_value", self.generator.bits());
        record.finish();
        if let Some(left) = &mut self.left {
            *left -= 1;
        }
        Ok(1)
    }

    fn is_over(&self) -> bool {
        self.left == Some(0)
    }
}
