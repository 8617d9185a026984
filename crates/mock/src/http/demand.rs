//! What an endpoint demands of a request before it answers: query parameters and a body.

use sockeye_net::Message;

use super::form::Form;
use super::refusal::Refusal;
use crate::facts::Facts;
use crate::incoming::Incoming;
use crate::json::Tree;
use crate::path::Kind;

/// The demands of one endpoint.
#[derive(Debug, Default)]
pub(crate) struct Demand {
    /// Query parameters that must be there, and of which type.
    pub(crate) query: Vec<(Box<str>, Kind)>,
    /// The form of the JSON body, if one is demanded.
    pub(crate) body: Option<Form>,
}

impl Demand {
    /// Whether the query has what is demanded. A parameter that occurs more than once must have the
    /// right type every time.
    pub(crate) fn check_query(&self, facts: &Facts) -> Result<(), Refusal> {
        self.query.iter().try_for_each(|(name, kind)| {
            let refusal = |found: Option<&str>| Refusal::Query {
                name: name.clone(),
                expected: kind.name(),
                found: found.map(Into::into),
            };
            let mut values = facts.query.all(name).peekable();
            if values.peek().is_none() {
                return Err(refusal(None));
            }
            match values.find(|value| !kind.accepts(value)) {
                Some(wrong) => Err(refusal(Some(wrong))),
                None => Ok(()),
            }
        })
    }

    /// Whether the body is what is demanded. Without a demand, a body that calls itself JSON must be
    /// JSON all the same, and everything else is welcome.
    pub(crate) fn check_body(&self, facts: &Facts, body: &Incoming<'_>) -> Result<(), Refusal> {
        let kind = facts.headers.all("content-type").next();
        let Some(form) = &self.body else {
            let is_empty = body.message().bytes().is_empty();
            let promises_json = !is_empty && kind.is_some_and(is_json_type);
            return if promises_json {
                json(body).map(drop)
            } else {
                Ok(())
            };
        };
        match kind {
            Some(kind) if !is_json_type(kind) => Err(Refusal::ContentType(kind.into())),
            _ => Ok(form.check(json(body)?)?),
        }
    }
}

fn json<'b>(body: &'b Incoming<'_>) -> Result<&'b Tree<'b>, Refusal> {
    body.json().ok_or_else(|| {
        let problem = match body.message() {
            Message::Binary(_) => "it is not UTF-8".to_owned(),
            Message::Text(text) => Tree::parse(text)
                .err()
                .map_or_else(String::new, |e| e.to_string()),
        };
        Refusal::NotJson(problem.into())
    })
}

/// `application/json` or one of its relatives (RFC 6839 section 3.1), whatever its parameters.
fn is_json_type(content_type: &str) -> bool {
    let essence = content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::pairs::Pairs;

    fn facts(target: &str, content_type: Option<&str>) -> Facts {
        let mut request = ::http::Request::builder().uri(target);
        if let Some(kind) = content_type {
            request = request.header("Content-Type", kind);
        }
        Facts::of(&request.body(()).unwrap(), Pairs::default())
    }

    fn query(target: &str) -> Result<(), String> {
        let query = vec![("amount".into(), Kind::Int), ("word".into(), Kind::Text)];
        Demand { query, body: None }
            .check_query(&facts(target, None))
            .map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn declared_parameters_are_demanded_with_their_type_and_others_welcome() {
        assert_eq!(query("/x?amount=3&word=&extra=1"), Ok(()));
        for (target, problem) in [
            ("/x?word=a", "missing"),
            ("/x?word=a&amount=", "``"),
            ("/x?word=a&amount=many", "`many`"),
            ("/x?word=a&amount=1&amount=b", "`b`"),
        ] {
            let text =
                format!("the query parameter `amount` must be a whole number, but is {problem}");
            assert_eq!(query(target), Err(text), "{target}");
        }
    }

    fn body(form: Option<&str>, content_type: Option<&str>, body: &[u8]) -> Result<(), String> {
        let example = form.map(|text| serde_json::from_str(text).unwrap_or(json!(null)));
        let demand = Demand {
            query: Vec::new(),
            body: example.as_ref().map(Form::of),
        };
        let message = std::str::from_utf8(body).map_or(Message::Binary(body), Message::Text);
        demand
            .check_body(&facts("/x", content_type), &Incoming::new(message))
            .map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn a_demanded_body_is_json_of_its_form() {
        let form = Some(r#"{"name": "x"}"#);
        let json_types = [
            None,
            Some("application/json"),
            Some("Application/JSON; charset=utf-8"),
            Some("a/b+json"),
        ];
        for kind in json_types {
            assert_eq!(
                body(form, kind, br#"{"name":"a","more":1}"#),
                Ok(()),
                "{kind:?}"
            );
        }
        let form_type = "application/x-www-form-urlencoded";
        for (kind, sent, text) in [
            (
                Some(form_type),
                &br#"{"name":"a"}"#[..],
                "the Content-Type must be `application/json`, not `application/x-www-form-urlencoded`",
            ),
            (
                None,
                b"",
                "the body is not JSON: EOF while parsing a value at line 1 column 0",
            ),
            (
                None,
                b"{oops",
                "the body is not JSON: key must be a string at line 1 column 2",
            ),
            (None, b"\xff\xfe", "the body is not JSON: it is not UTF-8"),
            (
                None,
                b"{}",
                "`name` of the body must be a string, but is missing",
            ),
        ] {
            assert_eq!(body(form, kind, sent), Err(text.to_owned()));
        }
    }

    #[test]
    fn without_a_demand_only_a_broken_promise_is_refused() {
        let json_type = Some("application/json");
        assert_eq!(body(None, Some("text/plain"), b"{oops"), Ok(()));
        assert_eq!(body(None, None, b"\xff"), Ok(()));
        assert_eq!(body(None, json_type, b""), Ok(()));
        assert_eq!(body(None, json_type, b"[1]"), Ok(()));
        assert!(body(None, json_type, b"{oops").is_err());
    }
}
