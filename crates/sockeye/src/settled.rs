//! Files to a plan, and to word of which files had a say in it and what they looked like.

use std::path::PathBuf;

use sockeye_core::Mistakes;
use sockeye_mock::{LoadOptions, Loaded, load_and_list};

use crate::watch::fingerprint;

/// How often files are read until those that have a say are those that were looked at before. When
/// others keep coming, the watch sees a change at once.
const MOST_READINGS: usize = 3;

/// What files mean, and which files these are.
pub(crate) struct Settled {
    /// The plan, or what is wrong.
    pub(crate) outcome: Result<Loaded, Mistakes>,
    /// All that had a say, those that are included and those that are missing, too.
    pub(crate) files: Vec<PathBuf>,
    /// Their fingerprint before they were read: an edit meanwhile is noticed later.
    pub(crate) seen: u64,
}

/// Reads the files that were `named`. `expected` are those that probably have a say.
pub(crate) fn read(
    named: &[PathBuf],
    expected: &[PathBuf],
    options: &LoadOptions,
    generation: u64,
) -> Settled {
    let mut readings = 0;
    let mut before = expected.to_vec();
    loop {
        let seen = fingerprint(&before);
        let (outcome, files) = load_and_list(named, options, generation);
        readings += 1;
        if files == before || readings == MOST_READINGS {
            return Settled {
                outcome,
                files,
                seen,
            };
        }
        before = files;
    }
}
