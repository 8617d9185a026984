//! What stands in a hole before the first `|` passes through here: a literal, a path, or a helper with arguments.

use std::ops::Range;

use sockeye_core::nearest;

use super::helper::{self, Helper, Kind};
use super::mistake::TemplateMistake;
use super::names::Dialect;
use super::path;
use super::scope::{Root, Step};
use super::word::Word;

/// A parsed expression. Arguments of a call are never calls themselves.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Box<str>),
    Path {
        root: Root,
        steps: Box<[Step]>,
    },
    /// A loop variable; `code` is what the tag engine calls it.
    Local {
        code: Box<str>,
        steps: Box<[Step]>,
    },
    Call {
        helper: &'static Helper,
        args: Box<[Expr]>,
    },
}

/// The names an expression may use.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) dialect: Dialect,
    /// Variables of enclosing `for` and `with` tags, the innermost last.
    pub(crate) locals: Vec<Local>,
}

/// A variable of a `for` or `with` tag.
#[derive(Clone, Debug)]
pub(crate) struct Local {
    pub(crate) name: String,
    pub(crate) code: String,
    /// The only fields it has, each with its code; none for a variable of unknown content.
    pub(crate) fields: &'static [(&'static str, &'static str)],
}

impl Names {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            locals: Vec::new(),
        }
    }

    fn local(&self, name: &str) -> Option<&Local> {
        self.locals.iter().rev().find(|local| local.name == name)
    }

    /// Every name that may start an expression, for suggestions.
    fn known(&self) -> Vec<&str> {
        let mut known: Vec<&str> = Vec::new();
        self.locals.iter().for_each(|local| known.push(&local.name));
        self.dialect
            .roots()
            .chain(helper::names())
            .for_each(|name| known.push(name));
        known
    }
}

/// Parses the expression in `word`.
pub(crate) fn parse(word: Word<'_>, names: &Names) -> Result<Expr, TemplateMistake> {
    let outer = super::scan::outer(&word.span());
    let word = word.trim();
    let words = word.words();
    let Some((first, rest)) = words.split_first() else {
        return Err(TemplateMistake::new("the hole is empty", outer)
            .remedy("name a value or a helper, such as `{{message}}` or `{{uuid}}`"));
    };
    refuse_handlebars(*first)?;
    if let Some(call) = helper::now::with_offset(word, names)? {
        return Ok(call);
    }
    if let Some(literal) = literal(*first)? {
        return no_arguments(literal, *first, rest);
    }
    let head = head(*first);
    if names.local(head).is_some() || names.dialect.root(head).is_some() {
        return no_arguments(path(*first, names)?, *first, rest);
    }
    match helper::find(first.text) {
        Some((helper, dotted)) => call(helper, dotted, *first, rest, names),
        None => Err(unknown(*first, names, false)),
    }
}

/// Parses one argument: a literal or a path.
pub(crate) fn argument(word: Word<'_>, names: &Names) -> Result<Expr, TemplateMistake> {
    match literal(word)? {
        Some(literal) => Ok(literal),
        None => path(word, names),
    }
}

fn literal(word: Word<'_>) -> Result<Option<Expr>, TemplateMistake> {
    if let Some(text) = word.unquoted()? {
        return Ok(Some(Expr::Text(text.into())));
    }
    let literal = match word.text {
        "true" => Expr::Bool(true),
        "false" => Expr::Bool(false),
        "null" | "nil" => Expr::Null,
        text => return number(text, word.span()),
    };
    Ok(Some(literal))
}

fn number(text: &str, span: Range<usize>) -> Result<Option<Expr>, TemplateMistake> {
    if !text
        .trim_start_matches(['-', '+'])
        .starts_with(|first: char| first.is_ascii_digit())
    {
        return Ok(None);
    }
    if let Ok(whole) = text.parse() {
        return Ok(Some(Expr::Int(whole)));
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(Some(Expr::Float(number))),
        Ok(_) => Err(TemplateMistake::new(
            format!("{text} is too large for a number"),
            span,
        )),
        Err(_) => Err(
            TemplateMistake::new(format!("`{text}` is not a number"), span)
                .remedy(format!("write `\"{text}\"` if it is meant as text")),
        ),
    }
}

fn head(word: Word<'_>) -> &str {
    word.text.split(['.', '[']).next().unwrap_or_default()
}

fn path(word: Word<'_>, names: &Names) -> Result<Expr, TemplateMistake> {
    let head = head(word);
    let steps = path::steps(word.after(head.len()))?;
    if let Some(local) = names.local(head) {
        return variable(local, steps, word);
    }
    match names.dialect.root(head) {
        Some(root) => Ok(Expr::Path { root, steps }),
        None => Err(unknown(word, names, true)),
    }
}

