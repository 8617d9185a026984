//! Model files pass through here: their names say the format, their texts become models, mistakes get the file's name.

use std::path::{Path, PathBuf};

use sockeye_core::Random;
use sockeye_model::plan::{Plan, PlanError};
use sockeye_model::{Element, FormatError, Suite, blocked, dot, graphml, java, json};

use super::failure::Failure;

/// How the text of a label that is none ends, in every reader.
const NOT_A_LABEL: &str = "did not conform to GraphWalker syntax rules.";

/// What a generator text must be.
const PLAN: &str = "write a generator with a stop condition, such as random(edge_coverage(100)); AND and OR need \
                    parentheses where both are used";

/// A notation for models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Graphml,
    Json,
    Dot,
    Java,
}

const FORMATS: &[(&str, Format)] = &[
    ("graphml", Format::Graphml),
    ("json", Format::Json),
    ("dot", Format::Dot),
    ("java", Format::Java),
];

impl Format {
    /// The format of a file, by the end of its name in any case.
    pub(super) fn of(file: &str) -> Result<Self, Failure> {
        let extension = Path::new(file).extension().unwrap_or_default();
        let known = FORMATS
            .iter()
            .find(|(name, _)| extension.eq_ignore_ascii_case(name));
        let unknown = || {
            Failure::alone(format!("File format for file: {file}, is not supported")).remedy(
                "models are read from .graphml, .json and .dot, and written as these and .java",
            )
        };
        known.map(|(_, format)| *format).ok_or_else(unknown)
    }
}

/// Reads the models of a file, or of all files in a folder whose name ends like a file of models.
pub(super) fn read(file: &str) -> Result<Suite, Failure> {
    read_as(file, Format::of(file)?)
}

/// Reads a file as this format, whatever its name.
pub(super) fn read_as(file: &str, format: Format) -> Result<Suite, Failure> {
    if format == Format::Java {
        let failure = Failure::run(java::NOT_READ);
        return Err(failure.remedy(format!("name a file of another format than {file}")));
    }
    let path = Path::new(file);
    if !path.is_dir() {
        return one(file, path, format);
    }
    let mut files = std::fs::read_dir(path)
        .and_then(|entries| {
            let paths = entries.map(|entry| Ok(entry?.path()));
            paths.collect::<std::io::Result<Vec<PathBuf>>>()
        })
        .map_err(|error| unread(file, format, &error))?;
    files.retain(|path| path.is_file());
    files.sort();
    let mut suite = Suite::default();
    for path in files {
        let found = one(&path.to_string_lossy(), &path, format)?;
        suite.seed = found.seed.or(suite.seed);
        suite.models.extend(found.models);
    }
    Ok(suite)
}

fn one(file: &str, path: &Path, format: Format) -> Result<Suite, Failure> {
    let bytes = std::fs::read(path).map_err(|error| unread(file, format, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::run(format!(
            "{file} is not UTF-8: its byte {at} begins no character"
        ))
        .remedy("save it as UTF-8")
    })?;
    let mut random = Random::from_os();
    let path = path.file_stem().unwrap_or_default();
    let name = path.to_string_lossy();
    let model = match format {
        Format::Json => return json::read(&text, &mut random).map_err(|error| wrong(file, &error)),
        Format::Dot => dot::read(&text, &name, &mut random),
        Format::Graphml | Format::Java => graphml::read(&text, &name, &mut random),
    };
    let models = vec![model.map_err(|error| wrong(file, &error))?];
    Ok(Suite {
        models,
        ..Suite::default()
    })
}

fn unread(file: &str, format: Format, error: &std::io::Error) -> Failure {
    let failure = Failure::run(match format {
        Format::Graphml => "Could not read the file.".to_owned(),
        _ => format!("Could not read resource: {file}"),
    });
    failure.remedy(format!("{file}: {error}"))
}

/// A text that is no model. What clients know is said in the words that they know.
fn wrong(file: &str, error: &FormatError) -> Failure {
    if error.message().ends_with(NOT_A_LABEL) {
        let place = error.place();
        let place = place.map(|(line, column)| format!(" (line {line}, column {column})"));
        return Failure::syntax(file, error.message()).remedy(format!(
            "{file}{}: a name begins with a letter, `_` or `$` and goes on with these and digits; docs/model-files.md \
             has all that a label may hold",
            place.unwrap_or_default()
        ));
    }
    if error.place().is_none() {
        return Failure::run(error.message())
            .remedy(format!("see {file}; docs/model-files.md has the formats"));
    }
    Failure::run(format!("{file}: {error}"))
}

