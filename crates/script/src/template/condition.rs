//! A condition that stands alone, such as a webhook's `if`, becomes a yes or no here.

use super::error::RenderError;
use super::mistake::TemplateMistake;
use super::names::Dialect;
use super::scope::Scope;
use super::text::Template;

const BEFORE: &str = "{% if ";
const AFTER: &str = " %}1{% endif %}";
/// What belongs to texts with holes and tags, not to a condition.
const BRACES: [&str; 6] = ["{{", "}}", "{%", "%}", "{#", "#}"];

/// What stands between `{% if` and `%}`: values, comparisons, `not`, `and`, `or`.
#[derive(Debug)]
pub struct Condition(Template);

impl Condition {
    /// Parses `text`. The span of a mistake is in bytes of `text`.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, TemplateMistake> {
        if text.trim().is_empty() {
            return Err(
                TemplateMistake::new("the condition is empty", 0..text.len())
                    .remedy("write one such as `json-params.amount > 100`, or remove the key"),
            );
        }
        let brace = BRACES
            .into_iter()
            .filter_map(|brace| text.find(brace))
            .min();
        if let Some(at) = brace {
            return Err(
                TemplateMistake::new("a condition has no braces", at..at + 2)
                    .remedy("write the names alone: `json-params.amount > 100`"),
            );
        }
        let inside = |at: usize| at.saturating_sub(BEFORE.len()).min(text.len());
        match Template::parse(&format!("{BEFORE}{text}{AFTER}"), dialect) {
            Ok(template) => Ok(Self(template)),
            Err(wrong) => Err(TemplateMistake {
                span: inside(wrong.span.start)..inside(wrong.span.end),
                ..wrong
            }),
        }
    }

    /// Whether it is true. Errors: a value or a step exceeds its bounds.
    pub fn holds(&self, scope: &mut Scope<'_>) -> Result<bool, RenderError> {
        let mut text = Vec::new();
        self.0.render_text(scope, &mut text)?;
        Ok(!text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use sockeye_core::{Clock, Random};

    use super::*;
    use crate::template::{Found, Root, Step, Vars};

    /// A world where everything is 7.
    struct Seven;

    impl Vars for Seven {
        fn find(&self, _: Root, _: &[Step]) -> Found<'_> {
            Found::Text("7".into())
        }

        fn connection_count(&self, _: bool) -> u64 {
            0
        }

        fn env(&self, _: &str) -> Option<String> {
            None
        }
    }

    #[test]
    fn comparisons_hold_or_not() {
        for (text, holds) in [
            ("path-params.id = 7", true),
            ("path-params.id = \"7\"", true),
            ("path-params.id>7", false),
            ("json-params.n >= 7 and query-params.n < 8", true),
            ("not json-params.n", false),
            ("json-params.n <= 6 or json-params.n = 8", false),
        ] {
            let (mut random, clock) = (Random::seeded(1), Clock::system());
            let mut scope = Scope {
                vars: &Seven,
                random: &mut random,
                clock: &clock,
            };
            let condition = Condition::parse(text, Dialect::Moclojer).unwrap();
            assert_eq!(condition.holds(&mut scope), Ok(holds), "{text}");
        }
    }

    #[test]
    fn mistakes_are_told_at_their_place_in_the_condition() {
        for (text, at, message) in [
            (" ", " ", "the condition is empty"),
            ("{{message}} = 1", "{{", "a condition has no braces"),
            ("message = 1 %}{% if 2", "%}", "a condition has no braces"),
            (
                "jsn-params.a = 1",
                "jsn-params",
                "unknown name `jsn-params`",
            ),
            ("message is 1", "is", "`is` is not a comparison"),
        ] {
            let wrong = Condition::parse(text, Dialect::Moclojer).unwrap_err();
            assert_eq!((&text[wrong.span], &*wrong.message), (at, message));
        }
    }
}
