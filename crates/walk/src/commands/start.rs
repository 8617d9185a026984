//! `start` passes through here: models come in, a machine stands before its first step.

use std::sync::Arc;

use sockeye_model::Suite;

use super::{Fault, Scene, suite};
use crate::limits::NAME_BYTES;
use crate::plain::is_plain;
use crate::profile::Protocol;
use crate::registry::Beginning;
use crate::request::Key;
use crate::walk::{Origin, Walk};

pub(super) fn run(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    match member(scene)? {
        Some(member) => from_either(scene, member)?,
        None => from_loaded(scene)?,
    }
    let session = scene.conversation.walk.as_ref();
    let session = session.map(|walk| (walk.seed(), walk.card.id.clone()));
    let has_extras = scene.has_extras() && scene.key == Key::Command;
    let mut reply = scene.succeed();
    if let Some((seed, id)) = session.filter(|_| has_extras) {
        reply.whole("seed", seed).text("sessionId", &id);
    }
    Ok(())
}

/// The member with the models; none if they were loaded before.
fn member(scene: &Scene<'_, '_>) -> Result<Option<&'static str>, Fault> {
    let names: &[&str] = match scene.conversation.dialect.forced {
        Some(Protocol::V32 | Protocol::V33 | Protocol::Editor) => &[],
        Some(Protocol::V34) => &["gw3"],
        Some(Protocol::V42) => &["gw", "gw3"],
        Some(Protocol::V43 | Protocol::Rs) => &["gw"],
        None => &["gw", "gw3", "model"],
    };
    let mut present = names.iter().filter(|name| scene.request.has(name));
    if let Some(name) = present.next() {
        return Ok(Some(name));
    }
    let is_loading = scene.key == Key::Type || scene.protocol == Protocol::Editor;
    if is_loading || !scene.conversation.loaded.is_empty() {
        return Ok(None);
    }
    // 4.0 to 4.2 fall back to `gw3` and then speak of that.
    let missing = match scene.conversation.dialect.forced {
        Some(Protocol::V34 | Protocol::V42) => "gw3",
        _ => "gw",
    };
    Err(Fault::Failed(format!(
        "JSONObject[\"{missing}\"] not found."
    )))
}

/// 4.0 to 4.2 tried `gw3` when anything was wrong with `gw`, and then spoke of that.
fn from_either(scene: &mut Scene<'_, '_>, member: &str) -> Result<(), Fault> {
    let first = from_request(scene, member);
    let may_be_other = member == "gw" && scene.protocol == Protocol::V42;
    if !may_be_other || !matches!(first, Err(Fault::Failed(_))) {
        return first;
    }
    let is_faulty = scene.conversation.service.options.bug_compatible;
    if scene.request.has("gw3") || is_faulty {
        return from_request(scene, "gw3");
    }
    first
}

fn from_request(scene: &mut Scene<'_, '_>, member: &str) -> Result<(), Fault> {
    let text = scene.request.object(member)?;
    let seed = scene.request.whole("seed")?;
    let name = scene.request.maybe_text("name")?.map(String::from);
    let globals = scene.request.maybe_text("globalData")?.map(String::from);
    if name.as_ref().is_some_and(|name| name.len() > NAME_BYTES) {
        let text = format!("`name` has at most {NAME_BYTES} bytes: choose a shorter one");
        return Err(Fault::Failed(text));
    }
    let is_plain = globals.as_deref().is_none_or(is_plain);
    if scene.conversation.is_light && !is_plain {
        return Err(Fault::Elsewhere);
    }
    let found = suite::read(text, &mut scene.conversation.random)?;
    suite::weigh(scene, &found)?;
    let seed = seed.or(found.seed);
    let origin = Origin {
        seed: seed.unwrap_or_else(|| scene.conversation.service.seed()),
        suite: Arc::new(found),
        globals,
        is_light: scene.conversation.is_light,
        compat: scene.conversation.service.options.compat(),
    };
    begin(scene, origin, name)?;
    scene.conversation.loaded.clear();
    Ok(())
}

/// The models that were loaded. Those that are walked already go on from where they are, and visits are counted anew.
fn from_loaded(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let models = scene.conversation.loaded.clone();
    let found = Suite {
        models,
        ..Suite::default()
    };
    suite::weigh(scene, &found)?;
    let found = Arc::new(found);
    let conversation = &mut *scene.conversation;
    if let Some(walk) = &mut conversation.walk
        && walk.suite().models.len() <= found.models.len()
        && found.models.starts_with(&walk.suite().models)
    {
        if walk.suite().models.len() < found.models.len() {
            walk.extend(found)?;
        }
        walk.recount();
        return Ok(());
    }
    let origin = Origin {
        seed: conversation.service.seed(),
        suite: found,
        globals: None,
        is_light: conversation.is_light,
        compat: conversation.service.options.compat(),
    };
    begin(scene, origin, None)
}

/// A machine that cannot be made leaves the one before in its place.
fn begin(scene: &mut Scene<'_, '_>, origin: Origin, name: Option<String>) -> Result<(), Fault> {
    let mut origin = origin;
    // The script runs in the scope that all models see.
    origin.globals = origin.globals.filter(|globals| !globals.trim().is_empty());
    let machine = origin.machine()?;
    let conversation = &mut *scene.conversation;
    conversation.end_walk();
    let beginning = Beginning {
        name,
        seed: origin.seed,
        bell: conversation.bell.clone(),
        group: None,
    };
    let card = conversation
        .service
        .registry
        .begin(beginning, &origin.suite);
    conversation.due = None;
    conversation.walk = Some(Walk::new(machine, card, origin));
    Ok(())
}
