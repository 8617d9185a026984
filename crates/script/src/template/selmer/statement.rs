//! The tags that stand for more than a branch are translated here: loops, names, and those that write.

use std::fmt::Write as _;
use std::ops::Range;

use super::condition;
use super::translate::{Open, Translator, constant};
use crate::template::expression::Local;
use crate::template::mistake::TemplateMistake;
use crate::template::pattern;
use crate::template::word::Word;
use crate::template::write::Place;

/// What `forloop` has, and how minijinja says it.
const LOOP: &[(&str, &str)] = &[
    ("counter", "loop.index"),
    ("counter0", "loop.index0"),
    ("revcounter", "(loop.length - loop.index)"),
    ("revcounter0", "(loop.length - loop.index0)"),
    ("first", "loop.first"),
    ("last", "loop.last"),
    ("length", "loop.length"),
];

impl Translator<'_> {
    pub(super) fn equality(
        &mut self,
        name: &Word<'_>,
        args: &[Word<'_>],
        span: Range<usize>,
    ) -> Result<(), TemplateMistake> {
        let ([_, _, ..], tag) = (
            args,
            if name.text == "ifequal" {
                "ifequal"
            } else {
                "ifunequal"
            },
        ) else {
            let message = format!(
                "`{{% {} %}}` takes at least 2 values, not {}",
                name.text,
                args.len()
            );
            return Err(TemplateMistake::new(message, span)
                .remedy(format!("write `{{% {} a \"b\" %}}`", name.text)));
        };
        let codes: Vec<String> = args
            .iter()
            .map(|word| self.word(*word))
            .collect::<Result<_, _>>()?;
        let negation = if tag == "ifequal" { "" } else { "not " };
        self.statement(&format!("if {negation}all_equal({})", codes.join(", ")));
        self.begin(tag, span, "endif");
        Ok(())
    }

    pub(super) fn for_loop(
        &mut self,
        args: &[Word<'_>],
        span: Range<usize>,
    ) -> Result<(), TemplateMistake> {
        let at = args.iter().position(|word| word.text == "in");
        let (before, after) = args.split_at(at.unwrap_or(args.len()));
        let variables: Vec<Word<'_>> = before
            .iter()
            .flat_map(|word| word.split(|c| c == ','))
            .filter(|word| !word.text.is_empty())
            .collect();
        let (false, [_, list]) = (variables.is_empty(), after) else {
            return Err(TemplateMistake::new(
                "`{% for %}` needs a variable, `in` and a list",
                span,
            )
            .remedy("write `{% for item in message.items %}`"));
        };
        variables.iter().try_for_each(|word| variable(*word))?;
        let code = self.word(*list)?;
        self.begin("for", span, "endfor");
        let fresh: Vec<String> = variables
            .iter()
            .map(|word| self.declare(word.text))
            .collect();
        self.statement(&format!(
            "for {} in items({code}, {})",
            fresh.join(", "),
            fresh.len()
        ));
        self.names.locals.push(Local {
            name: "forloop".to_owned(),
            code: String::new(),
            fields: LOOP,
        });
        Ok(())
    }

    pub(super) fn with(
        &mut self,
        args: &[Word<'_>],
        span: Range<usize>,
    ) -> Result<(), TemplateMistake> {
        let wrong = || {
            TemplateMistake::new("`{% with %}` needs names with values", span.clone())
                .remedy("write `{% with total=message.total %}`")
        };
        let words: Vec<Word<'_>> = args
            .iter()
            .flat_map(|word| condition::tokens(*word))
            .collect();
        if words.is_empty() || !words.len().is_multiple_of(3) {
            return Err(wrong());
        }
        let locals = self.names.locals.len();
        let mut ends = String::new();
        for assignment in words.chunks(3) {
            let [name, sign, value] = assignment else {
                return Err(wrong());
            };
            if sign.text != "=" {
                return Err(wrong());
            }
            variable(*name)?;
            let code = self.word(*value)?;
            let fresh = self.declare(name.text);
            // One after the other, so that a value may use the names before it.
            self.statement(&format!("with {fresh} = {code}"));
            ends.push_str("endwith ");
        }
        self.open.push(Open {
            tag: "with",
            span,
            last_branch: false,
            locals,
            end: ends,
        });
        Ok(())
    }

    pub(super) fn cycle(
        &mut self,
        args: &[Word<'_>],
        place: Place,
        span: Range<usize>,
    ) -> Result<(), TemplateMistake> {
        if args.is_empty() {
            return Err(
                TemplateMistake::new("`{% cycle %}` needs at least 1 text", span)
                    .remedy("write `{% cycle \"odd\" \"even\" %}`"),
            );
        }
        let mut code = format!("cycle({}", self.out.cycles);
        self.out.cycles += 1;
        for word in args {
            let text = word.unquoted()?.unwrap_or_else(|| word.text.to_owned());
            let _ = write!(code, ", {}", constant(&text));
        }
        code.push(')');
        self.emit(&code, place);
        Ok(())
    }

    pub(super) fn several(
        &mut self,
        name: &Word<'_>,
        args: &[Word<'_>],
        place: Place,
        span: Range<usize>,
    ) -> Result<(), TemplateMistake> {
        if args.is_empty() {
            return Err(TemplateMistake::new(
                format!("`{{% {} %}}` needs at least 1 value", name.text),
                span,
            )
            .remedy(format!("write `{{% {} a b %}}`", name.text)));
        }
        let codes: Vec<String> = args
            .iter()
            .map(|word| self.word(*word))
            .collect::<Result<_, _>>()?;
        self.emit(&format!("{}({})", name.text, codes.join(", ")), place);
        Ok(())
    }

    pub(super) fn now(
        &mut self,
        name: Word<'_>,
        args: &[Word<'_>],
        place: Place,
    ) -> Result<(), TemplateMistake> {
        let (Some(first), Some(last)) = (args.first(), args.last()) else {
            return Err(
                TemplateMistake::new("`{% now %}` needs a date pattern", name.span())
                    .remedy("write `{% now yyyy-MM-dd %}`, or `{{now}}` for the instant"),
            );
        };
        let whole = Word::of(self.text, &(first.start..last.span().end));
        // Only double quotes enclose a pattern: single ones are part of it.
        let quoted = whole
            .text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let text = quoted.unwrap_or(whole.text);
        pattern::parse(text).map_err(|message| TemplateMistake::new(message, whole.span()))?;
        self.emit(&format!("now_as({})", constant(text)), place);
        Ok(())
    }
}

/// Checks the name of a variable.
fn variable(word: Word<'_>) -> Result<(), TemplateMistake> {
    let ordinary = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-');
    let fits = word.text.chars().all(ordinary)
        && word
            .text
            .starts_with(|first: char| first.is_alphabetic() || first == '_');
    if fits {
        return Ok(());
    }
    Err(TemplateMistake::new(
        format!("`{}` cannot be a variable's name", word.text),
        word.span(),
    )
    .remedy("a name has letters, digits, `_` and `-`, and starts with a letter"))
}
