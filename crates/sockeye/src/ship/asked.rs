//! Questions that the command line asks instead of shipping: flags, keys of plugins, the version.

use std::fmt::Write as _;
use std::io::Write as _;

use sockeye_core::{Mistake, quoted};
use sockeye_ship::catalogue::{self, Entry};
use sockeye_ship::config::command_line::{Action, Kind, help};

use super::{Exit, wrong};

/// Answers on standard output.
pub(super) fn answer(action: &Action) -> Exit {
    let answer = match action {
        Action::Run | Action::DryRun => return Exit::Done,
        Action::Help => Ok(overview()),
        Action::Version => Ok(format!("sockeye ship v{}\n", env!("CARGO_PKG_VERSION"))),
        Action::PluginHelp(kind, name) => found(*kind, name).map(|entry| entry.help()),
        Action::Schema => Ok(pretty(&catalogue::schema())),
        Action::PluginSchema(kind, name) => found(*kind, name).map(|entry| pretty(&entry.schema())),
    };
    match answer {
        Ok(text) => {
            // Nobody may be there to read it.
            let _ = std::io::stdout().write_all(text.as_bytes());
            Exit::Done
        }
        Err(mistake) => wrong(mistake.into()),
    }
}

fn pretty(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

fn found(kind: Kind, name: &str) -> Result<Entry, Mistake> {
    catalogue::plugin(kind, name).ok_or_else(|| {
        let noun = match kind {
            Kind::Input => "input",
            Kind::Filter => "filter",
            Kind::Output => "output",
        };
        let names: Vec<&str> = catalogue::plugins(kind)
            .iter()
            .map(|entry| entry.name)
            .collect();
        Mistake::nowhere(format!("there is no {noun} {}", quoted(name))).did_you_mean(name, names)
    })
}

/// The flags, and the plugins that they can name.
fn overview() -> String {
    let mut text = help();
    // Writing into a text cannot fail.
    for (title, kind) in [
        ("Inputs", Kind::Input),
        ("Filters", Kind::Filter),
        ("Outputs", Kind::Output),
    ] {
        let _ = writeln!(text, "\n{title}:");
        for entry in catalogue::plugins(kind) {
            let _ = writeln!(text, "  {:<16} {}", entry.name, entry.about);
        }
    }
    text.push_str(EXITS);
    text
}

const EXITS: &str = "
Exit status:
  0    done, also when a signal ended it
  1    the command line or a file is wrong
  3    the folder for chunks belongs to another process
  255  a plugin could not start
  or `loss_exit_code` when records were lost at the end
";
