//! The YAML parser's complaints pass through here and come out in the words of this project.

mod lines;

use std::ops::Range;
use std::sync::Arc;

use granit_parser::{ErrorKind, ScanError};

use crate::{Mistake, Place, Source, quoted};

const ALIGN: &str = "indent the keys of one map, and the dashes of one list, by the same spaces";

/// The mistake behind the parser's error, at the character it names or where the fault began.
pub(super) fn mistake(source: &Arc<Source>, error: &ScanError) -> Mistake {
    let place = place(source, error);
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        return super::too_deep(&place);
    }
    if let Some(mistake) = began_before(source, error.kind(), &place) {
        return mistake;
    }
    let Some((message, remedy)) = words(error.kind()) else {
        let message = format!("this is not YAML: {}", error.info());
        return Mistake::at(&place, message).label("here");
    };
    let message = match error.kind() {
        ErrorKind::UnexpectedCharacter { .. } => {
            format!("text cannot start with {}", quoted(place.raw()))
        }
        ErrorKind::UnknownAnchor => {
            format!(
                "no value before it is named {}",
                quoted(&place.raw().replacen('*', "&", 1))
            )
        }
        _ => message.to_owned(),
    };
    Mistake::at(&place, message).label("here").remedy(remedy)
}

/// Faults that stand elsewhere than where the parser notices them.
fn began_before(source: &Arc<Source>, kind: &ErrorKind, at: &Place) -> Option<Mistake> {
    lines::control_character(source, at).or_else(|| match kind {
        ErrorKind::MappingValueNotAllowed => lines::colon(source, at),
        ErrorKind::InvalidQuotedScalarIndent => lines::open_quote(source, at),
        _ => None,
    })
}

/// The character at fault: the one the parser names, the tab before it, or the escape in the text it names.
fn place(source: &Arc<Source>, error: &ScanError) -> Place {
    let text = source.text();
    let mut at = text.floor_char_boundary(error.marker().byte_offset().unwrap_or(text.len()));
    let (before, rest) = text.split_at(at);
    if is_tab(error.kind()) && before.ends_with('\t') {
        at -= 1;
    }
    if *error.kind() == ErrorKind::UnknownQuotedScalarEscape {
        let escape = unknown_escape(rest).map(|escape| at + escape.start..at + escape.end);
        return Place::new(source, escape.unwrap_or(at..at + 1));
    }
    if *error.kind() == ErrorKind::UnknownAnchor {
        let ends = |letter: char| letter.is_whitespace() || "[]{},".contains(letter);
        let rest = text.get(at..).unwrap_or_default();
        return Place::new(source, at..at + rest.find(ends).unwrap_or(rest.len()));
    }
    let letter = text.get(at..).and_then(|rest| rest.chars().next());
    Place::new(
        source,
        at..at
            + letter
                .filter(|letter| *letter != '\n')
                .map_or(0, char::len_utf8),
    )
}

fn is_tab(kind: &ErrorKind) -> bool {
    use ErrorKind as Kind;
    matches!(
        kind,
        Kind::TabNotAllowed
            | Kind::TabInBlockIndentation
            | Kind::TabInIndentation
            | Kind::TabAtBlockScalarStart
    )
}

/// The first escape in `text` that YAML 1.2 (section 5.7) does not have.
fn unknown_escape(text: &str) -> Option<Range<usize>> {
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        if letter != '\\' {
            continue;
        }
        let (_, escaped) = letters.next()?;
        if !"0abt\tnvfre \"/\\N_LPxuU\r\n".contains(escaped) {
            return Some(at..at + 1 + escaped.len_utf8());
        }
    }
    None
}

/// Message and remedy for what users do wrong.
fn words(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    in_quotes(kind)
        .or_else(|| in_brackets(kind))
        .or_else(|| in_lines(kind))
}

