//! What a JSON value must look like: the part of JSON Schema (draft 2020-12) that has a key in files.

use sockeye_core::quoted;

use crate::json::Tree;
use crate::matcher::operator::Operator;

/// Tells whether a value is of a type.
pub(crate) type IsKind = fn(&Tree<'_>) -> bool;

/// A schema. Each part holds by itself; what is not said is not asked for.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    /// Types of which the value has one; none: any.
    pub(crate) kinds: Vec<(&'static str, IsKind)>,
    /// Tests, and for which values each of them is.
    pub(crate) tests: Vec<(IsKind, Box<dyn Operator>)>,
    /// Bounds of sizes.
    pub(crate) sizes: Vec<Size>,
    /// Members that must be there.
    pub(crate) required: Vec<String>,
    /// What known members must look like.
    pub(crate) members: Vec<(String, Schema)>,
    /// What other members must look like.
    pub(crate) others: Others,
    /// What each item of a list must look like.
    pub(crate) items: Option<Box<Schema>>,
}

/// Members that a schema does not name.
#[derive(Debug, Default)]
pub(crate) enum Others {
    #[default]
    Free,
    Refused,
    Like(Box<Schema>),
}

/// A bound of a size.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    pub(crate) of: Measure,
    pub(crate) bound: u64,
    pub(crate) is_least: bool,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    Characters,
    Items,
    Members,
}

impl Measure {
    /// The size of a value that this is about.
    fn of(self, value: &Tree<'_>) -> Option<u64> {
        let size = match (self, value) {
            (Self::Characters, Tree::Text(text)) => text.chars().count(),
            (Self::Items, Tree::List(items)) => items.len(),
            (Self::Members, Tree::Object(members)) => members.len(),
            _ => return None,
        };
        u64::try_from(size).ok()
    }

    fn name(self) -> &'static str {
        match self {
            Self::Characters => "characters",
            Self::Items => "items",
            Self::Members => "members",
        }
    }
}

impl Schema {
    /// What is wrong first with `value`, which is known as `at`: `params.id is not at least 1`.
    pub(crate) fn fault(&self, value: &Tree<'_>, at: &str) -> Option<String> {
        self.own_fault(value, at)
            .or_else(|| self.fault_of_members(value, at))
            .or_else(|| self.fault_of_items(value, at))
    }

    fn own_fault(&self, value: &Tree<'_>, at: &str) -> Option<String> {
        if !self.kinds.is_empty() && !self.kinds.iter().any(|(_, is)| is(value)) {
            let names: Vec<&str> = self.kinds.iter().map(|(name, _)| *name).collect();
            let names = names.join(" or ");
            return Some(format!("{at} is {}, not of type {names}", value.kind()));
        }
        let mut tests = self.tests.iter().filter(|(applies, _)| applies(value));
        if let Some((_, test)) = tests.find(|(_, test)| !test.holds(Some(value))) {
            return Some(format!("{at} is not {}", test.describe()));
        }
        self.sizes.iter().find_map(|size| size.fault(value, at))
    }

    fn fault_of_members(&self, value: &Tree<'_>, at: &str) -> Option<String> {
        let Tree::Object(found) = value else {
            return None;
        };
        let missing = self.required.iter().find(|name| value.get(name).is_none());
        if let Some(name) = missing {
            return Some(format!("{at} has no {}", quoted(name)));
        }
        for (name, schema) in &self.members {
            let fault = value
                .get(name)
                .map(|value| schema.fault(value, &join(at, name)));
            if let Some(fault) = fault.flatten() {
                return Some(fault);
            }
        }
        let is_known = |name: &str| self.members.iter().any(|(known, _)| known == name);
        let mut others = found.iter().filter(|(name, _)| !is_known(name));
        match &self.others {
            Others::Free => None,
            Others::Refused => {
                let (name, _) = others.next()?;
                Some(format!(
                    "{at} has a member {}, which is not known",
                    quoted(name)
                ))
            }
            Others::Like(schema) => {
                others.find_map(|(name, value)| schema.fault(value, &join(at, name)))
            }
        }
    }

    fn fault_of_items(&self, value: &Tree<'_>, at: &str) -> Option<String> {
        let (Tree::List(items), Some(schema)) = (value, &self.items) else {
            return None;
        };
        let mut numbered = items.iter().enumerate();
        numbered.find_map(|(number, item)| schema.fault(item, &format!("{at}[{number}]")))
    }
}

impl Size {
    fn fault(self, value: &Tree<'_>, at: &str) -> Option<String> {
        let size = self.of.of(value)?;
        let (is_wrong, word) = if self.is_least {
            (size < self.bound, "at least")
        } else {
            (size > self.bound, "at most")
        };
        let (bound, what) = (self.bound, self.of.name());
        is_wrong.then(|| format!("{at} has {size} {what}, not {word} {bound}"))
    }
}

/// The place of a member.
fn join(at: &str, name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if !name.is_empty() && name.len() <= 60 && name.chars().all(is_plain) {
        format!("{at}.{name}")
    } else {
        format!("{at}[{}]", quoted(name))
    }
}
