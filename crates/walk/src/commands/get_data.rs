//! `getData` passes through here: the variables of the current model.

use super::visited::{self, Shape};
use super::{Fault, Scene};

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let shape = Shape::of(scene.protocol, scene.key);
    let shape = shape.with_faults(scene.conversation.service.options.bug_compatible);
    let pairs = scene.walk()?.data()?.to_vec();
    let is_strict = scene.conversation.service.options.strict_silence;
    if is_strict && scene.protocol.is_legacy() && pairs.iter().any(|(_, value)| value == "null") {
        return Err(Fault::Failed(
            "the reference says nothing of null".to_owned(),
        ));
    }
    visited::data(&mut scene.succeed(), &pairs, shape);
    Ok(())
}
