//! A small world for templates: a message, parameters, a fixed clock and a seeded source.

use std::borrow::Cow;

use serde_json::{Value, json};
use sockeye_core::{Clock, Random};
use sockeye_script::template::{
    Dialect, Found, JsonTemplate, RenderError, Root, Scope, Step, Template, Vars, walk,
};

pub(crate) const SEED: u64 = 42;

/// Values for every root.
pub(crate) struct World {
    pub(crate) message: Value,
    pub(crate) others: Value,
}

impl World {
    pub(crate) fn of(message: Value) -> Self {
        let others = json!({
            "params": {"id": 9},
            "path": {"username": "Ann B", "room": "lobby"},
            "query": {"token": "abc", "arr": ["1", "2"]},
            "headers": {"host": "localhost", "x-request-id": "r1"},
            "match": {"name": "matched"},
            "connection": {"id": "conn-1", "query": {"token": "abc"}},
            "state": {"count": 3},
            "id": "call-1",
            "method": "user.get",
        });
        Self { message, others }
    }
}

impl Vars for World {
    fn find(&self, root: Root, path: &[Step]) -> Found<'_> {
        let base = match root {
            Root::Message | Root::JsonParams => Some(&self.message),
            Root::Params => self.others.get("params"),
            Root::PathParams => self.others.get("path"),
            Root::QueryParams => self.others.get("query"),
            Root::HeaderParams => self.others.get("headers"),
            Root::Match => self.others.get("match"),
            Root::Connection => self.others.get("connection"),
            Root::State => self.others.get("state"),
            Root::Id => self.others.get("id"),
            Root::Method => self.others.get("method"),
            Root::Sequence => return Found::Int(17),
        };
        let found = base.and_then(|base| walk(base, path));
        found.map_or(Found::Missing, |value| Found::Json(Cow::Borrowed(value)))
    }

    fn connection_count(&self, everywhere: bool) -> u64 {
        if everywhere { 12 } else { 5 }
    }

    fn env(&self, name: &str) -> Option<String> {
        (name == "API_TOKEN").then(|| "s3cret".to_owned())
    }
}

pub(crate) fn clock() -> Clock {
    Clock::fixed("2024-01-15T10:30:00.123456Z".parse().unwrap())
}

/// Lends a scope over `world` with the standard seed and clock.
pub(crate) fn with_scope<T>(world: &World, work: impl FnOnce(&mut Scope<'_>) -> T) -> T {
    let mut random = Random::seeded(SEED);
    let clock = clock();
    work(&mut Scope {
        vars: world,
        random: &mut random,
        clock: &clock,
    })
}

pub(crate) fn try_text(
    text: &str,
    dialect: Dialect,
    message: Value,
) -> Result<String, RenderError> {
    let template = Template::parse(text, dialect)
        .unwrap_or_else(|mistake| panic!("{text}: {mistake} {:?}", mistake.remedy));
    let mut out = Vec::new();
    with_scope(&World::of(message), |scope| {
        template.render_text(scope, &mut out)
    })?;
    Ok(String::from_utf8(out).unwrap())
}

/// The text of a MockForge template over `message`.
pub(crate) fn mockforge(text: &str, message: Value) -> String {
    try_text(text, Dialect::MockForge, message).unwrap()
}

/// The text of a Moclojer template over `message`.
pub(crate) fn moclojer(text: &str, message: Value) -> String {
    try_text(text, Dialect::Moclojer, message).unwrap()
}

/// The JSON value of a template, written and read again.
pub(crate) fn value(text: &str, message: Value) -> Value {
    let template = Template::parse(text, Dialect::MockForge).unwrap();
    let world = World::of(message);
    let mut out = Vec::new();
    with_scope(&world, |scope| template.render_json(scope, &mut out)).unwrap();
    let written: Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(
        with_scope(&world, |scope| template.value(scope)).unwrap(),
        written,
        "{text}"
    );
    written
}

/// The text of a document of MockForge templates.
pub(crate) fn document(document: &Value, message: Value) -> String {
    let template = JsonTemplate::compile(document, Dialect::MockForge).unwrap();
    let mut out = Vec::new();
    with_scope(&World::of(message), |scope| {
        template.render(scope, &mut out)
    })
    .unwrap();
    String::from_utf8(out).unwrap()
}
