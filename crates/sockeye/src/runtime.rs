//! A command's futures run on the thread that it was started on.

use tokio::runtime::{Builder, Runtime};

use crate::exit::Exit;
use crate::report;

/// A runtime on this thread; where the system has none for us, that is told.
pub(crate) fn here() -> Result<Runtime, Exit> {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            report::sentence(&format!("cannot start: {error}"));
            Exit::Internal
        })
}
