//! A plan becomes the parts of an engine here: names, tags, routes, and what each plugin is told.

use std::collections::HashMap;

use sockeye_core::{Mistake, Mistakes, quoted};

use crate::collector::Keeping;
use crate::engine::INPUT_KEYS;
use crate::matching::Matching;
use crate::parts::{FilterPart, InputPart, OutputPart, Parts};
use crate::plan::{Plan, Section};
use crate::properties::Properties;
use crate::queue::Rules;
use crate::retry::RetryLimit;
use crate::service::{LogLevel, Service};
use crate::{filter, input, output, parser, properties};

/// Builds everything that a plan names. Nothing is opened.
///
/// Mistakes that are warnings only come with the parts, so that they can be shown.
pub fn parts(
    plan: &Plan,
    service: &Service,
    context: &input::Context,
) -> Result<(Parts, Mistakes), Mistakes> {
    let mut mistakes = misplaced(plan);
    let mut parts = Parts::default();
    let mut names = Names::default();
    for section in &plan.inputs {
        let name = names.of(section);
        let mut processors = Vec::new();
        for own in &section.processors {
            processors.push(parts.filters.len());
            let part = filter_part(own, context, &mut names, false);
            keep(&mut parts.filters, part, &mut mistakes);
        }
        let part = input_part(section, name, processors, context, service);
        keep(&mut parts.inputs, part, &mut mistakes);
    }
    for section in &plan.filters {
        let part = filter_part(section, context, &mut names, true);
        keep(&mut parts.filters, part, &mut mistakes);
    }
    mistakes.extend(unused(plan));
    let is_alone = plan.inputs.len() == 1 && plan.outputs.len() == 1;
    for section in &plan.outputs {
        let name = names.of(section);
        let part = output_part(section, name, service, is_alone, &mut mistakes);
        keep(&mut parts.outputs, part, &mut mistakes);
    }
    if mistakes.has_errors() {
        return Err(mistakes);
    }
    Ok((parts, mistakes))
}

/// Records that a user wants changed for one output would go out as they are: that is no warning.
fn misplaced(plan: &Plan) -> Mistakes {
    let mut mistakes = Mistakes::new();
    for section in plan.filters.iter().chain(&plan.outputs) {
        if let Some(first) = section.processors.first() {
            let message = format!("{} takes no `processors`", quoted(&section.plugin));
            let mistake = Mistake::at(&first.place, message).label("would not be asked");
            mistakes.push(mistake.remedy("write it under the input, or as a filter with `match`"));
        }
    }
    mistakes
}

/// Warnings about what is accepted and changes nothing.
fn unused(plan: &Plan) -> Mistakes {
    let mut warnings = Mistakes::new();
    for section in &plan.inputs {
        if let Some(known) = input::named(&section.plugin) {
            warnings.extend(properties::unused(section, known.tables));
        }
    }
    let own = plan.inputs.iter().flat_map(|section| &section.processors);
    for section in plan.filters.iter().chain(own) {
        if let Some(known) = filter::named(&section.plugin) {
            warnings.extend(properties::unused(section, known.tables));
        }
    }
    for section in &plan.outputs {
        if let Some(known) = output::named(&section.plugin) {
            warnings.extend(properties::unused(section, known.tables));
        }
    }
    for section in &plan.parsers {
        warnings.extend(properties::unused(section, &[parser::KEYS]));
    }
    warnings
}

fn keep<T>(list: &mut Vec<T>, part: Result<T, Mistakes>, mistakes: &mut Mistakes) {
    match part {
        Ok(part) => list.push(part),
        Err(more) => mistakes.extend(more),
    }
}

/// Plugins are counted by name: `tcp.0`, `tcp.1`.
#[derive(Default)]
struct Names(HashMap<String, usize>);

