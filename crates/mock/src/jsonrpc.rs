//! JSON-RPC 2.0: a request, or a batch of them, becomes its answers.

use std::collections::HashMap;

use sockeye_net::{Message, Outbox};
use sockeye_script::template::{JsonTemplate, OUTPUT_LIMIT, RenderError, Scope, Template};
use tracing::warn;

use crate::json::Tree;
use crate::occasion::{Call, Occasion};
use crate::voice::Voice;

/// The methods of a route.
#[derive(Debug, Default)]
pub struct JsonRpc {
    methods: HashMap<String, Reply>,
}

/// What a method answers.
#[derive(Debug)]
pub enum Reply {
    /// A result; without a template, `null`.
    Result(Option<JsonTemplate>),
    /// An error.
    Error(Box<Failure>),
}

/// The error that a method answers.
#[derive(Debug)]
pub struct Failure {
    /// Its number.
    pub code: i64,
    /// Its text.
    pub message: Template,
    /// Further data.
    pub data: Option<JsonTemplate>,
}

/// Names under which the answer for methods that are not there can be written.
const FALLBACKS: [&str; 2] = ["*", "unknown"];

/// The errors of the protocol itself (JSON-RPC 2.0, section 5.1).
const PARSE_ERROR: (i64, &str) = (-32700, "Parse error");
const INVALID_REQUEST: (i64, &str) = (-32600, "Invalid Request");
const NO_METHOD: (i64, &str) = (-32601, "Method not found");
const INTERNAL: (i64, &str) = (-32603, "Internal error");

/// What a batch gets whose answer would be longer than one message may be.
const TOO_LONG: (i64, &str) = (-32603, "The answer to the batch is too long");

/// A valid request.
struct Request<'m> {
    call: Call<'m>,
    is_notification: bool,
}

impl JsonRpc {
    /// Methods by name. `*`, or else `unknown`, also answers for methods that are not there.
    pub fn new(methods: impl IntoIterator<Item = (String, Reply)>) -> Self {
        Self {
            methods: methods.into_iter().collect(),
        }
    }

    /// The methods, by name.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.methods.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    /// Answers one message. One that is not JSON is answered, too.
    pub(crate) fn answer(&self, voice: &mut Voice<'_>, message: Message<'_>, out: &mut Outbox<'_>) {
        let text = std::str::from_utf8(message.bytes()).unwrap_or_default();
        let parsed = Tree::parse(text);
        // An error here is silence: there is nobody to answer.
        let _ = out.render(|reply| {
            match &parsed {
                Ok(Tree::List(requests)) if !requests.is_empty() => {
                    self.answer_batch(voice, requests, reply);
                }
                Ok(request) => self.answer_one(voice, request, reply),
                Err(_) => protocol_error(PARSE_ERROR, None, reply),
            }
            if reply.is_empty() { Err(()) } else { Ok(()) }
        });
        if parsed.is_err() {
            voice.world.count_parse_error();
        }
    }

    /// A list with an answer for each request that wants one; nothing at all if none does. A list
    /// that grows too long becomes one error.
    fn answer_batch(&self, voice: &mut Voice<'_>, requests: &[Tree<'_>], reply: &mut Vec<u8>) {
        for request in requests {
            let start = reply.len();
            reply.push(if start == 0 { b'[' } else { b',' });
            let before = reply.len();
            self.answer_one(voice, request, reply);
            if reply.len() == before {
                reply.truncate(start);
            }
            if reply.len() > OUTPUT_LIMIT {
                reply.clear();
                return protocol_error(TOO_LONG, None, reply);
            }
        }
        if !reply.is_empty() {
            reply.push(b']');
        }
    }

    fn answer_one(&self, voice: &mut Voice<'_>, request: &Tree<'_>, reply: &mut Vec<u8>) {
        let Some(Request {
            call,
            is_notification,
        }) = read_request(request)
        else {
            return protocol_error(INVALID_REQUEST, valid_id(request), reply);
        };
        if is_notification {
            return;
        }
        let Some(method) = self.find(call.method) else {
            return protocol_error(NO_METHOD, call.id, reply);
        };
        let start = reply.len();
        let about = Occasion {
            call: Some(call),
            ..Occasion::default()
        };
        if let Err(error) = voice.with_scope(about, |scope| method.write(call, scope, reply)) {
            if voice.world.count_template_error() {
                let (route, method) = (voice.route, call.method);
                warn!(route, method, %error, "a call could not be answered");
            }
            reply.truncate(start);
            protocol_error(INTERNAL, call.id, reply);
        }
    }

    fn find(&self, method: &str) -> Option<&Reply> {
        let fallback = || FALLBACKS.iter().find_map(|name| self.methods.get(*name));
        self.methods.get(method).or_else(fallback)
    }
}

