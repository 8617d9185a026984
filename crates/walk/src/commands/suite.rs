//! The text of models passes through here, read within bounds and weighed: may they be walked on an I/O thread?

use sockeye_core::Random;
use sockeye_model::plan::{Generator, Plan};
use sockeye_model::{Model, Suite, json};

use super::{Fault, Scene};
use crate::limits::{ELEMENTS, LIGHT_ELEMENTS, LIGHT_SEARCHED, MODELS};
use crate::plain::is_plain_suite;

/// Reads models within the bounds of a session.
pub(crate) fn read(text: &str, random: &mut Random) -> Result<Suite, String> {
    let suite = json::read(text, random).map_err(|error| error.to_string())?;
    bound(&suite.models)?;
    Ok(suite)
}

/// Whether a session may have all these models.
pub(super) fn bound(models: &[Model]) -> Result<(), String> {
    if models.len() > MODELS {
        return Err(format!(
            "a session has at most {MODELS} models, these are {}: start several sessions",
            models.len()
        ));
    }
    let elements = elements(models);
    if elements > ELEMENTS {
        return Err(format!(
            "a session has at most {ELEMENTS} vertices and edges, these are {elements}: start several sessions"
        ));
    }
    Ok(())
}

/// How many vertices and edges models have together.
pub(crate) fn elements(models: &[Model]) -> usize {
    let sizes = models
        .iter()
        .map(|model| model.vertices.len() + model.edges.len());
    sizes.sum()
}

/// Models that may take long must be walked elsewhere. Says whether they may.
pub(super) fn weigh(scene: &Scene<'_, '_>, suite: &Suite) -> Result<bool, Fault> {
    let most = if suite.models.iter().all(is_quick) {
        LIGHT_ELEMENTS
    } else {
        LIGHT_SEARCHED
    };
    let is_heavy = elements(&suite.models) > most || !is_plain_suite(suite);
    if is_heavy && scene.conversation.is_light {
        return Err(Fault::Elsewhere);
    }
    Ok(is_heavy)
}

/// Whether a step looks at what lies next and no further. A text that means nothing fails anyway.
fn is_quick(model: &Model) -> bool {
    let plan = model.generator.as_deref().map(Plan::parse);
    let Some(Ok(plan)) = plan else { return true };
    plan.stages.iter().all(|stage| {
        matches!(
            stage.generator,
            Generator::Random | Generator::Weighted | Generator::Predefined
        )
    })
}
