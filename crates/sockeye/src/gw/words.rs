//! The words of a command line pass through here and become options with their values, by the rules of the reference's
//! parser: names as they are, values as words of their own, no abbreviations, files of words behind `@`.

use std::collections::BTreeMap;

use super::failure::Failure;
use super::table::{COMMANDS, Command, GLOBAL, Kind, Opt};

/// The longest file of words, in bytes.
const LONGEST_FILE: u64 = 1 << 20;

/// A command line that was understood.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) global: Values,
    pub(super) command: Option<(&'static Command, Values)>,
}

/// What options were given, by the first name of each.
#[derive(Debug, Default)]
pub(super) struct Values {
    given: BTreeMap<&'static str, Vec<String>>,
    flags: BTreeMap<&'static str, bool>,
}

impl Values {
    /// The value of an option that takes one.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let texts = self.given.get(name)?;
        texts.first().map(String::as_str)
    }

    /// All values of an option, one after the other.
    pub(super) fn texts(&self, name: &str) -> &[String] {
        self.given.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// The number of an option, which has been looked at when the line was read.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.parse().ok()
    }

    pub(super) fn flag(&self, name: &str) -> bool {
        self.flags.get(name).copied().unwrap_or_default()
    }

    /// Whether blocked elements are left out.
    pub(super) fn is_blocked(&self) -> bool {
        let text = self.text("--blocked");
        text.is_none_or(|text| text.eq_ignore_ascii_case("true"))
    }
}

/// Understands a command line. What is wrong is said of the first word that is.
pub(super) fn read(args: &[String]) -> Result<Line, Failure> {
    let words = expanded(args)?;
    let mut words = words.iter().map(String::as_str);
    let (global, command) = options(GLOBAL, &mut words)?;
    let Some(name) = command else {
        let command = None;
        return Ok(Line { global, command });
    };
    let command = COMMANDS.iter().find(|known| known.name == name);
    let Some(command) = command else {
        let known = COMMANDS.iter().map(|command| command.name);
        let failure = Failure::alone(format!("Expected a command, got {name}"));
        return Err(failure.near(name, known));
    };
    let (values, rest) = options(command.options, &mut words)?;
    if let Some(word) = rest {
        let text = format!(
            "Was passed main parameter '{word}' but no main parameter was defined in your arg class"
        );
        return Err(stray(command, word, text));
    }
    for option in command.options.iter().filter(|option| option.is_required) {
        if values.texts(option.names[0]).is_empty() {
            let names = option.names.join(" | ");
            let failure = Failure::usage(format!("The following option is required: [{names}]"));
            let form = option.form(option.names[0]);
            return Err(failure.remedy(format!("write `{} {form}`", command.name)));
        }
    }
    let command = Some((command, values));
    Ok(Line { global, command })
}

/// A word that is no option of the command.
fn stray(command: &Command, word: &str, text: String) -> Failure {
    let failure = Failure::usage(text);
    let mut names = command.options.iter().flat_map(|option| option.names);
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
    if !value.is_empty() && names.any(|known| *known == name) {
        return failure.remedy(format!(
            "write the value as a word of its own: `{name} {value}`"
        ));
    }
    let names = command.options.iter().flat_map(|option| option.names);
    failure.near(word, names.copied())
}

/// Words from files take the place of `@file`: each line is one, but for comments.
fn expanded(args: &[String]) -> Result<Vec<String>, Failure> {
    let mut words = Vec::with_capacity(args.len());
    for arg in args {
        let Some(file) = arg.strip_prefix('@') else {
            words.push(arg.clone());
            continue;
        };
        let unread = |reason: &dyn std::fmt::Display| {
            Failure::usage(format!("Could not read file {file}: {reason}"))
                .remedy("a word that begins with `@` names a file whose lines are words")
        };
        let size = std::fs::metadata(file).map_err(|error| unread(&error))?;
        if size.len() > LONGEST_FILE {
            return Err(unread(&"it has more than 1 MiB"));
        }
        let text = std::fs::read_to_string(file).map_err(|error| unread(&error))?;
        let lines = text.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        words.extend(lines.map(ToOwned::to_owned));
    }
    Ok(words)
}

/// Options as long as there are any, and the first word that is none.
fn options<'a>(
    known: &'static [Opt],
    words: &mut impl Iterator<Item = &'a str>,
) -> Result<(Values, Option<&'a str>), Failure> {
    let mut values = Values::default();
    while let Some(word) = words.next() {
        let Some(option) = known
            .iter()
            .find(|option| option.names.contains(&word.trim()))
        else {
            return Ok((values, Some(word)));
        };
        take(&mut values, option, word, words)?;
    }
    Ok((values, None))
}

fn take<'a>(
    values: &mut Values,
    option: &'static Opt,
    word: &str,
    words: &mut impl Iterator<Item = &'a str>,
) -> Result<(), Failure> {
    let name = option.names[0];
    let count = match option.kind {
        Kind::Flag => {
            let flag = values.flags.entry(name).or_default();
            *flag = !*flag;
            return Ok(());
        }
        Kind::Texts(values) => values.len(),
        _ => 1,
    };
    if !matches!(option.kind, Kind::Texts(_)) && values.given.contains_key(name) {
        let failure = Failure::usage(format!("Can only specify option {word} once."));
        return Err(failure.remedy("leave one of them out"));
    }
    let found: Vec<String> = words.take(count).map(ToOwned::to_owned).collect();
    if found.len() < count {
        let failure = Failure::usage(if found.is_empty() {
            format!("Expected a value after parameter {word}")
        } else {
            format!("Expected {count} values after {word}")
        });
        return Err(failure.remedy(format!("write `{}`", option.form(word))));
    }
    for text in &found {
        look_at(option.kind, word, text)?;
    }
    values.given.entry(name).or_default().extend(found);
    Ok(())
}

/// Fails if the value is not of its kind.
fn look_at(kind: Kind, word: &str, text: &str) -> Result<(), Failure> {
    let is_truth = |text: &str| {
        ["true", "false"]
            .iter()
            .any(|truth| text.eq_ignore_ascii_case(truth))
    };
    let (is_right, what) = match kind {
        Kind::Truth => (is_truth(text), "a boolean"),
        Kind::Integer(_) => (text.parse::<i32>().is_ok(), "an integer"),
        Kind::Long(_) => (text.parse::<i64>().is_ok(), "a long"),
        Kind::Flag | Kind::Text(_) | Kind::Texts(_) => return Ok(()),
    };
    if is_right {
        return Ok(());
    }
    let failure = Failure::usage(format!("\"{word}\": couldn't convert \"{text}\" to {what}"));
    Err(match kind {
        Kind::Truth => failure.remedy(format!("write `{word} true` or `{word} false`")),
        Kind::Integer(_) => failure.remedy(format!("write a whole number, such as `{word} 8887`")),
        _ => failure.remedy(format!("write a whole number, such as `{word} 42`")),
    })
}