fn variable(local: &Local, steps: Box<[Step]>, word: Word<'_>) -> Result<Expr, TemplateMistake> {
    if local.fields.is_empty() {
        return Ok(Expr::Local {
            code: local.code.as_str().into(),
            steps,
        });
    }
    let known = || local.fields.iter().map(|(name, _)| *name);
    let field = match steps.as_ref() {
        [Step::Key(key)] => local.fields.iter().find(|(name, _)| name == key),
        _ => None,
    };
    match field {
        Some((_, code)) => Ok(Expr::Local {
            code: (*code).into(),
            steps: Box::default(),
        }),
        None => Err(
            TemplateMistake::new(format!("unknown name `{}`", word.text), word.span())
                .suggest(
                    word.text.strip_prefix(&local.name).unwrap_or_default(),
                    known(),
                )
                .or_remedy(|| {
                    format!(
                        "`{}` has {}",
                        local.name,
                        known().collect::<Vec<_>>().join(", ")
                    )
                }),
        ),
    }
}

fn no_arguments(expr: Expr, first: Word<'_>, rest: &[Word<'_>]) -> Result<Expr, TemplateMistake> {
    match rest.first() {
        None => Ok(expr),
        Some(extra) => Err(TemplateMistake::new(
            format!("`{}` is a value and takes no argument", first.text),
            extra.span(),
        )
        .remedy("one hole holds one value: close it with `}}` and open the next one")),
    }
}

fn call(
    helper: &'static Helper,
    dotted: Option<&str>,
    first: Word<'_>,
    rest: &[Word<'_>],
    names: &Names,
) -> Result<Expr, TemplateMistake> {
    let mut args: Vec<Expr> = dotted
        .map(|name| Expr::Text(name.into()))
        .into_iter()
        .collect();
    let mut spans: Vec<Range<usize>> = args.iter().map(|_| first.span()).collect();
    for word in rest {
        let symbol =
            helper.kind(args.len()) == Kind::Operator && helper::math::is_operator(word.text);
        args.push(if symbol {
            Expr::Text(word.text.into())
        } else {
            argument(*word, names)?
        });
        spans.push(word.span());
    }
    let whole = first.start..spans.last().map_or(first.span().end, |span| span.end);
    helper.check(&args, &spans, whole)?;
    Ok(Expr::Call {
        helper,
        args: args.into(),
    })
}

fn unknown(word: Word<'_>, names: &Names, argument: bool) -> TemplateMistake {
    let head = head(word);
    let other = names.dialect.other();
    if let Some(root) = other.root(head) {
        let mistake = TemplateMistake::new(
            format!(
                "`{head}` is a name of {} files, and this is a {} template",
                other.title(),
                names.dialect.title()
            ),
            word.start..word.start + head.len(),
        );
        return match names.dialect.counterpart(root) {
            Some(own) => mistake.remedy(format!("did you mean `{own}`?")),
            None => mistake.remedy(format!(
                "there is no such value in {} files",
                names.dialect.title()
            )),
        };
    }
    if let Some(open) = word.text.find('(') {
        let name = word.text.get(..open).unwrap_or_default();
        return TemplateMistake::new("arguments are not put in parentheses", word.span()).remedy(
            format!("write `{{{{{name} …}}}}` with blanks between the arguments"),
        );
    }
    if argument && helper::find(word.text).is_some() {
        return TemplateMistake::new(
            format!("`{}` is a helper and cannot be an argument", word.text),
            word.span(),
        )
        .remedy(format!(
            "use a filter, such as `{{{{{}|upper}}}}`, or text in quotes",
            word.text
        ));
    }
    let known = names.known();
    // A dotted helper may be misspelt after its dot, as in `rand.itn`; everything else is known by its head.
    let near_head = nearest(head, known.iter().copied());
    let (name, near) = match near_head {
        None => (word.text, nearest(word.text, known)),
        near => (head, near),
    };
    let name = if near.is_some() { name } else { head };
    let mistake = TemplateMistake::new(
        format!("unknown name `{name}`"),
        word.start..word.start + name.len(),
    );
    match near {
        Some(near) => mistake.remedy(format!("did you mean `{near}`?")),
        None => mistake.remedy(fallback(word.text, names, argument)),
    }
}

fn fallback(word: &str, names: &Names, argument: bool) -> String {
    if argument {
        return format!("put text in quotes: `\"{word}\"`");
    }
    let roots: Vec<_> = names
        .dialect
        .roots()
        .map(|name| format!("`{name}`"))
        .collect();
    format!(
        "the values are {}; the manual lists the helpers",
        roots.join(", ")
    )
}

/// Handlebars' blocks look like holes; say what to write instead.
fn refuse_handlebars(first: Word<'_>) -> Result<(), TemplateMistake> {
    let mistake = || {
        TemplateMistake::new(
            format!("`{{{{{}}}}}` is Handlebars", first.text),
            first.span(),
        )
    };
    let mut letters = first.text.chars();
    let remedy = match (letters.next(), letters.as_str()) {
        (Some('#'), "each") => "write `{% for x in … %}…{% endfor %}`",
        (Some('#'), "with") => "write `{% with name=… %}…{% endwith %}`",
        (Some('#' | '/' | '^'), _) | (Some('e'), "lse" | "lseif" | "ndif") => {
            "write `{% if … %}…{% else %}…{% endif %}`"
        }
        (Some('>'), _) => "a template cannot include another one",
        (Some('!'), _) => "write `{% comment %}…{% endcomment %}`",
        (Some('&'), _) => "values are never escaped for HTML here, so leave `&` out",
        _ => return Ok(()),
    };
    Err(mistake().remedy(remedy))
}
