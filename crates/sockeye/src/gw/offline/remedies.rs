//! Whatever keeps a walk from its next step passes through here and gets what can be done about it.

use sockeye_model::Suite;
use sockeye_model::machine::{Machine, WalkError};

use crate::gw::failure::Failure;

/// What keeps this machine from going on.
pub(super) fn stopped(machine: &Machine, error: &WalkError) -> Failure {
    failure(error, machine.suite())
}

/// What keeps a walk from going on, and what can be done about it.
pub(super) fn failure(error: &WalkError, suite: &Suite) -> Failure {
    let failure = Failure::run(error.to_string());
    match error {
        WalkError::NoStartModel => failure.remedy(
            "no model has a start element: give one a `startElementId`, a vertex named Start, or use --start-element",
        ),
        WalkError::NoGenerator => failure.remedy(
            "every model needs a generator; --model gives one to the first model of its file only, so that the others \
             have theirs in the file",
        ),
        WalkError::NoVertex(name) | WalkError::NoEdge(name) => unknown(failure, name, suite),
        WalkError::NoSharedState(name) => {
            failure.remedy(format!("no vertex has the shared state `{name}`"))
        }
        WalkError::NoPath(element) => failure.remedy(format!(
            "no edge leads on from {element}, or all their guards are closed: add an edge, or stop before it"
        )),
        WalkError::NotEulerian => failure.remedy(
            "use directed_chinese_postman, which goes over edges again where it must; `gw check` says which vertices \
             are in the way",
        ),
        WalkError::Weights(_) => failure.remedy("make the weights of its open edges at most 1"),
        WalkError::NoWeight(_) => {
            failure.remedy("make the weights of its open edges 1, or leave out one of them")
        }
        WalkError::Guard(_, spot) => failure.remedy(format!("it is the guard {spot}")),
        WalkError::Action(_, Some(spot)) => failure.remedy(format!("it is the action {spot}")),
        _ => failure,
    }
}

/// A name that no element has.
fn unknown(failure: Failure, name: &str, suite: &Suite) -> Failure {
    let names = suite.models.iter().flat_map(|model| {
        let elements = model.elements();
        elements.filter_map(|element| model.name_of(element))
    });
    failure.remedy(match sockeye_core::nearest(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`gw methods` prints the names of a model".to_owned(),
    })
}
