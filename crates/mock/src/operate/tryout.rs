//! A message tried out: which rule would answer it, and why the others would not. Nothing is sent, no script is run.

use serde::Serialize;
use sockeye_core::{Clock, Place, Random};
use sockeye_net::Message;
use sockeye_script::template::Scope;

use crate::act::Act;
use crate::facts::Facts;
use crate::incoming::Incoming;
use crate::matcher::Captures;
use crate::occasion::Occasion;
use crate::plan::{Plan, Responder, SocketRoute};
use crate::rules::Rule;
use crate::vars::Context;
use crate::world::World;

/// What would happen to a message.
#[derive(Clone, Debug, Serialize)]
pub struct Tryout {
    /// The path of the handler, as written.
    pub route: String,
    /// The number of the first rule that answers, from 1.
    pub answered_by: Option<usize>,
    /// All rules, in order.
    pub rules: Vec<TriedRule>,
    /// What would be sent at once, as far as no script makes it.
    pub answers: Vec<String>,
    /// Whether a script has a say.
    pub script: bool,
    /// Whether it goes on to the server behind, since no rule answers.
    pub forwarded: bool,
}

/// What a rule makes of a message.
#[derive(Clone, Debug, Serialize)]
pub struct TriedRule {
    /// Its number, from 1.
    pub number: usize,
    /// Its pattern in the words of the file.
    pub pattern: String,
    /// What the pattern was taken for.
    pub kind: &'static str,
    /// Whether the pattern matches.
    pub matches: bool,
    /// Why it does not.
    pub reason: Option<String>,
    /// What cannot be told from here.
    pub note: Option<&'static str>,
    /// `file:line`.
    pub place: Option<String>,
}

/// Tries `text` on a path; nothing if no WebSocket is there.
pub(crate) fn try_out(world: &World, plan: &Plan, path: &str, text: &str) -> Option<Tryout> {
    let (route, parameters) = plan.find_socket(None, path)?;
    let facts = Facts {
        path: path.into(),
        parameters,
        ..Facts::default()
    };
    let mut tryout = Tryout {
        route: route.name.to_string(),
        answered_by: None,
        rules: Vec::new(),
        answers: Vec::new(),
        script: false,
        forwarded: false,
    };
    match &route.responder {
        Responder::Rules(rules) => {
            let mut trial = Trial {
                world,
                facts: &facts,
                route,
                incoming: Incoming::new(Message::Text(text)),
                goes_on: true,
                tryout: &mut tryout,
            };
            for (at, rule) in rules.all().iter().enumerate() {
                trial.rule(at + 1, rule);
            }
        }
        Responder::JsonRpc(_) | Responder::Replay(_) | Responder::Sink(_) => {}
        Responder::Script(_) => tryout.script = true,
    }
    if let Some(proxy) = &route.proxy {
        tryout.forwarded = tryout.answered_by.is_none();
        tryout.script |= tryout.forwarded && proxy.incoming.is_some();
    }
    Some(tryout)
}

/// A message on its way through the rules.
struct Trial<'t, 'm> {
    world: &'t World,
    facts: &'t Facts,
    route: &'t SocketRoute,
    incoming: Incoming<'m>,
    /// Whether no rule before has ended it.
    goes_on: bool,
    tryout: &'t mut Tryout,
}

impl Trial<'_, '_> {
    fn rule(&mut self, number: usize, rule: &Rule) {
        let mut captures = Captures::default();
        let matches = rule.matcher.matches(&self.incoming, &mut captures);
        let reason = (!matches).then(|| rule.matcher.why_not(&self.incoming).reason);
        let answers = matches && self.goes_on;
        let note = match (&rule.when, answers) {
            (Some(_), _) => Some("it also needs its `when`, which is not run here"),
            (None, false) if matches => Some("an earlier rule has answered"),
            _ => None,
        };
        self.tryout.rules.push(TriedRule {
            number,
            pattern: rule.pattern.clone(),
            kind: rule.matcher.kind(),
            matches,
            reason,
            note,
            place: rule.place.as_ref().map(Place::to_string),
        });
        if !answers {
            return;
        }
        let has_script = rule.acts.iter().any(|act| act.handler().is_some());
        self.tryout.script |= has_script || rule.when.is_some();
        self.tryout.answered_by = self.tryout.answered_by.or(Some(number));
        let about = Occasion::of(&self.incoming, &captures);
        let said: Vec<String> = rule
            .acts
            .iter()
            .filter_map(|act| self.said(act, about))
            .collect();
        self.tryout.answers.extend(said);
        // Whether a condition holds is not known: what follows is shown as well.
        self.goes_on = rule.go_on || rule.when.is_some();
    }

    /// What an act would send, or why it could not.
    fn said(&self, act: &Act, about: Occasion<'_, '_, '_>) -> Option<String> {
        let answer = act.answer()?;
        let vars = Context {
            world: self.world,
            facts: self.facts,
            route: &self.route.name,
            about,
        };
        let mut random = Random::from_os();
        let clock = Clock::system();
        let mut scope = Scope {
            vars: &vars,
            random: &mut random,
            clock: &clock,
        };
        let mut text = Vec::new();
        if let crate::answer::Answer::Echo = answer {
            return self.incoming.text().map(ToOwned::to_owned);
        }
        match answer.write(&mut scope, &mut text) {
            Ok(()) => String::from_utf8(text).ok(),
            Err(error) => Some(format!("(cannot be rendered: {error})")),
        }
    }
}
