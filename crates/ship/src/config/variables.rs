//! Values pass through here: `${NAME}` becomes what `@SET`, `env` or the environment says.

use std::fmt;

use sockeye_core::{Mistake, Mistakes, Place, quoted};

/// What the environment says about a name.
#[derive(Clone, Copy)]
pub struct Environment<'e>(pub &'e dyn Fn(&str) -> Option<String>);

impl fmt::Debug for Environment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Environment")
    }
}

/// The longest value after replacing, in bytes: variables may name values, and those grow.
const LONGEST_VALUE: usize = 1024 * 1024;

/// The variables of a configuration.
#[derive(Debug)]
pub(super) struct Variables<'e> {
    set: Vec<(String, String)>,
    environment: Environment<'e>,
    /// Names of which it was said that they are not set.
    told: Vec<String>,
}

impl<'e> Variables<'e> {
    pub(super) fn new(environment: Environment<'e>) -> Self {
        Self {
            set: Vec::new(),
            environment,
            told: Vec::new(),
        }
    }

    /// Sets a variable; the last one counts.
    pub(super) fn set(&mut self, name: &str, value: String) {
        self.set.push((name.to_owned(), value));
    }

    fn get(&self, name: &str) -> Option<String> {
        let set = self.set.iter().rev().find(|(known, _)| known == name);
        set.map(|(_, value)| value.clone())
            .or_else(|| (self.environment.0)(name))
            .or_else(|| (name == "HOSTNAME").then(host_name))
    }

    /// The text with its variables replaced. One that is not set is empty and a warning.
    pub(super) fn replaced(
        &mut self,
        text: &str,
        place: &Place,
        mistakes: &mut Mistakes,
    ) -> String {
        if !text.contains("${") {
            return text.to_owned();
        }
        let mut value = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, behind)) = rest.split_once("${") {
            value.push_str(before);
            let Some((name, after)) = behind.split_once('}') else {
                mistakes.push(unclosed(place));
                return value;
            };
            value.push_str(&self.value(name, place, mistakes));
            rest = after;
            if value.len() > LONGEST_VALUE {
                let message = format!("a value of more than {LONGEST_VALUE} bytes");
                mistakes.push(Mistake::at(place, message).remedy("write a shorter one"));
                return value;
            }
        }
        value.push_str(rest);
        value
    }

    fn value(&mut self, name: &str, place: &Place, mistakes: &mut Mistakes) -> String {
        let (name, default) = match name.split_once(":-") {
            Some((name, default)) => (name, Some(default)),
            None => (name, None),
        };
        if let Some(value) = self
            .get(name)
            .filter(|value| default.is_none() || !value.is_empty())
        {
            return value;
        }
        if let Some(default) = default {
            return default.to_owned();
        }
        if !self.told.iter().any(|told| told == name) {
            self.told.push(name.to_owned());
            let message = format!("the variable {} is not set", quoted(name));
            let remedy = format!("set it, or write a default: `${{{name}:-value}}`");
            mistakes.push(
                Mistake::at(place, message)
                    .label("empty")
                    .remedy(remedy)
                    .warning(),
            );
        }
        String::new()
    }
}

fn unclosed(place: &Place) -> Mistake {
    Mistake::at(place, "a variable without its closing brace")
        .label("`${` is opened here")
        .remedy("write `${NAME}`")
}

fn host_name() -> String {
    let name = rustix::system::uname();
    name.nodename().to_string_lossy().into_owned()
}
