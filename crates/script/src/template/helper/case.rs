//! `upper`, `lower` and `trim`: texts with other letters or without blanks around them.

use super::{Helper, Kind, Takes, unchecked};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::scope::Scope;
use crate::template::value::Val;

pub(super) const UPPER: Helper = Helper {
    name: "upper",
    aliases: &[],
    arguments: "value",
    doc: "The value's text in upper case.",
    example: "{{upper message.name}}",
    takes: Takes::OneOf(&[1]),
    kinds: &[Kind::Any],
    check: unchecked,
    run: upper,
};

pub(super) const LOWER: Helper = Helper {
    name: "lower",
    doc: "The value's text in lower case.",
    example: "{{lower message.name}}",
    run: lower,
    ..UPPER
};

pub(super) const TRIM: Helper = Helper {
    name: "trim",
    doc: "The value's text without blanks at its ends.",
    example: "{{trim message.name}}",
    run: trim,
    ..UPPER
};

fn upper<'v>(args: &Args<'v>, _: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    Ok(Val::owned(args.get(0).as_text().to_uppercase()))
}

fn lower<'v>(args: &Args<'v>, _: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    Ok(Val::owned(args.get(0).as_text().to_lowercase()))
}

fn trim<'v>(args: &Args<'v>, _: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    Ok(Val::owned(args.get(0).as_text().trim()))
}
