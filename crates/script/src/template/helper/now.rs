//! `now`: the current instant, also moved by an offset as in `now+2h`.

use std::ops::Range;

use jiff::SignedDuration;
use sockeye_core::Timestamp;

use super::calendar;
use super::{Complaint, Helper, Kind, Takes};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::expression::{self, Expr, Names};
use crate::template::mistake::TemplateMistake;
use crate::template::scope::Scope;
use crate::template::value::{Number, Val};
use crate::template::word::Word;

/// The farthest an offset may go: 1,000 years, which stays inside the calendar.
const FARTHEST_SECONDS: i64 = 1_000 * 366 * 86_400;

pub(super) const NOW: Helper = Helper {
    name: "now",
    aliases: &[],
    arguments: "[+|- amount s|m|h|d] ['iso'|'unix']",
    doc: "The current instant in RFC 3339, UTC with milliseconds, or with 'unix' as whole seconds since 1970.",
    example: "{{now+2h}}",
    // The second argument is the offset in seconds, which only the parser writes.
    takes: Takes::OneOf(&[0, 1]),
    kinds: &[Kind::LiteralText, Kind::Integer],
    check,
    run,
};

fn check(args: &[Expr]) -> Result<(), Complaint> {
    match args.first() {
        None => Ok(()),
        Some(Expr::Text(format)) if matches!(format.as_ref(), "iso" | "unix") => Ok(()),
        Some(_) => Err(Complaint {
            argument: 0,
            message: "unknown format of `now`".to_owned(),
            remedy: Some("write 'iso' or 'unix'".to_owned()),
        }),
    }
}

fn run<'v>(args: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    let offset = match args.get(1).as_number() {
        Some(Number::Int(seconds)) => seconds,
        _ => 0,
    };
    let instant: Timestamp = scope
        .clock
        .now()
        .checked_add(SignedDuration::from_secs(offset))
        .map_err(|_| RenderError::helper("now", "the offset leaves the calendar"))?;
    if args.get(0).as_text() == "unix" {
        return Ok(Val::Int(instant.as_second()));
    }
    Ok(Val::Short(calendar::rfc3339(instant)))
}

/// The call in `now+2h` and `now - 30 m 'unix'`, if `word` is one.
pub(crate) fn with_offset(word: Word<'_>, names: &Names) -> Result<Option<Expr>, TemplateMistake> {
    let Some(rest) = word.text.strip_prefix("now") else {
        return Ok(None);
    };
    let signed = word.after(word.text.len() - rest.trim_start().len());
    if !signed.text.starts_with(['+', '-']) {
        return Ok(None);
    }
    let (seconds, format) = offset(signed)?;
    let mut args = vec![Expr::Text("iso".into()), Expr::Int(seconds)];
    if let Some((first, more)) = format.words().split_first() {
        let written = expression::argument(*first, names)?;
        let given: Vec<Expr> = std::iter::once(written)
            .chain(more.iter().map(|_| Expr::Null))
            .collect();
        let spans: Vec<Range<usize>> = format.words().iter().map(|word| word.span()).collect();
        NOW.check(&given, &spans, word.span())?;
        args.splice(..1, given);
    }
    Ok(Some(Expr::Call {
        helper: &NOW,
        args: args.into(),
    }))
}

/// Reads sign, amount and unit; gives seconds and what follows.
fn offset(word: Word<'_>) -> Result<(i64, Word<'_>), TemplateMistake> {
    let wrong = || {
        TemplateMistake::new(format!("`{}` is not an offset", word.text), word.span())
            .remedy("write an amount and one of s, m, h, d, such as `now+2h` or `now-30m`")
    };
    let amount = word.after(1).text.trim_start();
    let digits = amount.len()
        - amount
            .trim_start_matches(|letter: char| letter.is_ascii_digit())
            .len();
    let unit = amount.get(digits..).unwrap_or_default().trim_start();
    let size = match unit.chars().next() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        _ => return Err(wrong()),
    };
    let rest = word.after(word.text.len() - unit.len() + 1);
    if !rest.text.is_empty() && !rest.text.starts_with(char::is_whitespace) {
        return Err(wrong());
    }
    let digits = amount
        .get(..digits)
        .filter(|digits| !digits.is_empty())
        .ok_or_else(wrong)?;
    let seconds = digits
        .parse::<i64>()
        .ok()
        .and_then(|amount| amount.checked_mul(size));
    match seconds {
        Some(seconds) if seconds <= FARTHEST_SECONDS => Ok((
            if word.text.starts_with('-') {
                -seconds
            } else {
                seconds
            },
            rest,
        )),
        _ => Err(TemplateMistake::new(
            "the offset is more than 1000 years",
            word.span(),
        )),
    }
}
