//! The values of `Sec-WebSocket-Extensions`, taken apart: names, and parameters with their values (RFC 6455
//! section 9.1).

use std::borrow::Cow;

use crate::handshake::is_token;

/// One element of the list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Extension<'h> {
    pub(super) name: &'h str,
    pub(super) parameters: Vec<Parameter<'h>>,
}

/// A parameter and its value, without the quotes that it may have had.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parameter<'h> {
    pub(super) name: &'h str,
    pub(super) value: Option<Cow<'h, str>>,
}

/// The header does not follow its grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Whether the list has no element.
pub(crate) fn is_empty(list: &str) -> bool {
    list.trim_matches([' ', '\t', ',']).is_empty()
}

/// Reads the elements of one header line; empty ones do not count (RFC 9110 section 5.6.1).
pub(super) fn read(list: &str) -> Result<Vec<Extension<'_>>, Malformed> {
    let mut rest = list;
    let mut extensions = Vec::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',']);
        if rest.is_empty() {
            return Ok(extensions);
        }
        let name = take_token(&mut rest)?;
        let mut parameters = Vec::new();
        while take_sign(&mut rest, ';') {
            parameters.push(take_parameter(&mut rest)?);
        }
        extensions.push(Extension { name, parameters });
        if !rest.is_empty() && !rest.starts_with(',') {
            return Err(Malformed);
        }
    }
}

fn take_parameter<'h>(rest: &mut &'h str) -> Result<Parameter<'h>, Malformed> {
    let name = take_token(rest)?;
    if !take_sign(rest, '=') {
        return Ok(Parameter { name, value: None });
    }
    let value = match rest.strip_prefix('"') {
        Some(quoted) => {
            *rest = quoted;
            Cow::Owned(take_quoted(rest)?)
        }
        None => Cow::Borrowed(take_token(rest)?),
    };
    *rest = rest.trim_start_matches([' ', '\t']);
    // Inside of quotes, too, it must be a token.
    if !is_token(&value) {
        return Err(Malformed);
    }
    let value = Some(value);
    Ok(Parameter { name, value })
}

/// Takes a token and the blanks behind it.
fn take_token<'h>(rest: &mut &'h str) -> Result<&'h str, Malformed> {
    let end = rest.find([' ', '\t', ',', ';', '=']);
    let (token, behind) = rest.split_at(end.unwrap_or(rest.len()));
    if !is_token(token) {
        return Err(Malformed);
    }
    *rest = behind.trim_start_matches([' ', '\t']);
    Ok(token)
}

/// Takes a sign and the blanks behind it, if it comes next.
fn take_sign(rest: &mut &str, sign: char) -> bool {
    let Some(behind) = rest.strip_prefix(sign) else {
        return false;
    };
    *rest = behind.trim_start_matches([' ', '\t']);
    true
}

/// Takes what stands up to the closing quote, with its backslashes undone.
fn take_quoted(rest: &mut &str) -> Result<String, Malformed> {
    let mut value = String::new();
    let mut signs = rest.char_indices();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => {
                let (_, behind) = rest.split_at(at + sign.len_utf8());
                *rest = behind;
                return Ok(value);
            }
            '\\' => value.push(signs.next().ok_or(Malformed)?.1),
            sign => value.push(sign),
        }
    }
    Err(Malformed)
}

#[cfg(test)]
mod tests {
    use super::{Malformed, is_empty, read};

    /// Extensions and parameters as they were understood, one after another.
    fn shown(list: &str) -> Result<String, Malformed> {
        let mut shown = String::new();
        for extension in read(list)? {
            shown.push_str(extension.name);
            for parameter in extension.parameters {
                shown.push('/');
                shown.push_str(parameter.name);
                if let Some(value) = parameter.value {
                    shown.push('=');
                    shown.push_str(&value);
                }
            }
            shown.push(' ');
        }
        Ok(shown)
    }

    #[test]
    fn lists_are_taken_apart_with_quotes_blanks_and_empty_elements() {
        let table = [
            ("", ""),
            (" , ,", ""),
            ("a", "a "),
            ("a,b", "a b "),
            (" a ;x ; y = 1,,\tb; z=\"2\" ", "a/x/y=1 b/z=2 "),
            ("a;x=\"1\\5\";y", "a/x=15/y "),
        ];
        for (list, wanted) in table {
            assert_eq!(shown(list).as_deref(), Ok(wanted), "{list}");
        }
        assert!(is_empty(" ,\t,"));
        assert!(!is_empty("a"));
    }

    #[test]
    fn what_does_not_follow_the_grammar_is_refused() {
        let table = [
            ";",
            "a;",
            "a;;b",
            "a;=1",
            "a;x=",
            "a;x=\"",
            "a;x=\"1",
            "a;x=\"\"",
            "a;x=\"1,2\"",
            "a;x=\"1 2\"",
            "a b",
            "a;x y",
            "a;x=1 2",
            "a=1",
            "a;x=\"1\"2",
            "(a)",
            "a;x=\"\\",
            "a;x==1",
        ];
        for list in table {
            assert_eq!(shown(list), Err(Malformed), "{list}");
        }
    }
}
