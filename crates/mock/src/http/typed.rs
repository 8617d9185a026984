//! Declared parameters on their way into templates: `:id|int` is a number there, not a text.

use std::borrow::Cow;

use serde_json::Value;
use sockeye_script::template::{Found, Root, Step, Vars};

use crate::path::Kind;

/// The values of a request, those of declared parameters with their type.
pub(crate) struct Typed<'a, V> {
    pub(crate) vars: V,
    pub(crate) path: &'a [(Box<str>, Kind)],
    pub(crate) query: &'a [(Box<str>, Kind)],
}

impl<V: Vars> Vars for Typed<'_, V> {
    fn find(&self, root: Root, path: &[Step]) -> Found<'_> {
        let found = self.vars.find(root, path);
        let declared = match root {
            Root::PathParams => self.path,
            Root::QueryParams => self.query,
            _ => return found,
        };
        let Some(Step::Key(name)) = path.first() else {
            return found;
        };
        let kind = declared
            .iter()
            .find(|(known, _)| **known == **name)
            .map(|(_, kind)| *kind);
        match (kind, found) {
            (Some(kind), Found::Text(text)) => of_kind(kind, text),
            (_, found) => found,
        }
    }

    fn connection_count(&self, everywhere: bool) -> u64 {
        self.vars.connection_count(everywhere)
    }

    fn env(&self, name: &str) -> Option<String> {
        self.vars.env(name)
    }
}

/// The value that `text` spells. What does not spell one stays a text.
fn of_kind(kind: Kind, text: Cow<'_, str>) -> Found<'_> {
    let value = |value: Value| Found::Json(Cow::Owned(value));
    match kind {
        Kind::Int => text.parse().map_or(Found::Text(text), Found::Int),
        Kind::Number => text
            .parse::<f64>()
            .map_or(Found::Text(text), |number| value(number.into())),
        Kind::Bool => text
            .parse::<bool>()
            .map_or(Found::Text(text), |truth| value(truth.into())),
        Kind::Text | Kind::Uuid | Kind::Date => Found::Text(text),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    struct Always(&'static str);

    impl Vars for Always {
        fn find(&self, _: Root, _: &[Step]) -> Found<'_> {
            Found::Text(self.0.into())
        }

        fn connection_count(&self, _: bool) -> u64 {
            0
        }

        fn env(&self, _: &str) -> Option<String> {
            None
        }
    }

    /// What a parameter `id` of a kind, which is `text`, is when it is asked for by `name`.
    #[track_caller]
    fn expect((kind, text): (Kind, &'static str), root: Root, name: &str, expected: &Found<'_>) {
        let declared = [("id".into(), kind)];
        let typed = Typed {
            vars: Always(text),
            path: &declared,
            query: &[],
        };
        assert_eq!(&typed.find(root, &[Step::Key(name.to_owned())]), expected);
    }

    #[test]
    fn a_declared_parameter_has_its_type() {
        let json = |value: Value| Found::Json(Cow::Owned(value));
        for (kind, text, expected) in [
            (Kind::Int, "42", Found::Int(42)),
            (Kind::Number, "2.5", json(json!(2.5))),
            (Kind::Bool, "true", json(json!(true))),
            (Kind::Text, "42", Found::Text("42".into())),
            (Kind::Date, "2025-03-20", Found::Text("2025-03-20".into())),
        ] {
            expect((kind, text), Root::PathParams, "id", &expected);
        }
    }

    #[test]
    fn everything_else_stays_a_text() {
        let number = (Kind::Int, "42");
        for (root, name) in [
            (Root::PathParams, "other"),
            (Root::QueryParams, "id"),
            (Root::HeaderParams, "id"),
        ] {
            expect(number, root, name, &Found::Text("42".into()));
        }
    }
}
