//! `convertGraphml` passes through here: a drawing of yEd in, the text of a model file out.

use sockeye_model::json::{self, Scope};
use sockeye_model::{Suite, graphml};

use super::{Fault, Scene};

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let text = scene.request.text("graphml")?;
    let model = graphml::read(&text, "", &mut scene.conversation.random)?;
    let suite = Suite {
        models: vec![model],
        ..Suite::default()
    };
    let text = json::write(&suite, Scope::Reference);
    scene.succeed().text("models", &text);
    Ok(())
}
