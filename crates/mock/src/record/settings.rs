//! What a route wants to be recorded passes through here, and becomes the name of one connection's file.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use sockeye_core::{Random, Redactor};
use sockeye_tape::{Name, NameTemplate};

use crate::facts::Facts;

/// The names that a `record_path` may use.
pub(crate) const NAMES: [&str; 5] = ["date", "time", "connection.id", "session.id", "path"];

/// Where the sessions of a route go, and what is left out of them.
#[derive(Debug)]
pub(crate) struct RecordSettings {
    /// The folder that nothing leaves: that of the file.
    pub(crate) folder: PathBuf,
    pub(crate) name: NameTemplate,
    pub(crate) redactor: Option<Arc<Redactor>>,
}

impl RecordSettings {
    /// The file of a connection that opened at `began`. Times are UTC.
    pub(crate) fn name(&self, facts: &Facts, began: Timestamp) -> Name {
        self.name.fill(|name| match NAMES.get(name) {
            Some(&"date") => began.strftime("%Y-%m-%d").to_string(),
            Some(&"time") => began.strftime("%H-%M-%S").to_string(),
            Some(&"connection.id") => facts.id(),
            Some(&"path") => facts.path.trim_start_matches('/').to_owned(),
            // A session has a name that no other has, also on another day or machine.
            _ => format!("{:016x}", Random::from_os().bits()),
        })
    }
}
