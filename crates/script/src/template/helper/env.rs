//! `env`: variables of the process environment.

use super::{Helper, Kind, Takes, unchecked};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::scope::Scope;
use crate::template::value::Val;

pub(super) const ENV: Helper = Helper {
    name: "env",
    aliases: &["env."],
    arguments: "name",
    doc: "The environment variable of that name, at the time of use; an empty text if it is not set.",
    example: "{{env.API_TOKEN}}",
    takes: Takes::OneOf(&[1]),
    // Never a path: a peer must not choose which variable it is shown.
    kinds: &[Kind::LiteralText],
    check: unchecked,
    run,
};

fn run<'v>(args: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    Ok(Val::owned(
        scope.vars.env(&args.get(0).as_text()).unwrap_or_default(),
    ))
}
