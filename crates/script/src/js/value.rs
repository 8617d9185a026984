//! Values cross the border between JavaScript and Rust here: payloads, JSON and text, measured before they are copied.

use rquickjs::{
    ArrayBuffer, Ctx, Error, FromJs, Function, IntoJs, Object, Persistent, Result, TypedArray,
    Value,
};

use super::Payload;
use super::lockdown::Tools;

/// Why a value did not become a payload.
#[derive(Debug)]
pub(super) enum Refused {
    /// JavaScript threw, or is about to.
    Threw(Error),
    /// It would be this many bytes long.
    TooLong(usize),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Threw(error)
    }
}

/// A value as the message it stands for: nothing for `undefined`, `null` and what `JSON.stringify` leaves out.
pub(super) fn payload<'js>(
    ctx: &Ctx<'js>,
    tools: &Tools,
    value: Value<'js>,
    most: usize,
) -> std::result::Result<Option<Payload>, Refused> {
    if value.is_null() || value.is_undefined() {
        return Ok(None);
    }
    if let Some(bytes) = byte_array(&value)? {
        return binary(ctx, tools, bytes, most).map(|bytes| Some(Payload::Binary(bytes)));
    }
    let text = if value.is_string() {
        Some(value)
    } else {
        ctx.json_stringify(value)?.map(rquickjs::String::into_value)
    };
    match text {
        Some(text) => text_of(ctx, tools, text, most).map(|text| Some(Payload::Text(text))),
        None => Ok(None),
    }
}

/// A JavaScript string as text of at most `most` bytes. Halves of characters become U+FFFD.
pub(super) fn text_of<'js>(
    ctx: &Ctx<'js>,
    tools: &Tools,
    text: Value<'js>,
    most: usize,
) -> std::result::Result<String, Refused> {
    within(call(ctx, &tools.length, (text.clone(),))?, most)?;
    let read = |text: Value<'js>| text.get::<rquickjs::String>()?.to_string();
    let text = match read(text.clone()) {
        Err(Error::Utf8(_)) => read(call(ctx, &tools.well_formed, (text,))?)?,
        other => other?,
    };
    within(text.len(), most)?;
    Ok(text)
}

/// Calls one of the tools.
pub(super) fn call<'js, A, R>(
    ctx: &Ctx<'js>,
    tool: &Persistent<Function<'static>>,
    arguments: A,
) -> Result<R>
where
    A: rquickjs::function::IntoArgs<'js>,
    R: FromJs<'js>,
{
    tool.clone().restore(ctx)?.call(arguments)
}

/// JSON text as a value.
pub(super) fn from_json<'js>(ctx: &Ctx<'js>, json: &serde_json::Value) -> Result<Value<'js>> {
    ctx.json_parse(json.to_string())
}

/// Pairs as an object. Values of the same name are put together by `join`.
pub(super) fn object_of<'js, V: IntoJs<'js>>(
    ctx: &Ctx<'js>,
    pairs: impl IntoIterator<Item = (String, V)>,
) -> Result<Object<'js>> {
    let object = Object::new(ctx.clone())?;
    for (name, value) in pairs {
        let value = rquickjs::object::Property::from(value)
            .writable()
            .enumerable()
            .configurable();
        object.prop(name, value)?;
    }
    Ok(object)
}

/// The bytes of a `Uint8Array` or `ArrayBuffer` as an array of bytes.
fn byte_array<'js>(value: &Value<'js>) -> Result<Option<TypedArray<'js, u8>>> {
    let Some(object) = value.as_object() else {
        return Ok(None);
    };
    if let Some(bytes) = object.as_typed_array::<u8>() {
        return Ok(Some(bytes.clone()));
    }
    match ArrayBuffer::from_object(object.clone()) {
        Some(buffer) => TypedArray::from_arraybuffer(buffer).map(Some),
        None => Ok(None),
    }
}

fn binary<'js>(
    ctx: &Ctx<'js>,
    tools: &Tools,
    bytes: TypedArray<'js, u8>,
    most: usize,
) -> std::result::Result<Vec<u8>, Refused> {
    let bytes = bytes.into_value();
    within(call(ctx, &tools.length, (bytes.clone(),))?, most)?;
    let text: String = call(ctx, &tools.latin1, (bytes,))?;
    Ok(text
        .chars()
        .filter_map(|unit| u8::try_from(unit).ok())
        .collect())
}

fn within(actual: usize, most: usize) -> std::result::Result<(), Refused> {
    if actual > most {
        return Err(Refused::TooLong(actual));
    }
    Ok(())
}
