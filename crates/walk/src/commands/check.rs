//! `check` passes through here: what is wrong with models, without a session.

use sockeye_model::check::check;

use super::{Fault, Scene, suite};
use crate::reply::{array, quote};

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let text = scene.request.object("gw")?;
    let found = suite::read(text, &mut scene.conversation.random)?;
    suite::weigh(scene, &found)?;
    let findings = check(&found);
    scene.succeed().with("issues", |out| {
        array(out, &findings, |out, finding| quote(out, &finding.text));
    });
    Ok(())
}
