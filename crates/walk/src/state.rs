//! How a walk is doing passes through here as members of a message: coverage, requirements, variables, what was missed.

use sockeye_model::Suite;
use sockeye_model::machine::{Machine, Missed, Status};

use crate::reply::{Object, array, nested};
use crate::walk::Walk;

/// Elements and requirements of one kind that a `sessionState` lists. Beyond: only their number is told.
const LISTED: usize = 1_000;

/// The `sessionState` message.
pub(crate) fn write(walk: &mut Walk, object: &mut Object<'_>) {
    let card = std::sync::Arc::clone(&walk.card);
    object
        .text("command", "sessionState")
        .text("sessionId", &card.id)
        .truth("paused", card.is_paused())
        .whole("totalCount", walk.machine.total_visits());
    if let Some(step) = card.current() {
        let (model, element, _) = walk.ids(step);
        object.text("modelId", model).text("elementId", element);
    }
    object.number("stopConditionFulfillment", walk.machine.fulfilment());
    if let Ok(pairs) = walk.data() {
        object.with("data", |out| data_object(out, pairs));
    }
    let suite = std::sync::Arc::clone(walk.suite());
    object.with("models", |out| models(out, &suite, &walk.machine));
    let statistics = walk.machine.statistics();
    object
        .whole("edgeCoverage", statistics.edge_coverage())
        .whole("vertexCoverage", statistics.vertex_coverage());
    object.with("requirements", |out| {
        let found = &statistics.requirements;
        let groups = [
            ("passed", &found.passed),
            ("failed", &found.failed),
            ("notCovered", &found.not_covered),
        ];
        nested(out, |object| {
            for (name, keys) in groups {
                object.array(name, keys.iter().take(LISTED), |out, (model, key)| {
                    required(out, &suite, "requirementKey", key, *model);
                });
            }
        });
    });
}

/// Variables as one object.
pub(crate) fn data_object(out: &mut String, pairs: &[(String, String)]) {
    nested(out, |object| {
        for (name, value) in pairs {
            object.text(name, value);
        }
    });
}

fn models(out: &mut String, suite: &Suite, machine: &Machine) {
    let all = suite.models.iter().enumerate().take(LISTED);
    array(out, all, |out, (number, model)| {
        nested(out, |object| {
            object
                .text("id", &model.id)
                .maybe("name", model.name.as_deref())
                .text("status", status_name(machine.status(number)));
        });
    });
}

/// The name of a status.
pub(crate) fn status_name(status: Option<Status>) -> &'static str {
    match status {
        None | Some(Status::NotExecuted) => "NOT_EXECUTED",
        Some(Status::Executing) => "EXECUTING",
        Some(Status::Completed) => "COMPLETED",
        Some(Status::Failed) => "FAILED",
    }
}

/// A requirement under this name, and the name of its model.
fn required(out: &mut String, suite: &Suite, name: &str, key: &str, model: usize) {
    let model = &suite.models[model];
    nested(out, |object| {
        object
            .text(name, key)
            .maybe("modelName", model.name.as_deref());
    });
}

/// The members of the statistics, with the names that clients of the REST service know.
pub(crate) fn statistics(machine: &Machine, object: &mut Object<'_>) {
    let suite = machine.suite();
    let found = machine.statistics();
    object
        .whole("totalNumberOfModels", found.models)
        .whole("totalCompletedNumberOfModels", found.completed)
        .whole("totalIncompleteNumberOfModels", found.incomplete)
        .whole("totalFailedNumberOfModels", found.failed)
        .whole("totalNotExecutedNumberOfModels", found.not_executed)
        .whole("totalNumberOfEdges", found.edges)
        .whole("totalNumberOfVisitedEdges", found.visited_edges)
        .whole(
            "totalNumberOfUnvisitedEdges",
            found.edges - found.visited_edges,
        )
        .whole("totalNumberOfVertices", found.vertices)
        .whole("totalNumberOfVisitedVertices", found.visited_vertices)
        .whole(
            "totalNumberOfUnvisitedVertices",
            found.vertices - found.visited_vertices,
        )
        .whole("edgeCoverage", found.edge_coverage())
        .whole("vertexCoverage", found.vertex_coverage());
    object.with("edgesNotVisited", |out| {
        array(out, &found.edges_not_visited, |out, edge| {
            missed(out, suite, ["edgeName", "edgeId"], edge);
        });
    });
    object.with("verticesNotVisited", |out| {
        array(out, &found.vertices_not_visited, |out, vertex| {
            missed(out, suite, ["vertexName", "vertexId"], vertex);
        });
    });
    let requirements = &found.requirements;
    if requirements.total() == 0 {
        return;
    }
    let number = |keys: &[(usize, Box<str>)]| u32::try_from(keys.len()).unwrap_or(u32::MAX);
    object
        .whole("totalNumberOfRequirement", requirements.total())
        .whole(
            "totalNumberOfUncoveredRequirement",
            number(&requirements.not_covered),
        )
        .whole(
            "totalNumberOfPassedRequirement",
            number(&requirements.passed),
        )
        .whole(
            "totalNumberOfFailedRequirement",
            number(&requirements.failed),
        )
        .whole("requirementCoverage", requirements.coverage());
    // The capital letter is the reference's, and clients read it.
    for (name, key, keys) in [
        (
            "requirementsNotCovered",
            "requirementKey",
            &requirements.not_covered,
        ),
        ("requirementsPassed", "requirementKey", &requirements.passed),
        ("requirementsFailed", "RequirementKey", &requirements.failed),
    ] {
        object.with(name, |out| {
            array(out, keys, |out, (model, text)| {
                required(out, suite, key, text, *model);
            });
        });
    }
}

fn missed(out: &mut String, suite: &Suite, names: [&str; 2], missed: &Missed) {
    let model = &suite.models[missed.model];
    nested(out, |object| {
        object
            .maybe(names[0], model.name_of(missed.element))
            .text(names[1], model.id_of(missed.element))
            .maybe("modelName", model.name.as_deref());
    });
}
