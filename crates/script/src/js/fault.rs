//! What a script throws passes through here on its way to being a typed error with a place in the user's text.

use rquickjs::{Coerced, Ctx, Exception, Value};

use super::script::{LINES_BEFORE, Script};
use super::{ScriptError, ScriptLimits};

/// The most characters of a thrown text that are kept.
const KEPT: usize = 1024;

/// What the engine throws at the bounds of its memory and stack.
const OUT_OF_MEMORY: &str = "InternalError: out of memory";
const STACK_OVERFLOW: &str = "RangeError: Maximum call stack size exceeded";

/// Turns a thrown value into an error.
pub(super) fn error_of<'js>(
    ctx: &Ctx<'js>,
    thrown: &Value<'js>,
    script: &Script,
    limits: &ScriptLimits,
) -> ScriptError {
    // At its memory limit the engine cannot always make the error that says so, and throws `null`.
    if thrown.is_null() {
        return ScriptError::OutOfMemory {
            limit: limits.memory_bytes,
        };
    }
    let message = thrown_text(ctx, thrown);
    match message.as_str() {
        OUT_OF_MEMORY => ScriptError::OutOfMemory {
            limit: limits.memory_bytes,
        },
        STACK_OVERFLOW => ScriptError::StackOverflow {
            limit: limits.stack_bytes,
        },
        _ => {
            let place = first_place(thrown, script);
            ScriptError::Thrown {
                message,
                line: place.map(|(line, _)| line),
                column: place.map(|(_, column)| column),
            }
        }
    }
}

/// A thrown value as text: `TypeError: x is not a function` for an error, JSON for other objects.
pub(super) fn thrown_text<'js>(ctx: &Ctx<'js>, thrown: &Value<'js>) -> String {
    let exception = thrown
        .clone()
        .into_object()
        .and_then(Exception::from_object);
    let text = match exception {
        Some(exception) => {
            let name = exception
                .as_object()
                .get::<_, Coerced<String>>("name")
                .map_or_else(|_| "Error".to_owned(), |name| name.0);
            match exception.message() {
                Some(message) if !message.is_empty() => format!("{name}: {message}"),
                _ => name,
            }
        }
        None if thrown.is_object() => match ctx.json_stringify(thrown.clone()) {
            Ok(Some(json)) => json.to_string().unwrap_or_default(),
            _ => String::new(),
        },
        None => thrown
            .get::<Coerced<String>>()
            .map_or_else(|_| String::new(), |text| text.0),
    };
    // Whatever failed on the way to a text must not be taken for a failure of what runs next.
    ctx.catch();
    if text.is_empty() {
        return format!("a value of type {} was thrown", thrown.type_name());
    }
    match text.char_indices().nth(KEPT) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
        None => text,
    }
}

/// The first place in the user's text that an error's stack trace names.
pub(super) fn first_place(thrown: &Value<'_>, script: &Script) -> Option<(u32, u32)> {
    let exception = thrown
        .clone()
        .into_object()
        .and_then(Exception::from_object)?;
    let stack = exception.stack()?;
    let marker = format!("{}:", script.file());
    let (_, rest) = stack.split_once(&marker)?;
    let mut numbers = rest.split(|c: char| !c.is_ascii_digit());
    let line: u32 = numbers.next()?.parse().ok()?;
    let column: usize = numbers.next()?.parse().ok()?;
    let line = line.checked_sub(LINES_BEFORE)?;
    let text = script.source().lines().nth(line.checked_sub(1)? as usize)?;
    // The engine counts bytes.
    let characters = text
        .char_indices()
        .take_while(|(at, _)| at + 1 < column)
        .count();
    Some((line, u32::try_from(characters).ok()? + 1))
}
