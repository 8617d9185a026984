//! The steps of a path, `.key`, `[0]` and `["key"]`, are parsed here.

use super::mistake::TemplateMistake;
use super::scope::Step;
use super::word::Word;

/// Parses `.key`, `[0]` and `["key"]`, any number of them.
pub(crate) fn steps(word: Word<'_>) -> Result<Box<[Step]>, TemplateMistake> {
    let mut steps = Vec::new();
    let mut rest = word;
    while !rest.text.is_empty() {
        let length = if rest.text.starts_with('[') {
            let length = rest.text.find(']').map_or(rest.text.len(), |end| end + 1);
            steps.push(bracket(Word {
                text: rest.text.get(..length).unwrap_or_default(),
                ..rest
            })?);
            length
        } else {
            let key = rest.after(1);
            let length = key.text.find(['.', '[']).unwrap_or(key.text.len());
            steps.push(dotted(Word {
                text: key.text.get(..length).unwrap_or_default(),
                ..key
            })?);
            1 + length
        };
        rest = rest.after(length);
        if !rest.text.is_empty() && !rest.text.starts_with(['.', '[']) {
            return Err(TemplateMistake::new(
                "a step of a path starts with `.` or `[`",
                rest.span(),
            ));
        }
    }
    Ok(steps.into())
}

fn dotted(key: Word<'_>) -> Result<Step, TemplateMistake> {
    if key.text.is_empty() {
        return Err(TemplateMistake::new(
            "the path has a `.` without a name after it",
            key.start - 1..key.start,
        )
        .remedy("write a field's name or an index after it"));
    }
    match key
        .text
        .find(['"', '\'', '(', ')', '{', '}', ']', ',', '=', '<', '>', '`'])
    {
        None => Ok(Step::Key(key.text.to_owned())),
        Some(at) => Err(TemplateMistake::new(
            format!(
                "`{}` cannot stand in a path",
                key.text.get(at..=at).unwrap_or_default()
            ),
            key.start + at..key.start + at + 1,
        )
        .remedy("write a key with other characters as `message[\"the key\"]`")),
    }
}

fn bracket(word: Word<'_>) -> Result<Step, TemplateMistake> {
    let wrong = || {
        TemplateMistake::new(format!("`{}` is not an index", word.text), word.span())
            .remedy("write `[0]`, counting from 0, or `[\"key\"]`")
    };
    let inner = word
        .text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .ok_or_else(wrong)?;
    let inner = Word {
        text: inner,
        start: word.start + 1,
    }
    .trim();
    match inner.unquoted()? {
        Some(key) => Ok(Step::Key(key)),
        None => inner.text.parse().map(Step::Index).map_err(|_| wrong()),
    }
}
