//! A value with its filters, `value|filter:argument`, is parsed here.

use std::ops::Range;

use crate::template::expression::{self, Expr, Names};
use crate::template::filter::{self, Filter};
use crate::template::helper::Kind;
use crate::template::mistake::TemplateMistake;
use crate::template::value::Number;
use crate::template::word::Word;

/// An expression and the filters that are applied to it, from left to right.
#[derive(Debug)]
pub(crate) struct Operand {
    pub(crate) expr: Expr,
    pub(crate) filters: Vec<Application>,
}

/// A filter with its arguments: texts, or paths that were written `@path`.
#[derive(Debug)]
pub(crate) struct Application {
    pub(crate) filter: &'static Filter,
    pub(crate) args: Vec<Expr>,
}

impl Operand {
    /// The expression, if the filters do nothing: `safe` is accepted and means nothing here.
    pub(crate) fn plain(self) -> Option<Expr> {
        self.filters
            .iter()
            .all(|application| application.filter.name == "safe")
            .then_some(self.expr)
    }
}

/// Parses the operand in `word`.
pub(crate) fn operand(word: Word<'_>, names: &Names) -> Result<Operand, TemplateMistake> {
    let parts = word.split(|letter| letter == '|');
    let (first, rest) = parts
        .split_first()
        .map_or((word, &[][..]), |(first, rest)| (*first, rest));
    if first.trim().text.is_empty() && !rest.is_empty() {
        let mistake = TemplateMistake::new("nothing stands before `|`", word.span());
        return Err(mistake.remedy("name a value or a helper, such as `message|upper`"));
    }
    let expr = expression::parse(first, names)?;
    let filters = rest
        .iter()
        .map(|part| application(*part, names))
        .collect::<Result<_, _>>()?;
    Ok(Operand { expr, filters })
}

/// Parses what stands behind a `|`.
fn application(word: Word<'_>, names: &Names) -> Result<Application, TemplateMistake> {
    let bar = word.start.saturating_sub(1)..word.start;
    let word = word.trim();
    let parts = word.split(|letter| letter == ':');
    let (name, rest) = parts
        .split_first()
        .map_or((word, &[][..]), |(name, rest)| (name.trim(), rest));
    if name.text.is_empty() {
        return Err(
            TemplateMistake::new("a filter's name is missing after `|`", bar)
                .remedy("write `value|upper`, or leave the `|` out"),
        );
    }
    let Some(filter) = filter::find(name.text) else {
        return Err(unknown(name));
    };
    let mut args = Vec::new();
    let mut spans = Vec::new();
    for part in rest {
        let part = part.trim();
        args.push(argument(part, names)?);
        spans.push(part.span());
    }
    check(filter, &args, &spans, word.span())?;
    Ok(Application { filter, args })
}

fn unknown(name: Word<'_>) -> TemplateMistake {
    if let Some(given) = name.text.find([' ', '(']) {
        let filter = name.text.get(..given).unwrap_or_default();
        if filter::find(filter).is_some() {
            return TemplateMistake::new(
                format!("arguments of the filter `{filter}` follow colons"),
                name.span(),
            )
            .remedy(format!("write `|{filter}:argument`"));
        }
    }
    TemplateMistake::new(format!("unknown filter `{}`", name.text), name.span())
        .suggest(name.text, filter::filters().map(|filter| filter.name))
        .or_remedy(|| "the manual lists all filters".to_owned())
}

/// Words are texts, with or without quotes; `@path` is looked up.
fn argument(word: Word<'_>, names: &Names) -> Result<Expr, TemplateMistake> {
    if word.text.starts_with('@') {
        return expression::argument(word.after(1), names);
    }
    let text = word.unquoted()?.unwrap_or_else(|| word.text.to_owned());
    Ok(Expr::Text(text.into()))
}

fn check(
    filter: &'static Filter,
    args: &[Expr],
    spans: &[Range<usize>],
    whole: Range<usize>,
) -> Result<(), TemplateMistake> {
    let example = if filter.arguments.is_empty() {
        format!("write `|{}`", filter.name)
    } else {
        format!(
            "its arguments are `{}`, each after a colon",
            filter.arguments
        )
    };
    if !filter.takes.allows(args.len()) {
        let message = format!(
            "filter `{}` takes {}, not {}",
            filter.name,
            filter.takes.say(),
            args.len()
        );
        return Err(TemplateMistake::new(message, whole).remedy(example));
    }
    let literals: Vec<Option<&str>> = args
        .iter()
        .map(|arg| match arg {
            Expr::Text(text) => Some(text.as_ref()),
            _ => None,
        })
        .collect();
    for (index, (literal, span)) in literals.iter().zip(spans).enumerate() {
        let kind = filter
            .kinds
            .get(index)
            .or(filter.kinds.last())
            .copied()
            .unwrap_or(Kind::Text);
        if literal.is_some_and(|text| !spells(kind, text)) {
            let message = format!(
                "argument {} of filter `{}` must be {}",
                index + 1,
                filter.name,
                kind.say()
            );
            return Err(TemplateMistake::new(message, span.clone()).remedy(example));
        }
    }
    let span = || {
        spans
            .first()
            .zip(spans.last())
            .map_or(whole, |(first, last)| first.start..last.end)
    };
    (filter.check)(&literals).map_err(|message| TemplateMistake::new(message, span()))
}

fn spells(kind: Kind, text: &str) -> bool {
    match kind {
        Kind::Integer => matches!(Number::parse(text), Some(Number::Int(_))),
        Kind::Number => Number::parse(text).is_some(),
        _ => true,
    }
}
