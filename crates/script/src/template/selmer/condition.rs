//! Conditions of `if` and `elif` are parsed here: comparisons, `not`, `and`, `or`, `any`, `all`.

use super::translate::Translator;
use crate::template::mistake::TemplateMistake;
use crate::template::word::Word;

const OPERATORS: &[&str] = &["=", "==", "!=", "<", "<=", ">", ">=", "in"];

/// minijinja's code for the condition in `words`, which follow `tag`.
pub(super) fn parse(
    words: &[Word<'_>],
    tag: &Word<'_>,
    translator: &mut Translator<'_>,
) -> Result<String, TemplateMistake> {
    let tokens: Vec<Word<'_>> = words.iter().flat_map(|word| tokens(*word)).collect();
    if tokens.is_empty() {
        return Err(TemplateMistake::new(
            format!("`{{% {} %}}` needs a condition", tag.text),
            tag.span(),
        )
        .remedy(format!("write `{{% {} message.type = \"a\" %}}`", tag.text)));
    }
    let mut alternatives = Vec::new();
    for alternative in tokens.split(|word| word.text == "or") {
        let mut terms = Vec::new();
        for term in alternative.split(|word| word.text == "and") {
            let gap = || {
                TemplateMistake::new(
                    "a condition is missing beside `and` or `or`",
                    around(&tokens, tag),
                )
            };
            terms.push(negated(term, gap, translator)?);
        }
        alternatives.push(format!("({})", terms.join(" and ")));
    }
    Ok(alternatives.join(" or "))
}

fn around(tokens: &[Word<'_>], tag: &Word<'_>) -> std::ops::Range<usize> {
    let end = tokens.last().map_or(tag.span().end, |word| word.span().end);
    tokens.first().map_or(tag.start, |word| word.start)..end
}

/// Any number of `not` before a comparison.
fn negated(
    mut words: &[Word<'_>],
    gap: impl Fn() -> TemplateMistake,
    translator: &mut Translator<'_>,
) -> Result<String, TemplateMistake> {
    let mut negative = false;
    while let Some((Word { text: "not", .. }, rest)) = words.split_first() {
        negative = !negative;
        words = rest;
    }
    let code = comparison(words, gap, translator)?;
    Ok(if negative {
        format!("not ({code})")
    } else {
        code
    })
}

fn comparison(
    words: &[Word<'_>],
    gap: impl Fn() -> TemplateMistake,
    translator: &mut Translator<'_>,
) -> Result<String, TemplateMistake> {
    match words {
        [] => Err(gap()),
        [
            Word {
                text: choice @ ("any" | "all"),
                ..
            },
            first,
            rest @ ..,
        ] => {
            let mut codes = vec![truth(*first, translator)?];
            for word in rest {
                codes.push(truth(*word, translator)?);
            }
            Ok(format!(
                "({})",
                codes.join(if *choice == "any" { " or " } else { " and " })
            ))
        }
        [value] => truth(*value, translator),
        [left, operator, right] if OPERATORS.contains(&operator.text) => {
            let (left, right) = (translator.word(*left)?, translator.word(*right)?);
            Ok(format!("compare({left}, \"{}\", {right})", operator.text))
        }
        [first, second, ..] if OPERATORS.contains(&second.text) => {
            let end = words
                .last()
                .map_or(first.span().end, |word| word.span().end);
            Err(TemplateMistake::new(
                format!("`{}` compares two values", second.text),
                first.start..end,
            )
            .remedy(
                "join several comparisons with `and` or `or`, and put text with blanks in quotes",
            ))
        }
        [_, second, ..] => Err(TemplateMistake::new(
            format!("`{}` is not a comparison", second.text),
            second.span(),
        )
        .remedy("compare with =, !=, <, <=, >, >= or in; join with and, or")),
    }
}

fn truth(word: Word<'_>, translator: &mut Translator<'_>) -> Result<String, TemplateMistake> {
    Ok(format!("truthy({})", translator.word(word)?))
}

/// Cuts `a="b"` and `a>=5` at their operators, outside of quotes.
pub(super) fn tokens(word: Word<'_>) -> Vec<Word<'_>> {
    let mut tokens = Vec::new();
    let operator = |letter: char| matches!(letter, '=' | '!' | '<' | '>');
    let parts = word.split(operator);
    let mut at = word.start;
    for part in &parts {
        // Between two parts stand the bytes of one operator letter; neighbours make one operator.
        if part.start > at {
            push_operator(word, at..part.start, &mut tokens);
        }
        if !part.text.is_empty() {
            tokens.push(*part);
        }
        at = part.span().end;
    }
    tokens
}

fn push_operator<'t>(word: Word<'t>, range: std::ops::Range<usize>, tokens: &mut Vec<Word<'t>>) {
    let letters = |from: usize| word.after(from - word.start).text;
    let length = range.end - range.start;
    if let Some(last) = tokens.last_mut()
        && last.span().end == range.start
        && last
            .text
            .chars()
            .all(|letter| matches!(letter, '=' | '!' | '<' | '>'))
    {
        last.text = letters(last.start)
            .get(..last.text.len() + length)
            .unwrap_or(last.text);
        return;
    }
    let text = letters(range.start).get(..length).unwrap_or_default();
    tokens.push(Word {
        text,
        start: range.start,
    });
}

#[cfg(test)]
mod tests {
    use super::{Word, tokens};

    #[test]
    fn operators_need_no_blanks_around_them() {
        let split = |text: &'static str| {
            let found: Vec<_> = tokens(Word { text, start: 3 })
                .iter()
                .map(|word| (word.text, word.start))
                .collect();
            found
        };
        assert_eq!(split("a=\"b=c\""), [("a", 3), ("=", 4), ("\"b=c\"", 5)]);
        assert_eq!(split("a>=5"), [("a", 3), (">=", 4), ("5", 6)]);
        assert_eq!(split("!="), [("!=", 3)]);
        assert_eq!(split("="), [("=", 3)]);
        assert_eq!(split("plain"), [("plain", 3)]);
    }
}
