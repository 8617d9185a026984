//! `math`: one operation on two numbers.

use super::{Helper, Kind, Takes, unchecked};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::scope::Scope;
use crate::template::value::{Number, Val, whole};

pub(super) const MATH: Helper = Helper {
    name: "math",
    aliases: &[],
    arguments: "a operator b",
    doc: "The result of `+`, `-`, `*`, `/` or `%`; whole numbers stay whole where the result is.",
    example: "{{math message.price '*' 2}}",
    takes: Takes::OneOf(&[3]),
    kinds: &[Kind::Number, Kind::Operator, Kind::Number],
    check: unchecked,
    run,
};

/// Whether `text` is an operator of `math`.
pub(crate) fn is_operator(text: &str) -> bool {
    matches!(text, "+" | "-" | "*" | "/" | "%")
}

fn run<'v>(args: &Args<'v>, _: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    let operand = |index: usize| {
        let value = args.get(index);
        value
            .as_number()
            .ok_or_else(|| RenderError::helper("math", super::not_a("number", &value)))
    };
    let (left, right) = (operand(0)?, operand(2)?);
    let operator = args.get(1);
    calculate(left, &operator.as_text(), right)
        .map(Val::from)
        .map_err(|problem| RenderError::helper("math", problem))
}

/// Calculates with whole numbers while that is exact, with floats otherwise.
pub(crate) fn calculate(
    left: Number,
    operator: &str,
    right: Number,
) -> Result<Number, &'static str> {
    if matches!(operator, "/" | "%") && right.as_f64() == 0.0 {
        return Err("division by zero");
    }
    if let (Number::Int(left), Number::Int(right)) = (left, right)
        && let Some(exact) = exactly(left, operator, right)
    {
        return Ok(Number::Int(exact));
    }
    let (left, right) = (left.as_f64(), right.as_f64());
    let result = match operator {
        "+" => left + right,
        "-" => left - right,
        "*" => left * right,
        "/" => left / right,
        _ => left % right,
    };
    if !result.is_finite() {
        return Err("the result is too large for a number");
    }
    Ok(whole(result)
        .filter(|_| operator == "/")
        .map_or(Number::Float(result), Number::Int))
}

fn exactly(left: i64, operator: &str, right: i64) -> Option<i64> {
    match operator {
        "+" => left.checked_add(right),
        "-" => left.checked_sub(right),
        "*" => left.checked_mul(right),
        "/" => left
            .checked_div(right)
            .filter(|_| left.checked_rem(right) == Some(0)),
        _ => left.checked_rem(right),
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, calculate};

    #[test]
    fn whole_numbers_stay_whole_where_the_result_is() {
        let int =
            |left, operator, right| calculate(Number::Int(left), operator, Number::Int(right));
        assert_eq!(int(7, "+", 2), Ok(Number::Int(9)));
        assert_eq!(int(7, "-", 9), Ok(Number::Int(-2)));
        assert_eq!(int(7, "*", 2), Ok(Number::Int(14)));
        assert_eq!(int(8, "/", 2), Ok(Number::Int(4)));
        assert_eq!(int(7, "/", 2), Ok(Number::Float(3.5)));
        assert_eq!(int(7, "%", 4), Ok(Number::Int(3)));
        assert_eq!(int(7, "/", 0), Err("division by zero"));
        assert_eq!(int(7, "%", 0), Err("division by zero"));
        assert_eq!(
            int(i64::MAX, "+", 1),
            Ok(Number::Float(9_223_372_036_854_775_807.0))
        );
        assert_eq!(
            int(i64::MIN, "/", -1),
            Ok(Number::Float(9_223_372_036_854_775_808.0))
        );
        assert_eq!(
            calculate(Number::Float(1.5), "*", Number::Int(2)),
            Ok(Number::Float(3.0))
        );
        assert!(calculate(Number::Float(f64::MAX), "*", Number::Int(2)).is_err());
    }
}
