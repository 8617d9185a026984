//! The command line passes through here: sections of plugins and settings of the service, in Fluent Bit's flags.

mod arguments;
mod flags;
mod sections;

use std::path::PathBuf;

use sockeye_core::{Mistake, Mistakes, quoted};

use super::Reading;
use super::draft::Draft;
use crate::plan::Property;
use arguments::{Argument, Arguments};
use flags::{FLAGS, Flag, What};

/// What the command line asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Action {
    /// Ship.
    #[default]
    Run,
    /// Say whether the configuration is right.
    DryRun,
    /// The flags.
    Help,
    /// The keys of a plugin.
    PluginHelp(Kind, String),
    /// The version.
    Version,
    /// Every plugin with its keys, as JSON.
    Schema,
    /// The keys of a plugin, as JSON.
    PluginSchema(Kind, String),
}

/// What kind of plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Where records come from.
    Input,
    /// What changes them.
    Filter,
    /// Where they go.
    Output,
}

/// A command line, taken apart.
#[derive(Debug, Default)]
pub struct Request {
    /// What is asked for.
    pub action: Action,
    /// The main file.
    pub file: Option<PathBuf>,
    /// Files of parsers.
    pub parsers: Vec<PathBuf>,
    /// The folder to work in.
    pub folder: Option<PathBuf>,
    /// What is said about the service; it counts more than what files say.
    service: Vec<Property>,
    /// The sections, in order.
    drafts: Vec<Draft>,
}

/// Takes a command line apart; `words` are those behind the program's name.
pub fn parse<S: AsRef<str>>(words: &[S]) -> Result<Request, Mistakes> {
    let arguments = Arguments::new(words);
    let mut request = Request::default();
    let mut mistakes = Mistakes::new();
    let mut at = 0;
    while let Some(argument) = arguments.get(at) {
        at += 1;
        match step(&mut request, &arguments, argument, &mut at) {
            Ok(Go::On) => {}
            Ok(Go::Stop) => break,
            Err(mistake) => mistakes.push(mistake),
        }
    }
    mistakes.into_result(request)
}

/// The flags, as `-h` prints them.
pub fn help() -> String {
    flags::help()
}

/// Whether the rest of the command line matters.
enum Go {
    On,
    Stop,
}

/// One word: a flag with its value, or several short flags in one.
fn step(
    request: &mut Request,
    arguments: &Arguments,
    argument: Argument<'_>,
    at: &mut usize,
) -> Result<Go, Mistake> {
    let text = argument.text;
    if let Some(long) = text.strip_prefix("--") {
        return long_flag(request, arguments, argument, long, at);
    }
    let Some(letters) = text.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
        return Err(Mistake::at(
            &argument.place(),
            format!("{} belongs to no flag", quoted(text)),
        )
        .label("not expected here")
        .remedy(
            "write `-i`, `-F`, `-o`, `-p`, `-t` or `-m` in front of it; `-h` lists all flags",
        ));
    };
    for (index, letter) in letters.char_indices() {
        let flag = FLAGS.iter().find(|flag| flag.short == Some(letter));
        let flag = flag.ok_or_else(|| unknown(&argument, &format!("-{letter}")))?;
        let behind = index + letter.len_utf8();
        if flag.value.is_none() {
            let go = apply(request, flag, &argument, None)?;
            if matches!(go, Go::Stop) {
                return Ok(go);
            }
            continue;
        }
        let rest = letters.get(behind..).filter(|rest| !rest.is_empty());
        let value = match rest {
            Some(rest) => argument.tail(rest),
            None => needed(arguments, &argument, at)?,
        };
        return apply(request, flag, &argument, Some(&value));
    }
    Ok(Go::On)
}

