//! `sockeye check`: what files mean, on standard output; what is wrong with them, on standard error.

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
    match load(&args.files, &options, 0) {
        Ok(loaded) => {
            explained(&loaded, args.json);
            Exit::Done
        }
        Err(mistakes) => {
            refused(&mistakes, args.json);
            Exit::Usage
        }
    }
}

fn explained(loaded: &Loaded, json: bool) {
    let explanation = explain(&loaded.plan);
    if json {
        let mut value = serde_json::json!(explanation);
        value["warnings"] = serde_json::json!(loaded.warnings);
        println!("{value:#}");
    } else {
        report::mistakes(&loaded.warnings);
        print!("{explanation}");
    }
}

fn refused(mistakes: &Mistakes, json: bool) {
    if json {
        println!("{:#}", serde_json::json!(mistakes));
    } else {
        report::mistakes(mistakes);
    }
}
