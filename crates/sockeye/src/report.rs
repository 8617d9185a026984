//! Mistakes on their way to the user.

use sockeye_core::Mistakes;

use crate::cli::color;
use crate::logging::say;

/// Columns of a drawing where the output is no terminal.
const WIDTH: usize = 100;

/// Draws mistakes on standard error.
pub(crate) fn mistakes(mistakes: &Mistakes) {
    if mistakes.is_empty() {
        return;
    }
    say(&mistakes.draw(color(), WIDTH));
}

/// Says one sentence on standard error, behind the program's name.
pub(crate) fn sentence(text: &str) {
    say(&format!("sockeye: {text}"));
}

/// `1 route`, `2 routes`.
pub(crate) fn counted<N: TryInto<u64> + Copy + std::fmt::Display>(number: N, noun: &str) -> String {
    let one = number.try_into().is_ok_and(|number| number == 1);
    if one {
        format!("{number} {noun}")
    } else {
        format!("{number} {noun}s")
    }
}
