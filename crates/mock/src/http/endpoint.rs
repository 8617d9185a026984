//! One HTTP endpoint: everything its file says about it, checked and prepared when it is loaded.

use ::http::Method;
use sockeye_core::{Place, Random, quoted};

use super::demand::Demand;
use super::draws::Draws;
use super::latency::Latency;
use super::rate_limit::{Quota, RateLimit};
use super::refusal::Refusal;
use super::reply::Reply;
use crate::path::{Kind, PathPattern};
use crate::webhook::Webhook;
use crate::world::World;

/// One method of one path.
#[derive(Debug)]
pub struct Endpoint {
    method: Method,
    /// The path as written.
    pub(crate) path: Box<str>,
    /// The parameters of the path with what they accept.
    pub(crate) parameters: Vec<(Box<str>, Kind)>,
    /// Where it is defined.
    pub(crate) place: Place,
    /// What a request must have.
    pub(crate) demand: Demand,
    /// How many requests a client may make.
    pub(crate) rate_limit: Option<RateLimit>,
    /// How slow and unreliable it is.
    pub(crate) latency: Option<Latency>,
    /// Whom it calls when it has answered.
    pub(crate) webhook: Option<Webhook>,
    /// What it answers.
    pub(crate) reply: Reply,
    draws: Draws,
}

impl Endpoint {
    /// An endpoint that demands nothing and answers 200 with nothing.
    pub(crate) fn new(method: Method, path: &PathPattern, place: Place) -> Self {
        Self {
            method,
            path: path.to_string().into(),
            parameters: path
                .kinds()
                .map(|(name, kind)| (name.into(), kind))
                .collect(),
            draws: Draws::of(&place),
            place,
            demand: Demand::default(),
            rate_limit: None,
            latency: None,
            webhook: None,
            reply: Reply::default(),
        }
    }

    /// The method it answers.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The status of its response.
    pub fn status(&self) -> u16 {
        self.reply.status.as_u16()
    }

    /// What it answers and demands, in words, a line each.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = vec![format!(
            "answers {} with {}",
            self.status(),
            self.reply.content.kind()
        )];
        for (name, kind) in &self.demand.query {
            notes.push(format!(
                "demands the query parameter {}: {}",
                quoted(name),
                kind.name()
            ));
        }
        if let Some(form) = &self.demand.body {
            let keys: Vec<String> = form.keys().map(quoted).collect();
            let with = if keys.is_empty() { "" } else { " with " };
            notes.push(format!(
                "demands JSON: {}{with}{}",
                form.kind(),
                keys.join(", ")
            ));
        }
        notes.extend(self.rate_limit.as_ref().map(RateLimit::note));
        notes.extend(self.latency.as_ref().map(Latency::note));
        notes.extend(self.webhook.as_ref().map(Webhook::note));
        notes
    }

    /// Refuses a request that was one too many.
    pub(super) fn check_quota(&self, quota: Option<Quota>) -> Result<(), Refusal> {
        match (quota, &self.rate_limit) {
            (Some(quota), Some(limit)) => limit.check(quota),
            _ => Ok(()),
        }
    }

    /// The generator of one request.
    pub(super) fn random(&self, world: &World) -> Random {
        self.draws.next(world)
    }
}
