//! What templates can ask for, by name: the message, the request, what a pattern caught.

use std::borrow::Cow;

use serde_json::Value;
use sockeye_script::template::{Found, Root, Step, Vars};

use crate::facts::Facts;
use crate::json::Tree;
use crate::occasion::{Call, Occasion};
use crate::pairs::Pairs;
use crate::world::World;

/// The values of one rendering.
pub(crate) struct Context<'a, 'm, 'c> {
    pub(crate) world: &'a World,
    pub(crate) facts: &'a Facts,
    /// The route's name, by which connections are counted.
    pub(crate) route: &'a str,
    pub(crate) about: Occasion<'a, 'm, 'c>,
}

impl Vars for Context<'_, '_, '_> {
    fn find(&self, root: Root, path: &[Step]) -> Found<'_> {
        match root {
            Root::Message => self.message(path),
            Root::JsonParams => self.json_param(path),
            Root::PathParams => one_of(&self.facts.parameters, path),
            Root::QueryParams => all_of(&self.facts.query, path),
            Root::HeaderParams => header(&self.facts.headers, path),
            Root::Match => self.group(path),
            Root::Connection => self.connection(path),
            Root::Params => self.call(path, |call| call.params),
            Root::Id => self.call(path, |call| call.id),
            Root::Method => self.method(),
            Root::Sequence => self.sequence(),
            Root::State => Found::Missing,
        }
    }

    fn connection_count(&self, everywhere: bool) -> u64 {
        self.world
            .open_connections((!everywhere).then_some(self.route))
    }

    fn env(&self, name: &str) -> Option<String> {
        self.world.env(name)
    }
}

impl Context<'_, '_, '_> {
    /// The message: its raw text, or a part of its JSON.
    fn message(&self, path: &[Step]) -> Found<'_> {
        let Some(incoming) = self.about.incoming else {
            return Found::Missing;
        };
        if !path.is_empty() {
            return incoming
                .json()
                .and_then(|json| json.walk(path))
                .map_or(Found::Missing, found);
        }
        match (incoming.text(), incoming.json()) {
            (Some(text), Some(_)) => Found::Raw(text),
            (Some(text), None) => Found::Text(text.into()),
            (None, _) => Found::Missing,
        }
    }

    /// A field of the message's JSON, or what a hole of that name caught.
    fn json_param(&self, path: &[Step]) -> Found<'_> {
        let mut holes = self
            .about
            .captures
            .into_iter()
            .flat_map(|captures| &captures.holes);
        if let Some((_, value)) = holes.find(|(name, _)| *name == path) {
            return found(value);
        }
        let json = self.about.incoming.and_then(|incoming| incoming.json());
        json.and_then(|json| json.walk(path))
            .map_or(Found::Missing, found)
    }

    /// A part of a JSON-RPC call.
    fn call<'s>(&'s self, path: &[Step], part: fn(Call<'s>) -> Option<&'s Tree<'s>>) -> Found<'s> {
        let part = self.about.call.and_then(part);
        part.and_then(|part| part.walk(path))
            .map_or(Found::Missing, found)
    }

    fn method(&self) -> Found<'_> {
        self.about
            .call
            .map_or(Found::Missing, |call| Found::Text(call.method.into()))
    }

    fn sequence(&self) -> Found<'_> {
        let number = self
            .about
            .sequence
            .and_then(|number| i64::try_from(number).ok());
        number.map_or(Found::Missing, Found::Int)
    }

    /// A named group of the rule's regular expression.
    fn group(&self, path: &[Step]) -> Found<'_> {
        let [Step::Key(name)] = path else {
            return Found::Missing;
        };
        let mut groups = self
            .about
            .captures
            .into_iter()
            .flat_map(|captures| &captures.groups);
        let group = groups.find(|(known, _)| known == name);
        group.map_or(Found::Missing, |(_, text)| Found::Text((*text).into()))
    }

    /// `id`, `path`, `remote_addr`, `subprotocol`, `params.x`, `query.x`, `headers.x`.
    fn connection(&self, path: &[Step]) -> Found<'_> {
        let Some((Step::Key(name), rest)) = path.split_first() else {
            return Found::Missing;
        };
        let text = |text: Option<String>| text.map_or(Found::Missing, |t| Found::Text(t.into()));
        let peer = self.facts.peer.as_ref();
        match name.as_str() {
            "path" => Found::Text((&*self.facts.path).into()),
            "params" => one_of(&self.facts.parameters, rest),
            "query" => all_of(&self.facts.query, rest),
            "headers" => header(&self.facts.headers, rest),
            "id" => text(peer.map(|peer| format!("conn-{}", peer.number))),
            "remote_addr" => text(peer.map(|peer| peer.address.to_string())),
            "subprotocol" => text(peer.and_then(|peer| peer.subprotocol.clone())),
            _ => Found::Missing,
        }
    }
}

fn one_of<'a>(pairs: &'a Pairs, path: &[Step]) -> Found<'a> {
    match path {
        [] => object(pairs),
        [Step::Key(name)] => pairs
            .all(name)
            .next()
            .map_or(Found::Missing, |value| Found::Text(value.into())),
        _ => Found::Missing,
    }
}

/// Header names are compared without case.
fn header<'a>(pairs: &'a Pairs, path: &[Step]) -> Found<'a> {
    match path {
        [Step::Key(name)] => one_of(pairs, &[Step::Key(name.to_ascii_lowercase())]),
        _ => one_of(pairs, path),
    }
}

/// A name that occurs more than once stands for the list of its values.
fn all_of<'a>(pairs: &'a Pairs, path: &[Step]) -> Found<'a> {
    let Some((Step::Key(name), rest)) = path.split_first() else {
        return one_of(pairs, path);
    };
    let mut values = pairs.all(name);
    let position = match rest {
        [] => None,
        [Step::Index(index)] => Some(*index),
        [Step::Key(digits)] => match digits.parse() {
            Ok(index) => Some(index),
            Err(_) => return Found::Missing,
        },
        _ => return Found::Missing,
    };
    if let Some(index) = position {
        return values
            .nth(index)
            .map_or(Found::Missing, |value| Found::Text(value.into()));
    }
    match (values.next(), values.next()) {
        (None, _) => Found::Missing,
        (Some(only), None) => Found::Text(only.into()),
        (Some(first), Some(second)) => {
            let all: Value = [first, second].into_iter().chain(values).collect();
            Found::Json(Cow::Owned(all))
        }
    }
}

fn object(pairs: &Pairs) -> Found<'_> {
    let members = pairs
        .iter()
        .map(|(name, value)| (name.to_owned(), value.into()));
    Found::Json(Cow::Owned(Value::Object(members.collect())))
}

fn found<'a>(tree: &'a Tree<'_>) -> Found<'a> {
    match tree {
        Tree::Text(text) => Found::Text(Cow::Borrowed(text)),
        Tree::Int(value) => Found::Int(*value),
        other => Found::Json(Cow::Owned(other.to_value())),
    }
}