/// Faults of quoted texts, and texts that lack quotes.
fn in_quotes(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::UnclosedQuotedScalar => ("this quote is never closed", "close the quote"),
        ErrorKind::InvalidQuotedScalarIndent => (
            "a quoted text goes on in this line, which is not indented",
            "close the quote before, or indent this line",
        ),
        ErrorKind::UnknownQuotedScalarEscape => (
            "text in double quotes has an unknown escape",
            "write the backslash twice, or use single quotes",
        ),
        ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => (
            "text in double quotes has an escape that names no character",
            "write all digits: two behind `\\x`, four behind `\\u`, eight behind `\\U`",
        ),
        ErrorKind::InvalidTrailingSingleQuotedScalar => (
            "text follows a closing quote",
            "write a quote inside single quotes twice: `''`",
        ),
        ErrorKind::InvalidTrailingDoubleQuotedScalar => (
            "text follows a closing quote",
            "write a quote inside double quotes as `\\\"`, or use single quotes around them",
        ),
        ErrorKind::UnexpectedCharacter { .. } => (
            "text cannot start with this character",
            "put the text in quotes",
        ),
        ErrorKind::UndeclaredTagHandle | ErrorKind::MissingTagUri => (
            "the tag is not known",
            "put text that starts with `!` in quotes",
        ),
        ErrorKind::UnknownAnchor => (
            "no anchor before it has the name of this alias",
            "name the value with `&`, or put text that starts with `*` in quotes",
        ),
        ErrorKind::MissingAnchorOrAliasName => (
            "`*` and `&` need a name",
            "put text that starts with `*` or `&` in quotes",
        ),
        ErrorKind::CommentNotSeparated => (
            "a comment needs a blank before its `#`",
            "add a blank, or put the text in quotes",
        ),
        _ => return None,
    })
}

/// Faults of lists and maps in brackets and braces.
fn in_brackets(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        ErrorKind::InvalidColonPlacement => (
            "a colon cannot stand here",
            "close the bracket or brace before it, or put text that has `:` in quotes",
        ),
        ErrorKind::ExpectedFlowSequenceSeparator => {
            ("a list in brackets lacks `,` or `]`", "add what is missing")
        }
        ErrorKind::ExpectedFlowMappingSeparator => (
            "a map in braces lacks `,` or `}`",
            "add what is missing, or put text that has braces in quotes",
        ),
        ErrorKind::UnclosedFlowCollection { open: '[' } => {
            ("this bracket is never closed", "close it with `]`")
        }
        ErrorKind::UnclosedFlowCollection { .. } => {
            ("this brace is never closed", "close it with `}`")
        }
        ErrorKind::MisplacedFlowCollectionEnd | ErrorKind::MismatchedFlowCollectionEnd { .. } => (
            "this closes what was never opened",
            "put the text in quotes",
        ),
        _ => return None,
    })
}

/// Faults of indentation, keys and dashes.
fn in_lines(kind: &ErrorKind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        kind if is_tab(kind) => ("a tab cannot indent YAML", "indent with spaces"),
        ErrorKind::MappingValueNotAllowed => (
            "a colon cannot stand here",
            "put text that has `: ` in quotes",
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => (
            "a colon is missing after a key",
            "write `key: value`, or put text of several lines in quotes",
        ),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::InvalidIndentation => {
            ("this line is indented like none before it", ALIGN)
        }
        ErrorKind::ExpectedDocumentStart => ("the document ends before this", ALIGN),
        ErrorKind::ExpectedBlockSequenceEntry => ("a list item without its dash", ALIGN),
        ErrorKind::BlockSequenceEntryNotAllowed => (
            "a list cannot start here",
            "start the list on a line of its own",
        ),
        ErrorKind::InvalidBlockScalarHeader => (
            "text cannot follow `|` or `>` in the same line",
            "start the text in the next line",
        ),
        ErrorKind::InvalidBlockScalarIndent => {
            ("a line of this text is indented less than the first", ALIGN)
        }
        ErrorKind::UnsupportedYamlMajorVersion => (
            "YAML has no such version",
            "remove the line that starts with `%`",
        ),
        _ => return None,
    })
}
