//! Values of a record become fields of one level: maps by longer names, arrays as one text.

use std::io::Write as _;

use super::super::number;
use super::super::text::{append, append_quoted};
use super::super::value::Dialect;
use crate::record::{Fault, Reader, Token};

fn said(fault: Fault) -> String {
    fault.to_string()
}

/// Appends `, "name":`, with `_` for what a name may not have.
pub(super) fn append_key(out: &mut Vec<u8>, prefix: &[u8], name: &[u8]) {
    out.extend_from_slice(b", \"");
    append_name(out, prefix);
    append_name(out, name);
    out.extend_from_slice(b"\":");
}

fn append_name(out: &mut Vec<u8>, name: &[u8]) {
    let is_fine = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    out.extend(
        name.iter()
            .map(|byte| if is_fine(*byte) { *byte } else { b'_' }),
    );
}

/// Appends a field whose value is no map; says whether there was anything to say.
pub(super) fn append_field(
    out: &mut Vec<u8>,
    prefix: &[u8],
    name: &[u8],
    value: &[u8],
    dialect: Dialect,
) -> Result<bool, String> {
    let mut reader = Reader::new(value);
    let token = reader.token().map_err(said)?;
    let is_nothing = match token {
        Token::Nil => true,
        Token::Float64(number) => !number.is_finite() && !dialect.is_reference,
        Token::Float32(number) => !number.is_finite() && !dialect.is_reference,
        _ => false,
    };
    if is_nothing {
        return Ok(false);
    }
    append_key(out, prefix, name);
    append_value(out, token, &mut reader, dialect)?;
    Ok(true)
}

/// Appends the fields of a map, each under `prefix`, `_` and its key.
pub(super) fn append_flat(
    out: &mut Vec<u8>,
    prefix: &[u8],
    map: &[u8],
    dialect: Dialect,
) -> Result<(), String> {
    let mut reader = Reader::new(map);
    let Token::Map(pairs) = reader.token().map_err(said)? else {
        return Ok(());
    };
    for _ in 0..pairs {
        let key = reader.raw().map_err(said)?;
        let value = reader.raw().map_err(said)?;
        let Ok(Token::Str(key)) = Reader::new(key).token() else {
            continue;
        };
        match Reader::new(value).token().map_err(said)? {
            Token::Map(_) => {
                append_flat(out, &[prefix, b"_", key].concat(), value, dialect)?;
            }
            Token::Nil if dialect.is_reference => {
                append_key(out, &[prefix, b"_"].concat(), key);
                out.extend_from_slice(b"null");
            }
            _ => {
                append_field(out, &[prefix, b"_"].concat(), key, value, dialect)?;
            }
        }
    }
    Ok(())
}

/// A value that is neither nothing nor a map.
fn append_value(
    out: &mut Vec<u8>,
    token: Token<'_>,
    reader: &mut Reader<'_>,
    dialect: Dialect,
) -> Result<(), String> {
    match token {
        Token::Bool(is_true) => {
            out.extend_from_slice(if is_true { b"\"true\"" } else { b"\"false\"" });
        }
        Token::Str(text) | Token::Bin(text) => append_quoted(out, text, dialect.strings),
        Token::Ext(_, bytes) => {
            out.push(b'"');
            append_ext(out, bytes, dialect);
            out.push(b'"');
        }
        Token::Array(values) => {
            let mut text = Vec::new();
            append_array_text(&mut text, values, reader, dialect)?;
            out.push(b'"');
            // The reference does not escape what stands in an array.
            if dialect.is_reference {
                out.extend_from_slice(&text);
            } else {
                append(out, &text, dialect.strings);
            }
            out.push(b'"');
        }
        other => append_number(out, other, dialect),
    }
    Ok(())
}

fn append_number(out: &mut Vec<u8>, token: Token<'_>, dialect: Dialect) {
    match token {
        Token::UInt(number) => number::append_uint(out, number),
        Token::Int(number) => number::append_int(out, number),
        Token::Float32(number) => append_float(out, f64::from(number), dialect),
        Token::Float64(number) => append_float(out, number, dialect),
        _ => {}
    }
}

/// The reference prints six decimals.
fn append_float(out: &mut Vec<u8>, number: f64, dialect: Dialect) {
    if !number.is_finite() {
        number::append_float_as_reference(out, number);
    } else if dialect.is_reference {
        // Writing to a vector cannot fail.
        let _ = write!(out, "{number:.6}");
    } else {
        number::append_float(out, number);
    }
}

fn append_ext(out: &mut Vec<u8>, bytes: &[u8], dialect: Dialect) {
    let escape = if dialect.is_reference { "\\x" } else { "" };
    for byte in bytes {
        let _ = write!(out, "{escape}{byte:02x}");
    }
}

/// `1, two, k=v k2=2, 3, true, null`
fn append_array_text(
    out: &mut Vec<u8>,
    values: u32,
    reader: &mut Reader<'_>,
    dialect: Dialect,
) -> Result<(), String> {
    for at in 0..values {
        if at > 0 {
            out.extend_from_slice(b", ");
        }
        append_text(out, b"", reader, dialect)?;
    }
    Ok(())
}

fn append_text(
    out: &mut Vec<u8>,
    prefix: &[u8],
    reader: &mut Reader<'_>,
    dialect: Dialect,
) -> Result<(), String> {
    match reader.token().map_err(said)? {
        Token::Nil => out.extend_from_slice(b"null"),
        Token::Bool(is_true) => out.extend_from_slice(if is_true { b"true" } else { b"false" }),
        Token::Str(text) | Token::Bin(text) => out.extend_from_slice(text),
        Token::Ext(_, bytes) => append_ext(out, bytes, dialect),
        Token::Array(values) => append_array_text(out, values, reader, dialect)?,
        Token::Map(pairs) => append_map_text(out, pairs, prefix, reader, dialect)?,
        number => append_number(out, number, dialect),
    }
    Ok(())
}

/// `k=v k2=2`; maps in it by longer names, as everywhere.
fn append_map_text(
    out: &mut Vec<u8>,
    pairs: u32,
    prefix: &[u8],
    reader: &mut Reader<'_>,
    dialect: Dialect,
) -> Result<(), String> {
    for at in 0..pairs {
        let key = reader.raw().map_err(said)?;
        let Ok(Token::Str(key)) = Reader::new(key).token() else {
            reader.skip().map_err(said)?;
            continue;
        };
        let under = match prefix {
            b"" => key.to_vec(),
            _ => [prefix, b"_", key].concat(),
        };
        if matches!(reader.clone().token().map_err(said)?, Token::Map(_)) {
            append_text(out, &under, reader, dialect)?;
            continue;
        }
        if at > 0 {
            out.push(b' ');
        }
        append_name(out, &under);
        out.push(b'=');
        append_text(out, b"", reader, dialect)?;
    }
    Ok(())
}