impl Reply {
    fn write(
        &self,
        call: Call<'_>,
        scope: &mut Scope<'_>,
        reply: &mut Vec<u8>,
    ) -> Result<(), RenderError> {
        reply.extend_from_slice(br#"{"jsonrpc":"2.0","#);
        match self {
            Self::Result(None) => reply.extend_from_slice(br#""result":null"#),
            Self::Result(Some(result)) => {
                reply.extend_from_slice(br#""result":"#);
                result.render(scope, reply)?;
            }
            Self::Error(failure) => failure.write(scope, reply)?,
        }
        write_id(call.id, reply);
        Ok(())
    }
}

impl Failure {
    fn write(&self, scope: &mut Scope<'_>, reply: &mut Vec<u8>) -> Result<(), RenderError> {
        let code = self.code;
        reply.extend_from_slice(format!(r#""error":{{"code":{code},"message":"#).as_bytes());
        let mut text = Vec::new();
        self.message.render_text(scope, &mut text)?;
        let text = serde_json::Value::from(String::from_utf8_lossy(&text));
        reply.extend_from_slice(text.to_string().as_bytes());
        if let Some(data) = &self.data {
            reply.extend_from_slice(br#","data":"#);
            data.render(scope, reply)?;
        }
        reply.push(b'}');
        Ok(())
    }
}

/// An object with `jsonrpc` "2.0", a method, parameters that are a list or an object, and an id that
/// is neither a boolean nor a list nor an object (JSON-RPC 2.0, section 4).
fn read_request<'m>(request: &'m Tree<'_>) -> Option<Request<'m>> {
    let Some(Tree::Text(version)) = request.get("jsonrpc") else {
        return None;
    };
    let Some(Tree::Text(method)) = request.get("method") else {
        return None;
    };
    let params = request.get("params");
    let right = matches!(params, None | Some(Tree::List(_) | Tree::Object(_)));
    let id = valid_id(request);
    let is_notification = request.get("id").is_none();
    (version == "2.0" && right && (is_notification || id.is_some())).then_some(Request {
        call: Call { method, params, id },
        is_notification,
    })
}

fn valid_id<'m>(request: &'m Tree<'_>) -> Option<&'m Tree<'m>> {
    let id = request.get("id")?;
    let wrong = matches!(id, Tree::Bool(_) | Tree::List(_) | Tree::Object(_));
    (!wrong).then_some(id)
}

fn protocol_error((code, message): (i64, &str), id: Option<&Tree<'_>>, reply: &mut Vec<u8>) {
    let error = format!(r#"{{"jsonrpc":"2.0","error":{{"code":{code},"message":"{message}"}}"#);
    reply.extend_from_slice(error.as_bytes());
    write_id(id, reply);
}

/// The last member of an answer, and its end.
fn write_id(id: Option<&Tree<'_>>, reply: &mut Vec<u8>) {
    let id = id.map_or(serde_json::Value::Null, Tree::to_value);
    reply.extend_from_slice(format!(r#","id":{id}}}"#).as_bytes());
}
