//! The example of a request body: what it asks of bodies, and where one differs.

use serde_json::Value;
use thiserror::Error;

use crate::json::Tree;

/// The form of a JSON value, learnt from an example: kinds and keys count, values do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Anything that is there; learnt from null.
    Anything,
    Bool,
    Number,
    Text,
    /// An array, with the form of each item where the example's items agree on one.
    List(Option<Box<Form>>),
    /// An object with at least these members.
    Object(Vec<(Box<str>, Form)>),
}

/// Where a body differs from the example.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{} must be {expected}, but is {}", place(at), found.unwrap_or("missing"))]
pub(crate) struct Misfit {
    /// The value's path, such as `user.tags[0]`; empty for the body itself.
    pub(crate) at: String,
    /// What the example has there.
    pub(crate) expected: &'static str,
    /// What the body has there; `None`: nothing.
    pub(crate) found: Option<&'static str>,
}

fn place(at: &str) -> String {
    if at.is_empty() {
        "the body".to_owned()
    } else {
        format!("`{at}` of the body")
    }
}

impl Form {
    /// Learns from an example.
    pub(crate) fn of(example: &Value) -> Self {
        match example {
            Value::Null => Self::Anything,
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::String(_) => Self::Text,
            Value::Array(items) => Self::List(common(items).map(Box::new)),
            Value::Object(members) => Self::Object(
                members
                    .iter()
                    .map(|(key, value)| (key.as_str().into(), Self::of(value)))
                    .collect(),
            ),
        }
    }

    /// Whether `value` has this form; further members are welcome. Tells the first difference.
    pub(crate) fn check(&self, value: &Tree<'_>) -> Result<(), Misfit> {
        self.check_at(Some(value), "")
    }

    /// The keys of an object, for explanations.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        let members = match self {
            Self::Object(members) => members.as_slice(),
            _ => &[],
        };
        members.iter().map(|(key, _)| &**key)
    }

    fn check_at(&self, value: Option<&Tree<'_>>, at: &str) -> Result<(), Misfit> {
        match (self, value) {
            (Self::Anything, Some(_))
            | (Self::Bool, Some(Tree::Bool(_)))
            | (Self::Number, Some(Tree::Int(_) | Tree::Unsigned(_) | Tree::Float(_)))
            | (Self::Text, Some(Tree::Text(_)))
            | (Self::List(None), Some(Tree::List(_))) => Ok(()),
            (Self::List(Some(form)), Some(Tree::List(items))) => items
                .iter()
                .enumerate()
                .try_for_each(|(index, item)| form.check_at(Some(item), &format!("{at}[{index}]"))),
            (Self::Object(members), Some(object @ Tree::Object(_))) => {
                members.iter().try_for_each(|(key, form)| {
                    let at = if at.is_empty() {
                        key.to_string()
                    } else {
                        format!("{at}.{key}")
                    };
                    form.check_at(object.get(key), &at)
                })
            }
            _ => Err(Misfit {
                at: at.to_owned(),
                expected: self.kind(),
                found: value.map(Tree::kind),
            }),
        }
    }

    /// What it asks for, in words.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Anything => "any value",
            Self::Bool => "a boolean",
            Self::Number => "a number",
            Self::Text => "a string",
            Self::List(_) => "an array",
            Self::Object(_) => "an object",
        }
    }
}

/// The form that all items share.
fn common(items: &[Value]) -> Option<Form> {
    let mut forms = items.iter().map(Form::of);
    let first = forms.next()?;
    forms.all(|form| form == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(example: &Value, body: &str) -> Result<(), String> {
        let tree = Tree::parse(body).unwrap();
        Form::of(example)
            .check(&tree)
            .map_err(|misfit| misfit.to_string())
    }

    #[test]
    fn keys_and_kinds_count_and_values_do_not() {
        let example = json!({"name": "x", "age": 1, "ok": true, "any": null});
        assert_eq!(
            check(
                &example,
                r#"{"ok":false,"age":2.5,"name":"","any":[],"more":1}"#
            ),
            Ok(())
        );
        for (body, text) in [
            (
                r#"{"age":1}"#,
                "`name` of the body must be a string, but is missing",
            ),
            (
                r#"{"name":7}"#,
                "`name` of the body must be a string, but is a number",
            ),
            (
                r#"{"name":null}"#,
                "`name` of the body must be a string, but is null",
            ),
            ("[]", "the body must be an object, but is an array"),
            (
                r#"{"name":"","age":1,"ok":true}"#,
                "`any` of the body must be any value, but is missing",
            ),
        ] {
            assert_eq!(check(&example, body), Err(text.to_owned()), "{body}");
        }
    }

    #[test]
    fn what_is_nested_is_checked_too() {
        let example = json!({"user": {"tags": [{"id": 1}, {"id": 2}]}});
        assert_eq!(check(&example, r#"{"user":{"tags":[]}}"#), Ok(()));
        assert_eq!(
            check(&example, r#"{"user":{"tags":[{"id":1,"x":2}]}}"#),
            Ok(())
        );
        let wrong = r#"{"user":{"tags":[{"id":1},{"id":"2"}]}}"#;
        let text = "`user.tags[1].id` of the body must be a number, but is a string";
        assert_eq!(check(&example, wrong), Err(text.to_owned()));
    }

    #[test]
    fn a_mixed_array_allows_any_items() {
        assert_eq!(check(&json!([1, "a"]), "[null]"), Ok(()));
        assert_eq!(check(&json!([]), "[1]"), Ok(()));
        assert!(check(&json!([1, 2.5]), r#"["a"]"#).is_err());
    }
}
