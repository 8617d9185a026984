//! A command line and the files that it names become parts that are ready to run.

use sockeye_core::{Clock, Mistakes, Place, Source};
use sockeye_ship::assemble;
use sockeye_ship::config::command_line;
use sockeye_ship::config::{Environment, Reading};
use sockeye_ship::input::{Context, LastWork};
use sockeye_ship::parser::Parsers;
use sockeye_ship::parts::Parts;
use sockeye_ship::plan::{Plan, Property};
use sockeye_ship::proxies::Proxies;
use sockeye_ship::service::Service;

use super::refused;

/// The variable that says how much is logged, whatever the file says.
const LEVEL_VARIABLE: &str = "FLB_LOG_LEVEL";

/// What was read.
pub(super) struct Loaded {
    plan: Plan,
    service: Service,
    warnings: Mistakes,
}

/// What is ready to run.
pub(super) struct Ready {
    pub(super) parts: Parts,
    pub(super) service: Service,
    pub(super) warnings: Mistakes,
    pub(super) last_work: LastWork,
    pub(super) has_inputs: bool,
    pub(super) has_outputs: bool,
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Reads the files that a command line names. The command line counts most, then the environment,
/// then the files.
pub(super) fn load(words: &[String]) -> Result<Loaded, Mistakes> {
    let request = command_line::parse(words)?;
    if let Some(folder) = &request.folder {
        std::env::set_current_dir(folder).map_err(|error| {
            let message = format!("cannot work in {}: {error}", folder.display());
            refused(message, "name a folder with `-w`")
        })?;
    }
    let mut reading = Reading::new(Environment(&variable));
    if let Some(file) = &request.file {
        reading.main_file(file);
    }
    for file in &request.parsers {
        reading.parsers_file(file);
    }
    reading.plan.service.extend(level());
    request.settle_into(&mut reading);
    let Reading {
        plan, mut mistakes, ..
    } = reading;
    let mut service = Service::read(&plan.service, &mut mistakes);
    if let Some(service) = &mut service {
        service.proxies = Proxies::of(Environment(&variable));
    }
    match service {
        Some(service) if !mistakes.has_errors() => Ok(Loaded {
            plan,
            service,
            warnings: mistakes,
        }),
        _ => Err(mistakes),
    }
}

fn level() -> Option<Property> {
    let value = variable(LEVEL_VARIABLE)?;
    let place = Place::new(&Source::new(LEVEL_VARIABLE, value.clone()), 0..value.len());
    Some(Property {
        key: "log_level".to_owned(),
        value,
        key_place: place.clone(),
        place,
    })
}

impl Loaded {
    /// Builds what the files name; nothing is opened.
    pub(super) fn build(self) -> Result<Ready, Mistakes> {
        let mut warnings = self.warnings;
        let last_work = LastWork::default();
        let built = Parsers::build(&self.plan.parsers).and_then(|parsers| {
            let context = Context {
                parsers,
                clock: Clock::system(),
                last_work: last_work.clone(),
            };
            assemble::parts(&self.plan, &self.service, &context)
        });
        let (parts, more) = built.map_err(|errors| {
            let mut all = warnings.clone();
            all.extend(errors);
            all
        })?;
        warnings.extend(more);
        warnings.explained_on(super::PAGE);
        Ok(Ready {
            has_inputs: !parts.inputs.is_empty(),
            has_outputs: !parts.outputs.is_empty(),
            parts,
            service: self.service,
            warnings,
            last_work,
        })
    }
}
