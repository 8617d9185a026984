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
