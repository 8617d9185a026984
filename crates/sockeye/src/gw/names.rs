//! `gw methods` and `gw requirements`: models in, the names of their elements or their requirements out, sorted.

use std::collections::BTreeSet;
use std::io::{Write as _, stdout};

use super::failure::Failure;
use super::models;
use super::words::Values;

/// Prints the names of all elements.
pub(super) fn methods(values: &Values) -> Result<(), Failure> {
    let suite = models::all(values.texts("--model"), values.is_blocked())?;
    let names = suite.models.iter().flat_map(|model| {
        let elements = model.elements();
        elements.filter_map(|element| model.name_of(element))
    });
    print(names)
}

/// Prints the requirements of all elements and of the models.
pub(super) fn requirements(values: &Values) -> Result<(), Failure> {
    let suite = models::all(values.texts("--model"), values.is_blocked())?;
    let keys = suite.models.iter().flat_map(|model| {
        let of_elements = model.elements();
        let of_elements = of_elements.flat_map(|element| model.requirements_of(element));
        model.requirements.iter().chain(of_elements)
    });
    print(keys.map(|key| &**key))
}

/// Each name once, in the order of their UTF-16 code units.
fn print<'a>(names: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
    let names: BTreeSet<Vec<u16>> = names.map(|name| name.encode_utf16().collect()).collect();
    let lines = names
        .iter()
        .map(|name| String::from_utf16_lossy(name) + "\n");
    let text: String = lines.collect();
    Ok(stdout().write_all(text.as_bytes())?)
}
