//! `connection_count`: how many connections are open.

use super::{Complaint, Helper, Kind, Takes};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::expression::Expr;
use crate::template::scope::Scope;
use crate::template::value::Val;

pub(super) const CONNECTION_COUNT: Helper = Helper {
    name: "connection_count",
    aliases: &[],
    arguments: "[\"*\"]",
    doc: "Open connections on the handler's path, or with \"*\" on the whole server.",
    example: "{{connection_count}}",
    takes: Takes::OneOf(&[0, 1]),
    kinds: &[Kind::LiteralText],
    check,
    run,
};

fn check(args: &[Expr]) -> Result<(), Complaint> {
    match args.first() {
        None => Ok(()),
        Some(Expr::Text(all)) if all.as_ref() == "*" => Ok(()),
        Some(_) => Err(Complaint {
            argument: 0,
            message: "`connection_count` counts one path or everything".to_owned(),
            remedy: Some("write no argument, or \"*\" for the whole server".to_owned()),
        }),
    }
}

fn run<'v>(args: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    let count = scope.vars.connection_count(args.len() > 0);
    Ok(Val::Int(i64::try_from(count).unwrap_or(i64::MAX)))
}
