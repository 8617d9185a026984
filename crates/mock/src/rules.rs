//! The rules of a route and the quick way to those that can answer a message.

use std::collections::HashMap;
use std::sync::Arc;

use sockeye_core::Place;
use sockeye_net::{Message, Outbox};

use crate::act::Act;
use crate::agenda::Later;
use crate::answer::Answer;
use crate::conduct::Conduct;
use crate::hits::Hits;
use crate::incoming::Incoming;
use crate::js::Handler;
use crate::json::Tree;
use crate::matcher::{Matcher, Miss};

/// A matcher and what to say when it matches.
#[derive(Debug)]
pub struct Rule {
    /// Which messages it is for.
    pub matcher: Box<dyn Matcher>,
    /// A condition beside the pattern.
    pub when: Option<Arc<Handler>>,
    /// How many messages of a connection it answers; `None`: all.
    pub times: Option<u32>,
    /// What it does, in order.
    pub acts: Vec<Act>,
    /// What it does after that, step by step.
    pub then: Arc<[Later]>,
    /// Whether later rules may answer too.
    pub go_on: bool,
    /// The pattern in the words of the file, for explanations.
    pub pattern: String,
    /// Where it stands; `None` for rules that are built in.
    pub place: Option<Place>,
}

/// Rules in the order of the file; the first that matches answers.
#[derive(Debug, Default)]
pub struct Rules {
    list: Vec<Rule>,
    index: Option<Box<Index>>,
    hits: Hits,
    /// Whether the first rule says every message back, and nothing comes after it.
    only_echo: bool,
}

/// Rules by the text of the one member that tells most of them apart.
#[derive(Debug)]
struct Index {
    member: String,
    by_text: HashMap<String, Vec<u32>>,
    /// Rules that the member says nothing about.
    others: Vec<u32>,
}

/// With fewer rules than this, trying one after the other is quicker than looking them up.
const WORTH_AN_INDEX: usize = 4;

impl Rules {
    /// Prepares the rules.
    pub fn new(list: Vec<Rule>) -> Self {
        let index = Index::new(&list);
        let hits = Hits::new(list.len());
        let only_echo = list.first().is_some_and(Rule::is_plain_echo);
        Self {
            list,
            index,
            hits,
            only_echo,
        }
    }

    /// All rules, in order.
    pub fn all(&self) -> &[Rule] {
        &self.list
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Says `message` back, if that is all that the rules do; whether it is. The commonest route needs no more of
    /// what rules are made of.
    pub(crate) fn echo(
        &self,
        conduct: Option<&Conduct>,
        message: Message<'_>,
        out: &mut Outbox<'_>,
    ) -> bool {
        let is_echo = self.only_echo && conduct.is_none();
        if is_echo {
            self.hits.count(0);
            out.message(message);
        }
        is_echo
    }

    /// The rule with this number, from 0, has answered.
    pub(crate) fn hit(&self, number: usize) {
        self.hits.count(number);
    }

    /// How often the rule with this number, from 0, has answered.
    pub fn hits(&self, number: usize) -> u64 {
        self.hits.of(number)
    }

    /// The rules that can match `incoming` from number `from` on, in order, with their numbers from 0.
    /// Rules that are left out do not match.
    pub fn candidates(
        &self,
        incoming: &Incoming<'_>,
        from: usize,
    ) -> impl Iterator<Item = (usize, &Rule)> {
        let (some, others, all): (&[u32], &[u32], &[Rule]) = match &self.index {
            Some(index) => (index.look_up(incoming), &index.others, &[]),
            None => (&[], &[], &self.list),
        };
        let indexed = merged(some, others).map(|at| at as usize);
        let indexed = indexed.filter_map(|at| Some((at, self.list.get(at)?)));
        let candidates = all.iter().enumerate().chain(indexed);
        candidates.skip_while(move |(at, _)| *at < from)
    }

    /// The rule that came nearest to matching, its number from 1, and why it did not.
    pub fn nearest(&self, incoming: &Incoming<'_>) -> Option<(usize, &Rule, Miss)> {
        let misses = self.list.iter().enumerate();
        let misses = misses.map(|(at, rule)| (at + 1, rule, rule.matcher.why_not(incoming)));
        // Of equally near ones the first.
        misses.rev().max_by_key(|(_, _, miss)| miss.held)
    }

    /// Whether no rule can do anything with a message that is not JSON.
    pub fn want_json(&self) -> bool {
        !self.list.is_empty() && self.list.iter().all(|rule| rule.matcher.wants_json())
    }
}

impl Rule {
    /// Whether it says every message back and does nothing else.
    fn is_plain_echo(&self) -> bool {
        let is_unconditional =
            self.matcher.takes_all() && self.when.is_none() && self.times.is_none();
        let is_last = self.then.is_empty() && !self.go_on;
        let says_echo = matches!(*self.acts, [Act::Say(Answer::Echo)]);
        is_unconditional && is_last && says_echo
    }
}

impl Index {
    fn new(list: &[Rule]) -> Option<Box<Self>> {
        if list.len() < WORTH_AN_INDEX {
            return None;
        }
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for (member, _) in list
            .iter()
            .filter_map(|rule| rule.matcher.required_member())
        {
            *counts.entry(member).or_default() += 1;
        }
        let (member, _) = counts
            .into_iter()
            .max_by_key(|(member, count)| (*count, *member))?;
        let mut index = Self {
            member: member.to_owned(),
            by_text: HashMap::new(),
            others: Vec::new(),
        };
        for (at, rule) in (0..).zip(list) {
            match rule.matcher.required_member() {
                Some((name, text)) if name == member => {
                    index.by_text.entry(text.to_owned()).or_default().push(at);
                }
                _ => index.others.push(at),
            }
        }
        Some(Box::new(index))
    }

