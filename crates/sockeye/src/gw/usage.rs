//! The table of commands passes through here and becomes the text of `--help`.

use std::fmt::Write as _;

use super::table::{COMMANDS, GLOBAL, Opt};

/// Columns of a line.
const WIDTH: usize = 79;

/// What `--help` prints, and what follows a command line that was not understood.
pub(super) fn usage() -> String {
    let mut out = String::from("Usage: graphwalker [options] [command] [command options]\n");
    options(&mut out, "  ", GLOBAL);
    out.push_str("  Commands:\n");
    for command in COMMANDS {
        wrapped(
            &mut out,
            &format!("    {:<13}", command.name),
            17,
            command.about,
        );
        let _ = writeln!(out, "      Usage: {} [options]", command.name);
        options(&mut out, "        ", command.options);
        out.push('\n');
    }
    out
}

fn options(out: &mut String, indent: &str, options: &[Opt]) {
    let _ = writeln!(out, "{indent}Options:");
    for option in options {
        let mark = if option.is_required { "* " } else { "  " };
        let names = option.names.join(", ");
        let _ = writeln!(out, "{indent}{mark}{names}");
        let deeper = indent.len() + 4;
        wrapped(out, &" ".repeat(deeper), deeper, option.about);
        if !option.default.is_empty() {
            let _ = writeln!(out, "{indent}    Default: {}", option.default);
        }
    }
}

/// A text behind `first`, in lines that begin `indent` columns from the left.
fn wrapped(out: &mut String, first: &str, indent: usize, text: &str) {
    out.push_str(first);
    let mut column = first.len();
    for (at, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if at > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            out.push_str(&" ".repeat(indent));
            column = indent;
        } else if at > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
}
