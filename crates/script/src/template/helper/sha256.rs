//! `sha256`: digests of texts.

use sha2::{Digest as _, Sha256};

use super::{Helper, Kind, Takes, unchecked};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::scope::Scope;
use crate::template::value::Val;

pub(super) const SHA256: Helper = Helper {
    name: "sha256",
    aliases: &[],
    arguments: "value",
    doc: "The SHA-256 digest of the value's text as 64 hexadecimal digits.",
    example: "{{sha256 message.password}}",
    takes: Takes::OneOf(&[1]),
    kinds: &[Kind::Any],
    check: unchecked,
    run,
};

fn run<'v>(args: &Args<'v>, _: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    Ok(Val::owned(hexadecimal(&Sha256::digest(
        args.get(0).as_text().as_bytes(),
    ))))
}

/// Two lower-case digits per byte.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default();
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)])
        .collect()
}
