//! Scripts pass through here on their way to a thread: are they so plain that they end at once?
//!
//! A plain script has names, numbers, texts and operators, and `global.` before names. It calls nothing, loops over nothing
//! and declares nothing, so that its time is bounded by its length, and its variables are numbers, texts and truths.

use sockeye_model::Suite;

/// Words that a plain script does not have.
const WORDS: &[&str] = &[
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "continue",
    "debugger",
    "default",
    "delete",
    "do",
    "else",
    "export",
    "extends",
    "finally",
    "for",
    "function",
    "if",
    "import",
    "in",
    "instanceof",
    "let",
    "new",
    "return",
    "super",
    "switch",
    "this",
    "throw",
    "try",
    "using",
    "var",
    "while",
    "with",
    "yield",
];

/// Names of built-in values that are more than a number, text or truth, or that can be harmed by an assignment.
const WORLD: &[&str] = &[
    "globalThis",
    "eval",
    "arguments",
    "prototype",
    "constructor",
];

/// Whether all scripts of the models are plain.
pub(crate) fn is_plain_suite(suite: &Suite) -> bool {
    suite.models.iter().all(|model| {
        let of_vertices = model.vertices.iter().flat_map(|vertex| &*vertex.actions);
        let of_edges = model.edges.iter().flat_map(|edge| &*edge.actions);
        let guards = model.edges.iter().filter_map(|edge| edge.guard.as_ref());
        let all = model.actions.iter().chain(of_vertices).chain(of_edges);
        all.chain(guards).all(|script| is_plain(script))
    })
}

/// Whether a script is plain.
pub(crate) fn is_plain(script: &str) -> bool {
    let mut rest = script;
    // A name or a value stood before: a parenthesis would be a call.
    let mut follows_value = false;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            ' ' | '\t' | '\r' | '\n' => 1,
            'a'..='z' | 'A'..='Z' | '_' | '$' => {
                let Some(length) = word(rest) else {
                    return false;
                };
                follows_value = true;
                length
            }
            '0'..='9' => {
                let length = number(rest);
                let next = rest.get(length..).and_then(|after| after.chars().next());
                if next.is_some_and(|next| next.is_alphanumeric() || "_$".contains(next)) {
                    return false;
                }
                follows_value = true;
                length
            }
            '"' | '\'' => {
                let Some(length) = quoted(rest, first) else {
                    return false;
                };
                follows_value = true;
                length
            }
            '(' if follows_value => return false,
            ')' => {
                follows_value = true;
                1
            }
            '=' if rest.starts_with("=>") => return false,
            '/' if !follows_value || rest.starts_with("//") || rest.starts_with("/*") => {
                return false;
            }
            '(' | '+' | '-' | '*' | '/' | '%' | '=' | '!' | '<' | '>' | '&' | '|' | '?' | ':'
            | ';' | ',' => {
                follows_value = false;
                1
            }
            _ => return false,
        };
        rest = rest.get(taken..).unwrap_or_default();
    }
    true
}

/// The length of the word that comes next; none if it is not plain.
fn word(text: &str) -> Option<usize> {
    let inside = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let length = text.find(|c| !inside(c)).unwrap_or(text.len());
    let (word, after) = text.split_at(length);
    if WORDS.contains(&word) || WORLD.contains(&word) || word.starts_with("__") {
        return None;
    }
    // Capitals and `escape`-like names are built in; a model may use them, on a thread of its own.
    let is_builtin = BUILT_IN.contains(&word);
    match after.strip_prefix('.') {
        _ if is_builtin => None,
        Some(_) if word == "global" => Some(length + 1),
        Some(_) => None,
        None if word == "global" => None,
        None => Some(length),
    }
}

/// Names of the engine whose values are objects.
const BUILT_IN: &[&str] = &[
    "Array",
    "ArrayBuffer",
    "BigInt",
    "Boolean",
    "Date",
    "Error",
    "Function",
    "Iterator",
    "JSON",
    "Map",
    "Math",
    "Number",
    "Object",
    "Promise",
    "Proxy",
    "Reflect",
    "RegExp",
    "Set",
    "String",
    "Symbol",
    "WeakMap",
    "WeakSet",
    "isNaN",
    "parseInt",
];

fn number(text: &str) -> usize {
    let inside = |c: char| c.is_ascii_digit() || c == '.';
    text.find(|c| !inside(c)).unwrap_or(text.len())
}

/// The length of a text in quotes without escapes.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let inner = text.get(1..)?;
    let end = inner.find([quote, '\\', '\n', '\r'])?;
    inner.get(end..)?.starts_with(quote).then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_comparisons_are_plain() {
        for script in [
            "",
            "x=0;",
            "value=54686327;",
            "y += 1;",
            "index <= 3",
            "str = '';",
            "a&&!b||c==\"q\"",
            " num_of_books = 0; ",
            "(a+b)*2 > 7",
            "global.x = 1;",
            "global.x == 5",
            "x++; --y",
            "a = b / 2",
            "ok ? 1 : 2",
            "true",
        ] {
            assert!(is_plain(script), "{script}");
        }
    }

    #[test]
    fn what_may_take_time_or_hold_more_is_not() {
        for script in [
            "f()",
            "while(true){}",
            "for(;;);",
            "x=[1]",
            "x={}",
            "x=>1",
            "`a`",
            "let x=1",
            "var x",
            "Math.random()",
            "a.b",
            "/a*/",
            "x=/a+/",
            "1n",
            "x=2n**9n",
            "0x1F",
            "1e9",
            "'\\n'",
            "global",
            "global.f(1)",
            "(x)(1)",
            "a // b",
            "a /* b */",
            "this",
            "\"open",
            "é=1",
            "String = 1",
            "x = Object",
            "__proto__ = 1",
            "if (a) b",
            "f\n(1)",
        ] {
            assert!(!is_plain(script), "{script}");
        }
    }
}
