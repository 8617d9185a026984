//! `compression:`, whether and how messages are compressed for clients that offer it: both notations.

use sockeye_core::Mistake;
use sockeye_core::document::{Fields, Node, NodeValue};
use sockeye_net::Compression;

use super::Reading;

/// The sizes of a window, in bits.
const WINDOWS: std::ops::RangeInclusive<u64> = 9..=15;

/// From fast to small.
const LEVELS: std::ops::RangeInclusive<u64> = 1..=9;

/// The longest message that may be said to be too short, in bytes: as long as any.
const MOST_BYTES: u64 = 1 << 30;

/// The names of the keys inside, in the manner of a dialect.
pub(crate) struct Names {
    takeover: &'static str,
    window: &'static str,
    level: &'static str,
    least: &'static str,
}

/// The names in a MockForge file.
pub(crate) const WITH_UNDERSCORES: Names = Names {
    takeover: "context_takeover",
    window: "window_bits",
    level: "level",
    least: "min_bytes",
};

/// The names in a Moclojer file.
pub(crate) const WITH_DASHES: Names = Names {
    takeover: "context-takeover",
    window: "window-bits",
    level: "level",
    least: "min-bytes",
};

impl Reading<'_> {
    /// What `fields` say about compression; `unsaid` if they say nothing.
    pub(crate) fn compression(
        &mut self,
        fields: &mut Fields<'_>,
        names: &Names,
        unsaid: Option<Compression>,
    ) -> Option<Compression> {
        let node = fields.take("compression").filter(|node| !node.is_null());
        node.map_or(unsaid, |node| self.read_compression(node, names))
    }

    fn read_compression(&mut self, node: &Node, names: &Names) -> Option<Compression> {
        match &node.value {
            NodeValue::Bool(is_on) => is_on.then(Compression::default),
            NodeValue::Str(word) if word == "on" => Some(Compression::default()),
            NodeValue::Str(word) if word == "off" => None,
            NodeValue::Map(_) => self.read_keys(node, names),
            _ => {
                let text = format!(
                    "`compression` must be `on`, `off` or a map, not {}",
                    shown(node)
                );
                let remedy = format!("write `on` or `off`, or keys such as `{}: 1`", names.level);
                self.mistake(Mistake::at(&node.place, text).remedy(remedy));
                None
            }
        }
    }

    fn read_keys(&mut self, node: &Node, names: &Names) -> Option<Compression> {
        let mut fields = self.fields(node, "`compression`")?;
        let mut compression = Compression::default();
        let Compression { terms, packing } = &mut compression;
        if let Some(keeps) = self.bool(&mut fields, names.takeover) {
            terms.context_takeover = keeps;
        }
        let small = |number: u64| u8::try_from(number).ok();
        if let Some(bits) = self
            .whole(&mut fields, names.window, WINDOWS)
            .and_then(small)
        {
            terms.window_bits = bits;
        }
        if let Some(level) = self.whole(&mut fields, names.level, LEVELS).and_then(small) {
            packing.level = level;
        }
        let least = fields.take(names.least).and_then(|node| {
            node.as_bytes(
                &sockeye_core::quoted(names.least),
                0..=MOST_BYTES,
                self.mistakes,
            )
        });
        if let Some(least) = least.and_then(|bytes| usize::try_from(bytes).ok()) {
            packing.least_bytes = least;
        }
        self.finish(fields);
        Some(compression)
    }
}

/// A value as a mistake names it.
fn shown(node: &Node) -> String {
    match &node.value {
        NodeValue::Str(word) => sockeye_core::quoted(word),
        _ => node.kind_name().to_owned(),
    }
}
