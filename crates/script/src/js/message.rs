//! What a call is about is made into a script's arguments here: the envelope, the parsed JSON, or both.

use rquickjs::function::Args;
use rquickjs::{Ctx, IntoJs, Object, Result, String as JsString, TypedArray, Value};

use super::lockdown::Tools;
use super::turn::Turn;
use super::value::call;
use super::{Input, Payload, ScriptKind};

/// The arguments of a script of this kind.
pub(super) fn arguments<'js>(
    ctx: &Ctx<'js>,
    turn: &Turn,
    kind: ScriptKind,
    input: Input,
) -> Result<Args<'js>> {
    let tools = turn.tools(ctx)?;
    let json = match (kind, &input.payload) {
        (ScriptKind::Script, _) | (_, None | Some(Payload::Binary(_))) => None,
        (_, Some(Payload::Text(text))) => parsed(ctx, text),
    };
    let received_at = input.received_at;
    let message = Message::new(ctx, input)?;
    let mut arguments = Args::new(ctx.clone(), 2);
    match kind {
        ScriptKind::Script => arguments.push_arg(message.envelope(ctx, &tools, received_at)?)?,
        ScriptKind::Handler | ScriptKind::Method | ScriptKind::When | ScriptKind::Replay => {
            arguments.push_arg(message.with_fallback(ctx, &tools, json)?)?;
        }
        ScriptKind::Transform => {
            let msg = json.unwrap_or_else(|| message.content());
            arguments.push_arg(msg)?;
            arguments.push_arg(message.envelope(ctx, &tools, received_at)?)?;
        }
    }
    Ok(arguments)
}

/// A message's text as JSON; nothing if it is not JSON, or nested too deeply for the engine.
fn parsed<'js>(ctx: &Ctx<'js>, text: &str) -> Option<Value<'js>> {
    let parsed = ctx.json_parse(text);
    if parsed.is_err() {
        ctx.catch();
    }
    parsed.ok()
}

/// A message in the engine. What it does not have is `undefined`.
struct Message<'js> {
    text: Value<'js>,
    binary: Value<'js>,
    size: usize,
}

impl<'js> Message<'js> {
    fn new(ctx: &Ctx<'js>, input: Input) -> Result<Self> {
        let nothing = Value::new_undefined(ctx.clone());
        let size = input.payload.as_ref().map_or(0, Payload::len);
        let (text, binary) = match input.payload {
            None => (nothing.clone(), nothing),
            Some(Payload::Text(text)) => (
                JsString::from_str(ctx.clone(), &text)?.into_value(),
                nothing,
            ),
            Some(Payload::Binary(bytes)) => (
                nothing,
                TypedArray::<u8>::new_copy(ctx.clone(), bytes)?.into_value(),
            ),
        };
        Ok(Self { text, binary, size })
    }

    /// The text or the bytes.
    fn content(&self) -> Value<'js> {
        if self.text.is_undefined() {
            self.binary.clone()
        } else {
            self.text.clone()
        }
    }

    fn envelope(&self, ctx: &Ctx<'js>, tools: &Tools, received_at: i64) -> Result<Value<'js>> {
        let kind = match (self.text.is_undefined(), self.binary.is_undefined()) {
            (false, _) => "text".into_js(ctx)?,
            (true, false) => "binary".into_js(ctx)?,
            (true, true) => Value::new_undefined(ctx.clone()),
        };
        let (text, binary) = (self.text.clone(), self.binary.clone());
        call(
            ctx,
            &tools.envelope,
            (text, binary, kind, self.size, received_at),
        )
    }

    /// The JSON with hidden members `text`, `$raw` and `$binary`. A message that is not JSON is an object that
    /// has nothing but these; a JSON number, text, truth value or `null` cannot have any.
    fn with_fallback(
        &self,
        ctx: &Ctx<'js>,
        tools: &Tools,
        json: Option<Value<'js>>,
    ) -> Result<Value<'js>> {
        let json = match json {
            Some(json) if !json.is_object() => return Ok(json),
            Some(json) => json,
            None => Object::new(ctx.clone())?.into_value(),
        };
        call(
            ctx,
            &tools.fallback,
            (json, self.text.clone(), self.binary.clone()),
        )
    }
}
