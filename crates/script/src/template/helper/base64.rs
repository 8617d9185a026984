//! `base64_encode` and `base64_decode`: texts in the alphabet of RFC 4648 section 4.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::{Helper, Kind, Takes, unchecked};
use crate::template::error::RenderError;
use crate::template::evaluate::Args;
use crate::template::scope::Scope;
use crate::template::value::Val;

/// Writes `=` and reads texts with or without it.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(super) const ENCODE: Helper = Helper {
    name: "base64_encode",
    aliases: &[],
    arguments: "value",
    doc: "The value's text in Base64 with padding.",
    example: "{{base64_encode message.token}}",
    takes: Takes::OneOf(&[1]),
    kinds: &[Kind::Any],
    check: unchecked,
    run: encode,
};

pub(super) const DECODE: Helper = Helper {
    name: "base64_decode",
    doc: "The text that a Base64 text stands for; it must be UTF-8.",
    example: "{{base64_decode message.token}}",
    run: decode,
    ..ENCODE
};

fn encode<'v>(args: &Args<'v>, _: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    Ok(Val::owned(ENGINE.encode(args.get(0).as_text().as_bytes())))
}

fn decode<'v>(args: &Args<'v>, _: &mut Scope<'_>) -> Result<Val<'v>, RenderError> {
    let value = args.get(0);
    let bytes = ENGINE
        .decode(value.as_text().trim().as_bytes())
        .map_err(|_| RenderError::helper("base64_decode", super::not_a("Base64 text", &value)))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| RenderError::helper("base64_decode", "the decoded bytes are not UTF-8"))?;
    Ok(Val::owned(text))
}