    fn look_up(&self, incoming: &Incoming<'_>) -> &[u32] {
        let Some(Tree::Text(text)) = incoming.json().and_then(|json| json.get(&self.member)) else {
            return &[];
        };
        self.by_text.get(text.as_ref()).map_or(&[], Vec::as_slice)
    }
}

/// Two ascending lists as one.
fn merged<'a>(one: &'a [u32], two: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
    let (mut one, mut two) = (
        one.iter().copied().peekable(),
        two.iter().copied().peekable(),
    );
    std::iter::from_fn(move || match (one.peek(), two.peek()) {
        (Some(first), Some(second)) if second < first => two.next(),
        (Some(_), _) => one.next(),
        (None, _) => two.next(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matcher::Captures;
    use crate::matcher::any::AnyMessage;
    use crate::matcher::shape::{JsonShape, Shape};

    fn rule(pattern: &str) -> Rule {
        let matcher: Box<dyn Matcher> = match pattern.split_once('=') {
            Some((key, text)) => Box::new(JsonShape::new(
                Shape::Object(vec![(key.to_owned(), Shape::Text(text.to_owned()))]),
                "JSON",
            )),
            None => Box::new(AnyMessage),
        };
        let pattern = pattern.to_owned();
        Rule {
            matcher,
            when: None,
            times: None,
            acts: Vec::new(),
            then: Arc::default(),
            go_on: false,
            pattern,
            place: None,
        }
    }

    fn answering(patterns: &[&str], message: &str) -> Vec<String> {
        let rules = Rules::new(patterns.iter().map(|pattern| rule(pattern)).collect());
        let incoming = Incoming::new(Message::Text(message));
        let matching = rules
            .candidates(&incoming, 0)
            .map(|(_, rule)| rule)
            .filter(|rule| rule.matcher.matches(&incoming, &mut Captures::default()));
        matching.map(|rule| rule.pattern.clone()).collect()
    }

    #[test]
    fn an_index_changes_nothing_but_the_time() {
        let patterns = ["type=a", "op=x", "type=b", "*", "type=a", "type=c"];
        for message in [
            r#"{"type":"a"}"#,
            r#"{"type":"b","op":"x"}"#,
            r#"{"type":1}"#,
            "not JSON",
            r#"{"op":"x"}"#,
        ] {
            let one_by_one: Vec<String> = patterns
                .iter()
                .filter(|pattern| !answering(&[*pattern], message).is_empty())
                .map(ToString::to_string)
                .collect();
            assert_eq!(answering(&patterns, message), one_by_one, "{message}");
        }
    }

    #[test]
    fn only_candidates_are_tried() {
        let patterns: Vec<String> = (0..100).map(|number| format!("type=t{number}")).collect();
        let rules = Rules::new(patterns.iter().map(|pattern| rule(pattern)).collect());
        let incoming = Incoming::new(Message::Text(r#"{"type":"t42"}"#));
        let tried: Vec<&str> = rules
            .candidates(&incoming, 0)
            .map(|(_, rule)| rule.pattern.as_str())
            .collect();
        assert_eq!(tried, ["type=t42"]);
    }
}
