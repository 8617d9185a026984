//! Expressions become values here, borrowed from the template or from the world.

use std::borrow::Cow;

use super::error::RenderError;
use super::expression::Expr;
use super::scope::{Scope, Vars};
use super::value::Val;

/// The arguments of a helper: expressions in a plain hole, finished values inside tags.
pub(crate) enum Args<'v> {
    Expressions(&'v [Expr], &'v dyn Vars),
    Values(&'v [Val<'v>]),
}

impl<'v> Args<'v> {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Expressions(exprs, _) => exprs.len(),
            Self::Values(values) => values.len(),
        }
    }

    /// The argument at `index`, from 0; no value if there are fewer.
    pub(crate) fn get(&self, index: usize) -> Val<'v> {
        match self {
            Self::Expressions(exprs, vars) => exprs
                .get(index)
                .map_or(Val::Missing, |expr| expr.value(*vars)),
            Self::Values(values) => values.get(index).map_or(Val::Missing, Val::borrowed),
        }
    }
}

impl Expr {
    /// The value of the expression.
    pub(crate) fn evaluate<'v, 'a: 'v>(
        &'v self,
        scope: &mut Scope<'a>,
    ) -> Result<Val<'v>, RenderError> {
        let vars: &'a dyn Vars = scope.vars;
        match self {
            Self::Call { helper, args } => (helper.run)(&Args::Expressions(args, vars), scope),
            other => Ok(other.value(vars)),
        }
    }

    /// The value of an expression that is not a call. Loop variables live in the tag engine, not here.
    fn value<'v>(&'v self, vars: &'v dyn Vars) -> Val<'v> {
        match self {
            Self::Null | Self::Call { .. } | Self::Local { .. } => Val::Missing,
            Self::Bool(truth) => Val::Bool(*truth),
            Self::Int(number) => Val::Int(*number),
            Self::Float(number) => Val::Float(*number),
            Self::Text(text) => Val::Text(Cow::Borrowed(text)),
            Self::Path { root, steps } => vars.find(*root, steps).into(),
        }
    }
}

impl Val<'_> {
    /// The same value without a copy.
    pub(crate) fn borrowed(&self) -> Val<'_> {
        match self {
            Self::Missing => Val::Missing,
            Self::Text(text) => Val::Text(Cow::Borrowed(text)),
            Self::Short(short) => Val::Short(*short),
            Self::Json(value) => Val::Json(Cow::Borrowed(value)),
            Self::Raw(text) => Val::Raw(text),
            Self::Int(number) => Val::Int(*number),
            Self::Float(number) => Val::Float(*number),
            Self::Bool(truth) => Val::Bool(*truth),
        }
    }
}
