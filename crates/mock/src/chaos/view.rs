//! What operators see of chaos, and what they want of it for all handlers at once.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};
use sockeye_core::document::parse_yaml;
use sockeye_core::{Mistakes, Source};
use sockeye_script::template::Dialect;

use super::LoggedFault;
use super::settings::Chaos;
use crate::dialect::{Reading, mockforge};
use crate::load::Overrides;
use crate::operate::Operator;

/// Why settings are refused.
#[derive(Debug)]
pub enum ChaosError {
    /// They are wrong.
    Wrong(Mistakes),
    /// Each of them is right, but some contradict each other.
    Contradiction(Mistakes),
}

/// What holds, and what has happened.
#[derive(Clone, Debug, Serialize)]
pub struct ChaosView {
    /// Whether anything can go wrong anywhere.
    pub active: bool,
    /// Where the settings come from: `files`, or `operator`.
    pub source: &'static str,
    /// What is said for all handlers; nothing: nothing is.
    pub settings: Option<Value>,
    /// What holds on each WebSocket route.
    pub routes: Vec<ChaosRouteView>,
    /// How often each effect has happened.
    pub counts: Map<String, Value>,
}

/// What holds on a route.
#[derive(Clone, Debug, Serialize)]
pub struct ChaosRouteView {
    /// Its path, as written.
    pub path: String,
    /// Whether anything can go wrong there.
    pub active: bool,
    /// Its settings, those for all included.
    pub settings: Option<Value>,
}

impl Operator {
    /// The chaos that holds, and counts of what it has done.
    pub fn chaos(&self) -> ChaosView {
        let (world, plans) = (self.world(), self.plans());
        let plan = plans.current();
        let wanted = plans.wanted_chaos();
        let whole = wanted.as_ref().or(plan.settings.chaos.as_ref());
        let mut routes: Vec<_> = plan.routes().iter().collect();
        routes.sort_by_key(|route| route.number);
        let sockets = routes.into_iter().filter_map(|route| route.socket.as_ref());
        let routes: Vec<ChaosRouteView> = sockets
            .chain(&plan.fallback)
            .map(|socket| {
                let chaos = plans.chaos_of(socket);
                ChaosRouteView {
                    path: socket.name.to_string(),
                    active: chaos.is_some(),
                    settings: chaos.map(|chaos| chaos.said.to_json()),
                }
            })
            .collect();
        let counts = world.chaos.counts().into_iter();
        ChaosView {
            active: routes.iter().any(|route| route.active),
            source: if wanted.is_some() {
                "operator"
            } else {
                "files"
            },
            settings: whole.map(|chaos| chaos.said.to_json()),
            routes,
            counts: counts
                .map(|(name, count)| (name.to_owned(), count.into()))
                .collect(),
        }
    }

    /// Lets these settings hold on all handlers instead of what files say; `null`: what
    /// files say holds again. Open connections follow with their next message.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with them; nothing changes then.
    pub fn set_chaos(&self, settings: Value) -> Result<(), ChaosError> {
        // JSON is YAML, and so it is read and checked as files are.
        let text = with_whole_numbers(settings).to_string();
        let root = parse_yaml(&Source::new("body", text)).map_err(ChaosError::Wrong)?;
        if root.is_null() {
            self.forget_chaos();
            return Ok(());
        }
        let (mut mistakes, overrides) = (Mistakes::new(), Overrides::default());
        let mut reading = Reading::new(Dialect::MockForge, &mut mistakes, false, &overrides);
        let said = mockforge::read_chaos(&root, &mut reading);
        let said = said.unwrap_or_default();
        if mistakes.has_errors() {
            let is_right_otherwise = mistakes.errors() == said.contradictions();
            return Err(if is_right_otherwise {
                ChaosError::Contradiction(mistakes)
            } else {
                ChaosError::Wrong(mistakes)
            });
        }
        let chaos = Chaos::new(said);
        self.plans().want_chaos(Some(Arc::new(chaos)));
        self.world().commons.register.ring_all();
        Ok(())
    }

    /// Lets what files say hold again.
    pub fn forget_chaos(&self) {
        self.plans().want_chaos(None);
        self.world().commons.register.ring_all();
    }

    /// At most `limit` of the last faults after number `after`, of one connection or of all.
    pub fn faults(&self, connection: Option<u64>, after: u64, limit: usize) -> Vec<LoggedFault> {
        self.world().chaos.faults(connection, after, limit)
    }

    /// How often each effect of chaos has happened.
    pub fn chaos_counts(&self) -> Vec<(&'static str, u64)> {
        self.world().chaos.counts()
    }
}

/// To JSON `5.0` is the same whole number as `5`; files tell them apart.
fn with_whole_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => {
            let text = number.to_string();
            let digits = text.strip_suffix(".0");
            let whole: Option<u64> = digits.and_then(|digits| digits.parse().ok());
            whole.map_or(Value::Number(number), Value::from)
        }
        Value::Array(items) => items.into_iter().map(with_whole_numbers).collect(),
        Value::Object(members) => {
            let members = members.into_iter();
            let members = members.map(|(name, value)| (name, with_whole_numbers(value)));
            Value::Object(members.collect())
        }
        other => other,
    }
}
