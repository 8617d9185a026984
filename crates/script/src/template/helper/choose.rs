//! `pick` and `default`: one of several arguments.

use super::{Helper, Kind, Takes, unchecked};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::scope::Scope;
use crate::template::value::Val;

pub(super) const PICK: Helper = Helper {
    name: "pick",
    aliases: &[],
    arguments: "a b …",
    doc: "One of its arguments, each as likely as the others.",
    example: "{{pick 'red' 'green' 'blue'}}",
    takes: Takes::AtLeast(1),
    kinds: &[Kind::Any],
    check: unchecked,
    run: pick,
};

pub(super) const DEFAULT: Helper = Helper {
    name: "default",
    aliases: &[],
    arguments: "value substitute",
    doc: "The first argument, or the second if the first is missing or `null`.",
    example: "{{default message.name 'nobody'}}",
    takes: Takes::OneOf(&[2]),
    kinds: &[Kind::Any],
    check: unchecked,
    run: default,
};

fn pick<'v>(args: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    let last = i64::try_from(args.len())
        .unwrap_or(i64::MAX)
        .saturating_sub(1);
    Ok(args.get(usize::try_from(scope.random.between(0, last)).unwrap_or_default()))
}

fn default<'v>(args: &Args<'v>, _: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    let value = args.get(0);
    Ok(if value.is_nothing() {
        args.get(1)
    } else {
        value
    })
}
