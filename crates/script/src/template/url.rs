//! Path and query of a URL with holes: what is put into a hole is percent-encoded and stays one value.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::RenderError;
use super::mistake::TemplateMistake;
use super::names::Dialect;
use super::scan::{self, Piece, outer};
use super::scope::Scope;
use super::text::Template;

/// Everything but what RFC 3986 section 2.3 calls unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A parsed path and query.
#[derive(Debug)]
pub struct UrlTemplate {
    parts: Box<[Part]>,
}

#[derive(Debug)]
enum Part {
    Text(Box<str>),
    Hole(Box<Template>),
}

impl UrlTemplate {
    /// Parses `text`, which has holes but no tags. The span of a mistake is in bytes of `text`.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, TemplateMistake> {
        let part = |piece| match piece {
            Piece::Text(text) => Ok(Part::Text(text.into())),
            Piece::Hole(inner) => {
                let span = outer(&inner);
                let hole = text.get(span.clone()).unwrap_or_default();
                let hole = Template::parse(hole, dialect).map_err(|wrong| TemplateMistake {
                    span: wrong.span.start + span.start..wrong.span.end + span.start,
                    ..wrong
                })?;
                Ok(Part::Hole(Box::new(hole)))
            }
            Piece::Tag(inner) => {
                let wrong = TemplateMistake::new("a URL has no tags", outer(&inner));
                Err(wrong.remedy("write a hole such as `{{path-params.id}}`"))
            }
        };
        let pieces = scan::split(text, dialect)?;
        let parts: Result<Vec<_>, _> = pieces.into_iter().map(part).collect();
        Ok(Self {
            parts: parts?.into(),
        })
    }

    /// Whether nothing is to be filled in.
    pub fn is_literal(&self) -> bool {
        self.parts.iter().all(|part| matches!(part, Part::Text(_)))
    }

    /// The text with `stand_in` in each hole.
    pub fn with(&self, stand_in: &str) -> String {
        let text = |part: &'_ Part| match part {
            Part::Text(text) => text.to_string(),
            Part::Hole(_) => stand_in.to_owned(),
        };
        self.parts.iter().map(text).collect()
    }

    /// The text. Errors: a value exceeds its bounds.
    pub fn render(&self, scope: &mut Scope<'_>) -> Result<String, RenderError> {
        let mut url = String::new();
        let mut value = Vec::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => url.push_str(text),
                Part::Hole(template) => {
                    value.clear();
                    template.render_text(scope, &mut value)?;
                    let value = String::from_utf8_lossy(&value);
                    url.extend(utf8_percent_encode(&value, ENCODED));
                }
            }
        }
        Ok(url)
    }
}

#[cfg(test)]
mod tests {
    use sockeye_core::{Clock, Random};

    use super::*;
    use crate::template::{Found, Root, Step, Vars};

    /// A world where everything is this text.
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

    fn render(text: &str, value: &'static str) -> String {
        let (mut random, clock) = (Random::seeded(1), Clock::system());
        let mut scope = Scope {
            vars: &Always(value),
            random: &mut random,
            clock: &clock,
        };
        let template = UrlTemplate::parse(text, Dialect::Moclojer).unwrap();
        template.render(&mut scope).unwrap()
    }

    #[test]
    fn a_value_stays_one_value() {
        let url = "/a/{{path-params.x}}?b={{query-params.y|upper}}";
        assert_eq!(render(url, "k-1_.~"), "/a/k-1_.~?b=K-1_.~");
        assert_eq!(
            render(url, "a/b?c&d#e%ä\r\n"),
            "/a/a%2Fb%3Fc%26d%23e%25%C3%A4%0D%0A?b=A%2FB%3FC%26D%23E%25%C3%84%0D%0A"
        );
    }

    #[test]
    fn mistakes_are_told_at_their_place() {
        for (text, at) in [
            ("/a/{{nothing}}", "nothing"),
            ("/a{% if message %}b{% endif %}", "{% if message %}"),
        ] {
            let wrong = UrlTemplate::parse(text, Dialect::Moclojer).unwrap_err();
            assert_eq!(&text[wrong.span], at);
        }
        let template = UrlTemplate::parse("/a/{{message}}/b", Dialect::Moclojer).unwrap();
        assert_eq!(
            (template.with("x"), template.is_literal()),
            ("/a/x/b".into(), false)
        );
    }
}
