//! The default endpoint: what answers when no handler was written.

use std::sync::Arc;

use sockeye_net::LinkSettings;
use sockeye_script::template::{Dialect, JsonTemplate};

use super::{DEFAULT_PATH, link, route};
use crate::act::Act;
use crate::answer::Answer;
use crate::chaos::Chaos;
use crate::dialect::{Part, Reading};
use crate::matcher::any::AnyMessage;
use crate::matcher::shape::{JsonShape, Shape};
use crate::message_log::MessageLog;
use crate::path::{Notation, PathPattern};
use crate::plan::{Responder, Route, Settings, SocketRoute};
use crate::rules::{Rule, Rules};

use super::replay::{self, Wanted};

/// The part of a file that says nothing: the default handler on every path.
pub(crate) fn default_part(reading: &mut Reading<'_>) -> Part {
    let wanted = replay::of_overrides(reading);
    let overrides = reading.overrides;
    let link = Arc::new(link(None, None, None, 0.0, overrides));
    let path = PathPattern::parse(
        overrides.path.as_deref().unwrap_or(DEFAULT_PATH),
        Notation::Braces,
    );
    let at = |path| at(path, &link, None, wanted.as_ref());
    let routes = path.into_iter().map(at).collect();
    let fallback = Some(Arc::new(endpoint("any path", &link, wanted.as_ref())));
    Part {
        routes,
        settings: Settings::default(),
        fallback,
    }
}

/// The default endpoint on `path`.
pub(super) fn at(
    path: PathPattern,
    link: &Arc<LinkSettings>,
    chaos: Option<&Arc<Chaos>>,
    wanted: Option<&Wanted>,
) -> Route {
    let mut socket = endpoint(&path.to_string(), link, wanted);
    socket.chaos = chaos.cloned();
    let place = wanted.and_then(|wanted| wanted.place.clone());
    route(path, socket, place)
}

/// What is wanted to be played, else the default handler.
pub(super) fn endpoint(
    name: &str,
    link: &Arc<LinkSettings>,
    wanted: Option<&Wanted>,
) -> SocketRoute {
    let Some(wanted) = wanted else {
        return default_route(name, link);
    };
    let mut socket = socket(name, "replay", Vec::new(), link);
    socket.responder = Responder::Replay(Arc::clone(&wanted.program));
    socket
}

/// Answers `{"type":"ping"}` with a pong that repeats the message's `id`; echoes everything else.
fn default_route(name: &str, link: &Arc<LinkSettings>) -> SocketRoute {
    let ping = || ("type".to_owned(), Shape::Text("ping".to_owned()));
    let with_id = Shape::Object(vec![ping(), ("id".to_owned(), Shape::Anything)]);
    let pong = serde_json::json!({"type": "pong", "timestamp": "{{now}}"});
    let mut pong_with_id = pong.clone();
    pong_with_id["id"] = "{{message.id}}".into();
    let rules = vec![
        rule(with_id, &pong_with_id),
        rule(Shape::Object(vec![ping()]), &pong),
        Some(echo()),
    ];
    socket(name, "default", rules.into_iter().flatten().collect(), link)
}

/// Echoes everything.
pub(super) fn echo_route(name: &str, link: &Arc<LinkSettings>) -> SocketRoute {
    socket(name, "echo", vec![echo()], link)
}

/// A route whose only interesting part is its rules.
pub(super) fn socket(
    name: &str,
    kind: &'static str,
    rules: Vec<Rule>,
    link: &Arc<LinkSettings>,
) -> SocketRoute {
    SocketRoute {
        name: name.into(),
        kind,
        on_connect: Vec::new(),
        responder: Responder::Rules(Rules::new(rules)),
        scheduled: Vec::new(),
        broadcasts: Vec::new(),
        on_close: Vec::new(),
        ended: None,
        state: None,
        has_scripts: false,
        subprotocols: Arc::default(),
        proxy: None,
        link: Arc::clone(link),
        auth: None,
        unserved: None,
        log: MessageLog::Off,
        record: None,
        redactor: None,
        conduct: None,
        chaos: None,
    }
}

fn rule(shape: Shape, response: &serde_json::Value) -> Option<Rule> {
    let pattern = "a ping";
    let response = JsonTemplate::compile(response, Dialect::MockForge).ok()?;
    Some(Rule {
        matcher: Box::new(JsonShape::new(shape, "JSON")),
        when: None,
        times: None,
        acts: vec![Act::Say(Answer::json(response))],
        then: Arc::default(),
        go_on: false,
        pattern: pattern.to_owned(),
        place: None,
    })
}

fn echo() -> Rule {
    any(vec![Answer::Echo])
}

/// A responder that answers every message.
pub(super) fn one_rule(answers: Vec<Answer>) -> Responder {
    Responder::Rules(Rules::new(vec![any(answers)]))
}

/// A rule that answers every message.
pub(super) fn any(answers: Vec<Answer>) -> Rule {
    let matcher = Box::new(AnyMessage);
    Rule {
        matcher,
        when: None,
        times: None,
        acts: answers.into_iter().map(Act::Say).collect(),
        then: Arc::default(),
        go_on: false,
        pattern: "*".to_owned(),
        place: None,
    }
}

#[cfg(test)]
mod tests {
    use sockeye_core::Mistakes;

    use super::*;
    use crate::load::Overrides;

    #[test]
    fn the_built_in_templates_compile() {
        let route = default_route("/ws", &Arc::default());
        assert!(matches!(&route.responder, Responder::Rules(rules) if rules.all().len() == 3));
        let (mut mistakes, overrides) = (Mistakes::new(), Overrides::default());
        let mut reading = Reading::new(Dialect::MockForge, &mut mistakes, false, &overrides);
        assert_eq!(default_part(&mut reading).routes.len(), 1);
    }
}
