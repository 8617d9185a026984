//! `sockeye check`: what files mean, on standard output; what is wrong with them, on standard error.

use std::io::{ErrorKind, Write as _, stdout};

use sockeye_core::Mistakes;
use sockeye_mock::{LoadOptions, Loaded, explain, load};

use crate::cli::CheckArgs;
use crate::exit::Exit;
use crate::report;

/// Loads and explains the files.
pub(crate) fn run(args: &CheckArgs) -> Exit {
    let options = LoadOptions {
        lenient: args.lenient,
        ..LoadOptions::default()
    };
    let (text, exit) = match load(&args.files, &options, 0) {
        Ok(loaded) => (explained(&loaded, args.json), Exit::Done),
        Err(mistakes) => (refused(&mistakes, args.json), Exit::Usage),
    };
    match stdout().write_all(text.as_bytes()) {
        // A reader that has seen enough is no mistake.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            report::sentence(&format!("cannot write to standard output: {error}"));
            Exit::Io
        }
        _ => exit,
    }
}

fn explained(loaded: &Loaded, json: bool) -> String {
    let explanation = explain(&loaded.plan);
    if json {
        let mut value = serde_json::json!(explanation);
        value["warnings"] = serde_json::json!(loaded.warnings);
        return format!("{value:#}\n");
    }
    report::mistakes(&loaded.warnings);
    explanation.to_string()
}

fn refused(mistakes: &Mistakes, json: bool) -> String {
    if json {
        return format!("{:#}\n", serde_json::json!(mistakes));
    }
    report::mistakes(mistakes);
    String::new()
}
