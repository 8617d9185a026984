//! A script of a file: checked when the file is loaded, and known by its place when it fails.

use sockeye_core::Place;
use sockeye_script::js::Script;

/// A script and where it stands.
#[derive(Debug)]
pub struct Handler {
    /// The script.
    pub script: Script,
    /// Its text in the file.
    pub place: Place,
}

impl Handler {
    /// `file:line` of a line of the script, counted from 1; of its start if the line is not known.
    pub(crate) fn line(&self, line: Option<u32>) -> String {
        let first = self.place.line() + usize::from(is_block(&self.place));
        let line = line.map_or(0, |line| line.saturating_sub(1) as usize);
        format!("{}:{}", self.place.source().name(), first + line)
    }
}

/// Whether the text starts on the line below: after `|` or `>`.
fn is_block(place: &Place) -> bool {
    place.raw().starts_with(['|', '>'])
}
