//! Scripts that are sums and comparisons pass through here: they need no engine until one comes that is more.
//!
//! Most guards and actions of models are such. What is not certain to mean the same as in JavaScript is left to the engine,
//! which then gets all variables: a script here either has its whole effect or none.

mod parse;
mod value;

use std::collections::HashMap;
use std::sync::Arc;

use parse::{Expression, Operator, Script};
pub(super) use value::Value;

/// The most texts that are kept parsed, and their bytes together. Further ones are parsed each time they run.
const KEPT: usize = 128 * 1024;
const KEPT_TOTAL: usize = 4 * 1024 * 1024;

/// Bytes of a text that is kept. A longer one is parsed each time it runs.
const KEPT_BYTES: usize = 1024;

/// The most variables of all scopes. Beyond, the engine takes over with its own bound.
const VARIABLES: usize = 512;

/// Variables of all scopes, and texts by what they mean.
#[derive(Debug, Default)]
pub(super) struct Plain {
    /// Each with its scope, in the order they came to be.
    variables: Vec<(usize, Arc<str>, Value)>,
    texts: HashMap<Box<str>, Option<Arc<Script>>>,
    /// Bytes of the texts that are kept.
    kept: usize,
}

/// What a running script has assigned so far.
struct Run<'a> {
    scope: usize,
    variables: &'a [(usize, Arc<str>, Value)],
    assigned: Vec<(Arc<str>, Value)>,
}

impl Plain {
    /// Runs a text for its value. None: it is for the engine, and nothing has happened.
    pub(super) fn run(&mut self, scope: usize, text: &str) -> Option<Value> {
        let script = self.script(text)?;
        let mut run = Run {
            scope,
            variables: &self.variables,
            assigned: Vec::new(),
        };
        let mut last = Value::Undefined;
        for statement in &script.statements {
            last = run.value(statement)?;
        }
        let assigned = run.assigned;
        if self.variables.len() + assigned.len() > VARIABLES {
            return None;
        }
        for (name, value) in assigned {
            self.set(scope, name, value);
        }
        Some(last)
    }

    fn script(&mut self, text: &str) -> Option<Arc<Script>> {
        if let Some(known) = self.texts.get(text) {
            return known.clone();
        }
        let script = parse::parse(text).map(Arc::new);
        let has_room = self.texts.len() < KEPT && self.kept + text.len() <= KEPT_TOTAL;
        if has_room && text.len() <= KEPT_BYTES {
            self.kept += text.len();
            self.texts.insert(text.into(), script.clone());
        }
        script
    }

    fn set(&mut self, scope: usize, name: Arc<str>, value: Value) {
        let mut variables = self.variables.iter_mut();
        match variables.find(|(of, known, _)| *of == scope && *known == name) {
            Some((_, _, known)) => *known = value,
            None => self.variables.push((scope, name, value)),
        }
    }

    /// The variables of a scope with the texts that stand for their values.
    pub(super) fn data(&self, scope: usize) -> Vec<(String, String)> {
        let own = self.variables.iter().filter(|(of, _, _)| *of == scope);
        own.map(|(_, name, value)| (name.to_string(), value.show()))
            .collect()
    }

    /// Assignments that bring all variables into an engine, each with its scope. Nothing is left here.
    pub(super) fn take(&mut self) -> Vec<(usize, String)> {
        self.texts = HashMap::new();
        self.kept = 0;
        let all = std::mem::take(&mut self.variables).into_iter();
        all.map(|(scope, name, value)| (scope, format!("{name} = {};", value.literal())))
            .collect()
    }
}