/// Reads files that are each followed by the generator of their first model, as one suite. The seed is that of the last
/// file that has one.
pub(super) fn with_generators(pairs: &[String], start: Option<&str>) -> Result<Suite, Failure> {
    let mut suite = Suite::default();
    for (at, pair) in pairs.chunks_exact(2).enumerate() {
        let [file, generator] = pair else { continue };
        let mut found = read(file)?;
        for model in found.models.iter().skip(1) {
            if let Some(Err(error @ PlanError::Syntax(_))) =
                model.generator.as_deref().map(Plan::parse)
            {
                return Err(Failure::syntax(file, &error.to_string()).remedy(PLAN));
            }
        }
        plan(generator)?;
        if let Some(model) = found.models.first_mut() {
            model.generator = Some(generator.as_str().into());
        }
        if let Some(name) = start.filter(|name| at == 0 && !name.is_empty()) {
            begin_at(&mut found, name, file)?;
        }
        suite.seed = found.seed.or(suite.seed);
        suite.models.extend(found.models);
    }
    Ok(suite)
}

/// Fails if a generator text means nothing. Characters that were left out are told as the reference tells them.
fn plan(text: &str) -> Result<(), Failure> {
    let plan = Plan::parse(text).map_err(|error| {
        let failure = Failure::run(error.to_string());
        match error {
            PlanError::Syntax(_) | PlanError::NoGenerator => failure.remedy(PLAN),
            PlanError::Generator(_) => failure.remedy(known(sockeye_model::plan::generator_names())),
            PlanError::Condition => failure.remedy(known(sockeye_model::plan::condition_names())),
            PlanError::Number(_) => failure.remedy(
                "write a whole number from 0 to 2147483647, for time_duration to 9223372036854775807",
            ),
            _ => failure,
        }
    })?;
    for (at, letter) in plan.dropped {
        let before = text.get(..at).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before
            .rsplit('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .count();
        eprintln!("line {line}:{column} token recognition error at: '{letter}'");
    }
    Ok(())
}

fn known(names: impl Iterator<Item = &'static str>) -> String {
    format!("known are {}", names.collect::<Vec<_>>().join(", "))
}

/// Has the first model begin at the element of this name.
fn begin_at(suite: &mut Suite, name: &str, file: &str) -> Result<(), Failure> {
    let Some(model) = suite.models.first_mut() else {
        return Ok(());
    };
    let found: Vec<Element> = model
        .elements()
        .filter(|element| model.name_of(*element) == Some(name))
        .collect();
    let problem = match found.as_slice() {
        [one] => {
            model.start = Some(*one);
            return Ok(());
        }
        [] => "Did not find matching element in the model",
        _ => "There are more than one matching element in the model",
    };
    let failure = Failure::usage(format!("--start-element {problem}: '{file}'."));
    let ids: Vec<&str> = found.iter().map(|element| model.id_of(*element)).collect();
    Err(if ids.is_empty() {
        let names = model
            .elements()
            .filter_map(|element| model.name_of(element));
        let near = sockeye_core::nearest(name, names);
        let text = near.map_or_else(
            || "`gw methods` prints the names of a model".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        failure.remedy(text)
    } else {
        failure.remedy(format!(
            "`{name}` is the name of the elements {}: rename one",
            ids.join(", ")
        ))
    })
}

/// The models without blocked elements, if these are not wanted.
pub(super) fn filtered(suite: Suite, is_filtered: bool) -> Result<Suite, Failure> {
    if !is_filtered {
        return Ok(suite);
    }
    blocked::without_blocked(&suite).map_err(|error| Failure::run(error.to_string()))
}

/// The models of several files.
pub(super) fn all(files: &[String], is_filtered: bool) -> Result<Suite, Failure> {
    let mut suite = Suite::default();
    for file in files {
        suite.models.extend(read(file)?.models);
    }
    filtered(suite, is_filtered)
}
