//! `pauseSession`, `resumeSession`, `stepSession`, `setDelay` and `setBreakpoints` pass through here.

use std::time::Duration;

use super::{Fault, Scene};

pub(super) fn pause(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text("sessionId")?;
    let observer = scene.conversation.observer;
    scene.conversation.service.registry.pause(&id, observer)?;
    scene.succeed();
    Ok(())
}

pub(super) fn resume(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text("sessionId")?;
    scene.conversation.service.registry.resume(&id)?;
    scene.succeed();
    Ok(())
}

pub(super) fn step(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text("sessionId")?;
    scene.conversation.service.registry.step(&id)?;
    scene.succeed();
    Ok(())
}

pub(super) fn delay(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text("sessionId")?;
    let delay = scene.request.whole("value")?;
    let delay = delay.and_then(|delay| u64::try_from(delay).ok());
    let delay = delay.ok_or_else(|| {
        Fault::Failed("`value` must be the delay in milliseconds, 0 for none".to_owned())
    })?;
    let observer = scene.conversation.observer;
    let registry = &scene.conversation.service.registry;
    registry.set_delay(&id, observer, Duration::from_millis(delay))?;
    scene.succeed();
    Ok(())
}

pub(super) fn breakpoints(scene: &mut Scene<'_, '_>) -> Result<(), Fault> {
    let id = scene.request.text("sessionId")?;
    let wrong = || {
        let text = "`breakpoints` must be an array of texts, each a model's id, a comma and an element's id";
        Fault::Failed(text.to_owned())
    };
    let raw = scene.request.raw("breakpoints").ok_or_else(wrong)?;
    let places: Vec<String> = serde_json::from_str(raw).map_err(|_| wrong())?;
    let places = places.iter().map(|place| {
        let (model, element) = place.rsplit_once(',')?;
        Some((model.trim().to_owned(), element.trim().to_owned()))
    });
    let places: Option<Vec<_>> = places.collect();
    let observer = scene.conversation.observer;
    let registry = &scene.conversation.service.registry;
    registry.set_breakpoints(&id, observer, &places.ok_or_else(wrong)?)?;
    scene.succeed();
    Ok(())
}
