//! `getData` passes through here: the variables of the current model.

use super::visited::{self, Shape};
use super::{Fault, Scene};

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let shape = Shape::of(scene.protocol, scene.key);
    let shape = shape.with_context(scene.conversation.service.options.bug_compatible);
    let pairs = scene.walk()?.data()?.to_vec();
    visited::data(&mut scene.succeed(), &pairs, shape);
    Ok(())
}