fn long_flag(
    request: &mut Request,
    arguments: &Arguments,
    argument: Argument<'_>,
    long: &str,
    at: &mut usize,
) -> Result<Go, Mistake> {
    let (name, attached) = match long.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (long, None),
    };
    let flag = FLAGS.iter().find(|flag| flag.long.contains(&name));
    let flag = flag.ok_or_else(|| unknown(&argument, &format!("--{name}")))?;
    let value = match (flag.value, attached) {
        (None, None) => None,
        (None, Some(_)) => {
            return Err(
                Mistake::at(&argument.place(), format!("`--{name}` takes no value"))
                    .label("has one")
                    .remedy(format!("write `--{name}` alone")),
            );
        }
        (Some(_), Some(value)) => Some(argument.tail(value)),
        (Some(_), None) => Some(needed(arguments, &argument, at)?),
    };
    apply(request, flag, &argument, value.as_ref())
}

fn needed<'a>(
    arguments: &'a Arguments,
    argument: &Argument<'_>,
    at: &mut usize,
) -> Result<Argument<'a>, Mistake> {
    let value = arguments.get(*at).ok_or_else(|| {
        Mistake::at(
            &argument.place(),
            format!("{} needs a value", quoted(argument.text)),
        )
        .label("nothing follows")
        .remedy("write one behind it")
    })?;
    *at += 1;
    Ok(value)
}

fn unknown(argument: &Argument<'_>, flag: &str) -> Mistake {
    let mistake = Mistake::at(&argument.place(), format!("unknown flag {}", quoted(flag)))
        .label("not known here");
    let names: Vec<String> = FLAGS
        .iter()
        .flat_map(|flag| flag.long.iter().map(|name| format!("--{name}")))
        .collect();
    match sockeye_core::nearest(flag, names.iter().map(String::as_str)) {
        Some(near) => mistake.remedy(format!("did you mean `{near}`?")),
        None => mistake.remedy("`-h` lists the flags"),
    }
}

fn apply(
    request: &mut Request,
    flag: &Flag,
    argument: &Argument<'_>,
    value: Option<&Argument<'_>>,
) -> Result<Go, Mistake> {
    let word = value.map_or("", |value| value.text);
    let place = || value.map_or_else(|| argument.place(), Argument::place);
    match flag.what {
        What::Open(sort) => request.open(sort, word, place()),
        What::Property => request.property(argument, word, &place())?,
        What::Tag => request.give_last(argument, "tag", word, place())?,
        What::Match => request.matching(argument, word, place())?,
        What::File => request.file = Some(word.into()),
        What::Parsers => request.parsers.push(word.into()),
        What::Folder => request.folder = Some(word.into()),
        What::Service(key) => request.set(key, word, place()),
        What::Switch(key, word) => request.set(key, word, place()),
        What::Listen => {
            request.set("http_listen", word, place());
            request.set("http_server", "on", argument.place());
        }
        What::Port => {
            request.set("http_port", word, place());
            request.set("http_server", "on", argument.place());
        }
        What::Louder => request.louder(argument.place()),
        What::Unused => {}
        What::Refused(why) => {
            let mistake = Mistake::at(&argument.place(), why).label("not here");
            return Err(mistake.remedy("leave the flag out"));
        }
        What::DryRun => request.action = Action::DryRun,
        What::Version => return Ok(request.stop(Action::Version)),
        What::Help => return Ok(request.help(Action::Help, Action::PluginHelp)),
        What::Schema => return Ok(request.help(Action::Schema, Action::PluginSchema)),
    }
    Ok(Go::On)
}

impl Request {
    /// Puts the sections before those of the files and the service's settings behind theirs.
    pub fn settle_into(self, reading: &mut Reading<'_>) {
        let files = std::mem::take(&mut reading.plan);
        for draft in self.drafts {
            draft.settle(
                &mut reading.plan,
                &mut reading.variables,
                &mut reading.mistakes,
            );
        }
        reading.plan.inputs.extend(files.inputs);
        reading.plan.filters.extend(files.filters);
        reading.plan.outputs.extend(files.outputs);
        reading.plan.parsers.extend(files.parsers);
        reading.plan.service = files.service;
        reading.plan.service.extend(self.service);
    }
}
