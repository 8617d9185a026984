//! Selmer's tags are translated here, one after the other, into minijinja's.
//!
//! Both nest in the same way, so one pass with a stack of open tags is enough. Literal text becomes string
//! constants: none of it can be taken for minijinja's own syntax.

use std::fmt::Write as _;
use std::ops::Range;

use super::condition;
use super::operand::{Operand, operand};
use super::tag;
use crate::template::expression::{Expr, Local, Names};
use crate::template::mistake::TemplateMistake;
use crate::template::names::Dialect;
use crate::template::scan::{Piece, outer};
use crate::template::scope::{Root, Step};
use crate::template::shape;
use crate::template::uses::Uses;
use crate::template::word::Word;
use crate::template::write::Place;

/// minijinja's source and what it expects to find.
#[derive(Debug, Default)]
pub(super) struct Translation {
    pub(super) source: String,
    /// The paths behind the variables `s0`, `s1` …
    pub(super) slots: Vec<(Root, Box<[Step]>)>,
    /// How many `cycle` tags there are.
    pub(super) cycles: usize,
}

/// Translates a whole text.
pub(super) fn text(
    pieces: &[Piece],
    text: &str,
    dialect: Dialect,
    uses: &mut Uses,
) -> Result<Translation, TemplateMistake> {
    let mut translator = Translator::new(text, dialect, uses);
    for (piece, place) in pieces.iter().zip(shape::places(pieces, text)) {
        match piece {
            Piece::Text(literal) => {
                let constant = constant(literal);
                translator.print(&constant);
            }
            Piece::Hole(inner) => {
                let operand = operand(Word::of(text, inner), &translator.names)?;
                let code = translator.operand(&operand);
                translator.emit(&code, place);
            }
            Piece::Tag(inner) => translator.tag(inner, place)?,
        }
    }
    match translator.open.pop() {
        None => Ok(translator.out),
        Some(open) => Err(TemplateMistake::new(
            format!("`{{% {} %}}` is never closed", open.tag),
            open.span,
        )
        .remedy(format!("add `{{% end{} %}}`", open.tag))),
    }
}

/// Translates the only hole of a text to an expression.
pub(super) fn value(
    pieces: &[Piece],
    text: &str,
    dialect: Dialect,
    uses: &mut Uses,
) -> Result<Translation, TemplateMistake> {
    let mut translator = Translator::new(text, dialect, uses);
    for piece in pieces {
        if let Piece::Hole(inner) = piece {
            let operand = operand(Word::of(text, inner), &translator.names)?;
            translator.out.source = translator.operand(&operand);
        }
    }
    Ok(translator.out)
}

/// A tag whose end has not come yet.
pub(super) struct Open {
    pub(super) tag: &'static str,
    pub(super) span: Range<usize>,
    /// Whether `else` or `empty` has come.
    pub(super) last_branch: bool,
    /// How many local names there were before it.
    pub(super) locals: usize,
    /// What ends it in minijinja.
    pub(super) end: String,
}

pub(super) struct Translator<'t> {
    pub(super) text: &'t str,
    pub(super) names: Names,
    pub(super) out: Translation,
    uses: &'t mut Uses,
    pub(super) open: Vec<Open>,
    variables: usize,
}

