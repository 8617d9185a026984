//! What a template may ask the world passes through here: values by name, the clock, randomness.

use std::borrow::Cow;

use serde_json::Value;
use sockeye_core::{Clock, Random};

/// What a render may use.
pub struct Scope<'a> {
    /// Looks values up.
    pub vars: &'a dyn Vars,
    /// Where every random value comes from: the same state gives the same text.
    pub random: &'a mut Random,
    /// The time of day.
    pub clock: &'a Clock,
}

impl std::fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scope")
            .field("random", &self.random)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

/// The values of one connection, message or timer.
pub trait Vars {
    /// The value at `path` below `root`. [`walk`] follows a path through a JSON value.
    fn find(&self, root: Root, path: &[Step]) -> Found<'_>;

    /// Open connections on the handler's path, or on the whole server.
    fn connection_count(&self, everywhere: bool) -> u64;

    /// The process environment's variable `name`.
    fn env(&self, name: &str) -> Option<String>;
}

/// The names a path can start with. Which word means which root is the dialect's affair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Root {
    /// `message`: the message that is being answered, parsed where it is JSON and its text otherwise.
    Message,
    /// `params`: the parameters of a JSON-RPC call.
    Params,
    /// `path-params` and `path`: what the route's placeholders matched.
    PathParams,
    /// `query-params` and `query`: the parameters of the URL the client connected to.
    QueryParams,
    /// `header-params` and `headers`: the headers of the client's handshake.
    HeaderParams,
    /// `json-params`: the fields of a JSON message.
    JsonParams,
    /// `match`: what the rule's named groups and holes matched.
    Match,
    /// `connection`: facts about the connection, such as its `id`.
    Connection,
    /// `state`: the connection's state.
    State,
    /// `id`: the id of a JSON-RPC call.
    Id,
    /// `method`: the name of a JSON-RPC call.
    Method,
    /// `sequence`: how often this timer has fired, from 1.
    Sequence,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// `.name`, or `.0`: a field of an object; digits are also an index of an array.
    Key(String),
    /// `[0]`: an element of an array, from 0.
    Index(usize),
}

/// What [`Vars::find`] found.
#[derive(Clone, Debug, PartialEq)]
pub enum Found<'a> {
    /// There is no such value.
    Missing,
    /// A text.
    Text(Cow<'a, str>),
    /// Any JSON value.
    Json(Cow<'a, Value>),
    /// A whole number.
    Int(i64),
    /// A text that is JSON, checked by whoever found it: in a text its own characters, where JSON
    /// expects a value that value, unchanged.
    Raw(&'a str),
}

/// The value at `path` below `value`, if there is one.
///
/// ```
/// use sockeye_script::template::{Step, walk};
/// let value = serde_json::json!({"items": [{"id": 7}]});
/// let path = [Step::Key("items".into()), Step::Key("0".into()), Step::Key("id".into())];
/// assert_eq!(walk(&value, &path), Some(&serde_json::json!(7)));
/// ```
pub fn walk<'v>(value: &'v Value, path: &[Step]) -> Option<&'v Value> {
    path.iter()
        .try_fold(value, |value, step| match (value, step) {
            (Value::Object(fields), Step::Key(key)) => fields.get(key),
            (Value::Array(items), Step::Key(key)) => items.get(key.parse::<usize>().ok()?),
            (Value::Array(items), Step::Index(index)) => items.get(*index),
            _ => None,
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Step, walk};

    #[test]
    fn digits_are_an_index_of_an_array_and_a_key_of_an_object() {
        let zero = [Step::Key("0".into())];
        assert_eq!(walk(&json!(["a"]), &zero), Some(&json!("a")));
        assert_eq!(walk(&json!({"0": "b"}), &zero), Some(&json!("b")));
        assert_eq!(walk(&json!(["a"]), &[Step::Index(0)]), Some(&json!("a")));
        assert_eq!(walk(&json!(["a"]), &[Step::Index(1)]), None);
        assert_eq!(walk(&json!({"0": "b"}), &[Step::Index(0)]), None);
        assert_eq!(walk(&json!("text"), &zero), None);
    }
}
