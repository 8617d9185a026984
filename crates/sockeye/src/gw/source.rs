//! `gw source`: models and a template in, source code out.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::{Write as _, stdout};

use sockeye_model::Model;

use super::failure::Failure;
use super::models;
use super::words::Values;

/// Prints the template once for each model.
pub(super) fn run(values: &Values) -> Result<(), Failure> {
    let [file, template] = values.texts("--input").get(..2).unwrap_or_default() else {
        return Ok(());
    };
    let suite = models::filtered(models::read(file)?, values.is_blocked())?;
    let text = std::fs::read_to_string(template).map_err(|error| {
        let failure = Failure::run(format!("Could not read resource: {template}"));
        failure.remedy(format!("{template}: {error}"))
    })?;
    // Lines are put together again, whatever ended them.
    let lines: String = text.lines().flat_map(|line| [line, "\n"]).collect();
    let parts = parts(&lines).unwrap_or_default();
    let mut out = String::new();
    for model in &suite.models {
        fill(&mut out, model, parts);
    }
    Ok(stdout().write_all(out.as_bytes())?)
}

fn fill(out: &mut String, model: &Model, (header, body, footer): (&str, &str, &str)) {
    let names = model
        .elements()
        .filter_map(|element| model.name_of(element));
    let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
    let _ = writeln!(out, "{header}");
    for name in names {
        let _ = writeln!(out, "{}", body.replace("{LABEL}", name));
    }
    let _ = writeln!(out, "{footer}");
}

/// Header, body and footer, none of them empty.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let (_, rest) = text.split_once("HEADER<{{")?;
    let (rest, _) = rest.rsplit_once("}}>FOOTER")?;
    let (rest, footer) = rest.rsplit_once("FOOTER<{{")?;
    let (header, body) = rest.rsplit_once("}}>HEADER")?;
    let parts = (header, body, footer);
    let is_whole = !header.is_empty() && !body.is_empty() && !footer.is_empty();
    is_whole.then_some(parts)
}