impl Names {
    fn of(&mut self, section: &Section) -> String {
        let count = self.0.entry(section.plugin.clone()).or_default();
        let own = format!("{}.{count}", section.plugin);
        *count += 1;
        match section.get("alias") {
            Some(alias) if !alias.value.is_empty() => alias.value.clone(),
            _ => own,
        }
    }
}

fn input_part(
    section: &Section,
    name: String,
    processors: Vec<usize>,
    context: &input::Context,
    service: &Service,
) -> Result<InputPart, Mistakes> {
    let input = input::build(section, context)?;
    let own = only(section, INPUT_KEYS);
    let properties = Properties::read(&own, &[INPUT_KEYS])?;
    let keeping = match properties.choice("storage.type") {
        Some("filesystem") if service.storage.path.is_none() => {
            let message = "`storage.type filesystem` needs a folder";
            let mistake = properties.mistake("storage.type", message);
            return Err(mistake
                .label("no folder is named")
                .remedy("add `storage.path` to the service section")
                .into());
        }
        Some("filesystem") => Keeping::Disk,
        Some("memrb") => Keeping::Ring,
        _ => Keeping::Memory,
    };
    Ok(InputPart {
        tag: properties.text("tag").unwrap_or(&name).to_owned(),
        memory: properties.size("mem_buf_limit").filter(|bytes| *bytes > 0),
        keeping,
        log_level: level(&properties),
        name,
        processors,
        input,
    })
}

fn filter_part(
    section: &Section,
    context: &input::Context,
    names: &mut Names,
    is_common: bool,
) -> Result<FilterPart, Mistakes> {
    let name = names.of(section);
    let filter = filter::build(section, &context.parsers)?;
    let own = only(section, filter::COMMON_KEYS);
    let properties = Properties::read(&own, &[filter::COMMON_KEYS])?;
    let wants = match Matching::read(&properties)? {
        Some(wants) => wants,
        // A filter of an input is asked about whatever that input brings.
        None if !is_common => Matching::everything(),
        None => Matching::Nothing,
    };
    Ok(FilterPart {
        name,
        wants,
        is_common,
        filter,
    })
}

fn output_part(
    section: &Section,
    name: String,
    service: &Service,
    is_alone: bool,
    mistakes: &mut Mistakes,
) -> Result<OutputPart, Mistakes> {
    let output = output::build(section, service)?;
    let own = only(section, output::COMMON_KEYS);
    let properties = Properties::read(&own, &[output::COMMON_KEYS])?;
    let wants = match Matching::read(&properties)? {
        Some(wants) => wants,
        None if is_alone => Matching::everything(),
        None => {
            let message = format!("{} gets no records: it has no `match`", quoted(&name));
            let mistake = Mistake::at(&section.place, message).label("nothing comes here");
            mistakes.push(
                mistake
                    .remedy("add `match *`, or the tags that it wants")
                    .warning(),
            );
            Matching::Nothing
        }
    };
    let retry_limit = match properties.text("retry_limit").map(RetryLimit::read) {
        None => RetryLimit::Unlimited,
        Some(Ok(limit)) => limit,
        Some(Err(limit)) => {
            let message = "`retry_limit` must be a number from 1 on, `no_limits` or `no_retries`";
            let mistake = properties
                .mistake("retry_limit", message)
                .label("counts as 1");
            mistakes.push(mistake.remedy("write one of them").warning());
            limit
        }
    };
    Ok(OutputPart {
        wants,
        rules: Rules {
            retry_limit,
            stored_bytes: properties.size("storage.total_limit_size"),
        },
        log_level: level(&properties),
        name,
        output,
    })
}

/// The properties of a section that are in a table.
fn only(section: &Section, keys: &[properties::Key]) -> Section {
    let mut own = section.clone();
    own.properties
        .retain(|property| keys.iter().any(|key| key.name == property.key));
    own
}

fn level(properties: &Properties<'_>) -> Option<LogLevel> {
    properties.choice("log_level").and_then(LogLevel::named)
}
