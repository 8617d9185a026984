//! `methods:` of a JSON-RPC handler: a name and what is answered.

use std::collections::HashMap;
use std::time::Duration;

use sockeye_core::document::Node;
use sockeye_core::{Mistake, Place, quoted};
use sockeye_script::js::ScriptKind;

use super::schema;
use crate::dialect::Reading;
use crate::jsonrpc::{Failure, JsonRpc, Method, Reply};

/// What a method answers with; one of them.
const ANSWERS: [&str; 3] = ["response", "error", "handler"];

/// The methods of a handler.
pub(super) fn read_methods(items: &[Node], reading: &mut Reading<'_>) -> JsonRpc {
    let mut places: HashMap<&str, &Place> = HashMap::new();
    let mut methods = Vec::new();
    for item in items {
        let Some((name, place, method)) = read_method(item, reading) else {
            continue;
        };
        if let Some(first) = places.get(name) {
            let mistake = Mistake::at(place, format!("the method {} is here twice", quoted(name)))
                .label("again here")
                .also(first, "first here")
                .remedy("remove one of them, or give it another name");
            reading.mistake(mistake);
            continue;
        }
        places.insert(name, place);
        methods.extend(method.map(|method| (name.to_owned(), method)));
    }
    JsonRpc::new(methods)
}

/// The method's name, where it stands, and what it answers.
fn read_method<'n>(
    node: &'n Node,
    reading: &mut Reading<'_>,
) -> Option<(&'n str, &'n Place, Option<Method>)> {
    let mut fields = reading.fields(node, "a method")?;
    let name = fields.need("name", reading.mistakes);
    let answers = reading.either(&mut fields, &ANSWERS);
    let mut reply = None;
    for (key, node) in &answers {
        match key.name.as_str() {
            "response" => reply = read_response(node, reading),
            "error" => reply = read_error(node, reading),
            _ => {
                let script = reading.as_script(node, "handler", ScriptKind::Method);
                reply = script.map(Reply::Run);
            }
        }
    }
    if answers.is_empty() {
        let mistake = Mistake::at(
            fields.place(),
            "a method needs `response`, `error` or `handler`",
        )
        .label("none of them is here")
        .remedy("add `response: { result: … }` or `error: { code: …, message: … }`");
        fields.miss("response", mistake);
    }
    let delay = reading.millis(&mut fields, "delay_ms").unwrap_or(0);
    let params = fields.take("params_schema").filter(|node| !node.is_null());
    let params = params.and_then(|node| schema::read(node, reading));
    reading.finish(fields);
    let name_node = name?;
    let name = name_node.as_text("`name`", reading.mistakes)?;
    if name.starts_with("rpc.") {
        let text = "method names that start with `rpc.` are reserved by JSON-RPC";
        let mistake = Mistake::at(&name_node.place_within(0.."rpc.".len()), text);
        reading.mistake(mistake.remedy("choose another name").warning());
    }
    let delay = Duration::from_millis(delay);
    let method = reply.map(|reply| Method {
        reply,
        delay,
        params,
    });
    Some((name, &name_node.place, method))
}

fn read_response(node: &Node, reading: &mut Reading<'_>) -> Option<Reply> {
    let mut fields = reading.fields(node, "a method's `response`")?;
    let result = fields.take("result").map(|result| reading.json(result));
    reading.finish(fields);
    // Without a result it is null; one with a mistake is none.
    result.map_or(Some(Reply::Result(None)), |result| {
        result.map(|result| Reply::Result(Some(result)))
    })
}

fn read_error(node: &Node, reading: &mut Reading<'_>) -> Option<Reply> {
    let mut fields = reading.fields(node, "a method's `error`")?;
    let code = fields.need("code", reading.mistakes);
    let code = code.and_then(|code| code.as_i64("`code`", i64::MIN..=i64::MAX, reading.mistakes));
    let message = fields.need("message", reading.mistakes);
    let message = message
        .filter(|message| message.as_text("`message`", reading.mistakes).is_some())
        .and_then(|message| reading.template(message));
    let data = fields.take("data").and_then(|data| reading.json(data));
    reading.finish(fields);
    Some(Reply::Error(Box::new(Failure {
        code: code?,
        message: message?,
        data,
    })))
}
