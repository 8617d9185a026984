//! `json` and `string`: a value as JSON text, and as plain text.

use super::{Helper, Kind, Takes, unchecked};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::scope::Scope;
use crate::template::value::Val;

pub(super) const JSON: Helper = Helper {
    name: "json",
    aliases: &[],
    arguments: "value",
    doc: "The value as a text of compact JSON: a string with its quotes, `null` for nothing.",
    example: "{{json message}}",
    takes: Takes::OneOf(&[1]),
    kinds: &[Kind::Any],
    check: unchecked,
    run: json,
};

pub(super) const STRING: Helper = Helper {
    name: "string",
    doc: "The value as text where it would otherwise keep its JSON type.",
    example: "{{string message.id}}",
    run: string,
    ..JSON
};

fn json<'v>(args: &Args<'v>, _: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    Ok(Val::owned(args.get(0).into_json().to_string()))
}

fn string<'v>(args: &Args<'v>, _: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    Ok(Val::owned(args.get(0).as_text()))
}