/// A string constant of minijinja, whose escapes are those of JSON.
pub(super) fn constant(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// minijinja's name of a helper or filter: `default-if-empty` and `empty?` are none.
pub(super) fn identifier(prefix: &str, name: &str) -> String {
    format!("{prefix}_{}", name.replace('-', "_").replace('?', "_p"))
}

impl<'t> Translator<'t> {
    fn new(text: &'t str, dialect: Dialect, uses: &'t mut Uses) -> Self {
        let out = Translation::default();
        Self {
            text,
            names: Names::new(dialect),
            out,
            uses,
            open: Vec::new(),
            variables: 0,
        }
    }

    fn print(&mut self, code: &str) {
        let _ = write!(self.out.source, "{{{{{code}}}}}");
    }

    pub(super) fn statement(&mut self, code: &str) {
        let _ = write!(self.out.source, "{{% {code} %}}");
    }

    pub(super) fn emit(&mut self, code: &str, place: Place) {
        let writer = match place {
            Place::Text => "as_text",
            Place::InString => "as_part",
            Place::Bare => "as_json",
        };
        self.print(&format!("{writer}({code})"));
    }

    /// The code of an operand in `word`.
    pub(super) fn word(&mut self, word: Word<'_>) -> Result<String, TemplateMistake> {
        let operand = operand(word, &self.names)?;
        Ok(self.operand(&operand))
    }

    pub(super) fn operand(&mut self, operand: &Operand) -> String {
        let mut code = self.expr(&operand.expr);
        for application in &operand.filters {
            let name = identifier("f", application.filter.name);
            let args: Vec<String> = application.args.iter().map(|arg| self.expr(arg)).collect();
            code = format!("({code})|{name}({})", args.join(", "));
        }
        code
    }

    fn expr(&mut self, expr: &Expr) -> String {
        self.uses.add(expr);
        match expr {
            Expr::Null => "none".to_owned(),
            Expr::Bool(truth) => truth.to_string(),
            Expr::Int(number) => format!("({number})"),
            Expr::Float(number) => format!("({number:?})"),
            Expr::Text(text) => constant(text),
            Expr::Path { root, steps } => self.slot(*root, steps),
            Expr::Local { code, steps } if steps.is_empty() => code.to_string(),
            Expr::Local { code, steps } => format!("at({code}, {})", path(steps)),
            Expr::Call { helper, args } => {
                let args: Vec<String> = args.iter().map(|arg| self.expr(arg)).collect();
                format!("{}({})", identifier("h", helper.name), args.join(", "))
            }
        }
    }

    fn slot(&mut self, root: Root, steps: &[Step]) -> String {
        let known = self
            .out
            .slots
            .iter()
            .position(|(other, path)| *other == root && **path == *steps);
        let at = known.unwrap_or_else(|| {
            self.out.slots.push((root, steps.into()));
            self.out.slots.len() - 1
        });
        format!("s{at}")
    }

    fn tag(&mut self, inner: &Range<usize>, place: Place) -> Result<(), TemplateMistake> {
        let span = outer(inner);
        let words = Word::of(self.text, inner).words();
        let Some((name, args)) = words.split_first() else {
            return Err(TemplateMistake::new("the tag is empty", span)
                .remedy("write `{% if … %}` or another tag"));
        };
        match name.text {
            "if" => {
                let code = condition::parse(args, name, self)?;
                self.statement(&format!("if {code}"));
                self.begin("if", span, "endif");
            }
            "elif" => {
                self.branch("elif", &["if"], &span, false)?;
                let code = condition::parse(args, name, self)?;
                self.statement(&format!("elif {code}"));
            }
            "ifequal" | "ifunequal" => self.equality(name, args, span)?,
            "else" => {
                self.branch("else", &["if", "ifequal", "ifunequal"], &span, true)?;
                self.statement("else");
            }
            "for" => self.for_loop(args, span)?,
            "empty" => {
                self.branch("empty", &["for"], &span, true)?;
                self.statement("else");
            }
            "with" => self.with(args, span)?,
            "safe" => self.begin("safe", span, ""),
            "cycle" => self.cycle(args, place, span)?,
            "firstof" | "sum" => self.several(name, args, place, span)?,
            "now" => self.now(*name, args, place)?,
            other => match other.strip_prefix("end") {
                Some(closed) if tag::tags().iter().any(|tag| tag.name == closed) => {
                    self.close(closed, span)?;
                }
                _ => return Err(unknown(*name)),
            },
        }
        Ok(())
    }

    pub(super) fn begin(&mut self, tag: &'static str, span: Range<usize>, end: impl Into<String>) {
        let locals = self.names.locals.len();
        self.open.push(Open {
            tag,
            span,
            last_branch: false,
            locals,
            end: end.into(),
        });
    }

    /// Checks that the innermost open tag is one of `owners`, and ends its branch.
    fn branch(
        &mut self,
        name: &str,
        owners: &[&str],
        span: &Range<usize>,
        last: bool,
    ) -> Result<(), TemplateMistake> {
        let wrong = |remedy: String| {
            TemplateMistake::new(
                format!("`{{% {name} %}}` does not belong here"),
                span.clone(),
            )
            .remedy(remedy)
        };
        match self.open.last_mut() {
            Some(open) if !owners.contains(&open.tag) => Err(wrong(if open.tag == "for" {
                "the branch of a `for` without items is `{% empty %}`".to_owned()
            } else {
                format!("close `{{% {} %}}` first", open.tag)
            })),
            Some(open) if open.last_branch => Err(wrong(format!(
                "the last branch of `{{% {} %}}` has already begun",
                open.tag
            ))),
            Some(open) => {
                open.last_branch = last;
                self.names.locals.truncate(open.locals);
                Ok(())
            }
            None => Err(wrong(format!(
                "it needs `{{% {} … %}}` before it",
                owners.join(" … %}` or `{% ")
            ))),
        }
    }

    fn close(&mut self, closed: &str, span: Range<usize>) -> Result<(), TemplateMistake> {
        let Some(open) = self.open.pop_if(|open| open.tag == closed) else {
            let mistake =
                TemplateMistake::new(format!("`{{% end{closed} %}}` closes nothing"), span);
            return Err(match self.open.last() {
                Some(open) => mistake.remedy(format!("`{{% end{} %}}` must come first", open.tag)),
                None => mistake.remedy(format!("there is no `{{% {closed} %}}` before it")),
            });
        };
        self.names.locals.truncate(open.locals);
        open.end
            .split_whitespace()
            .for_each(|end| self.statement(end));
        Ok(())
    }

    /// A new local name; minijinja calls it by a number, since Selmer's names may hold any character.
    pub(super) fn declare(&mut self, name: &str) -> String {
        let code = format!("l{}", self.variables);
        self.variables += 1;
        self.names.locals.push(Local {
            name: name.to_owned(),
            code: code.clone(),
            fields: &[],
        });
        code
    }
}

/// Steps as arguments of `at`.
fn path(steps: &[Step]) -> String {
    let codes: Vec<String> = steps
        .iter()
        .map(|step| match step {
            Step::Key(key) => constant(key),
            Step::Index(index) => index.to_string(),
        })
        .collect();
    codes.join(", ")
}

fn unknown(name: Word<'_>) -> TemplateMistake {
    let mistake = TemplateMistake::new(format!("unknown tag `{}`", name.text), name.span());
    if let Some(reason) = tag::refusal(name.text) {
        return TemplateMistake::new(
            format!("the tag `{}` is not supported", name.text),
            name.span(),
        )
        .remedy(reason);
    }
    mistake
        .suggest(name.text, tag::words())
        .or_remedy(|| "the manual lists all tags".to_owned())
}
