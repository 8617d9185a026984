//! JSON-RPC 2.0: a request, or a batch of them, becomes its answers.

mod walk;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use sockeye_net::{Message, Outbox};
use sockeye_script::template::{JsonTemplate, RenderError, Scope, Template};

use crate::act::Act;
use crate::agenda::Later;
use crate::answer::Answer;
use crate::js::{Ask, Cursor, Handler};
use crate::json::Tree;
use crate::occasion::Call;
use crate::schema::Schema;
use crate::session::Parts;
use walk::{Requests, Walk};

pub(crate) use walk::Heard;

/// The methods of a route.
#[derive(Debug, Default)]
pub struct JsonRpc {
    methods: HashMap<String, Method>,
}

/// A method: what it answers, and when.
#[derive(Debug)]
pub struct Method {
    /// What it answers.
    pub reply: Reply,
    /// How long the answer waits. That to a batch waits for the longest of its calls.
    pub delay: Duration,
    /// What its parameters must look like, if the file says so.
    pub(crate) params: Option<Schema>,
}

/// What a method answers.
#[derive(Debug)]
pub enum Reply {
    /// A result; without a template, `null`.
    Result(Option<JsonTemplate>),
    /// An error.
    Error(Box<Failure>),
    /// What JavaScript returns or throws.
    Run(Arc<Handler>),
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
const BAD_PARAMS: i64 = -32602;
const INTERNAL: (i64, &str) = (-32603, "Internal error");

/// What a batch gets whose answer would be longer than one message may be.
const TOO_LONG: (i64, &str) = (-32603, "The answer to the batch is too long");

/// How far the answer to a message has come, while a script runs for one of its requests.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// The answers so far.
    reply: Vec<u8>,
    /// The request that is being answered.
    at: usize,
    /// The longest delay so far.
    delay: Duration,
}

/// A valid request.
#[derive(Clone, Copy)]
struct Request<'m> {
    call: Call<'m>,
    is_notification: bool,
}

impl JsonRpc {
    /// Methods by name. `*`, or else `unknown`, also answers for methods that are not there.
    pub fn new(methods: impl IntoIterator<Item = (String, Method)>) -> Self {
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

    /// Whether a method needs JavaScript.
    pub(crate) fn has_scripts(&self) -> bool {
        let mut methods = self.methods.values();
        methods.any(|method| matches!(method.reply, Reply::Run(_)))
    }

    /// Answers a message, from the start or from where a script stopped it; `heard` is then what the
    /// script said. Gives the script that is to be run next for it, if there is one.
    pub(crate) fn answer(
        &self,
        session: Parts<'_>,
        message: Message<'_>,
        mut progress: Progress,
        heard: Option<&Heard>,
        out: &mut Outbox<'_>,
    ) -> Option<Ask> {
        let Parts {
            mut voice, agenda, ..
        } = session;
        let text = std::str::from_utf8(message.bytes()).unwrap_or_default();
        let parsed = Tree::parse(text);
        if parsed.is_err() {
            voice.world.count_parse_error();
        }
        let requests = match &parsed {
            Ok(Tree::List(requests)) if !requests.is_empty() => Requests::Batch(requests),
            Ok(request) => Requests::One(request),
            Err(_) => Requests::None,
        };
        let mut ask = None;
        // An error here is silence: there is nobody to answer, or not yet.
        let _ = out.render(|reply| {
            reply.append(&mut progress.reply);
            let mut walk = Walk {
                methods: self,
                voice: &mut voice,
                progress: &mut progress,
                reply,
            };
            ask = walk.go(requests, heard);
            if ask.is_none() && !reply.is_empty() && progress.delay.is_zero() {
                return Ok(());
            }
            progress.reply.extend_from_slice(reply);
            Err(())
        });
        if let Some(handler) = ask {
            return Some(Ask::new(handler, Cursor::Call(progress)));
        }
        if !progress.reply.is_empty() {
            // Written by us and by templates, so it is UTF-8.
            let text = String::from_utf8_lossy(&progress.reply);
            agenda.begin(&late(&text, progress.delay), None, out);
        }
        None
    }

    /// What the script of a call is told: the request.
    pub(crate) fn request(message: Message<'_>, progress: &Progress) -> String {
        let text = std::str::from_utf8(message.bytes()).unwrap_or_default();
        let request = match Tree::parse(text) {
            Ok(Tree::List(requests)) => requests.get(progress.at).map(Tree::to_value),
            Ok(request) => Some(request.to_value()),
            Err(_) => None,
        };
        request.unwrap_or_default().to_string()
    }

    fn find(&self, method: &str) -> Option<&Method> {
        let fallback = || FALLBACKS.iter().find_map(|name| self.methods.get(*name));
        self.methods.get(method).or_else(fallback)
    }
}

/// An answer that is sent after a delay.
fn late(text: &str, delay: Duration) -> Arc<[Later]> {
    let act = Some(Act::Say(Answer::Literal(text.into())));
    Arc::new([Later { delay, act }])
}

impl Method {
    /// What is wrong with the parameters of a call. A call without any is one with an empty object.
    fn fault(&self, params: Option<&Tree<'_>>) -> Option<String> {
        let none = Tree::Object(Vec::new());
        let schema = self.params.as_ref()?;
        schema.fault(params.unwrap_or(&none), "params")
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
            // Written when it has been run.
            Self::Run(_) => {}
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

/// The error of a call whose parameters are wrong; `data` says what is.
fn bad_params(fault: String, id: Option<&Tree<'_>>, reply: &mut Vec<u8>) {
    let data = serde_json::Value::from(fault);
    let error = format!(
        r#"{{"jsonrpc":"2.0","error":{{"code":{BAD_PARAMS},"message":"Invalid params","data":{data}}}"#
    );
    reply.extend_from_slice(error.as_bytes());
    write_id(id, reply);
}

/// The last member of an answer, and its end.
fn write_id(id: Option<&Tree<'_>>, reply: &mut Vec<u8>) {
    let id = id.map_or(serde_json::Value::Null, Tree::to_value);
    reply.extend_from_slice(format!(r#","id":{id}}}"#).as_bytes());
}
