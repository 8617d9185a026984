//! `random_int`, `random_float`, `random_bool`, `random_string` and `random`: draws from the seeded source.

use super::{Complaint, Helper, Kind, Takes, unchecked};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::expression::Expr;
use crate::template::scope::Scope;
use crate::template::value::{Number, Val, whole};

/// The decimals of a random fraction unless a template asks for others.
const DECIMALS: i64 = 6;
/// The most decimals a template may ask for.
const MOST_DECIMALS: i64 = 15;
/// The longest random text, in characters.
const LONGEST_STRING: i64 = 65_536;
/// The highest `random_int` without arguments.
const HIGHEST_INT: i64 = 1_000_000;

pub(super) const INT: Helper = Helper {
    name: "random_int",
    aliases: &["rand.int", "randInt"],
    arguments: "[low high]",
    doc: "A whole number between two, both included and in any order; without arguments up to 1,000,000.",
    example: "{{random_int 1 5}}",
    takes: Takes::OneOf(&[0, 2]),
    kinds: &[Kind::Integer],
    check: unchecked,
    run: int,
};

pub(super) const FLOAT: Helper = Helper {
    name: "random_float",
    aliases: &["rand.float"],
    arguments: "[low high [decimals]]",
    doc: "A number from the lower of two up to but not including the higher, with 6 decimals unless told; \
          without arguments between 0 and 1.",
    example: "{{random_float 0 100 2}}",
    takes: Takes::OneOf(&[0, 2, 3]),
    kinds: &[Kind::Number, Kind::Number, Kind::Integer],
    check: check_decimals,
    run: float,
};

pub(super) const BOOL: Helper = Helper {
    name: "random_bool",
    aliases: &[],
    arguments: "",
    doc: "`true` or `false`, each half of the time.",
    example: "{{random_bool}}",
    takes: Takes::OneOf(&[0]),
    kinds: &[Kind::Any],
    check: unchecked,
    run: bool,
};

pub(super) const STRING: Helper = Helper {
    name: "random_string",
    aliases: &[],
    arguments: "length",
    doc: "A text of so many random letters and digits, at most 65,536.",
    example: "{{random_string 10}}",
    takes: Takes::OneOf(&[1]),
    kinds: &[Kind::Integer],
    check: check_length,
    run: string,
};

pub(super) const RANDOM: Helper = Helper {
    name: "random",
    aliases: &[],
    arguments: "",
    doc: "A number from 0 up to but not including 1, with 6 decimals.",
    example: "{{random}}",
    takes: Takes::OneOf(&[0]),
    kinds: &[Kind::Any],
    check: unchecked,
    run: float,
};

fn int<'v>(args: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    if args.len() == 0 {
        return Ok(Val::Int(scope.random.between(0, HIGHEST_INT)));
    }
    let low = integer("random_int", &args.get(0))?;
    let high = integer("random_int", &args.get(1))?;
    Ok(Val::Int(scope.random.between(low, high)))
}

fn float<'v>(args: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    let (low, high) = if args.len() == 0 {
        (0.0, 1.0)
    } else {
        (
            number("random_float", &args.get(0))?,
            number("random_float", &args.get(1))?,
        )
    };
    let decimals = if args.len() > 2 {
        integer("random_float", &args.get(2))?
    } else {
        DECIMALS
    };
    if !(0..=MOST_DECIMALS).contains(&decimals) {
        return Err(RenderError::helper(
            "random_float",
            too_many_decimals(decimals),
        ));
    }
    let drawn = rounded_down(low.min(high), low.max(high), scope.random.unit(), decimals);
    Ok(match whole(drawn) {
        Some(number) if decimals == 0 => Val::Int(number),
        _ => Val::Float(drawn),
    })
}

/// The point at `unit` of the way from `low` to `high`, cut to `decimals` so that `high` is never reached.
fn rounded_down(low: f64, high: f64, unit: f64, decimals: i64) -> f64 {
    let drawn = low * (1.0 - unit) + high * unit;
    let scale = 10_f64.powi(i32::try_from(decimals).unwrap_or_default());
    let scaled = drawn * scale;
    // A number that cannot be scaled is far too large to have decimals.
    let cut = if scaled.is_finite() {
        scaled.floor() / scale
    } else {
        drawn
    };
    if cut.is_finite() && cut < high {
        cut.max(low)
    } else {
        low
    }
}

fn bool<'v>(_: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    Ok(Val::Bool(scope.random.bits() >> 63 == 1))
}

fn string<'v>(args: &Args<'v>, scope: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const LAST: i64 = 61;
    let length = integer("random_string", &args.get(0))?;
    if !(0..=LONGEST_STRING).contains(&length) {
        return Err(RenderError::helper("random_string", wrong_length(length)));
    }
    let letter = |_| {
        usize::try_from(scope.random.between(0, LAST))
            .ok()
            .and_then(|at| LETTERS.get(at))
    };
    Ok(Val::owned(
        (0..length)
            .filter_map(letter)
            .map(|letter| char::from(*letter))
            .collect::<String>(),
    ))
}

fn check_decimals(args: &[Expr]) -> Result<(), Complaint> {
    match args.get(2) {
        Some(Expr::Int(decimals)) if !(0..=MOST_DECIMALS).contains(decimals) => Err(Complaint {
            argument: 2,
            message: too_many_decimals(*decimals),
            remedy: None,
        }),
        _ => Ok(()),
    }
}

fn check_length(args: &[Expr]) -> Result<(), Complaint> {
    match args.first() {
        Some(Expr::Int(length)) if !(0..=LONGEST_STRING).contains(length) => Err(Complaint {
            argument: 0,
            message: wrong_length(*length),
            remedy: None,
        }),
        _ => Ok(()),
    }
}

fn too_many_decimals(decimals: i64) -> String {
    format!("{decimals} decimals are not possible: from 0 to {MOST_DECIMALS}")
}

fn wrong_length(length: i64) -> String {
    format!("a random text cannot have {length} characters: from 0 to {LONGEST_STRING}")
}

/// The argument as a whole number, or which value was not one.
fn integer(helper: &'static str, value: &Val<'_>) -> Result<i64, RenderError> {
    let number = match value.as_number() {
        Some(Number::Int(number)) => Some(number),
        Some(Number::Float(number)) => whole(number),
        None => None,
    };
    number.ok_or_else(|| RenderError::helper(helper, super::not_a("whole number", value)))
}

/// The argument as a number, or which value was not one.
fn number(helper: &'static str, value: &Val<'_>) -> Result<f64, RenderError> {
    let number = value.as_number().map(Number::as_f64);
    number.ok_or_else(|| RenderError::helper(helper, super::not_a("number", value)))
}

#[cfg(test)]
mod tests {
    use super::rounded_down;

    #[test]
    fn a_random_fraction_never_reaches_its_end() {
        assert_eq!(
            rounded_down(0.0, 1.0, 0.999_999_999, 6).to_string(),
            "0.999999"
        );
        assert_eq!(rounded_down(0.0, 1.0, 0.999_999_999, 0).to_string(), "0");
        assert_eq!(rounded_down(0.25, 0.3, 0.1, 1).to_string(), "0.25");
        assert_eq!(rounded_down(5.0, 5.0, 0.5, 6).to_string(), "5");
        assert!(rounded_down(f64::MIN, f64::MAX, 0.75, 6).is_finite());
    }
}
