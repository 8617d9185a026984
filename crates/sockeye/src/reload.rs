//! A reload: files to a new plan beside the running one, and one pointer swapped. With a mistake nothing changes.

use std::path::PathBuf;

use serde_json::json;
use sockeye_mock::{LoadOptions, Mock};
use sockeye_net::Server;
use tracing::{info, warn};

use crate::admin::Reloaded;
use crate::report::{self, counted};
use crate::settled;
use crate::tls::Tls;
use crate::watch::FileWatch;

/// What a reload needs.
pub(crate) struct Reload {
    pub(crate) named: Vec<PathBuf>,
    /// All files that had a say the last time.
    pub(crate) files: Vec<PathBuf>,
    pub(crate) options: LoadOptions,
    pub(crate) generation: u64,
    pub(crate) tls: Option<Tls>,
}

impl Reload {
    /// Loads the files beside the running plan and swaps it in. With a mistake nothing changes.
    pub(crate) fn run(
        &mut self,
        mock: &Mock,
        server: &Server,
        watch: Option<&mut FileWatch>,
    ) -> Reloaded {
        // Anything else could keep us waiting, and the server with us.
        if let Some(file) = self.named.iter().find(|file| !file.is_file()) {
            let text = format!(
                "{} is not a file; the old rules stay in force",
                file.display()
            );
            warn!("not reloaded: {text}");
            return Reloaded {
                result: Err(text),
                mistakes: json!([]),
            };
        }
        let next = self.generation + 1;
        let settled = settled::read(&self.named, &self.files, &self.options, next);
        if let Some(watch) = watch {
            watch.follow(&settled.files, settled.seen);
        }
        self.files = settled.files;
        match settled.outcome {
            Ok(loaded) => {
                self.generation += 1;
                report::mistakes(&loaded.warnings);
                let routes = counted(loaded.plan.routes().len(), "route");
                Tls::reload(self.tls.as_mut(), loaded.plan.settings.tls.as_ref());
                mock.swap(loaded.plan);
                server.nudge();
                info!("reloaded: {routes}");
                Reloaded {
                    result: Ok(self.generation),
                    mistakes: json!(loaded.warnings)["mistakes"].take(),
                }
            }
            Err(mistakes) => {
                report::mistakes(&mistakes);
                let text = "the files have mistakes; the old ones stay in force";
                warn!("not reloaded: {text}");
                Reloaded {
                    result: Err(text.to_owned()),
                    mistakes: json!(mistakes)["mistakes"].take(),
                }
            }
        }
    }
}
