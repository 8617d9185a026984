//! `gw convert`: models in, the same in another notation out.

use std::io::{Write as _, stdout};

use sockeye_model::plan::Plan;
use sockeye_model::{Suite, dot, graphml, java, json};

use super::failure::Failure;
use super::models::{self, Format};
use super::words::Values;

/// Prints the models.
pub(super) fn run(values: &Values) -> Result<(), Failure> {
    let input = values.text("--input").unwrap_or_default();
    let suite = models::read(input).map_err(Failure::with_blank_line)?;
    let suite = models::filtered(suite, values.is_blocked())?;
    let name = values.text("--format").unwrap_or("JSON");
    // The reference names the file that it would have written.
    let format = Format::of(&format!("foo.{name}"))?;
    let text = written(suite, format)?;
    stdout().write_all(text.as_bytes())?;
    Ok(())
}

/// The document with the line end that the reference prints behind it.
fn written(mut suite: Suite, format: Format) -> Result<String, Failure> {
    if format == Format::Json {
        for model in &mut suite.models {
            canonical(&mut model.generator);
        }
        return Ok(json::write(&suite, json::Scope::Reference) + "\n");
    }
    let [model] = suite.models.as_slice() else {
        let failure = Failure::run(format!(
            "a file of this format holds one model, there are {}",
            suite.models.len()
        ));
        return Err(failure.remedy("convert to JSON, or split the file"));
    };
    let text = match format {
        Format::Graphml => graphml::write(model).map_err(|error| error.to_string()),
        Format::Java => java::write(model).map_err(|error| error.to_string()),
        Format::Dot | Format::Json => dot::write(model).map_err(|error| error.to_string()),
    };
    text.map(|text| text + "\n").map_err(Failure::run)
}

/// Writes a generator as the reference does; what it does not know stays as it is.
fn canonical(generator: &mut Option<Box<str>>) {
    if let Some(Ok(plan)) = generator.as_deref().map(Plan::parse) {
        *generator = Some(plan.to_string().into());
    }
}