impl Run<'_> {
    fn get(&self, name: &str) -> Option<Value> {
        let newest = self.assigned.iter().rev();
        let mut newest = newest.filter(|(known, _)| **known == *name);
        if let Some((_, value)) = newest.next() {
            return Some(value.clone());
        }
        let mut known = self.variables.iter();
        let found = known.find(|(of, known, _)| *of == self.scope && **known == *name);
        found.map(|(_, _, value)| value.clone())
    }

    fn set(&mut self, name: &Arc<str>, value: &Value) {
        let known = self.assigned.iter_mut().find(|(known, _)| known == name);
        match known {
            Some((_, known)) => *known = value.clone(),
            None => self.assigned.push((Arc::clone(name), value.clone())),
        }
    }

    fn value(&mut self, expression: &Expression) -> Option<Value> {
        Some(match expression {
            Expression::Literal(value) => value.clone(),
            Expression::Variable(name) => self.get(name)?,
            Expression::Assign(name, value) => {
                let value = self.value(value)?;
                self.set(name, &value);
                value
            }
            Expression::Update(name, operator, by) => {
                // Before the other side, which may assign it, too.
                let before = self.get(name)?;
                let by = self.value(by)?;
                let after = before.combined(*operator, &by)?;
                self.set(name, &after);
                after
            }
            Expression::Step {
                name,
                by,
                gives_old,
            } => {
                let Value::Number(before) = self.get(name)? else {
                    return None;
                };
                let after = Value::Number(before + by);
                self.set(name, &after);
                if *gives_old {
                    Value::Number(before)
                } else {
                    after
                }
            }
            Expression::Not(inner) => Value::Truth(!self.value(inner)?.is_true()),
            Expression::Sign(is_minus, inner) => match self.value(inner)? {
                Value::Number(number) if *is_minus => Value::Number(-number),
                Value::Number(number) => Value::Number(number),
                _ => return None,
            },
            Expression::And(one, other) => {
                let one = self.value(one)?;
                if one.is_true() {
                    self.value(other)?
                } else {
                    one
                }
            }
            Expression::Or(one, other) => {
                let one = self.value(one)?;
                if one.is_true() {
                    one
                } else {
                    self.value(other)?
                }
            }
            Expression::Choice(parts) => {
                let [test, one, other] = &**parts;
                let is_true = self.value(test)?.is_true();
                self.value(if is_true { one } else { other })?
            }
            Expression::Combined(operator, sides) => {
                let [one, other] = &**sides;
                let one = self.value(one)?;
                let other = self.value(other)?;
                one.combined(*operator, &other)?
            }
        })
    }
}

impl Value {
    /// Two values and an operator. None where JavaScript would convert one of them.
    fn combined(&self, operator: Operator, other: &Self) -> Option<Self> {
        use Operator::{
            Add, Divide, Equal, Identical, Less, LessEqual, More, MoreEqual, Multiply, NotEqual,
            NotIdentical, Remainder, Subtract,
        };
        let truth = |truth: bool| Some(Self::Truth(truth));
        match operator {
            Identical => return truth(self.is_same(other)),
            NotIdentical => return truth(!self.is_same(other)),
            Equal => return truth(self.is_alike(other)?),
            NotEqual => return truth(!self.is_alike(other)?),
            Add if matches!(self, Self::Text(_)) || matches!(other, Self::Text(_)) => {
                return self.joined(other);
            }
            _ => {}
        }
        if let (Self::Number(one), Self::Number(other)) = (self, other) {
            let number = |number: f64| Some(Self::Number(number));
            return match operator {
                Add => number(one + other),
                Subtract => number(one - other),
                Multiply => number(one * other),
                Divide => number(one / other),
                Remainder => number(one % other),
                Less => truth(one < other),
                LessEqual => truth(one <= other),
                More => truth(one > other),
                MoreEqual => truth(one >= other),
                _ => None,
            };
        }
        let (Self::Text(one), Self::Text(other)) = (self, other) else {
            return None;
        };
        // Others may stand in another order, as UTF-16.
        if !one.is_ascii() || !other.is_ascii() {
            return None;
        }
        match operator {
            Less => truth(one < other),
            LessEqual => truth(one <= other),
            More => truth(one > other),
            MoreEqual => truth(one >= other),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_parsed_once_within_their_bounds() {
        let mut plain = Plain::default();
        let guards = |count: usize| (0..count).map(|at| format!("{at} >= 0"));
        for guard in guards(10_000).chain(guards(10_000)) {
            assert_eq!(plain.run(0, &guard), Some(Value::Truth(true)));
        }
        assert_eq!(plain.texts.len(), 10_000);
        for guard in guards(KEPT + 1) {
            assert_eq!(plain.run(0, &guard), Some(Value::Truth(true)));
        }
        assert_eq!(plain.texts.len(), KEPT);
        plain.take();
        let long = "1".repeat(KEPT_BYTES - 20);
        for at in 0..KEPT_TOTAL / KEPT_BYTES * 2 {
            plain.run(0, &format!("{at} < {long}"));
        }
        assert!(plain.kept <= KEPT_TOTAL && plain.kept > KEPT_TOTAL / 2);
    }
}
